#include "bgpd/wire/update.h"

#include <string.h>

#include "bgpd/wire/attr_table.h"
#include "bgpd/wire/msg.h"
#include "lib/rbuf.h"

static bool attr_is_wanted(const struct wire_attr_desc *row, unsigned code,
	const struct wire_ctx *ctx, const struct wire_attrs *a, bool with_next_hop)
{
	if (!row || !row->put || (row->internal && ctx->ebgp) || (row->as2_only && ctx->as4))
		return false;
	return code == WIRE_ATTR_NEXT_HOP ? with_next_hop : wire_attrs_has(a, row->value);
}

/* The head is written for a short value and widened if the value turns out long. */
static void attr_put(struct wbuf *w, const struct wire_attr_desc *row, uint8_t code,
	const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	size_t begin = w->len;
	uint8_t flags = row->flags;
	uint8_t *p = wbuf_take(w, 3);

	if (!p)
		return;
	if (!row->put(w, ctx, a)) {
		w->len = begin;
		return;
	}
	size_t len = w->len - begin - 3;
	if (!w->bad && len > UINT8_MAX && wbuf_take(w, 1)) {
		memmove(p + 4, p + 3, len);
		flags |= WIRE_FLAG_EXTENDED;
	}
	if (w->bad)
		return;
	if (a->present & WIRE_ATTR_PARTIAL(code) && row->flags > WIRE_FLAG_OPTIONAL)
		flags |= WIRE_FLAG_PARTIAL;
	p[0] = flags;
	p[1] = code;
	p[2] = flags & WIRE_FLAG_EXTENDED ? (uint8_t)(len >> 8) : (uint8_t)len;
	if (flags & WIRE_FLAG_EXTENDED)
		p[3] = (uint8_t)len;
}

/* Copies the unknown attributes whose type is below code. */
static void attr_put_unknown(struct wbuf *w, struct rbuf *unknown, unsigned code)
{
	while (rbuf_left(unknown) >= 3 && unknown->p[1] < code) {
		const uint8_t *p = unknown->p;
		size_t len = p[0] & WIRE_FLAG_EXTENDED ? 4u + (p[2] << 8 | p[3]) : 3u + p[2];

		wbuf_put(w, rbuf_get(unknown, len), len);
	}
}

/*
 * Ascending type order, as ctx wants them (AS_TRANS and AS4_PATH in an AS2 session: RFC 6793 4.2.2), without
 * MP_REACH and MP_UNREACH. next_hop is written as NEXT_HOP only if with_next_hop.
 */
static void attrs_put(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a, bool with_next_hop)
{
	struct rbuf unknown = rbuf_of(a->unknown.p, a->unknown.len);

	for (unsigned code = 0; code < WIRE_ATTR_TABLE_END; code++) {
		const struct wire_attr_desc *row = wire_attr_find((uint8_t)code);

		if (!attr_is_wanted(row, code, ctx, a, with_next_hop))
			continue;
		attr_put_unknown(w, &unknown, code);
		attr_put(w, row, (uint8_t)code, ctx, a);
	}
	attr_put_unknown(w, &unknown, 256);
}

/* As many as fit; a cursor that was good stays good. */
static size_t nlris_put(
	struct wbuf *w, const struct wire_nlri_form *form, const struct wire_nlri *nlri, size_t n)
{
	size_t i = 0;

	if (w->bad)
		return 0;
	while (i < n) {
		wire_nlri_put(w, form, &nlri[i]);
		if (w->bad)
			break;
		i++;
	}
	w->bad = false;
	return i;
}

/* Head of MP_REACH_NLRI or MP_UNREACH_NLRI up to SAFI; returns the mark of its length. */
static size_t mp_begin(struct wbuf *w, enum wire_attr_code code, enum wire_family f)
{
	wbuf_put_u8(w, WIRE_FLAG_OPTIONAL | WIRE_FLAG_EXTENDED);
	wbuf_put_u8(w, (uint8_t)code);
	size_t mark = wbuf_mark_u16(w);
	wbuf_put_u16(w, wire_family_get(f)->afi);
	wbuf_put_u8(w, wire_family_get(f)->safi);
	return mark;
}

static size_t reach_put_plain(struct wbuf *w, const struct wire_ctx *ctx,
	const struct wire_nlri_form *form, const struct wire_attrs *a, const struct wire_nlri *nlri,
	size_t n)
{
	wbuf_put_u16(w, 0);
	size_t attrs = wbuf_mark_u16(w);
	attrs_put(w, ctx, a, true);
	wbuf_fill_u16(w, attrs);
	return nlris_put(w, form, nlri, n);
}

/* MP_REACH_NLRI comes first (RFC 7606 5.1): the others are written once to know what room they need. */
static size_t reach_put_mp(struct wbuf *w, const struct wire_ctx *ctx,
	const struct wire_nlri_form *form, const struct wire_attrs *a, const struct wire_nlri *nlri,
	size_t n)
{
	enum wire_family f = form->family;
	uint8_t rd = wire_family_get(f)->rd_octets;

	wbuf_put_u16(w, 0);
	size_t attrs = wbuf_mark_u16(w), at = w->len;
	attrs_put(w, ctx, a, false);
	size_t others = w->len - at;
	w->len = at;
	w->cap -= others;
	size_t mp = mp_begin(w, WIRE_ATTR_MP_REACH, f);
	wbuf_put_u8(w, rd + 4);
	for (unsigned i = 0; i < rd; i++)
		wbuf_put_u8(w, 0); /* RFC 4364 4.3.2 */
	wbuf_put_u32(w, ip_addr_get_v4(&a->next_hop));
	wbuf_put_u8(w, 0);
	size_t done = nlris_put(w, form, nlri, n);
	wbuf_fill_u16(w, mp);
	w->cap += others;
	attrs_put(w, ctx, a, false);
	wbuf_fill_u16(w, attrs);
	return done;
}

static size_t unreach_put(
	struct wbuf *w, const struct wire_nlri_form *form, const struct wire_nlri *nlri, size_t n)
{
	enum wire_family f = form->family;
	size_t done, mark = wbuf_mark_u16(w);

	if (f == WIRE_IPV4_UNICAST) {
		w->cap -= 2; /* Total Path Attribute Length comes behind */
		done = nlris_put(w, form, nlri, n);
		w->cap += 2;
		wbuf_fill_u16(w, mark);
		wbuf_put_u16(w, 0);
		return done;
	}
	mark = wbuf_mark_u16(w);
	size_t mp = mp_begin(w, WIRE_ATTR_MP_UNREACH, f);
	done = nlris_put(w, form, nlri, n);
	wbuf_fill_u16(w, mp);
	wbuf_fill_u16(w, mark);
	return done;
}

/* One message within the session's limit, or nothing: *w is then as it was. a NULL: withdraw. */
static size_t update_put(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_attrs *a, const struct wire_nlri *nlri, size_t n)
{
	const struct wbuf before = *w;
	const struct wire_nlri_form form = {
		.family = f, .withdrawn = !a, .add_path = ctx->add_path_tx & WIRE_FAMILY_BIT(f)};
	size_t done = 0;

	if (w->bad)
		return 0;
	if (wbuf_left(w) > ctx->msg_max)
		w->cap = w->len + ctx->msg_max;
	if (wbuf_left(w) >= WIRE_HEADER_LEN + 4) {
		size_t begin = wire_msg_begin(w, WIRE_UPDATE);
		if (!a)
			done = unreach_put(w, &form, nlri, n);
		else if (f == WIRE_IPV4_UNICAST)
			done = reach_put_plain(w, ctx, &form, a, nlri, n);
		else
			done = reach_put_mp(w, ctx, &form, a, nlri, n);
		wire_msg_end(w, begin);
	}
	w->cap = before.cap;
	if (w->bad || done == 0) {
		*w = before;
		return 0;
	}
	return done;
}

size_t wire_update_put_reach(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_attrs *a, const struct wire_nlri *nlri, size_t n)
{
	return update_put(w, ctx, f, a, nlri, n);
}

size_t wire_update_put_unreach(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_nlri *nlri, size_t n)
{
	return update_put(w, ctx, f, NULL, nlri, n);
}

void wire_update_put_eor(struct wbuf *w, enum wire_family f)
{
	size_t begin = wire_msg_begin(w, WIRE_UPDATE);

	wbuf_put_u16(w, 0);
	size_t attrs = wbuf_mark_u16(w);
	if (f != WIRE_IPV4_UNICAST)
		wbuf_fill_u16(w, mp_begin(w, WIRE_ATTR_MP_UNREACH, f));
	wbuf_fill_u16(w, attrs);
	wire_msg_end(w, begin);
}

#include "bgpd/wire/update_put.h"

#include <string.h>

#include "bgpd/wire/attr_table.h"
#include "bgpd/wire/msg.h"
#include "lib/rbuf.h"

/* --- attributes --- */

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

/* The types to be written: one bit each. */
static uint64_t attrs_wanted(
	const struct wire_ctx *ctx, enum wire_family f, const struct wire_attrs *a)
{
	uint64_t codes = a->present & (WIRE_ATTR_BIT(WIRE_ATTR_TABLE_END) - 1) &
			 ~(WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_AS4_PATH) |
				 WIRE_ATTR_BIT(WIRE_ATTR_AS4_AGGREGATOR));

	if (!wire_update_is_mp(f, &a->next_hop))
		codes |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	if (!ctx->as4 && wire_attrs_has(a, WIRE_ATTR_AS_PATH))
		codes |= WIRE_ATTR_BIT(WIRE_ATTR_AS4_PATH);
	if (!ctx->as4 && wire_attrs_has(a, WIRE_ATTR_AGGREGATOR))
		codes |= WIRE_ATTR_BIT(WIRE_ATTR_AS4_AGGREGATOR);
	return codes;
}

void wire_attrs_put(
	struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f, const struct wire_attrs *a)
{
	struct rbuf unknown = rbuf_of(a->unknown.p, a->unknown.len);

	for (uint64_t codes = attrs_wanted(ctx, f, a); codes; codes &= codes - 1) {
		uint8_t code = (uint8_t)__builtin_ctzll(codes);
		const struct wire_attr_desc *row = wire_attr_find(code);

		if (!row || !row->put || (row->internal && ctx->ebgp))
			continue;
		attr_put_unknown(w, &unknown, code);
		attr_put(w, row, code, ctx, a);
	}
	attr_put_unknown(w, &unknown, 256);
}

/* --- messages --- */

bool wire_update_is_mp(enum wire_family f, const struct ip_addr *next_hop)
{
	return f != WIRE_IPV4_UNICAST || next_hop->af == IP_V6;
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

static void mp_next_hop_put(struct wbuf *w, enum wire_family f, const struct ip_addr *a)
{
	unsigned rd = wire_family_get(f)->rd_octets, octets = a->af == IP_V6 ? 16 : 4;
	uint8_t *p = wbuf_take(w, 1 + rd + octets + 1);

	if (!p)
		return;
	*p++ = (uint8_t)(rd + octets);
	memset(p, 0, rd); /* RFC 4364 4.3.2 */
	memcpy(p + rd, a->o, octets);
	p[rd + octets] = 0;
}

/* MP_REACH_NLRI comes first (RFC 7606 5.1), the attributes behind it. */
static size_t reach_begin(struct wire_update_out *u, enum wire_family f)
{
	struct wbuf *w = u->w;
	struct wire_span attrs = u->reach->attrs;

	wbuf_put_u16(w, 0);
	u->list = wbuf_mark_u16(w);
	if (u->mp) {
		u->list = mp_begin(w, WIRE_ATTR_MP_REACH, f);
		mp_next_hop_put(w, f, &u->reach->next_hop);
		return attrs.len;
	}
	wbuf_put(w, attrs.p, attrs.len);
	wbuf_fill_u16(w, u->list);
	return 0;
}

static size_t unreach_begin(struct wire_update_out *u, enum wire_family f)
{
	u->list = wbuf_mark_u16(u->w);
	if (!u->mp)
		return 2; /* Total Path Attribute Length comes behind */
	wbuf_mark_u16(u->w);
	u->list = mp_begin(u->w, WIRE_ATTR_MP_UNREACH, f);
	return 0;
}

bool wire_update_begin(struct wire_update_out *u, struct wbuf *w, const struct wire_ctx *ctx,
	enum wire_family f, const struct wire_reach *reach)
{
	size_t cap = wbuf_left(w) < ctx->msg_max ? wbuf_left(w) : ctx->msg_max, behind, used;

	*u = (struct wire_update_out){.w = w, .reach = reach, .begin = w->len};
	u->mp = reach ? wire_update_is_mp(f, &reach->next_hop) : f != WIRE_IPV4_UNICAST;
	if (w->bad)
		return false;
	wire_msg_begin(w, WIRE_UPDATE);
	behind = reach ? reach_begin(u, f) : unreach_begin(u, f);
	used = w->len - u->begin + behind;
	if (w->bad || used >= cap) {
		w->len = u->begin;
		w->bad = false;
		return false;
	}
	u->room = cap - used;
	return true;
}

void wire_update_end(struct wire_update_out *u)
{
	struct wbuf *w = u->w;

	if (u->mp || !u->reach)
		wbuf_fill_u16(w, u->list);
	if (u->mp) {
		if (u->reach)
			wbuf_put(w, u->reach->attrs.p, u->reach->attrs.len);
		wbuf_fill_u16(w, u->begin + WIRE_HEADER_LEN + 2);
	} else if (!u->reach) {
		wbuf_put_u16(w, 0);
	}
	wire_msg_end(w, u->begin);
}

/* --- from values --- */

/* As many as fit, each whole; how many. */
static size_t nlris_add(struct wire_update_out *u, const struct wire_nlri_form *form,
	const struct wire_nlri *nlri, size_t n)
{
	size_t i = 0;

	for (; i < n; i++) {
		uint8_t octets[WIRE_NLRI_MAX];
		struct wbuf one = wbuf_of(octets, sizeof(octets));

		wire_nlri_put(&one, form, &nlri[i]);
		if (one.len > u->room)
			break;
		wire_update_add(u, octets, one.len);
	}
	return i;
}

static size_t update_put(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_reach *reach, const struct wire_nlri *nlri, size_t n)
{
	const struct wire_nlri_form form = {.family = f,
		.withdrawn = !reach,
		.add_path = ctx->add_path_tx & WIRE_FAMILY_BIT(f)};
	struct wire_update_out u;

	if (!wire_update_begin(&u, w, ctx, f, reach))
		return 0;
	size_t done = nlris_add(&u, &form, nlri, n);
	if (done)
		wire_update_end(&u);
	else
		w->len = u.begin;
	return done;
}

size_t wire_update_put_reach(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_attrs *a, const struct wire_nlri *nlri, size_t n)
{
	uint8_t octets[UINT16_MAX];
	struct wbuf attrs = wbuf_of(octets, ctx->msg_max);

	wire_attrs_put(&attrs, ctx, f, a);
	if (attrs.bad)
		return 0;
	struct wire_reach reach = {
		.attrs = {.p = octets, .len = (uint16_t)attrs.len}, .next_hop = a->next_hop};
	return update_put(w, ctx, f, &reach, nlri, n);
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

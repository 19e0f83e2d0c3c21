#include "tests/support/roundtrip.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "lib/check.h"

#define ROUNDTRIP_ARENA 262144
#define ROUNDTRIP_BUF	65535

static bool span_equal(struct wire_span a, struct wire_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

const char *roundtrip_compare(const struct wire_attrs *a, const struct wire_attrs *b)
{
	if ((a->present ^ b->present) & ~WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP))
		return "present";
	if (a->origin != b->origin)
		return "origin";
	if (a->med != b->med || a->local_pref != b->local_pref)
		return "med or local_pref";
	if (a->aggregator_as != b->aggregator_as || a->aggregator_id != b->aggregator_id)
		return "aggregator";
	if (a->otc != b->otc)
		return "otc";
	if (a->originator_id != b->originator_id || !span_equal(a->cluster_list, b->cluster_list))
		return "originator or cluster_list";
	if (!span_equal(a->as_path, b->as_path))
		return "as_path";
	if (!span_equal(a->communities, b->communities) ||
		!span_equal(a->ext_communities, b->ext_communities) ||
		!span_equal(a->large_communities, b->large_communities))
		return "communities";
	return span_equal(a->unknown, b->unknown) ? NULL : "unknown attributes";
}

/* All of a checked list, malloced; the caller frees. */
static struct wire_nlri *nlris_read(const struct wire_nlris *list, bool withdrawn)
{
	struct rbuf r = rbuf_of(list->octets.p, list->octets.len);
	struct wire_nlri *n = calloc(list->count + 1u, sizeof(*n));
	struct wire_nlri_form form = {list->family, withdrawn, list->add_path};
	struct wire_fault f;

	CHECK(n != NULL);
	for (unsigned i = 0; i < list->count; i++)
		CHECK(wire_nlri_get(&r, &form, &n[i], &f));
	CHECK(rbuf_left(&r) == 0);
	return n;
}

static bool nlris_equal(const struct wire_nlri *a, const struct wire_nlri *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (a[i].rd != b[i].rd || a[i].path_id != b[i].path_id ||
			a[i].label != b[i].label || !ip_prefix_equal(&a[i].prefix, &b[i].prefix))
			return false;
	return true;
}

/* One list of a decoded message, written as a message of its own (attrs NULL: withdrawn) and read back. */
struct roundtrip {
	struct wire_ctx ctx;
	struct arena arena;
	uint8_t *buf;
};

static const char *list_compare(const struct wire_update *back, const struct wire_attrs *attrs,
	const struct wire_nlri *n, const struct wire_nlris *list)
{
	const struct wire_nlris *got = attrs ? back->reach : back->unreach;
	unsigned i = list->family != WIRE_IPV4_UNICAST || (attrs && attrs->next_hop.af == IP_V6);
	const char *why = attrs ? roundtrip_compare(attrs, &back->attrs) : NULL;

	if (back->fault.action != WIRE_OK)
		return back->fault.why;
	if (got[i].count != list->count || got[1 - i].count != 0)
		return "count of NLRI";
	if (attrs &&
		!ip_addr_equal(i ? &back->mp_next_hop : &back->attrs.next_hop, &attrs->next_hop))
		return "next hop";
	struct wire_nlri *m = nlris_read(&got[i], !attrs);
	bool same = nlris_equal(n, m, list->count);
	free(m);
	return same ? why : "NLRI";
}

static const char *list_roundtrip(struct roundtrip *t, const struct wire_nlris *list,
	const struct wire_attrs *attrs, bool withdrawn)
{
	struct wbuf w = wbuf_of(t->buf, ROUNDTRIP_BUF);
	struct wire_nlri *n = nlris_read(list, withdrawn);
	struct wire_update back;
	struct wire_msg msg;
	struct wire_fault f;
	const char *why = NULL;
	size_t done =
		attrs ? wire_update_put_reach(&w, &t->ctx, list->family, attrs, n, list->count)
		      : wire_update_put_unreach(&w, &t->ctx, list->family, n, list->count);

	if (done != list->count)
		why = "not all NLRI were written";
	else if (wire_msg_split(w.base, w.len, t->ctx.msg_max, &msg, &f) != (int)w.len)
		why = "what was written is not a message";
	for (unsigned i = 0; !attrs && i < list->count; i++)
		n[i].label = WIRE_LABEL_NONE;
	if (!why) {
		wire_update_get(msg.body, msg.body_len, &t->ctx, &t->arena, &back);
		why = list_compare(&back, attrs, n, list);
	}
	free(n);
	return why;
}

static const char *eor_roundtrip(struct roundtrip *t, enum wire_family f)
{
	struct wbuf w = wbuf_of(t->buf, ROUNDTRIP_BUF);
	struct wire_update back;

	wire_update_put_eor(&w, f);
	wire_update_get(
		w.base + WIRE_HEADER_LEN, w.len - WIRE_HEADER_LEN, &t->ctx, &t->arena, &back);
	return back.eor && back.eor_family == f ? NULL : "End-of-RIB";
}

static const char *update_roundtrip(struct roundtrip *t, const struct wire_update *up)
{
	const char *why = NULL;
	bool treat_as_withdraw = up->fault.action == WIRE_WITHDRAW;

	for (unsigned i = 0; i < 2 && !why; i++) {
		struct wire_attrs a = up->attrs;

		if (up->unreach[i].count)
			why = list_roundtrip(t, &up->unreach[i], NULL, true);
		if (i == 1)
			a.next_hop = up->mp_next_hop;
		if (!why && up->reach[i].count)
			why = list_roundtrip(
				t, &up->reach[i], treat_as_withdraw ? NULL : &a, false);
	}
	if (!why && up->eor)
		why = eor_roundtrip(t, up->eor_family);
	return why;
}

const char *roundtrip_update(const uint8_t *body, size_t len, const struct wire_ctx *ctx)
{
	struct roundtrip t = {.ctx = *ctx, .buf = malloc(ROUNDTRIP_BUF)};
	struct wire_update up;

	CHECK(t.buf != NULL);
	t.ctx.msg_max = ROUNDTRIP_BUF;
	t.ctx.add_path_tx = ctx->add_path_rx;
	arena_init(&t.arena, ROUNDTRIP_ARENA);
	wire_update_get(body, len, ctx, &t.arena, &up);
	const char *why = up.fault.action == WIRE_RESET ? NULL : update_roundtrip(&t, &up);
	arena_fini(&t.arena);
	free(t.buf);
	return why;
}

const char *roundtrip_nlris(const uint8_t *octets, size_t len, const struct wire_nlri_form *form)
{
	enum wire_family f = form->family;
	bool withdrawn = form->withdrawn;
	struct wire_nlris list = {
		.family = f, .add_path = form->add_path, .octets = {octets, (uint16_t)len}};
	uint16_t at;

	if (!wire_nlri_check(list.octets, f, form->add_path, &list.count, &at))
		return NULL;
	uint8_t *buf = malloc(len + 1);
	CHECK(buf != NULL);
	struct wbuf w = wbuf_of(buf, len);
	struct wire_nlri *n = nlris_read(&list, withdrawn);
	for (unsigned i = 0; i < list.count; i++)
		wire_nlri_put(&w, form, &n[i]);
	struct wire_nlris again = {
		.family = f, .add_path = form->add_path, .octets = {buf, (uint16_t)w.len}};
	const char *why = NULL;
	if (!wbuf_ok(&w) || w.len != len ||
		!wire_nlri_check(again.octets, f, form->add_path, &again.count, &at))
		why = "NLRI do not re-encode to their length";
	if (!why) {
		struct wire_nlri *m = nlris_read(&again, withdrawn);
		why = again.count == list.count && nlris_equal(n, m, list.count) ? NULL
										 : "NLRI differ";
		free(m);
	}
	free(n);
	free(buf);
	return why;
}

static const char *restart_compare(const struct wire_restart *a, const struct wire_restart *b)
{
	if (a->sent != b->sent || a->restarting != b->restarting ||
		a->notification != b->notification || a->time_s != b->time_s ||
		a->families != b->families || a->preserved != b->preserved)
		return "OPEN graceful restart";
	if (a->long_lived != b->long_lived || a->ll_families != b->ll_families ||
		a->ll_preserved != b->ll_preserved ||
		memcmp(a->ll_stale_s, b->ll_stale_s, sizeof(a->ll_stale_s)) != 0)
		return "OPEN long-lived graceful restart";
	return NULL;
}

const char *roundtrip_open(const uint8_t *body, size_t len)
{
	uint8_t buf[512];
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	struct wire_open o, back;
	struct wire_fault f;

	if (!wire_open_get(body, len, &o, &f))
		return f.action == WIRE_RESET && f.code ? NULL : "refused without a fault";
	/* what we ignore we do not repeat, and several roles are not ours to send */
	o.unknown_caps = 0;
	o.mp = o.families != 0;
	o.role_conflict = false;
	wire_open_put(&w, &o);
	if (!wbuf_ok(&w) ||
		!wire_open_get(buf + WIRE_HEADER_LEN, w.len - WIRE_HEADER_LEN, &back, &f))
		return "OPEN does not read back";
	if (back.as != o.as || back.hold_s != o.hold_s || back.id != o.id || back.mp != o.mp)
		return "OPEN fields";
	if (back.families != o.families || back.as4 != o.as4 || back.refresh != o.refresh ||
		back.enhanced_refresh != o.enhanced_refresh ||
		back.extended_message != o.extended_message || back.unknown_caps)
		return "OPEN capabilities";
	if (back.add_path_receive != o.add_path_receive || back.add_path_send != o.add_path_send ||
		back.extended_next_hop != o.extended_next_hop)
		return "OPEN families with ADD-PATH or extended next hop";
	if (back.role != o.role || back.role_conflict)
		return "OPEN role";
	return restart_compare(&back.restart, &o.restart);
}

const char *roundtrip_notify(const uint8_t *body, size_t len)
{
	uint8_t buf[4096];
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	struct wire_notify n, hard, back;
	char text[WIRE_SHUTDOWN_TEXT_MAX + 1], name[96];

	if (!wire_notify_get(body, len, &n))
		return len < 2 ? NULL : "NOTIFICATION refused";
	wire_notify_name(n.code, n.subcode, name, sizeof(name));
	if (wire_notify_text(&n, text) && strlen(text) != n.data[0])
		return "text of another length than it says";
	wire_notify_put(&w, n.code, n.subcode, n.data, n.data_len);
	if (!wbuf_ok(&w))
		return len + WIRE_HEADER_LEN <= sizeof(buf) ? "NOTIFICATION not written" : NULL;
	if (!wire_notify_get(buf + WIRE_HEADER_LEN, w.len - WIRE_HEADER_LEN, &back))
		return "NOTIFICATION does not read back";
	if (back.code != n.code || back.subcode != n.subcode || back.data_len != n.data_len ||
		(n.data_len && memcmp(back.data, n.data, n.data_len) != 0))
		return "NOTIFICATION differs";
	if (!wire_notify_hard_get(&n, &hard))
		return NULL;
	w = wbuf_of(buf, sizeof(buf));
	wire_notify_hard_put(&w, hard.code, hard.subcode, hard.data, hard.data_len);
	return w.len == len + WIRE_HEADER_LEN && !memcmp(buf + WIRE_HEADER_LEN, body, len)
		       ? NULL
		       : "Hard Reset differs";
}

const char *roundtrip_refresh(const uint8_t *body, size_t len)
{
	uint8_t buf[64];
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	enum wire_refresh subtype, back_subtype;
	enum wire_family f, back;

	if (!wire_refresh_get(body, len, &f, &subtype))
		return len == 4 ? "ROUTE-REFRESH refused" : NULL;
	if (f == WIRE_FAMILIES)
		return NULL;
	wire_refresh_put(&w, f, subtype);
	if (!wire_refresh_get(
		    buf + WIRE_HEADER_LEN, w.len - WIRE_HEADER_LEN, &back, &back_subtype) ||
		back != f || back_subtype != subtype)
		return "ROUTE-REFRESH differs";
	return NULL;
}

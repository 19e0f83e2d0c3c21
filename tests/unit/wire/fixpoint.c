#include <criterion/criterion.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/msg.h"
#include "tests/support/gen.h"
#include "tests/support/roundtrip.h"

#define ROUNDS	 3000
#define NLRI_MAX 60

/* What was generated comes back from the wire field by field, and what came back survives another round. */
static const char *fixpoint_round(struct gen *g, struct arena *arena, const struct wire_ctx *ctx)
{
	static uint8_t buf[65535];
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	struct wire_attrs a;
	struct wire_nlri n[NLRI_MAX], got;
	struct wire_update up;
	struct wire_msg m;
	struct wire_fault f;
	enum wire_family family = gen_below(g, WIRE_FAMILIES);
	const struct wire_nlri_form form = {
		.family = family, .add_path = ctx->add_path_rx & WIRE_FAMILY_BIT(family)};
	unsigned count = 1 + gen_below(g, NLRI_MAX);

	gen_attrs(g, ctx, arena, &a);
	if (ctx->extended_next_hop & WIRE_FAMILY_BIT(family) && gen_below(g, 2))
		a.next_hop = gen_next_hop_v6(g);
	for (unsigned i = 0; i < count; i++) {
		gen_nlri(g, family, &n[i]);
		n[i].path_id = form.add_path ? gen_u32(g) : 0;
	}
	size_t done = wire_update_put_reach(&w, ctx, family, &a, n, count);
	if (done == 0)
		return w.len == 0 && wbuf_ok(&w) ? NULL : "a message that does not fit left traces";
	if (wire_msg_split(buf, w.len, ctx->msg_max, &m, &f) != (int)w.len)
		return "not a message";
	if (wire_update_get(m.body, m.body_len, ctx, arena, &up) != WIRE_OK)
		return up.fault.why;
	bool mp = family != WIRE_IPV4_UNICAST || a.next_hop.af == IP_V6;
	const struct wire_nlris *list = &up.reach[mp];
	if (list->count != done)
		return "count";
	if (!ip_addr_equal(mp ? &up.mp_next_hop : &up.attrs.next_hop, &a.next_hop))
		return "next hop";
	struct rbuf r = rbuf_of(list->octets.p, list->octets.len);
	for (unsigned i = 0; i < done; i++)
		if (!wire_nlri_get(&r, &form, &got, &f) || got.rd != n[i].rd ||
			got.label != n[i].label || got.path_id != n[i].path_id ||
			!ip_prefix_equal(&got.prefix, &n[i].prefix))
			return "NLRI";
	const char *why = roundtrip_compare(&a, &up.attrs);
	return why ? why : roundtrip_update(m.body, m.body_len, ctx);
}

Test(fixpoint, random_updates)
{
	struct gen g = {.state = 20260101};
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct wire_ctx ctx = {.as4 = i & 1,
			.ebgp = i & 2,
			.families = 7,
			.add_path_rx = i >> 2 & 7,
			.add_path_tx = i >> 2 & 7,
			.extended_next_hop = i & 32 ? 3 : 0,
			.msg_max = i & 64 ? WIRE_MSG_MAX_EXTENDED : WIRE_MSG_MAX};
		const char *why = fixpoint_round(&g, &arena, &ctx);

		cr_assert_null(why, "round %u (as4 %d, ebgp %d): %s", i, ctx.as4, ctx.ebgp, why);
		arena_reset(&arena);
	}
	arena_fini(&arena);
}

/* What AS4_PATH would have to say is in a confederation's segment, which it never holds: an empty one is malformed. */
Test(fixpoint, no_empty_as4_path)
{
	static const uint8_t path[] = {WIRE_AS_CONFED_SEQUENCE, 1, 0, 1, 0, 0};
	struct wire_ctx ctx = {.families = 3, .msg_max = 4096};
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0x0a000001),
		.as_path = {path, sizeof(path)}};
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000), 8}};
	static uint8_t buf[4096];
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	struct wire_update up;
	struct arena arena;

	arena_init(&arena, 4096);
	cr_assert_eq(wire_update_put_reach(&w, &ctx, WIRE_IPV4_UNICAST, &a, &n, 1), 1);
	wire_update_get(buf + WIRE_HEADER_LEN, w.len - WIRE_HEADER_LEN, &ctx, &arena, &up);
	cr_assert_eq(up.fault.action, WIRE_OK, "attribute %u: %s", up.fault.attr, up.fault.why);
	arena_fini(&arena);
}

Test(fixpoint, the_comparison_can_fail)
{
	struct gen g = {.state = 7};
	struct wire_ctx ctx = {.as4 = true, .families = 3, .msg_max = 4096};
	struct arena arena;
	struct wire_attrs a, b;

	arena_init(&arena, 1 << 20);
	gen_attrs(&g, &ctx, &arena, &a);
	b = a;
	cr_assert_null(roundtrip_compare(&a, &b));
	b.origin = (uint8_t)(a.origin + 1);
	cr_assert_str_eq(roundtrip_compare(&a, &b), "origin");
	b = a;
	b.present ^= WIRE_ATTR_BIT(WIRE_ATTR_MED);
	cr_assert_str_eq(roundtrip_compare(&a, &b), "present");
	b = a;
	b.communities.len = a.communities.len ? 0 : 4;
	b.communities.p = (const uint8_t *)"\1\2\3\4";
	cr_assert_str_eq(roundtrip_compare(&a, &b), "communities");
	arena_fini(&arena);
}

static void long_list_check(uint16_t max)
{
	enum { N = 20000 };
	static struct wire_nlri n[N];
	static uint8_t buf[1 << 20];
	struct gen g = {.state = 3};
	struct wire_ctx ctx = {.as4 = true, .families = 7, .msg_max = max};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN), .next_hop = ip_addr_v4(1)};

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		for (unsigned withdraw = 0; withdraw < 2; withdraw++) {
			struct wbuf w = wbuf_of(buf, sizeof(buf));
			size_t done = 0, messages = 0;

			for (unsigned i = 0; i < N; i++)
				gen_nlri(&g, f, &n[i]);
			while (done < N) {
				size_t from = w.len;
				size_t k = withdraw ? wire_update_put_unreach(
							      &w, &ctx, f, n + done, N - done)
						    : wire_update_put_reach(
							      &w, &ctx, f, &a, n + done, N - done);
				cr_assert_gt(k, 0);
				done += k;
				messages++;
				cr_assert_leq(w.len - from, max);
				if (done < N)
					cr_assert_gt(w.len - from, max - WIRE_NLRI_MAX);
			}
			cr_assert_gt(messages, 1);
		}
}

/* Messages are cut where the session's limit is, and the rest goes into the next (RFC 4271 4.1, RFC 8654 4). */
Test(fixpoint, long_lists_are_split_at_the_limit)
{
	long_list_check(WIRE_MSG_MAX);
	long_list_check(WIRE_MSG_MAX_EXTENDED);
}

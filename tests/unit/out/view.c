#include <criterion/criterion.h>

#include "bgpd/out/view.h"
#include "bgpd/wire/comm.h"
#include "tests/support/route.h"

#define OURS 65000
#define SELF 0xc0a80101u

static struct out_view view_to(bool ebgp, uint16_t vrf)
{
	struct wire_ctx ctx = {.as4 = true,
		.ebgp = ebgp,
		.msg_max = 4096,
		.local_as = OURS,
		.peer_as = ebgp ? 65101 : OURS};

	enum wire_family f = vrf == RIB_VRF_CORE ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
	struct pol_receiver to = pol_receiver_of(f, vrf, &ctx, ip_addr_v4(SELF));

	return out_view_of(f, &ctx, &to);
}

/* View of *a to such a receiver. */
static void view_attrs(const struct out_view *v, const struct wire_attrs *a, struct arena *arena,
	struct wire_attrs *out)
{
	static const struct rib_source from = {
		.kind = RIB_PEER, .vrf = RIB_VRF_CORE, .router_id = 1};

	arena_init(arena, 65536);
	*out = *a;
	cr_assert(out_view_rewrite(v, &from, out, arena));
}

static void full_attrs(struct test_attrs *a)
{
	static const uint8_t cluster[4];

	test_attrs_init(a, 0x0aff0003, (uint32_t[]){65102, 65103}, 2);
	test_attrs_local_pref(a, 200);
	test_attrs_med(a, 7);
	test_attrs_ext(a, test_rt(101));
	test_attrs_community(a, 64500);
	a->a.present |=
		WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID) | WIRE_ATTR_BIT(WIRE_ATTR_CLUSTER_LIST);
	a->a.originator_id = 9;
	a->a.cluster_list = (struct wire_span){.p = cluster, .len = 4};
}

Test(view, to_a_ce_goes_nothing_that_is_internal)
{
	struct arena arena;
	struct out_view v = view_to(true, 0);
	struct test_attrs a;
	struct wire_attrs out;

	full_attrs(&a);
	view_attrs(&v, &a.a, &arena, &out);
	cr_assert_eq(wire_aspath_length(out.as_path), 3);
	cr_assert_eq(wire_aspath_first(out.as_path), OURS);
	cr_assert_eq(ip_addr_get_v4(&out.next_hop), SELF);
	cr_assert_not(wire_attrs_has(&out, WIRE_ATTR_LOCAL_PREF));
	cr_assert_not(wire_attrs_has(&out, WIRE_ATTR_MED));
	cr_assert_not(wire_attrs_has(&out, WIRE_ATTR_ORIGINATOR_ID));
	cr_assert_not(wire_attrs_has(&out, WIRE_ATTR_CLUSTER_LIST));
	cr_assert_not(wire_attrs_has(&out, WIRE_ATTR_EXT_COMMUNITIES));
	cr_assert(wire_comm_has(out.communities, 64500));
	arena_fini(&arena);
}

/* What steers packets inside the provider and what a confederation looks like inside is nothing for a CE. */
Test(view, to_a_ce_goes_neither_tunnel_nor_confederation)
{
	static const uint8_t path[] = {3, 1, 0, 0, 0xfc, 0, 2, 1, 0, 0, 0xfe, 0x4e};
	static const uint8_t unknown[] = {0xe0, 23, 1, 0, 0xe0, 35, 4, 0, 0, 0, 1, 0xe0, 40, 0};
	struct arena arena;

	for (int ce = 0; ce <= 1; ce++) {
		struct out_view v = view_to(ce, ce ? 0 : RIB_VRF_CORE);
		struct test_attrs a;
		struct wire_attrs out;

		full_attrs(&a);
		a.a.as_path = (struct wire_span){path, sizeof(path)};
		a.a.unknown = (struct wire_span){unknown, sizeof(unknown)};
		view_attrs(&v, &a.a, &arena, &out);
		cr_assert_eq(out.unknown.len, ce ? 7 : sizeof(unknown));
		cr_assert_eq(out.unknown.p[1], ce ? 35 : 23);
		cr_assert_eq(out.as_path.len, ce ? 2 + 2 * 4 : sizeof(path));
		cr_assert_eq(out.as_path.p[0], ce ? WIRE_AS_SEQUENCE : WIRE_AS_CONFED_SEQUENCE);
		arena_fini(&arena);
	}
}

Test(view, to_another_pe_next_hop_and_targets_stay_and_local_pref_is_always_there)
{
	struct arena arena;
	struct out_view v = view_to(false, RIB_VRF_CORE);
	struct test_attrs a;
	struct wire_attrs out;

	full_attrs(&a);
	view_attrs(&v, &a.a, &arena, &out);
	cr_assert_eq(wire_aspath_length(out.as_path), 2);
	cr_assert_eq(ip_addr_get_v4(&out.next_hop), 0x0aff0003);
	cr_assert_eq(out.local_pref, 200);
	cr_assert_eq(out.med, 7);
	cr_assert_eq(wire_extcomm_at(out.ext_communities, 0), test_rt(101));
	arena_fini(&arena);

	test_attrs_init(&a, 0, NULL, 0);
	view_attrs(&v, &a.a, &arena, &out);
	cr_assert(wire_attrs_has(&out, WIRE_ATTR_LOCAL_PREF));
	cr_assert_eq(out.local_pref, 100);
	cr_assert_eq(ip_addr_get_v4(&out.next_hop), SELF);
	arena_fini(&arena);
}

Test(view, equal_views_differ_in_nothing_that_receivers_could_see)
{
	struct out_view a = view_to(true, 0), b = view_to(true, 0);

	b.ctx.peer_as = a.ctx.peer_as;
	cr_assert(out_view_equal(&a, &b));
	b.to.self = ip_addr_v4(SELF + 4);
	cr_assert_not(out_view_equal(&a, &b));
	b = view_to(true, 1);
	cr_assert_not(out_view_equal(&a, &b));
	b = a;
	b.ctx.as4 = false;
	cr_assert_not(out_view_equal(&a, &b));
}

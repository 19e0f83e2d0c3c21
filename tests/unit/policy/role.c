#include <criterion/criterion.h>

#include "bgpd/policy/guard.h"
#include "bgpd/policy/rewrite.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define OURS   65000u
#define THEIRS 65101u
#define OTHER  65200u

/* otc: 0 is none. RFC 9234 5, both lists of rules, each role against each kind of route. */
struct role_case {
	enum pol_role role;
	uint32_t otc;
	bool taken;
	uint32_t after; /* OTC in our table */
	bool sent;	/* to a neighbour of that role, with that OTC in our table */
	uint32_t out;
};

static const struct role_case role_cases[] = {
	{POL_ROLE_PROVIDER, 0, true, 0, true, OURS},
	{POL_ROLE_PROVIDER, THEIRS, false, 0, true, THEIRS},
	{POL_ROLE_PROVIDER, OTHER, false, 0, true, OTHER},
	{POL_ROLE_RS, 0, true, 0, true, OURS},
	{POL_ROLE_RS, THEIRS, false, 0, true, THEIRS},
	{POL_ROLE_RS_CLIENT, 0, true, THEIRS, true, 0},
	{POL_ROLE_RS_CLIENT, OTHER, true, OTHER, false, 0},
	{POL_ROLE_CUSTOMER, 0, true, THEIRS, true, 0},
	{POL_ROLE_CUSTOMER, OTHER, true, OTHER, false, 0},
	{POL_ROLE_PEER, 0, true, THEIRS, true, OURS},
	{POL_ROLE_PEER, THEIRS, true, THEIRS, false, 0},
	{POL_ROLE_PEER, OTHER, false, 0, false, 0},
	{POL_ROLE_NONE, 0, true, 0, true, 0},
	{POL_ROLE_NONE, OTHER, true, OTHER, true, OTHER},
};

static uint32_t otc_of(const struct wire_attrs *a)
{
	return wire_attrs_has(a, WIRE_ATTR_OTC) ? a->otc : 0;
}

static void route_with(struct test_attrs *a, uint32_t otc)
{
	test_attrs_init(a, 1, (uint32_t[]){THEIRS}, 1);
	if (otc) {
		a->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_OTC);
		a->a.otc = otc;
	}
}

static void import(const struct role_case *k, unsigned i, struct arena *arena)
{
	struct pol_peer p = {.local_as = OURS, .peer_as = THEIRS, .role = k->role};
	struct pol_counts c = {0};
	struct test_attrs a;

	route_with(&a, k->otc);
	a.a.next_hop = ip_addr_v4(0x0a000001);
	enum pol_verdict v = pol_guard_attrs(&p, WIRE_IPV4_UNICAST, &a.a, arena, &c);
	cr_assert_eq(v, k->taken ? POL_ACCEPT : POL_LEAK, "case %u", i);
	cr_assert_eq(c.refused[POL_LEAK], !k->taken);
	if (k->taken)
		cr_assert_eq(otc_of(&a.a), k->after, "case %u", i);

	/* not for VPN routes, and not inside an AS */
	route_with(&a, k->otc);
	a.a.next_hop = ip_addr_v4(0x0a000001);
	cr_assert_eq(pol_guard_attrs(&p, WIRE_VPNV4, &a.a, arena, &c), POL_ACCEPT);
	cr_assert_eq(otc_of(&a.a), k->otc);
	p.peer_as = OURS;
	cr_assert_eq(pol_guard_attrs(&p, WIRE_IPV4_UNICAST, &a.a, arena, &c), POL_ACCEPT);
	cr_assert_eq(otc_of(&a.a), k->otc);
}

static void export(const struct role_case *k, unsigned i, struct rib_store *st, struct arena *arena)
{
	struct wire_ctx ctx = {.ebgp = true, .local_as = OURS};
	struct pol_receiver to =
		pol_receiver_of(WIRE_IPV4_UNICAST, RIB_VRF_CORE, &ctx, ip_addr_v4(1));
	struct rib_source from = {.kind = RIB_PEER, .ebgp = true, .vrf = RIB_VRF_CORE};
	struct test_attrs a;

	to.role = k->role;
	route_with(&a, k->otc);
	struct rib_path path = {.attrs = rib_store_get_attrs(st, &a.a), .label = WIRE_LABEL_NONE};
	cr_assert_eq(pol_export_judge(&to, &path, &from), k->sent ? POL_SEND : POL_DENY_OTC,
		"case %u", i);
	rib_store_unref_attrs(st, path.attrs);
	if (!k->sent)
		return;
	cr_assert(pol_rewrite(&to, &from, &a.a, arena));
	cr_assert_eq(otc_of(&a.a), k->out, "case %u: %u", i, otc_of(&a.a));
}

Test(role, every_role_and_every_otc_both_ways)
{
	struct rib_store *st = rib_store_new(1);
	struct arena arena;

	arena_init(&arena, 65536);
	for (unsigned i = 0; i < ARRAY_LEN(role_cases); i++) {
		import(&role_cases[i], i, &arena);
		export(&role_cases[i], i, st, &arena);
	}
	arena_fini(&arena);
	rib_store_free(st);
}

#include <criterion/criterion.h>

#include "bgpd/policy/export.h"
#include "bgpd/policy/guard.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define OURS   65000
#define THEIRS 65101
#define CE     0xc0a80102u /* 192.168.1.2 */
#define PE     0xc0a80101u

/* What is written anew lives as long as the test. */
static enum pol_verdict guard(const struct pol_peer *p, struct wire_attrs *a, struct pol_counts *c)
{
	static struct arena arena;

	arena_fini(&arena);
	arena_init(&arena, 65536);
	return pol_guard_attrs(p, WIRE_IPV4_UNICAST, a, &arena, c);
}

static struct pol_peer ce_peer(void)
{
	struct pol_peer p = {.local_as = OURS,
		.peer_as = THEIRS,
		.local_id = 7,
		.local = ip_addr_v4(PE),
		.addr = ip_addr_v4(CE),
		.in_vrf = true,
		.role = POL_ROLE_NONE};

	p.subnet = (struct ip_prefix){.addr = ip_addr_v4(0xc0a80100), .len = 30};
	return p;
}

struct guard_case {
	const char *name;
	uint32_t path[3];
	unsigned path_len;
	uint32_t next_hop;
	uint32_t peer_as;
	uint32_t originator;
	enum pol_verdict want;
};

static const struct guard_case guard_cases[] = {
	{"plain", {THEIRS, 1}, 2, CE, THEIRS, 0, POL_ACCEPT},
	{"our AS in the path", {THEIRS, OURS}, 2, CE, THEIRS, 0, POL_AS_LOOP},
	{"another AS first", {1, THEIRS}, 2, CE, THEIRS, 0, POL_FIRST_AS},
	{"no path from eBGP", {0}, 0, CE, THEIRS, 0, POL_FIRST_AS},
	{"no path from iBGP", {0}, 0, CE, OURS, 0, POL_ACCEPT},
	{"AS loop from iBGP", {1, OURS}, 2, CE, OURS, 0, POL_AS_LOOP},
	{"our own route reflected", {0}, 0, CE, OURS, 7, POL_ORIGINATOR},
	{"another's route reflected", {0}, 0, CE, OURS, 8, POL_ACCEPT},
	{"loopback next hop", {THEIRS}, 1, 0x7f000001, THEIRS, 0, POL_NEXT_HOP},
	{"multicast next hop", {THEIRS}, 1, 0xe0000001, THEIRS, 0, POL_NEXT_HOP},
	{"our address as next hop", {THEIRS}, 1, PE, THEIRS, 0, POL_NEXT_HOP},
	{"next hop off the link", {THEIRS}, 1, 0x0a000001, THEIRS, 0, POL_NEXT_HOP},
	{"the link itself as next hop", {THEIRS}, 1, CE & ~3u, THEIRS, 0, POL_NEXT_HOP},
	{"everybody on the link as next hop", {THEIRS}, 1, CE | 3u, THEIRS, 0, POL_NEXT_HOP},
	{"next hop off the link, iBGP", {0}, 0, 0x0a000001, OURS, 0, POL_ACCEPT},
};

Test(guard, attributes)
{
	for (unsigned i = 0; i < ARRAY_LEN(guard_cases); i++) {
		const struct guard_case *g = &guard_cases[i];
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;
		p.peer_as = g->peer_as;
		test_attrs_init(&a, g->next_hop, g->path, g->path_len);
		if (g->originator) {
			a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
			a.a.originator_id = g->originator;
		}
		enum pol_verdict v = guard(&p, &a.a, &c);
		cr_assert_eq(v, g->want, "%s: %s", g->name, pol_verdict_name(v));
		cr_assert_eq(c.refused[v], v != POL_ACCEPT);
	}
}

Test(guard, a_next_hop_anywhere_is_taken_where_the_subnet_is_not_known)
{
	struct pol_peer p = ce_peer();
	struct pol_counts c = {0};
	struct test_attrs a;

	p.subnet = (struct ip_prefix){0};
	test_attrs_init(&a, 0x0a000001, (uint32_t[]){THEIRS}, 1);
	cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
}

Test(guard, what_a_ce_may_not_set_is_taken_off_and_counted)
{
	for (int keep = 0; keep <= 1; keep++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;
		p.keep_ce_rts = keep;
		test_attrs_init(&a, CE, (uint32_t[]){THEIRS}, 1);
		test_attrs_ext(&a, test_rt(66));
		test_attrs_ext(&a, UINT64_C(0x0102) << 48 | 5); /* address-specific target */
		test_attrs_ext(&a, UINT64_C(0x0003) << 48 | 5); /* site of origin */
		test_attrs_local_pref(&a, 999);
		cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
		cr_assert_not(wire_attrs_has(&a.a, WIRE_ATTR_LOCAL_PREF));
		cr_assert_eq(wire_attrs_has(&a.a, WIRE_ATTR_EXT_COMMUNITIES), keep);
		cr_assert_eq(c.rts_stripped, keep ? 0 : 2);
		cr_assert_eq(c.ecs_stripped, keep ? 0 : 1);
	}
}

/* OTC (35) passes, IPv6 targets (25), tunnels (23, a long one), segments (40) and ATTR_SET (128) do not. */
Test(guard, what_steers_a_provider_is_taken_off_and_the_rest_stays)
{
	static const uint8_t otc[] = {0xe0, 35, 4, 0, 0, 0, 9};
	static const uint8_t last[] = {0xe0, 200, 0};
	uint8_t octets[1024] = {0xf0, 23, 1, 44};
	size_t n = 4 + 300;
	const uint8_t v6[] = {0xe0, 25, 20, 0, 2};
	const uint8_t sid[] = {0xe0, 40, 2, 1, 2}, set[] = {0xe0, 128, 1, 0};

	for (int ce = 0; ce <= 1; ce++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.in_vrf = ce;
		n = 4 + 300;
		memcpy(octets + n, v6, sizeof(v6));
		n += 23;
		memcpy(octets + n, otc, sizeof(otc));
		n += sizeof(otc);
		memcpy(octets + n, sid, sizeof(sid));
		n += sizeof(sid);
		memcpy(octets + n, set, sizeof(set));
		n += sizeof(set);
		memcpy(octets + n, last, sizeof(last));
		n += sizeof(last);
		test_attrs_init(&a, CE, (uint32_t[]){THEIRS}, 1);
		a.a.unknown = (struct wire_span){octets, (uint16_t)n};
		cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
		cr_assert_eq(c.steering_stripped, ce ? 4 : 0);
		cr_assert_eq(a.a.unknown.len, ce ? sizeof(otc) + sizeof(last) : n);
		cr_assert(!ce || memcmp(a.a.unknown.p, otc, sizeof(otc)) == 0);
		cr_assert(!ce || memcmp(a.a.unknown.p + sizeof(otc), last, sizeof(last)) == 0);
	}
}

Test(guard, targets_of_core_peers_stay)
{
	struct pol_peer p = ce_peer();
	struct pol_counts c = {0};
	struct test_attrs a;

	p.in_vrf = false;
	p.peer_as = OURS;
	test_attrs_init(&a, CE, NULL, 0);
	test_attrs_ext(&a, test_rt(66));
	test_attrs_local_pref(&a, 999);
	cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
	cr_assert_eq(wire_extcomm_count(a.a.ext_communities), 1);
	cr_assert(wire_attrs_has(&a.a, WIRE_ATTR_LOCAL_PREF));
	cr_assert_eq(c.rts_stripped, 0);
}

/* What a configuration allows, one case a switch: off, then on. */
struct allow_case {
	const char *name;
	void (*route)(struct test_attrs *a);
	void (*allow)(struct pol_peer *p);
	enum pol_verdict without;
};

static void own_as_twice(struct test_attrs *a)
{
	test_attrs_init(a, CE, (uint32_t[]){THEIRS, OURS, 1, OURS}, 4);
}

static void allow_two(struct pol_peer *p)
{
	p->allow_own_as = 2;
}

static const uint8_t with_set[] = {2, 1, 0, 0, 0xfe, 0x4d, 1, 1, 0, 0, 0, 9};
static const uint8_t with_confed_set[] = {2, 1, 0, 0, 0xfe, 0x4d, 4, 1, 0, 0, 0, 9};

static void as_set(struct test_attrs *a)
{
	test_attrs_init(a, CE, NULL, 0);
	a->a.as_path = (struct wire_span){with_set, sizeof(with_set)};
}

static void confed_set(struct test_attrs *a)
{
	as_set(a);
	a->a.as_path = (struct wire_span){with_confed_set, sizeof(with_confed_set)};
}

static void allow_set(struct pol_peer *p)
{
	p->allow_as_set = true;
}

static void plain(struct test_attrs *a)
{
	test_attrs_init(a, CE, (uint32_t[]){THEIRS}, 1);
}

/* RFC 7947 2.2.2.1 */
static void behind_route_server(struct test_attrs *a)
{
	test_attrs_init(a, CE, (uint32_t[]){65300}, 1);
}

static void be_rs_client(struct pol_peer *p)
{
	p->role = POL_ROLE_RS_CLIENT;
}

static const struct allow_case allow_cases[] = {
	{"allow-own-as", own_as_twice, allow_two, POL_AS_LOOP},
	{"allow-as-set", as_set, allow_set, POL_AS_SET},
	{"allow-as-set for a confederation's", confed_set, allow_set, POL_AS_SET},
	{"a route server's client", behind_route_server, be_rs_client, POL_FIRST_AS},
};

Test(guard, what_is_allowed_only_where_it_is_configured)
{
	for (unsigned i = 0; i < ARRAY_LEN(allow_cases); i++) {
		const struct allow_case *k = &allow_cases[i];
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		k->route(&a);
		cr_assert_eq(guard(&p, &a.a, &c), k->without, "%s", k->name);
		cr_assert_eq(c.refused[k->without], 1);
		k->allow(&p);
		k->route(&a);
		cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT, "%s", k->name);
	}
}

Test(guard, own_as_once_more_than_allowed_is_a_loop)
{
	struct pol_peer p = ce_peer();
	struct pol_counts c = {0};
	struct test_attrs a;

	p.allow_own_as = 1;
	own_as_twice(&a);
	cr_assert_eq(guard(&p, &a.a, &c), POL_AS_LOOP);
}

/* RFC 8212 2 */
Test(guard, without_a_policy_nothing_comes_in)
{
	static const enum pol_verdict want[] = {[POL_ROUTES_ALL] = POL_ACCEPT,
		[POL_ROUTES_UNSAID] = POL_NO_POLICY,
		[POL_ROUTES_NONE] = POL_BY_POLICY};

	for (unsigned i = 0; i < ARRAY_LEN(want); i++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.routes = i;
		plain(&a);
		cr_assert_eq(guard(&p, &a.a, &c), want[i]);
		cr_assert_eq(c.refused[want[i]], i > 0);
	}
}

/* RFC 4456 8 */
Test(guard, our_cluster_in_the_list_is_a_loop)
{
	static const uint8_t clusters[] = {0, 0, 0, 1, 0, 0, 0, 2};

	for (uint32_t ours = 1; ours <= 3; ours++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.peer_as = OURS;
		p.cluster_id = ours;
		test_attrs_init(&a, CE, NULL, 0);
		a.a.cluster_list = (struct wire_span){clusters, sizeof(clusters)};
		a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_CLUSTER_LIST);
		cr_assert_eq(guard(&p, &a.a, &c), ours < 3 ? POL_CLUSTER : POL_ACCEPT);
	}
}

/* RFC 7948 4.8 */
Test(guard, a_route_servers_client_names_itself_or_a_sibling)
{
	struct ip_addr sibling = ip_addr_v4(CE + 1);

	for (unsigned i = 0; i < 4; i++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.subnet = (struct ip_prefix){0};
		p.route_server_client = i < 3;
		p.siblings = &sibling;
		p.n_siblings = 1;
		plain(&a);
		a.a.next_hop = ip_addr_v4(CE + (i == 3 ? 2 : i));
		cr_assert_eq(guard(&p, &a.a, &c), i == 2 ? POL_NEXT_HOP : POL_ACCEPT);
	}
}

/* RFC 8326 4.2 */
Test(guard, graceful_shutdown_of_an_external_neighbour_is_the_last_choice)
{
	for (int ebgp = 0; ebgp <= 1; ebgp++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.peer_as = ebgp ? THEIRS : OURS;
		plain(&a);
		test_attrs_community(&a, WIRE_COMM_GRACEFUL_SHUTDOWN);
		test_attrs_local_pref(&a, 300);
		cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
		cr_assert(wire_attrs_has(&a.a, WIRE_ATTR_LOCAL_PREF));
		cr_assert_eq(a.a.local_pref, ebgp ? 0 : 300);
		cr_assert_eq(c.graceful_shutdowns, ebgp);
	}
}

/* RFC 4364 7: ours, whatever the site says. */
Test(guard, the_site_of_origin_is_set)
{
	const uint64_t site = UINT64_C(0x0003) << 48 | UINT64_C(65000) << 32 | 7;

	for (int keep = 0; keep <= 1; keep++) {
		struct pol_peer p = ce_peer();
		struct pol_counts c = {0};
		struct test_attrs a;

		p.keep_ce_rts = keep;
		p.site_of_origin = site;
		plain(&a);
		test_attrs_ext(&a, site + 1);
		test_attrs_ext(&a, test_rt(3));
		cr_assert_eq(guard(&p, &a.a, &c), POL_ACCEPT);
		cr_assert(wire_extcomm_has(a.a.ext_communities, site));
		cr_assert_not(wire_extcomm_has(a.a.ext_communities, site + 1));
		cr_assert_eq(wire_extcomm_has(a.a.ext_communities, test_rt(3)), keep);
	}
}

/* RFC 7999 3: only by agreement, with any next hop, and not further than this AS. */
Test(guard, a_blackhole_needs_no_next_hop)
{
	struct pol_peer p = ce_peer();
	struct pol_counts c = {0};
	struct test_attrs a;
	static struct arena arena;

	arena_init(&arena, 4096);
	plain(&a);
	a.a.next_hop = ip_addr_v4(0x0a000001);
	test_attrs_community(&a, WIRE_COMM_BLACKHOLE);
	cr_assert_not(pol_guard_asks_blackhole(&p, &a.a));
	p.accept_blackhole = true;
	cr_assert(pol_guard_asks_blackhole(&p, &a.a));
	cr_assert_eq(pol_guard_blackhole(&p, WIRE_IPV4_UNICAST, &a.a, &arena, &c), POL_ACCEPT);
	cr_assert(wire_comm_has(a.a.communities, WIRE_COMM_NO_EXPORT));
	cr_assert_eq(ip_addr_get_v4(&a.a.next_hop), CE);

	own_as_twice(&a); /* every other check stands */
	test_attrs_community(&a, WIRE_COMM_BLACKHOLE);
	cr_assert_eq(pol_guard_blackhole(&p, WIRE_IPV4_UNICAST, &a.a, &arena, &c), POL_AS_LOOP);
	p.peer_as = OURS;
	cr_assert_not(pol_guard_asks_blackhole(&p, &a.a));
	arena_fini(&arena);
}

struct nlri_case {
	uint32_t addr;
	uint8_t len;
	enum wire_family family;
	uint32_t label;
	enum pol_verdict want;
};

static const struct nlri_case nlri_cases[] = {
	{0x0a000000, 8, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_ACCEPT},
	{0, 0, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_ACCEPT},
	{0, 1, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_ACCEPT},
	{0, 8, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0x00000100, 24, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0x7f000000, 8, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0x7f000001, 32, WIRE_VPNV4, 100, POL_MARTIAN_NLRI},
	{0xe0000000, 4, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0xf0000000, 8, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0xffffffff, 32, WIRE_IPV4_UNICAST, WIRE_LABEL_NONE, POL_MARTIAN_NLRI},
	{0x0a000000, 8, WIRE_VPNV4, 16, POL_ACCEPT},
	{0x0a000000, 8, WIRE_VPNV4, 15, POL_LABEL},
	{0x0a000000, 8, WIRE_VPNV4, 0, POL_LABEL},
	{0x0a000000, 8, WIRE_VPNV4, WIRE_LABEL_NONE, POL_LABEL},
};

Test(guard, prefixes)
{
	static const struct pol_peer nobody;

	for (unsigned i = 0; i < ARRAY_LEN(nlri_cases); i++) {
		const struct nlri_case *k = &nlri_cases[i];
		struct wire_nlri n = test_nlri(1, k->addr, k->len);
		struct pol_counts c = {0};
		n.label = k->label;
		cr_assert_eq(pol_guard_nlri(&nobody, k->family, &n, &c), k->want, "case %u", i);
		cr_assert_eq(c.refused[k->want], 1);
	}
}

/* Each bit lets pass what it is about, and no other. */
Test(guard, what_a_laboratory_allows_is_that_alone)
{
	static const struct allow_case {
		uint8_t bit;
		uint32_t first, next_hop, prefix;
	} cases[] = {
		{POL_ALLOW_FIRST_AS, 1, CE, 0x0a000000},
		{POL_ALLOW_NEXT_HOP, THEIRS, PE, 0x0a000000},
		{POL_ALLOW_MARTIANS, THEIRS, CE, 0x7f000000},
	};

	for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
		for (unsigned allow = 0; allow < 32; allow++) {
			struct pol_peer p = ce_peer();
			struct pol_counts c = {0};
			struct test_attrs a;
			struct wire_nlri n = test_nlri(1, cases[i].prefix, 24);
			p.allow = (uint8_t)allow;
			test_attrs_init(&a, cases[i].next_hop, &cases[i].first, 1);
			bool attrs = guard(&p, &a.a, &c) == POL_ACCEPT;
			bool nlri = pol_guard_nlri(&p, WIRE_IPV4_UNICAST, &n, &c) == POL_ACCEPT;
			cr_assert_eq(attrs && nlri, (allow & cases[i].bit) != 0, "case %u, %u", i,
				allow);
		}
}

struct export_case {
	uint32_t community;
	uint16_t flags;
	bool from_ebgp, to_ebgp;
	bool want;
	uint32_t label; /* 0: none */
};

static const struct export_case export_cases[] = {
	{0, 0, true, true, true}, {0, 0, true, false, true}, {0, 0, false, true, true},
	{0, 0, false, false, false}, /* no reflection */
	{0, RIB_PATH_IMPORTED, false, true, true},
	{0, RIB_PATH_IMPORTED | RIB_PATH_LEAKED, false, true, false},
	{0, RIB_PATH_PRIVATE, true, true, false}, {WIRE_COMM_NO_ADVERTISE, 0, true, false, false},
	{WIRE_COMM_NO_ADVERTISE, 0, true, true, false}, {WIRE_COMM_NO_EXPORT, 0, true, false, true},
	{WIRE_COMM_NO_EXPORT, 0, true, true, false},
	{WIRE_COMM_NO_EXPORT_SUBCONFED, 0, true, true, false}, {64500, 0, true, true, true},
	/* a label of another router is never offered with ourselves as next hop: it would select a VRF of ours */
	{0, 0, false, true, false, 100}, {0, 0, true, true, false, 100},
	{0, 0, true, false, true, 100}, /* its next hop stays, and the label is that router's */
	{0, RIB_PATH_IMPORTED, false, true, true, 100}, /* to a CE: plain */
};

Test(export, well_known_communities_and_split_horizon)
{
	struct rib_store *st = rib_store_new(1);

	for (unsigned i = 0; i < ARRAY_LEN(export_cases); i++) {
		const struct export_case *k = &export_cases[i];
		struct rib_source from = {.kind = RIB_PEER, .ebgp = k->from_ebgp};
		struct rib_path p = {
			.flags = k->flags, .label = k->label ? k->label : WIRE_LABEL_NONE};
		struct test_attrs a;
		test_attrs_init(&a, CE, NULL, 0);
		if (k->community)
			test_attrs_community(&a, k->community);
		p.attrs = rib_store_get_attrs(st, &a.a);
		struct wire_ctx ctx = {.ebgp = k->to_ebgp, .local_as = OURS};
		struct pol_receiver to =
			pol_receiver_of(WIRE_VPNV4, RIB_VRF_CORE, &ctx, ip_addr_v4(PE));
		cr_assert_eq(pol_export_judge(&to, &p, &from) == POL_SEND, k->want, "case %u", i);
		rib_store_unref_attrs(st, p.attrs);
	}
	rib_store_free(st);
}

/* What the settings of a neighbour do to a whole router: blackholes, site of origin, policies. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/wire/comm.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t, retain: "
	"all}\n"
	"mpls: {labels: 100000-100001, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth0, role: core}\n"
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/24]}\n"
	"vrfs:\n"
	"  - name: red\n"
	"    table: 1001\n"
	"    rd: \"65000:1\"\n"
	"    import: [\"65000:100\"]\n"
	"    export: [\"65000:100\"]\n"
	"    neighbors:\n"
	"      - {address: 192.168.0.2, as: 65101, password: x, passive: true,\n"
	"         accept-blackhole: true, site-of-origin: \"65000:7\"}\n"
	"      - {address: 192.168.0.3, as: 65102, password: x, passive: true}\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     password: x, passive: true, name: pe2}\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, name: unsaid}\n";

enum { SITE, OTHER, CORE, UNSAID };

#define SOO (UINT64_C(0x0003) << 48 | UINT64_C(65000) << 32 | 7)

static void start(struct bare *b)
{
	bare_init(b, yaml, 1);
	for (unsigned i = SITE; i <= UNSAID; i++)
		bare_up(b, i);
}

static void route_of(struct test_attrs *a, uint32_t as, uint32_t next_hop)
{
	test_attrs_init(a, next_hop, (uint32_t[]){as}, 1);
	a->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
}

static const struct rib_path *first_path(const struct rib_table *t, uint64_t rd, unsigned x)
{
	struct wire_nlri n = {.rd = rd, .prefix = {ip_addr_v4(0x0a000000 | x << 8), 24}};
	uint32_t dest = rib_table_find(t, &n);

	return dest ? rib_dest_paths(t, dest) : NULL;
}

/* 10.0.0.0/16 or its withdrawal: what covers everything that bare_route() can say. */
static void cover(struct bare *b, unsigned peer, const struct wire_attrs *a)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000), 16}, .label = WIRE_LABEL_NONE};
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	cr_assert_eq(wire_update_put_reach(&w, ctx, WIRE_IPV4_UNICAST, a, &n, 1), 1);
	bare_say(b, peer, &w);
}

/* RFC 7999 3.3: by agreement, and for what the neighbour has announced more of; a next hop anywhere will do. */
Test(policy, a_blackhole_is_installed_only_where_its_neighbour_may_ask_for_it)
{
	struct test_attrs a, hole;
	struct bare b;

	start(&b);
	for (unsigned peer = SITE; peer <= OTHER; peer++) {
		const uint32_t ce = 0xc0a80002 + peer, as = 65101 + peer;
		const struct pol_counts *c = &b.router->peers[peer].count.policy;
		bool agreed = peer == SITE;

		route_of(&hole, as, 0xc0000201);
		test_attrs_community(&hole, WIRE_COMM_BLACKHOLE);
		bare_route(&b, peer, 0, 5, WIRE_LABEL_NONE, &hole.a);
		cr_assert_not(b.installed[0][5], "not covered, and that next hop is nowhere");
		route_of(&a, as, ce);
		cover(&b, peer, &a.a);
		bare_route(&b, peer, 0, 5, WIRE_LABEL_NONE, &hole.a);
		cr_assert_eq(b.installed[0][5], agreed);
		cr_assert_eq(c->blackholes, agreed);
		if (agreed) {
			cr_assert_eq(b.kind[0][5], FIB_ROUTE_BLACKHOLE);
			cr_assert_not(b.told[OTHER][5], "it stays in this AS");
		}
		bare_route(&b, peer, 0, 5, WIRE_LABEL_NONE, &a.a);
		cr_assert_eq(b.kind[0][5], FIB_ROUTE_CE, "the same without the community");
		cr_assert(b.installed[0][5]);
		bare_down(&b, peer);
	}
	bare_fini(&b);
}

/* RFC 4364 7: what comes from a site does not go back there, by whatever PE it comes. */
Test(policy, the_site_of_origin_goes_with_the_route_and_keeps_it_from_returning)
{
	struct test_attrs a;
	struct bare b;

	start(&b);
	route_of(&a, 65101, 0xc0a80002);
	bare_route(&b, SITE, 0, 5, WIRE_LABEL_NONE, &a.a);
	const struct rib_path *vpn = first_path(b.router->vrfs.vpn, UINT64_C(65000) << 32 | 1, 5);
	cr_assert_not_null(vpn);
	struct wire_span ext = rib_attrset_list(vpn->attrs, RIB_LIST_EXT_COMMUNITIES);
	cr_assert(wire_extcomm_has(ext, SOO) && wire_extcomm_has(ext, test_rt(100)));

	for (unsigned x = 6; x <= 7; x++) { /* 6 is the site's own, through another PE */
		test_attrs_init(&a, 0x0aff0003, (uint32_t[]){65103}, 1);
		a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
		test_attrs_local_pref(&a, 100);
		test_attrs_ext(&a, test_rt(100));
		test_attrs_ext(&a, x == 6 ? SOO : SOO + 1);
		bare_route(&b, CORE, 99, x, 500 + x, &a.a);
		cr_assert(b.installed[0][x]);
		cr_assert(b.told[OTHER][x]);
		cr_assert_eq(b.told[SITE][x], x != 6);
	}
	cr_assert_eq(b.rts_told, 0);
	bare_fini(&b);
}

/* RFC 8212 2 */
Test(policy, an_external_neighbour_without_policy_is_counted_and_not_heard)
{
	struct test_attrs a;
	struct bare b;

	start(&b);
	route_of(&a, 65009, 0x0a000009);
	bare_route(&b, UNSAID, 0, 5, WIRE_LABEL_NONE, &a.a);
	cr_assert_eq(b.router->peers[UNSAID].count.policy.refused[POL_NO_POLICY], 1);
	cr_assert_null(first_path(b.router->core_ipv4, 0, 5));
	cr_assert_eq(fsm_peer_state(&b.router->peers[UNSAID].fsm), FSM_ESTABLISHED);
	cr_assert_eq(b.eors[UNSAID], 1, "the session itself is whole");
	bare_fini(&b);
}

/* Which VPN routes are kept, and what happens when a VRF's import targets change while it runs. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "bgpd/core/retain.h"
#include "tests/support/bare.h"

#define TARGET(x) (UINT64_C(2) << 48 | UINT64_C(65000) << 32 | (x)) /* 65000:x */
#define RD	  UINT64_C(0x0000fde800000002)

enum { RED, BLUE }; /* import 65000:1; 65000:1 and 65000:2 */

static void begin(struct bare *b, const char *router, const char *neighbor)
{
	static char yaml[4096];

	snprintf(yaml, sizeof(yaml),
		"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t%s}\n"
		"mpls: {labels: 100000-100001, quarantine: 30}\n"
		"ports:\n"
		"  - {name: eth0, role: core}\n"
		"vrfs:\n"
		"  - {name: red, table: 1001, rd: \"65000:1\", import: [\"65000:1\"], export: "
		"[\"65000:1\"]}\n"
		"  - {name: blue, table: 1002, rd: \"65000:2\", import: [\"65000:1\", "
		"\"65000:2\"],\n"
		"     export: [\"65000:2\"]}\n"
		"neighbors:\n"
		"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, password: x,\n"
		"     passive: true, hold-time: 0%s}\n",
		router, neighbor);
	bare_init(b, yaml, 1);
	bare_up(b, 0);
}

#define VPN	", families: [vpnv4]"
#define VPN_RTC ", families: [vpnv4, rt-constraint]"

/* 10.0.x.0/24 with the target 65000:x. */
static void route_with(struct bare *b, unsigned x, uint64_t target)
{
	uint8_t octets[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
					  WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.local_pref = 100,
		.next_hop = ip_addr_v4(0x0aff0003),
		.ext_communities = {octets, sizeof(octets)}};

	wbuf_put_u64(&w, target);
	bare_route(b, 0, RD, x, 77, &a);
}

static void route(struct bare *b, unsigned x)
{
	route_with(b, x, TARGET(x));
}

static unsigned kept(const struct bare *b)
{
	return rib_table_count(b->router->vrfs.vpn);
}

static uint64_t left_out(const struct bare *b)
{
	return b->router->peers[0].count.policy.not_retained;
}

static void import(struct bare *b, uint16_t vrf, const uint64_t *rts, unsigned n)
{
	router_vrf_import(b->router, vrf, rts, n, b->now_ms, &b->fx);
	bare_step(b, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
}

Test(core_retain, only_what_some_vrf_imports)
{
	struct bare b;

	begin(&b, "", VPN);
	for (unsigned x = 1; x <= 5; x++)
		route(&b, x);
	cr_expect_eq(kept(&b), 2u);
	cr_expect_eq(left_out(&b), 3u);
	cr_expect(b.installed[RED][1] && b.installed[BLUE][1] && b.installed[BLUE][2]);
	cr_expect_not(b.installed[RED][2]);
	route_with(&b, 2, TARGET(9)); /* the same prefix, and now nobody wants it */
	cr_expect_eq(kept(&b), 1u);
	cr_expect_not(b.installed[BLUE][2]);
	bare_fini(&b);
}

Test(core_retain, all_if_told_so_or_a_reflector)
{
	static const char *const how[][2] = {
		{", retain: all", VPN}, {"", VPN ", reflector-client: true"}};

	for (unsigned i = 0; i < 2; i++) {
		struct bare b;

		begin(&b, how[i][0], how[i][1]);
		for (unsigned x = 1; x <= 5; x++)
			route(&b, x);
		cr_expect_eq(kept(&b), 5u);
		cr_expect_eq(left_out(&b), 0u);
		bare_fini(&b);
	}
}

Test(core_retain, a_reflector_that_is_told_to_keep_less)
{
	struct bare b;

	begin(&b, ", retain: imported", VPN ", reflector-client: true");
	route(&b, 1);
	route(&b, 5);
	cr_expect_eq(kept(&b), 1u);
	bare_fini(&b);
}

Test(core_retain, new_targets_are_imported_and_asked_for)
{
	static const uint64_t more[] = {TARGET(5), TARGET(2), TARGET(1), TARGET(2)};
	struct bare b;

	begin(&b, "", VPN);
	for (unsigned x = 1; x <= 5; x++)
		route(&b, x);
	import(&b, RED, more, 4);
	cr_expect(b.installed[RED][1] && b.installed[RED][2], "what was here");
	cr_expect_eq(b.refreshes[0], 1u);
	for (unsigned x = 1; x <= 5; x++)
		route(&b, x); /* what the neighbour answers */
	cr_expect(b.installed[RED][5]);
	cr_expect_not(b.installed[RED][3]);
	cr_expect_eq(kept(&b), 3u);
	bare_fini(&b);
}

Test(core_retain, nothing_is_asked_for_that_is_here)
{
	static const uint64_t both[] = {TARGET(1), TARGET(2)};
	struct bare b;

	begin(&b, "", VPN);
	route(&b, 1);
	route(&b, 2);
	import(&b, RED, both, 2);
	cr_expect(b.installed[RED][2]);
	cr_expect_eq(b.refreshes[0], 0u, "blue imports it too, so it was kept");
	bare_fini(&b);
}

Test(core_retain, what_is_imported_no_more_goes)
{
	static const uint64_t one[] = {TARGET(1)};
	struct bare b;

	begin(&b, "", VPN);
	route(&b, 1);
	route(&b, 2);
	import(&b, BLUE, one, 1);
	cr_expect(b.installed[BLUE][1]);
	cr_expect_not(b.installed[BLUE][2]);
	cr_expect_eq(kept(&b), 1u);
	import(&b, BLUE, NULL, 0);
	cr_expect_not(b.installed[BLUE][1]);
	cr_expect(b.installed[RED][1]);
	cr_expect_eq(kept(&b), 1u);
	bare_fini(&b);
}

/* The withdrawal is seen under the new targets, before the walk has come to the prefix. */
Test(core_retain, a_route_that_goes_while_the_targets_change)
{
	struct bare b;

	begin(&b, "", VPN);
	for (unsigned x = 1; x <= 2; x++)
		route(&b, x);
	router_vrf_import(b.router, BLUE, NULL, 0, b.now_ms, &b.fx);
	bare_route(&b, 0, RD, 2, 77, NULL);
	cr_expect_not(b.installed[BLUE][2]);
	cr_expect_not(b.installed[BLUE][1]);
	cr_expect_eq(b.router->vrfs.list[BLUE].table->n_paths, 0u);
	bare_fini(&b);
}

Test(core_retain, neighbours_with_rt_constraint_are_told_and_not_asked)
{
	static const uint64_t other[] = {TARGET(5)};
	struct bare b;

	begin(&b, "", VPN_RTC);
	cr_expect(b.wanted[0][1] && b.wanted[0][2] && !b.wanted[0][5]);
	import(&b, BLUE, other, 1);
	cr_expect(b.wanted[0][1] && b.wanted[0][5]);
	cr_expect_not(b.wanted[0][2]);
	cr_expect_eq(b.refreshes[0], 0u);
	bare_fini(&b);
}

Test(core_retain, who_cannot_be_asked_is_noted)
{
	static const uint64_t other[] = {TARGET(5)};
	struct bare b;

	begin(&b, "", VPN);
	b.router->peers[0].fsm.ctx.refresh = false;
	b.noted = NULL;
	import(&b, BLUE, other, 1);
	cr_assert_not_null(b.noted);
	cr_expect_str_eq(b.noted, "routes_missing");
	bare_fini(&b);
}

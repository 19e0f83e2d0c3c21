/* VRFs come, go and change while sessions are up: what no comparison with a fresh router (tests/sim/reload) shows. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"
#include "tests/support/bmp_reader.h"
#include "tests/support/route.h"

#define HEAD                                                                                       \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"mpls: {labels: 100000-100009, quarantine: 600}\n"
#define CE "{address: 192.168.0.2, as: 65101, name: ce, passive: true, hold-time: 0}"
#define VRF(name, n, targets, neighbors)                                                           \
	"  - {name: " name ", table: 100" #n ", rd: \"65000:" #n "\", " targets                    \
	", neighbors: [" neighbors "]}\n"
#define BOTH "import: [\"65000:10\"], export: [\"65000:10\"]"
#define PE                                                                                         \
	"neighbors:\n  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: "   \
	"[vpnv4],\n     password: x, passive: true, hold-time: 0, name: pe2}\n"
#define STATION                                                                                    \
	"bmp: {stations: [{name: noc, address: 192.0.2.9, port: 1790, routes: [loc-rib]}]}\n"

static const char with[] = HEAD "vrfs:\n" VRF("a", 1, BOTH, CE) VRF("b", 2, BOTH, "") PE;
static const char without[] = HEAD "vrfs:\n" VRF("b", 2, BOTH, "") PE;

static unsigned peer_of(const struct bare *b, const char *name)
{
	unsigned i = 0;

	while (strcmp(b->conf->peers[i].name, name) != 0)
		i++;
	return i;
}

static void announce(struct bare *b, unsigned x)
{
	static const uint32_t as[] = {65101};
	struct test_attrs a;

	test_attrs_init(&a, 0xc0a80002, as, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(b, peer_of(b, "ce"), 0, x, WIRE_LABEL_NONE, &a.a);
}

/* That it is withdrawn before its pop entry goes, and that there is no other reload until then, is looked at by bare.c. */
Test(core_reload_vrf, who_is_in_one_that_goes_is_told_so_and_its_label_rests)
{
	static struct bare b;

	bare_init(&b, with, 1);
	bare_up(&b, peer_of(&b, "ce"));
	bare_up(&b, peer_of(&b, "pe2"));
	announce(&b, 3);
	unsigned ce = peer_of(&b, "ce"), pe = peer_of(&b, "pe2");
	uint32_t label = b.router->vrfs.list[0].label;
	cr_expect(b.exported[pe][0][3] && b.installed[0][3]);
	bare_reload(&b, without);
	cr_expect(b.notified[ce][0] == WIRE_ERR_CEASE &&
		  b.notified[ce][1] == WIRE_CEASE_PEER_DECONFIGURED);
	cr_expect(b.conn[pe] && !b.exported[pe][0][3] && !b.installed[0][3]);
	cr_expect(b.label_rests[label - 100000]);
	cr_expect_eq(b.router->vrfs.list[0].label_state, VRF_LABEL_NONE);
	bare_reload(&b, with);
	cr_expect_eq(b.conf->n_vrfs, 3);
	cr_expect_eq(b.router->vrfs.list[2].label_state, VRF_LABEL_INSTALLED);
	cr_expect_neq(b.router->vrfs.list[2].label, label);
	bare_up(&b, peer_of(&b, "ce"));
	announce(&b, 3);
	cr_expect(b.exported[pe][2][3] && b.installed[2][3]);
	bare_fini(&b);
}

Test(core_reload_vrf, a_target_that_nobody_imported_is_asked_for_once)
{
	static struct bare b;

	bare_init(&b, without, 1);
	bare_up(&b, peer_of(&b, "pe2"));
	bare_reload(&b, HEAD "vrfs:\n" VRF("b", 2, BOTH, "") VRF("c", 3, BOTH, "") PE);
	cr_expect_eq(b.refreshes[peer_of(&b, "pe2")], 0);
	bare_reload(&b, HEAD "vrfs:\n" VRF("b", 2, "import: [\"65000:11\"], export: []", "")
				VRF("c", 3, "import: [\"65000:12\"], export: []", "") PE);
	cr_expect_eq(b.refreshes[peer_of(&b, "pe2")], 1);
	bare_fini(&b);
}

#define POLICY(match)                                                                              \
	"rpki: {caches: [{name: one, address: 192.0.2.1}]}\n"                                      \
	"sets: [{name: one, prefixes: [10.1.0.0/24]}, {name: two, prefixes: [10.2.0.0/24]}]\n"     \
	"policies:\n  - {name: in, default: accept, rules: [{name: bad, match: {" match            \
	"}, action: reject}]}\n"
#define EXT(import)                                                                                \
	"neighbors:\n  - {address: 10.255.0.9, local-address: 10.255.0.1, as: 65009, families: "   \
	"[ipv4-unicast],\n     passive: true, hold-time: 0, name: ext, export: accept-all, "       \
	"import: " import "}\n"

/* What is rejected for its validity stays here anyway (RFC 9324 3): nothing is missing. */
Test(core_reload_vrf, who_has_rejected_nothing_for_good_is_not_asked_again)
{
	static struct bare b;

	bare_init(&b, HEAD POLICY("rpki: invalid") EXT("accept-all"), 1);
	bare_up(&b, 0);
	bare_reload(&b, HEAD POLICY("rpki: invalid") EXT("in"));
	cr_expect_eq(b.refreshes[0], 0);
	bare_reload(&b, HEAD POLICY("prefix: one") EXT("in"));
	cr_expect_eq(b.refreshes[0], 0);
	bare_reload(&b, HEAD POLICY("prefix: two") EXT("in"));
	cr_expect_eq(b.refreshes[0], 1, "the control: a chain that keeps nothing");
	bare_fini(&b);
}

static struct reader station;

static void on_remote(void *arg, const struct effect *e)
{
	if (e->kind == EFF_REMOTE_SEND)
		reader_take(&station, e->block->data, e->block->len);
}

#define RD(n) (UINT64_C(65000) << 32 | (n))

Test(core_reload_vrf, a_station_hears_of_the_tables_that_come_and_go)
{
	static struct bare b;

	reader_init(&station);
	bare_open(&b, HEAD STATION "vrfs:\n" VRF("a", 1, BOTH, CE) VRF("b", 2, BOTH, "") PE, 1);
	b.remote = on_remote;
	bare_step(&b, &(struct event){.kind = EV_START, .wall_us = 5000000000});
	reader_begin(&station);
	bare_step(&b, &(struct event){.kind = EV_REMOTE_UP});
	bare_up(&b, peer_of(&b, "ce"));
	announce(&b, 3);
	cr_assert(reader_find(&station, RD(1), 0) && reader_find(&station, RD(2), 0));
	cr_expect(reader_find(&station, RD(1), 0)->has[READER_LOC][3]);
	cr_expect(reader_find(&station, RD(2), 0)->has[READER_LOC][3]);
	bare_reload(&b, HEAD STATION "vrfs:\n" VRF("b", 2, BOTH, "") VRF("c", 3, BOTH, CE) PE);
	cr_expect_eq(reader_find(&station, RD(1), 0)->downs, 1);
	cr_expect_not(reader_find(&station, RD(1), 0)->up);
	cr_expect(reader_find(&station, RD(2), 0)->up);
	cr_expect_not(reader_find(&station, RD(2), 0)->has[READER_LOC][3]);
	cr_assert(reader_find(&station, RD(3), 0) && reader_find(&station, RD(3), 0)->up);
	cr_expect_str_eq(reader_find(&station, RD(3), 0)->table, "c");
	bare_up(&b, peer_of(&b, "ce"));
	announce(&b, 4);
	cr_expect(reader_find(&station, RD(3), 0)->has[READER_LOC][4]);
	bare_fini(&b);
	reader_fini(&station);
}

/* The table of a family is made with its first neighbour. */
Test(core_reload_vrf, the_first_neighbour_of_a_family_needs_no_restart)
{
	static struct bare b;

	bare_init(&b, with, 1);
	cr_expect_null(b.router->core_ipv4);
	bare_reload(&b, HEAD "vrfs:\n" VRF("a", 1, BOTH, CE) VRF("b", 2, BOTH, "") PE
		"  - {address: 10.255.0.9, local-address: 10.255.0.1, as: "
		"65009, families: [ipv4-unicast],\n     passive: true, "
		"hold-time: 0, name: ext, import: accept-all, export: "
		"accept-all}\n");
	bare_up(&b, peer_of(&b, "ext"));
	cr_assert_not_null(b.router->core_ipv4);
	bare_fini(&b);
}

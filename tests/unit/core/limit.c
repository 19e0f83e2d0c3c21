/* max-prefix of a neighbour and max-routes of a VRF: every action, and what happens when there is room again. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/core/limit.h"
#include "bgpd/core/session.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"mpls: {labels: 100000-100001, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth0, role: core}\n"
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/30]}\n"
	"vrfs:\n"
	"  - name: red\n"
	"    table: 1001\n"
	"    rd: \"65000:1\"\n"
	"    import: [\"65000:100\"]\n"
	"    export: [\"65000:100\"]\n"
	"    neighbors: [{address: 192.168.0.2, as: 65101, password: x, passive: true, hold-time: "
	"0,\n"
	"      max-prefix: 4}]\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     password: x, passive: true, hold-time: 0, name: pe2}\n";

enum { CE, CORE };

#define RT UINT64_C(0x0002fde800000064) /* 65000:100 */
#define RD UINT64_C(0x0000fde800000002)

static void begin(struct bare *b, enum conf_limit_action action, uint32_t max)
{
	bare_open(b, yaml, 1);
	b->conf->peers[CE].max_prefix = (struct conf_limit){
		.max = max, .action = action, .warn_percent = 75, .restart_s = 60};
	bare_step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
	bare_up(b, CE);
	bare_up(b, CORE);
	b->noted = NULL;
}

static void say(struct bare *b, unsigned peer, unsigned x, bool there)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4d}; /* 65101 */
	uint8_t octets[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(peer == CE ? 0xc0a80002 : 0x0aff0003),
		.as_path = {path, peer == CE ? sizeof(path) : 0},
	};

	wbuf_put_u64(&w, RT);
	if (peer == CORE) {
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES) |
			     WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a.ext_communities = (struct wire_span){octets, sizeof(octets)};
		a.local_pref = 100;
	}
	bare_route(b, peer, peer == CORE ? RD : 0, x, peer == CORE ? 77 : WIRE_LABEL_NONE,
		there ? &a : NULL);
}

static unsigned installed(const struct bare *b)
{
	unsigned n = 0;

	for (unsigned x = 0; x < BARE_PREFIXES; x++)
		n += b->installed[0][x];
	return n;
}

Test(core_limit, warn_only_warns_once_and_again_after_falling_below)
{
	struct bare b;

	begin(&b, CONF_LIMIT_WARN, 4);
	say(&b, CE, 0, true);
	say(&b, CE, 1, true);
	cr_assert_null(b.noted);
	say(&b, CE, 2, true);
	cr_assert_str_eq(b.noted, "max_prefix_near");
	b.noted = NULL;
	say(&b, CE, 3, true);
	cr_assert_null(b.noted);
	say(&b, CE, 4, true);
	cr_assert_str_eq(b.noted, "max_prefix");
	b.noted = NULL;
	say(&b, CE, 5, true);
	cr_assert_null(b.noted);
	cr_assert_eq(installed(&b), 6u);
	cr_assert_neq(b.conn[CE], 0u);
	for (unsigned x = 0; x < 6; x++)
		say(&b, CE, x, false);
	for (unsigned x = 0; x < 3; x++)
		say(&b, CE, x, true);
	cr_assert_str_eq(b.noted, "max_prefix_near");
	bare_fini(&b);
}

Test(core_limit, a_hostile_count_does_not_fill_the_log)
{
	unsigned lines = 0;
	struct bare b;

	begin(&b, CONF_LIMIT_WARN, 4);
	for (unsigned x = 0; x < 4; x++)
		say(&b, CE, x, true);
	for (unsigned i = 0; i < 500; i++) {
		b.noted = NULL;
		say(&b, CE, 5, true);
		lines += b.noted != NULL;
		say(&b, CE, 5, false);
	}
	cr_assert_eq(lines, 9u); /* 1, 2, 4 ... 256 */
	bare_fini(&b);
}

Test(core_limit, drop_leaves_out_and_asks_again_when_there_is_room)
{
	struct bare b;

	begin(&b, CONF_LIMIT_DROP, 4);
	for (unsigned x = 0; x < 7; x++)
		say(&b, CE, x, true);
	cr_assert_eq(installed(&b), 4u);
	cr_assert_eq(b.router->peers[CE].limit.left_out, 3u);
	say(&b, CE, 2, true); /* a route that is in may change */
	cr_assert_eq(b.router->peers[CE].limit.left_out, 3u);
	bare_timer(&b, 10 * CORE_LIMIT_REFRESH_MS);
	cr_assert_eq(b.refreshes[CE], 0u);
	cr_assert_neq(b.conn[CE], 0u);
	say(&b, CE, 0, false);
	cr_assert_eq(b.refreshes[CE], 0u, "not at once");
	say(&b, CE, 1, false);
	bare_timer(&b, CORE_LIMIT_REFRESH_MS + 1000);
	cr_assert_eq(b.refreshes[CE], 1u);
	for (unsigned x = 2; x < 7; x++)
		say(&b, CE, x, true);
	cr_assert_eq(installed(&b), 4u);
	bare_timer(&b, 10 * CORE_LIMIT_REFRESH_MS);
	cr_assert_eq(b.refreshes[CE], 1u, "nothing asks while it is full");
	bare_fini(&b);
}

/* Counted as if the neighbour had said nearly 2^32 before: no sum wraps. */
Test(core_limit, counts_near_the_largest_limit_do_not_wrap)
{
	const uint32_t before = UINT32_MAX - 1;
	struct rib_source *s;
	struct bare b;

	begin(&b, CONF_LIMIT_DROP, UINT32_MAX);
	s = (struct rib_source *)rib_source_get(b.router->store, b.router->peers[CE].source);
	s->paths[WIRE_IPV4_UNICAST] = before;
	say(&b, CE, 0, true);
	cr_assert_str_eq(b.noted, "max_prefix_near");
	cr_assert_eq(b.router->peers[CE].limit.left_out, 0u);
	say(&b, CE, 1, true);
	cr_assert_eq(b.router->peers[CE].limit.left_out, 1u);
	bare_timer(&b, 10 * CORE_LIMIT_REFRESH_MS);
	cr_assert_eq(b.refreshes[CE], 0u, "there is no room");
	s->paths[WIRE_IPV4_UNICAST] -= before;
	bare_fini(&b);
}

Test(core_limit, stop_carries_what_was_passed_and_lasts_until_a_reset)
{
	static const uint8_t want[] = {6, 1, 0, 1, 1, 0, 0, 0, 4};
	struct bare b;

	begin(&b, CONF_LIMIT_STOP, 4);
	for (unsigned x = 0; x < 5; x++)
		say(&b, CE, x, true);
	cr_assert_arr_eq(b.notified[CE], want, sizeof(want));
	cr_assert_eq(b.conn[CE], 0u);
	bare_timer(&b, 3600000);
	cr_assert_not(b.router->peers[CE].fsm.started);
	struct core_run run = {.r = b.router, .now_ms = b.now_ms, .fx = &b.fx};
	core_session_reset(&run, &b.router->peers[CE], WIRE_CEASE_ADMIN_RESET, NULL);
	bare_up(&b, CE);
	cr_assert_neq(b.conn[CE], 0u);
	bare_fini(&b);
}

Test(core_limit, restart_comes_back_by_itself)
{
	struct bare b;

	begin(&b, CONF_LIMIT_RESTART, 4);
	for (unsigned x = 0; x < 5; x++)
		say(&b, CE, x, true);
	cr_assert_eq(b.conn[CE], 0u);
	bare_timer(&b, 59000);
	cr_assert_not(b.router->peers[CE].fsm.started);
	bare_timer(&b, 2000);
	cr_assert(b.router->peers[CE].fsm.started);
	bare_up(&b, CE);
	cr_assert_neq(b.conn[CE], 0u);
	bare_fini(&b);
}

Test(core_limit, a_vrf_counts_neighbours_and_imports_together)
{
	struct bare b;

	begin(&b, CONF_LIMIT_NONE, 0);
	b.router->vrfs.list[0].conf.max_routes = 4;
	b.router->vrfs.list[0].conf.drop_above_max = true;
	for (unsigned x = 0; x < 2; x++)
		say(&b, CE, x, true);
	for (unsigned x = 10; x < 14; x++)
		say(&b, CORE, x, true);
	cr_assert_eq(installed(&b), 4u);
	cr_assert_eq(b.router->vrfs.list[0].left_out, 2u);
	cr_assert_str_eq(b.noted, "vrf_max_routes");
	say(&b, CE, 3, true);
	cr_assert_eq(installed(&b), 4u);
	cr_assert_eq(b.router->peers[CE].limit.left_out, 1u);
	/* one goes: an import that was left out takes its place, at once */
	say(&b, CE, 0, false);
	cr_assert_eq(installed(&b), 4u);
	/* two more: the neighbour is asked for what it had not got in */
	say(&b, CORE, 10, false);
	say(&b, CORE, 11, false);
	say(&b, CORE, 12, false);
	say(&b, CORE, 13, false);
	bare_timer(&b, CORE_LIMIT_REFRESH_MS + 1000);
	cr_assert_eq(b.refreshes[CE], 1u);
	bare_fini(&b);
}

Test(core_limit, a_vrf_that_only_warns_keeps_all)
{
	struct bare b;

	begin(&b, CONF_LIMIT_NONE, 0);
	b.router->vrfs.list[0].conf.max_routes = 2;
	for (unsigned x = 0; x < 2; x++)
		say(&b, CE, x, true);
	cr_assert_null(b.noted);
	say(&b, CORE, 10, true);
	cr_assert_str_eq(b.noted, "vrf_max_routes");
	cr_assert_eq(installed(&b), 3u);
	bare_fini(&b);
}

/* What this neighbour says of 10.0.0.0/24, under path identifiers (RFC 7911 3). */
static void say_paths(struct bare *b, unsigned peer, uint32_t first, unsigned n)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4d}; /* 65101 */
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED),
		.med = 1,
		.next_hop = ip_addr_v4(0xc0a80002),
		.as_path = {path, sizeof(path)},
	};
	struct wire_ctx ctx = b->router->peers[peer].fsm.ctx;
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_nlri list[100];

	for (unsigned i = 0; i < n; i++)
		list[i] = (struct wire_nlri){.prefix = {ip_addr_v4(0x0a000000), 24},
			.label = WIRE_LABEL_NONE,
			.path_id = first + i};
	ctx.add_path_tx = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	b->router->peers[peer].fsm.ctx.add_path_rx = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	cr_assert_eq(wire_update_put_reach(&w, &ctx, WIRE_IPV4_UNICAST, &a, list, n), n);
	bare_say(b, peer, &w);
}

Test(core_limit, paths_to_one_prefix_are_bounded_whatever_the_limit_of_prefixes_is)
{
	struct bare b;

	begin(&b, CONF_LIMIT_NONE, 0);
	say_paths(&b, CE, 1, RIB_PATHS_OF_SOURCE_MAX);
	const struct core_peer *p = &b.router->peers[CE];
	const struct rib_table *t = b.router->vrfs.list[0].table;
	cr_assert_eq(t->n_paths, (uint64_t)RIB_PATHS_OF_SOURCE_MAX);
	cr_assert_eq(p->limit.left_out, 0u);
	say_paths(&b, CE, 1000, 10);
	cr_assert_eq(t->n_paths, (uint64_t)RIB_PATHS_OF_SOURCE_MAX);
	cr_assert_eq(p->limit.left_out, 10u);
	cr_assert_str_eq(b.noted, "paths_left_out");
	cr_assert_neq(b.conn[CE], 0u, "it costs nobody the session");
	say_paths(&b, CE, 1, 10); /* what is in may be said again */
	cr_assert_eq(p->limit.left_out, 10u);
	bare_fini(&b);
}

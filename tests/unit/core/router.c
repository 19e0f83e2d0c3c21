/* The router as one function: what the rooms below cannot show alone. */
#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"
#include "vrf/isolate.h"

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
	"    id: 192.168.0.1\n"
	"    import: [\"65000:100\"]\n"
	"    export: [\"65000:100\"]\n"
	"    redistribute: [static]\n"
	"    routes: [{prefix: 10.0.9.0/24, next-hop: 192.168.0.2}]\n"
	"    neighbors: [{address: 192.168.0.2, as: 65101, password: x, passive: true,\n"
	"      max-prefix: 3, hold-time: 90}]\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     password: x, passive: true, name: pe2}\n";

enum { CE, CORE };

#define RT	   UINT64_C(0x0002fde800000064) /* 65000:100 */
#define FOREIGN_RD UINT64_C(0x0000fde800000002)

static void start(struct bare *b)
{
	bare_init(b, yaml, 1);
	bare_up(b, CE);
	bare_up(b, CORE);
}

static void announce(struct bare *b, unsigned peer, unsigned x, uint64_t ext)
{
	static const uint8_t ce_path[] = {2, 1, 0, 0, 0xfe, 0x4d}; /* 65101 */
	uint8_t octets[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(peer == CE ? 0xc0a80002 : 0x0aff0003),
		.as_path = {ce_path, peer == CE ? sizeof(ce_path) : 0},
	};

	wbuf_put_u64(&w, ext);
	if (ext) {
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
		a.ext_communities = (struct wire_span){octets, sizeof(octets)};
	}
	if (peer == CORE) {
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a.local_pref = 100;
	}
	bare_route(
		b, peer, peer == CORE ? FOREIGN_RD : 0, x, peer == CORE ? 77 : WIRE_LABEL_NONE, &a);
}

static void connected(struct bare *b, bool up)
{
	struct event ev = {.kind = EV_FIB,
		.vrf = FIB_VRF_CORE,
		.fib = {.type = FIB_CONNECTED, .prefix = {ip_addr_v4(0xc0a80000), 30}, .up = up}};

	bare_step(b, &ev);
}

/* RFC 4381 2.2: a customer need not learn the loopback's address; the core's sessions are by it. */
Test(core_router, identifier_of_a_vrf_is_its_own)
{
	struct bare b;

	start(&b);
	cr_expect_eq(b.router->peers[CE].fsm.conf.local_id, 0xc0a80001);
	cr_expect_eq(b.router->peers[CORE].fsm.conf.local_id, 0x0aff0001);
	bare_fini(&b);
}

Test(core_router, initial_table_then_end_of_rib)
{
	struct bare b;

	bare_init(&b, yaml, 1);
	bare_up(&b, CORE);
	cr_assert_eq(b.eors[CORE], 1u);
	announce(&b, CORE, 5, RT);
	cr_assert(b.installed[0][5]);
	bare_up(&b, CE);
	cr_assert(b.told[CE][5]);
	cr_assert_eq(b.eors[CE], 1u);
	bare_fini(&b);
}

Test(core_router, session_down_takes_its_routes_along)
{
	struct bare b;

	start(&b);
	announce(&b, CORE, 5, RT);
	cr_assert(b.installed[0][5] && b.told[CE][5]);
	bare_down(&b, CORE);
	cr_assert_not(b.installed[0][5] || b.told[CE][5]);
	bare_down(
		&b, CE); /* its update group remembered what became of the next hop's attributes */
	cr_assert_eq(b.fib[FIB_NEXTHOP_TRACK], 1u);
	cr_assert_eq(b.fib[FIB_NEXTHOP_UNTRACK], 1u);
	bare_fini(&b);
}

Test(core_router, route_refresh_says_it_all_again)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	unsigned before;
	struct bare b;

	start(&b);
	announce(&b, CORE, 5, RT);
	before = b.updates[CE];
	b.told[CE][5] = false;
	wire_refresh_put(&w, WIRE_IPV4_UNICAST, WIRE_REFRESH_REQUEST);
	bare_say(&b, CE, &w);
	cr_assert(b.told[CE][5]);
	cr_assert_gt(b.updates[CE], before);
	bare_fini(&b);
}

Test(core_router, max_prefix_ends_the_session_for_good)
{
	struct bare b;

	start(&b);
	for (unsigned x = 0; x < 3; x++)
		announce(&b, CE, x, 0);
	cr_assert_neq(b.conn[CE], 0u);
	cr_assert(b.installed[0][2]);
	announce(&b, CE, 3, 0);
	cr_assert_eq(b.conn[CE], 0u);
	cr_assert_eq(b.notified[CE][0], WIRE_ERR_CEASE);
	cr_assert_eq(b.notified[CE][1], WIRE_CEASE_MAX_PREFIX);
	for (unsigned x = 0; x < 4; x++)
		cr_assert_not(b.installed[0][x]);
	bare_timer(&b, 600000);
	b.conn[CE] = ++b.last_conn;
	bare_step(&b,
		&(struct event){
			.kind = EV_ACCEPT, .conn = b.conn[CE], .remote = b.conf->peers[CE].addr});
	cr_assert_eq(b.conn[CE], 0u, "let in again before an operator started it");
	bare_fini(&b);
}

Test(core_router, targets_of_a_ce_are_stripped_and_counted)
{
	struct bare b;

	start(&b);
	announce(&b, CE, 1, RT);
	cr_assert_eq(b.router->peers[CE].count.policy.rts_stripped, 1u);
	bare_fini(&b);
}

Test(core_router, malformed_attribute_withdraws_its_routes)
{
	/* ORIGIN 9: RFC 7606 7.1; the rest as in announce() */
	static const uint8_t bad[] = {0, 0, 0, 20, 0x40, 1, 1, 9, 0x40, 2, 6, 2, 1, 0, 0, 0xfe,
		0x4d, 0x40, 3, 4, 0xc0, 0xa8, 0, 2, 24, 10, 0, 1};
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	start(&b);
	announce(&b, CE, 1, 0);
	cr_assert(b.installed[0][1]);
	size_t begin = wire_msg_begin(&w, WIRE_UPDATE);
	wbuf_put(&w, bad, sizeof(bad));
	wire_msg_end(&w, begin);
	bare_say(&b, CE, &w);
	cr_assert_neq(b.conn[CE], 0u);
	cr_assert_not(b.installed[0][1]);
	cr_assert_eq(b.router->peers[CE].count.treated_as_withdraw, 1u);
	bare_fini(&b);
}

Test(core_router, static_route_lives_with_its_gateways_link)
{
	struct bare b;

	start(&b);
	cr_assert_not(b.installed[0][9]);
	connected(&b, true);
	cr_assert(b.installed[0][9]);
	connected(&b, true); /* a second port on the same prefix */
	connected(&b, false);
	cr_assert(b.installed[0][9]);
	connected(&b, false);
	cr_assert_not(b.installed[0][9]);
	bare_fini(&b);
}

Test(core_router, refused_label_is_asked_for_again_with_another_number)
{
	struct bare b;

	bare_open(&b, yaml, 1);
	b.label_error = EEXIST;
	bare_step(&b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
	cr_assert_eq(b.fib[FIB_LABEL_ADD], 1u);
	cr_assert_eq(b.router->vrfs.list[0].label_state, VRF_LABEL_NONE);
	b.label_error = 0;
	bare_timer(&b, 4999);
	cr_assert_eq(b.fib[FIB_LABEL_ADD], 1u);
	bare_timer(&b, 1);
	cr_assert_eq(b.router->vrfs.list[0].label_state, VRF_LABEL_INSTALLED);
	cr_assert_eq(b.router->vrfs.list[0].label, 100001u);
	bare_fini(&b);
}

Test(core_router, sync_once_when_everything_is_said)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	start(&b);
	cr_assert_eq(b.fib[FIB_SYNC], 0u);
	wire_update_put_eor(&w, WIRE_IPV4_UNICAST);
	bare_say(&b, CE, &w);
	cr_assert_eq(b.fib[FIB_SYNC], 0u);
	w = wbuf_of(octets, sizeof(octets));
	wire_update_put_eor(&w, WIRE_VPNV4);
	bare_say(&b, CORE, &w);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_timer(&b, 20000);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_fini(&b);
}

/* Before mplsfwd has said what the next hops resolve to, no VPN route is wanted yet: FIB_SYNC would sweep them all. */
Test(core_router, sync_waits_for_the_next_hops)
{
	uint8_t octets[128];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	start(&b);
	b.hold_nexthops = true;
	wire_update_put_eor(&w, WIRE_IPV4_UNICAST);
	bare_say(&b, CE, &w);
	announce(&b, CORE, 5, RT);
	w = wbuf_of(octets, sizeof(octets));
	wire_update_put_eor(&w, WIRE_VPNV4);
	bare_say(&b, CORE, &w);
	cr_assert_eq(b.fib[FIB_SYNC], 0u);
	cr_assert_not(b.installed[0][5]);
	bare_set_reachable(&b, true);
	cr_assert(b.installed[0][5]);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_fini(&b);
}

Test(core_router, sync_does_not_wait_for_ever)
{
	struct bare b;

	bare_init(&b, yaml, 1);
	bare_timer(&b, 9999);
	cr_assert_eq(b.fib[FIB_SYNC], 0u);
	bare_timer(&b, 1);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_fini(&b);
}

/* A shell whose way to mplsfwd is full does no work for a while: what waits for work must not call it again and again. */
Test(core_router, what_only_work_can_do_sets_no_timer)
{
	struct effects fx;
	struct bare b;

	bare_init(&b, yaml, 1);
	bare_timer(&b, 0);
	effects_init(&fx);
	for (unsigned i = 0; i < 100 && b.now_ms < 15000; i++) {
		cr_assert_gt(router_deadline(b.router), b.now_ms, "at once again, in turn %u", i);
		b.now_ms = router_deadline(b.router);
		router_step(b.router, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE},
			b.now_ms, &fx);
	}
	cr_assert_geq(b.now_ms, 15000u);
	effects_fini(&fx);
	bare_timer(&b, 1);
	bare_step(&b, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_fini(&b);
}

Test(core_router, stop_ceases_withdraws_and_ends)
{
	struct bare b;

	start(&b);
	connected(&b, true);
	announce(&b, CORE, 5, RT);
	bare_step(&b, &(struct event){.kind = EV_STOP, .vrf = FIB_VRF_CORE});
	cr_assert(b.done);
	cr_assert_eq(b.notified[CE][0], WIRE_ERR_CEASE);
	cr_assert_eq(b.notified[CORE][1], WIRE_CEASE_ADMIN_SHUTDOWN);
	cr_assert_not(b.installed[0][5] || b.installed[0][9]);
	cr_assert_eq(b.fib[FIB_LABEL_DEL], 1u);
	cr_assert_eq(b.fib[FIB_BYE], 1u);
	bare_fini(&b);
}

Test(core_router, a_stranger_is_shown_the_door)
{
	struct event ev = {.kind = EV_ACCEPT, .vrf = FIB_VRF_CORE, .conn = 99};
	struct effects fx;
	struct bare b;

	bare_init(&b, yaml, 1);
	effects_init(&fx);
	ev.remote = ip_addr_v4(0xc0a80002); /* a neighbour, but not in the core */
	router_step(b.router, &ev, b.now_ms, &fx);
	cr_assert_eq(fx.list[fx.n - 1].kind, EFF_CLOSE);
	cr_assert_eq(fx.list[fx.n - 1].conn, 99u);
	effects_fini(&fx);
	bare_fini(&b);
}

Test(core_router, an_unfinished_message_is_left_to_the_shell)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct effects fx;
	struct bare b;

	start(&b);
	effects_init(&fx);
	wire_keepalive_put(&w);
	wire_keepalive_put(&w);
	router_step(b.router,
		&(struct event){
			.kind = EV_RECV, .conn = b.conn[CE], .data = octets, .len = w.len - 1},
		b.now_ms, &fx);
	cr_assert_eq(fx.consumed, (size_t)WIRE_HEADER_LEN);
	effects_fini(&fx);
	bare_fini(&b);
}

/* UPDATEs with octets turned over, as a broken or hostile CE sends them: at worst its own session ends. */
Test(core_router, noise_from_a_ce_stays_with_the_ce)
{
	static const uint8_t good[] = {0, 0, 0, 28, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfe,
		0x4d, 0x40, 3, 4, 0xc0, 0xa8, 0, 2, 0xc0, 8, 4, 0xfd, 0xe8, 0, 1, 24, 10, 0, 1};
	uint64_t rng = 1;
	unsigned ended = 0;
	struct bare b;

	start(&b);
	announce(&b, CORE, 5, RT);
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t octets[64];
		struct wbuf w = wbuf_of(octets, sizeof(octets));
		size_t begin = wire_msg_begin(&w, WIRE_UPDATE);

		wbuf_put(&w, good, sizeof(good));
		wire_msg_end(&w, begin);
		for (unsigned k = 0; k < 1 + i % 3; k++) {
			rng = rng * UINT64_C(6364136223846793005) + 1442695040888963407u;
			octets[16 + (rng >> 33) % (w.len - 16)] ^= (uint8_t)(1u << (rng >> 20 & 7));
		}
		bare_say(&b, CE, &w);
		if (b.conn[CE] && fsm_peer_state(&b.router->peers[CE].fsm) == FSM_ESTABLISHED &&
			i % 50)
			continue;
		if (b.conn[CE])
			bare_down(&b, CE);
		ended++;
		for (unsigned k = 0; k < 2;
			k++) { /* the longest idle hold is 64 s, the core's hold time 90 s */
			w = wbuf_of(octets, sizeof(octets));
			wire_keepalive_put(&w);
			bare_say(&b, CORE, &w);
			bare_timer(&b, 40000);
		}
		bare_up(&b, CE);
	}
	cr_assert_gt(ended, 60u);
	cr_assert_neq(b.conn[CORE], 0u);
	cr_assert(b.installed[0][5]);
	cr_assert_eq(vrf_isolate_check(&b.router->vrfs, NULL, NULL), 0u);
	bare_fini(&b);
}

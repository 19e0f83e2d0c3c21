/* Graceful restart, receiving speaker (RFC 4724 4.2, RFC 8538): what a peer said outlives its session, and not for ever. */
#include <criterion/criterion.h>

#include "bgpd/core/restart.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"
#include "vrf/isolate.h"

#define YAML(pe2)                                                                                  \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"mpls: {labels: 100000-100001, quarantine: 30}\n"                                          \
	"ports:\n"                                                                                 \
	"  - {name: eth0, role: core}\n"                                                           \
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/30]}\n"                    \
	"vrfs:\n"                                                                                  \
	"  - name: red\n"                                                                          \
	"    table: 1001\n"                                                                        \
	"    rd: \"65000:1\"\n"                                                                    \
	"    import: [\"65000:100\"]\n"                                                            \
	"    export: [\"65000:100\"]\n"                                                            \
	"    neighbors: [{address: 192.168.0.2, as: 65101, password: x, passive: true}]\n"         \
	"neighbors:\n"                                                                             \
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"     \
	"     import: accept-all, export: accept-all, password: x, passive: true, name: pe2" pe2   \
	"}\n"

enum { CE, CORE };

#define RT    UINT64_C(0x0002fde800000064) /* 65000:100 */
#define RD2   UINT64_C(0x0000fde800000002)
#define VPNV4 WIRE_FAMILY_BIT(WIRE_VPNV4)

static const struct wire_restart restarts = {
	.sent = true, .time_s = 120, .families = VPNV4, .preserved = VPNV4};

static void announce(struct bare *b, unsigned x)
{
	uint8_t octets[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
			   WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.next_hop = ip_addr_v4(0x0aff0003),
		.local_pref = 100,
		.ext_communities = {octets, sizeof(octets)},
	};

	wbuf_put_u64(&w, RT);
	bare_route(b, CORE, RD2, x, 77, &a);
}

static void end_of_rib(struct bare *b)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, WIRE_VPNV4);
	bare_say(b, CORE, &w);
}

/* Both sessions up, prefixes 1 and 2 of pe2 in VRF red and with the CE. */
static void start(struct bare *b, const char *yaml)
{
	bare_init(b, yaml, 1);
	b->restart[CORE] = restarts;
	bare_up(b, CE);
	bare_up(b, CORE);
	announce(b, 1);
	announce(b, 2);
	end_of_rib(b);
	cr_assert(b->installed[0][1] && b->told[CE][1]);
}

static bool are_there(const struct bare *b, bool one, bool two)
{
	return b->installed[0][1] == one && b->told[CE][1] == one && b->installed[0][2] == two &&
	       b->told[CE][2] == two;
}

/* The CE is alive all the while. */
static void wait_s(struct bare *b, unsigned seconds)
{
	uint8_t octets[64];

	for (; seconds; seconds--) {
		struct wbuf w = wbuf_of(octets, sizeof(octets));

		wire_keepalive_put(&w);
		bare_say(b, CE, &w);
		if (b->conn[CORE])
			bare_say(b, CORE, &w);
		bare_timer(b, 1000);
	}
}

static const struct core_peer *pe2(const struct bare *b)
{
	return &b->router->peers[CORE];
}

static void lose(struct bare *b)
{
	uint32_t conn = b->conn[CORE];

	b->conn[CORE] = 0;
	bare_step(b, &(struct event){.kind = EV_CONN_CLOSED, .vrf = FIB_VRF_CORE, .conn = conn});
}

Test(core_restart, a_peer_comes_back_and_nobody_has_noticed)
{
	unsigned before, adds;
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	before = b.updates[CE];
	adds = b.fib[FIB_ROUTE_ADD];
	lose(&b);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_WAIT);
	cr_assert_eq(core_restart_stale(b.router, pe2(&b)), 2u);
	wait_s(&b, 100);
	cr_assert(are_there(&b, true, true));
	bare_up(&b, CORE);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_RESUMED);
	announce(&b, 1);
	announce(&b, 2);
	end_of_rib(&b);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_NONE);
	wait_s(&b, 600);
	cr_assert(are_there(&b, true, true));
	cr_assert_eq(b.updates[CE], before, "the CE was told something");
	cr_assert_eq(b.fib[FIB_ROUTE_ADD], adds);
	cr_assert_eq(b.fib[FIB_ROUTE_DEL], 0u);
	cr_assert_eq(vrf_isolate_check(&b.router->vrfs, NULL, NULL), 0u);
	bare_fini(&b);
}

/* Positive control: without restarts, ours or theirs, the routes go with the session. */
Test(core_restart, without_it_the_routes_go_at_once)
{
	static const char *const yaml[] = {YAML(""), YAML(", graceful-restart: false"),
		YAML(", graceful-restart: {helper: false}")};

	for (unsigned i = 0; i < 3; i++) {
		struct bare b;

		start(&b, yaml[i]);
		if (i == 0) {
			b.restart[CORE] = (struct wire_restart){0};
			lose(&b);
			wait_s(&b, 1);
			bare_up(&b, CORE);
			announce(&b, 1);
		}
		lose(&b);
		cr_assert(are_there(&b, false, false), "case %u", i);
		bare_fini(&b);
	}
}

Test(core_restart, the_restart_time_ends_it)
{
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	lose(&b);
	wait_s(&b, 119);
	cr_assert(are_there(&b, true, true));
	wait_s(&b, 2);
	cr_assert(are_there(&b, false, false));
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_NONE);
	bare_fini(&b);
}

Test(core_restart, end_of_rib_sweeps_what_was_not_said_again)
{
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	lose(&b);
	wait_s(&b, 10);
	bare_up(&b, CORE);
	announce(&b, 2);
	cr_assert(are_there(&b, true, true));
	cr_assert_eq(core_restart_stale(b.router, pe2(&b)), 1u);
	end_of_rib(&b);
	cr_assert(are_there(&b, false, true));
	bare_fini(&b);
}

Test(core_restart, without_end_of_rib_our_stale_time_sweeps)
{
	struct bare b;

	start(&b, YAML(", graceful-restart: {stale-time: 50}"));
	wait_s(&b, 40);
	lose(&b);
	wait_s(&b, 10);
	bare_up(&b, CORE);
	announce(&b, 2);
	wait_s(&b, 49);
	cr_assert(are_there(&b, true, true));
	wait_s(&b, 2);
	cr_assert(are_there(&b, false, true));
	bare_fini(&b);
}

/* RFC 4724 4.2: not listed any more, or without the F bit: its forwarding state is gone, and so are its routes. */
Test(core_restart, a_peer_that_has_kept_nothing_loses_them_when_it_is_back)
{
	struct wire_restart back[3] = {restarts, restarts, {0}};

	back[0].preserved = 0;
	back[1].families = back[1].preserved = 0;
	for (unsigned i = 0; i < 3; i++) {
		struct bare b;

		start(&b, YAML(""));
		wait_s(&b, 40);
		lose(&b);
		wait_s(&b, 10);
		cr_assert(are_there(&b, true, true));
		b.restart[CORE] = back[i];
		bare_up(&b, CORE);
		cr_assert(are_there(&b, false, false), "case %u", i);
		announce(&b, 1);
		end_of_rib(&b);
		cr_assert(are_there(&b, true, false), "case %u", i);
		bare_fini(&b);
	}
}

Test(core_restart, consecutive_restarts_keep_what_was_said_in_between_only)
{
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	lose(&b);
	wait_s(&b, 10);
	bare_up(&b, CORE);
	announce(&b, 2);
	lose(&b);
	cr_assert(are_there(&b, false, true));
	wait_s(&b, 10);
	bare_up(&b, CORE);
	announce(&b, 1);
	announce(&b, 2);
	end_of_rib(&b);
	cr_assert(are_there(&b, true, true));
	bare_fini(&b);
}

/* It was away and we have not noticed: its new connection is let in beside the old one (RFC 4724 4.2). */
Test(core_restart, a_second_open_ends_the_session_that_we_still_see)
{
	uint32_t old;
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	old = b.conn[CORE];
	b.conn[CORE] = 0;
	bare_up(&b, CORE);
	cr_assert_neq(b.conn[CORE], old);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_RESUMED);
	cr_assert(are_there(&b, true, true));
	end_of_rib(&b);
	cr_assert(are_there(&b, false, false));
	bare_fini(&b);
}

Test(core_restart, an_operators_stop_is_for_good)
{
	static const uint8_t hard[] = {6, 9, 6, 2};
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	start(&b, YAML(""));
	wait_s(&b, 40);
	size_t begin = wire_msg_begin(&w, WIRE_NOTIFICATION);
	wbuf_put(&w, hard, sizeof(hard));
	wire_msg_end(&w, begin);
	bare_say(&b, CORE, &w);
	cr_assert(are_there(&b, false, false));
	bare_fini(&b);
}

/* --- long-lived (RFC 9494) --- */

#define LONG_LIVED YAML(", graceful-restart: {long-lived-stale-time: 300}")

static const struct wire_restart long_lived = {.sent = true,
	.time_s = 120,
	.families = VPNV4,
	.preserved = VPNV4,
	.long_lived = true,
	.ll_families = VPNV4,
	.ll_preserved = VPNV4,
	.ll_stale_s = {[WIRE_VPNV4] = 200}};

static void announce_with(struct bare *b, unsigned x, uint32_t community)
{
	uint8_t octets[8], communities[4];
	struct wbuf w = wbuf_of(octets, sizeof(octets)), c = wbuf_of(communities, 4);
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
			   WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES) |
			   WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.next_hop = ip_addr_v4(0x0aff0003),
		.local_pref = 100,
		.communities = {communities, sizeof(communities)},
		.ext_communities = {octets, sizeof(octets)},
	};

	wbuf_put_u64(&w, RT);
	wbuf_put_u32(&c, community);
	bare_route(b, CORE, RD2, x, 77, &a);
}

static unsigned last_resorts(const struct bare *b)
{
	const struct rib_table *t = b->router->vrfs.vpn;
	unsigned n = 0;

	for (uint32_t d = rib_table_next(t, 0); d; d = rib_table_next(t, d)) {
		const struct rib_path *p = rib_dest_best(t, d);

		n += p && p->attrs->last_resort;
	}
	return n;
}

static void start_long(struct bare *b)
{
	bare_init(b, LONG_LIVED, 1);
	b->restart[CORE] = long_lived;
	bare_up(b, CE);
	bare_up(b, CORE);
	announce(b, 1);
	announce(b, 2);
	announce_with(b, 3, WIRE_COMM_NO_LLGR);
	end_of_rib(b);
	wait_s(b, 40);
	lose(b);
	wait_s(b, 119);
	cr_assert(are_there(b, true, true) && b->installed[0][3]);
	cr_assert_eq(last_resorts(b), 0u);
}

Test(core_restart, long_lived_ones_stay_as_a_last_resort_for_the_shorter_time)
{
	struct bare b;

	start_long(&b);
	wait_s(&b, 2);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_LONG);
	cr_assert(are_there(&b, true, true));
	cr_assert_eq(last_resorts(&b), 2u);
	cr_assert_not(b.installed[0][3], "NO_LLGR");
	cr_assert_eq(core_restart_stale(b.router, pe2(&b)), 2u);
	wait_s(&b, 197);
	cr_assert(are_there(&b, true, true));
	wait_s(&b, 3);
	cr_assert(are_there(&b, false, false));
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_NONE);
	bare_fini(&b);
}

Test(core_restart, it_comes_back_from_long_lived_as_from_any_restart)
{
	struct bare b;

	start_long(&b);
	wait_s(&b, 50);
	bare_up(&b, CORE);
	cr_assert_eq(pe2(&b)->restart.phase, CORE_RESTART_RESUMED);
	announce(&b, 1);
	cr_assert_eq(last_resorts(&b), 1u);
	cr_assert(are_there(&b, true, true));
	end_of_rib(&b);
	cr_assert(are_there(&b, true, false));
	cr_assert_eq(last_resorts(&b), 0u);
	bare_fini(&b);
}

/* Positive control: one side alone does not make it. */
Test(core_restart, long_lived_takes_two)
{
	for (unsigned i = 0; i < 2; i++) {
		struct bare b;

		bare_init(&b, i ? LONG_LIVED : YAML(""), 1);
		b.restart[CORE] = i ? restarts : long_lived;
		bare_up(&b, CE);
		bare_up(&b, CORE);
		announce(&b, 1);
		lose(&b);
		wait_s(&b, 119);
		cr_assert(are_there(&b, true, false));
		wait_s(&b, 2);
		cr_assert(are_there(&b, false, false), "case %u", i);
		bare_fini(&b);
	}
}

/* A restart of ours (RFC 4724 4.1): labels keep their numbers, nobody is told anything before all have spoken. */
#include <criterion/criterion.h>

#include "bgpd/core/defer.h"
#include "bgpd/fsm/nego.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

#define YAML(restart)                                                                              \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"mpls: {labels: 100000-100009, quarantine: 30}\n"                                          \
	"ports:\n"                                                                                 \
	"  - {name: eth0, role: core}\n"                                                           \
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/30]}\n"                    \
	"vrfs:\n"                                                                                  \
	"  - name: red\n"                                                                          \
	"    table: 1001\n"                                                                        \
	"    rd: \"65000:1\"\n"                                                                    \
	"    import: [\"65000:100\"]\n"                                                            \
	"    export: [\"65000:100\"]\n"                                                            \
	"    neighbors: [{address: 192.168.0.2, as: 65101, password: x, passive: true" restart     \
	"}]\n"                                                                                     \
	"neighbors:\n"                                                                             \
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"     \
	"     import: accept-all, export: accept-all, password: x, passive: true, name: "          \
	"pe2" restart "}\n"

#define RESTARTER YAML(", graceful-restart: {restarter: true, restart-time: 60, stale-time: 200}")

enum { CE, CORE };

#define RT    UINT64_C(0x0002fde800000064) /* 65000:100 */
#define RD2   UINT64_C(0x0000fde800000002)
#define VPNV4 WIRE_FAMILY_BIT(WIRE_VPNV4)
#define IPV4  WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)

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

static void end_of_rib(struct bare *b, unsigned peer)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, peer == CE ? WIRE_IPV4_UNICAST : WIRE_VPNV4);
	bare_say(b, peer, &w);
}

static void keepalive(struct bare *b, unsigned peer)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_keepalive_put(&w);
	if (b->conn[peer])
		bare_say(b, peer, &w);
}

static void wait_s(struct bare *b, unsigned seconds)
{
	for (; seconds; seconds--) {
		keepalive(b, CE);
		keepalive(b, CORE);
		bare_timer(b, 1000);
	}
}

static void kept(struct bare *b, uint16_t vrf, uint32_t label)
{
	struct fib_msg m = {.type = FIB_KEPT, .vrf = vrf, .label = label};

	bare_step(b, &(struct event){.kind = EV_FIB, .vrf = vrf, .fib = m});
}

static void begin(struct bare *b, const char *yaml, bool with_state)
{
	bare_open(b, yaml, 1);
	if (with_state) {
		kept(b, 0, 100004);
		kept(b, FIB_VRF_CORE, 100000);
	}
	bare_step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
	b->restart[CORE] = (struct wire_restart){
		.sent = true, .time_s = 120, .families = VPNV4, .preserved = VPNV4};
	b->restart[CE] = (struct wire_restart){
		.sent = true, .time_s = 120, .families = IPV4, .preserved = IPV4};
}

Test(core_defer, a_label_keeps_its_number_and_nobodys_label_rests)
{
	struct bare b;

	begin(&b, YAML(""), true);
	cr_assert_eq(b.router->vrfs.list[0].label_state, VRF_LABEL_INSTALLED);
	cr_assert_eq(b.router->vrfs.list[0].label, 100004u);
	cr_assert_eq(vrf_labelpool_get(&b.router->vrfs.labels, b.now_ms), 100001u);
	vrf_labelpool_put(&b.router->vrfs.labels, 100001, b.now_ms);
	bare_fini(&b);
}

Test(core_defer, nobody_is_told_anything_before_all_have_spoken)
{
	struct wire_open open;
	struct bare b;

	begin(&b, RESTARTER, true);
	open = fsm_nego_open(&b.router->peers[CORE].fsm.conf);
	cr_assert(open.restart.restarting && open.restart.preserved == VPNV4);
	cr_assert_eq(open.restart.time_s, 60u);
	bare_up(&b, CE);
	bare_up(&b, CORE);
	announce(&b, 1);
	end_of_rib(&b, CE);
	wait_s(&b, 30);
	cr_assert_not(b.installed[0][1] || b.told[CE][1]);
	cr_assert_eq(b.eors[CE] + b.eors[CORE], 0u);
	cr_assert_eq(b.fib[FIB_SYNC], 0u, "the old run's routes would go");
	end_of_rib(&b, CORE);
	cr_assert(b.installed[0][1] && b.told[CE][1]);
	cr_assert_eq(b.eors[CE], 1u);
	cr_assert_eq(b.eors[CORE], 1u);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	open = fsm_nego_open(&b.router->peers[CORE].fsm.conf);
	cr_assert(!open.restart.restarting && open.restart.preserved == VPNV4);
	bare_fini(&b);
}

/* End-of-RIB ends what a helper keeps: not before the next hops are known and everything follows from them. */
Test(core_defer, end_of_rib_waits_for_the_next_hops)
{
	struct bare b;

	begin(&b, RESTARTER, true);
	b.hold_nexthops = true;
	bare_up(&b, CE);
	bare_up(&b, CORE);
	announce(&b, 1);
	end_of_rib(&b, CE);
	end_of_rib(&b, CORE);
	cr_assert_eq(b.eors[CE], 0u);
	bare_set_reachable(&b, true);
	cr_assert(b.told[CE][1]);
	cr_assert_eq(b.eors[CE], 1u);
	cr_assert_eq(b.fib[FIB_SYNC], 1u);
	bare_fini(&b);
}

Test(core_defer, who_does_not_come_back_or_restarts_too_is_not_waited_for)
{
	struct bare b;

	begin(&b, RESTARTER, true);
	b.restart[CORE].restarting = true;
	bare_up(&b, CORE);
	announce(&b, 1);
	wait_s(&b, 59);
	cr_assert_not(b.installed[0][1]);
	wait_s(&b, 2);
	cr_assert(b.installed[0][1]);
	bare_fini(&b);
	begin(&b, RESTARTER, true);
	b.restart[CORE] = (struct wire_restart){0};
	bare_up(&b, CE);
	bare_up(&b, CORE);
	end_of_rib(&b, CE);
	announce(&b, 1);
	cr_assert(b.installed[0][1]);
	bare_fini(&b);
}

Test(core_defer, without_end_of_rib_the_deferral_timer_ends_it)
{
	struct bare b;

	begin(&b, RESTARTER, true);
	bare_up(&b, CE);
	bare_up(&b, CORE);
	announce(&b, 1);
	wait_s(&b, 199);
	cr_assert_not(b.installed[0][1]);
	wait_s(&b, 2);
	cr_assert(b.installed[0][1] && b.told[CE][1]);
	cr_assert_eq(b.eors[CE], 1u);
	bare_fini(&b);
}

/* Positive control: nothing kept, or nobody configured to wait for us: no restart. */
Test(core_defer, a_first_start_waits_for_nobody)
{
	for (unsigned i = 0; i < 2; i++) {
		struct bare b;

		begin(&b, i ? YAML("") : RESTARTER, i);
		cr_assert_not(b.router->peers[CORE].fsm.conf.restart.restarting);
		cr_assert_eq(b.router->peers[CORE].fsm.conf.restart.preserved, 0u);
		bare_up(&b, CORE);
		announce(&b, 1);
		cr_assert(b.installed[0][1]);
		bare_fini(&b);
	}
}

Test(core_defer, leaving_takes_nothing_back_and_says_nothing_to_those_who_wait)
{
	struct bare b;

	begin(&b, RESTARTER, false);
	b.restart[CE] = (struct wire_restart){0};
	bare_up(&b, CE);
	bare_up(&b, CORE);
	announce(&b, 1);
	cr_assert(b.installed[0][1] && b.told[CE][1]);
	bare_step(&b, &(struct event){.kind = EV_LEAVE, .vrf = FIB_VRF_CORE});
	cr_assert(b.done);
	cr_assert_eq(b.conn[CORE] + b.conn[CE], 0u);
	cr_assert_eq(b.notified[CORE][0], 0u);
	cr_assert_eq(b.notified[CE][0], WIRE_ERR_CEASE);
	cr_assert_eq(b.notified[CE][1], WIRE_CEASE_ADMIN_SHUTDOWN);
	cr_assert(b.installed[0][1]);
	cr_assert_eq(b.fib[FIB_ROUTE_DEL] + b.fib[FIB_LABEL_DEL] + b.fib[FIB_BYE], 0u);
	bare_fini(&b);
}

/* What an operator orders at run time: each order, and that it does nothing to a neighbour that cannot follow. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/core/admin.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65001, families: "
	"[ipv4-unicast],\n"
	"     password: x, passive: true, hold-time: 0, name: a, import: accept-all, export: "
	"accept-all}\n"
	"  - {address: 10.255.0.4, local-address: 10.255.0.1, as: 65002, families: "
	"[ipv4-unicast],\n"
	"     password: x, passive: true, hold-time: 0, name: b, import: accept-all, export: "
	"accept-all}\n";

enum { A, B };

static void order(struct bare *b, enum event_admin admin, uint32_t peer, const char *text)
{
	bare_step(b, &(struct event){.kind = EV_ADMIN,
			     .vrf = FIB_VRF_CORE,
			     .admin = admin,
			     .peer = peer,
			     .text = text});
}

static void say(struct bare *b, unsigned peer, unsigned x, bool there)
{
	const uint8_t path[] = {2, 1, 0, 0, 0xfd, (uint8_t)(0xe9 + peer)};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0x0aff0003 + peer),
		.as_path = {path, sizeof(path)},
	};

	bare_route(b, peer, 0, x, WIRE_LABEL_NONE, there ? &a : NULL);
}

static void begin(struct bare *b)
{
	bare_init(b, yaml, 1);
	bare_up(b, A);
	bare_up(b, B);
	for (unsigned x = 0; x < 5; x++)
		say(b, A, x, true);
}

static enum fsm_state state(const struct bare *b, unsigned peer)
{
	return fsm_peer_state(&b->router->peers[peer].fsm);
}

Test(core_admin, reset_ends_the_session_with_words_and_lets_it_begin_again)
{
	struct bare b;

	begin(&b);
	order(&b, ADMIN_RESET, A, "new key");
	cr_expect(b.notified[A][0] == WIRE_ERR_CEASE && b.notified[A][1] == WIRE_CEASE_ADMIN_RESET);
	cr_expect(b.notified[A][2] == 7 && memcmp(&b.notified[A][3], "new ke", 6) == 0);
	cr_expect(state(&b, A) == FSM_ACTIVE && state(&b, B) == FSM_ESTABLISHED);
	cr_expect_not(b.told[B][0]);
	bare_up(&b, A);
	cr_expect_eq(state(&b, A), FSM_ESTABLISHED);
	bare_fini(&b);
}

Test(core_admin, shutdown_lasts_until_enable)
{
	struct bare b;

	begin(&b);
	order(&b, ADMIN_SHUTDOWN, A, NULL);
	cr_expect(b.notified[A][0] == WIRE_ERR_CEASE &&
		  b.notified[A][1] == WIRE_CEASE_ADMIN_SHUTDOWN && b.notified[A][2] == 0);
	cr_expect_eq(state(&b, A), FSM_IDLE);
	order(&b, ADMIN_RESET, A, NULL); /* is no way around it */
	bare_timer(&b, 600000);
	cr_expect_eq(state(&b, A), FSM_IDLE);
	cr_expect(!core_admin_applies(&b.router->peers[A], ADMIN_SHUTDOWN, 0));
	order(&b, ADMIN_ENABLE, A, NULL);
	cr_expect_eq(state(&b, A), FSM_ACTIVE);
	bare_up(&b, A);
	cr_expect_eq(state(&b, A), FSM_ESTABLISHED);
	cr_expect(!core_admin_applies(&b.router->peers[A], ADMIN_ENABLE, 0));
	bare_fini(&b);
}

/* A neighbour that max-prefix stopped comes back by either order. */
Test(core_admin, what_a_limit_stopped_comes_back)
{
	static const enum event_admin ways[] = {ADMIN_RESET, ADMIN_ENABLE};

	for (unsigned i = 0; i < 2; i++) {
		struct bare b;

		bare_open(&b, yaml, 1);
		b.conf->peers[A].max_prefix =
			(struct conf_limit){.max = 3, .action = CONF_LIMIT_STOP};
		bare_step(&b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
		bare_up(&b, A);
		for (unsigned x = 0; x < 4; x++)
			say(&b, A, x, true);
		cr_assert(state(&b, A) == FSM_IDLE && b.router->peers[A].limit.stopped);
		order(&b, ways[i], EVENT_PEER_ALL, NULL);
		cr_expect(state(&b, A) == FSM_ACTIVE && !b.router->peers[A].limit.stopped);
		bare_fini(&b);
	}
}

Test(core_admin, refresh_asks_and_tells_again)
{
	struct bare b;

	begin(&b);
	unsigned updates = b.updates[B];
	order(&b, ADMIN_REFRESH_IN, B, NULL);
	cr_expect(b.refreshes[B] == 1 && b.refreshes[A] == 0 && b.updates[B] == updates);
	order(&b, ADMIN_REFRESH_OUT, B, NULL);
	cr_expect(b.refreshes[B] == 1 && b.updates[B] > updates);
	order(&b, ADMIN_REFRESH, EVENT_PEER_ALL, NULL);
	cr_expect(b.refreshes[B] == 2 && b.refreshes[A] == 1);
	order(&b, ADMIN_REFRESH, 99, NULL); /* nobody */
	bare_fini(&b);
}

/* Everything is told again, what was withdrawn at the same moment is not forgotten, and the groups are as before after. */
Test(core_admin, graceful_shutdown_tells_everything_again)
{
	struct bare b;

	begin(&b);
	unsigned updates = b.updates[B], eors = b.eors[B];
	order(&b, ADMIN_GRACEFUL_ON, EVENT_PEER_ALL, NULL);
	cr_expect(b.updates[B] > updates && b.eors[B] == eors);
	cr_expect(b.router->peers[B].graceful_shutdown && !b.router->views_changed);
	for (unsigned x = 0; x < 5; x++)
		cr_expect(b.told[B][x]);
	updates = b.updates[B];
	order(&b, ADMIN_GRACEFUL_ON, EVENT_PEER_ALL, NULL); /* is so already */
	cr_expect_eq(b.updates[B], updates);
	say(&b, A, 2, false);
	order(&b, ADMIN_GRACEFUL_OFF, B, NULL);
	cr_expect(!b.told[B][2] && b.told[B][1]);
	bare_fini(&b);
}

/* A withdrawal that is still queued when the view changes must reach the peer all the same. */
Test(core_admin, a_withdrawal_under_way_is_not_lost)
{
	struct bare b;

	begin(&b);
	const struct event graceful = {.kind = EV_ADMIN,
		.vrf = FIB_VRF_CORE,
		.admin = ADMIN_GRACEFUL_ON,
		.peer = EVENT_PEER_ALL};
	router_step(b.router, &graceful, b.now_ms, &b.fx);
	say(&b, A, 3, false); /* the order and this are worked off together */
	cr_expect_not(b.told[B][3]);
	cr_expect(b.told[B][4]);
	bare_fini(&b);
}

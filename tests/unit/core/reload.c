/* The configuration is replaced while sessions are up. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

#define HEAD "router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
#define POLICY(prefixes)                                                                           \
	"sets: [{name: theirs, prefixes: [" prefixes "]}]\n"                                       \
	"policies:\n"                                                                              \
	"  - {name: in, default: reject, rules: [{name: theirs, match: {prefix: theirs}, action: " \
	"accept}]}\n"
#define PEER(n, more)                                                                              \
	"  - {address: 10.255.0." #n ", local-address: 10.255.0.1, as: 6500" #n                    \
	", families: [ipv4-unicast], passive: true, hold-time: 0, export: accept-all" more "}\n"

enum { A, B, C };

/* 10.0.x.0/24 of the neighbour, which has the AS 65003 + peer. */
static void say(struct bare *b, unsigned peer, unsigned x)
{
	const uint8_t path[] = {2, 1, 0, 0, 0xfd, (uint8_t)(0xeb + peer)};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0x0aff0003 + peer),
		.as_path = {path, sizeof(path)},
	};

	bare_route(b, peer, 0, x, WIRE_LABEL_NONE, &a);
}

static void begin(struct bare *b, const char *yaml)
{
	bare_init(b, yaml, 1);
	bare_up(b, A);
	bare_up(b, B);
	for (unsigned x = 0; x < 4; x++)
		say(b, A, x);
}

static bool is_up(const struct bare *b, unsigned peer)
{
	return fsm_peer_state(&b->router->peers[peer].fsm) == FSM_ESTABLISHED;
}

static unsigned told(const struct bare *b, unsigned peer)
{
	unsigned n = 0;

	for (unsigned x = 0; x < BARE_PREFIXES; x++)
		n += b->told[peer][x];
	return n;
}

Test(core_reload, a_policy_that_keeps_what_it_rejects_is_applied_without_asking_anybody)
{
	static struct bare b;

	begin(&b, HEAD POLICY("10.0.0.0/24, 10.0.1.0/24") "neighbors:\n" PEER(
			  3, ", import: in, keep-rejected: true") PEER(4, ", import: accept-all"));
	cr_expect_eq(told(&b, B), 2);
	bare_reload(
		&b, HEAD POLICY("10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24") "neighbors:\n" PEER(3,
			    ", import: in, keep-rejected: true") PEER(4, ", import: accept-all"));
	cr_expect(is_up(&b, A) && is_up(&b, B));
	cr_expect(!b.told[B][0] && b.told[B][1] && b.told[B][2] && b.told[B][3]);
	cr_expect_eq(b.refreshes[A], 0);
	cr_expect_eq(b.notified[A][0], 0);
	bare_fini(&b);
}

Test(core_reload, one_that_keeps_nothing_asks_by_route_refresh)
{
	static struct bare b;

	begin(&b, HEAD POLICY("10.0.0.0/24") "neighbors:\n" PEER(3, ", import: in")
			  PEER(4, ", import: accept-all"));
	cr_expect_eq(told(&b, B), 1);
	bare_reload(&b, HEAD POLICY("10.0.1.0/24") "neighbors:\n" PEER(3, ", import: in")
				PEER(4, ", import: accept-all"));
	cr_expect(is_up(&b, A) && is_up(&b, B));
	cr_expect_eq(told(&b, B), 0);
	cr_expect_eq(b.refreshes[A], 1);
	for (unsigned x = 0; x < 4; x++)
		say(&b, A, x);
	cr_expect(b.told[B][1] && told(&b, B) == 1);
	bare_fini(&b);
}

Test(core_reload, who_goes_is_told_so_and_leaves_nothing)
{
	static struct bare b;

	begin(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all")
			  PEER(4, ", import: accept-all"));
	cr_expect_eq(told(&b, B), 4);
	bare_reload(&b, HEAD "neighbors:\n" PEER(4, ", import: accept-all")
				PEER(5, ", import: accept-all"));
	cr_expect(b.notified[A][0] == WIRE_ERR_CEASE &&
		  b.notified[A][1] == WIRE_CEASE_PEER_DECONFIGURED);
	cr_expect_eq(told(&b, B), 0);
	cr_expect(is_up(&b, B) && !is_up(&b, A));
	bare_up(&b, C);
	say(&b, B, 7);
	cr_expect(b.told[C][7]);
	bare_reload(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all")
				PEER(5, ", import: accept-all"));
	cr_expect(is_up(&b, C) && !is_up(&b, B));
	bare_fini(&b);
}

Test(core_reload, what_the_session_was_made_with_begins_it_anew)
{
	static struct bare b;

	begin(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all")
			  PEER(4, ", import: accept-all"));
	bare_reload(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all, max-prefix: 100")
				PEER(4, ", import: accept-all, gtsm: 1"));
	cr_expect(is_up(&b, A));
	cr_expect(
		b.notified[B][0] == WIRE_ERR_CEASE && b.notified[B][1] == WIRE_CEASE_CONFIG_CHANGE);
	bare_up(&b, B);
	cr_expect_eq(told(&b, B), 4);
	bare_fini(&b);
}

Test(core_reload, a_lower_limit_holds_at_once)
{
	static struct bare b;

	begin(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all")
			  PEER(4, ", import: accept-all"));
	bare_reload(&b, HEAD "neighbors:\n" PEER(3, ", import: accept-all, max-prefix: 3")
				PEER(4, ", import: accept-all"));
	cr_expect_not(is_up(&b, A));
	cr_expect(b.notified[A][0] == WIRE_ERR_CEASE && b.notified[A][1] == WIRE_CEASE_MAX_PREFIX);
	cr_expect_eq(told(&b, B), 0);
	bare_fini(&b);
}

Test(core_reload, export_that_is_refused_takes_back_what_was_told)
{
	static struct bare b;

	begin(&b, HEAD "neighbors:\n" PEER(
			  3, ", import: accept-all") "  - {address: 10.255.0.4, local-address: "
						     "10.255.0.1, as: 65004, families: "
						     "[ipv4-unicast], passive: true, hold-time: 0, "
						     "import: accept-all, export: accept-all}\n");
	cr_expect_eq(told(&b, B), 4);
	bare_reload(&b,
		HEAD "neighbors:\n" PEER(
			3, ", import: accept-all") "  - {address: 10.255.0.4, local-address: "
						   "10.255.0.1, as: 65004, families: "
						   "[ipv4-unicast], passive: true, hold-time: 0, "
						   "import: accept-all, export: refuse-all}\n");
	cr_expect(is_up(&b, B));
	cr_expect_eq(told(&b, B), 0);
	bare_fini(&b);
}

#define OUT(prefixes)                                                                              \
	"sets: [{name: ours, prefixes: [" prefixes "]}]\n"                                         \
	"policies:\n"                                                                              \
	"  - {name: out, default: reject, rules: [{name: ours, match: {prefix: ours}, action: "    \
	"accept}]}\n"
#define CLIENT(n, more)                                                                            \
	"  - {address: 10.255.0." #n ", local-address: 10.255.0.1, as: 6500" #n                    \
	", families: [ipv4-unicast], passive: true, hold-time: 0, import: accept-all" more "}\n"

/* The group goes on with the programs of the next configuration: the ones that it had are freed. */
Test(core_reload, export_policies_are_followed_and_who_keeps_his_hears_nothing)
{
	static struct bare b;

	begin(&b, HEAD OUT("10.0.1.0/24") "neighbors:\n" CLIENT(3, ", export: accept-all")
			  CLIENT(4, ", export: out"));
	cr_expect(b.told[B][1] && told(&b, B) == 1);
	unsigned heard = b.updates[B];
	bare_reload(&b, HEAD OUT("10.0.1.0/24") "neighbors:\n" CLIENT(4, ", export: out")
				CLIENT(3, ", export: accept-all, max-prefix: 100"));
	cr_expect_eq(b.updates[B], heard);
	say(&b, A, 1);
	say(&b, A, 5);
	cr_expect(b.told[B][1] && told(&b, B) == 1);
	bare_reload(
		&b, HEAD OUT("10.0.2.0/24, 10.0.5.0/24") "neighbors:\n" CLIENT(
			    3, ", export: accept-all, max-prefix: 100") CLIENT(4, ", export: out"));
	cr_expect(is_up(&b, A) && is_up(&b, B));
	cr_expect(!b.told[B][1] && b.told[B][2] && b.told[B][5] && told(&b, B) == 2);
	bare_reload(&b, HEAD OUT("10.0.2.0/24, 10.0.5.0/24") "neighbors:\n" CLIENT(
				3, ", export: out") CLIENT(4, ", export: accept-all"));
	cr_expect_eq(told(&b, B), 5);
	bare_fini(&b);
}

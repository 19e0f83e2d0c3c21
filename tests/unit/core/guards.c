/* What mplsfwd says of guards: kept in bounded memory, whatever it says. */
#include "bgpd/core/guards.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/bare.h"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"mpls: {labels: 100000-100001, quarantine: 30}\n"
	"acls:\n"
	"  - {name: a, aces: [{name: a1, matches: {ipv4: {protocol: tcp}}, actions: {forwarding: "
	"drop}},\n"
	"                     {name: a2, matches: {ipv4: {protocol: udp}}, actions: {forwarding: "
	"drop}}]}\n"
	"  - {name: b, aces: [{name: b1, matches: {ipv4: {protocol: icmp}}, actions: {forwarding: "
	"drop}}]}\n"
	"ports:\n"
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/30], acl: [a]}\n"
	"vrfs:\n"
	"  - {name: red, table: 1001, rd: \"65000:1\", import: [\"65000:1\"], export: "
	"[\"65000:1\"], acl: [b]}\n";

static void say(struct bare *b, struct fib_msg m)
{
	bare_step(b, &(struct event){.kind = EV_FIB, .vrf = FIB_VRF_CORE, .fib = m});
}

Test(core_guards, the_last_drops_are_kept)
{
	struct bare b;

	bare_init(&b, yaml, 1);
	cr_expect_null(core_guards_recent(b.router, 0));
	for (unsigned i = 0; i < CORE_DROPS_MAX + 10; i++)
		say(&b, (struct fib_msg){.type = FIB_GUARD_DROP, .drop = {.time_ms = i}});
	cr_expect_eq(core_guards_recent(b.router, 0)->drop.time_ms, CORE_DROPS_MAX + 9u);
	cr_expect_eq(core_guards_recent(b.router, CORE_DROPS_MAX - 1)->drop.time_ms, 10u);
	cr_expect_null(core_guards_recent(b.router, CORE_DROPS_MAX));
	bare_fini(&b);
}

Test(core_guards, unknown_devices_come_and_go_and_are_only_so_many)
{
	struct bare b;

	bare_init(&b, yaml, 1);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < CORE_UNKNOWN_MAX + 5; i++) {
			struct fib_msg m = {.type = FIB_GUARD_PORT,
				.port = FIB_PORT_UNKNOWN,
				.guard = FIB_GUARD_CLOSED,
				.guard_drifts = round};
			snprintf(m.name, sizeof(m.name), "veth%u", i);
			say(&b, m);
		}
	const struct core_guards *g = b.router->guards;
	cr_expect_eq(g->n_unknown, CORE_UNKNOWN_MAX);
	cr_expect_eq(g->unknown[0].drifts, 1u);
	cr_expect_gt(g->unknown_left_out, 0u);
	for (unsigned i = 0; i < 2; i++) /* the second is of a device that there was no room for */
		say(&b, (struct fib_msg){.type = FIB_GUARD_COUNT,
				.port = FIB_PORT_UNKNOWN,
				.guard_reason = ACL_L2_VLAN_NOT_AGREED,
				.guard_count = 5 + i,
				.name = {'v', 'e', 't', 'h', i ? 'x' : '1'}});
	cr_expect_eq(g->unknown[1].counts[ACL_L2_VLAN_NOT_AGREED], 5u);
	cr_expect_eq(g->unknown[0].counts[ACL_L2_VLAN_NOT_AGREED], 0u);
	say(&b, (struct fib_msg){.type = FIB_GUARD_PORT,
			.port = FIB_PORT_UNKNOWN,
			.guard = FIB_GUARD_CLOSED,
			.name = "veth1"});
	cr_expect_eq(g->unknown[1].counts[ACL_L2_VLAN_NOT_AGREED], 0u, "until they are said again");
	for (unsigned i = 0; i < CORE_UNKNOWN_MAX + 5; i++) {
		struct fib_msg m = {.type = FIB_GUARD_PORT, .port = FIB_PORT_UNKNOWN};
		snprintf(m.name, sizeof(m.name), "veth%u", i);
		say(&b, m);
	}
	cr_expect(g->n_unknown == 0 && g->unknown_left_out == 0);
	bare_fini(&b);
}

Test(core_guards, rules_are_the_ports_and_then_the_vrfs)
{
	static const char *const names[] = {"a1", "a2", "b1"};
	const struct acl_list *list;
	const struct acl_ace *ace;
	struct bare b;

	bare_init(&b, yaml, 1);
	cr_assert_eq(b.router->ports[0].guard.n_rules, 3u);
	for (unsigned i = 0; i < 3; i++) {
		cr_assert(core_guards_ace(b.conf, 0, i, &list, &ace));
		cr_expect_str_eq(ace->name, names[i]);
	}
	cr_expect_not(core_guards_ace(b.conf, 0, 3, &list, &ace));
	cr_expect_not(core_guards_ace(b.conf, 1, 0, &list, &ace));
	say(&b, (struct fib_msg){.type = FIB_GUARD_RULE, .guard_rule = 2, .guard_count = 7});
	cr_expect_eq(b.router->ports[0].guard.rules[2], 7u);
	say(&b, (struct fib_msg){.type = FIB_GUARD_RULE, .guard_rule = 3, .guard_count = 7});
	say(&b, (struct fib_msg){.type = FIB_GUARD_RULE, .port = 1, .guard_count = 7});
	say(&b, (struct fib_msg){.type = FIB_GUARD_PORT, .guard = FIB_GUARD_OPEN});
	cr_expect_eq(
		b.router->ports[0].guard.rules[2], 0u, "the round that follows says them again");
	cr_expect_eq(b.router->ports[0].guard.state, FIB_GUARD_OPEN);
	bare_fini(&b);
}

/* What two OPENs agree on: capabilities by direction, and roles. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "bgpd/fsm/nego.h"
#include "tests/unit/fsm/bench.h"

#define IPV4 WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)
#define VPN  WIRE_FAMILY_BIT(WIRE_VPNV4)
#define RTC  WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT)

static struct wire_ctx agree(const struct fsm_conf *conf, const struct wire_open *theirs)
{
	struct wire_fault fault;
	struct wire_ctx ctx;

	cr_assert(fsm_nego_check(conf, theirs, &ctx, &fault), "%s", fault.why);
	return ctx;
}

Test(fsm_nego, both_must_have_said_it)
{
	for (unsigned i = 0; i < 4; i++) {
		struct wire_open open = bench_their_open();
		struct bench b;

		bench_init(&b);
		b.p.conf.extended_message = i & 1;
		b.p.conf.extended_next_hop = i & 1 ? IPV4 | VPN : 0;
		open.extended_message = i & 2;
		open.extended_next_hop = i & 2 ? IPV4 | VPN : 0;
		open.enhanced_refresh = i & 2;
		struct wire_ctx ctx = agree(&b.p.conf, &open);
		cr_expect_eq(ctx.msg_max, i == 3 ? 65535 : 4096);
		cr_expect_eq(ctx.extended_next_hop, i == 3 ? IPV4 : 0u, "of agreed families only");
		cr_expect_eq(ctx.enhanced_refresh, (i & 2) != 0);
	}
}

/* RFC 7911 4: who may send is who said so to one that said it can receive. */
Test(fsm_nego, add_path_by_direction)
{
	struct wire_open open = bench_their_open();
	struct bench b;

	bench_init(&b);
	b.p.conf.families = open.families = IPV4 | VPN | RTC;
	b.p.conf.add_path_receive = IPV4 | VPN;
	b.p.conf.add_path_send = IPV4;
	open.add_path_send = VPN | RTC;
	open.add_path_receive = IPV4 | VPN;
	struct wire_ctx ctx = agree(&b.p.conf, &open);
	cr_expect_eq(ctx.add_path_rx, VPN);
	cr_expect_eq(ctx.add_path_tx, IPV4);
	open.families = IPV4;
	ctx = agree(&b.p.conf, &open);
	cr_expect_eq(ctx.add_path_rx, 0u);
}

Test(fsm_nego, our_open_says_what_is_configured)
{
	struct bench b;

	bench_init(&b);
	struct wire_open open = fsm_nego_open(&b.p.conf);
	cr_expect(open.as4 && open.refresh && open.enhanced_refresh);
	cr_expect(!open.extended_message && !open.extended_next_hop && !open.add_path_send);
	cr_expect_eq(open.role, WIRE_ROLE_NONE);
	b.p.conf.extended_message = true;
	b.p.conf.add_path_send = IPV4 | VPN;
	b.p.conf.role = 3;
	b.p.conf.restart = (struct wire_restart){.sent = true, .time_s = 120};
	open = fsm_nego_open(&b.p.conf);
	cr_expect(open.extended_message && open.restart.sent && open.restart.time_s == 120);
	cr_expect_eq(open.add_path_send, IPV4, "only of families of the session");
	cr_expect_eq(open.role, 3);
}

/* RFC 9234 4.2, table 2: every pair of roles, none and unassigned ones among them. */
Test(fsm_nego, roles)
{
	static const uint8_t roles[] = {0, 1, 2, 3, 4, 7, WIRE_ROLE_NONE};
	static const char *const good = "0/3 3/0 1/2 2/1 4/4 ";

	for (unsigned i = 0; i < sizeof(roles); i++)
		for (unsigned j = 0; j < sizeof(roles) * 2; j++) {
			struct wire_open open = bench_their_open();
			struct wire_fault fault;
			struct wire_ctx ctx;
			struct bench b;
			char pair[8];
			bool strict = j >= sizeof(roles);
			uint8_t ours = roles[i], theirs = roles[j % sizeof(roles)];

			bench_init(&b);
			b.p.conf.role = ours;
			b.p.conf.role_strict = strict;
			open.role = theirs;
			snprintf(pair, sizeof(pair), "%u/%u ", ours % 10, theirs % 10);
			bool want = ours == WIRE_ROLE_NONE ||
				    (theirs == WIRE_ROLE_NONE ? !strict
							      : theirs < 5 && ours < 5 &&
									strstr(good, pair) != NULL);
			bool ok = fsm_nego_check(&b.p.conf, &open, &ctx, &fault);
			cr_expect_eq(ok, want, "%s strict %d", pair, strict);
			cr_expect(ok || (fault.code == 2 && fault.subcode == 11));
		}
}

/* Several different roles are refused even by who has none (RFC 9234 4.2). */
Test(fsm_nego, role_conflict)
{
	struct wire_open open = bench_their_open();
	struct wire_fault fault;
	struct wire_ctx ctx;
	struct bench b;

	bench_init(&b);
	open.role = 3;
	open.role_conflict = true;
	cr_assert_not(fsm_nego_check(&b.p.conf, &open, &ctx, &fault));
	cr_assert_eq(fault.subcode, 11);
}

/* Two connections at once (RFC 4271 6.8): who survives, in every order that the OPENs can come in. */
#include <criterion/criterion.h>

#include "bgpd/fsm/nego.h"
#include "bgpd/wire/family.h"
#include "tests/unit/fsm/bench.h"

#define LOWER  0x0a000001
#define EQUAL  0x0a000002
#define HIGHER 0x0a000003

static void both_open_sent(struct bench *b)
{
	bench_init(b);
	bench_simple(b, FSM_IN_START, FSM_OUTBOUND);
	bench_simple(b, FSM_IN_TCP_UP, FSM_INBOUND);
	bench_simple(b, FSM_IN_TCP_UP, FSM_OUTBOUND);
	cr_assert_eq(b->p.conn[FSM_OUTBOUND].state, FSM_OPENSENT);
	cr_assert_eq(b->p.conn[FSM_INBOUND].state, FSM_OPENSENT);
}

struct collision {
	uint32_t their_id, their_as;
	enum fsm_slot first, second; /* whose OPEN comes first */
	enum fsm_slot winner;
};

Test(fsm_collision, both_in_open_sent)
{
	static const struct collision cases[] = {
		{LOWER, 65001, FSM_OUTBOUND, FSM_INBOUND, FSM_OUTBOUND},
		{LOWER, 65001, FSM_INBOUND, FSM_OUTBOUND, FSM_OUTBOUND},
		{HIGHER, 65001, FSM_OUTBOUND, FSM_INBOUND, FSM_INBOUND},
		{HIGHER, 65001, FSM_INBOUND, FSM_OUTBOUND, FSM_INBOUND},
		{EQUAL, 65001, FSM_OUTBOUND, FSM_INBOUND, FSM_INBOUND}, /* RFC 6286 2.3 */
		{EQUAL, 64999, FSM_OUTBOUND, FSM_INBOUND, FSM_OUTBOUND},
		{EQUAL, 64999, FSM_INBOUND, FSM_OUTBOUND, FSM_OUTBOUND},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct collision *c = &cases[i];
		struct wire_open open = bench_their_open();
		struct bench b;

		both_open_sent(&b);
		open.id = c->their_id;
		open.as = b.p.conf.peer_as = c->their_as;
		cr_expect_str_eq(bench_open(&b, c->first, &open), "keepalive", "case %u", i);
		const char *words = bench_open(&b, c->second, &open);
		cr_expect_str_eq(words,
			c->winner == c->second ? "6/7 close keepalive" : "6/7 close", "case %u: %s",
			i, words);
		cr_expect_eq(b.p.conn[c->winner].state, FSM_OPENCONFIRM, "case %u", i);
		cr_expect_eq(b.p.conn[!c->winner].state, FSM_IDLE, "case %u", i);
		cr_expect_eq(b.p.failures, 0u, "case %u: a collision is no failure", i);
		cr_expect_str_eq(bench_msg(&b, c->winner, WIRE_KEEPALIVE), "up", "case %u", i);
	}
}

/* The newly created one goes, whatever the identifiers say. */
Test(fsm_collision, established_wins)
{
	static const uint32_t ids[] = {LOWER, HIGHER};

	for (unsigned slot = 0; slot < FSM_SLOTS; slot++)
		for (unsigned i = 0; i < 2; i++) {
			struct wire_open open = bench_their_open();
			struct bench b;

			both_open_sent(&b);
			open.id = ids[i];
			bench_open(&b, slot, &open);
			bench_msg(&b, slot, WIRE_KEEPALIVE);
			cr_expect_str_eq(bench_open(&b, !slot, &open), "6/7 close");
			cr_expect_eq(b.p.conn[slot].state, FSM_ESTABLISHED);
			cr_expect_eq(b.p.conn[!slot].state, FSM_IDLE);
		}
}

Test(fsm_collision, open_confirm_against_open_confirm_is_decided_at_the_second_open)
{
	struct wire_open open = bench_their_open();
	struct bench b;

	both_open_sent(&b);
	open.id = HIGHER;
	bench_open(&b, FSM_OUTBOUND, &open);
	cr_assert_eq(b.p.conn[FSM_OUTBOUND].state, FSM_OPENCONFIRM);
	cr_assert_eq(b.p.conn[FSM_INBOUND].state, FSM_OPENSENT);
	bench_open(&b, FSM_INBOUND, &open);
	cr_assert_eq(b.p.conn[FSM_OUTBOUND].state, FSM_IDLE);
	/* their Cease for the loser may still come: nothing happens */
	cr_assert_str_eq(bench_msg(&b, FSM_OUTBOUND, WIRE_NOTIFICATION), "");
	cr_assert_str_eq(bench_msg(&b, FSM_INBOUND, WIRE_KEEPALIVE), "up");
}

Test(fsm_collision, a_bad_open_on_one_leaves_the_other_alone)
{
	struct wire_open bad = bench_their_open();
	struct bench b;

	both_open_sent(&b);
	bench_msg(&b, FSM_INBOUND, WIRE_OPEN);
	bad.as = 65099;
	cr_assert_str_eq(bench_open(&b, FSM_OUTBOUND, &bad), "2/2 close");
	cr_assert_eq(b.p.failures, 0u);
	cr_assert_str_eq(bench_msg(&b, FSM_INBOUND, WIRE_KEEPALIVE), "up");
}

Test(fsm_collision, the_loser_heard_of_first)
{
	struct bench b;

	both_open_sent(&b);
	bench_msg(&b, FSM_INBOUND, WIRE_OPEN);
	cr_assert_str_eq(bench_msg(&b, FSM_OUTBOUND, WIRE_NOTIFICATION), "close");
	cr_assert_eq(b.p.failures, 0u);
	cr_assert_str_eq(bench_msg(&b, FSM_INBOUND, WIRE_KEEPALIVE), "up");
}

Test(fsm_collision, established_gives_up_the_dial)
{
	struct bench b;

	bench_init(&b);
	bench_simple(&b, FSM_IN_START, FSM_OUTBOUND);
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	bench_msg(&b, FSM_INBOUND, WIRE_OPEN);
	cr_assert_str_eq(bench_msg(&b, FSM_INBOUND, WIRE_KEEPALIVE), "close up");
	cr_assert_not(b.p.dialling);
}

Test(fsm_collision, a_silent_caller_does_not_keep_us_from_dialling)
{
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ACTIVE);
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_timer(&b, b.p.retry_at_ms), "dial");
	bench_simple(&b, FSM_IN_TCP_UP, FSM_OUTBOUND);
	bench_msg(&b, FSM_OUTBOUND, WIRE_OPEN);
	cr_assert_str_eq(bench_msg(&b, FSM_OUTBOUND, WIRE_KEEPALIVE), "up");
}

Test(fsm_nego, outcomes)
{
	struct wire_open open = bench_their_open();
	struct wire_fault fault;
	struct wire_ctx ctx;
	struct bench b;

	bench_init(&b);
	cr_assert(fsm_nego_check(&b.p.conf, &open, &ctx, &fault));
	cr_assert(ctx.as4 && ctx.refresh && ctx.ebgp);

	open.mp = false; /* no multiprotocol capability at all: IPv4 unicast (RFC 4760 8) */
	open.families = 0;
	cr_assert(fsm_nego_check(&b.p.conf, &open, &ctx, &fault));
	cr_assert_eq(ctx.families, WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST));

	b.p.conf.families = WIRE_FAMILY_BIT(WIRE_VPNV4);
	cr_assert_not(fsm_nego_check(&b.p.conf, &open, &ctx, &fault));
	static const uint8_t wanted[] = {1, 4, 0, 1, 0, 128};
	cr_assert_eq(fault.code, 2);
	cr_assert_eq(fault.subcode, 7);
	cr_assert_eq(fault.data_len, sizeof(wanted));
	cr_assert_arr_eq(fault.data, wanted, sizeof(wanted));

	open = bench_their_open();
	b.p.conf.peer_as = b.p.conf.local_as = open.as;
	open.id = b.p.conf.local_id; /* ourselves, or a copy of our configuration */
	cr_assert_not(fsm_nego_check(&b.p.conf, &open, &ctx, &fault));
	cr_assert_eq(fault.subcode, 3);
}

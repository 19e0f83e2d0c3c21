/* Every timer, in virtual time. */
#include <criterion/criterion.h>

#include "bgpd/fsm/backoff.h"
#include "lib/timerq.h"
#include "tests/unit/fsm/bench.h"

Test(fsm_timers, silent_caller_is_cut_by_the_large_hold_timer)
{
	struct bench b;

	bench_init(&b);
	b.p.conf.passive = true;
	bench_simple(&b, FSM_IN_START, FSM_OUTBOUND);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "open");
	cr_assert_eq(fsm_peer_deadline(&b.p), b.now_ms + 240000);
	cr_assert_str_eq(bench_timer(&b, b.now_ms + 239999), "");
	cr_assert_str_eq(bench_timer(&b, b.now_ms + 1), "4/0 close");
}

Test(fsm_timers, hold_is_the_smaller_one_and_signs_of_life_restart_it)
{
	struct bench b;
	uint64_t start;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	start = b.now_ms;
	cr_assert_eq(b.p.hold_ms, 30000u);
	b.p.conn[FSM_OUTBOUND].keepalive_at_ms = TIMERQ_NEVER;
	cr_assert_str_eq(bench_timer(&b, start + 29999), "");
	bench_msg(&b, FSM_OUTBOUND, WIRE_UPDATE);
	cr_assert_str_eq(bench_timer(&b, start + 50000), "");
	bench_msg(&b, FSM_OUTBOUND, WIRE_KEEPALIVE);
	cr_assert_str_eq(bench_timer(&b, start + 79999), "");
	cr_assert_str_eq(bench_timer(&b, start + 80000), "4/0 close down");
}

Test(fsm_timers, hold_zero_means_no_timers)
{
	struct wire_open open = bench_their_open();
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_OPENSENT);
	open.hold_s = 0;
	bench_open(&b, FSM_OUTBOUND, &open);
	bench_msg(&b, FSM_OUTBOUND, WIRE_KEEPALIVE);
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
}

/* Whoever OPENs with hold time 0 and then says nothing would otherwise keep its slot, and us from dialling, for ever. */
Test(fsm_timers, hold_zero_does_not_make_openconfirm_last)
{
	struct wire_open open = bench_their_open();
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_INBOUND, FSM_OPENSENT);
	open.hold_s = 0;
	bench_open(&b, FSM_INBOUND, &open);
	cr_assert_eq(fsm_peer_state(&b.p), FSM_OPENCONFIRM);
	cr_assert_eq(b.p.conn[FSM_INBOUND].hold_at_ms, b.now_ms + 240000);
	b.p.retry_at_ms = TIMERQ_NEVER;
	cr_assert_str_eq(bench_timer(&b, b.now_ms + 240000), "4/0 close");
}

Test(fsm_timers, keepalives_come_at_75_to_100_percent_of_a_third)
{
	struct bench b;
	uint64_t lowest = UINT64_MAX, highest = 0;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t at = b.p.conn[FSM_OUTBOUND].keepalive_at_ms, gap = at - b.now_ms;

		b.p.conn[FSM_OUTBOUND].hold_at_ms = TIMERQ_NEVER;
		lowest = gap < lowest ? gap : lowest;
		highest = gap > highest ? gap : highest;
		cr_assert_str_eq(bench_timer(&b, at), "keepalive");
	}
	cr_assert(lowest >= 7500 && lowest < 7700, "%llu", (unsigned long long)lowest);
	cr_assert(highest <= 10000 && highest > 9800, "%llu", (unsigned long long)highest);
}

Test(fsm_timers, connect_retry_is_jittered_and_goes_on)
{
	struct bench b;

	bench_init(&b);
	bench_simple(&b, FSM_IN_START, FSM_OUTBOUND);
	for (unsigned i = 0; i < 100; i++) {
		bench_simple(&b, FSM_IN_TCP_DOWN, FSM_OUTBOUND);
		uint64_t gap = fsm_peer_deadline(&b.p) - b.now_ms;

		cr_assert(gap >= 15000 && gap <= 20000);
		cr_assert_str_eq(bench_timer(&b, fsm_peer_deadline(&b.p)), "dial");
	}
}

Test(fsm_timers, passive_never_dials)
{
	struct bench b;

	bench_init(&b);
	b.p.conf.passive = true;
	cr_assert_str_eq(bench_simple(&b, FSM_IN_START, FSM_OUTBOUND), "");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_ACTIVE);
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "open");
}

/* A peer with the wrong AS: each failure costs about twice as long, up to a minute, and nobody gets in meanwhile. */
Test(fsm_timers, idle_hold_grows)
{
	struct wire_open open = bench_their_open();
	uint64_t want = 1000;
	struct bench b;

	bench_init(&b);
	bench_simple(&b, FSM_IN_START, FSM_OUTBOUND);
	open.as = 65099;
	for (unsigned i = 0; i < 10; i++) {
		bench_simple(&b, FSM_IN_TCP_UP, FSM_OUTBOUND);
		cr_assert_str_eq(bench_open(&b, FSM_OUTBOUND, &open), "2/2 close");
		uint64_t gap = fsm_peer_deadline(&b.p) - b.now_ms;

		cr_assert(gap >= want * 3 / 4 && gap <= want, "failure %u: %llu ms", i + 1,
			(unsigned long long)gap);
		cr_assert_eq(fsm_peer_state(&b.p), i ? FSM_IDLE : FSM_ACTIVE);
		if (i)
			cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "close");
		cr_assert_str_eq(bench_timer(&b, fsm_peer_deadline(&b.p)), "dial");
		want = want * 2 > FSM_IDLE_HOLD_MAX_MS ? FSM_IDLE_HOLD_MAX_MS : want * 2;
	}
}

/* The same while our own dial gets no answer: it must not keep the door open. */
Test(fsm_timers, idle_hold_also_under_a_dial_without_answer)
{
	struct wire_open open = bench_their_open();
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_CONNECT);
	open.as = 65099;
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_open(&b, FSM_INBOUND, &open), "2/2 close");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_CONNECT);
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_open(&b, FSM_INBOUND, &open), "2/2 close close");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_IDLE);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "close");
	cr_assert_str_eq(bench_timer(&b, fsm_peer_deadline(&b.p)), "dial");
}

Test(fsm_timers, a_settled_session_ends_the_row_of_failures)
{
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	b.p.failures = 5;
	b.p.conn[FSM_OUTBOUND].hold_at_ms = TIMERQ_NEVER;
	b.now_ms += 30000;
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_DOWN, FSM_OUTBOUND), "down");
	cr_assert_eq(b.p.failures, 1u);
	cr_assert(fsm_peer_deadline(&b.p) <= b.now_ms + 1000);
}

Test(fsm_timers, stop_stops_all)
{
	struct bench b;

	for (unsigned s = FSM_IDLE; s < FSM_STATES; s++) {
		bench_init(&b);
		bench_reach(&b, FSM_OUTBOUND, s);
		bench_simple(&b, FSM_IN_STOP, FSM_OUTBOUND);
		cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	}
}

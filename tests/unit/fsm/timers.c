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

/* RFC 9687 4: from when the last octet was taken, not from when the shell noticed; any progress ends it. */
Test(fsm_timers, send_hold_runs_from_the_last_octet_taken)
{
	struct bench b;
	uint64_t start;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	start = b.now_ms;
	b.p.conn[FSM_OUTBOUND].hold_at_ms = b.p.conn[FSM_OUTBOUND].keepalive_at_ms = TIMERQ_NEVER;
	bench_step(&b, &(struct fsm_input){.kind = FSM_IN_STALLED, .ago_ms = 1000});
	b.now_ms += 5000;
	bench_step(&b, &(struct fsm_input){.kind = FSM_IN_STALLED, .ago_ms = 1000});
	cr_assert_eq(fsm_peer_deadline(&b.p), start + 479000);
	cr_assert_str_eq(bench_timer(&b, start + 478999), "");
	bench_simple(&b, FSM_IN_TAKEN, FSM_OUTBOUND);
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	cr_assert_str_eq(bench_timer(&b, start + 479000), "");
	bench_step(&b, &(struct fsm_input){.kind = FSM_IN_STALLED, .ago_ms = 1000});
	cr_assert_str_eq(bench_timer(&b, fsm_peer_deadline(&b.p)), "8/0 close down");
	cr_assert_eq(b.now_ms, start + 479000 + 479000);
	cr_assert_eq(b.p.send_holds, 1u);
}

Test(fsm_timers, send_hold_off_and_before_established)
{
	struct bench b;

	bench_init(&b);
	b.p.conf.send_hold_s = 0;
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	bench_simple(&b, FSM_IN_STALLED, FSM_OUTBOUND);
	cr_assert_eq(b.p.conn[FSM_OUTBOUND].send_hold_at_ms, TIMERQ_NEVER);

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_OPENCONFIRM);
	bench_simple(&b, FSM_IN_STALLED, FSM_OUTBOUND);
	b.p.conn[FSM_OUTBOUND].hold_at_ms = TIMERQ_NEVER;
	b.p.conn[FSM_OUTBOUND].keepalive_at_ms = TIMERQ_NEVER;
	b.p.retry_at_ms = TIMERQ_NEVER;
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	cr_assert_str_eq(bench_timer(&b, b.now_ms + 480000), "");
	bench_msg(&b, FSM_OUTBOUND, WIRE_KEEPALIVE);
	cr_assert_eq(fsm_peer_deadline(&b.p), b.now_ms); /* it has waited all along */
}

/* An operator over there who resets the session again and again must not lock us out for a minute; nor is it free. */
Test(fsm_timers, administrative_ceases_do_not_grow_the_back_off)
{
	static const uint8_t hard[] = {6, 9, 6, 4}, other[] = {6, 8};
	struct bench b;
	struct fsm_input in = {.kind = FSM_IN_MSG, .msg = {WIRE_NOTIFICATION, hard, sizeof(hard)}};

	bench_init(&b);
	for (unsigned i = 0; i < 20; i++) {
		bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
		if (i % 2)
			bench_step(&b, &in);
		else
			bench_msg(&b, FSM_OUTBOUND, WIRE_NOTIFICATION);
		uint64_t gap = fsm_peer_deadline(&b.p) - b.now_ms;

		cr_assert(gap <= 4000 && gap >= 750, "%u: %llu ms", i, (unsigned long long)gap);
		cr_assert_str_eq(bench_timer(&b, fsm_peer_deadline(&b.p)), "dial");
	}
	in.msg = (struct wire_msg){WIRE_NOTIFICATION, other, sizeof(other)};
	for (unsigned i = 0; i < 6; i++) { /* control: of another kind they do grow */
		bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
		bench_step(&b, &in);
		bench_timer(&b, fsm_peer_deadline(&b.p));
	}
	cr_assert_gt(b.p.failures, 8u);
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

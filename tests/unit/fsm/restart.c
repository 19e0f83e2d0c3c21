/* How a session ends, and what that means for routes that could outlive it (RFC 4724, RFC 8538). */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/fsm/nego.h"
#include "bgpd/wire/notify.h"
#include "tests/unit/fsm/bench.h"

#define IPV4 WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)

static const struct wire_restart ours = {.sent = true, .notification = true};

static struct wire_open their_open(bool notification)
{
	struct wire_open open = bench_their_open();

	open.restart = (struct wire_restart){
		.sent = true, .notification = notification, .time_s = 120, .families = IPV4};
	return open;
}

/* Established, on the connection that they dialled. */
static void established(struct bench *b, const struct wire_open *open)
{
	bench_init(b);
	b->p.conf.restart = ours;
	b->p.conf.passive = true;
	bench_simple(b, FSM_IN_START, FSM_OUTBOUND);
	bench_simple(b, FSM_IN_TCP_UP, FSM_INBOUND);
	bench_open(b, FSM_INBOUND, open);
	cr_assert_str_eq(bench_msg(b, FSM_INBOUND, WIRE_KEEPALIVE), "up");
}

static bool keeps(const struct bench *b)
{
	return fsm_nego_keeps(&b->p.conf, &b->p.open, b->p.loss);
}

static const char *notified(struct bench *b, const uint8_t *body, uint16_t len)
{
	return bench_step(b, &(struct fsm_input){.kind = FSM_IN_MSG,
				     .slot = FSM_INBOUND,
				     .msg = {WIRE_NOTIFICATION, body, len}});
}

Test(fsm_restart, what_ends_a_session_decides_what_outlives_it)
{
	static const uint8_t reset[] = {6, 4}, hard[] = {6, 9, 6, 2}, short_hard[] = {6, 9};
	const struct wire_fault fault = {.action = WIRE_RESET, .code = 3, .subcode = 1};

	for (unsigned n = 0; n < 2; n++) {
		struct wire_open open = their_open(n);
		struct bench b;

		established(&b, &open);
		cr_expect_str_eq(bench_simple(&b, FSM_IN_TCP_DOWN, FSM_INBOUND), "down");
		cr_expect(keeps(&b), "N %u: TCP is lost", n);
		established(&b, &open);
		cr_expect_str_eq(bench_timer(&b, b.now_ms + 30000), "4/0 close down");
		cr_expect_eq(keeps(&b), n, "N %u: hold timer", n);
		established(&b, &open);
		cr_expect_str_eq(notified(&b, reset, sizeof(reset)), "close down");
		cr_expect_eq(keeps(&b), n, "N %u: Cease/4", n);
		established(&b, &open);
		cr_expect_str_eq(notified(&b, hard, sizeof(hard)), "close down");
		cr_expect_not(keeps(&b), "N %u: Hard Reset", n);
		cr_expect(strstr(b.p.reason, "Administrative Shutdown"), "%s", b.p.reason);
		established(&b, &open);
		cr_expect_str_eq(notified(&b, short_hard, sizeof(short_hard)), "close down");
		cr_expect_not(keeps(&b), "N %u: Hard Reset without a reason", n);
		established(&b, &open);
		bench_step(&b, &(struct fsm_input){
				       .kind = FSM_IN_FAULT, .slot = FSM_INBOUND, .fault = &fault});
		cr_expect_eq(keeps(&b), n, "N %u: a fault of theirs", n);
	}
}

/* Positive control: whoever has not said that he knows restarts, has none. */
Test(fsm_restart, nothing_is_kept_unless_both_have_said_so)
{
	struct wire_open open = their_open(true), plain = bench_their_open();
	struct bench b;

	established(&b, &plain);
	bench_simple(&b, FSM_IN_TCP_DOWN, FSM_INBOUND);
	cr_assert_not(keeps(&b));
	established(&b, &open);
	b.p.conf.restart = (struct wire_restart){0};
	bench_simple(&b, FSM_IN_TCP_DOWN, FSM_INBOUND);
	cr_assert_not(keeps(&b));
}

/* RFC 8538 4: what an operator ends here is meant for good, and says so if the other side would go on otherwise. */
Test(fsm_restart, a_stop_is_a_hard_reset_with_the_reason_inside)
{
	struct fsm_input stop = {
		.kind = FSM_IN_STOP, .subcode = WIRE_CEASE_ADMIN_SHUTDOWN, .text = "by"};
	struct wire_open open = their_open(true);
	struct bench b;

	established(&b, &open);
	cr_assert_str_eq(bench_step(&b, &stop), "6/9 close down");
	cr_assert(memcmp(b.out.octets + b.out.list[0].at + 21, "\6\2\2by", 5) == 0);
	cr_assert_not(keeps(&b));
	open = their_open(false);
	established(&b, &open);
	cr_assert_str_eq(bench_step(&b, &stop), "6/2 close down");
	stop.subcode = FSM_STOP_SILENT;
	established(&b, &open);
	cr_assert_str_eq(bench_step(&b, &stop), "close down");
}

/* RFC 4724 4.2: the peer was gone without a word and dials again. */
Test(fsm_restart, an_open_on_a_new_connection_ends_the_session_on_the_old_one)
{
	struct wire_open open = their_open(false);
	struct bench b;

	established(&b, &open);
	b.now_ms += 10000;
	cr_assert(fsm_peer_yield(&b.p));
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "open");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_ESTABLISHED, "only an OPEN is proof");
	open.restart.restarting = true;
	cr_assert_str_eq(bench_open(&b, FSM_INBOUND, &open), "close down keepalive");
	cr_assert(keeps(&b));
	cr_assert_str_eq(bench_msg(&b, FSM_INBOUND, WIRE_KEEPALIVE), "up");
	cr_assert(b.p.open.restart.restarting);
	cr_assert_eq(b.p.conn[FSM_OUTBOUND].state, FSM_IDLE);
}

Test(fsm_restart, a_second_connection_is_a_collision_without_restarts_or_too_soon)
{
	struct wire_open open = their_open(false), plain = bench_their_open();
	struct bench b;

	established(&b, &plain);
	b.now_ms += 10000;
	cr_assert_not(fsm_peer_yield(&b.p));
	established(&b, &open);
	b.now_ms += 1000;
	cr_assert(fsm_peer_yield(&b.p));
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_open(&b, FSM_INBOUND, &open), "6/7 close");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_ESTABLISHED);
	established(&b, &open);
	b.now_ms += 10000;
	cr_assert(fsm_peer_yield(&b.p));
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_open(&b, FSM_INBOUND, &plain), "6/7 close");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_ESTABLISHED);
}

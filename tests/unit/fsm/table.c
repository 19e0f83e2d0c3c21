/* Every state x every input, on both slots: the table at the top of bgpd/fsm/conn.c, as what must come out. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/fsm/conn.h"
#include "bgpd/wire/notify.h"
#include "lib/timerq.h"
#include "tests/unit/fsm/bench.h"

#define SAME                                                                                       \
	{                                                                                          \
		"", -1                                                                             \
	}

struct cell {
	const char *words;
	int next; /* enum fsm_state the peer then shows; -1: stays */
};

/* clang-format off */
static const struct cell expected[FSM_EVENTS][FSM_STATES] = {
	/*                       Idle                 Connect                     Active
				 OpenSent             OpenConfirm                 Established */
	[FSM_EV_START]        = {{"dial", FSM_CONNECT}, SAME, SAME, SAME, SAME, SAME},
	[FSM_EV_STOP]         = {SAME, {"close", FSM_IDLE}, {"", FSM_IDLE},
				 {"6/2 close", FSM_IDLE}, {"6/2 close", FSM_IDLE}, {"6/2 close down", FSM_IDLE}},
	[FSM_EV_UP]           = {{"close", -1}, {"open", FSM_OPENSENT}, {"open", FSM_OPENSENT}, SAME, SAME, SAME},
	[FSM_EV_DOWN]         = {SAME, {"", FSM_ACTIVE}, SAME,
				 {"", FSM_ACTIVE}, {"", FSM_ACTIVE}, {"down", FSM_ACTIVE}},
	[FSM_EV_BLOCKED]      = {SAME, {"", FSM_IDLE}, {"", FSM_IDLE}, SAME, SAME, SAME},
	[FSM_EV_OPEN]         = {SAME, SAME, SAME,
				 {"keepalive", FSM_OPENCONFIRM}, {"5/2 close", FSM_ACTIVE}, {"5/3 close down", FSM_ACTIVE}},
	[FSM_EV_UPDATE]       = {SAME, SAME, SAME,
				 {"5/1 close", FSM_ACTIVE}, {"5/2 close", FSM_ACTIVE}, {"deliver", -1}},
	[FSM_EV_NOTIFICATION] = {SAME, SAME, SAME,
				 {"close", FSM_ACTIVE}, {"close", FSM_ACTIVE}, {"close down", FSM_ACTIVE}},
	[FSM_EV_KEEPALIVE]    = {SAME, SAME, SAME, {"5/1 close", FSM_ACTIVE}, {"up", FSM_ESTABLISHED}, SAME},
	[FSM_EV_REFRESH]      = {SAME, SAME, SAME,
				 {"5/1 close", FSM_ACTIVE}, {"5/2 close", FSM_ACTIVE}, {"deliver", -1}},
	[FSM_EV_FAULT]        = {SAME, SAME, SAME,
				 {"1/2 close", FSM_ACTIVE}, {"1/2 close", FSM_ACTIVE}, {"1/2 close down", FSM_ACTIVE}},
	[FSM_EV_RETRY]        = {SAME, {"close dial", -1}, {"dial", FSM_CONNECT}, SAME, SAME, SAME},
	[FSM_EV_HOLD]         = {SAME, SAME, SAME,
				 {"4/0 close", FSM_ACTIVE}, {"4/0 close", FSM_ACTIVE}, {"4/0 close down", FSM_ACTIVE}},
	[FSM_EV_BEAT]         = {SAME, SAME, SAME, SAME, {"keepalive", -1}, {"keepalive", -1}},
	[FSM_EV_SEND_HOLD]    = {SAME, SAME, SAME, SAME, SAME, {"8/0 close down", FSM_ACTIVE}},
};

/* Dialling is the peer's business, so the inbound slot differs where the dial is meant. */
static const struct cell inbound_blocked[FSM_STATES] = {
	SAME, SAME, {"", FSM_IDLE}, {"6/5 close", FSM_IDLE}, {"6/5 close", FSM_IDLE}, SAME};
static const struct cell inbound_retry[FSM_STATES] = {
	SAME, SAME, {"dial", FSM_CONNECT}, {"dial", -1}, SAME, SAME};
/* clang-format on */

static const struct cell *cell_of(enum fsm_slot slot, enum fsm_event ev, enum fsm_state state)
{
	if (slot == FSM_INBOUND && ev == FSM_EV_BLOCKED)
		return &inbound_blocked[state];
	if (slot == FSM_INBOUND && ev == FSM_EV_RETRY)
		return &inbound_retry[state];
	return &expected[ev][state];
}

static const char *fire(struct bench *b, uint64_t *timer)
{
	/* only this one: whatever else runs is stopped first */
	uint64_t at = *timer == TIMERQ_NEVER ? b->now_ms : *timer;

	for (unsigned s = 0; s < FSM_SLOTS; s++) {
		struct fsm_conn *c = &b->p.conn[s];

		if (&c->hold_at_ms != timer)
			c->hold_at_ms = TIMERQ_NEVER;
		if (&c->keepalive_at_ms != timer)
			c->keepalive_at_ms = TIMERQ_NEVER;
		if (&c->send_hold_at_ms != timer)
			c->send_hold_at_ms = TIMERQ_NEVER;
	}
	if (&b->p.retry_at_ms != timer)
		b->p.retry_at_ms = TIMERQ_NEVER;
	return bench_timer(b, at);
}

static const char *give_msg(struct bench *b, enum fsm_slot slot, enum fsm_event ev)
{
	static const enum wire_msg_type types[FSM_EVENTS] = {
		[FSM_EV_OPEN] = WIRE_OPEN,
		[FSM_EV_UPDATE] = WIRE_UPDATE,
		[FSM_EV_NOTIFICATION] = WIRE_NOTIFICATION,
		[FSM_EV_KEEPALIVE] = WIRE_KEEPALIVE,
		[FSM_EV_REFRESH] = WIRE_REFRESH,
	};

	return bench_msg(b, slot, types[ev]);
}

static const char *give(struct bench *b, enum fsm_slot slot, enum fsm_event ev)
{
	static const struct wire_fault fault = {
		.action = WIRE_RESET, .code = WIRE_ERR_HEADER, .subcode = 2};
	struct fsm_conn *c = &b->p.conn[slot];

	switch (ev) {
	case FSM_EV_START:
		return bench_simple(b, FSM_IN_START, slot);
	case FSM_EV_STOP:
		return bench_simple(b, FSM_IN_STOP, slot);
	case FSM_EV_UP:
		return bench_simple(b, FSM_IN_TCP_UP, slot);
	case FSM_EV_DOWN:
		return bench_simple(b, FSM_IN_TCP_DOWN, slot);
	case FSM_EV_BLOCKED:
		return bench_simple(b, FSM_IN_DIAL_BLOCKED, slot);
	case FSM_EV_FAULT:
		return bench_step(b,
			&(struct fsm_input){.kind = FSM_IN_FAULT, .slot = slot, .fault = &fault});
	case FSM_EV_RETRY:
		return fire(b, &b->p.retry_at_ms);
	case FSM_EV_HOLD:
		return fire(b, &c->hold_at_ms);
	case FSM_EV_BEAT:
		return fire(b, &c->keepalive_at_ms);
	case FSM_EV_SEND_HOLD:
		bench_simple(b, FSM_IN_STALLED, slot);
		return fire(b, &c->send_hold_at_ms);
	default:
		return give_msg(b, slot, ev);
	}
}

static void check_cell(enum fsm_slot slot, enum fsm_event ev, enum fsm_state state)
{
	const struct cell *want = cell_of(slot, ev, state);
	enum fsm_state next = want->next < 0 ? state : (enum fsm_state)want->next;
	struct bench b;

	bench_init(&b);
	bench_reach(&b, slot, state);
	cr_assert(fsm_peer_state(&b.p) == state, "slot %d: no way to %s", slot,
		fsm_state_name(state));
	const char *words = give(&b, slot, ev);
	cr_expect_str_eq(words, want->words, "slot %d event %d in %s: \"%s\", wanted \"%s\"", slot,
		ev, fsm_state_name(state), words, want->words);
	cr_expect(fsm_peer_state(&b.p) == next, "slot %d event %d in %s: then %s, wanted %s", slot,
		ev, fsm_state_name(state), fsm_state_name(fsm_peer_state(&b.p)),
		fsm_state_name(next));
	if (b.p.started && !b.p.blocked && next != FSM_IDLE)
		cr_expect(fsm_peer_deadline(&b.p) != TIMERQ_NEVER || b.p.hold_ms == 0 ||
				  ev >= FSM_EV_RETRY,
			"event %d in %s leaves no timer", ev, fsm_state_name(state));
}

Test(fsm_table, every_state_and_event)
{
	for (unsigned ev = 0; ev < FSM_EVENTS; ev++)
		for (unsigned state = 0; state < FSM_STATES; state++) {
			check_cell(FSM_OUTBOUND, ev, state);
			/* Connect is the dialler's alone; a failed dial is not the inbound slot's business */
			if (state != FSM_CONNECT)
				check_cell(FSM_INBOUND, ev, state);
		}
}

Test(fsm_table, blocked_refuses_both_ways_until_start)
{
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_CONNECT);
	bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_DIAL_BLOCKED, FSM_OUTBOUND), "6/5 close");
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_UP, FSM_INBOUND), "close");
	cr_assert_str_eq(bench_simple(&b, FSM_IN_START, FSM_OUTBOUND), "dial");
}

/* The session that stood when the dial was blocked may end: that is no reason to dial again. */
Test(fsm_table, blocked_outlives_the_session)
{
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_INBOUND, FSM_ESTABLISHED);
	bench_simple(&b, FSM_IN_DIAL_BLOCKED, FSM_OUTBOUND);
	cr_assert_eq(fsm_peer_state(&b.p), FSM_ESTABLISHED);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_TCP_DOWN, FSM_INBOUND), "down");
	cr_assert_eq(fsm_peer_state(&b.p), FSM_IDLE);
	cr_assert_eq(fsm_peer_deadline(&b.p), TIMERQ_NEVER);
	cr_assert_str_eq(bench_simple(&b, FSM_IN_START, FSM_OUTBOUND), "dial");
}

Test(fsm_table, stop_says_why)
{
	static const char text[] = "back at ten";
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	bench_step(&b,
		&(struct fsm_input){
			.kind = FSM_IN_STOP, .subcode = WIRE_CEASE_ADMIN_SHUTDOWN, .text = text});
	cr_assert_eq(b.out.list[0].kind, FSM_OUT_SEND);
	const uint8_t *m = b.out.octets + b.out.list[0].at;
	cr_assert_eq(b.out.list[0].len, 21 + 1 + sizeof(text) - 1);
	cr_assert_eq(m[21], sizeof(text) - 1);
	cr_assert(memcmp(m + 22, text, sizeof(text) - 1) == 0);
}

Test(fsm_table, text_of_a_notification_is_escaped_in_the_reason)
{
	static const uint8_t body[] = {6, 2, 3, 'a', '\n', '"'};
	struct bench b;

	bench_init(&b);
	bench_reach(&b, FSM_OUTBOUND, FSM_ESTABLISHED);
	bench_step(&b, &(struct fsm_input){.kind = FSM_IN_MSG,
			       .slot = FSM_OUTBOUND,
			       .msg = {WIRE_NOTIFICATION, body, sizeof(body)}});
	cr_assert(strstr(b.p.reason, "received Cease"), "%s", b.p.reason);
	cr_assert_null(strchr(b.p.reason, '\n'));
}

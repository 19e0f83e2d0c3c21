#include "bgpd/fsm/peer.h"

#include <stdio.h>

#include "bgpd/fsm/backoff.h"
#include "bgpd/fsm/conn.h"
#include "bgpd/fsm/nego.h"
#include "lib/check.h"
#include "lib/timerq.h"

void fsm_peer_init(struct fsm_peer *p, const struct fsm_conf *conf, uint64_t seed)
{
	*p = (struct fsm_peer){.conf = *conf, .retry_at_ms = TIMERQ_NEVER, .rng = seed};
	for (unsigned s = 0; s < FSM_SLOTS; s++)
		p->conn[s].hold_at_ms = p->conn[s].keepalive_at_ms = p->conn[s].send_hold_at_ms =
			TIMERQ_NEVER;
}

const char *fsm_state_name(enum fsm_state s)
{
	static const char *const names[FSM_STATES] = {
		"Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"};

	CHECK(s < FSM_STATES);
	return names[s];
}

enum fsm_state fsm_peer_state(const struct fsm_peer *p)
{
	enum fsm_state out = p->conn[FSM_OUTBOUND].state, in = p->conn[FSM_INBOUND].state;

	if (out == FSM_IDLE && in == FSM_IDLE)
		return fsm_conn_state(p, FSM_OUTBOUND);
	return out > in ? out : in;
}

bool fsm_peer_yield(struct fsm_peer *p)
{
	struct fsm_conn *in = &p->conn[FSM_INBOUND], *out = &p->conn[FSM_OUTBOUND];

	if (in->state != FSM_ESTABLISHED || out->state != FSM_IDLE || p->dialling ||
		!fsm_nego_keeps(&p->conf, &in->open, FSM_LOSS_TCP))
		return false;
	*out = *in;
	*in = (struct fsm_conn){.hold_at_ms = TIMERQ_NEVER,
		.keepalive_at_ms = TIMERQ_NEVER,
		.send_hold_at_ms = TIMERQ_NEVER};
	return true;
}

uint64_t fsm_peer_deadline(const struct fsm_peer *p)
{
	uint64_t at = p->retry_at_ms;

	for (unsigned s = 0; s < FSM_SLOTS; s++) {
		const struct fsm_conn *c = &p->conn[s];

		if (c->hold_at_ms < at)
			at = c->hold_at_ms;
		if (c->keepalive_at_ms < at)
			at = c->keepalive_at_ms;
		if (c->state == FSM_ESTABLISHED && c->send_hold_at_ms < at)
			at = c->send_hold_at_ms;
	}
	return at;
}

static void on_start(struct fsm_run *run)
{
	run->slot = FSM_OUTBOUND;
	fsm_conn_event(run, FSM_EV_START);
}

static void on_stop(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	for (run->slot = 0; run->slot < FSM_SLOTS; run->slot++)
		fsm_conn_event(run, FSM_EV_STOP);
	run->slot = FSM_OUTBOUND;
	p->started = p->blocked = p->idle_hold = false;
	p->failures = 0;
	p->retry_at_ms = TIMERQ_NEVER;
}

static void on_up(struct fsm_run *run)
{
	fsm_conn_event(run, FSM_EV_UP);
}

static void on_down(struct fsm_run *run)
{
	fsm_conn_event(run, FSM_EV_DOWN);
}

static void on_blocked(struct fsm_run *run)
{
	run->slot = FSM_OUTBOUND;
	fsm_conn_event(run, FSM_EV_BLOCKED);
}

static void on_msg(struct fsm_run *run)
{
	static const enum fsm_event events[] = {
		[WIRE_OPEN] = FSM_EV_OPEN,
		[WIRE_UPDATE] = FSM_EV_UPDATE,
		[WIRE_NOTIFICATION] = FSM_EV_NOTIFICATION,
		[WIRE_KEEPALIVE] = FSM_EV_KEEPALIVE,
		[WIRE_REFRESH] = FSM_EV_REFRESH,
	};

	CHECK(run->in->msg.type >= WIRE_OPEN && run->in->msg.type <= WIRE_REFRESH);
	fsm_conn_event(run, events[run->in->msg.type]);
}

static void on_fault(struct fsm_run *run)
{
	fsm_conn_event(run, FSM_EV_FAULT);
}

static void on_timer(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	for (run->slot = 0; run->slot < FSM_SLOTS; run->slot++) {
		struct fsm_conn *c = &p->conn[run->slot];

		if (c->hold_at_ms <= run->now_ms)
			fsm_conn_event(run, FSM_EV_HOLD);
		if (c->keepalive_at_ms <= run->now_ms)
			fsm_conn_event(run, FSM_EV_BEAT);
		if (c->send_hold_at_ms <= run->now_ms)
			fsm_conn_event(run, FSM_EV_SEND_HOLD);
	}
	run->slot = FSM_OUTBOUND;
	if (p->retry_at_ms <= run->now_ms)
		fsm_conn_event(run, FSM_EV_RETRY);
}

/* It runs from when the last octet was taken, which may be before the session was established (RFC 9687 4). */
static void on_stalled(struct fsm_run *run)
{
	struct fsm_conn *c = &run->p->conn[run->slot];

	if (c->state == FSM_IDLE || !run->p->conf.send_hold_s || c->send_hold_at_ms != TIMERQ_NEVER)
		return;
	c->send_hold_at_ms = run->now_ms + run->p->conf.send_hold_s * 1000ull - run->in->ago_ms;
}

static void on_taken(struct fsm_run *run)
{
	run->p->conn[run->slot].send_hold_at_ms = TIMERQ_NEVER;
}

/* A started peer without a session always has its next attempt set. */
static void arm_retry(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	if (!p->started || p->blocked || p->dialling || p->retry_at_ms != TIMERQ_NEVER)
		return;
	if (p->conf.passive || p->conn[FSM_OUTBOUND].state != FSM_IDLE ||
		p->conn[FSM_INBOUND].state == FSM_ESTABLISHED)
		return;
	p->retry_at_ms = run->now_ms + fsm_backoff_jitter(&p->rng, p->conf.connect_retry_s * 1000u);
}

typedef void input_handler(struct fsm_run *run);

void fsm_peer_step(
	struct fsm_peer *p, const struct fsm_input *in, uint64_t now_ms, struct fsm_outputs *out)
{
	static input_handler *const handlers[FSM_INPUTS] = {
		[FSM_IN_START] = on_start,
		[FSM_IN_STOP] = on_stop,
		[FSM_IN_TCP_UP] = on_up,
		[FSM_IN_TCP_DOWN] = on_down,
		[FSM_IN_DIAL_BLOCKED] = on_blocked,
		[FSM_IN_MSG] = on_msg,
		[FSM_IN_FAULT] = on_fault,
		[FSM_IN_TIMER] = on_timer,
		[FSM_IN_STALLED] = on_stalled,
		[FSM_IN_TAKEN] = on_taken,
	};
	struct fsm_run run = {.p = p, .slot = in->slot, .in = in, .now_ms = now_ms, .out = out};
	enum fsm_state before = fsm_peer_state(p), after;

	CHECK(in->kind < FSM_INPUTS);
	out->n = 0;
	out->octets_len = 0;
	handlers[in->kind](&run);
	arm_retry(&run);
	after = fsm_peer_state(p);
	if (after == before)
		return;
	p->since_ms = now_ms;
	struct fsm_output *o = fsm_out_add(&run, FSM_OUT_STATE);

	snprintf(o->text, sizeof(o->text), "%s -> %s", fsm_state_name(before),
		fsm_state_name(after));
}

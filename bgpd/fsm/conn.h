/*
 * One connection of a peer: the table of RFC 4271 8.2.2, row by row. Private to bgpd/fsm.
 */
#ifndef BGPD_FSM_CONN_H
#define BGPD_FSM_CONN_H

#include "bgpd/fsm/peer.h"

/* What happens to a slot; messages and timers of enum fsm_input_kind apart. */
enum fsm_event {
	FSM_EV_START,	     /* RFC 4271 8.1: events 1, 3 */
	FSM_EV_STOP,	     /* 2, 8 */
	FSM_EV_UP,	     /* 16, 17 */
	FSM_EV_DOWN,	     /* 18 */
	FSM_EV_BLOCKED,	     /* ours: only an operator can mend it */
	FSM_EV_OPEN,	     /* 19, 21, 22, 23 */
	FSM_EV_UPDATE,	     /* 27 */
	FSM_EV_NOTIFICATION, /* 24, 25 */
	FSM_EV_KEEPALIVE,    /* 26 */
	FSM_EV_REFRESH,	     /* RFC 2918 4 */
	FSM_EV_FAULT,	     /* 20, 21, 22, 28: the codec says what to answer */
	FSM_EV_RETRY,	     /* 9, 13: ConnectRetryTimer or IdleHoldTimer */
	FSM_EV_HOLD,	     /* 10 */
	FSM_EV_BEAT,	     /* 11: KeepaliveTimer */
	FSM_EV_SEND_HOLD,    /* 29: SendHoldTimer (RFC 9687 4) */
	FSM_EVENTS
};

/* One call of fsm_peer_step. */
struct fsm_run {
	struct fsm_peer *p;
	enum fsm_slot slot;
	const struct fsm_input *in;
	uint64_t now_ms;
	struct fsm_outputs *out;
};

/* Where a slot stands: its connection's state, or Idle, Connect, Active while it has none. */
enum fsm_state fsm_conn_state(const struct fsm_peer *p, enum fsm_slot slot);

/* Looks up the table and acts. */
void fsm_conn_event(struct fsm_run *run, enum fsm_event ev);

/* The next output, of run's slot and otherwise empty; the table gives no step more than FSM_OUT_MAX. */
struct fsm_output *fsm_out_add(struct fsm_run *run, enum fsm_output_kind kind);

#endif

/*
 * A peer's session state machine: up to two TCP connections, collision resolution and all timers
 * (RFC 4271 8, 6.8). No I/O: inputs in, outputs out; the time is an argument.
 *
 * The owner keeps the mapping from the two slots to its connections, sends what FSM_OUT_SEND says, and calls
 * fsm_peer_step with FSM_IN_TIMER when fsm_peer_deadline() has come.
 */
#ifndef BGPD_FSM_PEER_H
#define BGPD_FSM_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/ctx.h"
#include "bgpd/wire/fault.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/open.h"

enum fsm_state {
	FSM_IDLE,
	FSM_CONNECT,
	FSM_ACTIVE,
	FSM_OPENSENT,
	FSM_OPENCONFIRM,
	FSM_ESTABLISHED,
	FSM_STATES
};

/* Which of the two connections: the one that we dialled or the one that they did. */
enum fsm_slot { FSM_OUTBOUND, FSM_INBOUND, FSM_SLOTS };

struct fsm_conf {
	uint32_t local_as, local_id;
	uint32_t peer_as; /* 0: any but ours, learnt from the OPEN */
	uint16_t hold_s;
	uint16_t connect_retry_s;
	uint32_t send_hold_s; /* RFC 9687 4; 0: off */
	uint32_t families;
	bool passive;

	/* what is offered beside them (fsm_nego_open) */
	bool extended_message;			  /* RFC 8654 */
	uint32_t extended_next_hop;		  /* families (RFC 8950) */
	uint32_t add_path_receive, add_path_send; /* families (RFC 7911) */
	uint8_t role; /* what we are to the peer (RFC 9234 4.1); WIRE_ROLE_NONE: nothing is said */
	bool role_strict; /* a peer that says nothing is refused */
	struct wire_restart restart;
};

/* How an established session ended: whether routes may outlive it (fsm_nego_keeps). */
enum fsm_loss {
	FSM_LOSS_TCP,	       /* without a word; or the peer has come back on a new connection */
	FSM_LOSS_NOTIFICATION, /* one was sent or received, but no Cease that is meant for good */
	FSM_LOSS_HARD,	       /* Cease/Hard Reset (RFC 8538 3), or stopped by an operator here */
};

#define FSM_STOP_SILENT 0 /* as subcode: the connection ends without a word (RFC 4724 4.1) */

enum fsm_input_kind {
	FSM_IN_START, /* ManualStart / AutomaticStart (RFC 4271 8.1.2) */
	FSM_IN_STOP, /* ManualStop: subcode (enum wire_cease) and, if it is 2 or 4, text (RFC 9003 2); else data */
	FSM_IN_TCP_UP, /* slot: our dial succeeded, or a connection was accepted */
	FSM_IN_TCP_DOWN, /* slot: could not connect, or closed by the other side; text says why, or NULL */
	FSM_IN_DIAL_BLOCKED, /* the dial cannot be made for a reason that only an operator mends (key refused);
				text says why, or NULL. No session either way until FSM_IN_START */
	FSM_IN_MSG, /* slot, msg: a whole message, header stripped; UPDATE and REFRESH only count as signs of life */
	FSM_IN_FAULT, /* slot, fault: the stream or a message was wrong and earns a NOTIFICATION */
	FSM_IN_TIMER, /* some deadline has passed */
	FSM_IN_STALLED, /* slot: octets wait, and since ago_ms the other side has taken none */
	FSM_IN_TAKEN,	/* slot: it has taken some */
	FSM_INPUTS
};

struct fsm_input {
	enum fsm_input_kind kind;
	enum fsm_slot slot;
	struct wire_msg msg;
	const struct wire_fault *fault;
	uint8_t subcode;
	const char *text;
	const uint8_t *data;
	uint8_t data_len;
	uint32_t ago_ms;
};

enum fsm_output_kind {
	FSM_OUT_DIAL,	     /* begin to connect (slot FSM_OUTBOUND) */
	FSM_OUT_SEND,	     /* slot, octets[len]: a whole message */
	FSM_OUT_CLOSE,	     /* slot; a dial that has no connection yet is given up */
	FSM_OUT_ESTABLISHED, /* slot; ctx of the peer is valid */
	FSM_OUT_DOWN, /* the session that was established is over; reason of the peer says why */
	FSM_OUT_DELIVER, /* slot, msg: an UPDATE or ROUTE-REFRESH of an established session, for the router */
	FSM_OUT_STATE, /* text: the state shown has changed, "Idle -> Connect" */
	FSM_OUT_NOTE, /* text: a fact for the log: NOTIFICATIONs in and out, collisions, refusals */
};

#define FSM_OUT_MAX    16
#define FSM_OUT_OCTETS 1024
#define FSM_REASON_MAX 320

struct fsm_output {
	enum fsm_output_kind kind;
	enum fsm_slot slot;
	uint16_t at, len; /* FSM_OUT_SEND: where in octets */
	struct wire_msg msg;
	char text[FSM_REASON_MAX];
};

struct fsm_outputs {
	unsigned n;
	struct fsm_output list[FSM_OUT_MAX];
	uint8_t octets[FSM_OUT_OCTETS];
	size_t octets_len;
};

struct fsm_conn {
	enum fsm_state state;		      /* FSM_IDLE: the slot is free */
	struct wire_open open;		      /* theirs, from FSM_OPENCONFIRM on */
	struct wire_ctx ctx;		      /* agreed, from FSM_OPENCONFIRM on */
	uint64_t hold_at_ms, keepalive_at_ms; /* TIMERQ_NEVER: not running */
	uint64_t send_hold_at_ms;	      /* counts in FSM_ESTABLISHED only (RFC 9687 4) */
	uint32_t hold_ms, keepalive_ms;	      /* negotiated; 0 = no keepalives (RFC 4271 4.2) */
};

struct fsm_peer {
	struct fsm_conf conf;
	struct fsm_conn conn[FSM_SLOTS];
	bool started;
	bool dialling;	/* FSM_OUT_DIAL given, no answer yet */
	bool blocked;	/* FSM_IN_DIAL_BLOCKED */
	bool idle_hold; /* retry_at_ms is the IdleHoldTimer: connections are refused until then */
	uint64_t retry_at_ms; /* ConnectRetryTimer / IdleHoldTimer */
	unsigned failures;    /* in a row, for the back-off */
	uint64_t rng;
	uint64_t since_ms;     /* when the state shown last changed */
	struct wire_ctx ctx;   /* of the established session */
	struct wire_open open; /* theirs, of the established session */
	uint32_t hold_ms, keepalive_ms;
	char reason[FSM_REASON_MAX]; /* why the last session or attempt ended; "" if none has */
	enum fsm_loss loss;	     /* ... and how, at FSM_OUT_DOWN */
	uint64_t established_count, opens_in, opens_out, updates_in, notifications_in,
		notifications_out, keepalives_in, keepalives_out, refreshes_in, send_holds;
};

/* conf is copied; seed feeds the jitter. */
void fsm_peer_init(struct fsm_peer *p, const struct fsm_conf *conf, uint64_t seed);

/*
 * One input; *out is filled anew. FSM_IN_TCP_UP on a slot that is in use is refused by the owner, not given here.
 * The outputs are in order; FSM_OUT_DELIVER borrows the input's message.
 */
void fsm_peer_step(
	struct fsm_peer *p, const struct fsm_input *in, uint64_t now_ms, struct fsm_outputs *out);

/*
 * The peer dials us while the session stands on its own former connection: that becomes the outbound slot's, so that the
 * new one has a place, if restarts were agreed (RFC 4724 4.2: an OPEN on it means that the old one is dead). True if
 * so: the owner swaps its own two connections too and gives FSM_IN_TCP_UP.
 */
bool fsm_peer_yield(struct fsm_peer *p);

uint64_t fsm_peer_deadline(const struct fsm_peer *p); /* ms; TIMERQ_NEVER */

/* What an operator is shown: the farthest of the two connections (or Connect/Active/Idle when there is none). */
enum fsm_state fsm_peer_state(const struct fsm_peer *p);
const char *fsm_state_name(enum fsm_state s); /* "Idle", "OpenSent", ... */

#endif

/* Sessions: between the peers' state machines, the shell's connections and the rest of the router. */
#ifndef BGPD_CORE_SESSION_H
#define BGPD_CORE_SESSION_H

#include "bgpd/core/state.h"

struct core_run;

void core_session_init(struct core_peer *p, const struct conf *conf, unsigned index, uint64_t seed);

/* FSM_IN_START, _STOP, _TIMER, _FAULT and the like. */
void core_session_input(struct core_run *run, struct core_peer *p, const struct fsm_input *in);
void core_session_start(struct core_run *run, struct core_peer *p);
void core_session_stop(
	struct core_run *run, struct core_peer *p, uint8_t subcode, const char *text);

/* An operator wants a new session: what stands ends with this Cease, and what max_prefix had stopped may come again. */
void core_session_reset(
	struct core_run *run, struct core_peer *p, uint8_t subcode, const char *text);

/* The peer's timer has come. */
void core_session_timer(struct core_run *run, struct core_peer *p);

/* Sets it anew, after a deadline of the session or of its limit has changed outside of the functions here. */
void core_session_arm(struct core_run *run, struct core_peer *p);

/* Asks for the peer's routes of a family again (RFC 2918 4); nothing if it cannot be asked. */
void core_session_ask(struct core_run *run, struct core_peer *p, enum wire_family f);

/* EV_ACCEPT, EV_CONNECTED, EV_CONN_FAILED, EV_CONN_CLOSED, EV_RECV. */
void core_session_accept(struct core_run *run, const struct event *ev);
void core_session_connected(struct core_run *run, const struct event *ev);
void core_session_closed(struct core_run *run, const struct event *ev);
void core_session_recv(struct core_run *run, const struct event *ev);

/* EV_CONN_FULL, _DRAINED, _STALLED, _PROGRESS: a receiver that cannot follow is told nothing more until it can. */
void core_session_flow(struct core_run *run, const struct event *ev);

/* FIB_SOCKET: the answer to FIB_DIAL. */
void core_session_socket(struct core_run *run, const struct event *ev);

/* Whole messages to the neighbour, on one of its connections; the block is borrowed. */
void core_session_send(
	struct core_run *run, struct core_peer *p, enum fsm_slot slot, struct out_block *block);

/* The connection of the established session; CORE_CONN_NONE if there is none. */
bool core_session_slot(const struct core_peer *p, enum fsm_slot *slot); /* false: none is */
uint32_t core_session_conn(const struct core_peer *p);

#endif

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

/* EV_ACCEPT, EV_CONNECTED, EV_CONN_FAILED, EV_CONN_CLOSED, EV_RECV. */
void core_session_accept(struct core_run *run, const struct event *ev);
void core_session_connected(struct core_run *run, const struct event *ev);
void core_session_closed(struct core_run *run, const struct event *ev);
void core_session_recv(struct core_run *run, const struct event *ev);

/* EV_CONN_FULL, _DRAINED, _STALLED, _PROGRESS: a receiver that cannot follow is told nothing more until it can. */
void core_session_flow(struct core_run *run, const struct event *ev);

/* FIB_SOCKET: the answer to FIB_DIAL. */
void core_session_socket(struct core_run *run, const struct event *ev);

/* The connection of the established session; CORE_CONN_NONE if there is none. */
uint32_t core_session_conn(const struct core_peer *p);

#endif

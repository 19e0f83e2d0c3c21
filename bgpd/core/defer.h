/*
 * A restart of ours (RFC 4724 4.1): the kernel has gone on forwarding with what the run before this one has installed,
 * and the neighbours with what it told them.
 *
 *   FIB_KEPT, EV_START          End-of-RIB from all, or the time is over          all of it is decided
 *   --------------------> WAIT -------------------------------------------> TELL ---------------------> OFF
 *   OPENs say R and F      paths come in, next hops are resolved,     best paths, imports,    updates, End-of-RIB,
 *                          labels confirmed; nothing is decided       exports, the kernel     FIB_SYNC
 *
 * Waited for are neighbours with `restarter` configured: for their sessions as long as our Restart Time, for their
 * End-of-RIB as long as the longest stale-time among them (the Selection_Deferral_Timer). Who restarts itself, or
 * does not know restarts, is not waited for.
 */
#ifndef BGPD_CORE_DEFER_H
#define BGPD_CORE_DEFER_H

#include "bgpd/core/state.h"

/* FIB_KEPT, before EV_START: labels keep their numbers. */
void core_defer_kept(struct core_run *run, const struct event *ev);

/* EV_START. */
void core_defer_start(struct core_run *run);

/* Part of every router_work, first and last. True if the next phase has begun: there is work. */
bool core_defer_step(struct core_run *run);

/* Whether best paths are chosen and followed; whether neighbours are told. */
bool core_defer_decides(const struct router *r);
bool core_defer_tells(const struct router *r);

uint64_t core_defer_deadline(const struct router *r); /* ms; TIMERQ_NEVER */

/* EV_LEAVE: sessions end so that those who know restarts keep our routes; what is installed stays. */
void core_defer_leave(struct core_run *run, const struct event *ev);

#endif

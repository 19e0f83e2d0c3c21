/*
 * MinRouteAdvertisementInterval (RFC 4271 9.2.1.1), off unless a neighbour asks for it: what changed is collected as
 * long as work is left, and sent. With it, a neighbour that was told something is told nothing more until the interval is
 * over, and then only what is true by then: the update group holds it like one that cannot take more.
 */
#ifndef BGPD_CORE_INTERVAL_H
#define BGPD_CORE_INTERVAL_H

#include "bgpd/core/state.h"

/* An UPDATE has gone to p. */
void core_interval_told(struct core_run *run, struct core_peer *p);

/* Begins intervals and ends them; part of every router_work. True if out_set_work() must see to it before anything changes. */
bool core_interval_step(struct core_run *run);

/* The session takes octets again, or not: p is told nothing as long as either stands in the way. */
void core_interval_full(struct core_run *run, struct core_peer *p, bool full);

/* The session is over. */
void core_interval_down(struct core_peer *p);

/* When the next interval ends; TIMERQ_NEVER. */
uint64_t core_interval_deadline(const struct router *r);

#endif

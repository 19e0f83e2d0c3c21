/* BGP next hops: the RIB says which it needs, mplsfwd what they resolve to (RFC 4271 9.1.2.1). */
#ifndef BGPD_CORE_NEXTHOPS_H
#define BGPD_CORE_NEXTHOPS_H

#include "bgpd/core/state.h"

/* FIB_NEXTHOP_TRACK and _UNTRACK for what the RIB took up and let go of; part of every router_work. */
void core_nexthops_step(struct core_run *run);

/* FIB_NEXTHOP: paths become eligible or stop being so, and are decided again. */
void core_nexthops_report(struct core_run *run, const struct fib_msg *m);

/* Of every next hop that we asked for it is known whether it is reachable. */
bool core_nexthops_are_answered(const struct router *r);

/* Frees what is tracked; nothing is said to mplsfwd. */
void core_nexthops_fini(struct router *r);

#endif

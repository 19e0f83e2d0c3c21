/* VRF best paths -> FIB operations. The kernel has connected routes itself; leaked ones are not forwarded. */
#ifndef BGPD_CORE_FIBPLAN_H
#define BGPD_CORE_FIBPLAN_H

#include "bgpd/core/state.h"

/*
 * Consumer of the change queue: FIB_ROUTE_ADD (which replaces) or FIB_ROUTE_DEL for a destination of a VRF.
 * A best path is eligible, so its BGP next hop is tracked and resolves; the route goes before the next hop is let go.
 */
void core_fibplan_change(struct core_run *run, const struct rib_change *c);

/* The route this path is in the kernel; false if it is none of ours. For `show` as well. */
bool core_fibplan_route(const struct router *r, const struct rib_table *t, const struct rib_path *p,
	struct fib_route *out);

#endif

/*
 * Feasible sources (RFC 3704 2.3): in a VRF that has a port with `source: feasible`, mplsfwd is told every prefix that a
 * CE has announced and that was taken in, best or not, with the next hop that the CE gave: packets from there may come
 * over the link of that next hop.
 *
 * Only IPv4 next hops: behind which port an IPv6 one is (RFC 8950) nobody here knows.
 *
 * Follows the paths of the VRF's table through the change queue (rib_table.watched); stale paths count until they are
 * swept. Bounded by what neighbours may announce (core/limit), and below. Other VRFs cost nothing.
 */
#ifndef BGPD_CORE_SOURCES_H
#define BGPD_CORE_SOURCES_H

#include "bgpd/core/state.h"

#define CORE_SOURCES_MAX	65536 /* a VRF: (prefix, next hop) */
#define CORE_SOURCES_PREFIX_MAX 16    /* next hops of one prefix */

void core_sources_init(struct router *r); /* after sites and vrfs */
void core_sources_fini(struct router *r);

/* There is another configuration: ports want it, or want it no more. And a VRF that is gone, with nothing in it. */
void core_sources_reload(struct core_run *run);
void core_sources_end(struct router *r, unsigned vrf);

/* Consumer of the change queue, for every change of a VRF's table: FIB_SOURCE_ADD, FIB_SOURCE_DEL. */
void core_sources_change(struct core_run *run, const struct rib_change *c);

/* After the limit: when there is room again, what was left out is looked at again. True if work is left. */
bool core_sources_work(struct router *r, unsigned *budget);

#endif

/*
 * Where the core leads: the kernel's own route to each BGP next hop that bgpd tracks.
 *
 * Nothing is remembered: when anything in the main table, a nexthop object or a link has changed, the kernel is
 * asked again for each tracked next hop (RTM_GETROUTE with RTM_F_FIB_MATCH: the entry as it stands in the table,
 * with gateway and RTA_ENCAP labels, from whatever put it there). So a route that appears late, changes or goes is
 * seen whatever was missed in between. A question costs some 20 microseconds; tracked are PEs, not prefixes.
 */
#ifndef MPLSFWD_TRACK_H
#define MPLSFWD_TRACK_H

#include "mplsfwd/ctl.h"
#include "mplsfwd/resolve.h"

/* What to do with a next hop of which the LFIB has been told; nh->why is new as well. */
typedef void fwd_track_fn(void *arg, const struct fwd_nexthop *nh);

/* Asks for one that bgpd has begun to track and tells the LFIB. fn is called in any case. */
void fwd_track_begin(struct fwd_ctl *c, struct fwd_lfib *l, const struct ip_addr *next_hop,
	fwd_track_fn *fn, void *arg);

/* Asks for all tracked next hops and tells the LFIB. fn is called for each that changed, or stays unresolved for
 * another reason. */
void fwd_track_all(struct fwd_ctl *c, struct fwd_lfib *l, fwd_track_fn *fn, void *arg);

#endif

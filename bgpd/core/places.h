/*
 * Who is meant by a connection: a neighbour with this very address, or a place of the range that the address is in.
 *
 * A range of limit n stands n times in conf->peers. A place is taken when a connection comes in and given back when it has
 * none any more; whoever had it last finds it again with its counters and its back-off, unless all others are taken.
 * One that max_prefix stopped stays taken until it is begun again.
 */
#ifndef BGPD_CORE_PLACES_H
#define BGPD_CORE_PLACES_H

#include "bgpd/core/state.h"

/*
 * The neighbour for a connection from remote in vrf (index or FIB_VRF_CORE), whose inbound slot is free; its place is taken.
 * NULL: *why says why not, and is NULL too where that was said often enough (a full range: the 1st, 2nd, 4th ... time).
 */
struct core_peer *core_place_get(
	struct core_run *run, uint16_t vrf, const struct ip_addr *remote, const char **why);

/* Its place is given back if it has no connection; nothing for a neighbour with an address of its own. */
void core_place_put(struct core_run *run, struct core_peer *p);

#endif

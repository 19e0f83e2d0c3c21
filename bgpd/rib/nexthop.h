/*
 * BGP next hops in the core: which are needed, which of them resolve, at what IGP metric (RFC 4271 5.1.3, 9.1.2.1).
 *
 * An attribute set of a tracked source keeps its next hop here. The owner takes events (track, untrack) to
 * mplsfwd and brings back what the kernel says; a change requeues the destinations concerned, in slices.
 */
#ifndef BGPD_RIB_NEXTHOP_H
#define BGPD_RIB_NEXTHOP_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/attrset.h"
#include "lib/prefix.h"

struct rib_store;

struct rib_nexthop {
	struct ip_addr addr;
	bool reachable; /* false until the owner said otherwise */
	bool told;	/* the owner was told to track it */
	bool eventful;	/* in the list of possible events */
	bool changed;	/* the walk that requeues its destinations has still to see it */
	uint32_t metric;
	uint32_t refs; /* attribute sets */
	struct rib_nexthop *chain, *next_event;
};

struct rib_nexthops { /* a member of struct rib_store */
	struct rib_nexthop **buckets;
	uint32_t n, n_buckets;
	struct rib_nexthop *events;
	struct pool pool;
};

/* The next hop of set, looked up and held the first time. Called for every path of a source with track. */
void rib_nexthop_use(struct rib_store *st, struct rib_attrset *set);

/* The next change of what must be tracked; false if there is none. */
bool rib_nexthop_event(struct rib_store *st, struct ip_addr *addr, bool *track);

/* What the core's routing says now. Unknown addresses are ignored (an answer that crossed an untrack). */
void rib_nexthop_set(
	struct rib_store *st, const struct ip_addr *addr, bool reachable, uint32_t metric);

void rib_nexthops_init(struct rib_nexthops *n);
void rib_nexthops_fini(struct rib_nexthops *n);
void rib_nexthop_unuse(
	struct rib_store *st, struct rib_attrset *set); /* for rib_store_unref_attrs() */

#endif

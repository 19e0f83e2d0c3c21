/*
 * What all tables of a router share: attribute sets, paths, sources, next hops, the change queue, and the long
 * jobs (sweeping a dead session out, re-deciding after a next hop changed), which are done in slices.
 */
#ifndef BGPD_RIB_STORE_H
#define BGPD_RIB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/rib/attrset.h"
#include "bgpd/rib/change.h"
#include "bgpd/rib/nexthop.h"
#include "bgpd/rib/slab.h"
#include "bgpd/rib/source.h"
#include "bgpd/rib/table.h"
#include "lib/pool.h"

struct rib_job { /* where a walk over the tables stands */
	bool on;
	uint16_t table;
	uint32_t dest;
};

/*
 * Who is told of each path, best or not, that is put in, replaced, said again after it was stale, or (there: false) taken out: an
 * Adj-RIB-In as it changes. Not of copies in VRFs. *p is whole during the call. fn changes no table.
 */
struct rib_follow {
	void (*fn)(void *arg, const struct rib_table *t, uint32_t dest, const struct rib_path *p,
		bool there); /* NULL: nobody */
	void *arg;
};

struct rib_store {
	uint64_t seed;
	struct rib_attrsets attrsets;
	struct rib_slab paths; /* struct rib_path */
	struct rib_source *sources;
	struct rib_job *sweeps; /* one per source */
	uint32_t n_sources, cap_sources, n_sweeping;
	struct rib_nexthops nexthops;
	struct rib_job requeue; /* for the next hops with changed set */
	bool requeue_again;	/* one more changed while the walk was under way */
	struct rib_table **tables;
	uint32_t n_tables, cap_tables;
	struct rib_changes changes;
	struct rib_follow follow;
};

/* seed keys every hash: random in production, fixed in tests. */
struct rib_store *rib_store_new(uint64_t seed);

/* Frees every table still there. Aborts if somebody else still holds an attribute set. */
void rib_store_free(struct rib_store *st);

/*
 * Does up to half of *budget (destinations looked at) of long jobs, and takes it off: the queue of changes that they make
 * is emptied as fast as it fills. True if work is left.
 */
bool rib_store_work(struct rib_store *st, unsigned *budget);
bool rib_store_has_work(const struct rib_store *st); /* long jobs or changes */

/* Whether paths of the source need their next hop resolved: of RT membership nobody does (RFC 4684 4). */
static inline bool rib_table_tracks(const struct rib_table *t, uint16_t source)
{
	return t->store->sources[source].track && t->family != WIRE_RT_CONSTRAINT;
}

/* Intern (one reference for the caller), and give back. */
struct rib_attrset *rib_store_get_attrs(struct rib_store *st, const struct wire_attrs *a);
struct rib_attrset *rib_store_get_attrs_edited(
	struct rib_store *st, const struct wire_attrs *a, struct rib_attrset *received);
void rib_store_unref_attrs(struct rib_store *st, struct rib_attrset *set);

/* The lines of `show memory`: attribute sets, paths, destinations, slots, next hops, changes. */
#define RIB_STORE_POOLS 6
void rib_store_memory(const struct rib_store *st, struct pool out[RIB_STORE_POOLS]);

#endif

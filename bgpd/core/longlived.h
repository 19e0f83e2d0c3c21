/*
 * Long-lived graceful restart (RFC 9494): what is still stale when the Restart Time is over stays as a last resort.
 *
 * Each stale path of the families agreed is replaced by itself with LLGR_STALE (in slices): from there on it is a
 * change like any other, so it loses against every other path (rib/best), is told to those who know LLGR, and is imported and
 * exported with the community. NO_LLGR: it goes instead (RFC 9494 4.2).
 */
#ifndef BGPD_CORE_LONGLIVED_H
#define BGPD_CORE_LONGLIVED_H

#include "bgpd/core/state.h"

/* Families whose stale routes of p may stay after the Restart Time: both sides have said so, for longer than 0 s. */
uint32_t core_longlived_families(const struct core_peer *p);

/* How long those of family f may. */
uint32_t core_longlived_s(const struct core_peer *p, enum wire_family f);

/* The Restart Time of p is over: the walk over its stale routes of p->restart.families begins. */
void core_longlived_begin(struct router *r, struct core_peer *p);

/*
 * The same attributes with LLGR_STALE, one reference; received: what import policy made them of, or NULL. NULL if a route with them must go (NO_LLGR),
 * or has no room for the community.
 */
struct rib_attrset *core_longlived_mark(
	struct rib_store *st, const struct rib_attrset *from, struct rib_attrset *received);

/* Part of every router_work. True if work is left. */
bool core_longlived_work(struct router *r, unsigned *budget);

#endif

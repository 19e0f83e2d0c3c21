/*
 * Lanes: members of an update group that have to be told the same things, beside what changes: new ones the whole table, those
 * that could not take more for a while what they missed. A member without a lane is up to date and live.
 *
 *        join, refresh                            pause
 *   live --------------> WALK (all)      any phase -------> WAIT       filter changed: from live or any phase into DIFF
 *   WAIT -- resume --> LOG (or DIFF) --> WALK (missed) --> live
 *
 * There is no Adj-RIB-Out to ask what a paused member has, so its lane keeps two bits a destination and the keys of what
 * was withdrawn meanwhile and it still has. All three may say too much, never too little: what is told without need is harmless.
 * So lanes can be merged. The room does not depend on how long a member is paused: a key is logged only if
 * `has` was set, which only joining or being shown sets, so bits and keys are never more than what its members have.
 */
#ifndef BGPD_OUT_LANE_H
#define BGPD_OUT_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/out/bits.h"
#include "bgpd/rib/table.h"

enum out_phase {
	OUT_WALK, /* live, and shown what is `missed`, or all, in one walk of the table */
	OUT_DIFF, /* not live: a walk of the whole table tells what differs from `has` */
	OUT_LOG,  /* not live: what was withdrawn meanwhile, first of all */
	OUT_WAIT, /* paused: nothing is sent */
};

struct out_lane {
	struct out_lane *next; /* of the same group */
	enum out_phase phase;
	enum out_phase then; /* after OUT_WAIT */
	bool all;	     /* OUT_WALK: every destination and not only `missed` */
	bool noted;	     /* something was since it began to wait */
	uint32_t cursor;     /* OUT_WALK, OUT_DIFF: the last destination shown */
	uint32_t stop_at;    /* OUT_WALK: the least dump_from of a member that wrapped */
	uint32_t n_members, n_paused;
	struct out_bits missed,
		has; /* a member holds what is now true of a destination if `has` and not `missed` */
	uint64_t *log; /* keys, words each */
	uint32_t n_log, cap_log, log_at;
	bool draining; /* OUT_WAIT: somebody can take more again, and waits for the others ... */
	uint64_t born_ms, drained_ms; /* ... since then */
	uint32_t parent, progress;    /* what it was made from, and how far that was */
	uint32_t id;		      /* never used again, not 0 */
};

struct out_lane *out_lane_new(enum out_phase phase, uint32_t id);
void out_lane_free(struct out_lane *l);

/* Whether its members get changes as they come. */
static inline bool out_lane_is_live(const struct out_lane *l)
{
	return !l || l->phase == OUT_WALK;
}

/* What it does, or will do when it has waited. */
static inline enum out_phase out_lane_then(const struct out_lane *l)
{
	return l->phase == OUT_WAIT ? l->then : l->phase;
}

/* Not live: a destination changed; withdrawn: nobody is told it any more, and its number may soon mean another. */
void out_lane_note(struct out_lane *l, const struct rib_table *t, uint32_t dest, bool withdrawn);

/* `to` holds what it held and what `from` holds. */
void out_lane_add(struct out_lane *to, const struct out_lane *from, const struct rib_table *t);

void out_lane_log(struct out_lane *l, const struct rib_table *t, const uint64_t *key);

#endif

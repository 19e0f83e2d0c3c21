/*
 * The queue of destinations whose paths changed, in order of their first change; each is in it once.
 *
 * The decision is taken when a destination leaves the queue, not at each message, so that fifty peers announcing
 * one prefix cost one decision. Consumers (vrf import and export, fibplan, out) then see old best and new best:
 *
 *   while (budget && rib_change_next(st, &budget, &c)) {
 *           ...consumers; they may change other tables...
 *           rib_change_done(st, &c);
 *   }
 */
#ifndef BGPD_RIB_CHANGE_H
#define BGPD_RIB_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/table.h"

#define RIB_CHANGES_READY 32

struct rib_change {
	struct rib_table *table;
	uint32_t dest;
	const struct rib_path *
		was; /* NULL: had no best. May be RIB_PATH_GONE: still whole until rib_change_done */
	const struct rib_path *now; /* NULL: has no best any more */
	bool same; /* was == now, other paths changed: reported for tables with report_all or watched (there both may be NULL), none of most consumers' business */
};

struct rib_change_chunk;

struct rib_changes { /* a member of struct rib_store */
	struct rib_change_chunk *head, *tail;
	struct rib_change_chunk *spare; /* one, so that a short queue costs no allocation */
	uint32_t head_at;
	struct rib_change_ready { /* the next ones: their memory was asked for before their turn */
		struct rib_dest *dest;
		uint32_t id;
		uint16_t table;
	} ready[RIB_CHANGES_READY];
	uint32_t n_ready, ready_at;
	uint64_t n, peak;
	size_t octets;
};

/*
 * The next destination whose best path really changed (with report_all: any path). Takes one unit of *budget for each one looked at, changed or
 * not; false when the queue or the budget is empty. Marks *now as best.
 */
bool rib_change_next(struct rib_store *st, unsigned *budget, struct rib_change *out);

/* Ends the change: frees what is gone, the destination too if it is empty. The pointers of *c are dead after it. */
void rib_change_done(struct rib_store *st, struct rib_change *c);

bool rib_change_pending(const struct rib_store *st);

/* For rib_change_add. */
void rib_change_push(struct rib_table *t, uint32_t dest);

/* For table and walks: puts a destination in unless it is there. */
static inline void rib_change_add(struct rib_table *t, uint32_t dest)
{
	struct rib_dest *d = rib_dest_get(t, dest);

	if (d->flags & RIB_DEST_QUEUED)
		return;
	d->flags |= RIB_DEST_QUEUED;
	rib_change_push(t, dest);
}

void rib_changes_fini(struct rib_changes *q);

#endif

/*
 * Stale paths: what a source said before its session was lost (RFC 4724 4.2), or before it began to say a family again
 * (RFC 7313 4.2), kept until it has said it anew.
 *
 * A source counts these times (epochs of each family, modulo four), each path has the epoch in which it was said last: a whole
 * table becomes stale in one step, and a path is fresh again without being touched when it is announced unchanged.
 * A path two epochs old was stale already when the session was lost again: it goes (RFC 4724 4.2, consecutive restarts).
 */
#ifndef BGPD_RIB_STALE_H
#define BGPD_RIB_STALE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/source.h"
#include "bgpd/rib/table.h"

struct rib_store;

#define RIB_EPOCH_ONE 0x4000u /* of RIB_PATH_EPOCH */

/*
 * Everything that the source has said becomes stale. What is stale already goes, and so do the paths of families not
 * in keep, in the slices of rib_store_work(). False, and nothing done, while an earlier sweep of it is under
 * way: its number of epochs is used up, the caller says rib_source_down().
 */
bool rib_stale_begin(struct rib_store *st, uint16_t source, uint32_t keep);

/* The same of one family, which is kept: BoRR has come (RFC 7313 4.2). */
bool rib_stale_begin_family(struct rib_store *st, uint16_t source, enum wire_family f);

/* What is still stale of these families goes, in slices: End-of-RIB or EoRR has come, or it was waited for long enough. */
void rib_stale_end(struct rib_store *st, uint16_t source, uint32_t families);

/* 0: said in this epoch; 1: in the one before; 2, 3: longer ago. */
static inline unsigned rib_stale_age(
	const struct rib_source *s, enum wire_family f, uint16_t path_flags)
{
	return ((s->epoch[f] - (path_flags & RIB_PATH_EPOCH)) & RIB_PATH_EPOCH) / RIB_EPOCH_ONE;
}

/* Whether a sweep takes such a path of its source out. */
static inline bool rib_stale_goes(
	const struct rib_source *s, enum wire_family f, uint16_t path_flags)
{
	unsigned age = rib_stale_age(s, f, path_flags);

	return s->down || age > 1 || (age == 1 && !(s->kept & WIRE_FAMILY_BIT(f)));
}

/* Replaces a stale path of r->source by *r, which is as stale: as rib_table_add, but not said by its source. */
void rib_stale_amend(struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r);

/* What an operator is shown. Copies in VRFs are not marked. */
bool rib_stale_path(const struct rib_table *t, const struct rib_path *p);

/* For table: p was announced again, unchanged. True if it was stale. */
bool rib_stale_refresh(struct rib_table *t, struct rib_path *p);

#endif

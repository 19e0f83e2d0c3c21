/* Neighbours' routes before and after policy: from the table for a station that is new, and as they change. Private to core/bmp. */
#ifndef BGPD_CORE_BMP_ROUTES_H
#define BGPD_CORE_BMP_ROUTES_H

#include "bgpd/core/bmp.h"

void core_bmp_packs_init(struct core_bmp *b, struct core_bmp_packs *packs);
void core_bmp_packs_fini(struct rib_store *st, struct core_bmp_packs *packs);

/* Follows the tables if some station that is up wants what it hears there. */
void core_bmp_follow(struct router *r);

/* The whole of the tables, then End-of-RIB of each neighbour, in the coming calls of core_bmp_walk. True if work is left. */
void core_bmp_walk_begin(struct core_bmp_station *s);
bool core_bmp_walk(struct core_run *run, struct core_bmp_station *s, unsigned *budget);

#endif

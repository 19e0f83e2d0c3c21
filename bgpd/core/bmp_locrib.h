/* The Loc-RIBs that stations are told of (RFC 9069): the core's tables are one, each VRF's is one. Private to core/bmp. */
#ifndef BGPD_CORE_BMP_LOCRIB_H
#define BGPD_CORE_BMP_LOCRIB_H

#include "bgpd/core/bmp.h"

/* Peer Up of each; a member of the update groups of its tables, which are shown in coming calls of out_set_work. */
void core_bmp_loc_ribs_join(struct core_run *run, struct core_bmp_station *s);
void core_bmp_loc_ribs_leave(struct router *r, const struct core_bmp_station *s);

/* One, to all stations that are up: Peer Up and what is in it, Peer Down. k: 0 is the core's, else 1 + the number of the VRF, which r->conf has. */
void core_bmp_loc_rib_begin(struct core_run *run, unsigned k);
void core_bmp_loc_rib_end(struct core_run *run, unsigned k);

/* Its connection takes no more, or does again. */
void core_bmp_loc_ribs_flow(struct router *r, const struct core_bmp_station *s);

/* Peer Down of each: the router stops. */
void core_bmp_loc_ribs_down(struct core_run *run, struct core_bmp_station *s);
void core_bmp_loc_rib_statistics(struct core_run *run, struct core_bmp_station *s);

#endif

/*
 * What a group with ADD-PATH (RFC 7911) advertises: for each destination its paths and the identifiers that they have. Groups
 * that are told the best alone have none of this. Private to out.
 *
 * A path keeps its identifier as long as it is there, whatever becomes of its attributes; identifiers are small numbers
 * of the destination's own, so that all that a member may have of one can be withdrawn without remembering it.
 */
#ifndef BGPD_OUT_PATHS_H
#define BGPD_OUT_PATHS_H

#include "bgpd/out/emit.h"

/* Brings dest up to date; tell: into the group's pack, for live members. True if receivers see a difference. */
bool out_paths_sync(struct out_call *r, uint32_t dest, bool tell);

/* A change of dest, instead of the best path's alone. */
void out_paths_change(struct out_call *r, uint32_t dest);

/* All that is advertised of dest, to the members of l. again: they may have something of it, in any of its identifiers. */
void out_paths_show(struct out_call *r, struct out_lane *l, uint32_t dest, bool again);

/* What they may have of a prefix that is not advertised any more. */
void out_paths_forget(struct out_call *r, struct out_lane *l, const uint64_t *key);

/* How many of what is advertised of dest came from source. */
uint32_t out_paths_of_source(const struct out_group *g, uint32_t dest, uint16_t source);

#endif

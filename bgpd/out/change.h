/* What a changed destination is to a group. Private to out; out_set_change is in group.h. */
#ifndef BGPD_OUT_CHANGE_H
#define BGPD_OUT_CHANGE_H

#include "bgpd/out/emit.h"

/* Counts a destination that is advertised with a path of this source (by 1), or not any more (-1), if that is a member. */
void out_group_own(struct out_group *g, uint16_t source, uint32_t dest, int by);

/* How many of what is advertised of dest source is not sent, being where it came from. */
uint32_t out_group_own_of(const struct out_group *g, uint32_t dest, uint16_t source);

/* Whom a path of source goes to: everybody but the member that it came from. */
struct out_to out_group_but(const struct out_group *g, uint16_t source);

/* ... and a withdrawal of it. */
struct out_to out_group_but_withdrawn(const struct out_group *g, uint16_t source);

/* Around what is added to the pack for one destination. */
void out_change_begin(struct out_call *r, uint32_t dest);
void out_change_end(struct out_call *r, uint32_t dest);

/* What of one destination is told while it is brought up to date. */
struct out_telling {
	struct out_call *r;
	uint32_t dest;
	bool tell; /* into the group's pack, for live members */
	bool seen; /* something was different */
};

/* route: all but the key. */
void out_tell(struct out_telling *k, const struct out_route *route);

/* For members that are not live. */
void out_lanes_note(struct out_group *g, uint32_t dest, bool withdrawn);

#endif

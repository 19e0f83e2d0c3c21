/* Members between lanes: who could not take more waits, who can again is told what it missed. Private to out. */
#ifndef BGPD_OUT_FLOW_H
#define BGPD_OUT_FLOW_H

#include "bgpd/out/emit.h"

/* Does what members' `full` and other wishes ask for. */
void out_flow_work(struct out_call *r);

/* To another lane of its group, NULL: live. An empty lane stays until out_lane_drop. */
void out_member_move(struct out_group *g, struct out_member *m, struct out_lane *l);

/* Into, or out of, the counts of its lane and group: for who joins or leaves. */
void out_member_count(struct out_group *g, struct out_member *m, bool in);

/* Shown the whole table, from where the walk of everything stands. */
void out_member_dump(struct out_set *s, struct out_group *g, struct out_member *m);

/* Nothing is left in the log: its members are live again, and shown what they missed. */
void out_lane_walk(struct out_set *s, struct out_group *g, struct out_lane *l);

/* In group `to`, for m, which comes from `from`: knows what it has, and will tell what differs. */
struct out_lane *out_lane_add_difference(struct out_set *s, struct out_group *from,
	struct out_group *to, const struct out_member *m);

/* Nobody is in it any more: what it was shown and is not yet emitted is for nobody. */
void out_lane_drop(struct rib_store *st, struct out_group *g, struct out_lane *l);

#endif

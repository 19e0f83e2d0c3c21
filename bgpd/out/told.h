/* Which paths the receivers of a group are told, and what of them they can see; the last answers are remembered. Private to out. */
#ifndef BGPD_OUT_TOLD_H
#define BGPD_OUT_TOLD_H

#include "bgpd/out/group.h"

/* Of a group without a chain. p NULL: false. */
bool out_group_tells(struct out_group *g, struct rib_store *st, const struct rib_path *p);

/* As what receivers are told p, a path of dest: its attributes, or what the chain makes of them; one reference. NULL: they are not. */
struct rib_attrset *out_group_tells_as(
	struct out_group *g, struct out_set *s, uint32_t dest, const struct rib_path *p);

/* Whether receivers cannot see the difference between two paths that they are told. */
bool out_group_sees_same(struct out_group *g, struct out_set *s, const struct rib_path *was,
	const struct rib_path *now);

void out_told_fini(struct out_group *g, struct rib_store *st);

#endif

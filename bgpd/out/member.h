/* Members of update groups: joining, leaving, refreshing, and finding them. Private to out. */
#ifndef BGPD_OUT_MEMBER_H
#define BGPD_OUT_MEMBER_H

#include "bgpd/out/group.h"

/* The member whose session is this source, NULL if none is. */
static inline struct out_member *out_member_of_source(const struct out_group *g, uint16_t source)
{
	if (source >= g->cap_by_source || g->by_source[source] == 0)
		return NULL;
	return &g->members[g->by_source[source] - 1];
}

struct out_member *out_member_find(const struct out_group *g, uint32_t peer); /* NULL: none */

/* With the lane and all else that *like says; borrowed until the next _add or _del. */
struct out_member *out_member_add(struct out_group *g, const struct out_member *like);
void out_member_del(struct out_group *g, struct rib_store *st, struct out_member *m);

/* The group takes a reference to filter of its own. */
struct out_group *out_group_find_or_add(struct out_set *s, struct rib_table *t,
	const struct out_view *v, struct out_filter *filter);
bool out_group_drop(struct out_set *s, struct out_group **at);

#endif

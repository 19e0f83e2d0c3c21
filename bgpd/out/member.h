/* Members of update groups: joining, leaving, refreshing, and finding them by source. */
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

#endif

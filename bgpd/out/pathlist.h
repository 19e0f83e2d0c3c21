/* Where a group keeps what it advertises of a destination, path by path. Private to out. */
#ifndef BGPD_OUT_PATHLIST_H
#define BGPD_OUT_PATHLIST_H

#include "bgpd/out/group.h"

/* The first of dest, to go on with .next; 0: none is kept. */
static inline uint32_t out_pathlist_first(const struct out_paths *p, uint32_t dest)
{
	return dest < p->cap_heads ? p->heads[dest] : 0;
}

/* Where that number stands: for out_pathlist_del. */
uint32_t *out_pathlist_head(struct out_paths *p, uint32_t dest);

/* In front of the others of dest. *like: its reference to attributes is taken over. Borrowed until the next call. */
struct out_path *out_pathlist_add(
	struct out_paths *p, struct rib_store *st, uint32_t dest, const struct out_path *like);

/* The one whose number stands at *at, where then the next one's does. */
void out_pathlist_del(struct out_paths *p, struct rib_store *st, uint32_t *at);

/* The eligible paths of dest, into g->paths.found, in no order: how many. */
uint32_t out_pathlist_find(struct out_group *g, uint32_t dest);

void out_pathlist_fini(struct out_paths *p, struct rib_store *st);

#endif

/* Inside of the LFIB, shared by lfib.c and plan.c: dirty queues, answers, and the state changes that need both. */
#ifndef MPLSFWD_DIRTY_H
#define MPLSFWD_DIRTY_H

#include "mplsfwd/plan.h"

static inline struct fwd_route *fwd_route_at(const struct fwd_lfib *l, uint32_t id)
{
	return fwd_table_at(&l->routes, id);
}

static inline struct fwd_pair *fwd_pair_at(const struct fwd_lfib *l, uint32_t id)
{
	return fwd_table_at(&l->pairs, id);
}

/* id: label - label_min + 1, or the identifier in its table. */
static inline struct fwd_label *fwd_label_at(const struct fwd_lfib *l, uint32_t id)
{
	return &l->labels[id - 1];
}

/* Puts an entry into a queue, out of any other it stands in. */
void fwd_queue_push(struct fwd_lfib *l, enum fwd_queue_id q, uint32_t id);
uint32_t fwd_queue_pop(struct fwd_lfib *l, enum fwd_queue_id q); /* 0: empty */

bool fwd_path_equal(const struct fwd_path *a, const struct fwd_path *b);

/* seq 0 wants no answer. */
void fwd_ack_push(struct fwd_lfib *l, uint32_t seq, int error);

/* The kernel's state of a route is now have: counts users of its pair and the prefix lengths of its VRF. */
void fwd_route_have_set(struct fwd_lfib *l, struct fwd_route *r, struct fwd_target have);

/* Frees what is neither wanted nor there nor under way. */
void fwd_route_release(struct fwd_lfib *l, uint32_t id);
void fwd_pair_release(struct fwd_lfib *l, uint32_t id);

/* Nobody wants the pair any more: gone at once if the kernel never heard of it, else its removal is planned. */
void fwd_pair_unwant(struct fwd_lfib *l, uint32_t id);

/* Pairs marked FWD_LOST: their objects, and the routes over them, are no more in the kernel. */
void fwd_pairs_lost(struct fwd_lfib *l);

/* Plans all routes that want this pair again. */
void fwd_pair_routes_push(struct fwd_lfib *l, uint32_t id);

/* The port of the VRF that reaches a CE gateway now, or -1. */
int fwd_ce_port(const struct fwd_lfib *l, uint16_t vrf, uint32_t gateway);

#endif

/*
 * The hash over the keys of a table: key -> number of the destination.
 *
 * A slot is hash (32 bits, never 0) << 32 | destination, 0 if free; a segment is an array of them in order of hash, in
 * which each stands at its home (hash * cap >> 32) or right of it without a gap in between. So a search ends at the
 * first slot that is free or greater, and to grow is one pass over two arrays. What is removed leaves its hash behind
 * (destination 0), which keeps the order and is taken by the next that comes near.
 * The hash is cut into segments that grow one by one, so that no insertion ever moves more than a small part.
 */
#ifndef BGPD_RIB_SLOTS_H
#define BGPD_RIB_SLOTS_H

#include <stdint.h>

#define RIB_SEGMENTS 64

struct rib_table;
struct pool;

struct rib_segment {
	uint64_t *
		slots; /* end of them, of which cap are homes; the last is always free: every search ends there */
	uint32_t n, cap, end;
	uint32_t used; /* n, and what the removed left behind */
};

struct rib_slots { /* a member of struct rib_table */
	struct rib_segment segments[RIB_SEGMENTS];
};

/* The destination with this key, whose rib_key_hash() it is; RIB_SLAB_NONE if there is none. */
uint32_t rib_slots_find(const struct rib_table *t, uint64_t hash, const uint64_t *key);

/* ... made if there is none, without paths. */
uint32_t rib_slots_find_or_add(struct rib_table *t, uint64_t hash, const uint64_t *key);

/* The destination itself is the caller's to free. */
void rib_slots_del(struct rib_table *t, uint64_t hash, uint32_t dest);

/* Adds to one line of `show memory`. */
void rib_slots_count(const struct rib_slots *s, struct pool *sum);

/* segment from the top bits, slot from the bottom ones */
static inline struct rib_segment *rib_slots_segment(const struct rib_slots *s, uint64_t hash)
{
	return (struct rib_segment *)&s->segments[hash >> 58];
}

static inline uint32_t rib_slots_home(const struct rib_segment *g, uint64_t hash)
{
	return (uint32_t)((uint64_t)(uint32_t)hash * g->cap >> 32);
}

/*
 * Nearly every search misses the processor's caches: who knows early what comes says so. (always_inline, because gcc 12
 * leaves out a call of a function that only prefetches.)
 */
__attribute__((always_inline)) static inline void rib_slots_prefetch(
	const struct rib_slots *s, uint64_t hash)
{
	const struct rib_segment *g = rib_slots_segment(s, hash);

	if (!g->slots)
		return;
	const uint64_t *home = &g->slots[rib_slots_home(g, hash)];

	__builtin_prefetch(home);
	__builtin_prefetch(home + 5); /* a search that goes beyond that is rare */
}

#endif

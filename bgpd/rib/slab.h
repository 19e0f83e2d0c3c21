/*
 * Objects of one size that are named by a dense 32-bit number instead of a pointer: half the room in every link,
 * and a table can be walked (and resumed) by number while it changes. Objects never move.
 */
#ifndef BGPD_RIB_SLAB_H
#define BGPD_RIB_SLAB_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/check.h"
#include "lib/pool.h"

#define RIB_SLAB_NONE 0u
#define RIB_SLAB_CHUNK_BITS                                                                        \
	13 /* objects of a full chunk: 8192; the first 8192 stand in chunks that double */
#define RIB_SLAB_FIRST_BITS 4

struct rib_slab {
	uint8_t **chunks;
	uint32_t n_chunks, cap_chunks;
	uint32_t size; /* octets an object, a multiple of 4 */
	uint32_t end;  /* every number in use is below this */
	uint32_t room; /* numbers below this have their memory */
	uint32_t free; /* head of the free list, threaded through the first four octets */
	uint32_t live, peak;
	size_t octets; /* held from the system */
};

void rib_slab_init(struct rib_slab *s, size_t size);
void rib_slab_fini(struct rib_slab *s); /* aborts if objects are live */

/* Adds this slab's figures to one line of `show memory`. */
void rib_slab_count(const struct rib_slab *s, struct pool *sum);

/* id: below end. The memory of a freed object may be looked at (table walks do), not used. */
static inline void *rib_slab_get(const struct rib_slab *s, uint32_t id)
{
	if (id >> RIB_SLAB_CHUNK_BITS) {
		uint32_t chunk =
			(id >> RIB_SLAB_CHUNK_BITS) + (RIB_SLAB_CHUNK_BITS - RIB_SLAB_FIRST_BITS);
		return s->chunks[chunk] +
		       (size_t)(id & ((1u << RIB_SLAB_CHUNK_BITS) - 1)) * s->size;
	}
	if (id >> RIB_SLAB_FIRST_BITS) {
		unsigned top = 31u - (unsigned)__builtin_clz(id);
		return s->chunks[top - RIB_SLAB_FIRST_BITS + 1] +
		       (size_t)(id - (1u << top)) * s->size;
	}
	return s->chunks[0] + (size_t)id * s->size;
}

/* For rib_slab_add: one chunk more. */
void rib_slab_grow(struct rib_slab *s);

/* A new object, not zeroed: the caller fills all of it. Its number, never RIB_SLAB_NONE. */
static inline uint32_t rib_slab_add(struct rib_slab *s)
{
	uint32_t id = s->free;

	if (id != RIB_SLAB_NONE) {
		memcpy(&s->free, rib_slab_get(s, id), sizeof(s->free));
	} else {
		if (s->end >= s->room)
			rib_slab_grow(s);
		id = s->end++;
	}
	if (++s->live > s->peak)
		s->peak = s->live;
	return id;
}

/* The object's first four octets become the free list's; the rest is left as the caller set it. */
static inline void rib_slab_del(struct rib_slab *s, uint32_t id)
{
	CHECK(s->live > 0 && id != RIB_SLAB_NONE && id < s->end);
	if (--s->live == 0) { /* walks of an emptied slab cost nothing */
		s->free = RIB_SLAB_NONE;
		s->end = 1;
		return;
	}
	memcpy(rib_slab_get(s, id), &s->free, sizeof(s->free));
	s->free = id;
}

#endif

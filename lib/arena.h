/*
 * Bump memory for the life of one message or one step: given out in order, taken back all at once.
 *
 * The cap is hard: past it arena_alloc returns NULL, so that a peer cannot make us allocate without bound.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;		    /* octets given out since the last reset */
	size_t cap;		    /* octets that may be given out between two resets */
};

/* cap in octets. Allocates nothing yet. */
void arena_init(struct arena *a, size_t cap);
void arena_fini(struct arena *a);

/* n zeroed octets, aligned for any type, owned by the arena; NULL when the cap is reached. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of n octets, or NULL when the cap is reached. */
void *arena_copy(struct arena *a, const void *from, size_t n);

/* Takes everything back and keeps one block for the next round. */
void arena_reset(struct arena *a);

#endif

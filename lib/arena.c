#include "lib/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define ARENA_BLOCK_MIN 4096

struct arena_block {
	struct arena_block *next;
	size_t len;
	size_t cap;
	alignas(max_align_t) uint8_t data[];
};

void arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){.cap = cap};
}

static void arena_free_blocks(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
}

void arena_fini(struct arena *a)
{
	arena_free_blocks(a->blocks);
	*a = (struct arena){0};
}

static struct arena_block *arena_grow(struct arena *a, size_t n)
{
	size_t cap = n > ARENA_BLOCK_MIN ? n : ARENA_BLOCK_MIN;
	struct arena_block *b = malloc(sizeof(*b) + cap);
	CHECK(b != NULL);
	b->next = a->blocks;
	b->len = 0;
	b->cap = cap;
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t al = alignof(max_align_t);

	if (n > a->cap || a->used > a->cap - n)
		return NULL;
	size_t want = (n + al - 1) / al * al;
	struct arena_block *b = a->blocks;
	if (!b || b->cap - b->len < want)
		b = arena_grow(a, want);
	void *p = b->data + b->len;
	b->len += want;
	a->used += n;
	memset(p, 0, want);
	return p;
}

void *arena_copy(struct arena *a, const void *from, size_t n)
{
	void *p = arena_alloc(a, n);
	if (p && n)
		memcpy(p, from, n);
	return p;
}

void arena_reset(struct arena *a)
{
	if (a->blocks) {
		arena_free_blocks(a->blocks->next);
		a->blocks->next = NULL;
		a->blocks->len = 0;
	}
	a->used = 0;
}

#include "lib/pool.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define POOL_SLAB_OCTETS 65536

struct pool_slab {
	struct pool_slab *next;
	alignas(max_align_t) uint8_t data[];
};

struct pool_free {
	struct pool_free *next;
};

void pool_init(struct pool *p, const char *name, size_t size)
{
	const size_t al = alignof(struct pool_free);

	if (size < sizeof(struct pool_free))
		size = sizeof(struct pool_free);
	*p = (struct pool){.name = name, .size = (size + al - 1) / al * al};
}

void pool_fini(struct pool *p)
{
	CHECK(p->live == 0);
	struct pool_slab *s = p->slabs;
	while (s) {
		struct pool_slab *next = s->next;
		free(s);
		s = next;
	}
	*p = (struct pool){.name = p->name};
}

static void pool_grow(struct pool *p)
{
	size_t n = POOL_SLAB_OCTETS / p->size;
	if (n == 0)
		n = 1;
	struct pool_slab *s = malloc(sizeof(*s) + n * p->size);
	CHECK(s != NULL);
	s->next = p->slabs;
	p->slabs = s;
	p->slab_octets += sizeof(*s) + n * p->size;
	for (size_t i = n; i-- > 0;) {
		struct pool_free *f = (struct pool_free *)(s->data + i * p->size);
		f->next = p->free;
		p->free = f;
	}
}

void *pool_get(struct pool *p)
{
	if (!p->free)
		pool_grow(p);
	struct pool_free *f = p->free;
	p->free = f->next;
	if (++p->live > p->peak)
		p->peak = p->live;
	memset(f, 0, p->size);
	return f;
}

void pool_put(struct pool *p, void *object)
{
	struct pool_free *f = object;

	CHECK(p->live > 0);
	p->live--;
	f->next = p->free;
	p->free = f;
}

#include "bgpd/rib/slab.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define SLAB_FULL_CHUNK (RIB_SLAB_CHUNK_BITS - RIB_SLAB_FIRST_BITS + 1)

void rib_slab_init(struct rib_slab *s, size_t size)
{
	CHECK(size >= sizeof(uint32_t) && size % sizeof(uint32_t) == 0 && size <= 4096);
	*s = (struct rib_slab){.size = (uint32_t)size, .end = 1};
}

void rib_slab_fini(struct rib_slab *s)
{
	CHECK(s->live == 0);
	for (uint32_t i = 0; i < s->n_chunks; i++)
		free(s->chunks[i]);
	free(s->chunks);
	*s = (struct rib_slab){.size = s->size, .end = 1};
}

static uint32_t slab_chunk_first(uint32_t chunk)
{
	if (chunk == 0)
		return 0;
	if (chunk < SLAB_FULL_CHUNK)
		return 1u << (chunk - 1 + RIB_SLAB_FIRST_BITS);
	return (chunk - SLAB_FULL_CHUNK + 1) << RIB_SLAB_CHUNK_BITS;
}

void rib_slab_grow(struct rib_slab *s)
{
	uint32_t end = slab_chunk_first(s->n_chunks + 1);
	size_t objects = end - slab_chunk_first(s->n_chunks);

	CHECK(end > s->end);
	if (s->n_chunks == s->cap_chunks) {
		s->cap_chunks = s->cap_chunks ? s->cap_chunks * 2 : 4;
		s->chunks = realloc(s->chunks, s->cap_chunks * sizeof(*s->chunks));
		CHECK(s->chunks != NULL);
	}
	/* a fresh chunk costs no memory until its pages are touched */
	s->chunks[s->n_chunks] = malloc(objects * s->size);
	CHECK(s->chunks[s->n_chunks] != NULL);
	s->n_chunks++;
	s->room = end;
	s->octets += objects * s->size;
}

void rib_slab_count(const struct rib_slab *s, struct pool *sum)
{
	sum->size = s->size;
	sum->live += s->live;
	sum->peak += s->peak;
	sum->slab_octets += s->octets;
}

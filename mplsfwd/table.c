#include "mplsfwd/table.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/hash.h"

#define CHUNK_BITS 10
#define CHUNK	   (1u << CHUNK_BITS) /* entries that are allocated together */
#define SLOTS_MIN  16u

static void *table_alloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	CHECK(p);
	return p;
}

void fwd_table_init(struct fwd_table *t, uint16_t stride, uint16_t key_len, uint64_t seed)
{
	CHECK(key_len >= sizeof(uint32_t) && key_len <= stride);
	*t = (struct fwd_table){
		.stride = stride, .key_len = key_len, .seed = seed, .mask = SLOTS_MIN - 1};
	t->slots = table_alloc(SLOTS_MIN, sizeof(*t->slots));
}

void fwd_table_fini(struct fwd_table *t)
{
	for (uint32_t i = 0; i < t->n_chunks; i++)
		free(t->chunks[i]);
	free(t->chunks);
	free(t->slots);
	*t = (struct fwd_table){0};
}

void *fwd_table_at(const struct fwd_table *t, uint32_t id)
{
	return t->chunks[(id - 1) >> CHUNK_BITS] + (size_t)((id - 1) & (CHUNK - 1)) * t->stride;
}

static uint32_t key_hash(const struct fwd_table *t, const void *key)
{
	return (uint32_t)hash_octets(key, t->key_len, t->seed);
}

/* The slot that holds the key, or the empty one where it would stand. */
static struct fwd_slot *slot_find(const struct fwd_table *t, const void *key, uint32_t hash)
{
	for (uint32_t i = hash & t->mask;; i = (i + 1) & t->mask) {
		struct fwd_slot *s = &t->slots[i];

		if (!s->id)
			return s;
		if (s->hash == hash && !memcmp(fwd_table_at(t, s->id), key, t->key_len))
			return s;
	}
}

uint32_t fwd_table_find(const struct fwd_table *t, const void *key)
{
	return slot_find(t, key, key_hash(t, key))->id;
}

static void slots_grow(struct fwd_table *t)
{
	struct fwd_slot *old = t->slots;
	uint32_t old_mask = t->mask;

	t->mask = old_mask * 2 + 1;
	t->slots = table_alloc((size_t)t->mask + 1, sizeof(*t->slots));
	for (uint32_t i = 0; i <= old_mask; i++) {
		if (!old[i].id)
			continue;
		uint32_t at = old[i].hash & t->mask;
		while (t->slots[at].id)
			at = (at + 1) & t->mask;
		t->slots[at] = old[i];
	}
	free(old);
}

/* A freed identifier, or a fresh one; its entry is zeroed. */
static uint32_t id_new(struct fwd_table *t)
{
	uint32_t id = t->spare;

	if (id) {
		memcpy(&t->spare, fwd_table_at(t, id), sizeof(t->spare));
	} else {
		id = ++t->used;
		if ((id - 1) >> CHUNK_BITS >= t->n_chunks) {
			t->chunks = realloc(t->chunks, (t->n_chunks + 1) * sizeof(*t->chunks));
			CHECK(t->chunks);
			t->chunks[t->n_chunks++] = table_alloc(CHUNK, t->stride);
		}
	}
	memset(fwd_table_at(t, id), 0, t->stride);
	return id;
}

uint32_t fwd_table_add(struct fwd_table *t, const void *key)
{
	uint32_t hash = key_hash(t, key);
	struct fwd_slot *s = slot_find(t, key, hash);

	if (s->id)
		return s->id;
	if ((t->n + 1) * 4ull > (t->mask + 1ull) * 3) {
		slots_grow(t);
		s = slot_find(t, key, hash);
	}
	*s = (struct fwd_slot){.hash = hash, .id = id_new(t)};
	memcpy(fwd_table_at(t, s->id), key, t->key_len);
	t->n++;
	return s->id;
}

/* Closes the gap at slot i by moving back what stands after it and belongs before (Knuth 6.4 R). */
static void slots_close(struct fwd_table *t, uint32_t i)
{
	for (uint32_t j = (i + 1) & t->mask; t->slots[j].id; j = (j + 1) & t->mask) {
		uint32_t home = t->slots[j].hash & t->mask;

		if (((j - home) & t->mask) >= ((j - i) & t->mask)) {
			t->slots[i] = t->slots[j];
			i = j;
		}
	}
	t->slots[i] = (struct fwd_slot){0};
}

void fwd_table_del(struct fwd_table *t, uint32_t id)
{
	void *entry = fwd_table_at(t, id);
	struct fwd_slot *s = slot_find(t, entry, key_hash(t, entry));

	CHECK(s->id == id);
	slots_close(t, (uint32_t)(s - t->slots));
	memcpy(entry, &t->spare, sizeof(t->spare));
	t->spare = id;
	t->n--;
}

uint32_t fwd_table_next(const struct fwd_table *t, uint32_t *pos)
{
	while (*pos <= t->mask) {
		uint32_t id = t->slots[(*pos)++].id;

		if (id)
			return id;
	}
	return 0;
}

size_t fwd_table_octets(const struct fwd_table *t)
{
	return ((size_t)t->mask + 1) * sizeof(*t->slots) + (size_t)t->n_chunks * CHUNK * t->stride;
}

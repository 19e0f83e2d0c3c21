#include "bgpd/rib/slots.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib/store.h"
#include "bgpd/rib/table.h"
#include "lib/check.h"
#include "lib/hash.h"

#define SEGMENT_CAP_MIN	  4
#define SEGMENT_TAIL_MAX  64
#define SEGMENT_FULL(cap) ((cap) - (cap) / 7) /* slots in use at most: 6 of 7 */

uint64_t rib_slots_hash(const struct rib_table *t, const uint64_t *key)
{
	return hash_octets(key, t->words * sizeof(*key), t->store->seed);
}

static uint64_t slot_of(uint64_t hash, uint32_t dest)
{
	return hash << 32 | dest;
}

static uint32_t slot_home(const struct rib_segment *g, uint64_t slot)
{
	return rib_slots_home(g, slot >> 32);
}

/* Slots in the array. The last one is always free: every search ends there at the latest. */
static uint32_t segment_end(uint32_t cap)
{
	return cap + (cap < SEGMENT_TAIL_MAX ? cap : SEGMENT_TAIL_MAX);
}

/* The first slot that is free or not less than `slot`: where it is or belongs. */
static uint32_t segment_seek(const struct rib_segment *g, uint64_t slot)
{
	uint32_t i = slot_home(g, slot);

	while (g->slots[i] && g->slots[i] < slot)
		i++;
	return i;
}

/* What stands in order of hash, into an array of its own; false if its tail is too short. */
static bool segment_copy(struct rib_segment *to, const struct rib_segment *from)
{
	uint32_t at = 0, end = segment_end(to->cap) - 1;

	for (uint32_t i = 0; i < segment_end(from->cap); i++) {
		if (!from->slots[i])
			continue;
		uint32_t home = slot_home(to, from->slots[i]);
		at = home > at ? home : at;
		if (at == end)
			return false;
		to->slots[at++] = from->slots[i];
	}
	return true;
}

/* A quarter more room: with 64 segments that costs little time, and keeps slots per route below 12 octets. */
static void segment_grow(struct rib_segment *g)
{
	struct rib_segment old = *g;
	bool fits;

	do {
		g->cap += g->cap / 4 + SEGMENT_CAP_MIN;
		g->slots = calloc(segment_end(g->cap), sizeof(*g->slots));
		CHECK(g->slots != NULL);
		fits = old.n == 0 || segment_copy(g, &old);
		if (!fits)
			free(g->slots);
	} while (!fits);
	free(old.slots);
}

/* False if the array is too short for it. */
static bool segment_insert(struct rib_segment *g, uint32_t at, uint64_t slot)
{
	uint32_t end = at;

	while (g->slots[end])
		end++;
	if (end == segment_end(g->cap) - 1)
		return false;
	memmove(&g->slots[at + 1], &g->slots[at], (end - at) * sizeof(*g->slots));
	g->slots[at] = slot;
	g->n++;
	return true;
}

static void segment_add(struct rib_segment *g, uint32_t at, uint64_t slot)
{
	while (!segment_insert(g, at, slot)) {
		segment_grow(g);
		at = segment_seek(g, slot);
	}
}

static bool key_is(const struct rib_table *t, uint32_t dest, const uint64_t *key)
{
	const struct rib_dest *d = rib_dest_get(t, dest);

	for (unsigned i = 0; i < t->words; i++)
		if (d->key[i] != key[i])
			return false;
	return true;
}

/* The first slot from *at on whose destination has the key; its destination. *at is where it is or belongs. */
static uint32_t segment_find(const struct rib_table *t, const struct rib_segment *g, uint64_t hash,
	const uint64_t *key, uint32_t *at)
{
	uint32_t i = segment_seek(g, slot_of(hash, 0));

	*at = i;
	for (; g->slots[i] >> 32 == (uint32_t)hash && g->slots[i]; i++)
		if (key_is(t, (uint32_t)g->slots[i], key))
			return (uint32_t)g->slots[i];
	return RIB_SLAB_NONE;
}

uint32_t rib_slots_find(const struct rib_table *t, uint64_t hash, const uint64_t *key)
{
	const struct rib_segment *g = rib_slots_segment(&t->slots, hash);
	uint32_t at;

	return g->n ? segment_find(t, g, hash, key, &at) : RIB_SLAB_NONE;
}

uint32_t rib_slots_find_or_add(struct rib_table *t, uint64_t hash, const uint64_t *key)
{
	struct rib_segment *g = rib_slots_segment(&t->slots, hash);
	uint32_t at;

	if (g->n + 1 >= SEGMENT_FULL(g->cap))
		segment_grow(g);
	uint32_t dest = segment_find(t, g, hash, key, &at);
	if (dest)
		return dest;
	dest = rib_slab_add(&t->dests);
	struct rib_dest *d = rib_dest_get(t, dest);
	*d = (struct rib_dest){.flags = RIB_DEST_LIVE};
	memcpy(d->key, key, t->words * sizeof(*key));
	/* among equal hashes the order is that of the numbers */
	uint64_t slot = slot_of(hash, dest);
	while (g->slots[at] && g->slots[at] < slot)
		at++;
	segment_add(g, at, slot);
	return dest;
}

/* Those that follow without a gap and are not at home move up. */
static void segment_close(struct rib_segment *g, uint32_t at)
{
	uint32_t end = at + 1;

	while (g->slots[end] && slot_home(g, g->slots[end]) < end)
		end++;
	memmove(&g->slots[at], &g->slots[at + 1], (end - at - 1) * sizeof(*g->slots));
	g->slots[end - 1] = 0;
}

void rib_slots_del(struct rib_table *t, uint64_t hash, uint32_t dest)
{
	struct rib_segment *g = rib_slots_segment(&t->slots, hash);
	uint32_t at = segment_seek(g, slot_of(hash, dest));

	CHECK(g->slots[at] == slot_of(hash, dest));
	segment_close(g, at);
	if (--g->n == 0) {
		free(g->slots);
		*g = (struct rib_segment){0};
	}
}

void rib_slots_count(const struct rib_slots *s, struct pool *sum)
{
	for (unsigned i = 0; i < RIB_SEGMENTS; i++) {
		const struct rib_segment *g = &s->segments[i];

		sum->live += g->n;
		sum->slab_octets += g->cap ? segment_end(g->cap) * sizeof(*g->slots) : 0;
	}
}

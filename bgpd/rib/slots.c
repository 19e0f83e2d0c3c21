#include "bgpd/rib/slots.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib/store.h"
#include "bgpd/rib/table.h"
#include "lib/check.h"

#define SEGMENT_CAP_MIN	  4
#define SEGMENT_TAIL	  64		      /* slots behind the last home, to begin with */
#define SEGMENT_FULL(cap) ((cap) - (cap) / 7) /* slots in use at most: 6 of 7 */

static uint64_t slot_of(uint64_t hash, uint32_t dest)
{
	return hash << 32 | dest;
}

static uint32_t slot_home(const struct rib_segment *g, uint64_t slot)
{
	return rib_slots_home(g, slot >> 32);
}

/* The first slot that is free or not less than `slot`: where it is or belongs. */
static uint32_t segment_seek(const struct rib_segment *g, uint64_t slot)
{
	uint32_t i = slot_home(g, slot);

	while (g->slots[i] && g->slots[i] < slot)
		i++;
	return i;
}

static bool slot_is_dead(uint64_t slot)
{
	return (uint32_t)slot == RIB_SLAB_NONE;
}

/* What stands in order of hash, into an array of its own; false if that is too short behind its last home. */
static bool segment_copy(struct rib_segment *to, const struct rib_segment *from)
{
	uint32_t at = 0;

	if (!from->slots)
		return true;
	const uint64_t *slot = from->slots, *after = slot + from->end;

	for (; slot < after; slot++) {
		if (slot_is_dead(*slot))
			continue;
		uint32_t home = slot_home(to, *slot);
		at = home > at ? home : at;
		if (at >= to->end - 1)
			return false;
		to->slots[at++] = *slot;
	}
	return true;
}

static void segment_alloc(struct rib_segment *g, uint32_t tail)
{
	g->end = g->cap + tail;
	g->slots = calloc(g->end, sizeof(*g->slots));
	CHECK(g->slots != NULL);
}

/*
 * A quarter more room: with 64 segments that costs little time, and keeps slots per route below 12 octets. No more room
 * if what was removed makes enough of it.
 */
static void segment_grow(struct rib_segment *g)
{
	struct rib_segment old = *g;

	g->used = g->n;
	if (g->n >= g->cap - g->cap / 4)
		g->cap += g->cap / 4 + SEGMENT_CAP_MIN;
	uint32_t tail = g->cap < SEGMENT_TAIL ? g->cap : SEGMENT_TAIL;
	segment_alloc(g, tail);
	while (!segment_copy(g, &old)) {
		free(g->slots);
		tail *= 2;
		segment_alloc(g, tail);
	}
	free(old.slots);
}

/* Into its place; what stands there and behind it moves up to the next slot that nobody needs. */
static void segment_add(struct rib_segment *g, uint32_t at, uint64_t slot)
{
	uint64_t moved;

	for (;; at++) {
		moved = g->slots[at];
		g->slots[at] = slot;
		if (slot_is_dead(moved))
			break;
		slot = moved;
	}
	g->n++;
	if (moved)
		return;
	g->used++;
	if (at == g->end - 1)
		segment_grow(g);
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
	for (; g->slots[i] >> 32 == (uint32_t)hash; i++)
		if (!slot_is_dead(g->slots[i]) && key_is(t, (uint32_t)g->slots[i], key))
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

	if (g->used + 1 >= SEGMENT_FULL(g->cap))
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

void rib_slots_del(struct rib_table *t, uint64_t hash, uint32_t dest)
{
	struct rib_segment *g = rib_slots_segment(&t->slots, hash);
	uint32_t at = segment_seek(g, slot_of(hash, dest));

	CHECK(g->slots[at] == slot_of(hash, dest));
	g->slots[at] = slot_of(hash, RIB_SLAB_NONE);
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
		sum->slab_octets += g->end * sizeof(*g->slots);
	}
}

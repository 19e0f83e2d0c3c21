#include "bgpd/rib/table.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib/change.h"
#include "bgpd/rib/store.h"
#include "lib/check.h"
#include "lib/hash.h"

#define SEGMENT_CAP_MIN	  4
#define SEGMENT_FULL(cap) ((cap) - (cap) / 7) /* slots in use at most: 6 of 7, at least one free */

unsigned rib_key_put(enum wire_family f, const struct wire_nlri *n, uint64_t key[RIB_KEY_WORDS_MAX])
{
	uint64_t prefix = (uint64_t)ip_addr_get_v4(&n->prefix.addr) << 8 | n->prefix.len;

	if (wire_family_get(f)->key_words == 1) {
		key[0] = prefix;
		return 1;
	}
	key[0] = n->rd;
	key[1] = prefix;
	return 2;
}

void rib_key_get(enum wire_family f, const uint64_t *key, struct wire_nlri *out)
{
	bool two = wire_family_get(f)->key_words == 2;
	uint64_t prefix = two ? key[1] : key[0];

	*out = (struct wire_nlri){.rd = two ? key[0] : 0, .label = WIRE_LABEL_NONE};
	out->prefix.addr = ip_addr_v4((uint32_t)(prefix >> 8));
	out->prefix.len = (uint8_t)prefix;
}

struct rib_table *rib_table_new(struct rib_store *st, enum wire_family f, uint16_t vrf)
{
	struct rib_table *t = calloc(1, sizeof(*t));

	CHECK(t != NULL && st->n_tables < UINT16_MAX);
	t->store = st;
	t->family = f;
	t->vrf = vrf;
	t->words = wire_family_get(f)->key_words;
	rib_slab_init(&t->dests, sizeof(struct rib_dest) + t->words * sizeof(uint64_t));
	if (st->n_tables == st->cap_tables) {
		st->cap_tables = st->cap_tables ? st->cap_tables * 2 : 16;
		st->tables = realloc(st->tables, st->cap_tables * sizeof(*st->tables));
		CHECK(st->tables != NULL);
	}
	t->id = (uint16_t)st->n_tables;
	st->tables[st->n_tables++] = t;
	return t;
}

struct rib_dest *rib_dest_get(const struct rib_table *t, uint32_t dest)
{
	return rib_slab_get(&t->dests, dest);
}

static struct rib_path *path_get(const struct rib_table *t, uint32_t id)
{
	return id ? rib_slab_get(&t->store->paths, id) : NULL;
}

/* --- the hash over keys --- */

struct key_hash {
	struct rib_segment *segment;
	uint32_t hash;
};

static struct key_hash key_hash(const struct rib_table *t, const uint64_t *key)
{
	uint64_t h = hash_octets(key, t->words * sizeof(*key), t->store->seed);

	/* segment from the top bits, slot from the bottom ones */
	return (struct key_hash){
		.segment = (struct rib_segment *)&t->segments[h >> 58], .hash = (uint32_t)h};
}

static uint32_t slot_home(const struct rib_segment *g, uint32_t hash)
{
	return (uint32_t)((uint64_t)hash * g->cap >> 32);
}

static uint32_t slot_after(const struct rib_segment *g, uint32_t i)
{
	return i + 1 == g->cap ? 0 : i + 1;
}

/* The slot of the key, or the free slot where it belongs; the segment has at least one free slot. */
static uint32_t slot_find(
	const struct rib_table *t, const struct rib_segment *g, uint32_t hash, const uint64_t *key)
{
	uint32_t i = slot_home(g, hash);

	for (; g->slots[i].dest; i = slot_after(g, i)) {
		if (g->slots[i].hash != hash)
			continue;
		const struct rib_dest *d = rib_dest_get(t, g->slots[i].dest);
		if (memcmp(d->key, key, t->words * sizeof(*key)) == 0)
			break;
	}
	return i;
}

/* A quarter more room: with 64 segments that costs little time, and keeps slots per route below 12 octets; slots stay in order of hash, so this is one pass over each array. */
static void segment_grow(struct rib_segment *g)
{
	struct rib_segment old = *g;

	g->cap = old.cap + old.cap / 4 + SEGMENT_CAP_MIN;
	g->slots = calloc(g->cap, sizeof(*g->slots));
	CHECK(g->slots != NULL);
	for (uint32_t k = 0; k < old.cap; k++) {
		if (!old.slots[k].dest)
			continue;
		uint32_t i = slot_home(g, old.slots[k].hash);
		while (g->slots[i].dest)
			i = slot_after(g, i);
		g->slots[i] = old.slots[k];
	}
	free(old.slots);
}

static uint32_t dest_find(const struct rib_table *t, const uint64_t *key)
{
	struct key_hash h = key_hash(t, key);

	if (h.segment->n == 0)
		return RIB_SLAB_NONE;
	return h.segment->slots[slot_find(t, h.segment, h.hash, key)].dest;
}

static uint32_t dest_find_or_add(struct rib_table *t, const uint64_t *key)
{
	struct key_hash h = key_hash(t, key);
	struct rib_segment *g = h.segment;

	if (g->cap < SEGMENT_CAP_MIN || g->n + 1 >= SEGMENT_FULL(g->cap))
		segment_grow(g);
	uint32_t i = slot_find(t, g, h.hash, key);
	if (g->slots[i].dest)
		return g->slots[i].dest;
	uint32_t id = rib_slab_add(&t->dests);
	struct rib_dest *d = rib_dest_get(t, id);
	d->flags = RIB_DEST_LIVE;
	memcpy(d->key, key, t->words * sizeof(*key));
	g->slots[i] = (struct rib_slot){.hash = h.hash, .dest = id};
	g->n++;
	return id;
}

static void slot_close(struct rib_segment *g, uint32_t i)
{
	for (uint32_t j = slot_after(g, i); g->slots[j].dest; j = slot_after(g, j)) {
		uint32_t home = slot_home(g, g->slots[j].hash);
		uint32_t from_home = j >= home ? j - home : j + g->cap - home;
		uint32_t from_gap = j >= i ? j - i : j + g->cap - i;
		if (from_home < from_gap)
			continue;
		g->slots[i] = g->slots[j];
		i = j;
	}
	g->slots[i] = (struct rib_slot){0};
}

void rib_dest_del(struct rib_table *t, uint32_t dest)
{
	struct rib_dest *d = rib_dest_get(t, dest);
	struct key_hash h = key_hash(t, d->key);

	CHECK(d->paths == RIB_SLAB_NONE && d->flags == RIB_DEST_LIVE);
	slot_close(h.segment, slot_find(t, h.segment, h.hash, d->key));
	if (--h.segment->n == 0) {
		free(h.segment->slots);
		*h.segment = (struct rib_segment){0};
	}
	d->flags = 0;
	rib_slab_del(&t->dests, dest);
}

/* --- paths --- */

static bool path_is(const struct rib_path *p, const struct rib_route *r)
{
	if (p->flags & RIB_PATH_GONE || p->id != r->id)
		return false;
	if ((p->flags ^ r->flags) & RIB_PATH_IMPORTED)
		return false;
	return p->flags & RIB_PATH_IMPORTED || p->source == r->source;
}

static struct rib_path *path_find(
	const struct rib_table *t, const struct rib_dest *d, const struct rib_route *r)
{
	struct rib_path *p = path_get(t, d->paths);

	while (p && !path_is(p, r))
		p = path_get(t, p->next);
	return p;
}

static void path_count(struct rib_table *t, uint16_t source, uint16_t flags, int by)
{
	t->n_paths += (uint64_t)(int64_t)by;
	if (!(flags & RIB_PATH_IMPORTED))
		t->store->sources[source].paths[t->family] += (uint32_t)by;
}

static void path_fill(struct rib_table *t, struct rib_path *p, const struct rib_route *r)
{
	p->attrs = rib_attrset_ref(r->attrs);
	p->label = r->label;
	p->id = r->id;
	p->source = r->source;
	p->flags = r->flags;
	rib_source_ref(t->store, r->source);
	path_count(t, r->source, r->flags, 1);
	if (t->store->sources[r->source].track)
		rib_nexthop_use(t->store, r->attrs);
}

/* A path that consumers know as best stays first in the list. */
static void path_link(struct rib_table *t, struct rib_dest *d, uint32_t id)
{
	struct rib_path *p = path_get(t, id), *first = path_get(t, d->paths);

	if (first && first->flags & RIB_PATH_BEST) {
		p->next = first->next;
		first->next = id;
	} else {
		p->next = d->paths;
		d->paths = id;
	}
}

/* Takes it out of the list; returns its number. */
static uint32_t path_unlink(struct rib_table *t, struct rib_dest *d, const struct rib_path *p)
{
	uint32_t *at = &d->paths;

	while (path_get(t, *at) != p)
		at = &path_get(t, *at)->next;
	uint32_t id = *at;
	*at = p->next;
	return id;
}

void rib_path_first(struct rib_table *t, struct rib_dest *d, struct rib_path *p)
{
	uint32_t id = path_unlink(t, d, p);

	p->next = d->paths;
	d->paths = id;
}

static void path_drop(struct rib_table *t, struct rib_path *p)
{
	rib_store_unref_attrs(t->store, p->attrs);
	rib_source_unref(t->store, p->source);
}

void rib_path_del(struct rib_table *t, struct rib_dest *d, struct rib_path *p)
{
	uint32_t id = path_unlink(t, d, p);

	path_drop(t, p);
	rib_slab_del(&t->store->paths, id);
}

void rib_path_withdraw(struct rib_table *t, uint32_t dest, struct rib_path *p)
{
	struct rib_dest *d = rib_dest_get(t, dest);

	path_count(t, p->source, p->flags, -1);
	if (p->flags & RIB_PATH_BEST)
		p->flags |= RIB_PATH_GONE;
	else
		rib_path_del(t, d, p);
	rib_change_add(t, dest);
}

static bool path_same(const struct rib_path *p, const struct rib_route *r)
{
	const uint16_t kept = RIB_PATH_IMPORTED | RIB_PATH_LEAKED | RIB_PATH_PRIVATE;

	return p->attrs == r->attrs && p->label == r->label && p->source == r->source &&
	       (p->flags & kept) == r->flags;
}

/* The path that consumers know must stay whole until they have seen the change: the new one stands beside it. */
static void path_replace(
	struct rib_table *t, uint32_t dest, struct rib_path *p, const struct rib_route *r)
{
	path_count(t, p->source, p->flags, -1);
	if (p->flags & RIB_PATH_BEST) {
		p->flags |= RIB_PATH_GONE;
		uint32_t id = rib_slab_add(&t->store->paths);
		path_fill(t, path_get(t, id), r);
		path_link(t, rib_dest_get(t, dest), id);
		return;
	}
	struct rib_path old = *p;
	path_fill(t, p, r); /* first, so that what both share is not freed in between */
	path_drop(t, &old);
}

enum rib_result rib_table_add(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	uint64_t key[RIB_KEY_WORDS_MAX];

	CHECK(r->source < t->store->n_sources && t->store->sources[r->source].used);
	rib_key_put(t->family, n, key);
	uint32_t dest = dest_find_or_add(t, key);
	struct rib_dest *d = rib_dest_get(t, dest);
	struct rib_path *p = path_find(t, d, r);
	if (p && path_same(p, r))
		return RIB_UNCHANGED;
	if (p) {
		path_replace(t, dest, p, r);
	} else {
		uint32_t id = rib_slab_add(&t->store->paths);
		path_fill(t, path_get(t, id), r);
		path_link(t, d, id);
	}
	rib_change_add(t, dest);
	return p ? RIB_REPLACED : RIB_ADDED;
}

enum rib_result rib_table_del(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	uint32_t dest = rib_table_find(t, n);

	if (!dest)
		return RIB_UNCHANGED;
	struct rib_path *p = path_find(t, rib_dest_get(t, dest), r);
	if (!p)
		return RIB_UNCHANGED;
	rib_path_withdraw(t, dest, p);
	return RIB_REMOVED;
}

static void dest_drop(struct rib_table *t, uint32_t dest)
{
	struct rib_dest *d = rib_dest_get(t, dest);

	while (d->paths) {
		struct rib_path *p = path_get(t, d->paths);
		if (!(p->flags & RIB_PATH_GONE))
			path_count(t, p->source, p->flags, -1);
		rib_path_del(t, d, p);
	}
	d->flags = RIB_DEST_LIVE;
	rib_dest_del(t, dest);
}

void rib_table_free(struct rib_table *t)
{
	uint32_t next;

	for (uint32_t id = rib_table_next(t, 0); id; id = next) {
		next = rib_table_next(t, id);
		dest_drop(t, id);
	}
	rib_slab_fini(&t->dests);
	t->store->tables[t->id] = NULL;
	free(t);
}

/* --- reading --- */

uint32_t rib_table_find(const struct rib_table *t, const struct wire_nlri *n)
{
	uint64_t key[RIB_KEY_WORDS_MAX];

	rib_key_put(t->family, n, key);
	return dest_find(t, key);
}

uint32_t rib_table_count(const struct rib_table *t)
{
	return t->dests.live;
}

uint32_t rib_table_next(const struct rib_table *t, uint32_t after)
{
	while (++after < t->dests.end)
		if (rib_dest_get(t, after)->flags & RIB_DEST_LIVE)
			return after;
	return RIB_SLAB_NONE;
}

static int key_cmp(const void *a, const void *b, void *table)
{
	const struct rib_table *t = table;
	const struct rib_dest *x = rib_dest_get(t, *(const uint32_t *)a);
	const struct rib_dest *y = rib_dest_get(t, *(const uint32_t *)b);

	for (unsigned i = 0; i < t->words; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return 0;
}

uint32_t *rib_table_sorted(const struct rib_table *t, size_t *n)
{
	uint32_t *ids = malloc((t->dests.live + 1) * sizeof(*ids));

	CHECK(ids != NULL);
	*n = 0;
	for (uint32_t id = rib_table_next(t, 0); id; id = rib_table_next(t, id))
		ids[(*n)++] = id;
	qsort_r(ids, *n, sizeof(*ids), key_cmp, (void *)t);
	return ids;
}

void rib_dest_nlri(const struct rib_table *t, uint32_t dest, struct wire_nlri *out)
{
	rib_key_get(t->family, rib_dest_get(t, dest)->key, out);
}

struct rib_path *rib_dest_paths(const struct rib_table *t, uint32_t dest)
{
	return path_get(t, rib_dest_get(t, dest)->paths);
}

struct rib_path *rib_path_next(const struct rib_table *t, const struct rib_path *p)
{
	return path_get(t, p->next);
}

struct rib_path *rib_dest_best(const struct rib_table *t, uint32_t dest)
{
	struct rib_path *p = rib_dest_paths(t, dest);

	return p && p->flags & RIB_PATH_BEST ? p : NULL;
}

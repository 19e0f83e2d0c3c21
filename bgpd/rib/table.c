#include "bgpd/rib/table.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib/change.h"
#include "bgpd/rib/stale.h"
#include "bgpd/rib/store.h"
#include "lib/check.h"

#define BATCH 32 /* prefixes whose memory is under way at once */

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
	t->paths = &st->paths;
	hash_key_init(&t->hash, st->seed);
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

void rib_dest_del(struct rib_table *t, uint32_t dest)
{
	struct rib_dest *d = rib_dest_get(t, dest);

	CHECK(d->paths == RIB_SLAB_NONE && d->flags == RIB_DEST_LIVE);
	rib_slots_del(t, rib_key_hash(t, d->key), dest);
	d->flags = 0;
	rib_slab_del(&t->dests, dest);
}

/* --- paths --- */

/* What names a path, as one number, so that a long list is searched with one comparison each. */
static uint64_t path_name(uint32_t id, uint16_t source, uint16_t flags)
{
	return (uint64_t)id << 32 | (uint32_t)source << 16 | flags;
}

/* The link to the path that r names; what it holds is RIB_SLAB_NONE if there is none. */
static uint32_t *path_seek(const struct rib_table *t, struct rib_dest *d, const struct rib_route *r)
{
	bool imported = r->flags & RIB_PATH_IMPORTED;
	uint64_t mask =
		path_name(UINT32_MAX, imported ? 0 : UINT16_MAX, RIB_PATH_GONE | RIB_PATH_IMPORTED);
	uint64_t want = path_name(r->id, r->source, r->flags & RIB_PATH_IMPORTED) & mask;
	struct rib_path *p;
	uint32_t *at = &d->paths;

	for (; (p = rib_path_get(t, *at)); at = &p->next)
		if ((path_name(p->id, p->source, p->flags) & mask) == want)
			break;
	return at;
}

static struct rib_path *path_find(
	const struct rib_table *t, struct rib_dest *d, const struct rib_route *r)
{
	return rib_path_get(t, *path_seek(t, d, r));
}

static void path_count(struct rib_table *t, uint16_t source, uint16_t flags, int by)
{
	struct rib_source *s = &t->store->sources[source];

	t->n_paths += (uint64_t)(int64_t)by;
	if (flags & RIB_PATH_IMPORTED)
		return;
	s->paths[t->family] += (uint32_t)by;
	if (rib_stale_age(s, t->family, flags))
		s->stale[t->family] += (uint32_t)by;
}

static void path_fill(struct rib_table *t, struct rib_path *p, const struct rib_route *r)
{
	p->attrs = rib_attrset_ref(r->attrs);
	p->label = r->label;
	p->id = r->id;
	p->source = r->source;
	p->flags = r->flags | t->store->sources[r->source].epoch[t->family];
	rib_source_ref(t->store, r->source);
	path_count(t, r->source, p->flags, 1);
	if (rib_table_tracks(t, r->source))
		rib_nexthop_use(t->store, r->attrs);
}

/* A new one. A path that consumers know as best stays first in the list. */
static struct rib_path *path_add(struct rib_table *t, struct rib_dest *d, const struct rib_route *r)
{
	struct rib_path *first = rib_path_get(t, d->paths);
	uint32_t id = rib_slab_add(t->paths);
	struct rib_path *p = rib_path_get(t, id);
	uint32_t *at = first && first->flags & RIB_PATH_BEST ? &first->next : &d->paths;

	p->next = *at;
	*at = id;
	path_fill(t, p, r);
	return p;
}

static __attribute__((noinline)) void path_follow(
	const struct rib_table *t, uint32_t dest, const struct rib_path *p, bool there)
{
	if (!(p->flags & RIB_PATH_IMPORTED))
		t->store->follow.fn(t->store->follow.arg, t, dest, p, there);
}

/* Where nobody follows, one test. */
static inline void path_tell(
	const struct rib_table *t, uint32_t dest, const struct rib_path *p, bool there)
{
	if (__builtin_expect(t->store->follow.fn != NULL, false))
		path_follow(t, dest, p, there);
}

static void path_drop(struct rib_table *t, struct rib_path *p)
{
	rib_store_unref_attrs(t->store, p->attrs);
	rib_source_unref(t->store, p->source);
}

/* at: the link to it. */
static void path_del(struct rib_table *t, uint32_t *at)
{
	uint32_t id = *at;
	struct rib_path *p = rib_path_get(t, id);

	*at = p->next;
	path_drop(t, p);
	rib_slab_del(t->paths, id);
}

/* The link to p, which is in the list; seldom far: the first is the best. */
static uint32_t *path_link(struct rib_table *t, struct rib_dest *d, const struct rib_path *p)
{
	uint32_t *at = &d->paths;
	struct rib_path *q;

	while ((q = rib_path_get(t, *at)) != p)
		at = &q->next;
	return at;
}

void rib_path_del(struct rib_table *t, struct rib_dest *d, struct rib_path *p)
{
	path_del(t, path_link(t, d, p));
}

static void path_withdraw(struct rib_table *t, uint32_t dest, uint32_t *at)
{
	struct rib_path *p = rib_path_get(t, *at);

	path_tell(t, dest, p, false);
	path_count(t, p->source, p->flags, -1);
	if (p->flags & RIB_PATH_BEST)
		p->flags |= RIB_PATH_GONE;
	else
		path_del(t, at);
	rib_change_add(t, dest);
}

void rib_path_withdraw(struct rib_table *t, uint32_t dest, struct rib_path *p)
{
	path_withdraw(t, dest, path_link(t, rib_dest_get(t, dest), p));
}

void rib_path_first(struct rib_table *t, struct rib_dest *d, struct rib_path *p)
{
	uint32_t *at = path_link(t, d, p), id = *at;

	if (at == &d->paths)
		return;
	*at = p->next;
	p->next = d->paths;
	d->paths = id;
}

static bool path_same(const struct rib_path *p, const struct rib_route *r)
{
	const uint16_t kept = RIB_PATH_IMPORTED | RIB_PATH_LEAKED | RIB_PATH_PRIVATE |
			      RIB_PATH_BLACKHOLE | RIB_PATH_REJECTED;

	return p->attrs == r->attrs && p->label == r->label && p->source == r->source &&
	       (p->flags & kept) == r->flags;
}

/* The path that consumers know must stay whole until they have seen the change: the new one stands beside it. */
static struct rib_path *path_replace(
	struct rib_table *t, struct rib_dest *d, struct rib_path *p, const struct rib_route *r)
{
	path_count(t, p->source, p->flags, -1);
	if (p->flags & RIB_PATH_BEST) {
		p->flags |= RIB_PATH_GONE;
		return path_add(t, d, r);
	}
	struct rib_path old = *p;
	path_fill(t, p, r); /* first, so that what both share is not freed in between */
	path_drop(t, &old);
	return p;
}

/* Only who names its paths can have more than one: the others do not pay for the question. */
static bool dest_is_crowded(
	const struct rib_table *t, struct rib_dest *d, const struct rib_route *r)
{
	unsigned n = 0;

	if (!r->id || r->flags & RIB_PATH_IMPORTED)
		return false;
	for (const struct rib_path *p = rib_path_get(t, d->paths); p; p = rib_path_next(t, p))
		n += p->source == r->source && !(p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED)) &&
		     !rib_stale_path(t, p); /* these go, and what is said now takes their place */
	return n >= RIB_PATHS_OF_SOURCE_MAX;
}

static enum rib_result dest_add(struct rib_table *t, uint32_t dest, const struct rib_route *r)
{
	struct rib_dest *d = rib_dest_get(t, dest);
	struct rib_path *p = path_find(t, d, r), *now;

	if (p && path_same(p, r)) {
		if (rib_stale_refresh(t, p))
			path_tell(t, dest, p, true);
		return RIB_UNCHANGED;
	}
	if (!p && dest_is_crowded(t, d, r)) {
		t->store->sources[r->source].crowded++;
		return RIB_CROWDED;
	}
	now = p ? path_replace(t, d, p, r) : path_add(t, d, r);
	path_tell(t, dest, now, true);
	rib_change_add(t, dest);
	return p ? RIB_REPLACED : RIB_ADDED;
}

static enum rib_result dest_withdraw(struct rib_table *t, uint32_t dest, const struct rib_route *r)
{
	uint32_t *at = dest ? path_seek(t, rib_dest_get(t, dest), r) : NULL;

	if (!at || *at == RIB_SLAB_NONE)
		return RIB_UNCHANGED;
	path_withdraw(t, dest, at);
	return RIB_REMOVED;
}

enum rib_result rib_table_add(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	uint64_t key[RIB_KEY_WORDS_MAX];

	CHECK(r->source < t->store->n_sources && t->store->sources[r->source].used);
	rib_key_put(t->family, n, key);
	return dest_add(t, rib_slots_find_or_add(t, rib_key_hash(t, key), key), r);
}

enum rib_result rib_table_del(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	return dest_withdraw(t, rib_table_find(t, n), r);
}

/* --- many at once: every stage asks for the memory of the next one, for all of them --- */

struct batch {
	uint64_t key[BATCH][RIB_KEY_WORDS_MAX];
	uint64_t hash[BATCH];
	uint32_t dest[BATCH];
};

static void batch_hash(
	const struct rib_table *t, const struct wire_nlri *list, unsigned n, struct batch *b)
{
	for (unsigned i = 0; i < n; i++) {
		rib_key_put(t->family, &list[i], b->key[i]);
		b->hash[i] = rib_key_hash(t, b->key[i]);
		rib_slots_prefetch(&t->slots, b->hash[i]);
	}
}

static void batch_fetch_paths(const struct rib_table *t, const struct batch *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (b->dest[i])
			__builtin_prefetch(rib_dest_paths(t, b->dest[i]));
}

static void add_some(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, struct rib_route *r)
{
	struct batch b;

	batch_hash(t, list, n, &b);
	for (unsigned i = 0; i < n; i++) {
		b.dest[i] = rib_slots_find_or_add(t, b.hash[i], b.key[i]);
		__builtin_prefetch(rib_dest_get(t, b.dest[i]), 1);
	}
	batch_fetch_paths(t, &b, n);
	for (unsigned i = 0; i < n; i++) {
		r->label = list[i].label;
		r->id = list[i].path_id;
		(void)dest_add(t, b.dest[i], r);
	}
}

static void del_some(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, struct rib_route *r)
{
	struct batch b;

	batch_hash(t, list, n, &b);
	for (unsigned i = 0; i < n; i++) {
		b.dest[i] = rib_slots_find(t, b.hash[i], b.key[i]);
		if (b.dest[i])
			__builtin_prefetch(rib_dest_get(t, b.dest[i]), 1);
	}
	batch_fetch_paths(t, &b, n);
	for (unsigned i = 0; i < n; i++) {
		r->id = list[i].path_id;
		(void)dest_withdraw(t, b.dest[i], r);
	}
}

void rib_table_add_many(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, const struct rib_route *r)
{
	struct rib_route one = *r;

	CHECK(r->source < t->store->n_sources && t->store->sources[r->source].used);
	for (unsigned i = 0; i < n; i += BATCH)
		add_some(t, list + i, n - i < BATCH ? n - i : BATCH, &one);
}

void rib_table_del_many(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, const struct rib_route *r)
{
	struct rib_route one = *r;

	for (unsigned i = 0; i < n; i += BATCH)
		del_some(t, list + i, n - i < BATCH ? n - i : BATCH, &one);
}

bool rib_table_has(const struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	uint32_t dest = rib_table_find(t, n);

	return dest && path_find(t, rib_dest_get(t, dest), r);
}

static void dest_drop(struct rib_table *t, uint32_t dest)
{
	struct rib_dest *d = rib_dest_get(t, dest);

	while (d->paths) {
		struct rib_path *p = rib_path_get(t, d->paths);
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
	return rib_slots_find(t, rib_key_hash(t, key), key);
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

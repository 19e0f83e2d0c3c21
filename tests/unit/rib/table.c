#include <criterion/criterion.h>
#include <stdlib.h>

#include "bgpd/rib/best.h"
#include "tests/support/route.h"

#define PEERS	  4
#define PREFIXES  300
#define ATTRS	  6
#define BATCH_MAX 70 /* more than twice what the table takes at once */

/* What a naive router holds: the path of every peer for every prefix, and what consumers were told. */
struct model {
	int path[PREFIXES][PEERS]; /* index of attributes + 1, 0: none */
	uint32_t label[PREFIXES][PEERS];
	int told_peer[PREFIXES]; /* -1: no best */
	int told_attrs[PREFIXES];
};

struct world {
	struct rib_store *st;
	struct rib_table *t;
	uint16_t source[PEERS];
	struct test_attrs attrs[ATTRS];
	struct rib_attrset *sets[ATTRS];
	struct model m;
	uint64_t rng;
};

static struct wire_nlri prefix_of(unsigned i)
{
	return test_nlri(UINT64_C(65000) << 32 | i % 7, 0x0a000000 + (i << 8), 24);
}

static unsigned prefix_index(const struct wire_nlri *n)
{
	return (ip_addr_get_v4(&n->prefix.addr) - 0x0a000000) >> 8;
}

static void world_init(struct world *w, uint64_t seed)
{
	*w = (struct world){.rng = seed, .st = rib_store_new(seed)};
	w->t = rib_table_new(w->st, WIRE_VPNV4, RIB_VRF_CORE);
	for (unsigned i = 0; i < PEERS; i++)
		w->source[i] = test_peer(w->st, RIB_VRF_CORE, 10 + i, 10 + i, true);
	for (unsigned i = 0; i < ATTRS; i++) {
		test_attrs_init(&w->attrs[i], 1, (uint32_t[]){1, 2, 3}, 1 + i % 3);
		test_attrs_local_pref(&w->attrs[i], 100 + i / 3);
		w->sets[i] = rib_store_get_attrs(w->st, &w->attrs[i].a);
	}
	for (unsigned i = 0; i < PREFIXES; i++)
		w->m.told_peer[i] = -1;
}

static void world_fini(struct world *w)
{
	for (unsigned i = 0; i < ATTRS; i++)
		rib_store_unref_attrs(w->st, w->sets[i]);
	rib_store_free(w->st);
}

static int source_index(const struct world *w, uint16_t source)
{
	int i = 0;

	while (i < PEERS && w->source[i] != source)
		i++;
	cr_assert_lt(i, PEERS);
	return i;
}

static int set_index(const struct world *w, const struct rib_attrset *set)
{
	int i = 0;

	while (i < ATTRS && w->sets[i] != set)
		i++;
	cr_assert_lt(i, ATTRS);
	return i;
}

/* Higher LOCAL_PREF, shorter path, lower router id: attributes and peers are made that simple. */
static int naive_best(const struct world *w, unsigned prefix)
{
	int best = -1, best_rank = 0;

	for (int i = 0; i < PEERS; i++) {
		int a = w->m.path[prefix][i] - 1;
		if (a < 0)
			continue;
		int rank = (a / 3) * 10 - a % 3;
		if (best < 0 || rank > best_rank) {
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

static void random_message(struct world *w)
{
	unsigned p = test_random(&w->rng, PREFIXES), peer = test_random(&w->rng, PEERS);
	struct wire_nlri n = prefix_of(p);
	int *has = &w->m.path[p][peer];

	if (test_random(&w->rng, 3) == 0) {
		enum rib_result r = test_withdraw(w->t, &n, w->source[peer]);
		cr_assert_eq(r, *has ? RIB_REMOVED : RIB_UNCHANGED);
		*has = 0;
		return;
	}
	unsigned a = test_random(&w->rng, ATTRS);
	uint32_t label = 100 + test_random(&w->rng, 2);
	bool same = *has == (int)a + 1 && w->m.label[p][peer] == label;
	enum rib_result r = test_announce(w->t, &n, w->source[peer], &w->attrs[a].a, label);
	cr_assert_eq(r, same ? RIB_UNCHANGED : *has ? RIB_REPLACED : RIB_ADDED);
	*has = (int)a + 1;
	w->m.label[p][peer] = label;
}

/* A message's worth of one peer, in which prefixes may stand twice. */
static void random_batch(struct world *w)
{
	unsigned peer = test_random(&w->rng, PEERS), a = test_random(&w->rng, ATTRS);
	unsigned n = test_random(&w->rng, BATCH_MAX), first = test_random(&w->rng, PREFIXES);
	struct rib_route r = {.source = w->source[peer], .attrs = w->sets[a]};
	bool withdrawn = test_random(&w->rng, 3) == 0;
	struct wire_nlri list[BATCH_MAX];

	for (unsigned i = 0; i < n; i++) {
		unsigned p = (first + test_random(&w->rng, 40)) % PREFIXES;
		list[i] = prefix_of(p);
		list[i].label = 100 + test_random(&w->rng, 2);
		w->m.path[p][peer] = withdrawn ? 0 : (int)a + 1;
		w->m.label[p][peer] = list[i].label;
	}
	if (withdrawn)
		rib_table_del_many(w->t, list, n, &r);
	else
		rib_table_add_many(w->t, list, n, &r);
}

static void hear_change(struct world *w, const struct rib_change *c)
{
	struct wire_nlri n;

	rib_dest_nlri(c->table, c->dest, &n);
	unsigned p = prefix_index(&n);
	cr_assert_eq(n.rd, prefix_of(p).rd);
	cr_assert_eq(c->was == NULL, w->m.told_peer[p] < 0);
	if (c->was) {
		cr_assert_eq(source_index(w, c->was->source), w->m.told_peer[p]);
		cr_assert_eq(set_index(w, c->was->attrs), w->m.told_attrs[p]);
	}
	w->m.told_peer[p] = c->now ? source_index(w, c->now->source) : -1;
	w->m.told_attrs[p] = c->now ? set_index(w, c->now->attrs) : -1;
}

static void hear_changes(struct world *w, unsigned budget)
{
	struct rib_change c;

	while (rib_change_next(w->st, &budget, &c)) {
		hear_change(w, &c);
		rib_change_done(w->st, &c);
	}
}

static void check_settled(struct world *w)
{
	uint32_t received[PEERS] = {0}, dests = 0;

	for (unsigned p = 0; p < PREFIXES; p++) {
		struct wire_nlri n = prefix_of(p);
		int best = naive_best(w, p);
		cr_assert_eq(w->m.told_peer[p], best);
		if (best >= 0) {
			const struct rib_path *path = rib_dest_best(w->t, rib_table_find(w->t, &n));
			cr_assert_eq(w->m.told_attrs[p], w->m.path[p][best] - 1);
			cr_assert_eq(path->label, w->m.label[p][best]);
		}
		cr_assert_eq(rib_table_find(w->t, &n) != 0, best >= 0);
		dests += best >= 0;
		for (unsigned i = 0; i < PEERS; i++)
			received[i] += w->m.path[p][i] != 0;
	}
	cr_assert_eq(rib_table_count(w->t), dests);
	for (unsigned i = 0; i < PEERS; i++)
		cr_assert_eq(rib_source_get(w->st, w->source[i])->paths[WIRE_VPNV4], received[i]);
}

Test(table, consumers_hear_what_a_naive_router_would_choose)
{
	static struct world w;

	world_init(&w, 99);
	for (unsigned round = 0; round < 300; round++) {
		for (unsigned i = test_random(&w.rng, 200); i > 0; i--)
			if (test_random(&w.rng, 20) == 0)
				random_batch(&w);
			else
				random_message(&w);
		hear_changes(&w, test_random(&w.rng, 100));
		if (round % 10 == 0) {
			hear_changes(&w, UINT32_MAX);
			check_settled(&w);
		}
	}
	world_fini(&w);
}

Test(table, sorted_is_sorted_and_a_walk_survives_changes)
{
	static struct world w;
	size_t n;

	world_init(&w, 5);
	for (unsigned p = 0; p < PREFIXES; p++) {
		struct wire_nlri x = prefix_of(p);
		test_announce(w.t, &x, w.source[0], &w.attrs[0].a, 100);
	}
	test_settle(w.st);
	uint32_t *ids = rib_table_sorted(w.t, &n);
	cr_assert_eq(n, PREFIXES);
	for (size_t i = 1; i < n; i++) {
		const uint64_t *a = rib_dest_get(w.t, ids[i - 1])->key,
			       *b = rib_dest_get(w.t, ids[i])->key;
		cr_assert(a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]));
	}
	free(ids);
	unsigned seen = 0;
	for (uint32_t id = rib_table_next(w.t, 0); id; id = rib_table_next(w.t, id)) {
		struct wire_nlri x;
		rib_dest_nlri(w.t, id, &x); /* every second one goes while the walk stands on it */
		if (seen++ % 2)
			test_withdraw(w.t, &x, w.source[0]);
		test_settle(w.st);
	}
	cr_assert_eq(seen, PREFIXES);
	cr_assert_eq(rib_table_count(w.t), PREFIXES / 2);
	world_fini(&w);
}

Test(table, a_large_one_finds_everything_and_ends_empty)
{
	struct rib_store *st = rib_store_new(1);
	struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, RIB_VRF_CORE);
	uint16_t source = test_peer(st, RIB_VRF_CORE, 1, 1, true);
	struct test_attrs a;
	struct pool lines[RIB_STORE_POOLS];

	test_attrs_init(&a, 1, NULL, 0);
	for (uint32_t i = 0; i < 50000; i++) {
		struct wire_nlri n = test_nlri(0, i << 8, 24);
		test_announce(t, &n, source, &a.a, WIRE_LABEL_NONE);
	}
	test_settle(st);
	for (uint32_t i = 0; i < 50000; i++) {
		struct wire_nlri n = test_nlri(0, i << 8, 24), longer = test_nlri(0, i << 8, 25);
		cr_assert(rib_table_find(t, &n));
		cr_assert_not(rib_table_find(t, &longer));
		if (i % 3)
			test_withdraw(t, &n, source);
	}
	test_settle(st);
	for (uint32_t i = 0; i < 50000; i++) {
		struct wire_nlri n = test_nlri(0, i << 8, 24);
		cr_assert_eq(rib_table_find(t, &n) != 0, i % 3 == 0);
		test_withdraw(t, &n, source);
	}
	test_settle(st);
	rib_store_memory(st, lines);
	for (unsigned i = 0; i < RIB_STORE_POOLS; i++)
		cr_assert_eq(lines[i].live, 0, "%s", lines[i].name);
	rib_store_free(st);
}

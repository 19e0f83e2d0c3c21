#include <criterion/criterion.h>

#include <time.h>

#include "bgpd/rib/best.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define PATHS_MAX 6

struct candidate {
	struct test_attrs attrs;
	uint16_t source;
};

static struct rib_path *path_of(struct rib_table *t, uint32_t dest, uint16_t source)
{
	struct rib_path *p = rib_dest_paths(t, dest);

	while (p && p->source != source)
		p = rib_path_next(t, p);
	return p;
}

/* --- the RFC's own procedure, one step after the other, over a list of those left --- */

struct naive {
	const struct rib_store *st;
	const struct candidate *left[PATHS_MAX];
	unsigned n;
};

static int64_t naive_rank(const struct naive *x, const struct candidate *c, unsigned step)
{
	const struct rib_source *s = rib_source_get(x->st, c->source);

	switch (step) {
	case 0:
		return -(int64_t)(wire_attrs_has(&c->attrs.a, WIRE_ATTR_LOCAL_PREF)
					  ? c->attrs.a.local_pref
					  : 100);
	case 1:
		return wire_aspath_length(c->attrs.a.as_path);
	case 2:
		return c->attrs.a.origin;
	case 4:
		return s->ebgp ? 0 : 1;
	case 5:
		return s->router_id;
	default:
		return ip_addr_get_v4(&s->addr);
	}
}

static bool naive_med_worse(const struct naive *x, const struct candidate *c)
{
	for (unsigned i = 0; i < x->n; i++)
		if (wire_aspath_first(x->left[i]->attrs.a.as_path) ==
				wire_aspath_first(c->attrs.a.as_path) &&
			x->left[i]->attrs.a.med < c->attrs.a.med)
			return true;
	return false;
}

static bool naive_stays(const struct naive *x, const struct candidate *c, unsigned step)
{
	if (step == 3)
		return !naive_med_worse(x, c);
	for (unsigned i = 0; i < x->n; i++)
		if (naive_rank(x, x->left[i], step) < naive_rank(x, c, step))
			return false;
	return true;
}

static const struct candidate *naive_best(
	const struct rib_store *st, const struct candidate *c, unsigned n)
{
	struct naive x = {.st = st, .n = n};

	for (unsigned i = 0; i < n; i++)
		x.left[i] = &c[i];
	for (unsigned step = 0; step <= 6; step++) {
		struct naive y = {.st = st};
		for (unsigned i = 0; i < x.n; i++)
			if (naive_stays(&x, x.left[i], step))
				y.left[y.n++] = x.left[i];
		x = y;
	}
	cr_assert_eq(x.n, 1);
	return x.left[0];
}

static void random_candidate(struct candidate *c, uint64_t *rng)
{
	uint32_t as[2] = {65001 + test_random(rng, 2), 65010};

	test_attrs_init(&c->attrs, 0x0a000001, as, 1 + (test_random(rng, 4) == 0));
	if (test_random(rng, 6) == 0)
		test_attrs_local_pref(&c->attrs, 99 + test_random(rng, 3));
	if (test_random(rng, 3))
		test_attrs_med(&c->attrs, test_random(rng, 3));
	c->attrs.a.origin = test_random(rng, 8) == 0;
}

static uint16_t best_source(
	struct rib_table *t, const struct candidate *c, const unsigned *order, unsigned n)
{
	struct wire_nlri nlri = test_nlri(0, 0x0a010000, 16);
	struct rib_change ch;
	unsigned budget = 100;

	for (unsigned i = 0; i < n; i++)
		test_announce(t, &nlri, c[order[i]].source, &c[order[i]].attrs.a, WIRE_LABEL_NONE);
	cr_assert(rib_change_next(t->store, &budget, &ch));
	uint16_t source = ch.now->source;
	rib_change_done(t->store, &ch);
	for (unsigned i = 0; i < n; i++)
		test_withdraw(t, &nlri, c[i].source);
	test_settle(t->store);
	cr_assert_eq(rib_table_count(t), 0);
	return source;
}

static void shuffle(unsigned *order, unsigned n, uint64_t *rng)
{
	for (unsigned i = 0; i < n; i++)
		order[i] = i;
	for (unsigned i = n; i > 1; i--) {
		unsigned k = test_random(rng, i), x = order[k];
		order[k] = order[i - 1];
		order[i - 1] = x;
	}
}

Test(best, is_the_rfcs_choice_in_whatever_order_the_paths_came)
{
	struct rib_store *st = rib_store_new(7);
	struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, RIB_VRF_CORE);
	static struct candidate c[PATHS_MAX];
	unsigned order[PATHS_MAX];
	uint64_t rng = 11;

	for (unsigned i = 0; i < PATHS_MAX; i++)
		c[i].source = test_peer(st, RIB_VRF_CORE, i / 2, 100 + PATHS_MAX - i, i % 3 != 0);
	for (unsigned round = 0; round < 3000; round++) {
		unsigned n = 1 + test_random(&rng, PATHS_MAX);
		for (unsigned i = 0; i < n; i++)
			random_candidate(&c[i], &rng);
		uint16_t want = naive_best(st, c, n)->source;
		for (unsigned k = 0; k < 4; k++) {
			shuffle(order, n, &rng);
			cr_assert_eq(best_source(t, c, order, n), want, "round %u", round);
		}
	}
	rib_store_free(st);
}

/* --- each step decides when all before it are equal --- */

struct step_case {
	enum rib_step step;
	uint32_t local_pref[2]; /* 0: absent */
	unsigned as_path_len[2];
	uint8_t origin[2];
	uint32_t med[2];
	uint32_t first_as[2];
	bool ebgp[2];
	uint32_t router_id[2];
	uint32_t originator[2];
	uint16_t clusters[2];
	uint32_t addr[2];
};

/* Column 0 wins in every row; the step names the first row difference. */
static const struct step_case step_cases[] = {
	{RIB_STEP_LOCAL_PREF, {200, 0}, {3, 1}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, {1, 1}, {0, 0},
		{0, 0}, {1, 2}},
	{RIB_STEP_AS_PATH, {100, 0}, {1, 2}, {2, 0}, {0, 0}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0},
		{1, 2}},
	{RIB_STEP_ORIGIN, {0, 0}, {1, 1}, {0, 2}, {5, 0}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0},
		{1, 2}},
	{RIB_STEP_MED, {0, 0}, {1, 1}, {0, 0}, {0, 5}, {1, 1}, {0, 1}, {1, 1}, {0, 0}, {0, 0},
		{2, 1}},
	{RIB_STEP_EBGP, {0, 0}, {1, 1}, {0, 0}, {5, 0}, {1, 2}, {1, 0}, {9, 1}, {0, 0}, {0, 0},
		{2, 1}},
	{RIB_STEP_ROUTER_ID, {0, 0}, {1, 1}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, {1, 2}, {0, 0}, {0, 0},
		{2, 1}},
	{RIB_STEP_ROUTER_ID, {0, 0}, {1, 1}, {0, 0}, {0, 0}, {1, 1}, {0, 0}, {9, 2}, {1, 0}, {0, 0},
		{2, 1}},
	{RIB_STEP_CLUSTER_LIST, {0, 0}, {1, 1}, {0, 0}, {0, 0}, {1, 1}, {0, 0}, {1, 1}, {0, 0},
		{1, 2}, {2, 1}},
	{RIB_STEP_PEER_ADDRESS, {0, 0}, {1, 1}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, {1, 1}, {0, 0},
		{0, 0}, {1, 2}},
};

static void step_candidate(struct candidate *c, const struct step_case *row, unsigned i)
{
	static const uint8_t clusters[8];
	uint32_t as[3] = {row->first_as[i], 7, 8};

	test_attrs_init(&c->attrs, 0x0a000001, as, row->as_path_len[i]);
	c->attrs.a.origin = row->origin[i];
	if (row->local_pref[i])
		test_attrs_local_pref(&c->attrs, row->local_pref[i]);
	if (row->med[i])
		test_attrs_med(&c->attrs, row->med[i]);
	if (row->originator[i]) {
		c->attrs.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
		c->attrs.a.originator_id = row->originator[i];
	}
	if (row->clusters[i]) {
		c->attrs.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_CLUSTER_LIST);
		c->attrs.a.cluster_list =
			(struct wire_span){.p = clusters, .len = row->clusters[i] * 4};
	}
}

Test(best, names_the_step_that_decided)
{
	struct wire_nlri nlri = test_nlri(0, 0x0a010000, 16);

	for (unsigned k = 0; k < ARRAY_LEN(step_cases); k++) {
		const struct step_case *row = &step_cases[k];
		struct rib_store *st = rib_store_new(k);
		struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, RIB_VRF_CORE);
		struct candidate c[2];
		enum rib_step step;
		for (unsigned i = 0; i < 2; i++) {
			step_candidate(&c[i], row, i);
			c[i].source = test_peer(
				st, RIB_VRF_CORE, row->router_id[i], row->addr[i], row->ebgp[i]);
			test_announce(t, &nlri, c[i].source, &c[i].attrs.a, WIRE_LABEL_NONE);
		}
		uint32_t dest = rib_table_find(t, &nlri);
		const struct rib_path *best = rib_best_find(t, dest, &step);
		cr_assert_eq(best->source, c[0].source, "row %u", k);
		cr_assert_eq(step, row->step, "row %u: %s", k, rib_step_name(step));
		cr_assert_eq(rib_best_why_not(t, dest, path_of(t, dest, c[1].source)), row->step);
		rib_store_free(st);
	}
}

Test(best, connected_beats_static_beats_bgp_and_what_cannot_be_forwarded_comes_last)
{
	struct rib_store *st = rib_store_new(5);
	struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, 0);
	struct wire_nlri n = test_nlri(0, 0x0a010000, 16);
	struct test_attrs plain, strong;
	enum rib_step step;

	test_attrs_init(&plain, 0x0a000001, (uint32_t[]){1}, 1);
	strong = plain;
	strong.a.as_path.p = strong.path;
	test_attrs_local_pref(&strong, 999);
	uint16_t peer = test_peer(st, 0, 1, 1, true);
	uint16_t stat = rib_source_add(st, &(struct rib_source){.kind = RIB_STATIC});
	uint16_t conn = rib_source_add(st, &(struct rib_source){.kind = RIB_CONNECTED});
	struct rib_route leaked = {
		.flags = RIB_PATH_IMPORTED | RIB_PATH_LEAKED, .source = stat, .id = 1};
	leaked.attrs = rib_store_get_attrs(st, &strong.a);

	rib_table_add(t, &n, &leaked);
	uint32_t d = rib_table_find(t, &n);
	cr_assert(rib_best_find(t, d, &step)->flags & RIB_PATH_LEAKED);
	cr_assert_eq(step, RIB_STEP_ONLY);
	test_announce(t, &n, peer, &strong.a, WIRE_LABEL_NONE);
	cr_assert_eq(rib_best_find(t, d, &step)->source, peer);
	cr_assert_eq(step, RIB_STEP_FORWARDABLE);
	test_announce(t, &n, stat, &plain.a, WIRE_LABEL_NONE);
	cr_assert_eq(rib_best_find(t, d, &step)->source, stat);
	test_announce(t, &n, conn, &plain.a, WIRE_LABEL_NONE);
	cr_assert_eq(rib_best_find(t, d, &step)->source, conn);
	cr_assert_eq(step, RIB_STEP_KIND);
	rib_store_unref_attrs(st, leaked.attrs);
	rib_store_free(st);
}

/* --- many imports of one prefix, which remote PEs can make at will --- */

#define MANY 20000

/* A copy in a VRF, numbered. */
static void import(struct rib_table *t, uint16_t source, uint32_t id, uint32_t as, uint32_t med)
{
	struct wire_nlri n = test_nlri(0, 0x0a010000, 16);
	struct test_attrs a;
	struct rib_route r = {.source = source, .flags = RIB_PATH_IMPORTED, .label = 100, .id = id};

	test_attrs_init(&a, 0x0a000001, &as, 1);
	test_attrs_med(&a, med);
	r.attrs = rib_store_get_attrs(t->store, &a.a);
	(void)rib_table_add(t, &n, &r);
	rib_store_unref_attrs(t->store, r.attrs);
}

Test(best, of_many_imports_is_the_first_that_no_med_of_its_as_beats)
{
	struct wire_nlri n = test_nlri(0, 0x0a010000, 16);
	uint64_t rng = 17;

	for (unsigned round = 0; round < 50; round++) {
		struct rib_store *st = rib_store_new(round);
		struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, 0);
		uint16_t source = test_peer(st, 0, 1, 1, true);
		uint32_t lowest[5] = {9, 9, 9, 9, 9}, first[5] = {0}, want = UINT32_MAX;
		enum rib_step step;

		for (uint32_t id = 1; id <= 200; id++) {
			uint32_t as = test_random(&rng, 5), med = 1 + test_random(&rng, 9 + as);

			import(t, source, id, 1 + as, med);
			if (!first[as] || med < lowest[as]) {
				lowest[as] = med;
				first[as] = id;
			}
		}
		for (unsigned as = 0; as < 5; as++)
			want = first[as] < want ? first[as] : want;
		cr_assert_eq(rib_best_find(t, rib_table_find(t, &n), &step)->id, want);
		cr_assert_eq(step, RIB_STEP_PATH_ID);
		rib_store_free(st);
	}
}

Test(best, many_imports_of_one_prefix_cost_no_square)
{
	struct wire_nlri n = test_nlri(0, 0x0a010000, 16);
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, 0);
	uint16_t source = test_peer(st, 0, 1, 1, true);
	enum rib_step step;

	for (uint32_t id = 1; id <= MANY; id++)
		import(t, source, id, 1, 7);
	clock_t begin = clock();
	cr_assert_eq(rib_best_find(t, rib_table_find(t, &n), &step)->id, 1u);
	cr_assert_lt(clock() - begin, CLOCKS_PER_SEC / 2); /* the square: several seconds */
	rib_store_free(st);
}

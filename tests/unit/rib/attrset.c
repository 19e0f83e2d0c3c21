#include <criterion/criterion.h>

#include "tests/support/route.h"

#define SETS 400

static void random_attrs(struct test_attrs *t, uint64_t *rng)
{
	uint32_t as[3];
	unsigned n = test_random(rng, 4);

	for (unsigned i = 0; i < n; i++)
		as[i] = 65000 + test_random(rng, 2);
	test_attrs_init(t, 0x0a000000 + test_random(rng, 2), as, n);
	if (test_random(rng, 2))
		test_attrs_local_pref(t, 100 + test_random(rng, 2));
	if (test_random(rng, 2))
		test_attrs_med(t, test_random(rng, 2));
	for (unsigned i = test_random(rng, 3); i > 0; i--)
		test_attrs_ext(t, test_rt(test_random(rng, 2)));
	if (test_random(rng, 4) == 0) {
		t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_AGGREGATOR);
		t->a.aggregator_as = 65000 + test_random(rng, 2);
		t->a.aggregator_id = 7;
	}
	if (test_random(rng, 3) == 0) {
		t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_OTC);
		t->a.otc = 65000 + test_random(rng, 2);
	}
}

static bool span_same(struct wire_span a, struct wire_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static bool attrs_same(const struct wire_attrs *a, const struct wire_attrs *b)
{
	const uint64_t nh = WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);

	return (a->present | nh) == (b->present | nh) && a->origin == b->origin &&
	       a->med == b->med && a->local_pref == b->local_pref &&
	       a->aggregator_as == b->aggregator_as && a->aggregator_id == b->aggregator_id &&
	       a->otc == b->otc && ip_addr_equal(&a->next_hop, &b->next_hop) &&
	       span_same(a->as_path, b->as_path) &&
	       span_same(a->ext_communities, b->ext_communities);
}

Test(attrset, equal_values_are_one_object_and_a_view_gives_the_value_back)
{
	struct rib_attrsets s;
	static struct test_attrs values[SETS];
	struct rib_attrset *sets[SETS];
	uint64_t rng = 1;

	rib_attrsets_init(&s, 42);
	for (unsigned i = 0; i < SETS; i++) {
		struct wire_attrs back;
		random_attrs(&values[i], &rng);
		sets[i] = rib_attrset_get(&s, &values[i].a);
		rib_attrset_view(sets[i], &back);
		cr_assert(attrs_same(&values[i].a, &back));
	}
	unsigned shared = 0;
	for (unsigned i = 0; i < SETS; i++) {
		for (unsigned k = 0; k < i; k++) {
			bool same = attrs_same(&values[i].a, &values[k].a);
			cr_assert_eq(same, sets[i] == sets[k]);
			shared += same;
		}
	}
	cr_assert(shared > 0 && s.n < SETS);
	for (unsigned i = 0; i < SETS; i += 2)
		rib_attrset_unref(&s, sets[i]);
	for (unsigned i = 1; i < SETS; i += 2) { /* those left are still found after deletions */
		cr_assert_eq(rib_attrset_get(&s, &values[i].a), sets[i]);
		rib_attrset_unref(&s, sets[i]);
		rib_attrset_unref(&s, sets[i]);
	}
	cr_assert_eq(s.n, 0);
	cr_assert_eq(s.octets, 0);
	rib_attrsets_fini(&s);
}

Test(attrset, what_is_not_present_does_not_count)
{
	struct rib_attrsets s;
	struct test_attrs a, b;

	rib_attrsets_init(&s, 1);
	test_attrs_init(&a, 1, (uint32_t[]){65001}, 1);
	test_attrs_init(&b, 1, (uint32_t[]){65001}, 1);
	b.a.med = 9;
	b.a.local_pref = 9;
	b.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_MP_REACH);
	struct rib_attrset *x = rib_attrset_get(&s, &a.a), *y = rib_attrset_get(&s, &b.a);
	cr_assert_eq(x, y);
	cr_assert_eq(x->neighbour_as, 65001);
	cr_assert_eq(x->as_path_len, 1);
	rib_attrset_unref(&s, x);
	rib_attrset_unref(&s, y);
	rib_attrsets_fini(&s);
}

/* Two equal sets that policy made of different ones are two, and each keeps what it was made of. */
Test(attrset, an_edited_set_remembers_what_it_was)
{
	struct rib_attrsets s;
	struct test_attrs value, other;

	rib_attrsets_init(&s, 7);
	test_attrs_init(&value, 1, (uint32_t[]){65001}, 1);
	test_attrs_init(&other, 1, (uint32_t[]){65002}, 1);
	struct rib_attrset *one = rib_attrset_get(&s, &value.a);
	struct rib_attrset *two = rib_attrset_get(&s, &other.a);
	test_attrs_local_pref(&value, 200);
	struct rib_attrset *plain = rib_attrset_get(&s, &value.a);
	struct rib_attrset *x = rib_attrset_get_edited(&s, &value.a, one);
	struct rib_attrset *y = rib_attrset_get_edited(&s, &value.a, two);
	cr_assert(x != y && x != plain && y != plain);
	cr_assert_eq(rib_attrset_get_edited(&s, &value.a, one), x);
	cr_assert_eq(rib_attrset_received(x), one);
	cr_assert_eq(rib_attrset_received(y), two);
	cr_assert_eq(rib_attrset_received(one), one);
	rib_attrset_unref(&s, x);
	rib_attrset_unref(&s, one);
	rib_attrset_unref(&s, two);
	rib_attrset_unref(&s, plain);
	cr_assert_eq(s.n, 4u, "what was received stays as long as what was made of it");
	cr_assert_eq(rib_attrset_received(x)->neighbour_as, 65001u);
	rib_attrset_unref(&s, x);
	rib_attrset_unref(&s, y);
	cr_assert_eq(s.n, 0u);
	cr_assert_eq(s.octets, 0u);
	rib_attrsets_fini(&s);
}

/* A policy that makes all routes alike makes no long search of it. */
Test(attrset, many_originals_of_one_edit_are_found_at_once)
{
	enum { MANY = 20000 };
	static struct rib_attrset *sets[MANY];
	struct rib_attrsets s;
	struct test_attrs value, same;
	uint32_t hashes = 0;

	rib_attrsets_init(&s, 7);
	test_attrs_init(&same, 1, (uint32_t[]){65001}, 1);
	for (uint32_t i = 0; i < MANY; i++) {
		test_attrs_init(&value, 1, (uint32_t[]){65001, i + 1}, 2);
		struct rib_attrset *received = rib_attrset_get(&s, &value.a);
		sets[i] = rib_attrset_get_edited(&s, &same.a, received);
		rib_attrset_unref(&s, received);
		hashes += i == 0 || sets[i]->hash != sets[i - 1]->hash;
	}
	cr_assert_gt(hashes, MANY - 10);
	for (uint32_t i = 0; i < MANY; i++)
		rib_attrset_unref(&s, sets[i]);
	rib_attrsets_fini(&s);
}

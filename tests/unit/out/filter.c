#include <criterion/criterion.h>

#include "bgpd/out/filter.h"
#include "tests/support/route.h"

static struct rib_attrset *with_rts(struct rib_store *st, const uint64_t *rts, unsigned n)
{
	struct test_attrs a;

	test_attrs_init(&a, 1, NULL, 0);
	for (unsigned i = 0; i < n; i++)
		test_attrs_ext(&a, rts[i]);
	return rib_store_get_attrs(st, &a.a);
}

static bool wants(struct out_filter **all, const struct out_rt *list, uint32_t n,
	const struct rib_attrset *set)
{
	struct out_filter *f = out_filter_get(all, &(struct out_rtfilter){list, n});
	bool yes = out_filter_wants(f, set);

	out_filter_unref(all, f);
	return yes;
}

Test(filter, a_route_passes_if_one_of_its_targets_is_wanted)
{
	struct rib_store *st = rib_store_new(1);
	struct out_filter *all = NULL;
	const uint64_t other =
		UINT64_C(0x0003) << 48 | UINT64_C(65000) << 32 | 8; /* a site of origin */
	struct rib_attrset *set = with_rts(st, (uint64_t[]){test_rt(5), test_rt(9), other}, 3);
	struct rib_attrset *none = with_rts(st, NULL, 0);
	struct out_rt list[100];

	for (unsigned i = 0; i < 100; i++) /* even numbers, in no order */
		list[i] = (struct out_rt){test_rt(2 * (i * 37 % 100)), 64};
	cr_assert_not(wants(&all, list, 100, set));
	cr_assert_not(wants(&all, list, 0, set), "nothing is wanted");
	list[50] = (struct out_rt){test_rt(9), 64};
	cr_assert(wants(&all, list, 100, set));
	cr_assert_not(wants(&all, list, 100, none));
	list[50] = (struct out_rt){test_rt(4), 63}; /* 4 and 5, beside 4 itself */
	cr_assert(wants(&all, list, 100, set));
	list[50] = (struct out_rt){other, 64};
	cr_assert_not(wants(&all, list, 100, set), "only route targets count");
	list[50] = (struct out_rt){0, 0};
	cr_assert(wants(&all, list, 100, set));
	cr_assert(wants(&all, list, 100, none), "the default wants everything");
	cr_assert(out_filter_wants(NULL, none));
	cr_assert_null(all);
	rib_store_unref_attrs(st, set);
	rib_store_unref_attrs(st, none);
	rib_store_free(st);
}

Test(filter, equal_ones_are_one)
{
	struct out_filter *all = NULL;
	const struct out_rt a[] = {{test_rt(1), 64}, {test_rt(2), 64}, {test_rt(2), 64}};
	const struct out_rt b[] = {{test_rt(2), 64}, {test_rt(1), 64}};
	const struct out_rt wide[] = {{test_rt(1), 32}, {test_rt(2), 64}, {test_rt(9), 40}};
	struct out_filter *x = out_filter_get(&all, &(struct out_rtfilter){a, 3});
	struct out_filter *y = out_filter_get(&all, &(struct out_rtfilter){b, 2});
	struct out_filter *z = out_filter_get(&all, &(struct out_rtfilter){wide, 3});

	cr_assert_eq(x, y);
	cr_assert_eq(x->n, 2);
	cr_assert_eq(z->n, 1, "what is inside another says nothing");
	out_filter_unref(&all, x);
	out_filter_unref(&all, z);
	cr_assert_eq(all, y);
	out_filter_unref(&all, y);
	cr_assert_null(all);
}

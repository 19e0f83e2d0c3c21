/* Next hops that neighbours name, however many: told to mplsfwd once each, found again, forgotten. */
#include <criterion/criterion.h>

#include <time.h>

#include "bgpd/core/nexthops.h"
#include "tests/support/route.h"

#define HOPS 30000

struct place {
	struct router r;
	struct effects fx;
	struct rib_attrset *sets[HOPS];
};

static struct place *place_new(void)
{
	struct place *p = calloc(1, sizeof(*p));

	cr_assert_not_null(p);
	p->r.store = rib_store_new(1);
	effects_init(&p->fx);
	for (unsigned i = 0; i < HOPS; i++) {
		struct test_attrs a;

		test_attrs_init(&a, 0x0a000001 + i, NULL, 0);
		p->sets[i] = rib_store_get_attrs(p->r.store, &a.a);
	}
	return p;
}

static void place_free(struct place *p)
{
	for (unsigned i = 0; i < HOPS; i++)
		rib_store_unref_attrs(p->r.store, p->sets[i]);
	core_nexthops_fini(&p->r);
	effects_fini(&p->fx);
	rib_store_free(p->r.store);
	free(p);
}

static void step(struct place *p)
{
	core_nexthops_step(&(struct core_run){.r = &p->r, .now_ms = 1, .fx = &p->fx});
	effects_reset(&p->fx);
}

static void report(struct place *p, unsigned i)
{
	struct fib_msg m = {
		.type = FIB_NEXTHOP, .addr = ip_addr_v4(0x0a000001 + i), .up = true, .metric = i};

	core_nexthops_report(&(struct core_run){.r = &p->r, .now_ms = 1, .fx = &p->fx}, &m);
	effects_reset(&p->fx);
}

Test(core_nexthops, those_in_use_are_known_and_no_others_whatever_came_and_went)
{
	struct place *p = place_new();
	uint64_t rng = 5;

	for (unsigned round = 0; round < 60; round++) {
		unsigned used = 0;

		for (unsigned k = 0; k < 60; k++) {
			struct rib_attrset *set = p->sets[test_random(&rng, 300)];

			if (set->nexthop)
				rib_nexthop_unuse(p->r.store, set);
			else
				rib_nexthop_use(p->r.store, set);
		}
		step(p);
		for (unsigned i = 0; i < 300; i++) {
			report(p, i); /* of one that is not tracked nothing comes */
			used += p->sets[i]->nexthop != NULL;
		}
		cr_assert_eq(p->r.n_nexthops, used);
		cr_assert(core_nexthops_are_answered(&p->r));
		for (unsigned k = 0; k < p->r.n_nexthops; k++) {
			unsigned i = ip_addr_get_v4(&p->r.nexthops[k].addr) - 0x0a000001;

			cr_assert_not_null(p->sets[i]->nexthop);
			cr_assert_eq(p->r.nexthops[k].metric, i);
		}
	}
	place_free(p);
}

Test(core_nexthops, many_cost_no_square)
{
	struct place *p = place_new();
	clock_t begin = clock();

	for (unsigned i = 0; i < HOPS; i++)
		rib_nexthop_use(p->r.store, p->sets[i]);
	step(p);
	for (unsigned i = 0; i < HOPS; i++)
		report(p, i);
	cr_assert(core_nexthops_are_answered(&p->r));
	for (unsigned i = 0; i < HOPS; i++)
		rib_nexthop_unuse(p->r.store, p->sets[i]);
	step(p);
	cr_assert_eq(p->r.n_nexthops, 0u);
	cr_assert_lt(clock() - begin, CLOCKS_PER_SEC); /* the square: several seconds */
	place_free(p);
}

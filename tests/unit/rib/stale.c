/* Graceful restart in the tables: stale in one step, fresh again without a change, swept in slices. */
#include <criterion/criterion.h>

#include "bgpd/rib/best.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/comm.h"
#include "tests/support/route.h"

#define ROUTES 500
#define VPNV4  WIRE_FAMILY_BIT(WIRE_VPNV4)

struct place {
	struct rib_store *st;
	struct rib_table *t;
	uint16_t source;
	struct test_attrs a, b;
};

static void begin(struct place *p)
{
	p->st = rib_store_new(3);
	p->t = rib_table_new(p->st, WIRE_VPNV4, RIB_VRF_CORE);
	p->source = test_peer(p->st, RIB_VRF_CORE, 1, 1, false);
	test_attrs_init(&p->a, 1, NULL, 0);
	test_attrs_init(&p->b, 2, NULL, 0);
}

static void say(struct place *p, uint32_t from, uint32_t to, struct test_attrs *a)
{
	for (uint32_t i = from; i < to; i++) {
		struct wire_nlri n = test_nlri(1, i << 8, 24);

		test_announce(p->t, &n, p->source, &a->a, 100);
	}
}

static void settle(struct place *p)
{
	unsigned budget;

	do {
		budget = 1000;
		(void)rib_store_work(p->st, &budget);
		test_settle(p->st);
	} while (rib_store_has_work(p->st));
}

static uint32_t stale(const struct place *p)
{
	return rib_source_get(p->st, p->source)->stale[WIRE_VPNV4];
}

static uint32_t marked(const struct place *p)
{
	uint32_t n = 0;

	for (uint32_t d = rib_table_next(p->t, 0); d; d = rib_table_next(p->t, d))
		for (const struct rib_path *q = rib_dest_paths(p->t, d); q;
			q = rib_path_next(p->t, q))
			n += rib_stale_path(p->t, q);
	return n;
}

Test(stale, announced_unchanged_is_fresh_and_nobody_hears_of_it)
{
	struct place p;

	begin(&p);
	say(&p, 0, ROUTES, &p.a);
	settle(&p);
	cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
	cr_assert_eq(stale(&p), ROUTES);
	cr_assert_eq(marked(&p), ROUTES);
	cr_assert_not(rib_store_has_work(p.st));
	say(&p, 0, 300, &p.a);
	cr_assert_not(rib_store_has_work(p.st), "a neighbour would be told what it knows");
	cr_assert_eq(stale(&p), ROUTES - 300);
	cr_assert_eq(marked(&p), ROUTES - 300);
	rib_stale_end(p.st, p.source, VPNV4);
	settle(&p);
	cr_assert_eq(stale(&p), 0u);
	cr_assert_eq(p.t->n_paths, 300u);
	cr_assert_eq(rib_table_count(p.t), 300u);
	rib_store_free(p.st);
}

Test(stale, withdrawn_and_changed_ones_are_counted)
{
	struct place p;

	begin(&p);
	say(&p, 0, ROUTES, &p.a);
	settle(&p);
	cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
	say(&p, 0, 100, &p.b);
	struct wire_nlri n = test_nlri(1, 200 << 8, 24);
	(void)rib_table_del(p.t, &n, &(struct rib_route){.source = p.source});
	cr_assert_eq(stale(&p), ROUTES - 101);
	settle(&p);
	cr_assert_eq(marked(&p), ROUTES - 101);
	rib_stale_end(p.st, p.source, VPNV4);
	settle(&p);
	cr_assert_eq(p.t->n_paths, 100u);
	rib_store_free(p.st);
}

Test(stale, families_that_are_not_kept_go_at_once_but_not_what_is_said_meanwhile)
{
	struct place p;
	unsigned budget = 40;

	begin(&p);
	say(&p, 0, ROUTES, &p.a);
	settle(&p);
	cr_assert(rib_stale_begin(p.st, p.source, 0));
	cr_assert(rib_store_work(p.st, &budget));
	say(&p, 0, ROUTES, &p.a);
	settle(&p);
	cr_assert_eq(p.t->n_paths, ROUTES);
	cr_assert_eq(stale(&p), 0u);
	rib_store_free(p.st);
}

/* RFC 4724 4.2: what was stale when the session is lost again must go; what it had said in between stays. */
Test(stale, a_second_restart_takes_what_was_stale_along)
{
	struct place p;

	begin(&p);
	for (unsigned turn = 0; turn < 9; turn++) {
		say(&p, 0, ROUTES, &p.a);
		settle(&p);
		cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
		say(&p, 0, 200, &p.a);
		cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
		settle(&p);
		cr_assert_eq(p.t->n_paths, 200u, "turn %u", turn);
		cr_assert_eq(stale(&p), 200u);
	}
	rib_store_free(p.st);
}

Test(stale, a_third_one_during_the_sweep_is_refused_and_the_source_goes_down)
{
	struct place p;
	unsigned budget = 40;

	begin(&p);
	say(&p, 0, ROUTES, &p.a);
	settle(&p);
	cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
	say(&p, 0, 200, &p.a);
	cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
	cr_assert(rib_store_work(p.st, &budget));
	say(&p, 0, 100, &p.a);
	cr_assert_not(rib_stale_begin(p.st, p.source, VPNV4));
	rib_source_down(p.st, p.source);
	settle(&p);
	cr_assert_eq(p.t->n_paths, 0u);
	cr_assert_eq(test_peer(p.st, RIB_VRF_CORE, 2, 2, false), p.source, "its number is free");
	rib_store_free(p.st);
}

/* RFC 9494 4.3: before LOCAL_PREF is looked at. */
Test(stale, a_path_with_llgr_stale_is_the_last_resort)
{
	struct rib_store *st = rib_store_new(5);
	struct rib_table *t = rib_table_new(st, WIRE_IPV4_UNICAST, RIB_VRF_CORE);
	struct wire_nlri n = test_nlri(0, 0x0a010000, 16);
	struct test_attrs last, weak;
	enum rib_step step;

	test_attrs_init(&last, 0x0a000001, (uint32_t[]){1}, 1);
	test_attrs_local_pref(&last, 999);
	test_attrs_community(&last, WIRE_COMM_LLGR_STALE);
	test_attrs_init(&weak, 0x0a000001, (uint32_t[]){1, 2, 3}, 3);
	test_attrs_local_pref(&weak, 1);
	uint16_t first = test_peer(st, 0, 1, 1, true), second = test_peer(st, 0, 2, 2, true);
	test_announce(t, &n, first, &last.a, WIRE_LABEL_NONE);
	cr_assert_eq(rib_best_find(t, rib_table_find(t, &n), &step)->source, first);
	test_announce(t, &n, second, &weak.a, WIRE_LABEL_NONE);
	cr_assert_eq(rib_best_find(t, rib_table_find(t, &n), &step)->source, second);
	cr_assert_eq(step, RIB_STEP_LONG_LIVED);
	rib_store_free(st);
}

/* A neighbour that comes back may name its paths anew: what is stale does not stand in their way. */
Test(stale, paths_of_an_epoch_before_do_not_crowd_those_of_this_one)
{
	struct place p;
	struct wire_nlri n = test_nlri(1, 0x0a000000, 24);
	struct rib_route r = {.label = 100};

	begin(&p);
	r.source = p.source;
	r.attrs = rib_store_get_attrs(p.st, &p.a.a);
	for (r.id = 1; r.id <= RIB_PATHS_OF_SOURCE_MAX; r.id++)
		cr_assert_eq(rib_table_add(p.t, &n, &r), RIB_ADDED);
	cr_assert_eq(rib_table_add(p.t, &n, &r), RIB_CROWDED);
	settle(&p);
	cr_assert(rib_stale_begin(p.st, p.source, VPNV4));
	for (r.id = 1001; r.id <= 1000 + RIB_PATHS_OF_SOURCE_MAX; r.id++)
		cr_assert_eq(rib_table_add(p.t, &n, &r), RIB_ADDED);
	cr_assert_eq(rib_table_add(p.t, &n, &r), RIB_CROWDED);
	rib_stale_end(p.st, p.source, VPNV4);
	settle(&p);
	cr_assert_eq(p.t->n_paths, (uint64_t)RIB_PATHS_OF_SOURCE_MAX);
	cr_assert_eq(rib_source_get(p.st, p.source)->crowded, 2u);
	rib_store_unref_attrs(p.st, r.attrs);
	rib_store_free(p.st);
}

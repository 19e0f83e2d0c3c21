#include <criterion/criterion.h>

#include "bgpd/rib/best.h"
#include "tests/support/route.h"

#define ROUTES 500

static void announce_all(struct rib_table *t, uint16_t source, struct test_attrs *a)
{
	for (uint32_t i = 0; i < ROUTES; i++) {
		struct wire_nlri n = test_nlri(1, i << 8, 24);
		test_announce(t, &n, source, &a->a, 100);
	}
}

static unsigned best_of(struct rib_table *t, uint16_t source)
{
	unsigned n = 0;

	for (uint32_t d = rib_table_next(t, 0); d; d = rib_table_next(t, d)) {
		const struct rib_path *p = rib_dest_best(t, d);
		n += p && p->source == source;
	}
	return n;
}

Test(store, a_lost_session_is_swept_in_slices_while_its_successor_announces)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct test_attrs a;
	unsigned slices = 0, budget;

	test_attrs_init(&a, 1, NULL, 0);
	uint16_t old = test_peer(st, RIB_VRF_CORE, 1, 1, false);
	announce_all(t, old, &a);
	test_settle(st);
	cr_assert_eq(best_of(t, old), ROUTES);
	rib_source_down(st, old);
	uint16_t again = test_peer(st, RIB_VRF_CORE, 1, 1, false);
	cr_assert_neq(again, old);
	do {
		budget = 40;
		if (slices == 3)
			announce_all(t, again, &a);
		slices++;
	} while (rib_store_work(st, &budget));
	cr_assert_geq(slices, ROUTES / 40);
	test_settle(st);
	cr_assert_eq(best_of(t, again), ROUTES);
	cr_assert_eq(t->n_paths, ROUTES);
	cr_assert_not(rib_store_has_work(st));
	cr_assert_eq(test_peer(st, RIB_VRF_CORE, 2, 2, false), old, "the number is free again");
	rib_store_free(st);
}

Test(store, a_source_number_is_not_free_before_consumers_saw_its_last_path)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct wire_nlri n = test_nlri(1, 0, 24);
	struct test_attrs a;
	struct rib_change c;
	unsigned budget = 100;

	test_attrs_init(&a, 1, NULL, 0);
	uint16_t old = test_peer(st, RIB_VRF_CORE, 1, 1, false);
	test_announce(t, &n, old, &a.a, 100);
	test_settle(st);
	rib_source_down(st, old);
	cr_assert_not(rib_store_work(st, &budget));
	cr_assert_neq(test_peer(st, RIB_VRF_CORE, 2, 2, false), old);
	cr_assert(rib_change_next(st, &budget, &c));
	cr_assert_eq(c.was->source, old);
	cr_assert_null(c.now);
	rib_change_done(st, &c);
	cr_assert_eq(test_peer(st, RIB_VRF_CORE, 3, 3, false), old);
	rib_store_free(st);
}

Test(store, a_withdrawn_path_on_its_way_out_keeps_the_number_too)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct wire_nlri n = test_nlri(1, 0, 24);
	struct test_attrs a;

	test_attrs_init(&a, 1, NULL, 0);
	uint16_t old = test_peer(st, RIB_VRF_CORE, 1, 1, false);
	test_announce(t, &n, old, &a.a, 100);
	test_settle(st);
	test_withdraw(t, &n, old);
	rib_source_down(st, old);
	cr_assert_neq(test_peer(st, RIB_VRF_CORE, 2, 2, false), old);
	test_settle(st);
	cr_assert_eq(test_peer(st, RIB_VRF_CORE, 3, 3, false), old);
	rib_store_free(st);
}

static uint16_t tracked_peer(struct rib_store *st)
{
	return rib_source_add(st, &(struct rib_source){.kind = RIB_PEER,
					  .vrf = RIB_VRF_CORE,
					  .track = true,
					  .router_id = 1,
					  .addr = ip_addr_v4(1)});
}

static void work_dry(struct rib_store *st)
{
	unsigned budget;

	do
		budget = 7;
	while (rib_store_work(st, &budget));
	test_settle(st);
}

Test(store, routes_follow_their_next_hop)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct ip_addr nh = ip_addr_v4(0x0aff0003), got;
	uint16_t source = tracked_peer(st);
	struct test_attrs a;
	bool track;

	test_attrs_init(&a, 0x0aff0003, NULL, 0);
	announce_all(t, source, &a);
	test_settle(st);
	cr_assert_eq(best_of(t, source), 0, "nothing before the next hop resolves");
	cr_assert(rib_nexthop_event(st, &got, &track));
	cr_assert(track && ip_addr_equal(&got, &nh));
	cr_assert_not(rib_nexthop_event(st, &got, &track));

	rib_nexthop_set(st, &nh, true, 20);
	work_dry(st);
	cr_assert_eq(best_of(t, source), ROUTES);
	rib_nexthop_set(st, &nh, false, 0);
	work_dry(st);
	cr_assert_eq(best_of(t, source), 0);

	rib_source_down(st, source);
	work_dry(st);
	cr_assert(rib_nexthop_event(st, &got, &track));
	cr_assert(!track && ip_addr_equal(&got, &nh));
	cr_assert_eq(st->nexthops.n, 0);
	rib_store_free(st);
}

Test(store, a_next_hop_that_came_and_went_unseen_is_no_event)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct wire_nlri n = test_nlri(1, 0, 24);
	uint16_t source = tracked_peer(st);
	struct ip_addr got;
	struct test_attrs a;
	bool track;

	test_attrs_init(&a, 0x0aff0003, NULL, 0);
	test_announce(t, &n, source, &a.a, 100);
	test_withdraw(t, &n, source);
	cr_assert_not(rib_nexthop_event(st, &got, &track));
	test_announce(t, &n, source, &a.a, 100);
	cr_assert(rib_nexthop_event(st, &got, &track) && track);
	test_withdraw(t, &n, source);
	test_announce(t, &n, source, &a.a, 100);
	cr_assert_not(rib_nexthop_event(st, &got, &track), "told already");
	rib_store_free(st);
}

Test(store, a_next_hop_that_changes_during_the_walk_is_seen_by_all)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct ip_addr nh = ip_addr_v4(0x0aff0003);
	uint16_t source = tracked_peer(st);
	struct test_attrs a;
	unsigned budget = ROUTES / 2;

	test_attrs_init(&a, 0x0aff0003, NULL, 0);
	announce_all(t, source, &a);
	test_settle(st);
	rib_nexthop_set(st, &nh, true, 20);
	cr_assert(rib_store_work(st, &budget));
	test_settle(st);
	rib_nexthop_set(st, &nh, false, 0);
	work_dry(st);
	cr_assert_eq(best_of(t, source), 0);
	rib_store_free(st);
}

Test(store, the_metric_decides_between_next_hops)
{
	struct rib_store *st = rib_store_new(3);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	struct wire_nlri n = test_nlri(1, 0, 24);
	struct ip_addr near = ip_addr_v4(0x0a000001), far = ip_addr_v4(0x0a000002);
	uint16_t one = tracked_peer(st), two = tracked_peer(st);
	struct test_attrs a, b;

	test_attrs_init(&a, 0x0a000001, NULL, 0);
	test_attrs_init(&b, 0x0a000002, NULL, 0);
	test_announce(t, &n, one, &a.a, 100);
	test_announce(t, &n, two, &b.a, 100);
	rib_nexthop_set(st, &near, true, 10);
	rib_nexthop_set(st, &far, true, 5);
	work_dry(st);
	uint32_t d = rib_table_find(t, &n);
	cr_assert_eq(rib_dest_best(t, d)->source, two);
	cr_assert_eq(rib_dest_get(t, d)->step, RIB_STEP_METRIC);
	rib_nexthop_set(st, &far, true, 50);
	work_dry(st);
	cr_assert_eq(rib_dest_best(t, d)->source, one);
	rib_store_free(st);
}

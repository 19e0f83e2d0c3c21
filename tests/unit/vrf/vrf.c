#include <criterion/criterion.h>

#include "bgpd/rib/best.h"
#include "bgpd/wire/comm.h"
#include "tests/support/route.h"
#include "vrf/export.h"
#include "vrf/import.h"
#include "vrf/isolate.h"
#include "vrf/vrf.h"

#define PE1 0x0aff0001u
#define PE2 0x0aff0003u

struct pe {
	struct rib_store *st;
	struct vrfs vs;
	uint16_t remote; /* the session with another PE */
};

static void pe_init(struct pe *pe, uint16_t max_vrfs)
{
	struct vrf_labelpool labels;

	vrf_labelpool_init(&labels, 1000, 1999, 30000);
	pe->st = rib_store_new(21);
	vrfs_init(&pe->vs, pe->st, ip_addr_v4(PE1), max_vrfs, &labels);
	pe->remote = test_peer(pe->st, RIB_VRF_CORE, PE2, PE2, false);
}

static void pe_fini(struct pe *pe)
{
	struct pool lines[RIB_STORE_POOLS];

	vrfs_fini(&pe->vs);
	rib_store_memory(pe->st, lines);
	for (unsigned i = 0; i < RIB_STORE_POOLS; i++)
		cr_assert(lines[i].live == 0 || strcmp(lines[i].name, "changes") == 0);
	rib_store_free(pe->st);
}

static struct vrf *pe_vrf(struct pe *pe, uint64_t rd, const uint64_t *import, unsigned n_import,
	const uint64_t *export, unsigned n_export)
{
	struct vrf_conf conf = {.name = "v",
		.rd = rd,
		.import = {.rts = import, .n = n_import},
		.export = {.rts = export, .n = n_export},
		.redistribute_static = true};

	return vrf_add(&pe->vs, &conf);
}

static void pe_label(struct pe *pe, struct vrf *v)
{
	cr_assert(vrf_label_get(&pe->vs, v, 0));
	vrf_label_installed(&pe->vs, v);
}

/* Until nothing moves any more; small budgets, so that every walk is cut. */
static void pe_settle(struct pe *pe)
{
	struct rib_change c;
	bool left = true;

	while (left) {
		unsigned budget = 13;
		while (rib_change_next(pe->st, &budget, &c)) {
			vrfs_change(&pe->vs, &c);
			rib_change_done(pe->st, &c);
		}
		budget = 13;
		left = vrfs_work(&pe->vs, &budget);
		left |= rib_store_work(pe->st, &budget);
		left |= rib_change_pending(pe->st);
	}
}

static const struct rib_path *best_in(const struct rib_table *t, const struct wire_nlri *n)
{
	uint32_t d = rib_table_find(t, n);

	return d ? rib_dest_best(t, d) : NULL;
}

Test(vrf, a_route_is_exported_only_while_its_label_is_installed)
{
	struct pe pe;
	uint64_t rt = test_rt(101);
	struct ip_prefix p = {.addr = ip_addr_v4(0xac100100), .len = 24};
	struct wire_nlri vpn = test_nlri(11, 0xac100100, 24);

	pe_init(&pe, 1);
	struct vrf *v = pe_vrf(&pe, 11, &rt, 1, &rt, 1);
	vrf_local_add(&pe.vs, v, RIB_STATIC, &p, ip_addr_v4(0xc0a80102));
	pe_settle(&pe);
	cr_assert_null(best_in(pe.vs.vpn, &vpn));
	cr_assert(vrf_label_get(&pe.vs, v, 0));
	pe_settle(&pe);
	cr_assert_null(best_in(pe.vs.vpn, &vpn), "the pop entry is not there yet");

	vrf_label_installed(&pe.vs, v);
	pe_settle(&pe);
	const struct rib_path *path = best_in(pe.vs.vpn, &vpn);
	cr_assert_not_null(path);
	cr_assert_eq(path->label, v->label);
	struct ip_addr nh = rib_attrset_next_hop(path->attrs), self = ip_addr_v4(PE1);
	cr_assert(ip_addr_equal(&nh, &self));
	cr_assert_eq(
		wire_extcomm_at(rib_attrset_list(path->attrs, RIB_LIST_EXT_COMMUNITIES), 0), rt);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 0);

	uint32_t label = v->label;
	unsigned budget = 1000;
	vrf_label_drop(&pe.vs, v);
	cr_assert_not(vrf_label_is_idle(v));
	cr_assert_not(vrfs_work(&pe.vs, &budget));
	cr_assert_not(vrf_label_is_idle(v), "the neighbours have not heard of it yet");
	pe_settle(&pe);
	cr_assert(vrf_label_is_idle(v));
	cr_assert_null(best_in(pe.vs.vpn, &vpn));
	vrf_label_deleted(&pe.vs, v, 1000);
	cr_assert(vrf_label_get(&pe.vs, v, 2000));
	cr_assert_neq(v->label, label, "in quarantine");
	pe_fini(&pe);
}

Test(vrf, connected_routes_stay_at_home_unless_redistributed)
{
	struct pe pe;
	uint64_t rt = test_rt(101);
	struct ip_prefix p = {.addr = ip_addr_v4(0xc0a80100), .len = 30};
	struct wire_nlri n = test_nlri(0, 0xc0a80100, 30), vpn = test_nlri(11, 0xc0a80100, 30);

	pe_init(&pe, 1);
	struct vrf *v = pe_vrf(&pe, 11, &rt, 1, &rt, 1);
	pe_label(&pe, v);
	vrf_local_add(&pe.vs, v, RIB_CONNECTED, &p, (struct ip_addr){0});
	pe_settle(&pe);
	cr_assert_not_null(best_in(v->table, &n));
	cr_assert_null(best_in(pe.vs.vpn, &vpn));
	vrf_local_del(&pe.vs, v, RIB_CONNECTED, &p);
	pe_settle(&pe);
	cr_assert_null(best_in(v->table, &n));
	pe_fini(&pe);
}

Test(vrf, an_import_keeps_label_next_hop_and_source_and_goes_with_its_route)
{
	struct pe pe;
	uint64_t rt = test_rt(101);
	struct wire_nlri vpn = test_nlri(22, 0xac100200, 24), n = test_nlri(0, 0xac100200, 24);
	struct test_attrs a;

	pe_init(&pe, 1);
	struct vrf *v = pe_vrf(&pe, 11, &rt, 1, &rt, 1);
	pe_label(&pe, v);
	test_attrs_init(&a, PE2, NULL, 0);
	test_attrs_ext(&a, rt);
	test_announce(pe.vs.vpn, &vpn, pe.remote, &a.a, 777);
	pe_settle(&pe);
	const struct rib_path *p = best_in(v->table, &n);
	cr_assert_not_null(p);
	cr_assert_eq(p->label, 777);
	cr_assert_eq(p->source, pe.remote);
	cr_assert_eq(p->flags & (RIB_PATH_IMPORTED | RIB_PATH_LEAKED), RIB_PATH_IMPORTED);
	cr_assert_eq(rib_table_count(pe.vs.vpn), 1, "what was imported is not exported again");
	cr_assert_eq(rib_source_get(pe.st, pe.remote)->paths[WIRE_VPNV4], 1);
	cr_assert_eq(rib_source_get(pe.st, pe.remote)->paths[WIRE_IPV4_UNICAST], 0);

	rib_source_down(pe.st, pe.remote);
	pe_settle(&pe);
	cr_assert_null(best_in(v->table, &n));
	cr_assert_eq(rib_table_count(pe.vs.vpn), 0);
	pe_fini(&pe);
}

Test(vrf, a_leak_between_vrfs_of_one_pe_is_shown_and_loses_to_what_can_be_forwarded)
{
	struct pe pe;
	uint64_t a_rt = test_rt(1), b_rts[] = {test_rt(1), test_rt(2)};
	struct ip_prefix p = {.addr = ip_addr_v4(0xac100100), .len = 24};
	struct wire_nlri n = test_nlri(0, 0xac100100, 24), vpn = test_nlri(33, 0xac100100, 24);
	struct test_attrs attrs;

	pe_init(&pe, 2);
	struct vrf *a = pe_vrf(&pe, 11, &a_rt, 1, &a_rt, 1);
	struct vrf *b = pe_vrf(&pe, 12, b_rts, 2, &b_rts[1], 1);
	pe_label(&pe, a);
	pe_label(&pe, b);
	vrf_local_add(&pe.vs, a, RIB_STATIC, &p, ip_addr_v4(0xc0a80102));
	pe_settle(&pe);
	const struct rib_path *got = best_in(b->table, &n);
	cr_assert_not_null(got);
	cr_assert(got->flags & RIB_PATH_LEAKED);
	cr_assert_eq(got->label, a->label);
	cr_assert_eq(rib_source_get(pe.st, got->source)->origin, a->id);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 0);

	test_attrs_init(&attrs, PE2, (uint32_t[]){1, 2, 3}, 3);
	test_attrs_ext(&attrs, test_rt(2));
	test_announce(pe.vs.vpn, &vpn, pe.remote, &attrs.a, 777);
	pe_settle(&pe);
	cr_assert_eq(best_in(b->table, &n)->source, pe.remote);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 0);
	pe_fini(&pe);
}

Test(vrf, two_rds_for_one_prefix_decide_alike_in_either_order)
{
	struct wire_nlri n = test_nlri(0, 0xac100200, 24);
	uint64_t rt = test_rt(1);

	for (unsigned first = 0; first < 2; first++) {
		struct pe pe;
		struct test_attrs a;
		pe_init(&pe, 1);
		struct vrf *v = pe_vrf(&pe, 11, &rt, 1, &rt, 1);
		test_attrs_init(&a, PE2, NULL, 0);
		test_attrs_ext(&a, rt);
		for (unsigned i = 0; i < 2; i++) {
			uint64_t rd = 70 + (first ^ i);
			struct wire_nlri vpn = test_nlri(rd, 0xac100200, 24);
			test_announce(pe.vs.vpn, &vpn, pe.remote, &a.a, (uint32_t)(700 + rd));
		}
		pe_settle(&pe);
		cr_assert_eq(best_in(v->table, &n)->label, 770);
		cr_assert_eq(rib_dest_get(v->table, rib_table_find(v->table, &n))->step,
			RIB_STEP_PATH_ID);
		pe_fini(&pe);
	}
}

Test(isolate, the_checker_sees_a_route_that_does_not_belong)
{
	struct pe pe;
	uint64_t rt = test_rt(1), other = test_rt(2);
	struct wire_nlri vpn = test_nlri(22, 0xac100200, 24), n = test_nlri(0, 0xac100200, 24);
	struct test_attrs a;

	pe_init(&pe, 2);
	struct vrf *v = pe_vrf(&pe, 11, &rt, 1, &rt, 1);
	struct vrf *w = pe_vrf(&pe, 12, &other, 1, &other, 1);
	test_attrs_init(&a, PE2, NULL, 0);
	test_attrs_ext(&a, rt);
	test_announce(pe.vs.vpn, &vpn, pe.remote, &a.a, 777);
	pe_settle(&pe);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 0);

	const struct rib_path *p = best_in(v->table, &n);
	struct rib_route leak = {.attrs = p->attrs,
		.source = p->source,
		.label = p->label,
		.id = p->id,
		.flags = RIB_PATH_IMPORTED};
	rib_table_add(w->table, &n, &leak);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 1, "no target in common");
	leak.id = 99;
	rib_table_add(v->table, &n, &leak);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 2, "no such VPN route");
	leak = (struct rib_route){.attrs = p->attrs, .source = v->static_source};
	rib_table_add(w->table, &n, &leak);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 3, "another VRF's source");
	struct rib_route missing = {.flags = RIB_PATH_IMPORTED, .id = p->id};
	rib_table_del(v->table, &n, &missing);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 3, "still there until consumers know");
	test_settle(pe.st);
	cr_assert_eq(vrf_isolate_check(&pe.vs, NULL, NULL), 4, "wanted, but missing");
	pe_fini(&pe);
}

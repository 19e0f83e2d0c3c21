/*
 * The isolation property, on random VRFs, targets and routes: after everything has settled, a prefix is in a VRF if and
 * only if it was put there, or some PE's VPN route for it shares a target with the VRF's imports. The expected
 * answer is computed from the inputs alone.
 */
#include <criterion/criterion.h>

#include "tests/support/route.h"
#include "vrf/isolate.h"
#include "vrf/vrf.h"

#define VRFS	 6
#define TARGETS	 8
#define PREFIXES 12
#define REMOTES	 3
#define RDS	 4
#define PE1	 0x0aff0001u

struct remote_route {
	bool there;
	uint8_t rts; /* bits of TARGETS */
};

struct world {
	uint64_t rng;
	struct rib_store *st;
	struct vrfs vs;
	uint64_t imports[VRFS][TARGETS], exports[VRFS][TARGETS];
	uint8_t import_bits[VRFS], export_bits[VRFS];
	bool labelled[VRFS];
	uint16_t ce[VRFS], remote[REMOTES];
	bool ce_route[VRFS][PREFIXES];
	struct remote_route remote_route[REMOTES][RDS][PREFIXES];
};

static uint32_t prefix_addr(unsigned i)
{
	return 0x0a000000 + (i << 8);
}

static unsigned rts_of_bits(uint8_t bits, uint64_t *rts)
{
	unsigned n = 0;

	for (unsigned i = 0; i < TARGETS; i++)
		if (bits >> i & 1)
			rts[n++] = test_rt(i);
	return n;
}

static uint8_t random_bits(struct world *w)
{
	return (uint8_t)(test_random(&w->rng, 256) & test_random(&w->rng, 256) &
			 test_random(&w->rng, 256));
}

static void world_add_vrf(struct world *w, unsigned i)
{
	struct vrf_conf conf = {.name = "v", .rd = 1000 + i};

	w->import_bits[i] = random_bits(w);
	w->export_bits[i] = random_bits(w);
	conf.import = (struct vrf_rtset){
		.rts = w->imports[i], .n = rts_of_bits(w->import_bits[i], w->imports[i])};
	conf.export = (struct vrf_rtset){
		.rts = w->exports[i], .n = rts_of_bits(w->export_bits[i], w->exports[i])};
	vrf_add(&w->vs, &conf);
	w->ce[i] = test_peer(w->st, (uint16_t)i, 100 + i, 100 + i, true);
}

static void world_init(struct world *w, uint64_t seed)
{
	struct vrf_labelpool labels;

	*w = (struct world){.rng = seed * 2654435761u + 1, .st = rib_store_new(seed)};
	vrf_labelpool_init(&labels, 1000, 1999, 0);
	vrfs_init(&w->vs, w->st, ip_addr_v4(PE1), VRFS, &labels);
	for (unsigned i = 0; i < VRFS; i++)
		world_add_vrf(w, i);
	for (unsigned i = 0; i < REMOTES; i++)
		w->remote[i] = test_peer(w->st, RIB_VRF_CORE, 10 + i, 10 + i, false);
}

static void step_remote(struct world *w)
{
	unsigned r = test_random(&w->rng, REMOTES), rd = test_random(&w->rng, RDS);
	unsigned p = test_random(&w->rng, PREFIXES);
	struct wire_nlri n = test_nlri(2000 + 10 * r + rd, prefix_addr(p), 24);
	struct remote_route *route = &w->remote_route[r][rd][p];
	struct test_attrs a;

	route->there = test_random(&w->rng, 3) > 0;
	route->rts = random_bits(w);
	if (!route->there) {
		test_withdraw(w->vs.vpn, &n, w->remote[r]);
		return;
	}
	test_attrs_init(&a, 0x0aff0010 + r, (uint32_t[]){65102, 65103}, 2);
	for (unsigned i = 0; i < TARGETS; i++)
		if (route->rts >> i & 1)
			test_attrs_ext(&a, test_rt(i));
	test_announce(w->vs.vpn, &n, w->remote[r], &a.a, 500 + test_random(&w->rng, 3));
}

static void step_ce(struct world *w)
{
	unsigned v = test_random(&w->rng, VRFS), p = test_random(&w->rng, PREFIXES);
	struct wire_nlri n = test_nlri(0, prefix_addr(p), 24);
	struct test_attrs a;

	w->ce_route[v][p] = test_random(&w->rng, 3) > 0;
	test_attrs_init(&a, 0xc0a80102, (uint32_t[]){65101}, 1);
	if (w->ce_route[v][p])
		test_announce(w->vs.list[v].table, &n, w->ce[v], &a.a, WIRE_LABEL_NONE);
	else
		test_withdraw(w->vs.list[v].table, &n, w->ce[v]);
}

static void step_label(struct world *w)
{
	unsigned i = test_random(&w->rng, VRFS);
	struct vrf *v = &w->vs.list[i];

	if (v->label_state == VRF_LABEL_NONE) {
		cr_assert(vrf_label_get(&w->vs, v, 0));
		vrf_label_installed(&w->vs, v);
	} else if (v->label_state == VRF_LABEL_INSTALLED && test_random(&w->rng, 4) == 0) {
		vrf_label_drop(&w->vs, v);
	} else if (vrf_label_is_idle(v)) {
		vrf_label_deleted(&w->vs, v, 0);
	}
	w->labelled[i] = v->label_state == VRF_LABEL_INSTALLED;
}

static void work_some(struct world *w, unsigned budget)
{
	struct rib_change c;
	unsigned left = budget;

	while (rib_change_next(w->st, &left, &c)) {
		vrfs_change(&w->vs, &c);
		rib_change_done(w->st, &c);
	}
	left = budget;
	vrfs_work(&w->vs, &left);
}

static void work_all(struct world *w)
{
	for (unsigned i = 0; i < 20; i++)
		work_some(w, 10000);
	cr_assert_not(rib_change_pending(w->st));
}

static bool wants(const struct world *w, unsigned vrf, unsigned p)
{
	if (w->ce_route[vrf][p])
		return true;
	for (unsigned r = 0; r < REMOTES; r++)
		for (unsigned rd = 0; rd < RDS; rd++)
			if (w->remote_route[r][rd][p].there &&
				w->remote_route[r][rd][p].rts & w->import_bits[vrf])
				return true;
	for (unsigned v = 0; v < VRFS; v++)
		if (v != vrf && w->ce_route[v][p] && w->labelled[v] &&
			w->export_bits[v] & w->import_bits[vrf])
			return true;
	return false;
}

static void leak_print(void *arg, const struct vrf_leak *leak)
{
	cr_log_error("seed %u: %s, VRF %u", *(unsigned *)arg, vrf_leak_name(leak->kind), leak->vrf);
}

/* Remote paths are the longer ones: so a CE's route is always best at home, and exported if the label is there. */
static void check(struct world *w, unsigned seed)
{
	for (unsigned v = 0; v < VRFS; v++) {
		for (unsigned p = 0; p < PREFIXES; p++) {
			struct wire_nlri n = test_nlri(0, prefix_addr(p), 24);
			bool is = rib_table_find(w->vs.list[v].table, &n) != 0;
			cr_assert_eq(is, wants(w, v, p), "seed %u VRF %u prefix %u", seed, v, p);
		}
	}
	cr_assert_eq(vrf_isolate_check(&w->vs, leak_print, &seed), 0);
}

Test(property, a_route_is_in_a_vrf_only_if_the_targets_intersect)
{
	static struct world w;

	for (unsigned seed = 0; seed < 60; seed++) {
		world_init(&w, seed);
		for (unsigned i = 0; i < 400; i++) {
			unsigned what = test_random(&w.rng, 10);
			if (what < 5)
				step_remote(&w);
			else if (what < 9)
				step_ce(&w);
			else
				step_label(&w);
			work_some(&w, test_random(&w.rng, 6));
			if (i % 100 == 99) {
				work_all(&w);
				check(&w, seed);
			}
		}
		vrfs_fini(&w.vs);
		rib_store_free(w.st);
	}
}

#include <criterion/criterion.h>
#include <stdlib.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/nlri.h"
#include "tests/support/route.h"
#include "vrf/labelpool.h"
#include "vrf/rtindex.h"
#include "vrf/rtset.h"

#define VRFS 20

/* As the index finds it, of this set alone. */
static bool is_wanted(const struct vrf_rtset *s, struct wire_span ext)
{
	struct vrf_rtindex x;
	uint16_t got;

	vrf_rtindex_init(&x);
	vrf_rtindex_add(&x, 7, s);
	unsigned n = vrf_rtindex_find(&x, ext, &got, 1);
	cr_assert(n == 0 || (n == 1 && got == 7));
	vrf_rtindex_fini(&x);
	return n == 1;
}

/* As the definition says: every pair. */
static bool has_common(const struct vrf_rtset *s, struct wire_span ext)
{
	for (unsigned i = 0; i < wire_extcomm_count(ext); i++)
		for (unsigned k = 0; k < s->n; k++)
			if (wire_extcomm_at(ext, i) == s->rts[k])
				return true;
	return false;
}

Test(rtset, only_route_targets_count)
{
	uint64_t rts[] = {test_rt(1), test_rt(5)};
	struct vrf_rtset s = {.rts = rts, .n = 2};
	struct test_attrs a;

	test_attrs_init(&a, 1, NULL, 0);
	cr_assert_not(is_wanted(&s, a.a.ext_communities));
	test_attrs_ext(&a, test_rt(2));
	test_attrs_ext(
		&a, (test_rt(1) & ~(UINT64_C(0xff) << 48)) | UINT64_C(3) << 48); /* an origin */
	cr_assert_not(is_wanted(&s, a.a.ext_communities));
	test_attrs_ext(&a, test_rt(5));
	cr_assert(is_wanted(&s, a.a.ext_communities));
	cr_assert_not(is_wanted(&(struct vrf_rtset){0}, a.a.ext_communities));
}

Test(rtset, export_puts_our_targets_in_place_of_theirs)
{
	uint64_t rts[] = {test_rt(1), test_rt(5)};
	struct vrf_rtset s = {.rts = rts, .n = 2};
	struct test_attrs a;
	uint8_t out[64];
	bool full;

	test_attrs_init(&a, 1, NULL, 0);
	test_attrs_ext(&a, test_rt(9));
	test_attrs_ext(&a, test_rt(5));
	test_attrs_ext(&a, UINT64_C(0x0003) << 48 | 7);
	for (int keep = 0; keep <= 1; keep++) {
		size_t n = vrf_rtset_put(&s, a.a.ext_communities, keep, out, sizeof(out), &full);
		struct wire_span span = {.p = out, .len = (uint16_t)n};
		cr_assert_not(full);
		cr_assert_eq(wire_extcomm_count(span), keep ? 4 : 3);
		cr_assert_eq(wire_extcomm_at(span, 0), test_rt(1));
		cr_assert_eq(wire_extcomm_at(span, 1), test_rt(5));
		cr_assert_eq(wire_extcomm_at(span, 2) == test_rt(9), keep);
	}
	cr_assert_eq(vrf_rtset_put(&s, a.a.ext_communities, true, out, 31, &full), 0);
	cr_assert(full);
}

Test(rtindex, finds_what_asking_every_vrf_finds)
{
	struct vrf_rtindex x;
	static uint64_t rts[VRFS][4];
	struct vrf_rtset sets[VRFS];
	uint64_t rng = 17;

	vrf_rtindex_init(&x);
	for (unsigned v = 0; v < VRFS; v++) {
		unsigned n = test_random(&rng, 5);
		for (unsigned i = 0; i < n; i++)
			rts[v][i] = test_rt(i * 5 + test_random(&rng, 5)); /* ascending */
		sets[v] = (struct vrf_rtset){.rts = rts[v], .n = n};
		vrf_rtindex_add(&x, (uint16_t)v, &sets[v]);
	}
	for (unsigned round = 0; round < 500; round++) {
		struct test_attrs a;
		uint16_t got[VRFS];
		test_attrs_init(&a, 1, NULL, 0);
		for (unsigned i = test_random(&rng, 4); i > 0; i--)
			test_attrs_ext(&a, test_rt(test_random(&rng, 22)));
		unsigned n = vrf_rtindex_find(&x, a.a.ext_communities, got, VRFS), k = 0;
		for (unsigned v = 0; v < VRFS; v++)
			if (has_common(&sets[v], a.a.ext_communities))
				cr_assert(k < n && got[k++] == v);
		cr_assert_eq(k, n);
	}
	vrf_rtindex_fini(&x);
}

Test(labelpool, a_label_rests_before_it_is_used_again)
{
	struct vrf_labelpool p;

	vrf_labelpool_init(&p, 100, 102, 30000);
	cr_assert_eq(vrf_labelpool_get(&p, 0), 100);
	cr_assert_eq(vrf_labelpool_get(&p, 0), 101);
	vrf_labelpool_put(&p, 100, 1000);
	cr_assert_eq(vrf_labelpool_get(&p, 2000), 102, "never used ones first");
	cr_assert_eq(vrf_labelpool_get(&p, 30999), WIRE_LABEL_NONE);
	cr_assert_eq(vrf_labelpool_get(&p, 31000), 100);
	cr_assert_eq(vrf_labelpool_get(&p, 99999), WIRE_LABEL_NONE, "exhausted");
	cr_assert_eq(p.used, 3);
	vrf_labelpool_fini(&p);
}

#define POOL_LABELS 50

Test(labelpool, no_label_is_given_twice_nor_early)
{
	struct vrf_labelpool p;
	uint64_t released[POOL_LABELS], rng = 5;
	bool used[POOL_LABELS] = {0}, ever[POOL_LABELS] = {0};

	vrf_labelpool_init(&p, 16, 16 + POOL_LABELS - 1, 500);
	for (uint64_t now = 0; now < 20000; now++) {
		if (test_random(&rng, 2)) {
			uint32_t label = vrf_labelpool_get(&p, now);
			if (label == WIRE_LABEL_NONE)
				continue;
			label -= 16;
			cr_assert(label < POOL_LABELS && !used[label]);
			cr_assert(!ever[label] || released[label] + 500 <= now);
			used[label] = ever[label] = true;
		} else {
			uint32_t label = test_random(&rng, POOL_LABELS);
			if (!used[label])
				continue;
			vrf_labelpool_put(&p, label + 16, now);
			used[label] = false;
			released[label] = now;
		}
	}
	vrf_labelpool_fini(&p);
}

#include <criterion/criterion.h>

#include "bgpd/rib/slab.h"
#include "tests/support/route.h"

#define OBJECTS 40000

struct thing {
	uint32_t link;
	uint32_t owner;
};

Test(slab, numbers_name_different_objects_that_never_move)
{
	struct rib_slab s;
	static uint32_t ids[OBJECTS];
	static struct thing *at[OBJECTS];
	uint64_t rng = 3;

	rib_slab_init(&s, sizeof(struct thing));
	for (unsigned round = 0; round < 200000; round++) {
		uint32_t i = test_random(&rng, OBJECTS);
		if (!ids[i]) {
			ids[i] = rib_slab_add(&s);
			cr_assert_neq(ids[i], RIB_SLAB_NONE);
			at[i] = rib_slab_get(&s, ids[i]);
			at[i]->owner = i + 1;
			continue;
		}
		cr_assert_eq(rib_slab_get(&s, ids[i]), at[i]);
		cr_assert_eq(at[i]->owner, i + 1);
		if (test_random(&rng, 3) == 0) {
			rib_slab_del(&s, ids[i]);
			ids[i] = 0;
		}
	}
	cr_assert_leq(s.end, OBJECTS + 1);
	for (unsigned i = 0; i < OBJECTS; i++)
		if (ids[i])
			rib_slab_del(&s, ids[i]);
	cr_assert_eq(s.live, 0);
	cr_assert_eq(s.end, 1);
	rib_slab_fini(&s);
}

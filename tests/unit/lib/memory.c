/* Arenas and pools. */
#include <criterion/criterion.h>

#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/pool.h"

Test(arena, gives_zeroed_aligned_memory_that_does_not_overlap)
{
	struct arena a;
	uint8_t *p[200];

	arena_init(&a, 1 << 20);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 200; i++) {
			p[i] = arena_alloc(&a, i);
			cr_assert_not_null(p[i]);
			cr_assert_eq((uintptr_t)p[i] % alignof(max_align_t), 0);
			for (unsigned k = 0; k < i; k++)
				cr_assert_eq(p[i][k], 0);
			memset(p[i], (int)i, i);
		}
		for (unsigned i = 0; i < 200; i++)
			for (unsigned k = 0; k < i; k++)
				cr_assert_eq(p[i][k], i);
		arena_reset(&a);
		cr_assert_eq(a.used, 0);
	}
	arena_fini(&a);
}

Test(arena, the_cap_is_hard_and_comes_back_with_a_reset)
{
	struct arena a;

	arena_init(&a, 100);
	cr_assert_null(arena_alloc(&a, 101));
	cr_assert_not_null(arena_alloc(&a, 60));
	cr_assert_null(arena_alloc(&a, 41));
	cr_assert_not_null(arena_alloc(&a, 40));
	cr_assert_null(arena_alloc(&a, 1));
	cr_assert_null(arena_alloc(&a, SIZE_MAX));
	arena_reset(&a);
	cr_assert_not_null(arena_alloc(&a, 100));
	arena_fini(&a);
}

Test(arena, large_and_small_share_it)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	char *small = arena_copy(&a, "small", 6);
	uint8_t *large = arena_alloc(&a, 100000);
	cr_assert(small && large);
	memset(large, 0xff, 100000);
	cr_assert_str_eq(small, "small");
	arena_fini(&a);
}

Test(pool, counts_and_reuses)
{
	struct pool p;
	uint64_t *o[1000];

	pool_init(&p, "test", sizeof(uint64_t) * 3);
	for (unsigned i = 0; i < 1000; i++) {
		o[i] = pool_get(&p);
		cr_assert(o[i][0] == 0 && o[i][1] == 0 && o[i][2] == 0);
		o[i][0] = o[i][1] = o[i][2] = i;
	}
	cr_assert(p.live == 1000 && p.peak == 1000);
	for (unsigned i = 0; i < 1000; i++)
		cr_assert(o[i][0] == i && o[i][2] == i, "objects overlap");
	size_t held = p.slab_octets;
	for (unsigned i = 0; i < 1000; i++)
		pool_put(&p, o[i]);
	cr_assert_eq(p.live, 0);
	for (unsigned i = 0; i < 1000; i++) {
		o[i] = pool_get(&p);
		cr_assert(o[i][0] == 0 && o[i][1] == 0, "an object of a second life is zeroed too");
	}
	cr_assert(p.peak == 1000 && p.slab_octets == held);
	for (unsigned i = 0; i < 1000; i++)
		pool_put(&p, o[i]);
	pool_fini(&p);
}

Test(pool, tiny_and_huge_objects)
{
	static const size_t sizes[] = {1, 8, 9, 4096, 100000};

	for (unsigned i = 0; i < 5; i++) {
		struct pool p;
		uint8_t *a, *b;

		pool_init(&p, "test", sizes[i]);
		a = pool_get(&p);
		b = pool_get(&p);
		memset(a, 1, sizes[i]);
		memset(b, 2, sizes[i]);
		cr_assert(a[sizes[i] - 1] == 1 && b[0] == 2);
		pool_put(&p, a);
		pool_put(&p, b);
		pool_fini(&p);
	}
}

Test(pool, a_leak_is_a_bug, .signal = SIGABRT)
{
	struct pool p;

	pool_init(&p, "test", 8);
	pool_get(&p);
	pool_fini(&p);
}

Test(pool, giving_back_too_much_is_a_bug, .signal = SIGABRT)
{
	struct pool p;
	uint64_t object;

	pool_init(&p, "test", 8);
	pool_put(&p, &object);
}

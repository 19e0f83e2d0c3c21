#include <criterion/criterion.h>

#include "tests/support/route.h"

#define KEYS   5000
#define ROUNDS 400000

struct world {
	struct rib_store *st;
	struct rib_table *t;
	uint32_t dest[KEYS]; /* 0: not there */
	uint32_t live;
	uint64_t rng;
};

/* What a test makes of the hash: nothing, one of few values, or all in one place at the end of a segment. */
typedef uint64_t squeeze_fn(uint64_t hash);

static uint64_t as_is(uint64_t hash)
{
	return hash;
}

static uint64_t few(uint64_t hash)
{
	return (hash & UINT64_C(0xf0000000)) | 1;
}

static uint64_t last(uint64_t hash)
{
	return UINT64_C(0xffffff00) | (hash & 0xff) | 1;
}

static uint64_t hash_of(const struct world *w, squeeze_fn *squeeze, const uint64_t *key)
{
	return squeeze(rib_key_hash(w->t, key));
}

static void key_of(uint32_t k, uint64_t key[2])
{
	key[0] = UINT64_C(65000) << 32 | k % 3;
	key[1] = (uint64_t)k << 16 | 24;
}

/* The destination goes as rib_dest_del would do it, but by the squeezed hash. */
static void forget(struct world *w, uint64_t hash, uint32_t k)
{
	rib_slots_del(w->t, hash, w->dest[k]);
	rib_dest_get(w->t, w->dest[k])->flags = 0;
	rib_slab_del(&w->t->dests, w->dest[k]);
	w->dest[k] = 0;
	w->live--;
}

static void churn(struct world *w, squeeze_fn *squeeze, uint32_t keys, uint32_t rounds)
{
	for (uint32_t i = 0; i < rounds; i++) {
		uint32_t k = test_random(&w->rng, keys);
		uint64_t key[2];
		key_of(k, key);
		uint64_t hash = hash_of(w, squeeze, key);
		cr_assert_eq(rib_slots_find(w->t, hash, key), w->dest[k]);
		if (w->dest[k] && test_random(&w->rng, 2)) {
			forget(w, hash, k);
			continue;
		}
		uint32_t dest = rib_slots_find_or_add(w->t, hash, key);
		cr_assert(w->dest[k] == 0 || w->dest[k] == dest);
		w->live += w->dest[k] == 0;
		w->dest[k] = dest;
	}
}

static void check_all(struct world *w, squeeze_fn *squeeze, uint32_t keys)
{
	struct pool sum = {0};

	for (uint32_t k = 0; k < keys; k++) {
		uint64_t key[2];
		key_of(k, key);
		cr_assert_eq(rib_slots_find(w->t, hash_of(w, squeeze, key), key), w->dest[k]);
	}
	rib_slots_count(&w->t->slots, &sum);
	cr_assert_eq(sum.live, w->live);
}

static void run(squeeze_fn *squeeze, uint32_t keys, uint32_t rounds)
{
	static struct world w;

	w = (struct world){.rng = 17, .st = rib_store_new(5)};
	w.t = rib_table_new(w.st, WIRE_VPNV4, RIB_VRF_CORE);
	churn(&w, squeeze, keys, rounds);
	check_all(&w, squeeze, keys);
	for (uint32_t k = 0; k < keys; k++) {
		uint64_t key[2];
		key_of(k, key);
		if (w.dest[k])
			forget(&w, hash_of(&w, squeeze, key), k);
	}
	check_all(&w, squeeze, keys);
	rib_store_free(w.st);
}

Test(slots, hold_what_was_put_in_and_not_taken_out)
{
	run(as_is, KEYS, ROUNDS);
}

Test(slots, tell_keys_of_equal_hash_apart)
{
	run(few, 300, ROUNDS / 10);
}

Test(slots, the_end_of_a_segment_has_room)
{
	run(last, 600, ROUNDS / 10);
}

/* What is removed leaves something behind: that must not add up. */
Test(slots, coming_and_going_takes_no_more_room)
{
	static struct world w;
	struct pool before = {0}, after = {0};

	w = (struct world){.rng = 3, .st = rib_store_new(5)};
	w.t = rib_table_new(w.st, WIRE_VPNV4, RIB_VRF_CORE);
	churn(&w, as_is, KEYS, ROUNDS / 10);
	rib_slots_count(&w.t->slots, &before);
	churn(&w, as_is, KEYS, ROUNDS);
	rib_slots_count(&w.t->slots, &after);
	cr_assert_leq(after.slab_octets, before.slab_octets * 3 / 2);
	cr_assert_leq(after.slab_octets, w.live * 40);
	for (uint32_t k = 0; k < KEYS; k++) {
		uint64_t key[2];
		key_of(k, key);
		if (w.dest[k])
			forget(&w, rib_key_hash(w.t, key), k);
	}
	rib_store_free(w.st);
}

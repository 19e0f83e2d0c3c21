#include "mplsfwd/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct entry {
	uint32_t key;
	uint32_t value;
};

/* Against a plain array as the model: adds, finds, deletes and walks of 4000 keys in random order. */
Test(table, behaves_like_an_array)
{
	enum { KEYS = 4000 };
	static uint32_t model[KEYS]; /* value, 0 = absent */
	struct fwd_table t;
	uint64_t x = 7;
	uint32_t live = 0;

	fwd_table_init(&t, sizeof(struct entry), 4, 1);
	for (unsigned i = 0; i < 200000; i++) {
		x = x * 6364136223846793005ull + 1442695040888963407ull;
		uint32_t key = (uint32_t)(x >> 33) % KEYS, id = fwd_table_find(&t, &key);

		cr_assert_eq(id != 0, model[key] != 0);
		if (id)
			cr_assert_eq(((struct entry *)fwd_table_at(&t, id))->value, model[key]);
		if (id && x >> 63) {
			fwd_table_del(&t, id);
			model[key] = 0;
			live--;
		} else {
			struct entry *e = fwd_table_at(&t, fwd_table_add(&t, &key));
			cr_assert(id || !e->value, "a new entry is zeroed");
			live += !id;
			model[key] = e->value = i + 1;
		}
		cr_assert_eq(t.n, live);
	}
	uint32_t pos = 0, id, seen = 0;
	while ((id = fwd_table_next(&t, &pos)))
		seen++;
	cr_assert_eq(seen, live);
	fwd_table_fini(&t);
}

Test(table, entries_do_not_move)
{
	struct fwd_table t;
	uint32_t key = 5;

	fwd_table_init(&t, sizeof(struct entry), 4, 1);
	uint32_t id = fwd_table_add(&t, &key);
	void *at = fwd_table_at(&t, id);
	for (key = 6; key < 50000; key++)
		fwd_table_add(&t, &key);
	key = 5;
	cr_assert(fwd_table_find(&t, &key) == id && fwd_table_at(&t, id) == at);
	fwd_table_fini(&t);
}

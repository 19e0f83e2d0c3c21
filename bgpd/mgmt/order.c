#include "bgpd/mgmt/order.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

static int key_cmp(const struct mgmt_order_key *a, const uint64_t *b, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		if (a->words[i] != b[i])
			return a->words[i] < b[i] ? -1 : 1;
	return 0;
}

/* Words that a key does not have are zero: all may be compared. */
static int key_sort_cmp(const void *a, const void *b)
{
	const struct mgmt_order_key *y = b;

	return key_cmp(a, y->words, RIB_KEY_WORDS_MAX);
}

/* --- the least keys seen, greatest on top --- */

static void heap_up(struct mgmt_order_key *h, uint32_t i)
{
	struct mgmt_order_key k = h[i];

	for (; i > 0 && key_sort_cmp(&h[(i - 1) / 2], &k) < 0; i = (i - 1) / 2)
		h[i] = h[(i - 1) / 2];
	h[i] = k;
}

static void heap_down(struct mgmt_order_key *h, uint32_t n)
{
	struct mgmt_order_key k = h[0];
	uint32_t i = 0;

	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && key_sort_cmp(&h[child + 1], &h[child]) > 0)
			child++;
		if (key_sort_cmp(&h[child], &k) <= 0)
			break;
		h[i] = h[child];
	}
	h[i] = k;
}

static void order_look(struct mgmt_order *o, const uint64_t *key, unsigned words)
{
	bool is_full = o->n == o->cap;

	if (o->begun && key_cmp(&o->last, key, words) >= 0)
		return;
	if (is_full && key_cmp(&o->batch[0], key, words) <= 0)
		return;
	struct mgmt_order_key *to = &o->batch[is_full ? 0 : o->n];
	*to = (struct mgmt_order_key){0};
	memcpy(to->words, key, words * sizeof(*key));
	if (is_full)
		heap_down(o->batch, o->n);
	else
		heap_up(o->batch, o->n++);
}

/* --- passes --- */

static void pass_begin(struct mgmt_order *o, const struct rib_table *t)
{
	uint32_t cap = rib_table_count(t) / MGMT_ORDER_PASSES;

	cap = cap < MGMT_ORDER_BATCH_MIN ? MGMT_ORDER_BATCH_MIN : cap;
	cap = cap > MGMT_ORDER_BATCH_MAX ? MGMT_ORDER_BATCH_MAX : cap;
	if (!o->batch || cap > o->cap) {
		o->batch = realloc(o->batch, cap * sizeof(*o->batch));
		CHECK(o->batch != NULL);
		o->cap = cap;
	}
	o->n = 0;
	o->walk = 0;
	o->passing = true;
}

/* True when the pass is over: the batch is in order. */
static bool pass_go_on(struct mgmt_order *o, const struct rib_table *t, unsigned *budget)
{
	for (; *budget > 0; --*budget) {
		for (unsigned i = 0; i < MGMT_ORDER_UNIT; i++) {
			o->walk = rib_table_next(t, o->walk);
			if (!o->walk) {
				qsort(o->batch, o->n, sizeof(*o->batch), key_sort_cmp);
				o->at = 0;
				o->passing = false;
				return true;
			}
			order_look(o, rib_dest_get(t, o->walk)->key, t->words);
		}
	}
	return false;
}

static uint32_t order_take(struct mgmt_order *o, const struct rib_table *t)
{
	struct wire_nlri n;

	o->last = o->batch[o->at++];
	o->begun = true;
	rib_key_get(t->family, o->last.words, &n);
	return rib_table_find(t, &n);
}

enum mgmt_order_step mgmt_order_next(
	struct mgmt_order *o, const struct rib_table *t, unsigned *budget, uint32_t *dest)
{
	while (*budget > 0) {
		if (!o->passing && o->at < o->n) {
			--*budget;
			*dest = order_take(o, t);
			if (*dest)
				return MGMT_ORDER_DEST;
			continue; /* gone meanwhile */
		}
		if (!o->passing)
			pass_begin(o, t);
		if (pass_go_on(o, t, budget) && o->n == 0)
			return MGMT_ORDER_END;
	}
	return MGMT_ORDER_BUSY;
}

void mgmt_order_fini(struct mgmt_order *o)
{
	free(o->batch);
	*o = (struct mgmt_order){0};
}

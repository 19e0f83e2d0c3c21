#include "lib/timerq.h"

#include <stdlib.h>

#include "lib/check.h"

void timerq_init(struct timerq *q)
{
	*q = (struct timerq){0};
}

void timerq_fini(struct timerq *q)
{
	free(q->heap);
	*q = (struct timerq){0};
}

static void timerq_place(struct timerq *q, size_t pos, struct timer *t)
{
	q->heap[pos - 1] = t;
	t->heap_pos = pos;
}

static void timerq_up(struct timerq *q, struct timer *t)
{
	size_t pos = t->heap_pos;

	while (pos > 1 && q->heap[pos / 2 - 1]->at_ms > t->at_ms) {
		timerq_place(q, pos, q->heap[pos / 2 - 1]);
		pos /= 2;
	}
	timerq_place(q, pos, t);
}

static void timerq_down(struct timerq *q, struct timer *t)
{
	size_t pos = t->heap_pos;

	for (;;) {
		size_t kid = pos * 2;
		if (kid > q->n)
			break;
		if (kid < q->n && q->heap[kid]->at_ms < q->heap[kid - 1]->at_ms)
			kid++;
		if (q->heap[kid - 1]->at_ms >= t->at_ms)
			break;
		timerq_place(q, pos, q->heap[kid - 1]);
		pos = kid;
	}
	timerq_place(q, pos, t);
}

void timerq_add(struct timerq *q, struct timer *t, uint64_t at_ms)
{
	if (!timer_is_set(t)) {
		if (q->n == q->cap) {
			q->cap = q->cap ? q->cap * 2 : 16;
			q->heap = realloc(q->heap, q->cap * sizeof(*q->heap));
			CHECK(q->heap != NULL);
		}
		t->at_ms = at_ms;
		timerq_place(q, ++q->n, t);
		timerq_up(q, t);
		return;
	}
	t->at_ms = at_ms;
	timerq_up(q, t);
	timerq_down(q, t);
}

void timerq_del(struct timerq *q, struct timer *t)
{
	if (!timer_is_set(t))
		return;
	size_t pos = t->heap_pos;
	struct timer *last = q->heap[--q->n];
	t->heap_pos = 0;
	if (last == t)
		return;
	timerq_place(q, pos, last);
	timerq_up(q, last);
	timerq_down(q, last);
}

uint64_t timerq_next(const struct timerq *q)
{
	return q->n ? q->heap[0]->at_ms : TIMERQ_NEVER;
}

struct timer *timerq_pop(struct timerq *q, uint64_t now_ms)
{
	if (q->n == 0 || q->heap[0]->at_ms > now_ms)
		return NULL;
	struct timer *t = q->heap[0];
	timerq_del(q, t);
	return t;
}

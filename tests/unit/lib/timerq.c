#include <criterion/criterion.h>

#include "lib/timerq.h"

Test(timerq, pops_in_order_of_deadline_whatever_was_moved_or_deleted)
{
	struct timerq q;
	struct timer t[64] = {0};
	uint64_t x = 88172645463325252u;

	timerq_init(&q);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 64; i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			timerq_add(&q, &t[i], x % 1000);
		}
	}
	for (int i = 0; i < 64; i += 3)
		timerq_del(&q, &t[i]);
	uint64_t last = 0;
	int n = 0;
	for (struct timer *p; (p = timerq_pop(&q, 1000)); n++) {
		cr_assert(p->at_ms >= last);
		last = p->at_ms;
	}
	cr_assert_eq(n, 42);
	cr_assert_eq(timerq_next(&q), TIMERQ_NEVER);
	timerq_fini(&q);
}

Test(timerq, nothing_fires_before_its_time)
{
	struct timerq q;
	struct timer t = {0};

	timerq_init(&q);
	timerq_add(&q, &t, 10);
	cr_assert_null(timerq_pop(&q, 9));
	cr_assert_eq(timerq_pop(&q, 10), &t);
	cr_assert_not(timer_is_set(&t));
	timerq_fini(&q);
}

#include <criterion/criterion.h>
#include <stdio.h>

#include "lib/logring.h"

Test(logring, the_last_lines_are_kept_in_order)
{
	struct log_ring *ring = log_ring_new();
	char line[32];

	cr_expect_null(log_ring_get(ring, 0));
	for (unsigned i = 0; i < LOG_RING_LINES + 5; i++) {
		int n = snprintf(line, sizeof(line), "line %u and more", i);
		log_ring_add(ring, line, (size_t)n - 9);
		if (i == LOG_RING_LINES - 1)
			cr_expect_str_eq(log_ring_get(ring, 0), "line 0");
	}
	cr_expect_str_eq(log_ring_get(ring, 0), "line 5");
	cr_expect_str_eq(log_ring_get(ring, LOG_RING_LINES - 1), "line 1004");
	cr_expect_null(log_ring_get(ring, LOG_RING_LINES));
	log_ring_free(ring);
	log_ring_free(NULL);
}

Test(logring, a_line_that_comes_late_stands_where_its_time_says)
{
	struct log_ring *ring = log_ring_new();

	log_ring_merge(ring, "2026-11-21T10:00:00.004Z a", 26);
	log_ring_merge(ring, "2026-11-21T10:00:00.002Z b", 26);
	log_ring_merge(ring, "2026-11-21T10:00:00.003Z c", 26);
	log_ring_merge(ring, "2026-11-21T10:00:00.003Z d", 26);
	for (unsigned i = 0; i < 4; i++)
		cr_expect_eq(log_ring_get(ring, i)[25], "bcda"[i]);
	log_ring_free(ring);
}

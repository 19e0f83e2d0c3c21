#include "lib/lograte.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "lib/check.h"

static const struct log_limits few = {.per_minute = 60, .burst = 3};

static unsigned taken(
	struct log_rate *r, const char *event, const char *text, unsigned n, uint64_t at)
{
	unsigned yes = 0;

	for (unsigned i = 0; i < n; i++)
		yes += log_rate_take(r, event, text, at);
	return yes;
}

Test(lograte, a_burst_then_one_a_second_and_every_other_line_is_counted)
{
	struct log_rate *r = log_rate_new(few);
	struct log_held held;

	cr_expect_eq(taken(r, "refused", "vrf=a", 10, 1000), 3);
	cr_expect_eq(taken(r, "refused", "vrf=a", 1, 1999), 0);
	cr_expect_eq(taken(r, "refused", "vrf=a", 2, 2000), 1);
	cr_expect(log_rate_holds(r));
	cr_expect_not(log_rate_tell(r, 3999, false, &held), "something was held 1999 ms ago");
	cr_expect(log_rate_tell(r, 4000, false, &held));
	cr_expect_str_eq(held.event, "refused");
	cr_expect_str_eq(held.subject, "vrf=a");
	cr_expect_eq(held.count, 7 + 1 + 1);
	cr_expect_not(log_rate_holds(r));
	cr_expect_not(log_rate_tell(r, 9000, true, &held), "it is told once");
	cr_expect_eq(taken(r, "refused", "vrf=a", 10, 600000), 3, "never more than a burst");
	log_rate_free(r);
}

Test(lograte, subjects_and_events_do_not_use_up_each_others)
{
	struct log_rate *r = log_rate_new(few);

	cr_expect_eq(taken(r, "refused", "address=192.0.2.1 vrf=a", 10, 0), 3);
	cr_expect_eq(
		taken(r, "refused", "address=192.0.2.2 vrf=a", 10, 0), 0, "a stranger's address");
	cr_expect_eq(taken(r, "refused", "address=192.0.2.1 vrf=b", 10, 0), 3);
	cr_expect_eq(taken(r, "down", "peer=a reason=\"x\"", 10, 0), 3);
	cr_expect_eq(taken(r, "down", "reason=\"x peer=z\"", 10, 0), 3, "none: it is in quotes");
	cr_expect_eq(taken(r, "down", "reason=\"x peer=y\"", 10, 0), 0, "... and so is another");
	log_rate_free(r);
}

Test(lograte, what_goes_on_is_told_after_a_time)
{
	struct log_rate *r = log_rate_new(few);
	struct log_held held;
	uint64_t told = 0, passed = 0, n = 0;

	for (uint64_t at = 0; at <= 2 * LOG_RATE_TELL_MS; at += 100, n++) {
		passed += log_rate_take(r, "refused", "", at);
		while (log_rate_tell(r, at, false, &held))
			told += held.count;
	}
	cr_expect_geq(told, 250u);
	while (log_rate_tell(r, 2 * LOG_RATE_TELL_MS, true, &held))
		told += held.count;
	cr_expect_eq(told + passed, n, "%llu and %llu of %llu", (unsigned long long)told,
		(unsigned long long)passed, (unsigned long long)n);
	log_rate_free(r);
}

/* Subjects without end are somebody's choice: memory is bounded, so are lines, and no count is lost. */
Test(lograte, more_subjects_than_there_is_room_for)
{
	struct log_rate *r = log_rate_new(few);
	uint64_t told = 0, passed = 0;
	const unsigned n = 5 * LOG_RATE_BUCKETS;
	struct log_held held;
	char text[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "peer=10.1.%u.%u", i / 256, i % 256);
		passed += log_rate_take(r, "down", text, 0);
	}
	while (log_rate_tell(r, 0, true, &held))
		told += held.count;
	cr_expect_eq(told + passed, n);
	cr_expect_leq(passed, few.burst * LOG_RATE_WIDER);
	log_rate_free(r);
}

Test(lograte, no_limit_is_none)
{
	struct log_rate *r = log_rate_new((struct log_limits){0});

	cr_expect_eq(taken(r, "refused", "", 10000, 0), 10000);
	log_rate_set(r, few);
	cr_expect_eq(taken(r, "refused", "", 10, 0), 3);
	log_rate_free(r);
}

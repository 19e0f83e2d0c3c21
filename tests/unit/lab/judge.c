/* What a row is worth: each thing that can be wrong, alone, changes the verdict. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "lab/attacks/judge.h"

static const struct attack row = {.id = "LBL-01",
	.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY},
		{ATTACK_KERNEL, "pe1", "IpExt:InMcastPkts", ATTACK_STILL}},
	.off = ATTACK_OFF_LABELS};

/* Everything as it should be. */
static struct attack_trial trial(void)
{
	return (struct attack_trial){.attack = &row,
		.held = {.sent = 5},
		.control = {.sent = 5, .hit = 5},
		.controlled = true,
		.reading = {{10, 15}, {3, 3}},
		.counters_known = true,
		.legit = true};
}

static enum attack_verdict judge(const struct attack_trial *t, const char *part)
{
	char why[ATTACK_TEXT_MAX] = "";
	enum attack_verdict v = attack_judge(t, why, sizeof why);

	cr_expect(strstr(why, part), "\"%s\" has no \"%s\"", why, part);
	return v;
}

Test(judge, held)
{
	struct attack_trial t = trial();

	cr_expect_eq(judge(&t, "0 of 5; unprotected 5 of 5"), ATTACK_HELD);
}

Test(judge, one_hit_is_enough_to_fall)
{
	struct attack_trial t = trial();

	t.held.hit = 1;
	cr_expect_eq(judge(&t, "1 of 5"), ATTACK_FELL);
}

/* Exactly is neither more nor less; another one that must stand still must not move. */
Test(judge, counters)
{
	struct attack_trial t = trial();

	t.reading[0].after = 14;
	cr_expect_eq(judge(&t, "mpls_not_enabled"), ATTACK_FELL);
	t.reading[0].after = 16;
	cr_expect_eq(judge(&t, "moved by 6"), ATTACK_FELL);
	t.reading[0] = (struct attack_reading){-1, -1};
	cr_expect_eq(judge(&t, "no counter"), ATTACK_FELL);
	t = trial();
	t.reading[1].after = 4;
	cr_expect_eq(judge(&t, "InMcastPkts"), ATTACK_FELL);
	t.counters_known = false;
	cr_expect_eq(judge(&t, ""), ATTACK_HELD);
}

Test(judge, what_is_counted_is_not_all_that_is_sent)
{
	struct attack_trial t = trial();

	t.held.counted = 3;
	cr_expect_eq(judge(&t, "by 5, must by exactly 3"), ATTACK_FELL);
	t.reading[0].after = 13;
	cr_expect_eq(judge(&t, ""), ATTACK_HELD);
}

Test(judge, how_counters_move)
{
	static const struct {
		enum attack_moved moved;
		long long by;
		bool right;
	} rows[] = {{ATTACK_EXACTLY, 5, true}, {ATTACK_EXACTLY, 6, false},
		{ATTACK_EXACTLY, 4, false}, {ATTACK_AT_LEAST, 5, true}, {ATTACK_AT_LEAST, 60, true},
		{ATTACK_AT_LEAST, 4, false}, {ATTACK_SOME, 1, true}, {ATTACK_SOME, 0, false},
		{ATTACK_STILL, 0, true}, {ATTACK_STILL, 1, false}};
	const struct attack_impact i = {.sent = 5};

	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct attack_counter c = {ATTACK_GUARD, "eth2", "urpf", rows[k].moved};
		struct attack_reading r = {100, 100 + rows[k].by};

		cr_expect_eq(attack_counter_right(&c, &i, &r), rows[k].right, "row %zu", k);
	}
}

Test(judge, nothing_may_die_or_be_seen_elsewhere)
{
	struct attack_trial t = trial();

	strcpy(t.spread, "ce-b1:eth1");
	cr_expect_eq(judge(&t, "came into ce-b1:eth1"), ATTACK_FELL);
	t = trial();
	t.died = true;
	cr_expect_eq(judge(&t, "died"), ATTACK_FELL);
}

Test(judge, who_did_not_look_saw_nothing)
{
	struct attack_trial t = trial();

	strcpy(t.blind, "ce-b1:eth1");
	cr_expect_eq(judge(&t, "missed at ce-b1:eth1"), ATTACK_INVALID);
	t.held.hit = 1;
	cr_expect_eq(judge(&t, "it succeeded"), ATTACK_FELL);
}

Test(judge, the_legitimate_must_pass)
{
	struct attack_trial t = trial();

	t.legit = false;
	strcpy(t.legit_what, "a ping");
	cr_expect_eq(judge(&t, "a ping"), ATTACK_FELL);
}

/* Whatever held: without a control that succeeds nothing is proved. */
Test(judge, the_control_must_succeed)
{
	struct attack_trial t = trial();

	t.control.hit = 4;
	cr_expect_eq(judge(&t, "4 of 5"), ATTACK_INVALID);
	t.control.partial = true;
	cr_expect_eq(judge(&t, "unprotected 4 of 5"), ATTACK_HELD);
	t.control.hit = 0;
	cr_expect_eq(judge(&t, "0 of 5"), ATTACK_INVALID);
	t.control = (struct attack_impact){.error = -ENODEV};
	cr_expect_eq(judge(&t, strerror(ENODEV)), ATTACK_INVALID);
	t.controlled = false;
	cr_expect_eq(judge(&t, "nothing is proved"), ATTACK_INVALID);
}

Test(judge, not_tried_is_not_held)
{
	struct attack_trial t = trial();

	t.held.sent = 0;
	cr_expect_eq(judge(&t, "nothing was sent"), ATTACK_INVALID);
	t.held = (struct attack_impact){.sent = 5, .error = -EPERM};
	cr_expect_eq(judge(&t, strerror(EPERM)), ATTACK_INVALID);
	t.held.skip = "no such thing here";
	cr_expect_eq(judge(&t, "no such thing here"), ATTACK_SKIPPED);
}

/* It fell: no control can make that better. */
Test(judge, fallen_is_fallen)
{
	struct attack_trial t = trial();

	t.held.hit = 5;
	t.controlled = false;
	cr_expect_eq(judge(&t, "it succeeded"), ATTACK_FELL);
}

Test(judge, success)
{
	struct attack_impact i = {.sent = 3, .hit = 3};

	cr_expect(attack_impact_success(&i));
	i.hit = 2;
	cr_expect_not(attack_impact_success(&i));
	i.partial = true;
	cr_expect(attack_impact_success(&i));
	i.error = -EIO;
	cr_expect_not(attack_impact_success(&i));
	i = (struct attack_impact){.partial = true};
	cr_expect_not(attack_impact_success(&i));
}

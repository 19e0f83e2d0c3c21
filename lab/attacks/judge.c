/* What a row is worth, from what was measured. */
#include "lab/attacks/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"

static unsigned judge_due(const struct attack_impact *i)
{
	return i->counted ? i->counted : i->sent;
}

bool attack_impact_success(const struct attack_impact *i)
{
	if (i->error || i->skip || !i->sent)
		return false;
	return i->partial ? i->hit > 0 : i->hit >= i->sent;
}

bool attack_counter_right(const struct attack_counter *c, const struct attack_impact *i,
	const struct attack_reading *r)
{
	long long by = r->after - r->before;
	unsigned due = judge_due(i);

	if (r->before < 0 || r->after < 0)
		return false;
	switch (c->moved) {
	case ATTACK_EXACTLY:
		return by == due;
	case ATTACK_AT_LEAST:
		return by >= due;
	case ATTACK_SOME:
		return by > 0;
	case ATTACK_STILL:
		return by == 0;
	}
	return false;
}

static enum attack_verdict judge_say(enum attack_verdict v, char *why, size_t cap, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));
static enum attack_verdict judge_say(
	enum attack_verdict v, char *why, size_t cap, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, cap, fmt, ap);
	va_end(ap);
	return v;
}

/* The first counter that did not move as it must; NULL: all did. */
static const struct attack_counter *judge_wrong(const struct attack_trial *t, long long *by)
{
	for (unsigned i = 0; i < ATTACK_COUNTERS_MAX; i++) {
		const struct attack_counter *c = &t->attack->counter[i];
		const struct attack_reading *r = &t->reading[i];

		if (c->source == ATTACK_NO_COUNTER)
			break;
		*by = r->before < 0 || r->after < 0 ? -1 : r->after - r->before;
		if (!attack_counter_right(c, &t->held, r))
			return c;
	}
	return NULL;
}

static enum attack_verdict judge_counter(const struct attack_trial *t,
	const struct attack_counter *c, long long by, char *why, size_t cap)
{
	static const char *const due[] = {[ATTACK_EXACTLY] = "exactly",
		[ATTACK_AT_LEAST] = "at least",
		[ATTACK_SOME] = "more than",
		[ATTACK_STILL] = "exactly"};
	bool none = c->moved == ATTACK_SOME || c->moved == ATTACK_STILL;

	if (by < 0)
		return judge_say(
			ATTACK_FELL, why, cap, "there is no counter %s of %s", c->name, c->at);
	return judge_say(ATTACK_FELL, why, cap, "%s of %s moved by %lld, must by %s %u", c->name,
		c->at, by, due[c->moved], none ? 0 : judge_due(&t->held));
}

/* With all protections on: ATTACK_HELD if nothing speaks against it. */
static enum attack_verdict judge_held(const struct attack_trial *t, char *why, size_t cap)
{
	const struct attack_impact *h = &t->held;
	const struct attack_counter *wrong;
	long long by;

	if (h->skip)
		return judge_say(ATTACK_SKIPPED, why, cap, "%s", h->skip);
	if (t->died)
		return judge_say(ATTACK_FELL, why, cap, "a process of the PE died of it");
	if (h->error)
		return judge_say(
			ATTACK_INVALID, why, cap, "it could not be tried: %s", strerror(-h->error));
	if (!h->sent)
		return judge_say(ATTACK_INVALID, why, cap, "nothing was sent");
	if (h->hit)
		return judge_say(ATTACK_FELL, why, cap, "it succeeded: %u of %u%s%s", h->hit,
			h->sent, *h->observed ? "; " : "", h->observed);
	if (*t->spread)
		return judge_say(ATTACK_FELL, why, cap,
			"frames of it came into %s (if they are meant to, the row is mixed)",
			t->spread);
	wrong = t->counters_known ? judge_wrong(t, &by) : NULL;
	if (wrong)
		return judge_counter(t, wrong, by, why, cap);
	if (!t->legit)
		return judge_say(ATTACK_FELL, why, cap, "what is legitimate did not pass: %s",
			t->legit_what);
	if (*t->blind)
		return judge_say(ATTACK_INVALID, why, cap,
			"frames were missed at %s: whether some of it came in there is not known",
			t->blind);
	return ATTACK_HELD;
}

enum attack_verdict attack_judge(const struct attack_trial *t, char *why, size_t cap)
{
	enum attack_verdict v = judge_held(t, why, cap);
	const struct attack_impact *c = &t->control;

	if (v != ATTACK_HELD)
		return v;
	if (t->attack->off == ATTACK_OFF_NONE)
		return judge_say(ATTACK_HELD, why, cap, "0 of %u; its control is in it: %s",
			t->held.sent, t->held.observed);
	if (!t->controlled)
		return judge_say(ATTACK_INVALID, why, cap,
			"0 of %u, but there is nothing to switch off: nothing is proved",
			t->held.sent);
	if (c->skip)
		return judge_say(ATTACK_SKIPPED, why, cap, "%s", c->skip);
	if (c->error)
		return judge_say(ATTACK_INVALID, why, cap, "the control could not be tried: %s",
			strerror(-c->error));
	if (!attack_impact_success(c))
		return judge_say(ATTACK_INVALID, why, cap,
			"the control did not succeed: %u of %u%s%s", c->hit, c->sent,
			*c->observed ? "; " : "", c->observed);
	return judge_say(ATTACK_HELD, why, cap, "0 of %u; unprotected %u of %u", t->held.sent,
		c->hit, c->sent);
}

const char *attack_verdict_name(enum attack_verdict v)
{
	static const char *const names[ATTACK_VERDICTS] = {
		"held", "fell", "invalid", "skipped", "not_yet"};

	return names[v];
}

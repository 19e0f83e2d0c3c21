/* What a row is worth, from what was measured. Pure. */
#ifndef LAB_ATTACKS_JUDGE_H
#define LAB_ATTACKS_JUDGE_H

#include "lab/attacks/attack.h"

enum attack_verdict {
	ATTACK_HELD, /* nothing got through, every counter moved as it must, the legitimate passed, the control succeeded */
	ATTACK_FELL, /* it succeeded, or no counter shows it, or the legitimate did not pass */
	ATTACK_INVALID, /* the control did not succeed: nothing is proved */
	ATTACK_SKIPPED, /* the kernel lacks what it needs */
	ATTACK_NOT_YET, /* not built */
	ATTACK_VERDICTS
};

struct attack_reading {
	long long before, after; /* -1: no such counter there */
};

struct attack_trial {
	const struct attack *attack;
	struct attack_impact held, control;
	bool controlled; /* the control was run */
	struct attack_reading reading[ATTACK_COUNTERS_MAX];
	bool counters_known; /* false with a PE that has none: they are not asked for */
	bool died;	     /* a process of the PE ended by it */
	char spread
		[64]; /* "ce-b1:eth1": frames of it came in there and must not have; "": nowhere */
	char blind
		[64]; /* a port that missed frames of the launch with protections on; "": none did */
	bool legit;
	char legit_what[ATTACK_TEXT_MAX];
};

bool attack_impact_success(const struct attack_impact *i);
bool attack_counter_right(const struct attack_counter *c, const struct attack_impact *i,
	const struct attack_reading *r);

/* why: one sentence of what decided. */
enum attack_verdict attack_judge(const struct attack_trial *t, char *why, size_t cap);
const char *attack_verdict_name(enum attack_verdict v); /* "held" */

#endif

/* One chosen row of the catalogue on its way through a run: launched with every protection on, launched with one off, told. */
#ifndef LAB_ATTACKS_ROW_H
#define LAB_ATTACKS_ROW_H

#include "lab/attacks/judge.h"
#include "lab/attacks/stage.h"

struct attack_when {
	unsigned long long start_ms, ms; /* since the run's first attack; for how long */
};

struct attack_row {
	const struct attack *attack;
	struct attack_trial trial;
	struct attack_when held, control;
	enum attack_verdict verdict;
	char why[2 * ATTACK_TEXT_MAX];
	bool told;
};

/* With every protection on: launch, counters, what is legitimate. zero_ms: when the run's attacks began. */
void attack_row_hold(struct attack_row *row, struct attack_stage *st, unsigned long long zero_ms);

/* With one off. */
void attack_row_control(
	struct attack_row *row, struct attack_stage *st, unsigned long long zero_ms);

/* Nothing that a control shows would change what it is worth. */
bool attack_row_decided(struct attack_row *row, const struct attack_stage *st);

/* {"ev":"attack"}: once; judges it. */
void attack_row_tell(struct attack_row *row, struct attack_stage *st);

#endif

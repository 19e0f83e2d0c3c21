/* A route on its way through policies: what each rule said and did, as JSON and as text. Pure but for the stream. */
#ifndef CLI_TRIAL_H
#define CLI_TRIAL_H

#include <jansson.h>
#include <stdio.h>

#include "bgpd/policy/program.h"

struct cli_trial {
	json_t *policies; /* [{name, rules: [{name, matched, not, action, changed: [{what, from, to}]}], by}] */
	struct pol_outcome outcome;
	const struct pol_program *program; /* that decided; NULL: there was none */
};

/* Edits *a in the arena. */
void cli_trial_run(struct cli_trial *t, const struct pol_chain *chain, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena);
void cli_trial_fini(struct cli_trial *t);

/* The rules, and what they changed. */
void cli_trial_print(const struct cli_trial *t, FILE *out);

/* The name of the rule that decided, or "default". */
const char *cli_trial_rule(const struct cli_trial *t);

#endif

/*
 * What the attacks of a run came to: a line each on the terminal as it is known, the totals at the end. What was seen is collected
 * by lab/evidence from the same events. A run may take several labs.
 */
#ifndef LAB_TALLY_H
#define LAB_TALLY_H

#include <jansson.h>
#include <stdbool.h>

#include "lab/evidence/report.h"
#include "lab/report.h"
#include "lab/topo.h"

enum lab_tally_verdict {
	LAB_TALLY_HELD,
	LAB_TALLY_FELL,
	LAB_TALLY_INVALID,
	LAB_TALLY_SKIPPED,
	LAB_TALLY_NOT_YET,
	LAB_TALLY_VERDICTS
};

struct lab_tally {
	struct lab_report *report; /* borrowed: the terminal */
	struct evidence_report evidence;
	unsigned n[LAB_TALLY_VERDICTS];
	json_t *malformed; /* what malformed_tell() wants to remember; NULL: none was said */
	bool placed;	   /* the report has its topology: that of the first lab */
};

void lab_tally_init(struct lab_tally *t, struct lab_report *report);
void lab_tally_fini(struct lab_tally *t);

/* An event of the inside; those that are not about attacks are left alone. */
void lab_tally_event(struct lab_tally *t, const json_t *event);

/* A lab of the run has ended; broken: before its end, and why. */
void lab_tally_lab(
	struct lab_tally *t, const struct lab_topo *topo, const char *backend, const char *broken);

/* Cases of malformed input that were tried. */
unsigned lab_tally_cases(const struct lab_tally *t);

/* Every row that fell or is invalid with its reason, then the totals. */
void lab_tally_end(struct lab_tally *t);

#endif

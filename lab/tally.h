/*
 * What the attacks of a run came to: a line each on the terminal as it is known, the totals at the end. What was seen is collected
 * by lab/evidence from the same events.
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
};

void lab_tally_init(struct lab_tally *t, struct lab_report *report);
void lab_tally_fini(struct lab_tally *t);

/* An event of the inside; those that are not about attacks are left alone. */
void lab_tally_event(struct lab_tally *t, const json_t *event);

/* Every row that fell or is invalid with its reason, then the totals. */
void lab_tally_end(struct lab_tally *t, const char *broken);

/* {"nodes":[..],"links":[..]} of the report. The caller's. */
json_t *lab_tally_topology(const struct lab_topo *topo);

#endif

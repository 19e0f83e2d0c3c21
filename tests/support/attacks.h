/* A run of attacks that never was, one row of every verdict: events as the inside tells them. */
#ifndef TESTS_SUPPORT_ATTACKS_H
#define TESTS_SUPPORT_ATTACKS_H

#include "lab/evidence/report.h"

/* Takes all of it into a report that is begun here. */
void attacks_sample(struct evidence_report *r);

/* One event, as text. */
void attacks_tell(struct evidence_report *r, const char *event);

#endif

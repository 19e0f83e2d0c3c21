/* Is it so now? Conditions of a scenario, answered by the routers and the kernels themselves. */
#ifndef LAB_COND_H
#define LAB_COND_H

#include "lab/run.h"

/* What was found instead (or found) goes to observed. */
bool lab_cond_holds(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap);

/*
 * Waits until all of them hold at once. On success the time it took; on a deadline the first that does not hold is
 * told as an event. The events' "step" is the caller's business: it sends them in between its own.
 */
bool lab_conds_wait(struct lab_run *r, const struct lab_conds *cs, unsigned deadline_s);

/* Asks until all of them hold or it is until_ms (CLOCK_MONOTONIC), then tells each one, whatever came of the others. */
bool lab_conds_look(struct lab_run *r, const struct lab_conds *cs, unsigned long long until_ms);

#endif

/* A step in which something fails while echo requests go on: what is lost, and for how long nothing is answered. */
#ifndef LAB_FAILOVER_H
#define LAB_FAILOVER_H

#include "lab/step.h"

enum lab_verdict lab_failover_run(struct lab_run *r, const struct lab_step *s);

#endif

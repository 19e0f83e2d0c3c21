/* The routers of a run: FRR's daemons and ravelind, started in their nodes. */
#ifndef LAB_DAEMON_H
#define LAB_DAEMON_H

#include "lab/run.h"

/* Runs every node's exec lines. 0 or -1 with the failing line and its output as an event. */
int lab_daemon_exec(struct lab_run *r);

/* Starts ravelind where a node has one, then FRR's daemons, of all nodes side by side, and loads their configurations. */
int lab_daemon_start(struct lab_run *r);

/* Starts or restarts a node's ravelind on this file (NULL: the topology's). SIGTERM, then waits for it to end first. */
int lab_daemon_ravelind(struct lab_run *r, unsigned node, const char *config);

/* The last lines of every log of a node as events. */
void lab_daemon_logs(struct lab_run *r, unsigned node);

#endif

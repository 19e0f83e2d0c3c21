/* The inside of a lab: everything that one run holds where its nodes live. Owned by lab_inside_run(). */
#ifndef LAB_RUN_H
#define LAB_RUN_H

#include <jansson.h>

#include "lab/ns.h"
#include "lab/proc.h"
#include "lab/scenario.h"
#include "lab/topo.h"

struct lab_run {
	struct lab_topo topo;
	struct lab_scenario scenario;
	struct lab_ns base;
	struct lab_ns ns[LAB_NODES_MAX];
	pid_t ravelind[LAB_NODES_MAX];		      /* 0: none runs here */
	unsigned long long started_ms[LAB_NODES_MAX]; /* when that ravelind was started */
	struct lab_procs procs;
	char bin[512]; /* where ravelind and ravelin of this build are */
	int out;       /* frames go here */
	unsigned long long
		look_until_ms; /* validating: until then a condition may become true; 0: a run */
};

/* Sends an event to the outside with the time added; takes the reference. The other side gone ends the process. */
void lab_event(struct lab_run *r, json_t *event);

/* {"ev": "note", "text": ...}: one line of progress. */
void lab_note(struct lab_run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif

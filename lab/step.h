/* Runs a scenario's steps in order and tells the outside what each one found. */
#ifndef LAB_STEP_H
#define LAB_STEP_H

#include "lab/run.h"

enum lab_verdict {
	LAB_PASS,
	LAB_FAIL,
	LAB_INVALID
}; /* invalid: the control did not succeed, so nothing is proved */

/* Only the wait steps if that is all that is wanted (lab up). True if everything passed; stops after a wait fails. */
bool lab_step_run(struct lab_run *r, bool waits_only);

/*
 * Only what looks and changes nothing (wait, expect, ping, capture), up to the first step that does something. Conditions may
 * take patience_s together to become true; each is told. True if everything passed.
 */
bool lab_step_look(struct lab_run *r, unsigned patience_s);

/* {"ev":"check"}: one fact of a step. */
void lab_step_check(struct lab_run *r, bool ok, const char *text, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Lines of shell in a node, in order; the first that fails is told and ends it. */
bool lab_step_commands(struct lab_run *r, unsigned node, const struct lab_commands *c);

/* The label that this node's kernel pops into that VRF; -1: none. */
int lab_step_label(const struct lab_run *r, unsigned node, const char *vrf);

#endif

/*
 * A customer puts another VPN's route target on its own route (RFC 4364 4.3.1: a PE must not believe a CE's).
 *
 * Expected: the route arrives, which proves that the stimulus worked, and is in no VRF but its own. Control: the
 * same at a router that keeps what a CE says must succeed.
 */
#include "lab/attack.h"

#include "lab/cond.h"

static bool rt_expect(struct lab_run *r, const struct lab_conds *cs)
{
	return lab_conds_wait(r, cs, 0);
}

enum lab_verdict lab_attack_route_target(struct lab_run *r, const struct lab_step *s)
{
	bool arrived, held, control;

	arrived = lab_step_commands(r, s->from, &s->launch) &&
		  lab_conds_wait(r, &s->until, s->deadline_s);
	held = arrived && rt_expect(r, &s->then);
	lab_step_commands(r, s->from, &s->undo);
	lab_note(r, "control: the same at %s, whose PE keeps what it says",
		r->topo.nodes[s->control.node].name);
	control = lab_step_commands(r, s->control.node, &s->control.launch) &&
		  lab_conds_wait(r, &s->control.until, s->deadline_s);
	lab_step_commands(r, s->control.node, &s->control.undo);
	if (!arrived)
		return LAB_INVALID;
	return !held ? LAB_FAIL : control ? LAB_PASS : LAB_INVALID;
}

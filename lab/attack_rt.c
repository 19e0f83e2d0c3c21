/*
 * A customer puts another VPN's route target on its own route (RFC 4364 4.3.1: a PE must not believe a CE's).
 *
 * Expected: the route arrives, which proves that the stimulus worked, and is in no VRF but its own. Control: the
 * same at a router that keeps what a CE says must succeed.
 */
#include "lab/attack.h"

#include "lab/cond.h"
#include "lab/daemon.h"

/* At another router, which has no such protection. */
static bool rt_control_elsewhere(
	struct lab_run *r, const struct lab_step *s, const struct lab_control *c)
{
	bool succeeded;

	lab_note(r, "control: the same at %s, whose PE keeps what it says",
		r->topo.nodes[c->node].name);
	succeeded = lab_step_commands(r, c->node, &c->launch) &&
		    lab_conds_wait(r, &c->until, s->deadline_s);
	lab_step_commands(r, c->node, &c->undo);
	return succeeded;
}

/* At the same router, with its protection off. */
static bool rt_control_here(
	struct lab_run *r, const struct lab_step *s, const struct lab_control *c)
{
	bool succeeded;

	lab_note(r, "control: the same with %s's protection off (%s)", r->topo.nodes[c->node].name,
		c->config);
	succeeded = !lab_daemon_ravelind(r, c->node, c->config) &&
		    lab_step_commands(r, s->from, &s->launch) &&
		    lab_conds_wait(r, &c->until, s->deadline_s);
	lab_step_commands(r, s->from, &s->undo);
	lab_note(r, "restoring %s", r->topo.nodes[c->node].name);
	return !lab_daemon_ravelind(r, c->node, NULL) &&
	       lab_conds_wait(r, &c->recovered, s->deadline_s) && succeeded;
}

enum lab_verdict lab_attack_route_target(struct lab_run *r, const struct lab_step *s)
{
	bool arrived, held, control = true;

	arrived = lab_step_commands(r, s->from, &s->launch) &&
		  lab_conds_wait(r, &s->until, s->deadline_s);
	held = arrived && lab_conds_wait(r, &s->then, 0);
	lab_step_commands(r, s->from, &s->undo);
	for (unsigned i = 0; i < s->n_controls; i++)
		control &= s->control[i].config ? rt_control_here(r, s, &s->control[i])
						: rt_control_elsewhere(r, s, &s->control[i]);
	if (!arrived)
		return LAB_INVALID;
	return !held ? LAB_FAIL : control ? LAB_PASS : LAB_INVALID;
}

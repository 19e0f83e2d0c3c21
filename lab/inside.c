/* The inside half of the lab: builds the network, runs the scenario, then serves those who want to look around. */
#include "lab/inside.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/attacks/run.h"
#include "lab/channel.h"
#include "lab/daemon.h"
#include "lab/link.h"
#include "lab/run.h"
#include "lab/serve.h"
#include "lab/step.h"
#include "lab/window.h"
#include "lib/check.h"

#define SYSTEM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *job_text(const json_t *job, const char *key)
{
	return json_string_value(json_object_get(job, key));
}

static json_t *inside_job(struct lab_channel *c)
{
	struct lab_frame f;

	while (!lab_channel_next(c, &f)) {
		long n = lab_channel_fill(c);

		if (n <= 0 || lab_window_ack(c->fd, n) < 0)
			return NULL;
	}
	return f.type == LAB_FRAME_JOB ? lab_frame_json(&f) : NULL;
}

static int inside_load(struct lab_run *r, const json_t *job)
{
	const char *bin = job_text(job, "bin"), *topology = job_text(job, "topology"),
		   *scenario = job_text(job, "scenario");

	if (!bin || !topology || !lab_topo_load(&r->topo, topology, stderr))
		return -EINVAL;
	if (scenario && !lab_scenario_load(&r->scenario, &r->topo, scenario, stderr))
		return -EINVAL;
	snprintf(r->bin, sizeof r->bin, "%s", bin);
	snprintf(r->procs.path, sizeof r->procs.path, "%s:" SYSTEM_PATH, bin);
	return 0;
}

static int inside_network(struct lab_run *r)
{
	int err = lab_ns_ground(&r->topo, &r->base);

	for (unsigned i = 0; !err && i < r->topo.n_nodes; i++)
		err = lab_ns_node(&r->topo, i, &r->base, &r->ns[i]);
	err = err ? err : lab_link_wire(&r->topo, &r->base, r->ns);
	err = err ? err : lab_link_up(&r->topo, &r->base, r->ns);
	err = err ? err : lab_link_sysctls(&r->topo, &r->base, r->ns);
	if (err)
		lab_event(
			r, json_pack("{s:s, s:s, s:s, s:s}", "ev", "broken", "node", "lab", "what",
				   "the network could not be built", "output", strerror(-err)));
	return err;
}

static bool inside_up(struct lab_run *r)
{
	if (inside_network(r))
		return false;
	lab_note(r, "%u nodes, %u links", r->topo.n_nodes, r->topo.n_links);
	if (lab_daemon_exec(r))
		return false;
	lab_note(r, "addresses set; starting routers");
	if (lab_daemon_start(r))
		return false;
	lab_note(r, "routers started and configured");
	return true;
}

static void inside_end(struct lab_run *r, bool ok)
{
	lab_event(r, json_pack("{s:s, s:b}", "ev", "end", "ok", ok));
}

int lab_inside_run(int channel)
{
	struct lab_run *r = calloc(1, sizeof *r);
	struct lab_channel c;
	const json_t *attack;
	json_t *job;
	bool ok, stay;

	CHECK(r);
	signal(SIGPIPE, SIG_IGN);
	r->out = channel;
	lab_channel_init(&c, channel);
	/* asked for, because a serial line that is not yet raw mangles what comes early */
	lab_event(r, json_pack("{s:s}", "ev", "ready"));
	job = inside_job(&c);
	stay = json_is_true(json_object_get(job, "stay"));
	ok = job && !inside_load(r, job) && inside_up(r);
	attack = json_object_get(job, "attack");
	ok = ok && lab_step_run(r, stay || attack);
	ok = ok && (!attack || attack_run(r, attack));
	inside_end(r, ok);
	if (stay && ok)
		lab_serve(r, &c);
	json_decref(job);
	lab_channel_fini(&c);
	lab_scenario_fini(&r->scenario);
	lab_topo_fini(&r->topo);
	free(r);
	return ok ? 0 : 1;
}

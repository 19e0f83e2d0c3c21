/* The outside half: starts a back end, hands it its job, shows what it reports, and ends it whatever happens. */
#include "lab/host.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lab/find.h"
#include "lab/lab.h"
#include "lab/probe.h"
#include "lab/proc.h"
#include "lab/scenario.h"
#include "lib/check.h"
#include "lib/complaint.h"

#define GRACE_MS 3000

static bool host_scenario(struct lab_host *h, const char *topology)
{
	struct lab_scenario s;
	bool ok;

	if (h->opt.scenario)
		snprintf(h->scenario, sizeof h->scenario, "%s", h->opt.scenario);
	else if (!lab_find_scenario(topology, h->scenario, sizeof h->scenario)) {
		*h->scenario = 0;
		return true;
	}
	ok = lab_scenario_load(&s, &h->topo, h->scenario, complaint_to());
	lab_scenario_fini(&s);
	if (ok) {
		char *real = realpath(h->scenario, NULL);

		CHECK(real);
		snprintf(h->scenario, sizeof h->scenario, "%s", real);
		free(real);
	}
	return ok;
}

static int host_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool host_has_frr(const struct lab_topo *t)
{
	for (unsigned i = 0; i < t->n_nodes; i++) {
		if (!t->nodes[i].n_daemons || !access("/usr/lib/frr/zebra", X_OK))
			continue;
		fprintf(complaint_to(), "lab: %s needs FRR: apt-get install frr\n",
			t->nodes[i].name);
		return false;
	}
	return true;
}

/* A topology without VRFs may do with any kernel; one with them is not begun where they cannot be. */
static bool host_kernel_suffices(const struct lab_topo *t)
{
	char why[256];

	if (lab_probe_kernel(why, sizeof why))
		return true;
	for (unsigned i = 0; i < t->n_links; i++) {
		if (!t->links[i].vrf)
			continue;
		fprintf(complaint_to(),
			"lab: %s has VRFs, and %s: without --backend it runs in user-mode Linux\n",
			t->name, why);
		return false;
	}
	return true;
}

bool lab_host_init(struct lab_host *h, const struct lab_options *opt, FILE *terminal)
{
	char file[PATH_MAX * 2];
	ssize_t n;

	*h = (struct lab_host){.opt = *opt, .signals = -1};
	lab_report_init(&h->report, terminal);
	h->report.brief = opt->attack;
	if (opt->tally)
		opt->tally->report = &h->report;
	n = readlink("/proc/self/exe", h->self, sizeof h->self - 1);
	CHECK(n > 0);
	if (!lab_find_topology(opt->topology, file, sizeof file))
		return false;
	if (!lab_topo_load(&h->topo, file, complaint_to()) || !host_scenario(h, file) ||
		!host_has_frr(&h->topo))
		return false;
	if (!lab_backend_choose(&h->opt.backend, h->choice, sizeof h->choice)) {
		fprintf(complaint_to(), "lab: %s\n", h->choice);
		return false;
	}
	if (h->opt.backend == LAB_BACKEND_NETNS && !host_kernel_suffices(&h->topo))
		return false;
	if (h->opt.backend == LAB_BACKEND_NETNS && geteuid()) {
		fprintf(complaint_to(), "lab: the netns back end needs root; as a normal user take "
					"--backend uml\n");
		return false;
	}
	h->signals = host_signals();
	return h->signals >= 0;
}

void lab_host_fini(struct lab_host *h)
{
	lab_report_fini(&h->report);
	lab_channel_fini(&h->channel);
	lab_window_fini(&h->window);
	lab_topo_fini(&h->topo);
	if (h->signals >= 0)
		close(h->signals);
}

int lab_host_start(struct lab_host *h, bool stay)
{
	int err;

	lab_report_say(&h->report, "%s: %u nodes; %s", h->topo.name, h->topo.n_nodes, h->choice);
	h->stay = stay;
	h->report.start_ms = lab_now_ms();
	err = lab_backend_start(&h->backend, h->opt.backend, h->self);
	if (err)
		fprintf(complaint_to(), "lab: cannot start: %s\n", strerror(-err));
	lab_channel_init(&h->channel, h->backend.channel);
	lab_window_init(&h->window, h->backend.channel);
	return err;
}

int lab_host_job(struct lab_host *h)
{
	char bin[sizeof h->self];
	json_t *job;
	int err;

	snprintf(bin, sizeof bin, "%s", h->self);
	*strrchr(bin, '/') = 0;
	job = json_pack("{s:s, s:s, s:s*, s:b, s:O*}", "topology", h->topo.file, "bin", bin,
		"scenario", *h->scenario ? h->scenario : NULL, "stay", h->stay, "attack",
		h->opt.attack);
	err = lab_window_send_json(&h->window, LAB_FRAME_JOB, 0, job);
	json_decref(job);
	return err;
}

static void host_event(struct lab_host *h, const struct lab_frame *f)
{
	json_t *e = f->type == LAB_FRAME_EVENT ? lab_frame_json(f) : NULL;
	const char *ev = json_string_value(json_object_get(e, "ev"));

	if (f->type == LAB_FRAME_ACK)
		lab_window_acked(&h->window, f);
	if (ev && !strcmp(ev, "ready"))
		lab_host_job(h);
	else if (ev)
		lab_report_event(&h->report, e);
	if (ev && h->opt.attack)
		lab_tally_event(h->opt.tally, e);
	json_decref(e);
}

/* Until the run's end; NULL, or why it ended before. */
static const char *host_follow(struct lab_host *h)
{
	unsigned long long end = lab_now_ms() + h->opt.timeout_s * 1000ULL;
	struct pollfd p[3] = {{.fd = h->backend.channel, .events = POLLIN},
		{.fd = h->backend.console, .events = POLLIN}, {.fd = h->signals, .events = POLLIN}};
	struct lab_frame f;

	while (!h->report.ended) {
		unsigned long long now = lab_now_ms();

		if (now >= end)
			return "it took too long (--timeout)";
		poll(p, 3, end - now);
		if (p[2].revents)
			return h->interrupted = true, "interrupted";
		if (p[1].revents && !lab_backend_console(&h->backend))
			p[1].fd = -1;
		if (p[0].revents && lab_channel_fill(&h->channel) <= 0)
			return "the lab's own kernel or first process died";
		while (lab_channel_next(&h->channel, &f))
			host_event(h, &f);
		if (h->channel.broken)
			return "what came from the inside makes no sense";
	}
	return NULL;
}

static const char *host_backend(const struct lab_host *h)
{
	return h->opt.backend == LAB_BACKEND_UML ? "uml" : "netns";
}

static void host_results(struct lab_host *h)
{
	int err = h->opt.junit ? lab_report_junit(&h->report, h->topo.name, h->opt.junit) : 0;

	if (err) {
		fprintf(stderr, "lab: %s: %s\n", h->opt.junit, strerror(-err));
		h->report.ok = false;
	}
	if (h->opt.json)
		lab_report_print(lab_report_json(&h->report, h->topo.name, host_backend(h)));
}

/* What the inside's kernel and programs said besides, where it may explain what went wrong. */
static void host_tail(const struct lab_host *h, const char *broken)
{
	bool early = !h->report.ok && !h->opt.attack && !json_array_size(h->report.steps);

	if ((broken || early) && !h->interrupted && h->backend.n_tail)
		fprintf(stderr, "lab: the last it said:\n%s\n", h->backend.tail);
}

int lab_host_run(const struct lab_options *opt)
{
	struct lab_host h;
	const char *broken;
	int rc = LAB_BROKEN;

	if (!lab_host_init(&h, opt, opt->json ? stderr : stdout)) {
		lab_host_fini(&h);
		return LAB_UNCLEAR;
	}
	if (!lab_host_start(&h, false)) {
		broken = host_follow(&h);
		lab_backend_stop(&h.backend, broken ? 0 : GRACE_MS);
		host_tail(&h, broken);
		if (opt->attack) {
			h.report.ok &= !broken;
			lab_tally_lab(opt->tally, &h.topo, host_backend(&h), broken);
		} else {
			lab_report_end(&h.report, broken);
			host_results(&h);
		}
		rc = h.report.ok     ? LAB_HELD
		     : h.interrupted ? LAB_INTERRUPTED
		     : broken	     ? LAB_BROKEN
				     : LAB_NOT_MET;
	}
	lab_host_fini(&h);
	return rc;
}

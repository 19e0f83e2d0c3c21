/* The PE under test: what runs there, one protection off and on again, and when the network is whole. */
#include "lab/attacks/pe.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/attacks/reading.h"
#include "lab/cond.h"
#include "lab/daemon.h"
#include "lab/frr.h"
#include "lib/check.h"
#include "lib/text.h"

#define POLL_MS	   20
#define TELL_MS	   1000
#define START_MS   30000
#define CONFIG_MAX (1 << 18)
#define CONFIG	   "/run/attack.yaml" /* in the PE */

static const struct lab_node *pe_node(const struct attack_stage *st)
{
	return &st->run->topo.nodes[st->pe_node];
}

void attack_pe_version(struct attack_stage *st, char *out, size_t cap)
{
	const char *line =
		st->pe == ATTACK_PE_RAVELIN ? "ravelind --version" : "/usr/lib/frr/bgpd --version";

	attack_shell(st, pe_node(st)->name, line, out, cap);
	out[strcspn(out, "\n")] = 0;
}

static const char *const *pe_commands(const struct attack_stage *st, enum attack_off off, bool on)
{
	const struct attack_protection *p = attack_protection_find(off);

	if (st->pe == ATTACK_PE_FRR)
		return on ? p->frr_on : p->frr_off;
	return on ? p->on : p->off;
}

bool attack_pe_restarts(const struct attack_stage *st, enum attack_off off)
{
	return st->pe == ATTACK_PE_RAVELIN && attack_protection_find(off)->key;
}

bool attack_pe_can(const struct attack_stage *st, enum attack_off off)
{
	return attack_pe_restarts(st, off) || pe_commands(st, off, false)[0];
}

void attack_pe_how(const struct attack_stage *st, enum attack_off off, char *out, size_t cap)
{
	const struct attack_protection *p = attack_protection_find(off);
	const char *const *lines = pe_commands(st, off, false);
	struct text t = text_of(out, cap);

	if (attack_pe_restarts(st, off))
		text_add(&t, "%s: %s", p->key, *p->value ? p->value : "(taken away)");
	for (unsigned i = 0; i < 4 && lines[i]; i++)
		text_add(&t, "%s%s", t.len ? "; " : "", lines[i]);
}

static bool pe_run(struct attack_stage *st, const char *const *lines, char *err, size_t cap)
{
	char out[ATTACK_TEXT_MAX];

	for (unsigned i = 0; i < 4 && lines[i]; i++) {
		int rc = attack_shell(st, pe_node(st)->name, lines[i], out, sizeof out);

		if (!rc)
			continue;
		snprintf(err, cap, "%.120s: exit %d: %.100s", lines[i], rc, out);
		return false;
	}
	return true;
}

/* The file that the topology puts where ravelind looks. The caller's. */
static char *pe_config(const struct attack_stage *st)
{
	const struct lab_node *n = pe_node(st);
	char *text = calloc(1, CONFIG_MAX);
	FILE *f = NULL;

	CHECK(text);
	for (unsigned i = 0; i < n->n_binds && n->config; i++)
		if (!strcmp(n->binds[i].target, n->config))
			f = fopen(n->binds[i].source, "re");
	if (!f || !fread(text, 1, CONFIG_MAX - 1, f))
		*text = 0;
	if (f)
		fclose(f);
	return text;
}

static bool pe_write(const struct attack_stage *st, const char *text)
{
	char path[256];
	FILE *f;

	lab_ns_path(pe_node(st)->name, "run", CONFIG + strlen("/run/"), path, sizeof path);
	f = fopen(path, "we");
	if (!f)
		return false;
	fputs(text, f);
	return !fclose(f);
}

static bool pe_patch(
	struct attack_stage *st, const struct attack_protection *p, char *err, size_t cap)
{
	char *text = pe_config(st),
	     *patched = attack_protection_patch(text, p->key, p->value, err, cap);
	bool ok = patched && pe_write(st, patched);

	free(patched);
	free(text);
	return ok;
}

bool attack_pe_open(struct attack_stage *st)
{
	json_t *answer = attack_api(st, "/v1/guard"), *port;
	bool open = answer != NULL;
	size_t i;

	json_array_foreach(json_object_get(answer, "ports"), i, port)
	{
		const char *state = json_string_value(json_object_get(port, "state"));

		open &= state && strcmp(state, "closed") != 0;
	}
	json_decref(answer);
	return open;
}

/* And labels pop into the VRFs of its customers. */
static bool pe_started(struct attack_stage *st, void *arg)
{
	const struct lab_topo *t = &st->run->topo;

	if (!attack_pe_open(st))
		return false;
	for (unsigned i = 0; i < t->n_links; i++)
		for (int k = 0; k < 2; k++)
			if (t->links[i].end[k].node == st->pe_node && t->links[i].vrf &&
				attack_label(st, t->links[i].vrf) < 0)
				return false;
	return true;
}

static bool pe_restart(struct attack_stage *st, enum attack_off off, char *err, size_t cap)
{
	const struct attack_protection *p = attack_protection_find(off);

	if (p->key && !pe_patch(st, p, err, cap))
		return false;
	if (lab_daemon_ravelind(st->run, st->pe_node, p->key ? CONFIG : NULL) ||
		!attack_until(st, pe_started, NULL, START_MS)) {
		snprintf(err, cap, "ravelind did not start with %s: %s", p->key ? p->key : "-",
			p->value ? p->value : "-");
		lab_daemon_logs(st->run, st->pe_node);
		return false;
	}
	return true;
}

bool attack_pe_off(struct attack_stage *st, enum attack_off off, char *err, size_t cap)
{
	bool restarts = attack_pe_restarts(st, off) ||
			(off == ATTACK_OFF_NONE && st->pe == ATTACK_PE_RAVELIN);

	if (restarts && !pe_restart(st, off, err, cap))
		return false;
	if (attack_protection_find(off)->whole && !attack_pe_whole(st, START_MS)) {
		snprintf(err, cap, "the network was not whole within %d s", START_MS / 1000);
		return false;
	}
	return pe_run(st, pe_commands(st, off, false), err, cap);
}

bool attack_pe_on(struct attack_stage *st, enum attack_off off, char *err, size_t cap)
{
	return pe_run(st, pe_commands(st, off, true), err, cap);
}

/* A guard that a control has switched off is as open as can be. */
static bool pe_off(const struct lab_cond *c, const char *observed)
{
	return c->kind == LAB_COND_GUARD && !strcmp(observed, "off");
}

/* mplsfwd starts a new bgpd and says so; its own end is the end of ravelind. Of FRR it is bgpd that talks to strangers. */
unsigned attack_pe_deaths(struct attack_stage *st)
{
	const struct attack_counter died = {
		ATTACK_LOG, pe_node(st)->name, "bgpd_died", ATTACK_STILL};
	struct lab_run *r = st->run;
	struct lab_frr *frr;
	long long n;
	int status;

	if (st->pe == ATTACK_PE_FRR) {
		frr = lab_frr_open(pe_node(st)->name, "bgpd");
		if (frr)
			lab_frr_close(frr);
		return !frr;
	}
	n = attack_reading_get(st, &died);
	if (r->ravelind[st->pe_node] &&
		lab_proc_ended(&r->procs, r->ravelind[st->pe_node], &status))
		r->ravelind[st->pe_node] = 0;
	return (n > 0 ? (unsigned)n : 0) + !r->ravelind[st->pe_node];
}

static bool pe_conds_hold(struct attack_stage *st, const struct lab_conds *cs,
	const struct lab_cond **missing, char *observed, size_t cap)
{
	for (unsigned i = 0; i < cs->n; i++) {
		*missing = &cs->c[i];
		if (!lab_cond_holds(st->run, &cs->c[i], observed, cap) &&
			!pe_off(&cs->c[i], observed))
			return false;
	}
	return true;
}

static bool pe_whole(
	struct attack_stage *st, const struct lab_cond **missing, char *observed, size_t cap)
{
	const struct lab_scenario *s = &st->run->scenario;

	for (unsigned i = 0; i < s->n_steps; i++)
		if (s->steps[i].kind == LAB_STEP_WAIT &&
			!pe_conds_hold(st, &s->steps[i].until, missing, observed, cap))
			return false;
	return true;
}

bool attack_pe_whole(struct attack_stage *st, unsigned ms)
{
	unsigned long long now = lab_now_ms(), end = now + ms, told = now;
	const struct lab_cond *missing = NULL;
	char observed[ATTACK_TEXT_MAX] = "", text[ATTACK_TEXT_MAX];

	while (!pe_whole(st, &missing, observed, sizeof observed)) {
		now = lab_now_ms();
		if (now >= end)
			return false;
		if (now - told >= TELL_MS) {
			lab_cond_print(missing, &st->run->topo, text, sizeof text);
			lab_event(st->run, json_pack("{s:s, s:s, s:s}", "ev", "waiting", "text",
						   text, "observed", observed));
			told = now;
		}
		poll(NULL, 0, POLL_MS);
	}
	return true;
}

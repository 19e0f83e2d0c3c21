/* The catalogue against the PE under test, inside a lab that is up. */
#include "lab/attacks/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/malformed.h"
#include "lab/attacks/pe.h"
#include "lab/attacks/row.h"
#include "lab/attacks/stage.h"
#include "lab/attacks/survey.h"
#include "lib/check.h"
#include "lib/text.h"

#define WHOLE_MS  30000
#define NAMES_MAX 512

struct runner {
	struct attack_stage *st;
	struct attack_row *rows;
	unsigned n_rows;
	unsigned long long zero_ms;
	enum attack_off running; /* what the PE was last restarted with */
	bool broken;		 /* the PE did not come back: what follows would say nothing */
};

/* ID "LBL-01" by "lbl-01" or by its group "LBL". */
static bool run_matches(const char *id, const char *name)
{
	size_t group = strcspn(id, "-");

	return !strcasecmp(id, name) || (strlen(name) == group && !strncasecmp(id, name, group));
}

static bool run_wanted(const char *id, const json_t *names)
{
	const json_t *name;
	size_t i;

	json_array_foreach(
		names, i, name) if (run_matches(id, json_string_value(name))) return true;
	return !json_array_size(names);
}

bool attack_known(const char *name)
{
	const struct attack_missing *m;
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++)
		if (run_matches(a->id, name))
			return true;
	for (size_t i = 0; (m = attack_missing_at(i)); i++)
		if (run_matches(m->id, name))
			return true;
	return false;
}

const char *attack_nearest(const char *name)
{
	const char *names[NAMES_MAX];
	char upper[32] = "";
	const struct attack *a;
	size_t n = 0;

	for (size_t i = 0; name[i] && i < sizeof upper - 1; i++)
		upper[i] = name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i];
	for (; n < NAMES_MAX && (a = attack_at(n)); n++)
		names[n] = a->id;
	return text_nearest(upper, names, n);
}

static int list_json(void)
{
	json_t *have = json_array(), *missing = json_array();
	const struct attack_missing *m;
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++)
		json_array_append_new(
			have, json_pack("{s:s, s:s?, s:s, s:b}", "id", a->id, "clause", a->clause,
				      "title", a->title, "slow", a->slow));
	for (size_t i = 0; (m = attack_missing_at(i)); i++)
		json_array_append_new(
			missing, json_pack("{s:s, s:s?, s:s, s:s}", "id", m->id, "clause",
					 m->clause, "title", m->title, "reason", m->reason));
	json_t *all = json_pack("{s:o, s:o}", "attacks", have, "missing", missing);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return 0;
}

int attack_list(bool json)
{
	const struct attack_missing *m;
	const struct attack *a;
	size_t n = 0, missing = 0;

	if (json)
		return list_json();
	for (; (a = attack_at(n)); n++)
		printf("%-8s %-34s %s%s\n", a->id, a->clause, a->title, a->slow ? " (slow)" : "");
	for (; (m = attack_missing_at(missing)); missing++)
		printf("%-8s %-34s %s: %s\n", m->id, "not yet", m->title, m->reason);
	printf("%zu attacks, %zu not yet\n", n, missing);
	return 0;
}

static void run_choose(struct runner *u, const json_t *job)
{
	const json_t *names = json_object_get(job, "attacks");
	bool quick = json_is_true(json_object_get(job, "quick"));
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++) {
		if (!run_wanted(a->id, names) || (quick && a->slow))
			continue;
		u->rows = realloc(u->rows, (u->n_rows + 1) * sizeof *u->rows);
		CHECK(u->rows);
		u->rows[u->n_rows++] = (struct attack_row){.attack = a, .trial.attack = a};
	}
}

static void run_missing(struct runner *u, const json_t *job)
{
	const json_t *names = json_object_get(job, "attacks");
	const struct attack_missing *m;

	for (size_t i = 0; (m = attack_missing_at(i)); i++)
		if (run_wanted(m->id, names))
			lab_event(u->st->run,
				json_pack("{s:s, s:s, s:s#, s:s, s:s*, s:s, s:s}", "ev", "attack",
					"id", m->id, "group", m->id, strcspn(m->id, "-"), "title",
					m->title, "clause", m->clause, "verdict", "not_yet", "why",
					m->reason));
}

/* {"ev":"trying"}: which one is launched now, for who watches. off: NULL with every protection on. */
static void run_trying(
	struct runner *u, const struct attack *a, unsigned n, unsigned of, const char *off)
{
	lab_event(u->st->run,
		json_pack("{s:s, s:s, s:s, s:i, s:i, s:s?}", "ev", "trying", "id", a->id, "title",
			a->title, "n", (int)n, "of", (int)of, "off", off));
}

static void run_protected(struct runner *u)
{
	for (unsigned i = 0; i < u->n_rows; i++) {
		struct attack_row *row = &u->rows[i];

		run_trying(u, row->attack, i + 1, u->n_rows, NULL);
		attack_row_hold(row, u->st, u->zero_ms);
		if (attack_row_decided(row, u->st))
			attack_row_tell(row, u->st);
	}
}

static unsigned run_waiting(const struct runner *u, enum attack_off off)
{
	unsigned n = 0;

	for (unsigned i = 0; i < u->n_rows; i++)
		n += !u->rows[i].told && u->rows[i].attack->off == off;
	return n;
}

/* As it was at the start. */
static bool run_restore(struct runner *u)
{
	char err[ATTACK_TEXT_MAX] = "";

	if (u->running == ATTACK_OFF_NONE)
		return true;
	u->running = ATTACK_OFF_NONE;
	if (attack_pe_off(u->st, ATTACK_OFF_NONE, err, sizeof err))
		return true;
	lab_note(u->st->run, "%s", err);
	u->broken = true;
	return false;
}

static void run_launch(struct runner *u, enum attack_off off, unsigned of)
{
	const char *name = attack_protection_find(off)->name;
	unsigned n = 0;

	for (unsigned i = 0; i < u->n_rows; i++) {
		struct attack_row *row = &u->rows[i];

		if (row->told || row->attack->off != off)
			continue;
		run_trying(u, row->attack, ++n, of, name);
		attack_row_control(row, u->st, u->zero_ms);
		/* started is not whole: what needs sessions and routes gets its second chance when they are there */
		if (!attack_impact_success(&row->trial.control) && !row->trial.control.skip) {
			attack_pe_whole(u->st, WHOLE_MS);
			attack_row_control(row, u->st, u->zero_ms);
		}
		/* a restart follows the last one anyway */
		if (row->attack->disrupts && (n < of || !attack_pe_restarts(u->st, off)))
			attack_pe_whole(u->st, WHOLE_MS);
		attack_row_tell(row, u->st);
	}
}

static void run_control(struct runner *u, enum attack_off off, unsigned of)
{
	unsigned long long start = lab_now_ms();
	char err[ATTACK_TEXT_MAX] = "", how[ATTACK_TEXT_MAX];

	if (!attack_pe_restarts(u->st, off) && !run_restore(u))
		return;
	if (attack_pe_restarts(u->st, off))
		u->running = off;
	if (attack_pe_off(u->st, off, err, sizeof err)) {
		attack_pe_how(u->st, off, how, sizeof how);
		lab_note(u->st->run, "control: %s off: %s (%.1f s)",
			attack_protection_find(off)->name, how, (lab_now_ms() - start) / 1000.0);
		run_launch(u, off, of);
	} else
		lab_note(u->st->run, "control \"%s\": %s", attack_protection_find(off)->name, err);
	if (!attack_pe_on(u->st, off, err, sizeof err)) {
		lab_note(u->st->run, "control \"%s\": %s", attack_protection_find(off)->name, err);
		u->running = off; /* a restart puts more in order than nothing */
	}
}

/* First what needs no restart. */
static void run_controls(struct runner *u)
{
	for (int restarts = 0; restarts < 2; restarts++) {
		for (unsigned off = 1; off < ATTACK_OFF_N && !u->broken; off++) {
			unsigned n = run_waiting(u, off);

			if (n && attack_pe_restarts(u->st, off) == restarts)
				run_control(u, off, n);
		}
	}
	for (unsigned i = 0; i < u->n_rows; i++)
		attack_row_tell(&u->rows[i], u->st);
}

static void run_about(struct runner *u)
{
	struct utsname un = {0};
	char version[ATTACK_TEXT_MAX] = "";

	uname(&un);
	attack_pe_version(u->st, version, sizeof version);
	lab_event(u->st->run,
		json_pack("{s:s, s:s, s:s, s:s}", "ev", "run", "kernel", un.release, "pe",
			u->st->pe == ATTACK_PE_FRR ? "frr" : "ravelin", "pe_version", version));
}

static bool run_verdict(const struct runner *u)
{
	for (unsigned i = 0; i < u->n_rows; i++)
		if (u->rows[i].verdict == ATTACK_FELL || u->rows[i].verdict == ATTACK_INVALID)
			return false;
	return !u->broken;
}

static bool run_all(struct runner *u, const json_t *job)
{
	bool right;

	run_choose(u, job);
	run_about(u);
	u->zero_ms = lab_now_ms();
	right = attack_survey(u->st);
	run_protected(u);
	run_controls(u);
	run_missing(u, job);
	return run_verdict(u) && right;
}

bool attack_run(struct lab_run *r, const json_t *job)
{
	const char *pe = json_string_value(json_object_get(job, "pe"));
	struct runner u = {.st = calloc(1, sizeof *u.st)};
	bool ok = false;
	int err;

	if (json_object_get(job, "malformed")) {
		free(u.st);
		return malformed_run(r, json_object_get(job, "malformed"));
	}
	CHECK(u.st);
	err = attack_stage_init(
		u.st, r, pe && !strcmp(pe, "frr") ? ATTACK_PE_FRR : ATTACK_PE_RAVELIN);
	if (err)
		lab_event(r, json_pack("{s:s, s:s, s:s, s:s}", "ev", "broken", "node", "lab",
				     "what", "the sight of every port", "output", strerror(-err)));
	else
		ok = run_all(&u, job);
	attack_stage_fini(u.st);
	free(u.st);
	free(u.rows);
	return ok;
}

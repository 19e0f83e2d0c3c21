/* One chosen row of the catalogue on its way through a run. */
#include "lab/attacks/row.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/pe.h"
#include "lab/attacks/reading.h"
#include "lab/daemon.h"
#include "lib/check.h"

#define COUNT_MS    500 /* for counters to show what was sent */
#define COUNT_POLL  10
#define LEGIT_MS    500
#define LEGIT_TRIES 8
#define WHOLE_MS    60000

static const char *const source_names[] = {[ATTACK_GUARD] = "guard",
	[ATTACK_PEER] = "peer",
	[ATTACK_KERNEL] = "kernel",
	[ATTACK_LOG] = "log"};
static const char *const moved_names[] = {[ATTACK_EXACTLY] = "exactly",
	[ATTACK_AT_LEAST] = "at-least",
	[ATTACK_SOME] = "some",
	[ATTACK_STILL] = "still"};

static bool row_skipped(struct attack_row *row, const struct attack_stage *st)
{
	const char *only = row->attack->only_pe;
	const char *pe = st->pe == ATTACK_PE_RAVELIN ? "ravelin" : "frr";

	if (only && strcmp(only, pe) != 0)
		row->trial.held.skip = "what it tries is not there with this PE";
	return row->trial.held.skip;
}

/* What is told is JSON: octets of a peer's choice may not break it. */
static void row_clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
			*text = '?';
}

static void row_launch(struct attack_row *row, struct attack_stage *st, bool control,
	struct attack_impact *out, struct attack_when *when, unsigned long long zero_ms)
{
	unsigned long long start = lab_now_ms();

	*out = (struct attack_impact){0};
	attack_stage_begin(st, row->attack, control);
	row->attack->launch(st, out);
	row_clean(out->observed);
	when->start_ms = start - zero_ms;
	when->ms = lab_now_ms() - start;
}

static void row_evidence(struct attack_row *row, struct attack_stage *st, const char *phase)
{
	attack_stage_end(st);
	row_clean(st->comment);
	attack_sights_tell(&st->sights, st->run, row->attack->id, phase, st->comment);
}

static void row_count(struct attack_row *row, struct attack_stage *st)
{
	const struct attack_impact *i = &row->trial.held;
	unsigned due = i->counted ? i->counted : i->sent;
	unsigned long long end = lab_now_ms() + COUNT_MS;

	row->trial.counters_known = st->pe == ATTACK_PE_RAVELIN;
	if (!row->trial.counters_known || row->attack->counter[0].source == ATTACK_NO_COUNTER)
		return;
	if (!i->error && !i->skip) {
		while (!attack_readings_done(st, row->attack, due) && lab_now_ms() < end)
			poll(NULL, 0, COUNT_POLL);
	}
	attack_readings_take(st, row->attack, true);
	memcpy(row->trial.reading, st->reading, sizeof row->trial.reading);
}

/* Where a frame came in that went in elsewhere: whatever the row looks at, that is a leak. */
static void row_spread(struct attack_row *row, struct attack_stage *st)
{
	const char *port = row->attack->mixed ? NULL : attack_stage_spread(st);
	const char *blind = attack_sights_blind(&st->sights);

	snprintf(row->trial.spread, sizeof row->trial.spread, "%s", port ? port : "");
	snprintf(row->trial.blind, sizeof row->trial.blind, "%s", blind ? blind : "");
}

/* So that what follows is not judged by what this one broke. */
static void row_revive(struct attack_stage *st)
{
	char err[ATTACK_TEXT_MAX] = "";

	lab_daemon_logs(st->run, st->pe_node);
	if (st->pe != ATTACK_PE_RAVELIN || !attack_pe_off(st, ATTACK_OFF_NONE, err, sizeof err) ||
		!attack_pe_whole(st, WHOLE_MS))
		lab_note(st->run, "the PE did not come back: %s", err);
}

/* Customer A's sites reach each other. */
static bool row_default_legit(struct attack_stage *st, char *what, size_t cap)
{
	snprintf(what, cap, "172.16.1.1 > 172.16.2.1 from ce-a1 is answered");
	for (unsigned i = 0; i < LEGIT_TRIES; i++)
		if (attack_ping(st, "ce-a1", "172.16.1.1", "172.16.2.1", LEGIT_MS))
			return true;
	return false;
}

void attack_row_hold(struct attack_row *row, struct attack_stage *st, unsigned long long zero_ms)
{
	attack_legit_fn *legit = row->attack->legit ? row->attack->legit : row_default_legit;
	struct attack_trial *t = &row->trial;
	unsigned deaths;

	t->attack = row->attack;
	if (row_skipped(row, st))
		return;
	deaths = attack_pe_deaths(st);
	row_launch(row, st, false, &t->held, &row->held, zero_ms);
	row_count(row, st);
	row_evidence(row, st, "protected");
	row_spread(row, st);
	t->died = !row->attack->kills && attack_pe_deaths(st) > deaths;
	if (t->died) {
		row_revive(st);
		return;
	}
	if (row->attack->disrupts && !attack_pe_whole(st, WHOLE_MS)) {
		snprintf(t->legit_what, sizeof t->legit_what,
			"the network was not whole again within %d s", WHOLE_MS / 1000);
		return;
	}
	t->legit = legit(st, t->legit_what, sizeof t->legit_what);
	row_clean(t->legit_what);
}

void attack_row_control(struct attack_row *row, struct attack_stage *st, unsigned long long zero_ms)
{
	row->trial.controlled = true;
	row_launch(row, st, true, &row->trial.control, &row->control, zero_ms);
	row_evidence(row, st, "control");
}

bool attack_row_decided(struct attack_row *row, const struct attack_stage *st)
{
	struct attack_trial as_if = row->trial;

	as_if.controlled = true;
	as_if.control = (struct attack_impact){.sent = 1, .hit = 1};
	return attack_judge(&as_if, row->why, sizeof row->why) != ATTACK_HELD ||
	       row->attack->off == ATTACK_OFF_NONE || !attack_pe_can(st, row->attack->off);
}

static json_t *row_counters(const struct attack_row *row)
{
	const struct attack_impact *i = &row->trial.held;
	json_t *list = json_array();

	for (unsigned k = 0; k < ATTACK_COUNTERS_MAX && row->trial.counters_known; k++) {
		const struct attack_counter *c = &row->attack->counter[k];
		const struct attack_reading *r = &row->trial.reading[k];

		if (c->source == ATTACK_NO_COUNTER)
			break;
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b}", "source",
				      source_names[c->source], "at", c->at, "name", c->name,
				      "moved", moved_names[c->moved], "due",
				      (json_int_t)(i->counted ? i->counted : i->sent), "by",
				      (json_int_t)(r->after - r->before), "before",
				      (json_int_t)r->before, "after", (json_int_t)r->after, "ok",
				      attack_counter_right(c, i, r)));
	}
	return list;
}

static json_t *row_impact(const struct attack_impact *i, const struct attack_when *w)
{
	return json_pack("{s:I, s:I, s:i, s:i, s:s}", "start_ms", (json_int_t)w->start_ms, "ms",
		(json_int_t)w->ms, "sent", (int)i->sent, "hit", (int)i->hit, "observed",
		i->observed);
}

static json_t *row_control_json(const struct attack_row *row, const struct attack_stage *st)
{
	const struct attack_protection *p = attack_protection_find(row->attack->off);
	json_t *o = row_impact(&row->trial.control, &row->control);
	char how[512];

	attack_pe_how(st, row->attack->off, how, sizeof how);
	json_object_set_new(o, "off", json_string(p->name));
	json_object_set_new(o, "how", json_string(how));
	json_object_set_new(o, "ok", json_boolean(attack_impact_success(&row->trial.control)));
	return o;
}

void attack_row_tell(struct attack_row *row, struct attack_stage *st)
{
	const struct attack *a = row->attack;
	char group[16];
	json_t *e;

	if (row->told)
		return;
	row->told = true;
	row->verdict = attack_judge(&row->trial, row->why, sizeof row->why);
	snprintf(group, sizeof group, "%.*s", (int)strcspn(a->id, "-"), a->id);
	e = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:{s:s, s:b}}",
		"ev", "attack", "id", a->id, "group", group, "title", a->title, "clause", a->clause,
		"attacker", a->attacker, "target", a->target, "passes", a->passes, "verdict",
		attack_verdict_name(row->verdict), "why", row->why, "protected",
		row_impact(&row->trial.held, &row->held), "counters", row_counters(row), "legit",
		"what", row->trial.legit_what, "ok", row->trial.legit);
	CHECK(e);
	if (row->trial.controlled)
		json_object_set_new(e, "control", row_control_json(row, st));
	lab_event(st->run, e);
}

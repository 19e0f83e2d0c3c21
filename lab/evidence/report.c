/* What happened in a run of attacks, collected from the events of the inside. */
#include "lab/evidence/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config.h"
#include "lab/evidence/group.h"
#include "lib/base64.h"
#include "lib/check.h"

#define PACKETS_FIRST 256

static unsigned long long report_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* RFC 3339 5.6 */
static json_t *report_started(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char out[32];

	gmtime_r(&now, &tm);
	strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(out);
}

void evidence_report_init(struct evidence_report *r)
{
	*r = (struct evidence_report){.start_ms = report_now_ms(), .sights = json_object()};
	r->json = json_pack(
		"{s:s, s:{s:s, s:s}, s:{s:o}, s:{}, s:{s:[], s:[]}, s:[], s:{s:[], s:[]}, s:[]}",
		"schema", EVIDENCE_SCHEMA, "product", "name", "ravelin", "version", PACKAGE_VERSION,
		"run", "started", report_started(), "totals", "topology", "nodes", "links", "walk",
		"reachability", "sites", "cells", "attacks");
	CHECK(r->json && r->sights);
}

void evidence_report_fini(struct evidence_report *r)
{
	for (size_t i = 0; i < r->n_packets; i++) {
		free(r->packet[i].comment);
		free(r->packet[i].octets);
	}
	free(r->packet);
	json_decref(r->json);
	json_decref(r->sights);
	*r = (struct evidence_report){0};
}

const char *evidence_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

bool evidence_report_id(const char *id)
{
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n && n <= EVIDENCE_ID_MAX && !id[n];
}

void evidence_report_run(struct evidence_report *r, const char *key, json_t *value)
{
	CHECK(!json_object_set_new(json_object_get(r->json, "run"), key, value));
}

void evidence_report_topology(struct evidence_report *r, json_t *topology)
{
	CHECK(!json_object_set_new(r->json, "topology", topology));
}

/* The event without what made it one. */
static json_t *report_content(const json_t *event)
{
	json_t *copy = json_deep_copy(event);

	CHECK(copy);
	json_object_del(copy, "ev");
	json_object_del(copy, "t");
	return copy;
}

static bool on_attack(struct evidence_report *r, const json_t *e)
{
	json_t *rows = json_object_get(r->json, "attacks"), *row;
	const char *id = evidence_text(e, "id");
	size_t i;

	if (!evidence_report_id(id))
		return false;
	json_array_foreach(rows, i, row) if (!strcmp(evidence_text(row, "id"), id)) break;
	if (i < json_array_size(rows))
		return !json_array_set_new(rows, i, report_content(e));
	return !json_array_append_new(rows, report_content(e));
}

static bool on_walk(struct evidence_report *r, const json_t *e)
{
	return !json_array_append_new(json_object_get(r->json, "walk"), report_content(e));
}

static bool report_reach(struct evidence_report *r, const char *list, const json_t *e)
{
	json_t *reach = json_object_get(r->json, "reachability");

	return !json_array_append_new(json_object_get(reach, list), report_content(e));
}

static bool on_site(struct evidence_report *r, const json_t *e)
{
	return report_reach(r, "sites", e);
}

static bool on_reach(struct evidence_report *r, const json_t *e)
{
	return report_reach(r, "cells", e);
}

static bool on_run(struct evidence_report *r, const json_t *e)
{
	json_t *content = report_content(e);
	bool ok = !json_object_update(json_object_get(r->json, "run"), content);

	json_decref(content);
	return ok;
}

/* Something of the lab's own failed: the first is why the run is not whole. */
static bool on_broken(struct evidence_report *r, const json_t *e)
{
	json_t *run = json_object_get(r->json, "run");

	if (json_object_get(run, "broken"))
		return true;
	return !json_object_set_new(run, "broken",
		json_sprintf("%s: %s failed: %s", evidence_text(e, "node"),
			evidence_text(e, "what"), evidence_text(e, "output")));
}

static bool on_malformed(struct evidence_report *r, const json_t *e)
{
	json_t *all = json_object_get(r->json, "malformed"), *content = report_content(e);
	bool ok;

	if (!all) {
		all = json_pack("{s:[]}", "cases");
		CHECK(all && !json_object_set_new(r->json, "malformed", all));
	}
	if (json_object_get(e, "id"))
		return !json_array_append_new(json_object_get(all, "cases"), content);
	ok = !json_object_update(all, content);
	json_decref(content);
	return ok;
}

/* A launch that was told of to its end and now is again: what counts is the last one. */
static void report_again(struct evidence_report *r, const char *id, const char *phase)
{
	json_t *of = json_object_get(r->sights, id);
	bool control = !strcmp(phase, "control");
	size_t kept = 0;

	if (!json_object_get(of, phase))
		return;
	json_object_del(of, phase);
	for (size_t i = 0; i < r->n_packets; i++) {
		struct evidence_packet *p = &r->packet[i];

		if (p->control == control && !strcmp(p->attack, id)) {
			free(p->comment);
			free(p->octets);
		} else {
			r->packet[kept++] = *p;
		}
	}
	r->n_packets = kept;
}

static bool on_sights(struct evidence_report *r, const json_t *e)
{
	const char *id = evidence_text(e, "attack"), *phase = evidence_text(e, "phase");
	json_t *of;

	if (!evidence_report_id(id))
		return false;
	report_again(r, id, phase);
	of = json_object_get(r->sights, id);
	if (!of) {
		of = json_object();
		CHECK(of && !json_object_set_new(r->sights, id, of));
	}
	return !json_object_set_new(of, phase, report_content(e));
}

static struct evidence_packet *report_packet_new(struct evidence_report *r)
{
	if (r->n_packets == r->room) {
		r->room = r->room ? 2 * r->room : PACKETS_FIRST;
		r->packet = realloc(r->packet, r->room * sizeof *r->packet);
		CHECK(r->packet);
	}
	return &r->packet[r->n_packets];
}

static bool on_packet(struct evidence_report *r, const json_t *e)
{
	const char *id = evidence_text(e, "attack"), *comment = evidence_text(e, "comment");
	const json_t *quotes = json_object_get(e, "quotes"),
		     *stimulus = quotes ? quotes : json_object_get(e, "stimulus");
	uint8_t octets[EVIDENCE_OCTETS_MAX];
	long len = base64_parse(octets, sizeof octets, evidence_text(e, "octets"));
	json_int_t us = json_integer_value(json_object_get(e, "us")),
		   whole = json_integer_value(json_object_get(e, "whole"));
	struct evidence_packet *p;

	if (!evidence_report_id(id) || len < 0 || us < 0 || whole < len || whole > UINT32_MAX ||
		r->n_packets == EVIDENCE_PACKETS_MAX)
		return false;
	report_again(r, id, evidence_text(e, "phase"));
	p = report_packet_new(r);
	*p = (struct evidence_packet){.us = us,
		.len = len,
		.whole = whole,
		.in = json_is_true(json_object_get(e, "in")),
		.control = !strcmp(evidence_text(e, "phase"), "control"),
		.stimulus = json_is_integer(stimulus) ? (int)json_integer_value(stimulus) : -1,
		.quotes = quotes,
		.comment = *comment ? strdup(comment) : NULL,
		.octets = malloc(len ? len : 1)};
	CHECK(p->octets);
	memcpy(p->octets, octets, len);
	snprintf(p->attack, sizeof p->attack, "%s", id);
	snprintf(p->port, sizeof p->port, "%s", evidence_text(e, "port"));
	r->n_packets++;
	return true;
}

bool evidence_report_event(struct evidence_report *r, const json_t *event)
{
	static const struct {
		const char *ev;
		bool (*on)(struct evidence_report *r, const json_t *e); /* false: makes no sense */
	} rows[] = {{"attack", on_attack}, {"packet", on_packet}, {"sights", on_sights},
		{"walk", on_walk}, {"site", on_site}, {"reach", on_reach}, {"run", on_run},
		{"malformed", on_malformed}, {"broken", on_broken}};
	const char *ev = evidence_text(event, "ev");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(ev, rows[i].ev) != 0)
			continue;
		r->refused += !rows[i].on(r, event);
		return true;
	}
	return false;
}

void evidence_report_end(struct evidence_report *r)
{
	static const char *const verdicts[] = {"held", "fell", "invalid", "skipped", "not_yet"};
	json_t *totals = json_object_get(r->json, "totals"), *run = json_object_get(r->json, "run");
	const json_t *row;
	size_t i;

	evidence_group_sort(json_object_get(r->json, "attacks"));
	for (size_t v = 0; v < ARRAY_LEN(verdicts); v++) {
		unsigned n = 0;

		json_array_foreach(json_object_get(r->json, "attacks"), i, row) n +=
			!strcmp(evidence_text(row, "verdict"), verdicts[v]);
		json_object_set_new(totals, verdicts[v], json_integer(n));
	}
	if (r->refused)
		json_object_set_new(run, "refused", json_integer(r->refused));
	if (!json_object_get(run, "seconds"))
		json_object_set_new(
			run, "seconds", json_real((report_now_ms() - r->start_ms) / 1000.0));
}

/* What the attacks of a run came to. */
#include "lab/tally.h"

#include <stdlib.h>
#include <string.h>

#include "lab/attacks/malformed.h"
#include "lab/proc.h"
#include "lib/check.h"

static const char *const verdict_names[LAB_TALLY_VERDICTS] = {
	"held", "fell", "invalid", "skipped", "not_yet"};

void lab_tally_init(struct lab_tally *t, struct lab_report *report)
{
	*t = (struct lab_tally){.report = report};
	evidence_report_init(&t->evidence);
}

void lab_tally_fini(struct lab_tally *t)
{
	evidence_report_fini(&t->evidence);
	json_decref(t->malformed);
}

static enum lab_tally_verdict tally_verdict(const json_t *e)
{
	unsigned v = 0;

	while (v < LAB_TALLY_NOT_YET && strcmp(verdict_names[v], evidence_text(e, "verdict")) != 0)
		v++;
	return v;
}

static void on_attack(struct lab_tally *t, const json_t *e)
{
	enum lab_tally_verdict v = tally_verdict(e);

	t->n[v]++;
	if (v != LAB_TALLY_NOT_YET)
		lab_report_attack(t->report, verdict_names[v], evidence_text(e, "id"),
			evidence_text(e, "title"), evidence_text(e, "why"));
}

static void on_trying(struct lab_tally *t, const json_t *e)
{
	const char *off = json_string_value(json_object_get(e, "off"));

	lab_report_trying(t->report, evidence_text(e, "id"), evidence_text(e, "title"),
		json_integer_value(json_object_get(e, "n")),
		json_integer_value(json_object_get(e, "of")), off);
}

static void on_run(struct lab_tally *t, const json_t *e)
{
	if (json_object_get(e, "kernel"))
		lab_report_say(t->report, "%s; Linux %s", evidence_text(e, "pe_version"),
			evidence_text(e, "kernel"));
}

static void on_reach(struct lab_tally *t, const json_t *e)
{
	bool expected = json_is_true(json_object_get(e, "expected"));

	if (expected != json_is_true(json_object_get(e, "reached")))
		lab_report_say(t->report, "%s to %s: %s, must %sarrive", evidence_text(e, "from"),
			evidence_text(e, "to"), evidence_text(e, "observed"),
			expected ? "" : "not ");
}

static void on_malformed(struct lab_tally *t, const json_t *e)
{
	t->malformed = t->malformed ? t->malformed : json_object();
	lab_report_pass(t->report);
	malformed_tell(t->malformed, e, t->report->out);
}

void lab_tally_event(struct lab_tally *t, const json_t *event)
{
	static const struct {
		const char *ev;
		void (*on)(struct lab_tally *t, const json_t *e);
	} rows[] = {{"attack", on_attack}, {"trying", on_trying}, {"run", on_run},
		{"reach", on_reach}, {"malformed", on_malformed}};
	const char *ev = evidence_text(event, "ev");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!strcmp(ev, rows[i].ev))
			rows[i].on(t, event);
	evidence_report_event(&t->evidence, event);
}

unsigned lab_tally_cases(const struct lab_tally *t)
{
	return json_array_size(json_object_get(t->malformed, "cases"));
}

static void tally_list(struct lab_tally *t, enum lab_tally_verdict v)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(t->evidence.json, "attacks"), i,
		row) if (tally_verdict(row) == v) lab_report_attack(t->report, verdict_names[v],
		evidence_text(row, "id"), evidence_text(row, "title"), evidence_text(row, "why"));
}

void lab_tally_end(struct lab_tally *t)
{
	double s = (lab_now_ms() - t->report->start_ms) / 1000.0;

	if (t->n[LAB_TALLY_FELL] || t->n[LAB_TALLY_INVALID])
		lab_report_say(t->report, "what did not hold:");
	tally_list(t, LAB_TALLY_FELL);
	tally_list(t, LAB_TALLY_INVALID);
	lab_report_say(t->report, "%u held, %u fell, %u invalid, %u skipped, %u not yet; %.1f s",
		t->n[LAB_TALLY_HELD], t->n[LAB_TALLY_FELL], t->n[LAB_TALLY_INVALID],
		t->n[LAB_TALLY_SKIPPED], t->n[LAB_TALLY_NOT_YET], s);
}

static bool tally_under_test(const struct lab_topo *topo, unsigned node)
{
	return !strcmp(topo->nodes[node].name, "pe1");
}

static json_t *tally_nodes(const struct lab_topo *topo)
{
	static const char *const roles[] = {
		[LAB_ROLE_PE] = "pe", [LAB_ROLE_P] = "p", [LAB_ROLE_CE] = "ce"};
	json_t *list = json_array();

	for (unsigned i = 0; i < topo->n_nodes; i++) {
		const struct lab_node *n = &topo->nodes[i];
		json_t *daemons = json_array();

		if (n->config)
			json_array_append_new(daemons, json_string("ravelind"));
		for (unsigned k = 0; k < n->n_daemons; k++)
			json_array_append_new(daemons, json_string(n->daemons[k]));
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:b}", "name", n->name, "role", roles[n->role],
				"daemons", daemons, "under_test", tally_under_test(topo, i)));
	}
	return list;
}

static json_t *tally_links(const struct lab_topo *topo)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < topo->n_links; i++) {
		const struct lab_link *l = &topo->links[i];
		char a[40], b[40];

		snprintf(a, sizeof a, "%s:%s", topo->nodes[l->end[0].node].name, l->end[0].port);
		snprintf(b, sizeof b, "%s:%s", topo->nodes[l->end[1].node].name, l->end[1].port);
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s*}", "a", a, "b", b, "role",
				      l->role == LAB_LINK_CORE ? "core" : "access", "vrf", l->vrf));
	}
	return list;
}

void lab_tally_lab(
	struct lab_tally *t, const struct lab_topo *topo, const char *backend, const char *broken)
{
	struct evidence_report *e = &t->evidence;

	if (broken) {
		lab_report_say(t->report, "%s", broken);
		evidence_report_run(e, "broken", json_string(broken));
	}
	if (t->placed)
		return;
	t->placed = true;
	evidence_report_run(e, "backend", json_string(backend));
	evidence_report_run(e, "topology", json_string(topo->name));
	evidence_report_topology(
		e, json_pack("{s:o, s:o}", "nodes", tally_nodes(topo), "links", tally_links(topo)));
}

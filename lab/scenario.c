/* Reads a scenario against its topology; unknown nodes, ports and keys are errors where they stand. */
#include "lab/scenario.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/prefix.h"
#include "lib/text.h"

#define DEADLINE_DEFAULT_S 30
#define DEADLINE_MAX_S	   600
#define COUNT_DEFAULT	   3
#define COUNT_MAX	   100
#define LABELS_MAX	   8
#define PACKETS_MAX	   1000000

/* The one thing handed down while reading. */
struct reader {
	struct lab_scenario *s;
	struct lab_doc *d;
	const struct lab_topo *t;
};

static const char *const cond_keys[] = {[LAB_COND_SESSION] = "session",
	[LAB_COND_KERNEL_ROUTE] = "kernel-route",
	[LAB_COND_KERNEL_LABEL] = "kernel-label",
	[LAB_COND_VPN_ROUTE] = "vpn-route",
	[LAB_COND_COUNTER] = "counter",
	[LAB_COND_UNSIGNED] = "drops-unsigned",
	[LAB_COND_GUARD] = "guard",
	[LAB_COND_COMMAND] = "command"};
static const char *const show_names[] = {[LAB_SHOW_SESSIONS] = "sessions",
	[LAB_SHOW_VPN_ROUTES] = "vpn-routes",
	[LAB_SHOW_VRF_TABLES] = "vrf-tables",
	[LAB_SHOW_MPLS_TABLE] = "mpls-table"};

static void *scenario_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	CHECK(p);
	return p;
}

static unsigned read_node(struct reader *r, struct fy_node *map, const char *key)
{
	const char *name = lab_doc_field(r->d, map, key, true);
	int node = name ? lab_topo_find(r->t, name) : 0;

	if (node < 0)
		lab_doc_error(r->d, lab_doc_get(map, key),
			"there is no node \"%s\" in the topology", name);
	return node < 0 ? 0 : node;
}

static void read_end_text(
	struct reader *r, struct fy_node *at, const char *text, struct lab_end *out)
{
	if (text && !lab_topo_end(r->t, text, out))
		lab_doc_error(r->d, at, "there is no port \"%s\" in the topology", text);
}

static void read_end(struct reader *r, struct fy_node *map, const char *key, struct lab_end *out)
{
	read_end_text(r, lab_doc_get(map, key), lab_doc_field(r->d, map, key, true), out);
}

static void read_cond_value(struct reader *r, struct fy_node *map, struct lab_cond *c)
{
	struct ip_prefix prefix;
	bool is_prefix = c->kind == LAB_COND_KERNEL_ROUTE || c->kind == LAB_COND_VPN_ROUTE;

	c->subject = lab_doc_field(r->d, map, cond_keys[c->kind], true);
	if (c->subject && is_prefix &&
		(!ip_prefix_parse(c->subject, &prefix, NULL) || prefix.addr.af != IP_V4))
		lab_doc_error(r->d, lab_doc_get(map, cond_keys[c->kind]), "\"%s\" is not a prefix",
			c->subject);
}

/* A state, or how many packets for a reason. */
static void read_cond_guard(struct reader *r, struct fy_node *map, struct lab_cond *c)
{
	bool least = lab_doc_get(map, "at-least") != NULL;

	c->reason = lab_doc_field(r->d, map, "reason", false);
	c->exactly = lab_doc_get(map, "exactly") != NULL;
	c->number = lab_doc_number(
		r->d, map, c->exactly ? "exactly" : "at-least", PACKETS_MAX, least ? 0 : 1);
	if (c->kind == LAB_COND_GUARD && c->reason && c->exactly == least)
		lab_doc_error(r->d, map, "a guard's reason has a number: exactly or at-least");
}

static void read_cond(struct reader *r, struct fy_node *map, struct lab_cond *c)
{
	static const char *const keys[] = {"node", "session", "kernel-route", "kernel-label",
		"vpn-route", "counter", "of", "drops-unsigned", "vrf", "state", "rd",
		"route-targets", "labels", "absent", "guard", "reason", "exactly", "at-least",
		"hint", "command", "says"};
	int kinds = 0;

	if (!lab_doc_keys(r->d, map, "a condition", keys, ARRAY_LEN(keys)))
		return;
	for (unsigned k = 0; k < ARRAY_LEN(cond_keys); k++) {
		if (!lab_doc_get(map, cond_keys[k]))
			continue;
		c->kind = k;
		kinds++;
	}
	if (kinds != 1) {
		lab_doc_error(r->d, map,
			"a condition has one of session, kernel-route, kernel-label, vpn-route, "
			"counter, "
			"drops-unsigned, guard, command");
		return;
	}
	c->node = read_node(r, map, "node");
	read_cond_value(r, map, c);
	c->vrf = lab_doc_field(r->d, map, "vrf", false);
	c->state = lab_doc_field(r->d, map, "state", false);
	c->rd = lab_doc_field(r->d, map, "rd", false);
	c->hint = lab_doc_field(r->d, map, "hint", false);
	c->says = lab_doc_field(r->d, map, "says", c->kind == LAB_COND_COMMAND);
	c->of = lab_doc_field(r->d, map, "of", c->kind == LAB_COND_COUNTER);
	c->route_targets = lab_doc_field(r->d, map, "route-targets", false);
	c->labels = lab_doc_get(map, "labels")
			    ? (int)lab_doc_number(r->d, map, "labels", LABELS_MAX, 0)
			    : -1;
	c->absent = lab_doc_flag(r->d, map, "absent");
	read_cond_guard(r, map, c);
}

static struct lab_conds read_conds(
	struct reader *r, struct fy_node *map, const char *key, bool needed)
{
	struct fy_node *seq = lab_doc_list(r->d, map, key);
	struct lab_conds out = {.n = lab_doc_count(seq)};

	if (needed && !lab_doc_get(map, key))
		lab_doc_error(r->d, map, "\"%s\" must list at least one condition", key);
	out.c = scenario_alloc(out.n, sizeof *out.c);
	for (unsigned i = 0; i < out.n; i++)
		read_cond(r, lab_doc_item(seq, i), &out.c[i]);
	return out;
}

static struct lab_commands read_commands(
	struct reader *r, struct fy_node *map, const char *key, bool needed)
{
	struct fy_node *seq = lab_doc_list(r->d, map, key);
	struct lab_commands out = {.n = lab_doc_count(seq)};

	if (needed && !lab_doc_get(map, key))
		lab_doc_error(r->d, map, "\"%s\" must list at least one command", key);
	out.line = scenario_alloc(out.n, sizeof *out.line);
	for (unsigned i = 0; i < out.n; i++)
		out.line[i] = lab_doc_text(r->d, lab_doc_item(seq, i), "a command");
	return out;
}

static void read_address(struct reader *r, struct fy_node *map, const char *key, const char **out)
{
	struct ip_addr addr;

	*out = lab_doc_field(r->d, map, key, true);
	if (*out && (!ip_addr_parse(*out, &addr) || addr.af != IP_V4))
		lab_doc_error(r->d, lab_doc_get(map, key), "\"%s\" is not an IPv4 address", *out);
}

static void read_wait(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	s->until = read_conds(r, map, "until", true);
}

static void read_expect(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	s->until = read_conds(r, map, "that", true);
}

static void read_show(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	const char *what = lab_doc_field(r->d, map, "what", true);

	for (unsigned i = 0; what && i < LAB_SHOW_N; i++) {
		if (!strcmp(what, show_names[i])) {
			s->show = i;
			return;
		}
	}
	if (what)
		lab_doc_error(r->d, lab_doc_get(map, "what"),
			"what is sessions, vpn-routes, vrf-tables or mpls-table, not \"%s\"", what);
}

static void read_do(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	s->from = read_node(r, map, "node");
	s->launch = read_commands(r, map, "run", true);
}

static void read_probe(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	s->from = read_node(r, map, "from");
	read_address(r, map, "source", &s->source);
	read_address(r, map, "to", &s->to);
}

static void read_ping(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	struct fy_node *silent = lab_doc_list(r->d, map, "silent");

	read_probe(r, map, s);
	s->unanswered = lab_doc_flag(r->d, map, "unanswered");
	if (lab_doc_get(map, "unanswered") && !s->unanswered)
		lab_doc_error(
			r->d, lab_doc_get(map, "unanswered"), "unanswered is true or not there");
	if (lab_doc_count(silent) > LAB_SILENT_MAX)
		lab_doc_error(r->d, silent, "at most %d ports can be silent", LAB_SILENT_MAX);
	s->answered = lab_doc_get(map, "answered-by");
	if (s->answered)
		read_end(r, map, "answered-by", &s->answered_by);
	if (s->answered == s->unanswered)
		lab_doc_error(r->d, map, "a ping is answered-by a port or unanswered: true");
	for (int i = 0; i < lab_doc_count(silent) && i < LAB_SILENT_MAX; i++, s->n_silent++)
		read_end_text(r, silent, lab_doc_text(r->d, lab_doc_item(silent, i), "a port"),
			&s->silent[i]);
	if (s->unanswered && !s->n_silent)
		lab_doc_error(r->d, map,
			"an unanswered ping names the ports that must be silent: "
			"no answer alone proves nothing");
}

static void read_capture(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	read_probe(r, map, s);
	read_end(r, map, "at", &s->at);
	if (!lab_doc_get(map, "labels"))
		lab_doc_error(r->d, map, "\"labels\" is missing here");
	s->labels = lab_doc_number(r->d, map, "labels", LABELS_MAX, 0);
	s->inner_given = lab_doc_get(map, "inner-label-of");
	if (s->inner_given) {
		s->inner = read_node(r, map, "inner-label-of");
		s->vrf = lab_doc_field(r->d, map, "vrf", true);
	}
}

static void read_failover(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	read_probe(r, map, s);
	s->at_node = read_node(r, map, "node");
	s->launch = read_commands(r, map, "run", true);
	if (!lab_doc_get(map, "lost-at-most"))
		lab_doc_error(r->d, map, "\"lost-at-most\" is missing here");
	s->lost_max = lab_doc_number(r->d, map, "lost-at-most", PACKETS_MAX, 0);
}

static void read_control(
	struct reader *r, struct fy_node *map, const struct lab_step *s, struct lab_control *c)
{
	static const char *const keys[] = {
		"node", "config", "launch", "undo", "until", "recovered"};

	if (!lab_doc_keys(r->d, map, "a control", keys, ARRAY_LEN(keys)))
		return;
	c->node = read_node(r, map, "node");
	c->until = read_conds(r, map, "until", true);
	c->config = lab_doc_field(r->d, map, "config", s->attack == LAB_ATTACK_LABEL);
	if ((c->config || s->n_shots) && !r->t->nodes[c->node].config)
		lab_doc_error(r->d, map, "the control's node runs no ravelind");
	if (s->n_shots)
		return;
	c->launch = read_commands(r, map, "launch", !c->config);
	c->undo = read_commands(r, map, "undo", !c->config);
	c->recovered = read_conds(r, map, "recovered", c->config);
}

/* One control, or a list of them. */
static void read_controls(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	struct fy_node *node = lab_doc_get(map, "control");
	int n = node && fy_node_is_sequence(node) ? lab_doc_count(node) : !!node;
	int max = s->n_shots ? 1 : LAB_CONTROLS_MAX;

	if (n < 1 || n > max) {
		lab_doc_error(r->d, map,
			n ? "too many controls: at most %d here"
			  : "an attack needs a control: the same where it must succeed",
			max);
		return;
	}
	for (; s->n_controls < (unsigned)n; s->n_controls++)
		read_control(r,
			fy_node_is_sequence(node) ? lab_doc_item(node, s->n_controls) : node, s,
			&s->control[s->n_controls]);
}

/* kind label: the one shot stands in the step itself, and its protection in the control. */
static void read_label(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	struct lab_shot *shot = &s->shot[0];

	s->attack = LAB_ATTACK_LABEL;
	read_end(r, map, "out-of", &s->out);
	read_end(r, map, "into", &s->into);
	s->n_shots = 1;
	*shot = (struct lab_shot){.name = "labelled", .reason = "mpls_not_enabled"};
	read_end(r, map, "victim", &shot->victim);
	read_address(r, map, "to", &shot->to);
	shot->vrf = lab_doc_field(r->d, map, "vrf", true);
}

static void read_shot(struct reader *r, struct fy_node *map, struct lab_shot *shot)
{
	static const char *const keys[] = {
		"name", "source", "to", "label-of", "tags", "syn", "victim", "reason", "control"};

	if (!lab_doc_keys(r->d, map, "a packet", keys, ARRAY_LEN(keys)))
		return;
	shot->name = lab_doc_field(r->d, map, "name", true);
	if (lab_doc_get(map, "source"))
		read_address(r, map, "source", &shot->source);
	read_address(r, map, "to", &shot->to);
	shot->vrf = lab_doc_field(r->d, map, "label-of", false);
	shot->tags = lab_doc_number(r->d, map, "tags", LABELS_MAX, 0);
	shot->syn = lab_doc_flag(r->d, map, "syn");
	read_end(r, map, "victim", &shot->victim);
	shot->reason = lab_doc_field(r->d, map, "reason", true);
	shot->config = lab_doc_field(r->d, map, "control", true);
}

static void read_packets(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	struct fy_node *seq = lab_doc_get(map, "packets");
	int n = lab_doc_count(seq);

	s->attack = LAB_ATTACK_PACKETS;
	read_probe(r, map, s);
	read_end(r, map, "out-of", &s->out);
	read_end(r, map, "into", &s->into);
	if (n < 1 || n > LAB_SHOTS_MAX)
		lab_doc_error(r->d, map, "\"packets\" lists 1 to %d of them", LAB_SHOTS_MAX);
	for (; s->n_shots < (unsigned)n && s->n_shots < LAB_SHOTS_MAX; s->n_shots++)
		read_shot(r, lab_doc_item(seq, (int)s->n_shots), &s->shot[s->n_shots]);
}

static void read_route_target(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	s->attack = LAB_ATTACK_ROUTE_TARGET;
	s->from = read_node(r, map, "from");
	s->launch = read_commands(r, map, "launch", true);
	s->undo = read_commands(r, map, "undo", true);
	s->until = read_conds(r, map, "until", true);
	s->then = read_conds(r, map, "expect", true);
}

static void read_attack(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	static const struct {
		const char *name;
		void (*read)(struct reader *r, struct fy_node *map, struct lab_step *s);
	} kinds[] = {{"label", read_label}, {"packets", read_packets},
		{"route-target", read_route_target}};
	const char *kind = lab_doc_field(r->d, map, "kind", true);
	unsigned k = 0;

	while (kind && k < ARRAY_LEN(kinds) && strcmp(kind, kinds[k].name) != 0)
		k++;
	if (kind && k < ARRAY_LEN(kinds))
		kinds[k].read(r, map, s);
	else if (kind)
		lab_doc_error(r->d, lab_doc_get(map, "kind"),
			"an attack's kind is label, packets or route-target");
	read_controls(r, map, s);
	if (s->attack == LAB_ATTACK_LABEL)
		s->shot[0].config = s->control[0].config;
}

/* One row per kind of step: its key, what else may stand there, who reads it. */
static const struct step_row {
	const char *key;
	const char *keys[18];
	void (*read)(struct reader *r, struct fy_node *map, struct lab_step *s);
} step_rows[] = {
	[LAB_STEP_WAIT] = {"wait", {"wait", "deadline", "until", "hint"}, read_wait},
	[LAB_STEP_EXPECT] = {"expect", {"expect", "deadline", "that", "hint"}, read_expect},
	[LAB_STEP_DO] = {"do", {"do", "node", "run"}, read_do},
	[LAB_STEP_SHOW] = {"show", {"show", "what"}, read_show},
	[LAB_STEP_PING] = {"ping",
		{"ping", "deadline", "from", "source", "to", "count", "answered-by", "silent",
			"unanswered", "hint"},
		read_ping},
	[LAB_STEP_CAPTURE] = {"capture",
		{"capture", "deadline", "from", "source", "to", "count", "at", "labels",
			"inner-label-of", "vrf", "hint"},
		read_capture},
	[LAB_STEP_FAILOVER] = {"failover",
		{"failover", "deadline", "from", "source", "to", "node", "run", "lost-at-most",
			"hint"},
		read_failover},
	[LAB_STEP_ATTACK] = {"attack",
		{"attack", "deadline", "kind", "from", "source", "out-of", "into", "victim", "to",
			"vrf", "count", "packets", "launch", "undo", "until", "expect", "control"},
		read_attack},
};

static void read_step(struct reader *r, struct fy_node *map, struct lab_step *s)
{
	size_t n = 0;

	for (unsigned k = 0; k < ARRAY_LEN(step_rows); k++) {
		const struct step_row *row = &step_rows[k];

		/* "expect" is also what an attack's outcome is called */
		if (!lab_doc_get(map, row->key) ||
			(k == LAB_STEP_EXPECT && lab_doc_get(map, "attack")))
			continue;
		while (n < ARRAY_LEN(row->keys) && row->keys[n])
			n++;
		lab_doc_keys(r->d, map, "this step", row->keys, n);
		s->kind = k;
		s->title = lab_doc_field(r->d, map, row->key, true);
		s->deadline_s =
			lab_doc_number(r->d, map, "deadline", DEADLINE_MAX_S, DEADLINE_DEFAULT_S);
		s->hint = k == LAB_STEP_ATTACK ? NULL : lab_doc_field(r->d, map, "hint", false);
		s->count = lab_doc_number(r->d, map, "count", COUNT_MAX, COUNT_DEFAULT);
		row->read(r, map, s);
		return;
	}
	lab_doc_error(r->d, map,
		"a step begins with wait, expect, do, show, ping, capture, failover or attack");
}

bool lab_scenario_load(
	struct lab_scenario *s, const struct lab_topo *t, const char *file, FILE *diag)
{
	static const char *const keys[] = {"name", "steps"};
	struct reader r = {.s = s, .d = &s->doc, .t = t};
	struct fy_node *root, *steps;

	*s = (struct lab_scenario){0};
	if (!lab_doc_open(&s->doc, file, diag))
		return false;
	root = lab_doc_root(&s->doc);
	lab_doc_keys(r.d, root, "a scenario file", keys, ARRAY_LEN(keys));
	s->name = lab_doc_field(r.d, root, "name", true);
	steps = lab_doc_get(root, "steps");
	if (!lab_doc_count(steps))
		lab_doc_error(r.d, root, "\"steps\" must list at least one step");
	s->steps = scenario_alloc(lab_doc_count(steps), sizeof *s->steps);
	for (int i = 0; i < lab_doc_count(steps); i++)
		read_step(&r, lab_doc_item(steps, i), &s->steps[s->n_steps++]);
	return !s->doc.errors;
}

static void scenario_free_control(struct lab_control *c)
{
	free(c->until.c);
	free(c->recovered.c);
	free(c->launch.line);
	free(c->undo.line);
}

void lab_scenario_fini(struct lab_scenario *s)
{
	for (unsigned i = 0; i < s->n_steps; i++) {
		struct lab_step *step = &s->steps[i];

		free(step->until.c);
		free(step->then.c);
		free(step->launch.line);
		free(step->undo.line);
		for (unsigned k = 0; k < step->n_controls; k++)
			scenario_free_control(&step->control[k]);
	}
	free(s->steps);
	lab_doc_close(&s->doc);
	*s = (struct lab_scenario){0};
}

void lab_cond_print(const struct lab_cond *c, const struct lab_topo *t, char *out, size_t cap)
{
	struct text x = text_of(out, cap);

	if (c->kind == LAB_COND_COMMAND) {
		text_add(&x, "%s: %s %s \"%s\"", t->nodes[c->node].name, c->subject,
			c->absent ? "does not say" : "says", c->says);
		return;
	}
	text_add(&x, "%s: %s%s %s", t->nodes[c->node].name, c->absent ? "no " : "",
		cond_keys[c->kind], c->subject);
	if (c->rd)
		text_add(&x, " rd %s", c->rd);
	if (c->of)
		text_add(&x, " of %s has moved", c->of);
	if (c->vrf)
		text_add(&x, " in %s", c->vrf);
	if (c->labels >= 0)
		text_add(&x, " with %d label%s", c->labels, c->labels == 1 ? "" : "s");
	if (c->route_targets)
		text_add(&x, " with exactly %s", c->route_targets);
	if (c->reason)
		text_add(&x, ": %s%s %u", c->reason, c->exactly ? "" : " at least", c->number);
	else if (c->kind == LAB_COND_GUARD)
		text_add(&x, " %s", c->state ? c->state : "open");
	if (c->kind == LAB_COND_SESSION)
		text_add(&x, " %s", c->state ? c->state : "Established");
}

#include "cli/trial.h"

#include <string.h>

#include "bgpd/policy/reject.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "cli/table.h"
#include "lib/check.h"

#define TRIAL_TEXT_MAX 4096

typedef void trial_attr_fn(const struct wire_attrs *a, char *out);

static void attr_local_pref(const struct wire_attrs *a, char *out)
{
	if (wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF))
		snprintf(out, TRIAL_TEXT_MAX, "%u", a->local_pref);
}

static void attr_med(const struct wire_attrs *a, char *out)
{
	if (wire_attrs_has(a, WIRE_ATTR_MED))
		snprintf(out, TRIAL_TEXT_MAX, "%u", a->med);
}

static void attr_as_path(const struct wire_attrs *a, char *out)
{
	wire_aspath_print(a->as_path, out, TRIAL_TEXT_MAX);
}

static void attr_next_hop(const struct wire_attrs *a, char *out)
{
	ip_addr_print(&a->next_hop, out);
}

static void attr_communities(const struct wire_attrs *a, char *out)
{
	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		wire_comm_print(a->communities, out, TRIAL_TEXT_MAX);
}

static void attr_large(const struct wire_attrs *a, char *out)
{
	if (wire_attrs_has(a, WIRE_ATTR_LARGE_COMMUNITIES))
		wire_large_print(a->large_communities, out, TRIAL_TEXT_MAX);
}

static void attr_extended(const struct wire_attrs *a, char *out)
{
	if (wire_attrs_has(a, WIRE_ATTR_EXT_COMMUNITIES))
		wire_extcomm_print(a->ext_communities, out, TRIAL_TEXT_MAX);
}

static const struct {
	const char *name;
	trial_attr_fn *print;
} trial_attrs[] = {
	{"local-pref", attr_local_pref},
	{"med", attr_med},
	{"as-path", attr_as_path},
	{"next-hop", attr_next_hop},
	{"communities", attr_communities},
	{"large communities", attr_large},
	{"extended communities", attr_extended},
};

/* While a chain runs: edits of a rule are seen when the next one is looked at, or the program ends. */
struct trial_run {
	struct cli_trial *trial;
	const struct wire_attrs *now;
	struct wire_attrs before;
	json_t *rules, *last; /* of this program; last: of the rule that matched; borrowed */
};

static void run_note_changes(struct trial_run *run)
{
	char from[TRIAL_TEXT_MAX], to[TRIAL_TEXT_MAX];

	for (size_t i = 0; run->last && i < ARRAY_LEN(trial_attrs); i++) {
		from[0] = to[0] = '\0';
		trial_attrs[i].print(&run->before, from);
		trial_attrs[i].print(run->now, to);
		if (strcmp(from, to) != 0)
			json_array_append_new(json_object_get(run->last, "changed"),
				json_pack("{s:s, s:s, s:s}", "what", trial_attrs[i].name, "from",
					from[0] ? from : "none", "to", to[0] ? to : "none"));
	}
	run->last = NULL;
	run->before = *run->now;
}

static void run_trace(void *arg, const struct pol_rule *rule, bool matched, unsigned term)
{
	static const char *const actions[] = {[POL_NEXT_RULE] = "next",
		[POL_ACCEPT_ROUTE] = "accept",
		[POL_REJECT_ROUTE] = "reject"};
	struct trial_run *run = arg;
	char text[256] = "";

	run_note_changes(run);
	if (!matched)
		pol_term_print(&rule->terms[term], text, sizeof(text));
	json_t *o = json_pack("{s:s, s:b, s:s, s:o, s:[]}", "name", rule->name, "matched", matched,
		"action", actions[rule->action], "fails", matched ? json_null() : json_string(text),
		"changed");
	json_array_append_new(run->rules, o);
	run->last = matched ? o : NULL;
}

static void run_judged(void *arg, const struct pol_program *p, const struct pol_outcome *outcome)
{
	struct trial_run *run = arg;
	struct cli_trial *t = run->trial;

	run_note_changes(run);
	t->program = p;
	t->outcome = *outcome;
	json_array_append_new(
		t->policies, json_pack("{s:s, s:o, s:s, s:b}", "name", p->name, "rules", run->rules,
				     "by", cli_trial_rule(t), "accept", outcome->accept));
	run->rules = json_array();
}

void cli_trial_run(struct cli_trial *t, const struct pol_chain *chain, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	struct trial_run run = {.trial = t, .now = a, .before = *a, .rules = json_array()};

	*t = (struct cli_trial){.policies = json_array(), .outcome.accept = true};
	(void)pol_chain_trace(chain, s, a, arena, run_trace, run_judged, &run);
	json_decref(run.rules);
}

void cli_trial_fini(struct cli_trial *t)
{
	json_decref(t->policies);
}

const char *cli_trial_rule(const struct cli_trial *t)
{
	return t->program && t->outcome.rule < t->program->n_rules
		       ? t->program->rules[t->outcome.rule].name
		       : "default";
}

static void rule_print(const json_t *rule, FILE *out)
{
	const json_t *change;
	size_t i;

	if (cli_true(rule, "matched"))
		fprintf(out, "    %-20s matches: %s\n", cli_string(rule, "name"),
			cli_string(rule, "action"));
	else
		fprintf(out, "    %-20s no: %s does not hold\n", cli_string(rule, "name"),
			cli_string(rule, "fails"));
	json_array_foreach(json_object_get(rule, "changed"), i, change)
		fprintf(out, "    %-20s   %s: %s, was %s\n", "", cli_string(change, "what"),
			cli_string(change, "to"), cli_string(change, "from"));
}

void cli_trial_print(const struct cli_trial *t, FILE *out)
{
	const json_t *policy, *rule;
	size_t i, k;

	json_array_foreach(t->policies, i, policy)
	{
		fprintf(out, "policy %s\n", cli_string(policy, "name"));
		json_array_foreach(json_object_get(policy, "rules"), k, rule) rule_print(rule, out);
		if (strcmp(cli_string(policy, "by"), "default") == 0)
			fprintf(out, "    %-20s %s\n", "default",
				cli_true(policy, "accept") ? "accept" : "reject");
	}
}

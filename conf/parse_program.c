/* Policies: their rules in order, and what becomes of a route that no rule decides. */
#include <string.h>

#include "bgpd/policy/hygiene.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/selective.h"
#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

struct program_parse {
	struct pol_program *program;
	struct conf_named *site;
	struct conf_named *rules;
};

void conf_parse_set_ref(struct conf_loader *l, const struct conf_value *v,
	struct conf_rule_parse *p, enum pol_set_kind kind, int place)
{
	const char *name = conf_value_string(l, v, 1, CONF_POLICY_NAME_MAX);

	if (!name)
		return;
	CHECK(p->n_refs < ARRAY_LEN(p->refs));
	struct conf_set_ref *ref = arena_alloc(&l->places, sizeof(*ref));
	CHECK(ref != NULL);
	*ref = (struct conf_set_ref){
		.next = l->set_refs, .kind = kind, .key = v->key, .name = name, .at = v->at};
	l->set_refs = ref;
	p->places[p->n_refs] = place;
	p->refs[p->n_refs++] = ref;
}

static void rule_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_rule_parse *p = into;
	const char *name = conf_value_string(l, v, 1, CONF_POLICY_NAME_MAX);

	p->name = v->at;
	if (name)
		p->rule->name = name;
}

static void rule_action(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"accept", POL_ACCEPT_ROUTE},
		{"reject", POL_REJECT_ROUTE}, {"next", POL_NEXT_RULE}};
	struct conf_rule_parse *p = into;
	int word;

	if (!conf_value_word(l, v, words, ARRAY_LEN(words),
		    "an action; write accept, reject, or next to go on with the next rule", &word))
		return;
	p->rule->action = (enum pol_action)word;
	p->action_given = true;
}

static void rule_reason(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_text(l, v, "a reason"), *names[POL_REJECTS];
	struct conf_rule_parse *p = into;

	p->reason = v->at;
	for (unsigned i = 0; i < POL_REJECTS; i++) {
		names[i] = pol_reject_name((uint16_t)i);
		if (!s || strcmp(s, names[i]) != 0)
			continue;
		p->rule->reason = (uint16_t)i;
		return;
	}
	const char *near = s ? text_nearest(s, names, POL_REJECTS) : NULL;
	if (near)
		conf_error(l, v->at, "there is no reason %s; did you mean \"%s\"?",
			conf_check_quote(l, s), near);
	else if (s)
		conf_value_bad(l, v,
			"a reason; write bogon, rpki-invalid, irr-prefix or another one of "
			"ravelin.yaml(5)");
}

const struct conf_keys *conf_keys_rule(void)
{
	static const struct conf_key keys[] = {
		{"name", true, rule_name},
		{"match", false, conf_parse_match},
		{"set", false, conf_parse_edits},
		{"action", true, rule_action},
		{"reason", false, rule_reason},
	};
	static const struct conf_keys table = {.path = "policies.rules",
		.what = "a rule of a policy",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

/* Into the configuration's memory; what names a set gets it there later. */
static void rule_keep(struct conf_loader *l, struct conf_rule_parse *p)
{
	struct pol_term *terms = conf_alloc(l, p->n_terms * sizeof(*terms));
	struct pol_edit *edits = conf_alloc(l, p->n_edits * sizeof(*edits));

	if (p->n_terms)
		memcpy(terms, p->terms, p->n_terms * sizeof(*terms));
	if (p->n_edits)
		memcpy(edits, p->edits, p->n_edits * sizeof(*edits));
	p->rule->terms = terms;
	p->rule->n_terms = p->n_terms;
	p->rule->edits = edits;
	p->rule->n_edits = p->n_edits;
	for (unsigned i = 0; i < p->n_refs; i++)
		p->refs[i]->slot =
			p->places[i] < 0 ? &edits[~p->places[i]].set : &terms[p->places[i]].set;
}

static void rule_parse(struct conf_loader *l, const struct conf_value *v, struct pol_rule *rule,
	struct conf_named *site)
{
	struct conf_rule_parse p = {.rule = rule, .name = v->at};

	rule->name = "";
	conf_map_parse(l, v, conf_keys_rule(), &p);
	rule_keep(l, &p);
	*site = (struct conf_named){.name = rule->name, .at = p.name, .what = rule, .used = true};
	if (p.reason.len && p.action_given && rule->action != POL_REJECT_ROUTE)
		conf_error(l, p.reason,
			"reason says why a route is rejected, and this rule rejects none; write "
			"action: reject, or leave reason out");
	if (p.n_edits && p.action_given && rule->action == POL_REJECT_ROUTE)
		conf_error(l, p.name,
			"rule %s sets something and rejects the route, so nobody sees it; leave "
			"set "
			"out",
			conf_check_quote(l, rule->name));
}

static void program_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct program_parse *p = into;
	const char *name = conf_value_string(l, v, 1, CONF_POLICY_NAME_MAX);

	p->site->at = v->at;
	if (name && (strcmp(name, "accept-all") == 0 || strcmp(name, "refuse-all") == 0))
		conf_error(l, v->at, "%s is there already, without rules; take another name", name);
	else if (name &&
		 (strcmp(name, POL_HYGIENE_NAME) == 0 || strcmp(name, POL_SELECTIVE_NAME) == 0))
		conf_error(l, v->at,
			"%s is built in: neighbors have it with %s: true; take another name", name,
			name);
	else if (name)
		p->program->name = p->site->name = name;
}

/* What stands behind a rule that decides every route is never looked at. */
static void program_check_end(struct conf_loader *l, const struct program_parse *p)
{
	const struct pol_rule *rules = p->program->rules;

	for (unsigned i = 0; i + 1 < p->program->n_rules; i++) {
		if (rules[i].n_terms > 0 || rules[i].action == POL_NEXT_RULE || !rules[i].name[0])
			continue;
		conf_warn(l, p->rules[i + 1].at,
			"rule %s is never looked at: rule %s at %s always matches; move that one "
			"down, or leave this one out",
			conf_check_quote(l, rules[i + 1].name), conf_check_quote(l, rules[i].name),
			conf_diag_where(&l->diag, p->rules[i].at));
		return;
	}
}

static void program_rules(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct program_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n, errors = l->diag.errors;

	if (!conf_list_count(l, v, POL_RULES_MAX, &n))
		return;
	if (n == 0)
		conf_error(l, v->at,
			"rules is empty; write a rule, or import: accept-all or refuse-all in "
			"place of "
			"this policy");
	struct pol_rule *rules = conf_alloc(l, n * sizeof(*rules));
	p->rules = arena_alloc(&l->places, n * sizeof(*p->rules));
	CHECK(p->rules != NULL);
	p->program->rules = rules;
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = p->program->n_rules++;
		rule_parse(l, &item, &rules[i], &p->rules[i]);
	}
	if (l->diag.errors == errors)
		program_check_end(l, p);
	conf_named_sort(l, p->rules, p->program->n_rules, "rule", " in this policy");
}

static void program_default(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"accept", true}, {"reject", false}};
	struct program_parse *p = into;
	int word;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "what becomes of a route that no rule decides; write accept or reject", &word))
		p->program->accept = word;
}

const struct conf_keys *conf_keys_program(void)
{
	static const struct conf_key keys[] = {
		{"name", true, program_name},
		{"rules", true, program_rules},
		{"default", true, program_default},
	};
	static const struct conf_keys table = {
		.path = "policies", .what = "a policy", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_policies(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf *c = l->conf;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_POLICIES_MAX, &n))
		return;
	c->policies = conf_alloc(l, n * sizeof(*c->policies));
	l->policies = arena_alloc(&l->places, n * sizeof(*l->policies));
	CHECK(l->policies != NULL);
	while (conf_list_next(l, v, &iter, &item)) {
		struct program_parse p = {.program = &c->policies[c->n_policies++],
			.site = &l->policies[l->n_policies++]};
		p.program->name = "";
		*p.site = (struct conf_named){.name = "", .at = item.at, .what = p.program};
		conf_map_parse(l, &item, conf_keys_program(), &p);
	}
}

/* Who is told a route, as its sender asks by communities. */
#include "bgpd/policy/selective.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/policy/pattern.h"
#include "bgpd/policy/set.h"
#include "lib/check.h"

#define FORMS_MAX   16 /* of one order */
#define PATTERN_MAX 64 /* octets of one, as text */

/* Each order in its forms; RS is our AS. */
static const char *const orders[FORMS_MAX] = {"RS:0:*", "RS:1:*", "RS:101:*", "RS:102:*",
	"RS:103:*", "RS:1101:*", "0:*", "RS:*", "rt:0:*", "rt:RS:*", "soo:0:*", "soo:RS:*"};
static const char *const not_to_peer[FORMS_MAX] = {
	"RS:0:peer-as", "0:peer-as", "rt:0:peer-as", "soo:0:peer-as"};
static const char *const to_peer[FORMS_MAX] = {
	"RS:1:peer-as", "RS:peer-as", "rt:RS:peer-as", "soo:RS:peer-as"};
static const char *const to_nobody[FORMS_MAX] = {"RS:0:0", "0:RS", "rt:0:RS", "soo:0:RS"};

/* What is in front goes first. */
static const struct {
	const char *name;
	uint8_t times;
	const char *form[FORMS_MAX];
	const char *before[FORMS_MAX];
} prepends[] = {
	{"three-times-to-peer", 3, {"RS:103:peer-as"}, {0}},
	{"twice-to-peer", 2, {"RS:102:peer-as"}, {"RS:103:peer-as"}},
	{"once-to-peer", 1, {"RS:101:peer-as"}, {"RS:103:peer-as", "RS:102:peer-as"}},
	{"three-times", 3, {"RS:103:0"}, {"RS:103:peer-as", "RS:102:peer-as", "RS:101:peer-as"}},
	{"twice", 2, {"RS:102:0"},
		{"RS:103:peer-as", "RS:102:peer-as", "RS:101:peer-as", "RS:103:0"}},
	{"once", 1, {"RS:101:0"},
		{"RS:103:peer-as", "RS:102:peer-as", "RS:101:peer-as", "RS:103:0", "RS:102:0"}},
};

#define PREPENDS ARRAY_LEN(prepends)

enum rule_at { RULE_NO_ORDERS, RULE_NOT_TO_PEER, RULE_TO_NOBODY, RULE_PREPEND };
#define RULES (RULE_PREPEND + PREPENDS + 1)

struct selective {
	struct arena *arena;
	uint32_t rs;
	bool full;
	struct pol_program program;
	struct pol_rule rules[RULES];
	struct pol_term terms[RULES][2];
	struct pol_edit edits[PREPENDS + 1];
};

/* A form with our AS in place of RS. */
static void form_print(const char *form, uint32_t rs, char out[PATTERN_MAX])
{
	const char *at = strstr(form, "RS");
	const char *more = at ? strstr(at + 1, "RS") : NULL;

	CHECK(!more); /* in one field only */
	if (at)
		snprintf(out, PATTERN_MAX, "%.*s%u%s", (int)(at - form), form, rs, at + 2);
	else
		snprintf(out, PATTERN_MAX, "%s", form);
}

/* A form that has no room for our number is left out: nobody can send it. */
static const struct pol_set *set_of(struct selective *s, const char *name, const char *const *forms)
{
	struct pol_set_community list[FORMS_MAX] = {0};
	const struct pol_set *set;
	unsigned n = 0;

	for (unsigned i = 0; i < FORMS_MAX && forms[i]; i++) {
		char text[PATTERN_MAX];

		form_print(forms[i], s->rs, text);
		n += pol_pattern_parse(text, &list[n]);
	}
	set = pol_set_new_communities(s->arena, name, list, n);
	s->full |= !set;
	return set;
}

/* A term is in front of the rule's action; without forms there is none. */
static void term_add(
	struct selective *s, unsigned rule, const char *name, const char *const *forms, bool negate)
{
	struct pol_rule *r = &s->rules[rule];

	if (!forms[0])
		return;
	s->terms[rule][r->n_terms++] = (struct pol_term){
		.kind = POL_TERM_COMMUNITY, .negate = negate, .set = set_of(s, name, forms)};
	r->terms = s->terms[rule];
}

static void edit_add(struct selective *s, unsigned rule, unsigned i, struct pol_edit edit)
{
	s->edits[i] = edit;
	s->rules[rule].edits = &s->edits[i];
	s->rules[rule].n_edits = 1;
}

static void rules_put(struct selective *s)
{
	/* most routes ask for nothing: one look, and they pass */
	s->rules[RULE_NO_ORDERS] =
		(struct pol_rule){.name = "no-orders", .action = POL_ACCEPT_ROUTE};
	term_add(s, RULE_NO_ORDERS, "orders", orders, true);
	s->rules[RULE_NOT_TO_PEER] =
		(struct pol_rule){.name = "not-to-peer", .action = POL_REJECT_ROUTE};
	term_add(s, RULE_NOT_TO_PEER, "not-to-peer", not_to_peer, false);
	s->rules[RULE_TO_NOBODY] =
		(struct pol_rule){.name = "to-nobody", .action = POL_REJECT_ROUTE};
	term_add(s, RULE_TO_NOBODY, "to-nobody", to_nobody, false);
	term_add(s, RULE_TO_NOBODY, "to-peer", to_peer, true);
	for (unsigned i = 0; i < PREPENDS; i++) {
		s->rules[RULE_PREPEND + i] =
			(struct pol_rule){.name = prepends[i].name, .action = POL_NEXT_RULE};
		term_add(s, RULE_PREPEND + i, prepends[i].name, prepends[i].form, false);
		term_add(s, RULE_PREPEND + i, "what-goes-first", prepends[i].before, true);
		edit_add(s, RULE_PREPEND + i, i,
			(struct pol_edit){.kind = POL_EDIT_PREPEND,
				.first_as = true,
				.times = prepends[i].times});
	}
	s->rules[RULES - 1] =
		(struct pol_rule){.name = "orders-removed", .action = POL_ACCEPT_ROUTE};
	edit_add(s, RULES - 1, PREPENDS,
		(struct pol_edit){
			.kind = POL_EDIT_COMMUNITY_DEL, .set = s->terms[RULE_NO_ORDERS][0].set});
}

const struct pol_program *pol_selective_new(struct arena *a, uint32_t rs)
{
	struct selective *s = arena_alloc(a, sizeof *s);

	if (!s)
		return NULL;
	s->arena = a;
	s->rs = rs;
	rules_put(s);
	s->program = (struct pol_program){
		.name = POL_SELECTIVE_NAME, .rules = s->rules, .n_rules = RULES, .accept = true};
	if (s->full)
		return NULL;
	s->program.needs = pol_program_needs(s->rules, RULES);
	return &s->program;
}

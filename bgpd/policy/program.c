/* A policy: rules in order, the first that matches decides. */
#include "bgpd/policy/program.h"

#include <assert.h>

#include "bgpd/policy/edit.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/term.h"

static_assert(POL_EDITS <= 8, "a bit each in pol_outcome.kinds");

/* The first term that does not hold; n_terms if all do. */
static unsigned rule_match(
	const struct pol_rule *r, const struct pol_subject *s, const struct wire_attrs *a)
{
	unsigned i = 0;

	while (i < r->n_terms && pol_term_match(&r->terms[i], s, a))
		i++;
	return i;
}

static bool rule_edit(const struct pol_rule *r, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena, struct pol_outcome *out)
{
	for (unsigned i = 0; i < r->n_edits; i++) {
		out->edited = true;
		out->kinds |= (uint8_t)(1u << r->edits[i].kind);
		if (!pol_edit_apply(&r->edits[i], s, a, arena))
			return false;
	}
	return true;
}

struct pol_outcome pol_program_run(const struct pol_program *p, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, pol_trace_fn *trace, void *arg)
{
	struct pol_outcome out = {.accept = p->accept, .rule = (uint16_t)p->n_rules};

	for (unsigned i = 0; i < p->n_rules; i++) {
		const struct pol_rule *r = &p->rules[i];
		unsigned term = rule_match(r, s, a);
		bool matched = term == r->n_terms;

		if (trace)
			trace(arg, r, matched, term);
		if (!matched)
			continue;
		bool fits = rule_edit(r, s, a, arena, &out);
		if (fits && r->action == POL_NEXT_RULE)
			continue;
		out.accept = fits && r->action == POL_ACCEPT_ROUTE;
		out.rule = (uint16_t)i;
		out.reason = r->reason;
		return out;
	}
	return out;
}

/* What a chain's rules and programs say is told to whoever wants to know. */
struct chain_listener {
	pol_trace_fn *rule;
	pol_judged_fn *judged;
	void *arg;
};

static struct pol_outcome chain_run(const struct pol_chain *c, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, const struct chain_listener *to,
	unsigned *program)
{
	struct pol_outcome out = {.accept = true};
	uint8_t kinds = 0;

	for (unsigned i = 0; i < c->n && out.accept; i++) {
		*program = i;
		out = pol_program_run(c->list[i], s, a, arena, to->rule, to->arg);
		kinds |= out.kinds;
		if (to->judged)
			to->judged(to->arg, c->list[i], &out);
	}
	out.kinds = kinds;
	out.edited = kinds != 0;
	return out;
}

struct pol_outcome pol_chain_run(const struct pol_chain *c, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, unsigned *program)
{
	return chain_run(c, s, a, arena, &(struct chain_listener){0}, program);
}

struct pol_outcome pol_chain_trace(const struct pol_chain *c, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, pol_trace_fn *rule, pol_judged_fn *judged,
	void *arg)
{
	unsigned program;

	return chain_run(c, s, a, arena, &(struct chain_listener){rule, judged, arg}, &program);
}

unsigned pol_program_needs(const struct pol_rule *rules, unsigned n)
{
	unsigned needs = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 0; k < rules[i].n_terms; k++)
			needs |= pol_term_needs(&rules[i].terms[k]);
		for (unsigned k = 0; k < rules[i].n_edits; k++)
			needs |= POL_NEEDS_EDIT | pol_edit_needs(&rules[i].edits[k]);
	}
	return needs;
}

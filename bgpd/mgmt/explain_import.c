/* What the import chain of a route's neighbour makes of it now, rule by rule. */
#include "bgpd/core/import.h"
#include "bgpd/mgmt/explain.h"
#include "bgpd/policy/reject.h"

#define IMPORT_TERM_MAX	 256
#define IMPORT_ARENA_MAX (UINT32_C(1) << 20) /* octets: edits of one route */

struct import_trace {
	json_t *programs, *rules; /* rules: of the one under way */
	unsigned left_out;
};

static const char *import_action(enum pol_action a)
{
	static const char *const names[] = {[POL_NEXT_RULE] = "next",
		[POL_ACCEPT_ROUTE] = "accept",
		[POL_REJECT_ROUTE] = "reject"};

	return names[a];
}

static void import_rule(void *arg, const struct pol_rule *rule, bool matched, unsigned term)
{
	struct import_trace *t = arg;
	char failed[IMPORT_TERM_MAX] = "";
	json_t *o;

	if (!matched && json_array_size(t->rules) >= EXPLAIN_RULES_MAX) {
		t->left_out++;
		return;
	}
	if (!matched)
		pol_term_print(&rule->terms[term], failed, sizeof(failed));
	o = json_object();
	mgmt_set(o, "rule", mgmt_json_text(rule->name ? rule->name : ""));
	mgmt_set(o, "matched", json_boolean(matched));
	mgmt_set(o, "failed", matched ? json_null() : mgmt_json_text(failed));
	mgmt_set(o, "action", matched ? json_string(import_action(rule->action)) : json_null());
	mgmt_set(o, "edits", json_integer(matched ? rule->n_edits : 0));
	json_array_append_new(t->rules, o);
}

static const char *import_reason(const struct pol_outcome *out)
{
	const char *name = pol_reject_name(out->reason);

	return out->accept ? NULL : name ? name : "policy";
}

static void import_program(void *arg, const struct pol_program *p, const struct pol_outcome *out)
{
	struct import_trace *t = arg;
	json_t *o = json_object();

	mgmt_set(o, "program", mgmt_json_text(p->name ? p->name : ""));
	mgmt_set(o, "rules", t->rules);
	mgmt_set(o, "rules_left_out", json_integer(t->left_out));
	mgmt_set(o, "by_default", json_boolean(out->rule >= p->n_rules));
	mgmt_set(o, "accept", json_boolean(out->accept));
	json_array_append_new(t->programs, o);
	t->rules = json_array();
	t->left_out = 0;
}

json_t *mgmt_explain_import(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	const struct rib_source *from = rib_source_get(r->store, p->source);
	const struct core_peer *peer = from->kind == RIB_PEER ? &r->peers[from->peer] : NULL;
	struct pol_outcome out;
	struct wire_attrs a;
	struct wire_nlri n;
	struct arena arena;

	if (!peer || from->down || !core_import_is_on(peer, t->family))
		return json_null();
	struct import_trace trace = {.programs = json_array(), .rules = json_array()};
	json_t *o = json_object();
	rib_dest_nlri(t, dest, &n);
	rib_attrset_view(rib_attrset_received(p->attrs), &a);
	const struct pol_subject s = core_import_subject(r, peer, t->family, &n, &a);
	arena_init(&arena, IMPORT_ARENA_MAX);
	out = pol_chain_trace(
		&peer->conf->import_chain, &s, &a, &arena, import_rule, import_program, &trace);
	arena_fini(&arena);
	json_decref(trace.rules);
	mgmt_set(o, "neighbor", mgmt_json_text(peer->name));
	mgmt_set(o, "accept", json_boolean(out.accept));
	mgmt_set(o, "reason", out.accept ? json_null() : json_string(import_reason(&out)));
	mgmt_set(o, "programs", trace.programs);
	return o;
}

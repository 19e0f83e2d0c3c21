/* To which neighbours a route went, and why not to the others. */
#include <stdlib.h>

#include "bgpd/core/rtc.h"
#include "bgpd/mgmt/explain.h"
#include "bgpd/out/choice.h"
#include "bgpd/rib/best.h"
#include "lib/check.h"
#include "lib/text.h"

#define TOLD_WHY_MAX   224
#define TOLD_ARENA_MAX (UINT32_C(1) << 18) /* octets: edits of one route */

struct told_place { /* of a neighbour, by its number */
	const struct out_group *g;
	const struct out_member *m;
};

/* Every member of the table's groups once. The caller frees. */
static struct told_place *told_places(const struct router *r, const struct rib_table *t)
{
	struct told_place *list = calloc(r->conf->n_peers + 1, sizeof(*list));
	const struct out_group *g = t->id < r->out.n_tables ? r->out.by_table[t->id] : NULL;

	CHECK(list != NULL);
	for (; g; g = g->next)
		for (uint32_t i = 0; i < g->n_members; i++)
			if (g->members[i].peer < r->conf->n_peers)
				list[g->members[i].peer] = (struct told_place){g, &g->members[i]};
	return list;
}

static bool told_is_of(const struct core_peer *p, const struct rib_table *t)
{
	uint16_t vrf = core_peer_in_vrf(p) ? (uint16_t)p->conf->vrf : RIB_VRF_CORE;

	return p->addr.af != IP_NONE && vrf == t->vrf &&
	       p->conf->families & WIRE_FAMILY_BIT(t->family);
}

static void told_no_member(const struct core_peer *p, const struct rib_table *t, struct text *why)
{
	if (fsm_peer_state(&p->fsm) != FSM_ESTABLISHED)
		text_add(why, "no session (%s)", fsm_state_name(fsm_peer_state(&p->fsm)));
	else if (!(p->fsm.ctx.families & WIRE_FAMILY_BIT(t->family)))
		text_add(why, "it does not speak this family");
	else if (!core_rtc_joins(p, t->family))
		text_add(why, "waits: it has not said which route targets it wants");
	else
		text_add(why, "waits: nothing is told yet");
}

/* The policy of the group's chain that keeps p, a path of dest, and its rule ("default" behind the last); false: it passes. */
static bool told_is_kept(const struct out_group *g, uint32_t dest, const struct rib_path *p,
	const char **policy, const char **rule)
{
	struct pol_subject s;
	struct wire_attrs a;
	struct wire_nlri n;
	struct arena arena;
	unsigned at = 0;

	if (!g->view.chain)
		return false;
	rib_dest_nlri(g->table, dest, &n);
	s = out_view_subject(&g->view, &n);
	rib_attrset_view(p->attrs, &a);
	arena_init(&arena, TOLD_ARENA_MAX);
	struct pol_outcome out = pol_chain_run(g->view.chain, &s, &a, &arena, &at);
	arena_fini(&arena);
	const struct pol_program *by = g->view.chain->list[at];
	*policy = by->name ? by->name : "";
	*rule = out.rule >= by->n_rules ? "default" : by->rules[out.rule].name;
	return !out.accept;
}

/* The candidates that the chain keeps from m, with policy and rule. */
static json_t *told_kept(const struct router *r, const struct told_place *at, uint32_t dest)
{
	const struct rib_table *t = at->g->table;
	json_t *list = json_array();
	const char *policy, *rule;

	for (const struct rib_path *p = rib_dest_paths(t, dest);
		p && json_array_size(list) < EXPLAIN_CANDIDATES_MAX; p = rib_path_next(t, p))
		if (rib_path_is_eligible(t, p) && p->source != at->m->source &&
			told_is_kept(at->g, dest, p, &policy, &rule))
			json_array_append_new(list,
				json_pack("{s:o, s:o, s:o}", "from", mgmt_json_from(r, p->source),
					"policy", mgmt_json_text(policy), "rule",
					mgmt_json_text(rule ? rule : "")));
	return list;
}

/* Whether what is told of a path of source differs from what the table has, before its kind of receiver is seen to. */
static bool told_is_edited(
	const struct out_group *g, uint32_t dest, uint16_t source, const struct rib_attrset *as)
{
	for (const struct rib_path *p = rib_dest_paths(g->table, dest); p;
		p = rib_path_next(g->table, p))
		if (p->source == source && p->attrs == as)
			return false;
	return true;
}

static void told_denied(const struct router *r, const struct told_place *at, uint32_t dest,
	const struct rib_path *best, struct text *why)
{
	enum pol_denial d = POL_SEND;
	const char *policy, *rule;

	if (best)
		d = pol_export_judge(&at->g->view.to, best, rib_source_get(r->store, best->source));
	if (!best)
		text_add(why, "no usable path");
	else if (best->source == at->m->source)
		text_add(why, "its own route");
	else if (d != POL_SEND)
		text_add(why, "not exported: %s", pol_denial_name(d));
	else if (told_is_kept(at->g, dest, best, &policy, &rule))
		text_add(why, "not exported: policy %s, rule %s", policy, rule);
	else if (!out_filter_wants(at->g->filter, best->attrs))
		text_add(why, "RT-Constraint: it wants none of the route targets");
	else if (at->m->full || at->m->paused)
		text_add(why, "waits: full");
	else
		text_add(why, "waits: not yet said, or too long for a message");
}

/* The sources of the paths that m is told: the best alone, or several (RFC 7911). */
static json_t *told_paths(const struct router *r, const struct told_place *at, uint32_t dest,
	const struct rib_path *best)
{
	const struct out_paths *paths = &at->g->paths;
	json_t *list = json_array();

	if (!at->g->view.add_path) {
		struct out_choice c = out_choice_get(at->g, dest, best);
		const struct out_chosen *told =
			c.first.attrs && c.first.source == at->m->source ? &c.second : &c.first;
		if (told->attrs)
			json_array_append_new(list,
				json_pack("{s:o, s:n, s:b}", "from",
					mgmt_json_from(r, told->source), "id", "edited",
					told_is_edited(at->g, dest, told->source, told->attrs)));
		return list;
	}
	for (uint32_t i = dest < paths->cap_heads ? paths->heads[dest] : 0; i;
		i = paths->list[i].next)
		if (paths->list[i].source != at->m->source)
			json_array_append_new(
				list, json_pack("{s:o, s:i, s:b}", "from",
					      mgmt_json_from(r, paths->list[i].source), "id",
					      (int)paths->list[i].id, "edited",
					      told_is_edited(at->g, dest, paths->list[i].source,
						      paths->list[i].attrs)));
	return list;
}

static json_t *told_row(const struct router *r, const struct core_peer *p,
	const struct told_place *at, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best)
{
	char text[TOLD_WHY_MAX] = "";
	struct text why = text_of(text, sizeof(text));
	json_t *paths = at->m ? told_paths(r, at, dest, best) : json_array(), *o = json_object();
	bool told = json_array_size(paths) > 0;

	if (!at->m)
		told_no_member(p, t, &why);
	else if (!told)
		told_denied(r, at, dest, best, &why);
	else if (at->m->full || at->m->paused)
		text_add(&why, "waits: full");
	else if (at->m->lane)
		text_add(&why, "on its way");
	mgmt_set(o, "neighbor", mgmt_json_text(p->name));
	mgmt_set(o, "told", json_boolean(told));
	mgmt_set(o, "paths", paths);
	mgmt_set(o, "kept", at->m ? told_kept(r, at, dest) : json_array());
	mgmt_set(o, "why", *text ? mgmt_json_text(text) : json_null());
	return o;
}

json_t *mgmt_explain_told(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best)
{
	struct told_place *places = told_places(r, t);
	json_t *list = json_array();

	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (told_is_of(&r->peers[i], t))
			json_array_append_new(
				list, told_row(r, &r->peers[i], &places[i], t, dest, best));
	free(places);
	return list;
}

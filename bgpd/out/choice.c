#include "bgpd/out/choice.h"

#include "bgpd/out/change.h"
#include "bgpd/out/member.h"
#include "bgpd/out/pathlist.h"
#include "bgpd/out/told.h"
#include "bgpd/rib/best.h"

enum { CHOICE_FIRST = 1, CHOICE_SECOND }; /* out_path.id */

/* --- what was --- */

static struct out_chosen chosen_of(const struct out_path *e)
{
	return (struct out_chosen){.attrs = e->attrs, .label = e->label, .source = e->source};
}

struct out_choice out_choice_get(
	const struct out_group *g, uint32_t dest, const struct rib_path *best)
{
	struct out_choice c = {0};
	uint32_t i = out_pathlist_first(&g->paths, dest);

	if (!i && best && out_bits_get(&g->advertised, dest)) {
		c.first = (struct out_chosen){
			.attrs = best->attrs, .label = best->label, .source = best->source};
	}
	for (; i; i = g->paths.list[i].next)
		*(g->paths.list[i].id == CHOICE_FIRST ? &c.first : &c.second) =
			chosen_of(&g->paths.list[i]);
	return c;
}

/* --- what is --- */

/* Holds a reference if attrs is not NULL. */
static struct out_chosen chosen_try(struct out_call *r, uint32_t dest, const struct rib_path *p)
{
	return (struct out_chosen){.attrs = out_group_tells_as(r->g, r->s, dest, p),
		.label = p->label,
		.source = p->source};
}

static bool wants_second(const struct out_group *g, const struct out_choice *c)
{
	return c->first.attrs && !c->second.attrs && out_member_of_source(g, c->first.source);
}

/* Behind best, which has been tried. */
static void choice_find_rest(
	struct out_call *r, uint32_t dest, const struct rib_path *best, struct out_choice *c)
{
	struct out_group *g = r->g;
	uint32_t n = out_pathlist_find(g, dest);

	rib_best_order(g->table, g->paths.found, n);
	for (uint32_t i = 0; i < n && (!c->first.attrs || wants_second(g, c)); i++) {
		const struct rib_path *p = g->paths.found[i];
		if (p == best || (c->first.attrs && p->source == c->first.source))
			continue;
		*(c->first.attrs ? &c->second : &c->first) = chosen_try(r, dest, p);
	}
}

/* References are the caller's. */
static struct out_choice choice_find(struct out_call *r, uint32_t dest)
{
	const struct rib_path *best = rib_dest_best(r->g->table, dest);
	struct out_choice c = {0};

	if (best && rib_path_is_eligible(r->g->table, best))
		c.first = chosen_try(r, dest, best);
	if (!c.first.attrs || wants_second(r->g, &c))
		choice_find_rest(r, dest, best, &c);
	return c;
}

static void chosen_keep(
	struct out_call *r, uint32_t dest, const struct out_chosen *c, uint32_t which)
{
	out_pathlist_add(&r->g->paths, r->s->store, dest,
		&(struct out_path){
			.attrs = c->attrs, .id = which, .label = c->label, .source = c->source});
}

/* The table says so itself: there is nothing to be kept. */
static bool choice_is_best(const struct out_choice *c, const struct rib_path *best)
{
	return !c->second.attrs && best && c->first.attrs == best->attrs &&
	       c->first.source == best->source && c->first.label == best->label;
}

/* Takes over the references of *c. */
static void choice_keep(struct out_call *r, uint32_t dest, struct out_choice *c)
{
	struct out_group *g = r->g;

	if (out_pathlist_first(&g->paths, dest))
		for (uint32_t *head = out_pathlist_head(&g->paths, dest); *head;)
			out_pathlist_del(&g->paths, r->s->store, head);
	if (!c->first.attrs) {
		out_bits_clear(&g->advertised, dest);
		return;
	}
	out_bits_set(&g->advertised, dest);
	if (choice_is_best(c, rib_dest_best(g->table, dest))) {
		rib_store_unref_attrs(r->s->store, c->first.attrs);
		return;
	}
	chosen_keep(r, dest, &c->first, CHOICE_FIRST);
	if (c->second.attrs)
		chosen_keep(r, dest, &c->second, CHOICE_SECOND);
}

/* --- the difference --- */

/* c NULL: withdraw. */
static void tell(struct out_telling *k, const struct out_chosen *c, struct out_to to)
{
	out_tell(k, &(struct out_route){.attrs = c ? c->attrs : NULL,
			    .source = c ? c->source : RIB_SOURCE_NONE,
			    .to = to,
			    .label = c ? c->label : WIRE_LABEL_NONE});
}

static bool sees_same(
	const struct out_telling *k, const struct out_chosen *a, const struct out_chosen *b)
{
	if (!a->attrs || !b->attrs)
		return a->attrs == b->attrs;
	return a->source == b->source && a->label == b->label &&
	       out_encode_is_same(k->r->s->encoder, &k->r->g->view, a->source, a->attrs, b->attrs);
}

/* The source of what is now first, a member: it had the first of another source, or what was second. */
static void tell_source(
	struct out_telling *k, const struct out_choice *was, const struct out_choice *now)
{
	const struct out_to only = {.scope = OUT_ONLY, .who = now->first.source};
	const bool stays = was->first.attrs && was->first.source == now->first.source;
	const struct out_chosen *had = stays ? &was->second : &was->first;

	if (sees_same(k, had, &now->second))
		return;
	tell(k, now->second.attrs ? &now->second : NULL, only);
}

static void tell_difference(
	struct out_telling *k, const struct out_choice *was, const struct out_choice *now)
{
	const struct out_group *g = k->r->g;
	const struct out_to all = {.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE};

	if (!now->first.attrs) {
		if (was->first.attrs)
			tell(k, NULL,
				was->second.attrs ? all
						  : out_group_but_withdrawn(g, was->first.source));
		return;
	}
	if (!sees_same(k, &was->first, &now->first))
		tell(k, &now->first, out_group_but(g, now->first.source));
	if (out_member_of_source(g, now->first.source))
		tell_source(k, was, now);
}

/* Who is told nothing, being the source of the only path: counted. */
static void own_count(struct out_group *g, uint32_t dest, const struct out_choice *c, int by)
{
	if (!c->first.attrs)
		return;
	g->n_advertised += (uint32_t)by;
	if (!c->second.attrs)
		out_group_own(g, c->first.source, dest, by);
}

/* best: as the group heard of it last. True if receivers see a difference. */
static bool choice_sync(
	struct out_call *r, uint32_t dest, const struct rib_path *best, bool to_tell)
{
	struct out_telling k = {.r = r, .dest = dest, .tell = to_tell};
	struct out_choice was = out_choice_get(r->g, dest, best), now = choice_find(r, dest);

	tell_difference(&k, &was, &now);
	own_count(r->g, dest, &was, -1);
	own_count(r->g, dest, &now, 1);
	choice_keep(r, dest, &now);
	return k.seen;
}

/* --- a change --- */

void out_choice_change(struct out_call *r, const struct rib_change *c)
{
	struct out_group *g = r->g;
	bool seen = choice_sync(r, c->dest, c->was, g->n_live > 0);
	bool now = out_bits_get(&g->advertised, c->dest);

	if (g->behind && (seen || !now))
		out_lanes_note(g, c->dest, !now);
	if (seen)
		out_change_end(r, c->dest);
}

/* --- lanes --- */

/*
 * What no change has said, or will: the first walk of a new group, and the second of a source that has become a member since its path
 * is first (RFC 4724 4.2). What is queued is for out_choice_change. Members of l are shown it; others are told.
 */
static void choice_find_missing(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	struct out_group *g = r->g;
	const struct rib_path *best = rib_dest_best(g->table, dest);
	bool tell = g->n_live > (out_lane_is_live(l) ? l->n_members : 0);

	if (rib_dest_get(g->table, dest)->flags & RIB_DEST_QUEUED || !best)
		return;
	if (!choice_sync(r, dest, best, tell))
		return;
	for (struct out_lane *k = g->lanes; k; k = k->next)
		if (k != l && !out_lane_is_live(k))
			out_lane_note(k, g->table, dest, !out_bits_get(&g->advertised, dest));
	if (tell)
		out_change_end(r, dest);
}

static void show(struct out_call *r, struct out_lane *l, uint32_t dest, const struct out_chosen *c,
	struct out_to to)
{
	out_emit_show(r, l,
		&(struct out_route){.attrs = c ? c->attrs : NULL,
			.source = c ? c->source : RIB_SOURCE_NONE,
			.to = to,
			.key = rib_dest_get(r->g->table, dest)->key,
			.label = c ? c->label : WIRE_LABEL_NONE});
}

void out_choice_show(struct out_call *r, struct out_lane *l, uint32_t dest, bool again)
{
	const struct rib_path *best = rib_dest_best(r->g->table, dest);
	struct out_choice c = out_choice_get(r->g, dest, best);

	if (!c.first.attrs || wants_second(r->g, &c)) {
		bool was = c.first.attrs != NULL;
		choice_find_missing(r, l, dest);
		c = out_choice_get(r->g, dest, best);
		if (was && !c.first.attrs) /* its next hop is lost, which is still to be queued */
			show(r, l, dest, NULL,
				(struct out_to){.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE});
	}
	if (!c.first.attrs)
		return;
	show(r, l, dest, &c.first, out_group_but(r->g, c.first.source));
	const struct out_member *m = out_member_of_source(r->g, c.first.source);
	if (m && m->lane == l && (c.second.attrs || again))
		show(r, l, dest, c.second.attrs ? &c.second : NULL,
			(struct out_to){.scope = OUT_ONLY, .who = m->source});
}

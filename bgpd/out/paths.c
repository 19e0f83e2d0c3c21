#include "bgpd/out/paths.h"

#include "bgpd/out/change.h"
#include "bgpd/out/pathlist.h"
#include "bgpd/out/told.h"
#include "bgpd/rib/best.h"

/* --- the list of a destination --- */

static struct out_path *entry_find(struct out_paths *p, uint32_t dest, const struct rib_path *of)
{
	for (uint32_t i = out_pathlist_first(p, dest); i; i = p->list[i].next)
		if (p->list[i].source == of->source && p->list[i].rib_id == of->id)
			return &p->list[i];
	return NULL;
}

static bool id_is_used(const struct out_paths *p, uint32_t dest, uint32_t id)
{
	for (uint32_t i = out_pathlist_first(p, dest); i; i = p->list[i].next)
		if (p->list[i].id == id)
			return true;
	return false;
}

/* as: what the path is told as; the reference is taken over. */
static struct out_path *entry_add(struct out_set *s, struct out_group *g, uint32_t dest,
	const struct rib_path *of, struct rib_attrset *as)
{
	uint32_t id = 1;

	while (id_is_used(&g->paths, dest, id))
		id++;
	if (id > s->path_id_max)
		s->path_id_max = id;
	g->n_advertised++;
	out_group_own(g, of->source, dest, 1);
	return out_pathlist_add(&g->paths, s->store, dest,
		&(struct out_path){.attrs = as,
			.id = id,
			.label = of->label,
			.rib_id = of->id,
			.source = of->source});
}

static void entry_del(struct out_set *s, struct out_group *g, uint32_t dest, uint32_t *at)
{
	g->n_advertised--;
	out_group_own(g, g->paths.list[*at].source, dest, -1);
	out_pathlist_del(&g->paths, s->store, at);
}

/* --- what is different --- */

/* attrs NULL: withdraw. */
static void tell(struct out_telling *k, const struct out_path *e, struct rib_attrset *attrs)
{
	const struct out_group *g = k->r->g;

	out_tell(k, &(struct out_route){.attrs = attrs,
			    .source = attrs ? e->source : RIB_SOURCE_NONE,
			    .to = attrs ? out_group_but(g, e->source)
					: out_group_but_withdrawn(g, e->source),
			    .label = e->label,
			    .path_id = e->id});
}

static void entry_update(
	struct out_telling *k, struct out_path *e, const struct rib_path *p, struct rib_attrset *as)
{
	struct out_set *s = k->r->s;
	struct rib_attrset *was = e->attrs;
	bool same = e->label == p->label &&
		    out_encode_is_same(s->encoder, &k->r->g->view, p->source, was, as);

	e->attrs = as;
	e->label = p->label;
	rib_store_unref_attrs(s->store, was);
	if (!same)
		tell(k, e, e->attrs);
}

static void path_take(struct out_telling *k, const struct rib_path *path, struct rib_attrset *as)
{
	struct out_group *g = k->r->g;
	struct out_path *e = entry_find(&g->paths, k->dest, path);

	if (e) {
		entry_update(k, e, path, as);
	} else {
		e = entry_add(k->r->s, g, k->dest, path, as);
		tell(k, e, e->attrs);
	}
	e->found = true;
}

/* The paths that receivers are told: the best, and as many of the next best as the view says. */
static void paths_take(struct out_telling *k)
{
	struct out_group *g = k->r->g;
	uint32_t most = g->view.add_path, n = out_pathlist_find(g, k->dest), taken = 0;

	if (most == UINT8_MAX)
		most = n;
	if (n > most)
		rib_best_order(g->table, g->paths.found, n);
	for (uint32_t i = 0; i < n && taken < most; i++) {
		const struct rib_path *path = g->paths.found[i];
		struct rib_attrset *as = out_group_tells_as(g, k->r->s, k->dest, path);
		if (!as)
			continue;
		path_take(k, path, as);
		taken++;
	}
}

bool out_paths_sync(struct out_call *r, uint32_t dest, bool to_tell)
{
	struct out_group *g = r->g;
	struct out_paths *p = &g->paths;
	struct out_telling k = {.r = r, .dest = dest, .tell = to_tell};

	paths_take(&k);
	/* only now: an identifier that becomes free is not taken again by the same change */
	for (uint32_t *at = out_pathlist_head(p, dest); *at;) {
		struct out_path *e = &p->list[*at];
		if (e->found) {
			e->found = false;
			at = &e->next;
			continue;
		}
		tell(&k, e, NULL);
		entry_del(r->s, g, dest, at);
	}
	if (out_pathlist_first(p, dest))
		out_bits_set(&g->advertised, dest);
	else
		out_bits_clear(&g->advertised, dest);
	return k.seen;
}

/* --- lanes --- */

static void show(
	struct out_call *r, struct out_lane *l, struct out_to to, const uint64_t *key, uint32_t id)
{
	out_emit_show(r, l,
		&(struct out_route){
			.source = RIB_SOURCE_NONE, .to = to, .key = key, .path_id = id});
}

void out_paths_forget(struct out_call *r, struct out_lane *l, const uint64_t *key)
{
	const struct out_to all = {.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE};

	for (uint32_t id = 1; id <= r->s->path_id_max; id++)
		show(r, l, all, key, id);
}

/* Identifiers that are not in use now, and at a path's own source the one that it has. */
static void forget_others(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	const struct out_to all = {.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE};
	const struct out_paths *p = &r->g->paths;
	const uint64_t *key = rib_dest_get(r->g->table, dest)->key;

	for (uint32_t id = 1; id <= r->s->path_id_max; id++)
		if (!id_is_used(p, dest, id))
			show(r, l, all, key, id);
	for (uint32_t i = out_pathlist_first(p, dest); i; i = p->list[i].next) {
		struct out_to but = out_group_but(r->g, p->list[i].source);
		if (but.who != RIB_SOURCE_NONE)
			show(r, l, (struct out_to){.scope = OUT_ONLY, .who = but.who}, key,
				p->list[i].id);
	}
}

/*
 * The first walk of a new group: its members are all in l, but for the case that a next hop has come back and its
 * destinations are still to be queued. What is queued already is for out_paths_change.
 */
static void first_sync(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	struct out_group *g = r->g;
	uint32_t shown = out_lane_is_live(l) ? l->n_members : 0;

	if (rib_dest_get(g->table, dest)->flags & RIB_DEST_QUEUED || !rib_dest_best(g->table, dest))
		return;
	if (!out_paths_sync(r, dest, g->n_live > shown))
		return;
	for (struct out_lane *k = g->lanes; k; k = k->next)
		if (k != l && !out_lane_is_live(k))
			out_lane_note(k, g->table, dest, false);
	if (g->n_live > shown)
		out_change_end(r, dest);
}

void out_paths_show(struct out_call *r, struct out_lane *l, uint32_t dest, bool again)
{
	const struct out_paths *p = &r->g->paths;

	if (!out_bits_get(&r->g->advertised, dest))
		first_sync(r, l, dest);
	if (!out_bits_get(&r->g->advertised, dest))
		return;
	if (again)
		forget_others(r, l, dest);
	for (uint32_t i = out_pathlist_first(p, dest); i; i = p->list[i].next)
		out_emit_show(r, l,
			&(struct out_route){.attrs = p->list[i].attrs,
				.source = p->list[i].source,
				.to = out_group_but(r->g, p->list[i].source),
				.key = rib_dest_get(r->g->table, dest)->key,
				.label = p->list[i].label,
				.path_id = p->list[i].id});
}

uint32_t out_paths_of_source(const struct out_group *g, uint32_t dest, uint16_t source)
{
	const struct out_paths *p = &g->paths;
	uint32_t n = 0;

	for (uint32_t i = out_pathlist_first(p, dest); i; i = p->list[i].next)
		n += p->list[i].source == source;
	return n;
}

/* Who is live, but was not yet shown what it missed of a destination that now goes, may have more of it than the others. */
static void forget_unseen(struct out_call *r, uint32_t dest)
{
	for (struct out_lane *l = r->g->lanes; l; l = l->next) {
		if (!out_lane_is_live(l) || !out_bits_get(&l->missed, dest))
			continue;
		out_bits_clear(&l->missed, dest);
		out_paths_forget(r, l, rib_dest_get(r->g->table, dest)->key);
	}
}

/* --- a change --- */

void out_paths_change(struct out_call *r, uint32_t dest)
{
	struct out_group *g = r->g;
	bool seen = out_paths_sync(r, dest, g->n_live > 0);
	bool now = out_bits_get(&g->advertised, dest);

	if (g->behind && (seen || !now))
		out_lanes_note(g, dest, !now);
	if (!now)
		forget_unseen(r, dest);
	if (seen)
		out_change_end(r, dest);
}

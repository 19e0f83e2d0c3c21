#include "bgpd/out/told.h"

/* What of a path's flags a view may look at. */
#define TOLD_FLAGS (RIB_PATH_IMPORTED | RIB_PATH_LEAKED | RIB_PATH_PRIVATE)

static void told_set(struct out_group *g, struct rib_store *st, const struct rib_path *p)
{
	struct rib_attrset *was = g->told.attrs;

	g->told = (struct out_told){.attrs = rib_attrset_ref(p->attrs),
		.source = p->source,
		.flags = p->flags & TOLD_FLAGS,
		.labelled = p->label != WIRE_LABEL_NONE,
		.yes = out_view_check(&g->view, st, p) && out_filter_wants(g->filter, p->attrs)};
	if (was)
		rib_store_unref_attrs(st, was);
}

bool out_group_tells(struct out_group *g, struct rib_store *st, const struct rib_path *p)
{
	const struct out_told *t = &g->told;

	if (!p)
		return false;
	if (t->attrs != p->attrs || t->source != p->source || t->flags != (p->flags & TOLD_FLAGS) ||
		t->labelled != (p->label != WIRE_LABEL_NONE))
		told_set(g, st, p);
	return t->yes;
}

/* What a program looks at besides attributes and neighbour: the answer holds for this one destination. */
#define TOLD_NEEDS (POL_NEEDS_PREFIX | POL_NEEDS_ROV | POL_NEEDS_ASPA)

static bool told_is_of(const struct out_told *t, const struct rib_path *p)
{
	return t->attrs == p->attrs && t->source == p->source &&
	       t->flags == (p->flags & TOLD_FLAGS) && t->labelled == (p->label != WIRE_LABEL_NONE);
}

static struct rib_attrset *chain_answer(
	const struct out_group *g, struct out_set *s, uint32_t dest, const struct rib_path *p)
{
	struct rib_attrset *as;
	struct wire_nlri n;

	if (!out_view_check(&g->view, s->store, p))
		return NULL;
	rib_dest_nlri(g->table, dest, &n);
	as = out_view_chain(&g->view, s->store, rib_source_get(s->store, p->source), &n, p->attrs,
		&s->encoder->arena);
	/* it may have edited the route targets */
	if (as && !out_filter_wants(g->filter, as)) {
		rib_store_unref_attrs(s->store, as);
		return NULL;
	}
	return as;
}

static void told_set_as(
	struct out_group *g, struct out_set *s, uint32_t dest, const struct rib_path *p)
{
	struct out_told was = g->told;

	g->told = (struct out_told){.attrs = rib_attrset_ref(p->attrs),
		.as = chain_answer(g, s, dest, p),
		.source = p->source,
		.flags = p->flags & TOLD_FLAGS,
		.labelled = p->label != WIRE_LABEL_NONE};
	if (was.attrs)
		rib_store_unref_attrs(s->store, was.attrs);
	if (was.as)
		rib_store_unref_attrs(s->store, was.as);
}

struct rib_attrset *out_group_tells_as(
	struct out_group *g, struct out_set *s, uint32_t dest, const struct rib_path *p)
{
	const struct pol_chain *c = g->view.chain;

	if (!c)
		return out_group_tells(g, s->store, p) ? rib_attrset_ref(p->attrs) : NULL;
	if (c->needs & TOLD_NEEDS)
		return chain_answer(g, s, dest, p);
	if (!told_is_of(&g->told, p))
		told_set_as(g, s, dest, p);
	return g->told.as ? rib_attrset_ref(g->told.as) : NULL;
}

static void pair_fini(struct out_pair *k, struct rib_store *st)
{
	if (!k->was)
		return;
	rib_store_unref_attrs(st, k->was);
	rib_store_unref_attrs(st, k->now);
}

bool out_group_sees_same(struct out_group *g, struct out_set *s, const struct rib_path *was,
	const struct rib_path *now)
{
	struct out_pair *k = &g->pair;

	if (was->source != now->source || was->label != now->label)
		return false;
	if (k->was == was->attrs && k->now == now->attrs && k->source == now->source)
		return k->same;
	struct out_pair old = *k;
	*k = (struct out_pair){.was = rib_attrset_ref(was->attrs),
		.now = rib_attrset_ref(now->attrs),
		.source = now->source};
	k->same = out_encode_is_same(s->encoder, &g->view, k->source, k->was, k->now);
	pair_fini(&old, s->store);
	return k->same;
}

void out_told_fini(struct out_group *g, struct rib_store *st)
{
	if (g->told.attrs)
		rib_store_unref_attrs(st, g->told.attrs);
	if (g->told.as)
		rib_store_unref_attrs(st, g->told.as);
	pair_fini(&g->pair, st);
}

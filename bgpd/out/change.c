#include "bgpd/out/change.h"

#include <stdlib.h>

#include "bgpd/out/choice.h"
#include "bgpd/out/member.h"
#include "bgpd/out/paths.h"
#include "bgpd/out/told.h"
#include "lib/check.h"

static void packed_note(struct out_group *g, uint32_t dest)
{
	if (g->n_packed == g->cap_packed) {
		g->cap_packed = g->cap_packed ? g->cap_packed * 2 : 256;
		g->packed_list = realloc(g->packed_list, g->cap_packed * sizeof(*g->packed_list));
		CHECK(g->packed_list != NULL);
	}
	g->packed_list[g->n_packed++] = dest;
	out_bits_set(&g->packed, dest);
}

void out_group_own(struct out_group *g, uint16_t source, uint32_t dest, int by)
{
	struct out_member *m = out_member_of_source(g, source);

	/* who came from another group counts its own as it walks */
	if (m && !(m->lane && out_lane_then(m->lane) == OUT_DIFF && dest > m->lane->cursor))
		m->own += (uint32_t)by;
}

uint32_t out_group_own_of(const struct out_group *g, uint32_t dest, uint16_t source)
{
	const struct rib_path *best = rib_dest_best(g->table, dest);

	if (g->view.add_path)
		return out_paths_of_source(g, dest, source);
	if (!g->looks)
		return best->source == source;
	struct out_choice c = out_choice_get(g, dest, best);
	return c.first.attrs && !c.second.attrs && c.first.source == source;
}

struct out_to out_group_but(const struct out_group *g, uint16_t source)
{
	return (struct out_to){.scope = OUT_EXCEPT,
		.who = out_member_of_source(g, source) ? source : RIB_SOURCE_NONE};
}

static void announce_put(struct out_call *r, const struct rib_change *c, bool was_advertised)
{
	struct out_group *g = r->g;
	const uint64_t *key = rib_dest_get(c->table, c->dest)->key;
	uint16_t source = c->now->source;

	if (was_advertised && c->was->source != source && out_member_of_source(g, source))
		out_pack_add(&g->pack, r->s->store,
			&(struct out_route){.source = RIB_SOURCE_NONE,
				.to = {.scope = OUT_ONLY, .who = source},
				.key = key});
	out_pack_add(&g->pack, r->s->store,
		&(struct out_route){.attrs = c->now->attrs,
			.source = source,
			.to = out_group_but(g, source),
			.key = key,
			.label = c->now->label});
}

/* Its source does not have it; but one that is shown what it missed may still have an older path of another source. */
struct out_to out_group_but_withdrawn(const struct out_group *g, uint16_t source)
{
	const struct out_member *m = out_member_of_source(g, source);
	struct out_to to = out_group_but(g, source);

	if (m && m->lane && !m->lane->all)
		to.who = RIB_SOURCE_NONE;
	return to;
}

static void withdraw_put(struct out_call *r, const struct rib_change *c)
{
	out_pack_add(&r->g->pack, r->s->store,
		&(struct out_route){.source = RIB_SOURCE_NONE,
			.to = out_group_but_withdrawn(r->g, c->was->source),
			.key = rib_dest_get(c->table, c->dest)->key});
}

void out_change_begin(struct out_call *r, uint32_t dest)
{
	if (out_bits_get(&r->g->packed, dest))
		out_emit_changes(r);
}

void out_change_end(struct out_call *r, uint32_t dest)
{
	struct out_group *g = r->g;

	if (g->n_live == 0) {
		if (!out_pack_is_empty(&g->pack))
			out_emit_nothing(r);
		return;
	}
	packed_note(g, dest);
	if (out_pack_is_full(&g->pack))
		out_emit_changes(r);
}

void out_tell(struct out_telling *k, const struct out_route *route)
{
	struct out_group *g = k->r->g;
	struct out_route whole = *route;

	if (k->tell && !k->seen)
		out_change_begin(k->r, k->dest);
	k->seen = true;
	if (!k->tell)
		return;
	whole.key = rib_dest_get(g->table, k->dest)->key;
	out_pack_add(&g->pack, k->r->s->store, &whole);
}

/* Also of what the group does not advertise: who came from another group may have it. */
void out_lanes_note(struct out_group *g, uint32_t dest, bool withdrawn)
{
	for (struct out_lane *l = g->lanes; l; l = l->next)
		if (!out_lane_is_live(l))
			out_lane_note(l, g->table, dest, withdrawn);
}

/* For live members. */
static void change_pack(
	struct out_call *r, const struct rib_change *c, bool now, bool was_advertised)
{
	if (r->g->n_live > 0) {
		out_change_begin(r, c->dest);
		if (now)
			announce_put(r, c, was_advertised);
		else
			withdraw_put(r, c);
	}
	out_change_end(r, c->dest);
}

static void group_change(struct out_call *r, const struct rib_change *c)
{
	struct out_group *g = r->g;
	bool was_advertised = out_bits_get(&g->advertised, c->dest);
	bool now = out_group_tells(g, r->s->store, c->now);

	if (now && was_advertised && out_group_sees_same(g, r->s, c->was, c->now))
		return;
	if (g->behind)
		out_lanes_note(g, c->dest, !now);
	if (!now && !was_advertised)
		return;
	change_pack(r, c, now, was_advertised);
	if (was_advertised)
		out_group_own(g, c->was->source, c->dest, -1);
	if (now)
		out_group_own(g, c->now->source, c->dest, 1);
	if (now == was_advertised)
		return;
	if (now)
		out_bits_set(&g->advertised, c->dest);
	else
		out_bits_clear(&g->advertised, c->dest);
	g->n_advertised += now ? 1 : UINT32_MAX;
}

static void looks_change(struct out_call *r, const struct rib_change *c)
{
	if (r->g->view.add_path)
		out_paths_change(r, c->dest);
	else
		out_choice_change(r, c);
}

void out_set_change(struct out_set *s, const struct rib_change *c, out_emit_fn *emit, void *arg)
{
	if (c->table->id >= s->n_tables)
		return;
	for (struct out_group *g = s->by_table[c->table->id]; g; g = g->next) {
		struct out_call r = {.s = s, .g = g, .emit = emit, .arg = arg};
		if (g->looks)
			looks_change(&r, c);
		else if (!c->same)
			group_change(&r, c);
	}
}

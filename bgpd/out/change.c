#include "bgpd/out/change.h"

#include <stdlib.h>

#include "bgpd/out/member.h"
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
static void withdraw_put(struct out_call *r, const struct rib_change *c)
{
	const struct out_member *m = out_member_of_source(r->g, c->was->source);
	struct out_to to = out_group_but(r->g, c->was->source);

	if (m && m->lane && !m->lane->all)
		to.who = RIB_SOURCE_NONE;
	out_pack_add(&r->g->pack, r->s->store,
		&(struct out_route){.source = RIB_SOURCE_NONE,
			.to = to,
			.key = rib_dest_get(c->table, c->dest)->key});
}

/* For live members. */
static void change_pack(
	struct out_call *r, const struct rib_change *c, bool now, bool was_advertised)
{
	struct out_group *g = r->g;

	if (out_bits_get(&g->packed, c->dest))
		out_emit_changes(r);
	if (now)
		announce_put(r, c, was_advertised);
	else
		withdraw_put(r, c);
	packed_note(g, c->dest);
	if (out_pack_is_full(&g->pack))
		out_emit_changes(r);
}

/* For those that are not: also of what the group does not advertise, as who came from another group may have it. */
static void lanes_note(struct out_group *g, uint32_t dest, bool withdrawn)
{
	for (struct out_lane *l = g->lanes; l; l = l->next)
		if (!out_lane_is_live(l))
			out_lane_note(l, g->table, dest, withdrawn);
}

static void group_change(struct out_call *r, const struct rib_change *c)
{
	struct out_group *g = r->g;
	bool was_advertised = out_bits_get(&g->advertised, c->dest);
	bool now = out_group_tells(g, r->s->store, c->now);

	if (now && was_advertised && out_group_sees_same(g, r->s, c->was, c->now))
		return;
	if (g->behind)
		lanes_note(g, c->dest, !now);
	if (!now && !was_advertised)
		return;
	if (g->n_live > 0)
		change_pack(r, c, now, was_advertised);
	else if (!out_pack_is_empty(&g->pack))
		out_emit_nothing(r);
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

void out_set_change(struct out_set *s, const struct rib_change *c, out_emit_fn *emit, void *arg)
{
	if (c->table->id >= s->n_tables)
		return;
	for (struct out_group *g = s->by_table[c->table->id]; g; g = g->next)
		group_change(&(struct out_call){.s = s, .g = g, .emit = emit, .arg = arg}, c);
}

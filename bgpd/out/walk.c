#include "bgpd/out/walk.h"

#include "bgpd/out/change.h"
#include "bgpd/out/choice.h"
#include "bgpd/out/flow.h"
#include "bgpd/out/member.h"
#include "bgpd/out/paths.h"
#include "bgpd/out/told.h"

/* --- one destination --- */

static void advertised_set(struct out_group *g, uint32_t dest, uint16_t source)
{
	if (out_bits_get(&g->advertised, dest))
		return;
	out_bits_set(&g->advertised, dest); /* the first walk of a new group */
	g->n_advertised++;
	out_group_own(g, source, dest, 1);
}

static void show_withdrawal(
	struct out_call *r, struct out_lane *l, struct out_to to, const uint64_t *key)
{
	out_emit_show(r, l, &(struct out_route){.source = RIB_SOURCE_NONE, .to = to, .key = key});
}

static void show_path(
	struct out_call *r, struct out_lane *l, uint32_t dest, const struct rib_path *p)
{
	out_emit_show(r, l,
		&(struct out_route){.attrs = p->attrs,
			.source = p->source,
			.to = out_group_but(r->g, p->source),
			.key = rib_dest_get(r->g->table, dest)->key,
			.label = p->label});
}

/* A member of the lane is the source of what is now best: what it had of this destination it must forget. */
static void forget_at_source(struct out_call *r, struct out_lane *l, uint32_t dest, uint16_t source)
{
	const struct out_member *m = out_member_of_source(r->g, source);

	if (m && m->lane == l)
		show_withdrawal(r, l, (struct out_to){.scope = OUT_ONLY, .who = source},
			rib_dest_get(r->g->table, dest)->key);
}

/* again: they may have something else of it. */
static void show_chosen(struct out_call *r, struct out_lane *l, uint32_t dest, bool again)
{
	if (r->g->view.add_path)
		out_paths_show(r, l, dest, again);
	else
		out_choice_show(r, l, dest, again);
}

/* What they have of a prefix that is not advertised. */
static void forget(struct out_call *r, struct out_lane *l, const uint64_t *key)
{
	if (r->g->view.add_path)
		out_paths_forget(r, l, key);
	else
		show_withdrawal(
			r, l, (struct out_to){.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE}, key);
}

static void show(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	const struct rib_path *best = rib_dest_best(r->g->table, dest);

	if (r->g->looks) {
		show_chosen(r, l, dest, !l->all);
		return;
	}
	if (!out_group_tells(r->g, r->s->store, best))
		return;
	if (!l->all)
		forget_at_source(r, l, dest, best->source);
	show_path(r, l, dest, best);
	advertised_set(r->g, dest, best->source);
}

/* The group that they came from may have chosen otherwise, or given other identifiers: what they have is told again. */
static void show_chosen_difference(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	struct out_group *g = r->g;
	bool has = out_bits_get(&l->has, dest), was = out_bits_get(&g->advertised, dest);

	for (uint32_t i = 0; was && i < g->n_members; i++)
		if (g->members[i].lane == l)
			g->members[i].own += out_group_own_of(g, dest, g->members[i].source);
	out_bits_clear(&l->missed, dest);
	show_chosen(r, l, dest, has);
	if (out_bits_get(&g->advertised, dest)) {
		out_bits_set(&l->has, dest);
		return;
	}
	if (has)
		forget(r, l, rib_dest_get(g->table, dest)->key);
	out_bits_clear(&l->has, dest);
}

/* For who came from a group with another filter: what it has may be what it must not have now, or the other way round. */
static void show_difference(struct out_call *r, struct out_lane *l, uint32_t dest)
{
	struct out_group *g = r->g;
	const struct rib_path *best = rib_dest_best(g->table, dest);
	bool has = out_bits_get(&l->has, dest), missed = out_bits_get(&l->missed, dest);
	const struct out_to all = {.scope = OUT_EXCEPT, .who = RIB_SOURCE_NONE};

	if (g->looks) {
		show_chosen_difference(r, l, dest);
		return;
	}
	out_bits_clear(&l->missed, dest);
	if (!out_group_tells(g, r->s->store, best)) {
		if (has)
			show_withdrawal(r, l, all, rib_dest_get(g->table, dest)->key);
		out_bits_clear(&l->has, dest);
		return;
	}
	struct out_member *m = out_member_of_source(g, best->source);
	if (m && m->lane == l && out_bits_get(&g->advertised, dest))
		m->own++;
	advertised_set(g, dest, best->source);
	if (has)
		forget_at_source(r, l, dest, best->source);
	if (!has || missed)
		show_path(r, l, dest, best);
	out_bits_set(&l->has, dest);
}

/* --- walks --- */

static bool member_is_done(const struct out_member *m, uint32_t next)
{
	if (next)
		return m->wrapped && next > m->dump_from;
	return m->wrapped || m->dump_from == 0;
}

static void member_finish(struct out_call *r, struct out_member *m)
{
	if (m->eor)
		out_emit_eor(r, m);
	if (m->eorr)
		out_emit_refresh(r, m, WIRE_REFRESH_EORR);
	m->eor = m->eorr = false;
	out_member_move(r->g, m, NULL);
	r->g->flow |= m->refresh;
}

/* The walk is about to show `next` (0: it is at the end of the table). Lets go whoever has seen everything. */
static void walk_turn(struct out_call *r, struct out_lane *l, uint32_t next)
{
	struct out_group *g = r->g;

	if (g->dumping == l)
		out_emit_dump(r);
	l->stop_at = UINT32_MAX;
	for (uint32_t i = 0; i < g->n_members; i++) {
		struct out_member *m = &g->members[i];
		if (m->lane != l)
			continue;
		if (member_is_done(m, next)) {
			member_finish(r, m);
			continue;
		}
		if (next == 0)
			m->wrapped = true;
		if (m->wrapped && m->dump_from < l->stop_at)
			l->stop_at = m->dump_from;
	}
}

static uint32_t walk_next(const struct out_group *g, struct out_lane *l)
{
	uint32_t next;

	if (l->all || l->phase == OUT_DIFF)
		return rib_table_next(g->table, l->cursor);
	next = out_bits_next(&l->missed, l->cursor);
	while (next && next < g->table->dests.end &&
		!(rib_dest_get(g->table, next)->flags & RIB_DEST_LIVE))
		next = out_bits_next(&l->missed, next);
	return next < g->table->dests.end ? next : 0;
}

/* A lane that is walked to its end has no members left, but for those that begin again. */
static void walk_step(struct out_call *r, struct out_lane *l)
{
	uint32_t next = walk_next(r->g, l);

	if (next == 0 || next > l->stop_at)
		walk_turn(r, l, next);
	l->cursor = next;
	l->progress++;
	if (!next || l->n_members == 0)
		return;
	out_bits_clear(&l->missed, next);
	show(r, l, next);
}

static void diff_step(struct out_call *r, struct out_lane *l)
{
	l->cursor = walk_next(r->g, l);
	l->progress++;
	if (l->cursor)
		show_difference(r, l, l->cursor);
	else
		l->phase = OUT_LOG;
}

/* What is there again is not withdrawn: its change was noted, and its walk will show it. */
static void log_step(struct out_call *r, struct out_lane *l)
{
	struct rib_table *t = r->g->table;
	struct wire_nlri n;

	l->progress++;
	if (l->log_at == l->n_log) {
		out_emit_changes(
			r); /* for those who are live already: its members may be who it came from */
		out_lane_walk(r->s, r->g, l);
		return;
	}
	const uint64_t *key = l->log + (size_t)l->log_at++ * t->words;
	rib_key_get(t->family, key, &n);
	uint32_t dest = rib_table_find(t, &n);
	if (dest && out_bits_get(&r->g->advertised, dest)) {
		out_bits_set(&l->missed, dest);
		out_bits_set(&l->has, dest);
		return;
	}
	forget(r, l, key);
}

typedef void lane_step(struct out_call *r, struct out_lane *l);

static void lane_work(struct out_call *r, struct out_lane *l, unsigned *budget)
{
	static lane_step *const steps[] = {
		[OUT_WALK] = walk_step, [OUT_DIFF] = diff_step, [OUT_LOG] = log_step};

	for (; *budget > 0 && l->n_members > 0; --*budget) {
		enum out_phase phase = l->phase;
		steps[phase](r, l);
		if (l->phase != phase)
			out_emit_dump(r);
		if (out_pack_is_full(&r->g->dump)) {
			out_emit_dump(r);
			return; /* the other lanes' turn */
		}
	}
}

/* The next lane that has something to do takes its turn behind all others. */
static struct out_lane *lane_turn(struct out_group *g)
{
	struct out_lane **at = &g->lanes, *l;

	while (*at && (*at)->phase == OUT_WAIT)
		at = &(*at)->next;
	l = *at;
	if (!l || !l->next)
		return l;
	*at = l->next;
	l->next = NULL;
	while (*at)
		at = &(*at)->next;
	*at = l;
	return l;
}

/* A block that is begun is filled first. */
static struct out_lane *lane_pick(struct out_group *g)
{
	return out_pack_is_empty(&g->dump) ? lane_turn(g) : g->dumping;
}

bool out_walk_work(struct out_call *r, unsigned *budget)
{
	struct out_lane *l;

	while (*budget > 0 && (l = lane_pick(r->g))) {
		lane_work(r, l, budget);
		if (l->n_members == 0)
			out_lane_drop(r->s->store, r->g, l);
	}
	for (l = r->g->lanes; l; l = l->next)
		if (l->phase != OUT_WAIT)
			return true;
	return false;
}

#include "bgpd/out/refilter.h"

#include "bgpd/out/flow.h"
#include "bgpd/out/member.h"
#include "lib/check.h"

void out_set_filter(struct out_set *s, uint32_t peer, const struct out_rtfilter *f)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			struct out_member *m =
				g->view.family == WIRE_VPNV4 ? out_member_find(g, peer) : NULL;
			if (!m)
				continue;
			if (m->refilter)
				out_filter_unref(&s->filters, m->wants);
			m->wants = out_filter_get(&s->filters, f);
			m->refilter = s->refilter = true;
		}
	}
}

/* It was told nothing and announced nothing: there is no difference to tell, and nothing of its own to count. */
static bool is_fresh(const struct rib_store *st, const struct out_member *m)
{
	return m->fresh && !m->paused &&
	       (m->source == RIB_SOURCE_NONE || rib_source_get(st, m->source)->refs == 0);
}

static void member_refilter(struct out_call *r, struct out_member *m)
{
	struct out_group *from = r->g;
	struct out_group *to = out_group_find_or_add(r->s, from->table, &from->view, m->wants);
	struct out_member moved = *m;

	out_filter_unref(&r->s->filters, m->wants);
	m->wants = moved.wants = NULL;
	m->refilter = moved.refilter = false;
	if (to == from)
		return;
	bool fresh = is_fresh(r->s->store, m);
	if (!fresh)
		out_emit_changes(r);
	struct out_lane *l = fresh ? NULL : out_lane_add_difference(r->s, from, to, m);
	out_member_del(from, r->s->store, m);
	moved.lane = l;
	moved.own = 0; /* counted while it is told the difference */
	m = out_member_add(to, &moved);
	to->flow |= from->flow; /* what it wished for there */
	if (fresh)
		out_member_dump(r->s, to, m);
}

static void group_refilter(struct out_call *r)
{
	for (uint32_t i = r->g->n_members; i-- > 0;)
		if (r->g->members[i].refilter)
			member_refilter(r, &r->g->members[i]);
}

void out_refilter_work(struct out_set *s, out_emit_fn *emit, void *arg)
{
	s->refilter = false;
	for (uint32_t i = 0; i < s->n_tables; i++) {
		struct out_group **at = &s->by_table[i];
		/* new groups come in front: who was moved is not met again */
		while (*at) {
			struct out_group *g = *at;
			group_refilter(
				&(struct out_call){.s = s, .g = g, .emit = emit, .arg = arg});
			while (*at != g)
				at = &(*at)->next;
			if (!out_group_drop(s, at))
				at = &g->next;
		}
	}
}

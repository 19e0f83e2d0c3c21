#include "bgpd/out/regroup.h"

#include <stdlib.h>

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
			m->refilter = s->regroup = true;
		}
	}
}

void out_set_view(struct out_set *s, const struct out_view *v, uint32_t peer)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			struct out_member *m =
				g->view.family == v->family ? out_member_find(g, peer) : NULL;
			if (!m)
				continue;
			if (!m->wants_view)
				m->wants_view = malloc(sizeof(*m->wants_view));
			CHECK(m->wants_view != NULL);
			*m->wants_view = *v;
			s->regroup = true;
		}
	}
}

void out_member_forget_wishes(struct out_set *s, struct out_member *m)
{
	out_filter_unref(&s->filters, m->wants);
	free(m->wants_view);
	m->wants = NULL;
	m->wants_view = NULL;
	m->refilter = false;
}

/* It was told nothing and announced nothing: there is no difference to tell, and nothing of its own to count. */
static bool is_fresh(const struct rib_store *st, const struct out_member *m)
{
	return m->fresh && !m->paused &&
	       (m->source == RIB_SOURCE_NONE || rib_source_get(st, m->source)->refs == 0);
}

/* Where it belongs by what it wants, the group that it is in included. */
static struct out_group *group_wanted(struct out_call *r, const struct out_member *m)
{
	return out_group_find_or_add(r->s, r->g->table, m->wants_view ? m->wants_view : &r->g->view,
		m->refilter ? m->wants : r->g->filter);
}

static void member_regroup(struct out_call *r, struct out_member *m)
{
	struct out_group *from = r->g, *to = group_wanted(r, m);
	bool other_view = m->wants_view != NULL;
	struct out_lane *l = NULL;

	out_member_forget_wishes(r->s, m);
	if (to == from)
		return;
	bool fresh = is_fresh(r->s->store, m);
	if (!fresh) {
		out_emit_changes(r);
		l = out_lane_add_difference(r->s, from, to, m);
		if (other_view)
			out_bits_set_range(&l->missed, 1, to->table->dests.end);
	}
	struct out_member moved = *m;
	out_member_del(from, r->s->store, m);
	moved.lane = l;
	moved.own = 0; /* counted while it is told the difference */
	m = out_member_add(to, &moved);
	to->flow |= from->flow; /* what it wished for there */
	if (fresh)
		out_member_dump(r->s, to, m);
}

static void group_regroup(struct out_call *r)
{
	for (uint32_t i = r->g->n_members; i-- > 0;) {
		struct out_member *m = &r->g->members[i];
		if (m->refilter || m->wants_view)
			member_regroup(r, m);
	}
}

void out_regroup_work(struct out_set *s, out_emit_fn *emit, void *arg)
{
	s->regroup = false;
	for (uint32_t i = 0; i < s->n_tables; i++) {
		struct out_group **at = &s->by_table[i];
		/* new groups come in front: who was moved is not met again */
		while (*at) {
			struct out_group *g = *at;
			group_regroup(&(struct out_call){.s = s, .g = g, .emit = emit, .arg = arg});
			while (*at != g)
				at = &(*at)->next;
			if (!out_group_drop(s, at))
				at = &g->next;
		}
	}
}

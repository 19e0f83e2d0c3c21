#include "bgpd/out/member.h"

#include <stdlib.h>

#include "bgpd/out/change.h"
#include "bgpd/out/flow.h"
#include "bgpd/out/pathlist.h"
#include "bgpd/out/regroup.h"
#include "bgpd/out/told.h"
#include "lib/check.h"

void out_set_init(struct out_set *s, struct rib_store *st)
{
	*s = (struct out_set){.store = st, .encoder = out_encoder_new(st)};
}

static void group_free(struct out_set *s, struct out_group *g)
{
	struct rib_store *st = s->store;
	struct out_lane *next;

	for (struct out_lane *l = g->lanes; l; l = next) {
		next = l->next;
		out_lane_free(l);
	}
	out_pack_fini(&g->pack, st);
	out_pack_fini(&g->dump, st);
	out_told_fini(g, st);
	out_filter_unref(&s->filters, g->filter);
	for (uint32_t i = 0; i < g->n_members; i++)
		out_member_forget_wishes(s, &g->members[i]);
	out_pathlist_fini(&g->paths, st);
	out_bits_fini(&g->advertised);
	out_bits_fini(&g->packed);
	free(g->members);
	free(g->by_source);
	free(g->packed_list);
	free(g);
}

void out_set_fini(struct out_set *s)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		struct out_group *next;
		for (struct out_group *g = s->by_table[i]; g; g = next) {
			next = g->next;
			group_free(s, g);
		}
	}
	free(s->by_table);
	out_encoder_free(s->encoder);
	*s = (struct out_set){.store = s->store};
}

static void tables_hold(struct out_set *s, uint32_t id)
{
	if (id < s->n_tables)
		return;
	s->by_table = realloc(s->by_table, (id + 1) * sizeof(*s->by_table));
	CHECK(s->by_table != NULL);
	while (s->n_tables <= id)
		s->by_table[s->n_tables++] = NULL;
}

static void exports_list(const struct out_set *s, struct out_group *g)
{
	g->pack.listed = g->dump.listed = s->tell && g->view.family == WIRE_VPNV4;
}

void out_set_tell(struct out_set *s, out_tell_fn *fn)
{
	s->tell = fn;
	for (uint32_t i = 0; i < s->n_tables; i++)
		for (struct out_group *g = s->by_table[i]; g; g = g->next)
			exports_list(s, g);
}

struct out_group *out_group_find_or_add(
	struct out_set *s, struct rib_table *t, const struct out_view *v, struct out_filter *filter)
{
	tables_hold(s, t->id);
	for (struct out_group *g = s->by_table[t->id]; g; g = g->next)
		if (g->filter == filter && out_view_equal(&g->view, v))
			return g;
	struct out_group *g = calloc(1, sizeof(*g));
	CHECK(g != NULL);
	g->view = *v;
	g->looks = v->add_path || v->chain;
	t->report_all |= g->looks;
	g->filter = filter;
	if (filter)
		filter->refs++;
	g->table = t;
	out_pack_init(&g->pack, &g->view);
	out_pack_init(&g->dump, &g->view);
	exports_list(s, g);
	g->next = s->by_table[t->id];
	s->by_table[t->id] = g;
	return g;
}

static void by_source_set(struct out_group *g, uint16_t source, uint32_t value)
{
	if (source == RIB_SOURCE_NONE)
		return;
	if (source >= g->cap_by_source) {
		uint32_t cap = source + 16u;
		g->by_source = realloc(g->by_source, cap * sizeof(*g->by_source));
		CHECK(g->by_source != NULL);
		while (g->cap_by_source < cap)
			g->by_source[g->cap_by_source++] = 0;
	}
	g->by_source[source] = value;
}

struct out_member *out_member_add(struct out_group *g, const struct out_member *like)
{
	if (g->n_members == g->cap_members) {
		g->cap_members = g->cap_members ? g->cap_members * 2 : 4;
		g->members = realloc(g->members, g->cap_members * sizeof(*g->members));
		CHECK(g->members != NULL);
	}
	struct out_member *m = &g->members[g->n_members++];
	*m = *like;
	by_source_set(g, m->source, g->n_members);
	out_member_count(g, m, true);
	return m;
}

/* A session that takes over routes that are there already (RFC 4724 4.2): counted once, later with each change. */
static uint32_t own_count(const struct out_group *g, uint16_t source)
{
	uint32_t n = 0;

	for (uint32_t d = out_bits_next(&g->advertised, 0); d; d = out_bits_next(&g->advertised, d))
		n += out_group_own_of(g, d, source);
	return n;
}

void out_set_join(struct out_set *s, struct rib_table *t, const struct out_view *v, uint32_t peer,
	uint16_t source)
{
	struct out_group *g = out_group_find_or_add(s, t, v, NULL);

	CHECK(t->family == v->family);
	struct out_member *m = out_member_add(g, &(struct out_member){.peer = peer,
							 .source = source,
							 .eor = true,
							 .fresh = true,
							 .enhanced = v->ctx.enhanced_refresh});
	if (source != RIB_SOURCE_NONE && rib_source_get(s->store, source)->refs > 0)
		m->own = own_count(g, source);
	out_member_dump(s, g, m);
}

struct out_member *out_member_find(const struct out_group *g, uint32_t peer)
{
	for (uint32_t i = 0; i < g->n_members; i++)
		if (g->members[i].peer == peer)
			return &g->members[i];
	return NULL;
}

void out_member_del(struct out_group *g, struct rib_store *st, struct out_member *m)
{
	uint32_t at = (uint32_t)(m - g->members);

	out_member_count(g, m, false);
	if (m->lane && m->lane->n_members == 0)
		out_lane_drop(st, g, m->lane);
	by_source_set(g, m->source, 0);
	g->n_members--;
	if (at == g->n_members)
		return;
	g->members[at] = g->members[g->n_members];
	by_source_set(g, g->members[at].source, at + 1);
}

static void report_update(const struct out_set *s, struct rib_table *t)
{
	t->report_all = false;
	for (const struct out_group *g = s->by_table[t->id]; g; g = g->next)
		t->report_all |= g->looks;
}

/* Frees the group at *at if it is empty; true if it was. */
bool out_group_drop(struct out_set *s, struct out_group **at)
{
	struct out_group *g = *at;

	if (g->n_members > 0)
		return false;
	*at = g->next;
	if (g->looks)
		report_update(s, g->table);
	group_free(s, g);
	return true;
}

void out_set_leave(struct out_set *s, uint32_t peer)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		struct out_group **at = &s->by_table[i];
		while (*at) {
			struct out_group *g = *at;
			struct out_member *m = out_member_find(g, peer);
			if (m) {
				out_member_forget_wishes(s, m);
				out_member_del(g, s->store, m);
			}
			if (!out_group_drop(s, at))
				at = &g->next;
		}
	}
}

static void full_set(struct out_set *s, uint32_t peer, bool full)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			struct out_member *m = out_member_find(g, peer);
			if (!m)
				continue;
			m->full = full;
			g->flow = true;
		}
	}
}

void out_set_pause(struct out_set *s, uint32_t peer)
{
	full_set(s, peer, true);
}

void out_set_resume(struct out_set *s, uint32_t peer)
{
	full_set(s, peer, false);
}

bool out_set_refresh(struct out_set *s, uint32_t peer, enum wire_family f)
{
	bool found = false;

	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			struct out_member *m =
				g->view.family == f ? out_member_find(g, peer) : NULL;
			if (!m)
				continue;
			m->refresh = g->flow = found = true;
		}
	}
	return found;
}

bool out_set_is_settled(const struct out_set *s, uint32_t peer)
{
	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (const struct out_group *g = s->by_table[i]; g; g = g->next) {
			const struct out_member *m = out_member_find(g, peer);
			if (m && (m->lane || m->full || m->paused || m->refresh || m->refilter ||
					 m->wants_view))
				return false;
		}
	}
	return true;
}

uint32_t out_set_count(const struct out_set *s, uint32_t peer, enum wire_family f)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (const struct out_group *g = s->by_table[i]; g; g = g->next) {
			const struct out_member *m =
				g->view.family == f ? out_member_find(g, peer) : NULL;
			if (m)
				n += g->n_advertised - m->own;
		}
	}
	return n;
}

#include "bgpd/out/flow.h"

#include "bgpd/out/member.h"
#include "lib/check.h"

#define GRACE_MS   400	/* for receivers that became full together to drain together */
#define LOG_SHARED 1024 /* withdrawals at most that a lane makes who joins it hear for nothing */

static void behind_update(struct out_group *g)
{
	g->behind = false;
	for (const struct out_lane *l = g->lanes; l; l = l->next)
		g->behind |= !out_lane_is_live(l);
}

static struct out_lane *lane_add(struct out_set *s, struct out_group *g, enum out_phase phase)
{
	struct out_lane *l = out_lane_new(phase, ++s->lane_id);

	l->born_ms = s->now_ms;
	l->next = g->lanes;
	g->lanes = l;
	behind_update(g);
	return l;
}

void out_lane_drop(struct rib_store *st, struct out_group *g, struct out_lane *l)
{
	struct out_lane **at = &g->lanes;

	CHECK(l->n_members == 0);
	if (g->dumping == l) {
		out_pack_drop(&g->dump, st);
		g->dumping = NULL;
	}
	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	out_lane_free(l);
	behind_update(g);
}

static void lane_count(struct out_group *g, struct out_member *m, int by)
{
	struct out_lane *l = m->lane;

	if (out_lane_is_live(l))
		g->n_live += (uint32_t)by;
	if (!l)
		return;
	l->n_members += (uint32_t)by;
	if (m->paused)
		l->n_paused += (uint32_t)by;
}

void out_member_move(struct out_group *g, struct out_member *m, struct out_lane *l)
{
	lane_count(g, m, -1);
	m->lane = l;
	lane_count(g, m, 1);
}

void out_member_count(struct out_group *g, struct out_member *m, bool in)
{
	lane_count(g, m, in ? 1 : -1);
}

static bool is_whole_walk(const struct out_lane *l)
{
	return l->phase == OUT_WALK && l->all;
}

void out_member_dump(struct out_set *s, struct out_group *g, struct out_member *m)
{
	struct out_lane *l = g->lanes;

	while (l && !is_whole_walk(l))
		l = l->next;
	if (!l) {
		l = lane_add(s, g, OUT_WALK);
		l->all = true;
	}
	m->refresh = m->wrapped = false;
	m->dump_from = l->cursor;
	out_member_move(g, m, l);
}

void out_lane_walk(struct out_set *s, struct out_group *g, struct out_lane *l)
{
	(void)s;
	out_bits_fini(&l->has);
	l->n_log = l->log_at = 0;
	l->phase = OUT_WALK;
	l->cursor = 0;
	g->n_live += l->n_members;
	for (uint32_t i = 0; i < g->n_members; i++)
		if (g->members[i].lane == l) {
			g->members[i].wrapped = false;
			g->members[i].dump_from = 0;
		}
	behind_update(g);
}

/* --- pause --- */

/* What m has not yet been shown of a walk of everything. */
static void unseen_add(struct out_lane *to, const struct out_group *g, const struct out_member *m)
{
	uint32_t at = m->lane->cursor + 1, end = g->table->dests.end;

	if (m->wrapped) {
		out_bits_set_range(&to->missed, at, m->dump_from + 1);
		return;
	}
	out_bits_set_range(&to->missed, at, end);
	out_bits_set_range(&to->missed, 1, m->dump_from + 1);
}

/* What a lane must know of m, who now stops being in the one that it is in. */
static void state_add(struct out_group *g, const struct out_member *m, struct out_lane *to)
{
	const struct out_lane *l = m->lane;

	if (out_lane_is_live(l))
		out_bits_add(&to->has, &g->advertised);
	if (!l)
		return;
	if (l->phase == OUT_WALK && l->all)
		unseen_add(to, g, m);
	else
		out_lane_add(to, l, g->table);
}

struct out_lane *out_lane_add_difference(
	struct out_set *s, struct out_group *from, struct out_group *to, const struct out_member *m)
{
	struct out_lane *l = lane_add(s, to, m->paused ? OUT_WAIT : OUT_DIFF);

	l->then = OUT_DIFF;
	l->noted = true;
	state_add(from, m, l);
	return l;
}

static bool lane_takes(const struct out_call *r, const struct out_lane *l)
{
	return l->phase == OUT_WAIT && l->then == OUT_LOG &&
	       r->s->now_ms - l->born_ms <= GRACE_MS && l->n_log <= LOG_SHARED;
}

/* Receivers that read equally well become full together: they wait together, and later cost one encoding. */
static struct out_lane *wait_find(const struct out_call *r, const struct out_member *m)
{
	struct out_lane *l = r->g->lanes;

	if (m->lane && out_lane_then(m->lane) == OUT_DIFF)
		return NULL;
	while (l && !lane_takes(r, l))
		l = l->next;
	return l;
}

static bool is_same_state(const struct out_lane *wait, const struct out_member *m)
{
	if (wait->noted || wait->n_members == 0)
		return false;
	if (!m->lane)
		return wait->parent == 0;
	return !m->lane->all && wait->parent == m->lane->id && wait->progress == m->lane->progress;
}

static void member_pause(struct out_call *r, struct out_member *m)
{
	struct out_lane *l = m->lane, *wait;

	if (l && l->phase == OUT_WAIT) {
		l->n_paused++;
		m->paused = true;
		return;
	}
	out_emit_changes(r);
	wait = wait_find(r, m);
	if (!wait) {
		wait = lane_add(r->s, r->g, OUT_WAIT);
		wait->parent = l ? l->id : 0;
		wait->progress = l ? l->progress : 0;
	}
	if (!is_same_state(wait, m))
		state_add(r->g, m, wait);
	if (l && l->phase == OUT_DIFF) {
		wait->then = OUT_DIFF;
		wait->cursor = l->cursor;
	}
	lane_count(r->g, m, -1);
	m->paused = true;
	m->lane = wait;
	lane_count(r->g, m, 1);
	if (l && l->n_members == 0)
		out_lane_drop(r->s->store, r->g, l);
}

static void member_resume(struct out_call *r, struct out_member *m)
{
	struct out_lane *l = m->lane;

	m->paused = false;
	l->n_paused--;
	if (!l->draining) {
		l->draining = true;
		l->drained_ms = r->s->now_ms;
	}
}

/* --- what waits --- */

/* The others have had their time: those that are still full get a lane of their own. */
static void lane_split(struct out_call *r, struct out_lane *l)
{
	struct out_group *g = r->g;
	struct out_lane *late = lane_add(r->s, g, OUT_WAIT);

	late->then = l->then;
	late->cursor = l->cursor;
	late->noted = true;
	out_lane_add(late, l, g->table);
	for (uint32_t i = 0; i < g->n_members; i++)
		if (g->members[i].lane == l && g->members[i].paused)
			out_member_move(g, &g->members[i], late);
}

static void lane_wait(struct out_call *r, struct out_lane *l)
{
	if (l->n_paused == l->n_members) {
		l->draining = false;
		return; /* nobody can take more */
	}
	if (l->n_paused > 0 && r->s->now_ms - l->drained_ms < GRACE_MS)
		return;
	if (l->n_paused > 0)
		lane_split(r, l);
	l->draining = false;
	l->phase = l->then;
}

/* --- wishes --- */

static void refresh_begin(struct out_call *r, struct out_member *m)
{
	if (m->lane && !is_whole_walk(m->lane))
		return; /* when it has been told what it is being told */
	if (m->enhanced)
		out_emit_refresh(r, m, WIRE_REFRESH_BORR);
	m->eorr = m->enhanced;
	out_member_dump(r->s, r->g, m);
}

static void member_flow(struct out_call *r, struct out_member *m)
{
	if (m->full && !m->paused)
		member_pause(r, m);
	else if (!m->full && m->paused)
		member_resume(r, m);
	if (m->refresh)
		refresh_begin(r, m);
}

void out_flow_work(struct out_call *r)
{
	struct out_group *g = r->g;
	struct out_lane *next;

	if (g->flow) {
		g->flow = false;
		for (uint32_t i = 0; i < g->n_members; i++)
			member_flow(r, &g->members[i]);
	}
	for (struct out_lane *l = g->lanes; l; l = next) {
		next = l->next;
		if (l->n_members == 0)
			out_lane_drop(r->s->store, g, l);
		else if (l->phase == OUT_WAIT)
			lane_wait(r, l);
	}
}

#include "bgpd/core/longlived.h"

#include "bgpd/core/feed.h"
#include "bgpd/core/import.h"
#include "bgpd/policy/lists.h"
#include "bgpd/rib/memo.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/comm.h"

#define COMMUNITIES_OCTETS (1 << 17) /* an arena for the longest list, once more */

uint32_t core_longlived_s(const struct core_peer *p, enum wire_family f)
{
	const struct wire_restart *theirs = &p->fsm.open.restart;
	uint32_t ours_s = p->conf->restart.long_lived_s;

	if (!theirs->sent || !theirs->long_lived || !(theirs->ll_families & WIRE_FAMILY_BIT(f)))
		return 0;
	return theirs->ll_stale_s[f] < ours_s ? theirs->ll_stale_s[f] : ours_s;
}

uint32_t core_longlived_families(const struct core_peer *p)
{
	uint32_t families = 0;

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (core_longlived_s(p, f))
			families |= WIRE_FAMILY_BIT(f);
	return families & p->fsm.ctx.families;
}

void core_longlived_begin(struct router *r, struct core_peer *p)
{
	p->restart.walk = (struct core_walk){.on = true};
	r->longlived = true;
}

struct rib_attrset *core_longlived_mark(
	struct rib_store *st, const struct rib_attrset *from, struct rib_attrset *received)
{
	struct rib_attrset *to = NULL;
	struct wire_attrs a;
	struct arena arena;

	rib_attrset_view(from, &a);
	if (wire_attrs_has(&a, WIRE_ATTR_COMMUNITIES) &&
		wire_comm_has(a.communities, WIRE_COMM_NO_LLGR))
		return NULL;
	arena_init(&arena, COMMUNITIES_OCTETS);
	if (pol_comm_add(&a, WIRE_COMM_LLGR_STALE, &arena))
		to = rib_store_get_attrs_edited(st, &a, received);
	arena_fini(&arena);
	return to;
}

struct marking { /* of one destination */
	struct rib_table *t;
	struct rib_memo *memo;
	uint16_t source;
	bool judged; /* its routes go through a chain, which may be asked again: core/import */
};

/* NULL: the path must go. One reference for the memo, borrowed from there. */
static struct rib_attrset *marked(const struct marking *m, struct rib_attrset *from)
{
	struct rib_store *st = m->t->store;
	struct rib_attrset *to = rib_memo_find(m->memo, from);

	if (to)
		return to;
	to = core_longlived_mark(st, from, m->judged ? rib_attrset_received(from) : NULL);
	return to ? rib_memo_add(m->memo, st, from, to) : NULL;
}

static bool is_meant(const struct marking *m, const struct rib_path *p)
{
	return p->source == m->source && !(p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED)) &&
	       !p->attrs->last_resort && rib_stale_path(m->t, p);
}

/* One path of those meant, as long as there is one: replacing it makes it another. */
static bool mark_one(const struct marking *m, uint32_t dest)
{
	struct rib_path *p = rib_dest_paths(m->t, dest);
	struct wire_nlri n;

	while (p && !is_meant(m, p))
		p = rib_path_next(m->t, p);
	if (!p)
		return false;
	struct rib_route route = {.attrs = marked(m, p->attrs),
		.source = p->source,
		.flags = p->flags & (RIB_PATH_PRIVATE | RIB_PATH_BLACKHOLE | RIB_PATH_REJECTED),
		.label = p->label,
		.id = p->id};

	rib_dest_nlri(m->t, dest, &n);
	if (route.attrs)
		rib_stale_amend(m->t, &n, &route);
	else
		(void)rib_table_del(m->t, &n, &route);
	return true;
}

/* The next destination of the walk; its table is NULL when the family has none any more. */
static struct rib_table *walk_next(struct router *r, struct core_peer *p)
{
	struct core_walk *w = &p->restart.walk;
	struct rib_table *t;

	if (!(p->restart.families & WIRE_FAMILY_BIT(w->family)))
		return NULL;
	t = core_feed_table(r, p, w->family);
	w->dest = t ? rib_table_next(t, w->dest) : 0;
	return w->dest ? t : NULL;
}

static void walk_work(struct router *r, struct core_peer *p, unsigned *budget)
{
	struct core_walk *w = &p->restart.walk;
	struct rib_memo memo = {0};

	for (; *budget > 0 && w->on; --*budget) {
		struct marking m = {.t = walk_next(r, p),
			.memo = &memo,
			.source = p->restart.source,
			.judged = core_import_is_on(p, w->family)};

		while (m.t && mark_one(&m, w->dest))
			continue;
		if (m.t)
			continue;
		w->dest = 0;
		w->on = ++w->family < WIRE_FAMILIES;
	}
	rib_memo_fini(&memo, r->store);
}

bool core_longlived_work(struct router *r, unsigned *budget)
{
	bool left = false;

	if (!r->longlived)
		return false;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (p->restart.phase == CORE_RESTART_NONE)
			p->restart.walk.on = false;
		if (p->restart.walk.on)
			walk_work(r, p, budget);
		left |= p->restart.walk.on;
	}
	r->longlived = left;
	return left;
}

#include "bgpd/rib/best.h"

#include "bgpd/rib/store.h"
#include "lib/check.h"

#define LOCAL_PREF_DEFAULT 100

static const struct rib_source *path_source(const struct rib_table *t, const struct rib_path *p)
{
	return &t->store->sources[p->source];
}

bool rib_path_is_eligible(const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *s = path_source(t, p);

	if (p->flags & RIB_PATH_GONE || s->down)
		return false;
	return !s->track || (p->attrs->nexthop && p->attrs->nexthop->reachable);
}

/* --- what each step looks at; the lower value stays --- */

static uint64_t rank_forwardable(const struct rib_table *t, const struct rib_path *p)
{
	return (p->flags & RIB_PATH_LEAKED) != 0;
}

static uint64_t rank_kind(const struct rib_table *t, const struct rib_path *p)
{
	enum rib_source_kind k = path_source(t, p)->kind;

	return k < RIB_PEER ? k : RIB_PEER;
}

static uint64_t rank_local_pref(const struct rib_table *t, const struct rib_path *p)
{
	bool has = p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);

	return UINT32_MAX - (has ? p->attrs->local_pref : LOCAL_PREF_DEFAULT);
}

static uint64_t rank_as_path(const struct rib_table *t, const struct rib_path *p)
{
	return p->attrs->as_path_len;
}

static uint64_t rank_origin(const struct rib_table *t, const struct rib_path *p)
{
	return p->attrs->origin;
}

static uint64_t rank_ebgp(const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *s = path_source(t, p);

	return s->kind != RIB_PEER ? 0 : s->ebgp ? 1 : 2;
}

static uint64_t rank_metric(const struct rib_table *t, const struct rib_path *p)
{
	return path_source(t, p)->track ? p->attrs->nexthop->metric : 0;
}

static uint64_t rank_router_id(const struct rib_table *t, const struct rib_path *p)
{
	if (p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID))
		return p->attrs->originator_id;
	return path_source(t, p)->router_id;
}

static uint64_t rank_cluster_list(const struct rib_table *t, const struct rib_path *p)
{
	return p->attrs->len[RIB_LIST_CLUSTER_LIST];
}

struct best_rank {
	enum rib_step step;
	uint64_t (*of)(const struct rib_table *t, const struct rib_path *p);
};

static const struct best_rank before_med[] = {
	{RIB_STEP_FORWARDABLE, rank_forwardable},
	{RIB_STEP_KIND, rank_kind},
	{RIB_STEP_LOCAL_PREF, rank_local_pref},
	{RIB_STEP_AS_PATH, rank_as_path},
	{RIB_STEP_ORIGIN, rank_origin},
};

static const struct best_rank after_med[] = {
	{RIB_STEP_EBGP, rank_ebgp},
	{RIB_STEP_METRIC, rank_metric},
	{RIB_STEP_ROUTER_ID, rank_router_id},
	{RIB_STEP_CLUSTER_LIST, rank_cluster_list},
};

static int u64_cmp(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* < 0: a stays, > 0: b stays, 0: these steps do not tell them apart. *step: the one that did. */
static int ranks_cmp(const struct best_rank *ranks, size_t n, const struct rib_table *t,
	const struct rib_path *a, const struct rib_path *b, enum rib_step *step)
{
	for (size_t i = 0; i < n; i++) {
		int c = u64_cmp(ranks[i].of(t, a), ranks[i].of(t, b));
		if (c) {
			*step = ranks[i].step;
			return c;
		}
	}
	return 0;
}

/* Destination numbers depend on the order of arrival; the VPN routes' keys do not. */
static int path_id_cmp(
	const struct rib_table *t, const struct rib_path *a, const struct rib_path *b)
{
	if (t->import_from && a->flags & b->flags & RIB_PATH_IMPORTED) {
		const struct rib_dest *x = rib_dest_get(t->import_from, a->id);
		const struct rib_dest *y = rib_dest_get(t->import_from, b->id);
		return u64_cmp(x->key[0], y->key[0]);
	}
	int c = u64_cmp(a->id, b->id);
	return c ? c : u64_cmp(a->source, b->source);
}

static int early_cmp(const struct rib_table *t, const struct rib_path *a, const struct rib_path *b,
	enum rib_step *step)
{
	return ranks_cmp(before_med, ARRAY_LEN(before_med), t, a, b, step);
}

static int late_cmp(const struct rib_table *t, const struct rib_path *a, const struct rib_path *b,
	enum rib_step *step)
{
	int c = ranks_cmp(after_med, ARRAY_LEN(after_med), t, a, b, step);
	if (c)
		return c;
	*step = RIB_STEP_PEER_ADDRESS;
	c = ip_addr_cmp(&path_source(t, a)->addr, &path_source(t, b)->addr);
	if (c)
		return c;
	*step = RIB_STEP_PATH_ID;
	return path_id_cmp(t, a, b);
}

/* RFC 4271 9.1.2.2 c: some candidate of the same neighbouring AS has a lower MED. lead: any candidate. */
static bool loses_by_med(const struct rib_table *t, uint32_t dest, const struct rib_path *lead,
	const struct rib_path *p)
{
	enum rib_step step;

	if (p->attrs->med == 0)
		return false;
	for (const struct rib_path *q = rib_dest_paths(t, dest); q; q = rib_path_next(t, q)) {
		if (q->attrs->neighbour_as == p->attrs->neighbour_as &&
			q->attrs->med < p->attrs->med && rib_path_is_eligible(t, q) &&
			early_cmp(t, q, lead, &step) == 0)
			return true;
	}
	return false;
}

/* Step by which p goes, seen from the winner: RIB_STEP_NONE for the winner itself. */
static enum rib_step step_of_loss(const struct rib_table *t, uint32_t dest,
	const struct rib_path *winner, const struct rib_path *p)
{
	enum rib_step step = RIB_STEP_NONE;

	if (p == winner)
		return RIB_STEP_NONE;
	if (!rib_path_is_eligible(t, p))
		return RIB_STEP_UNREACHABLE;
	if (early_cmp(t, winner, p, &step) != 0)
		return step;
	if (loses_by_med(t, dest, winner, p))
		return RIB_STEP_MED;
	late_cmp(t, winner, p, &step);
	return step;
}

static enum rib_step last_step(
	const struct rib_table *t, uint32_t dest, const struct rib_path *winner)
{
	enum rib_step last = RIB_STEP_ONLY;

	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		enum rib_step step = step_of_loss(t, dest, winner, p);
		if (step != RIB_STEP_UNREACHABLE && step > last)
			last = step;
	}
	return last;
}

struct rib_path *rib_best_find(const struct rib_table *t, uint32_t dest, enum rib_step *step)
{
	struct rib_path *lead = NULL, *best = NULL;
	unsigned eligible = 0;
	enum rib_step s;

	for (struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		if (!rib_path_is_eligible(t, p))
			continue;
		eligible++;
		if (!lead || early_cmp(t, p, lead, &s) < 0)
			lead = p;
	}
	*step = eligible ? RIB_STEP_ONLY : RIB_STEP_NONE;
	if (eligible <= 1)
		return lead;
	for (struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		if (!rib_path_is_eligible(t, p) || early_cmp(t, p, lead, &s) != 0 ||
			loses_by_med(t, dest, lead, p))
			continue;
		if (!best || late_cmp(t, p, best, &s) < 0)
			best = p;
	}
	CHECK(best != NULL); /* no step removes every candidate */
	*step = last_step(t, dest, best);
	return best;
}

enum rib_step rib_best_why_not(const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	enum rib_step step;
	struct rib_path *best = rib_best_find(t, dest, &step);

	return best ? step_of_loss(t, dest, best, p) : RIB_STEP_UNREACHABLE;
}

const char *rib_step_name(enum rib_step s)
{
	static const char *const names[RIB_STEPS] = {
		[RIB_STEP_NONE] = "no usable path",
		[RIB_STEP_ONLY] = "only path",
		[RIB_STEP_UNREACHABLE] = "next hop unreachable",
		[RIB_STEP_FORWARDABLE] = "cannot be forwarded",
		[RIB_STEP_KIND] = "connected and static first",
		[RIB_STEP_LOCAL_PREF] = "local preference",
		[RIB_STEP_AS_PATH] = "AS path length",
		[RIB_STEP_ORIGIN] = "origin",
		[RIB_STEP_MED] = "MED",
		[RIB_STEP_EBGP] = "eBGP over iBGP",
		[RIB_STEP_METRIC] = "IGP metric",
		[RIB_STEP_ROUTER_ID] = "router id",
		[RIB_STEP_CLUSTER_LIST] = "cluster list length",
		[RIB_STEP_PEER_ADDRESS] = "peer address",
		[RIB_STEP_PATH_ID] = "path id",
	};

	CHECK(s < RIB_STEPS);
	return names[s];
}

#include "bgpd/rib/best.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib/store.h"
#include "lib/check.h"

#define LOCAL_PREF_DEFAULT 100
#define MED_FEW		   32 /* paths that are compared each with each */

static const struct rib_source *path_source(const struct rib_table *t, const struct rib_path *p)
{
	return &t->store->sources[p->source];
}

bool rib_path_is_eligible(const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *s = path_source(t, p);

	if (p->flags & (RIB_PATH_GONE | RIB_PATH_REJECTED) || s->down)
		return false;
	return !rib_table_tracks(t, p->source) ||
	       (p->attrs->nexthop && p->attrs->nexthop->reachable);
}

/*
 * What each step looks at, as bits of a number, the first step highest: the lower value stays. So one comparison takes
 * many steps, and the highest bit that differs says which of them it was.
 */
struct best_field {
	enum rib_step step;
	unsigned bits;
};

static const struct best_field early_fields[] = {
	{RIB_STEP_FORWARDABLE, 1},
	{RIB_STEP_KIND, 2},
	{RIB_STEP_LONG_LIVED, 1},
	{RIB_STEP_LOCAL_PREF, 32},
	{RIB_STEP_AS_PATH, 16},
	{RIB_STEP_ORIGIN, 2},
};

static const struct best_field metric_fields[] = {
	{RIB_STEP_EBGP, 2},
	{RIB_STEP_METRIC, 32},
};

static const struct best_field id_fields[] = {
	{RIB_STEP_ROUTER_ID, 32},
	{RIB_STEP_CLUSTER_LIST, 16},
};

/*
 * RT membership of another internal neighbour than a client comes last: a client's is what the others are to hear of
 * (RFC 4684 3.2), and nothing is forwarded to where it comes from.
 */
static uint64_t kind_rank(const struct rib_table *t, const struct rib_source *s)
{
	if (s->kind < RIB_PEER)
		return s->kind;
	bool last = t->family == WIRE_RT_CONSTRAINT && !s->ebgp && !s->reflector_client;
	return RIB_PEER + last;
}

static uint32_t local_pref_of(const struct rib_path *p)
{
	bool has = p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);

	return has ? p->attrs->local_pref : LOCAL_PREF_DEFAULT;
}

/* The steps before MED: early_fields. */
static uint64_t early_key(const struct rib_table *t, const struct rib_path *p)
{
	uint64_t k = (p->flags & RIB_PATH_LEAKED) != 0;

	k = k << 2 | kind_rank(t, path_source(t, p));
	k = k << 1 | p->attrs->last_resort;
	k = k << 32 | (UINT32_MAX - local_pref_of(p));
	k = k << 16 | p->attrs->as_path_len;
	return k << 2 | (p->attrs->origin & 3u);
}

static uint64_t metric_key(const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *s = path_source(t, p);
	uint64_t k = s->kind != RIB_PEER ? 0 : s->ebgp ? 1 : 2;

	return k << 32 | (rib_table_tracks(t, p->source) ? p->attrs->nexthop->metric : 0);
}

static uint64_t id_key(const struct rib_table *t, const struct rib_path *p)
{
	bool reflected = p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
	uint64_t k = reflected ? p->attrs->originator_id : path_source(t, p)->router_id;

	return k << 16 | p->attrs->len[RIB_LIST_CLUSTER_LIST];
}

static int u64_cmp(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The step that tells two different keys of these fields apart. */
static enum rib_step fields_step(const struct best_field *f, size_t n, uint64_t a, uint64_t b)
{
	uint64_t differ = a ^ b;

	while (n > 1 && differ >> f[n - 1].bits)
		differ >>= f[--n].bits;
	return f[n - 1].step;
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

/* < 0: a stays, > 0: b stays. *step: the one that did it. */
static int late_cmp(const struct rib_table *t, const struct rib_path *a, const struct rib_path *b,
	enum rib_step *step)
{
	uint64_t x = metric_key(t, a), y = metric_key(t, b);

	if (x != y) {
		*step = fields_step(metric_fields, ARRAY_LEN(metric_fields), x, y);
		return u64_cmp(x, y);
	}
	x = id_key(t, a);
	y = id_key(t, b);
	if (x != y) {
		*step = fields_step(id_fields, ARRAY_LEN(id_fields), x, y);
		return u64_cmp(x, y);
	}
	*step = RIB_STEP_PEER_ADDRESS;
	int c = ip_addr_cmp(&path_source(t, a)->addr, &path_source(t, b)->addr);
	if (c)
		return c;
	*step = RIB_STEP_PATH_ID;
	return path_id_cmp(t, a, b);
}

/*
 * The MEDs of all candidates, by neighbouring AS, ascending. Remote PEs decide how many routes of a prefix a VRF imports:
 * beyond MED_FEW they are not compared each with each. NULL: they are.
 */
struct best_meds {
	uint64_t *list; /* neighbour_as, med */
	uint32_t n;
};

static uint64_t med_key(const struct rib_path *p)
{
	return (uint64_t)p->attrs->neighbour_as << 32 | p->attrs->med;
}

static int med_key_cmp(const void *a, const void *b)
{
	return u64_cmp(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* n: eligible paths. */
static struct best_meds meds_list(
	const struct rib_table *t, const struct rib_path *first, uint64_t early, unsigned n)
{
	struct best_meds m = {.list = malloc(n * sizeof(*m.list))};

	CHECK(m.list != NULL);
	for (const struct rib_path *p = first; p; p = rib_path_next(t, p))
		if (rib_path_is_eligible(t, p) && early_key(t, p) == early)
			m.list[m.n++] = med_key(p);
	qsort(m.list, m.n, sizeof(*m.list), med_key_cmp);
	return m;
}

/* The lowest of p's AS, which is no higher than p's own: p is a candidate. */
static uint64_t meds_lowest(const struct best_meds *m, const struct rib_path *p)
{
	uint64_t from = (uint64_t)p->attrs->neighbour_as << 32;
	uint32_t low = 0, high = m->n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (m->list[mid] < from)
			low = mid + 1;
		else
			high = mid;
	}
	CHECK(low < m->n);
	return m->list[low];
}

/* RFC 4271 9.1.2.2 c: some candidate of the same neighbouring AS has a lower MED. early: the key of the candidates. */
static bool loses_by_med(const struct rib_table *t, const struct rib_path *first, uint64_t early,
	const struct best_meds *m, const struct rib_path *p)
{
	if (p->attrs->med == 0)
		return false;
	if (m->list)
		return meds_lowest(m, p) < med_key(p);
	for (const struct rib_path *q = first; q; q = rib_path_next(t, q)) {
		if (q->attrs->neighbour_as == p->attrs->neighbour_as &&
			q->attrs->med < p->attrs->med && rib_path_is_eligible(t, q) &&
			early_key(t, q) == early)
			return true;
	}
	return false;
}

/* Step by which p goes, seen from the winner: RIB_STEP_NONE for the winner itself. */
static enum rib_step step_of_loss(const struct rib_table *t, const struct rib_path *first,
	const struct best_meds *m, const struct rib_path *winner, const struct rib_path *p)
{
	uint64_t early = early_key(t, winner), own;
	enum rib_step step;

	if (p == winner)
		return RIB_STEP_NONE;
	if (!rib_path_is_eligible(t, p))
		return RIB_STEP_UNREACHABLE;
	own = early_key(t, p);
	if (own != early)
		return fields_step(early_fields, ARRAY_LEN(early_fields), early, own);
	if (loses_by_med(t, first, early, m, p))
		return RIB_STEP_MED;
	late_cmp(t, winner, p, &step);
	return step;
}

static enum rib_step last_step(const struct rib_table *t, const struct rib_path *first,
	const struct best_meds *m, const struct rib_path *winner)
{
	enum rib_step last = RIB_STEP_ONLY;

	for (const struct rib_path *p = first; p; p = rib_path_next(t, p)) {
		enum rib_step step = step_of_loss(t, first, m, winner, p);
		if (step != RIB_STEP_UNREACHABLE && step > last)
			last = step;
	}
	return last;
}

struct best_lead {	       /* what the first pass over the paths finds */
	struct rib_path *path; /* the best, were there no MED */
	uint64_t early;
	unsigned eligible;
	bool meds; /* one of those that are equal before MED has one */
};

static struct best_lead lead_find(const struct rib_table *t, struct rib_path *first)
{
	struct best_lead l = {0};
	enum rib_step s;

	for (struct rib_path *p = first; p; p = rib_path_next(t, p)) {
		if (!rib_path_is_eligible(t, p))
			continue;
		uint64_t early = early_key(t, p);
		l.eligible++;
		if (!l.path || early < l.early) {
			l.path = p;
			l.early = early;
			l.meds = p->attrs->med != 0;
		} else if (early == l.early) {
			l.meds |= p->attrs->med != 0;
			if (late_cmp(t, p, l.path, &s) < 0)
				l.path = p;
		}
	}
	return l;
}

static struct rib_path *best_by_med(const struct rib_table *t, struct rib_path *first,
	uint64_t early, const struct best_meds *m)
{
	struct rib_path *best = NULL;
	enum rib_step s;

	for (struct rib_path *p = first; p; p = rib_path_next(t, p)) {
		if (!rib_path_is_eligible(t, p) || early_key(t, p) != early ||
			loses_by_med(t, first, early, m, p))
			continue;
		if (!best || late_cmp(t, p, best, &s) < 0)
			best = p;
	}
	CHECK(best != NULL); /* no step removes every candidate */
	return best;
}

struct rib_path *rib_best_among(
	const struct rib_table *t, struct rib_path *first, enum rib_step *step)
{
	*step = RIB_STEP_NONE;
	if (!first)
		return NULL;
	if (first->next == RIB_SLAB_NONE) { /* most destinations */
		if (!rib_path_is_eligible(t, first))
			return NULL;
		*step = RIB_STEP_ONLY;
		return first;
	}
	struct best_lead l = lead_find(t, first);
	if (l.eligible == 0)
		return NULL;
	struct best_meds meds = {0};
	if (l.meds && l.eligible > MED_FEW)
		meds = meds_list(t, first, l.early, l.eligible);
	if (l.meds && l.eligible > 1)
		l.path = best_by_med(t, first, l.early, &meds);
	*step = l.eligible > 1 ? last_step(t, first, &meds, l.path) : RIB_STEP_ONLY;
	free(meds.list);
	return l.path;
}

struct rib_path *rib_best_find(const struct rib_table *t, uint32_t dest, enum rib_step *step)
{
	return rib_best_among(t, rib_dest_paths(t, dest), step);
}

int rib_path_cmp(const struct rib_table *t, const struct rib_path *a, const struct rib_path *b)
{
	uint64_t x = early_key(t, a), y = early_key(t, b);
	enum rib_step step;

	if (x != y)
		return u64_cmp(x, y);
	if (a->attrs->neighbour_as == b->attrs->neighbour_as && a->attrs->med != b->attrs->med)
		return u64_cmp(a->attrs->med, b->attrs->med);
	return late_cmp(t, a, b, &step);
}

/* Without MED all steps together are an order. */
static int order_cmp(const void *a, const void *b, void *table)
{
	const struct rib_path *x = *(const struct rib_path *const *)a;
	const struct rib_path *y = *(const struct rib_path *const *)b;
	uint64_t k = early_key(table, x), l = early_key(table, y);
	enum rib_step step;

	return k != l ? u64_cmp(k, l) : late_cmp(table, x, y, &step);
}

/* Of paths that are equal before it: by neighbouring AS, by MED, by what comes after it. */
static int order_med_cmp(const void *a, const void *b, void *table)
{
	const struct rib_path *x = *(const struct rib_path *const *)a;
	const struct rib_path *y = *(const struct rib_path *const *)b;
	uint64_t k = med_key(x), l = med_key(y);
	enum rib_step step;

	return k != l ? u64_cmp(k, l) : late_cmp(table, x, y, &step);
}

/* They stand in runs, one an AS: the best of the runs' first ones is next. */
static void order_merge(const struct rib_table *t, const struct rib_path **list, uint32_t n)
{
	enum rib_step step;

	for (uint32_t at = 0; at + 1 < n; at++) {
		uint32_t best = at;
		for (uint32_t i = at + 1; i < n; i++)
			if (list[i]->attrs->neighbour_as != list[i - 1]->attrs->neighbour_as &&
				late_cmp(t, list[i], list[best], &step) < 0)
				best = i;
		const struct rib_path *p = list[best];
		memmove(&list[at + 1], &list[at], (best - at) * sizeof(*list));
		list[at] = p;
	}
}

void rib_best_order(const struct rib_table *t, const struct rib_path **list, uint32_t n)
{
	uint32_t end;

	if (n < 2)
		return;
	qsort_r(list, n, sizeof(*list), order_cmp, (void *)t);
	for (uint32_t at = 0; at < n; at = end) {
		bool meds = list[at]->attrs->med != 0;
		uint64_t early = early_key(t, list[at]);
		for (end = at + 1; end < n && early_key(t, list[end]) == early; end++)
			meds |= list[end]->attrs->med != 0;
		if (!meds || end == at + 1)
			continue;
		qsort_r(&list[at], end - at, sizeof(*list), order_med_cmp, (void *)t);
		order_merge(t, &list[at], end - at);
	}
}

enum rib_step rib_best_why_not(const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	enum rib_step step;
	struct rib_path *best = rib_best_find(t, dest, &step);

	if (!best)
		return RIB_STEP_UNREACHABLE;
	return step_of_loss(t, rib_dest_paths(t, dest), &(struct best_meds){0}, best, p);
}

const char *rib_step_name(enum rib_step s)
{
	static const char *const names[RIB_STEPS] = {
		[RIB_STEP_NONE] = "no usable path",
		[RIB_STEP_ONLY] = "only path",
		[RIB_STEP_UNREACHABLE] = "next hop unreachable",
		[RIB_STEP_FORWARDABLE] = "cannot be forwarded",
		[RIB_STEP_KIND] = "connected and static first",
		[RIB_STEP_LONG_LIVED] = "long-lived stale last",
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

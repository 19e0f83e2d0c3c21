#include "bgpd/rib/store.h"

#include <stdlib.h>

#include "bgpd/rib/stale.h"
#include "lib/check.h"

struct rib_store *rib_store_new(uint64_t seed)
{
	struct rib_store *st = calloc(1, sizeof(*st));

	CHECK(st != NULL);
	st->seed = seed;
	rib_attrsets_init(&st->attrsets, seed);
	rib_slab_init(&st->paths, sizeof(struct rib_path));
	rib_nexthops_init(&st->nexthops);
	return st;
}

void rib_store_free(struct rib_store *st)
{
	for (uint32_t i = 0; i < st->n_tables; i++)
		if (st->tables[i])
			rib_table_free(st->tables[i]);
	rib_changes_fini(&st->changes);
	rib_slab_fini(&st->paths);
	rib_attrsets_fini(&st->attrsets);
	rib_nexthops_fini(&st->nexthops);
	free(st->tables);
	free(st->sources);
	free(st->sweeps);
	free(st);
}

struct rib_attrset *rib_store_get_attrs(struct rib_store *st, const struct wire_attrs *a)
{
	return rib_attrset_get(&st->attrsets, a);
}

struct rib_attrset *rib_store_get_attrs_edited(
	struct rib_store *st, const struct wire_attrs *a, struct rib_attrset *received)
{
	return rib_attrset_get_edited(&st->attrsets, a, received);
}

/* Its last reference goes, and with it the one to what it was made of. */
static void attrs_forget(struct rib_store *st, struct rib_attrset *set)
{
	struct rib_attrset *received = set->received;

	rib_nexthop_unuse(st, set);
	if (received && received->refs == 1)
		rib_nexthop_unuse(st, received);
}

void rib_store_unref_attrs(struct rib_store *st, struct rib_attrset *set)
{
	if (set->refs == 1)
		attrs_forget(st, set);
	rib_attrset_unref(&st->attrsets, set);
}

/* --- long jobs --- */

/* The next destination of a walk over all tables that `fits`; false at the end. */
typedef bool job_fits_fn(const struct rib_table *t, const void *arg);

static bool job_next(struct rib_store *st, struct rib_job *j, job_fits_fn *fits, const void *arg,
	struct rib_table **t)
{
	for (; j->table < st->n_tables; j->table++, j->dest = 0) {
		*t = st->tables[j->table];
		if (!*t || !fits(*t, arg))
			continue;
		j->dest = rib_table_next(*t, j->dest);
		if (j->dest)
			return true;
	}
	return false;
}

static bool sweep_fits(const struct rib_table *t, const void *source)
{
	const struct rib_source *s = source;

	return s->vrf == t->vrf && s->paths[t->family] > 0;
}

static void sweep_dest(struct rib_table *t, uint32_t dest, uint16_t source)
{
	const struct rib_source *s = &t->store->sources[source];
	struct rib_path *next;

	for (struct rib_path *p = rib_dest_paths(t, dest); p; p = next) {
		next = rib_path_next(t, p);
		if (p->source == source && !(p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED)) &&
			rib_stale_goes(s, t->family, p->flags))
			rib_path_withdraw(t, dest, p);
	}
}

static void sweep_end(struct rib_store *st, uint16_t source)
{
	struct rib_source *s = &st->sources[source];

	CHECK(!s->down || rib_source_paths(s) == 0);
	st->sweeps[source].on = false;
	st->n_sweeping--;
	if (s->down && s->refs == 0)
		s->used = false;
}

static void sweep_work(struct rib_store *st, uint16_t source, unsigned *budget)
{
	struct rib_job *j = &st->sweeps[source];
	struct rib_table *t;

	for (; *budget > 0; --*budget) {
		if (!job_next(st, j, sweep_fits, &st->sources[source], &t)) {
			sweep_end(st, source);
			return;
		}
		sweep_dest(t, j->dest, source);
	}
}

static bool requeue_fits(const struct rib_table *t, const void *arg)
{
	return true;
}

static void requeue_dest(struct rib_table *t, uint32_t dest)
{
	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		if (p->attrs->nexthop && p->attrs->nexthop->changed) {
			rib_change_add(t, dest);
			return;
		}
	}
}

static void requeue_end(struct rib_store *st)
{
	st->requeue = (struct rib_job){.on = st->requeue_again};
	if (st->requeue_again) {
		st->requeue_again = false;
		return;
	}
	for (uint32_t i = 0; i < st->nexthops.n_buckets; i++)
		for (struct rib_nexthop *nh = st->nexthops.buckets[i]; nh; nh = nh->chain)
			nh->changed = false;
}

static void requeue_work(struct rib_store *st, unsigned *budget)
{
	struct rib_table *t;

	for (; *budget > 0 && st->requeue.on; --*budget) {
		if (job_next(st, &st->requeue, requeue_fits, NULL, &t))
			requeue_dest(t, st->requeue.dest);
		else
			requeue_end(st);
	}
}

bool rib_store_work(struct rib_store *st, unsigned *budget)
{
	unsigned jobs =
		*budget - *budget / 2; /* the other half is for the changes that jobs make */
	unsigned left = jobs;

	if (st->requeue.on)
		requeue_work(st, &left);
	for (uint32_t i = 0; i < st->n_sources && st->n_sweeping > 0 && left > 0; i++)
		if (st->sweeps[i].on)
			sweep_work(st, (uint16_t)i, &left);
	*budget -= jobs - left;
	return st->requeue.on || st->n_sweeping > 0;
}

bool rib_store_has_work(const struct rib_store *st)
{
	return st->requeue.on || st->n_sweeping > 0 || rib_change_pending(st);
}

/* --- figures --- */

void rib_store_memory(const struct rib_store *st, struct pool out[RIB_STORE_POOLS])
{
	struct pool *dests = &out[2], *slots = &out[3];

	rib_attrsets_count(&st->attrsets, &out[0]);
	out[1] = (struct pool){.name = "paths"};
	rib_slab_count(&st->paths, &out[1]);
	*dests = (struct pool){.name = "destinations"};
	*slots = (struct pool){.name = "table slots", .size = sizeof(uint64_t)};
	for (uint32_t i = 0; i < st->n_tables; i++) {
		if (!st->tables[i])
			continue;
		rib_slab_count(&st->tables[i]->dests, dests);
		rib_slots_count(&st->tables[i]->slots, slots);
	}
	slots->peak = dests->peak;
	dests->size = sizeof(struct rib_dest) + RIB_KEY_WORDS_MAX * sizeof(uint64_t);
	out[4] = st->nexthops.pool;
	out[5] = (struct pool){.name = "changes",
		.size = 8,
		.live = (uint32_t)st->changes.n,
		.peak = (uint32_t)st->changes.peak,
		.slab_octets = st->changes.octets};
}

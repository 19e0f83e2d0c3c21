#include "bgpd/rib/nexthop.h"

#include <stdlib.h>

#include "bgpd/rib/store.h"
#include "lib/check.h"
#include "lib/hash.h"

#define NEXTHOP_BUCKETS_MIN 64

void rib_nexthops_init(struct rib_nexthops *n)
{
	*n = (struct rib_nexthops){0};
	pool_init(&n->pool, "next hops", sizeof(struct rib_nexthop));
}

void rib_nexthops_fini(struct rib_nexthops *n)
{
	for (uint32_t i = 0; i < n->n_buckets; i++) {
		struct rib_nexthop *next;
		for (struct rib_nexthop *nh = n->buckets[i]; nh; nh = next) {
			next = nh->chain;
			CHECK(nh->refs == 0);
			pool_put(&n->pool, nh);
		}
	}
	free(n->buckets);
	pool_fini(&n->pool);
}

static struct rib_nexthop **nexthop_bucket(const struct rib_store *st, const struct ip_addr *a)
{
	const struct rib_nexthops *n = &st->nexthops;
	return &n->buckets[hash_octets(a, sizeof(*a), st->seed) & (n->n_buckets - 1)];
}

static void nexthops_grow(struct rib_store *st)
{
	struct rib_nexthops *n = &st->nexthops;
	uint32_t old_n = n->n_buckets;
	struct rib_nexthop **old = n->buckets;

	n->n_buckets = old_n ? old_n * 2 : NEXTHOP_BUCKETS_MIN;
	n->buckets = calloc(n->n_buckets, sizeof(*n->buckets));
	CHECK(n->buckets != NULL);
	for (uint32_t i = 0; i < old_n; i++) {
		struct rib_nexthop *next;
		for (struct rib_nexthop *nh = old[i]; nh; nh = next) {
			next = nh->chain;
			struct rib_nexthop **b = nexthop_bucket(st, &nh->addr);
			nh->chain = *b;
			*b = nh;
		}
	}
	free(old);
}

static struct rib_nexthop *nexthop_find(const struct rib_store *st, const struct ip_addr *a)
{
	if (st->nexthops.n_buckets == 0)
		return NULL;
	struct rib_nexthop *nh = *nexthop_bucket(st, a);
	while (nh && !ip_addr_equal(&nh->addr, a))
		nh = nh->chain;
	return nh;
}

static struct rib_nexthop *nexthop_add(struct rib_store *st, const struct ip_addr *a)
{
	struct rib_nexthops *n = &st->nexthops;

	if (n->n >= n->n_buckets)
		nexthops_grow(st);
	struct rib_nexthop *nh = pool_get(&n->pool);
	struct rib_nexthop **b = nexthop_bucket(st, a);
	nh->addr = *a;
	nh->chain = *b;
	*b = nh;
	n->n++;
	return nh;
}

static void nexthop_del(struct rib_store *st, struct rib_nexthop *nh)
{
	struct rib_nexthop **at = nexthop_bucket(st, &nh->addr);

	while (*at != nh)
		at = &(*at)->chain;
	*at = nh->chain;
	st->nexthops.n--;
	pool_put(&st->nexthops.pool, nh);
}

static void nexthop_note(struct rib_store *st, struct rib_nexthop *nh)
{
	if (nh->eventful)
		return;
	nh->eventful = true;
	nh->next_event = st->nexthops.events;
	st->nexthops.events = nh;
}

void rib_nexthop_use(struct rib_store *st, struct rib_attrset *set)
{
	if (set->nexthop || set->next_hop_af == IP_NONE)
		return;
	struct ip_addr a = rib_attrset_next_hop(set);
	struct rib_nexthop *nh = nexthop_find(st, &a);
	if (!nh)
		nh = nexthop_add(st, &a);
	if (nh->refs++ == 0)
		nexthop_note(st, nh);
	set->nexthop = nh;
}

void rib_nexthop_unuse(struct rib_store *st, struct rib_attrset *set)
{
	struct rib_nexthop *nh = set->nexthop;

	if (!nh)
		return;
	CHECK(nh->refs > 0);
	set->nexthop = NULL;
	if (--nh->refs == 0)
		nexthop_note(st, nh);
}

bool rib_nexthop_event(struct rib_store *st, struct ip_addr *addr, bool *track)
{
	struct rib_nexthop *nh;

	while ((nh = st->nexthops.events)) {
		st->nexthops.events = nh->next_event;
		nh->eventful = false;
		*addr = nh->addr;
		*track = nh->refs > 0;
		bool differs = *track != nh->told;
		nh->told = *track;
		if (nh->refs == 0)
			nexthop_del(st, nh);
		if (differs)
			return true;
	}
	return false;
}

void rib_nexthop_set(
	struct rib_store *st, const struct ip_addr *addr, bool reachable, uint32_t metric)
{
	struct rib_nexthop *nh = nexthop_find(st, addr);

	if (!nh || (nh->reachable == reachable && nh->metric == metric))
		return;
	nh->reachable = reachable;
	nh->metric = metric;
	nh->changed = true;
	if (st->requeue.on)
		st->requeue_again = true;
	st->requeue.on = true;
}

#include "bgpd/core/nexthops.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/hash.h"
#include "lib/log.h"

#define NEXTHOPS_MIN 64u /* a power of two */

/* Neighbours choose how many next hops they name: none is searched for from one end to the other. */
static unsigned *head_of(const struct router *r, const struct ip_addr *addr)
{
	uint64_t hash = hash_octets(addr, sizeof(*addr), r->store->seed);

	return &r->nexthop_heads[hash & (r->cap_nexthops - 1)];
}

/* The link to it; what it holds is 0 if there is none. cap_nexthops is not 0. */
static unsigned *link_of(const struct router *r, const struct ip_addr *addr)
{
	unsigned *at = head_of(r, addr);

	while (*at && !ip_addr_equal(&r->nexthops[*at - 1].addr, addr))
		at = &r->nexthops[*at - 1].next;
	return at;
}

static struct core_nexthop *nexthop_find(struct router *r, const struct ip_addr *addr)
{
	unsigned at = r->cap_nexthops ? *link_of(r, addr) : 0;

	return at ? &r->nexthops[at - 1] : NULL;
}

static void nexthop_link(struct router *r, unsigned i)
{
	unsigned *head = head_of(r, &r->nexthops[i].addr);

	r->nexthops[i].next = *head;
	*head = i + 1;
}

static void nexthops_grow(struct router *r)
{
	r->cap_nexthops = r->cap_nexthops ? r->cap_nexthops * 2 : NEXTHOPS_MIN;
	r->nexthops = realloc(r->nexthops, r->cap_nexthops * sizeof(*r->nexthops));
	free(r->nexthop_heads);
	r->nexthop_heads = calloc(r->cap_nexthops, sizeof(*r->nexthop_heads));
	CHECK(r->nexthops && r->nexthop_heads);
	for (unsigned i = 0; i < r->n_nexthops; i++)
		nexthop_link(r, i);
}

static void nexthop_add(struct router *r, const struct ip_addr *addr)
{
	if (r->n_nexthops == r->cap_nexthops)
		nexthops_grow(r);
	r->nexthops[r->n_nexthops] = (struct core_nexthop){.addr = *addr};
	nexthop_link(r, r->n_nexthops++);
}

/* The last one takes its place. */
static void nexthop_del(struct router *r, const struct ip_addr *addr)
{
	unsigned *at = r->cap_nexthops ? link_of(r, addr) : NULL, i, last;

	if (!at || !*at)
		return;
	i = *at - 1;
	*at = r->nexthops[i].next;
	last = --r->n_nexthops;
	if (i == last)
		return;
	at = link_of(r, &r->nexthops[last].addr);
	*at = r->nexthops[last].next;
	r->nexthops[i] = r->nexthops[last];
	nexthop_link(r, i);
}

void core_nexthops_step(struct core_run *run)
{
	struct ip_addr addr;
	bool track;

	while (rib_nexthop_event(run->r->store, &addr, &track)) {
		if (track)
			nexthop_add(run->r, &addr);
		else
			nexthop_del(run->r, &addr);
		effect_fib(run->fx,
			&(struct fib_msg){.type = track ? FIB_NEXTHOP_TRACK : FIB_NEXTHOP_UNTRACK,
				.addr = addr});
	}
}

void core_nexthops_report(struct core_run *run, const struct fib_msg *m)
{
	struct core_nexthop *nh = nexthop_find(run->r, &m->addr);
	char text[IP_ADDR_STRLEN];

	if (!nh)
		return; /* crossed our FIB_NEXTHOP_UNTRACK */
	if (nh->reachable != m->up)
		effect_note(run->fx, m->up ? LOG_INFO_ : LOG_WARN_,
			m->up ? "next_hop_up" : "next_hop_down", "address=%s metric=%u labels=%u",
			ip_addr_print(&m->addr, text), m->metric, m->n_labels);
	nh->answered = true;
	nh->reachable = m->up;
	nh->metric = m->metric;
	nh->n_labels = m->n_labels <= FIB_LABELS_MAX ? m->n_labels : FIB_LABELS_MAX;
	memcpy(nh->labels, m->labels, sizeof(nh->labels));
	rib_nexthop_set(run->r->store, &m->addr, m->up, m->metric);
}

bool core_nexthops_are_answered(const struct router *r)
{
	for (unsigned i = 0; i < r->n_nexthops; i++)
		if (!r->nexthops[i].answered)
			return false;
	return true;
}

void core_nexthops_fini(struct router *r)
{
	free(r->nexthops);
	free(r->nexthop_heads);
}

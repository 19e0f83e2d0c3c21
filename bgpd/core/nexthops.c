#include "bgpd/core/nexthops.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/log.h"

static struct core_nexthop *nexthop_find(struct router *r, const struct ip_addr *addr)
{
	for (unsigned i = 0; i < r->n_nexthops; i++)
		if (ip_addr_equal(&r->nexthops[i].addr, addr))
			return &r->nexthops[i];
	return NULL;
}

static void nexthop_add(struct router *r, const struct ip_addr *addr)
{
	if (r->n_nexthops == r->cap_nexthops) {
		r->cap_nexthops = r->cap_nexthops ? r->cap_nexthops * 2 : 8;
		r->nexthops = realloc(r->nexthops, r->cap_nexthops * sizeof(*r->nexthops));
		CHECK(r->nexthops);
	}
	r->nexthops[r->n_nexthops++] = (struct core_nexthop){.addr = *addr};
}

static void nexthop_del(struct router *r, const struct ip_addr *addr)
{
	for (unsigned i = 0; i < r->n_nexthops; i++)
		if (ip_addr_equal(&r->nexthops[i].addr, addr)) {
			r->nexthops[i] = r->nexthops[--r->n_nexthops];
			return;
		}
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
}

#include "bgpd/core/fibplan.h"

static enum fib_route_kind kind_of(const struct rib_path *p)
{
	if (p->flags & RIB_PATH_BLACKHOLE)
		return FIB_ROUTE_BLACKHOLE;
	return p->flags & RIB_PATH_IMPORTED ? FIB_ROUTE_VPN : FIB_ROUTE_CE;
}

bool core_fibplan_route(const struct router *r, const struct rib_table *t, const struct rib_path *p,
	struct fib_route *out)
{
	if (!p || t->vrf == RIB_VRF_CORE || (p->flags & RIB_PATH_LEAKED))
		return false;
	if (rib_source_get(r->store, p->source)->kind == RIB_CONNECTED)
		return false;
	*out = (struct fib_route){
		.kind = kind_of(p),
		.next_hop = rib_attrset_next_hop(p->attrs),
		.label = (p->flags & RIB_PATH_IMPORTED) ? p->label : 0,
	};
	return true;
}

static bool route_equal(const struct fib_route *a, const struct fib_route *b)
{
	return a->kind == b->kind && a->label == b->label &&
	       ip_addr_equal(&a->next_hop, &b->next_hop);
}

void core_fibplan_change(struct core_run *run, const struct rib_change *c)
{
	struct fib_route was, now;
	bool had = core_fibplan_route(run->r, c->table, c->was, &was);
	bool has = core_fibplan_route(run->r, c->table, c->now, &now);
	struct fib_msg m = {.vrf = c->table->vrf};
	struct wire_nlri n;

	if ((!had && !has) || (had && has && route_equal(&was, &now)))
		return;
	rib_dest_nlri(c->table, c->dest, &n);
	m.prefix = n.prefix;
	m.type = has ? FIB_ROUTE_ADD : FIB_ROUTE_DEL;
	if (has)
		m.route = now;
	effect_fib(run->fx, &m);
	run->r->fib_ahead++;
}

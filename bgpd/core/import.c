#include "bgpd/core/import.h"

#include "bgpd/core/longlived.h"
#include "bgpd/core/rpki.h"
#include "bgpd/rib/stale.h"

bool core_import_is_on(const struct core_peer *p, enum wire_family f)
{
	return p->conf->import_chain.n > 0 && f == WIRE_IPV4_UNICAST && !core_peer_in_vrf(p);
}

bool core_import_keeps(const struct conf_peer *c)
{
	return c->keep_rejected || c->import_chain.needs & (POL_NEEDS_ROV | POL_NEEDS_ASPA);
}

bool core_import_is_alike(const struct core_peer *p)
{
	return !(p->conf->import_chain.needs & (POL_NEEDS_PREFIX | POL_NEEDS_ROV));
}

struct pol_subject core_import_subject(const struct router *r, const struct core_peer *p,
	enum wire_family f, const struct wire_nlri *n, const struct wire_attrs *a)
{
	unsigned needs = p->conf->import_chain.needs;

	return (struct pol_subject){.family = f,
		.nlri = n,
		.rov = needs & POL_NEEDS_ROV ? core_rpki_rov(r, &n->prefix, a) : POL_ROV_UNKNOWN,
		.aspa = needs & POL_NEEDS_ASPA ? core_rpki_aspa(r, p, a) : POL_ASPA_NONE,
		.neighbor_as = p->as,
		.local_as = r->conf->as,
		.neighbor = p->addr};
}

struct rib_attrset *core_import_judge(struct router *r, struct core_peer *p, enum wire_family f,
	const struct wire_nlri *n, struct rib_attrset *set, uint16_t *reason)
{
	struct pol_outcome out;
	struct wire_attrs a;
	unsigned program;

	/* a message may have thousands of routes: what one needs is given back before the next */
	arena_reset(&r->edits);
	rib_attrset_view(set, &a);
	const struct pol_subject s = core_import_subject(r, p, f, n, &a);
	out = pol_chain_run(&p->conf->import_chain, &s, &a, &r->edits, &program);
	*reason = out.reason;
	if (!out.accept)
		return NULL;
	return out.edited ? rib_store_get_attrs_edited(r->store, &a, set) : rib_attrset_ref(set);
}

/* --- judged anew --- */

void core_import_again(struct router *r, unsigned needs)
{
	r->again.asked |= needs ? needs : CORE_AGAIN_ALL;
}

/* The neighbour whose chain the path went through, if that is to be asked once more. */
static struct core_peer *peer_again(
	const struct router *r, const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *s = rib_source_get(r->store, p->source);
	struct core_peer *peer = s->kind == RIB_PEER ? &r->peers[s->peer] : NULL;

	/* what a sweep is about to take out is not put in again */
	if (!peer || p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED | RIB_PATH_BLACKHOLE) ||
		rib_stale_goes(s, t->family, p->flags))
		return NULL;
	/* a chain that was configured away has left its marks */
	if (!core_import_is_on(peer, t->family) && !p->attrs->received &&
		!(p->flags & RIB_PATH_REJECTED))
		return NULL;
	return r->again.judges & (peer->conf->import_chain.needs | CORE_AGAIN_ALL) ? peer : NULL;
}

/*
 * What is to stand in place of the path: route->attrs is one reference, NULL: nothing. A last resort stays one whatever
 * the chain makes of what it was before (RFC 9494 4.2).
 */
static void path_judge(struct router *r, struct core_peer *peer, struct rib_table *t,
	const struct rib_path *p, const struct wire_nlri *n, struct rib_route *route)
{
	struct rib_attrset *received = rib_attrset_received(p->attrs), *set;
	uint16_t reason;

	*route = (struct rib_route){.source = p->source,
		.id = p->id,
		.label = WIRE_LABEL_NONE, /* no family with labels goes through a chain */
		.flags = p->flags & RIB_PATH_PRIVATE};
	set = core_import_judge(r, peer, t->family, n, received, &reason);
	if (!set && core_import_keeps(peer->conf)) {
		route->flags |= RIB_PATH_REJECTED;
		route->label = reason;
		set = rib_attrset_ref(received);
	}
	route->attrs = set;
	if (set && p->attrs->last_resort && !set->last_resort && rib_stale_path(t, p)) {
		route->attrs = core_longlived_mark(r->store, set, received);
		rib_store_unref_attrs(r->store, set);
	}
}

static void path_again(struct router *r, struct core_peer *peer, struct rib_table *t, uint32_t dest,
	struct rib_path *p)
{
	const uint16_t judged = RIB_PATH_PRIVATE | RIB_PATH_REJECTED;
	struct rib_route route;
	struct wire_nlri n;

	rib_dest_nlri(t, dest, &n);
	path_judge(r, peer, t, p, &n, &route);
	if (!route.attrs) {
		rib_path_withdraw(t, dest, p);
		return;
	}
	if (route.attrs != p->attrs || route.label != p->label ||
		route.flags != (p->flags & judged)) {
		if (rib_stale_path(t, p))
			rib_stale_amend(t, &n, &route);
		else
			(void)rib_table_add(t, &n, &route);
	}
	rib_store_unref_attrs(r->store, route.attrs);
}

static void dest_again(struct router *r, struct rib_table *t, uint32_t dest)
{
	struct rib_path *next;

	/* what replaces a path stands where it stood, or behind the first: not met again */
	for (struct rib_path *p = rib_dest_paths(t, dest); p; p = next) {
		struct core_peer *peer = peer_again(r, t, p);

		next = rib_path_next(t, p);
		if (peer)
			path_again(r, peer, t, dest, p);
	}
}

bool core_import_work(struct core_run *run, unsigned *budget)
{
	struct router *r = run->r;
	struct core_again *again = &r->again;
	struct rib_table *t = r->core_ipv4;
	bool on = again->judges || again->asked;

	for (; *budget > 0 && (again->judges || again->asked); --*budget) {
		if (!again->judges)
			*again = (struct core_again){.judges = again->asked};
		again->dest = t ? rib_table_next(t, again->dest) : RIB_SLAB_NONE;
		if (again->dest)
			dest_again(r, t, again->dest);
		else
			again->judges = 0;
	}
	return on; /* at its end, too: what it changed is to be decided */
}

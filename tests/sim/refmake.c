/* What is random of the network: topology, policies and routes. */
#include <string.h>

#include "lib/check.h"
#include "tests/sim/refnet.h"

static void random_list(struct world *w, struct ref_u32s *l, const uint32_t *pool, unsigned n)
{
	for (unsigned i = refnet_random(w, 3); i > 0; i--)
		l->of[l->n++] = pool[refnet_random(w, n)];
}

static void random_path(struct world *w, const struct node *stub, bool ebgp, struct ref_attrs *a)
{
	if (ebgp && !refnet_chance(w, 20))
		a->path.of[a->path.n++] = stub->ref.as;
	for (unsigned i = refnet_random(w, 4); i > 0; i--) /* foreign ones, and at times ours */
		a->path.of[a->path.n++] = refnet_chance(w, 8) ? 65000 + refnet_random(w, 3)
							      : 65200 + refnet_random(w, 3);
	if (refnet_chance(w, 10)) {
		a->set_at = a->path.n;
		a->set_len = 2;
		a->path.of[a->path.n++] = 65301;
		a->path.of[a->path.n++] = 65302;
	}
}

static void random_internal(struct world *w, struct ref_attrs *a)
{
	static const uint32_t ids[] = {0x0aff0000, 0x0aff0001, 0x0aff0002, 0x0a000063};

	a->has_local_pref = true;
	a->local_pref = 100 + refnet_random(w, 2) * 50;
	a->has_originator = refnet_chance(w, 3);
	if (a->has_originator)
		a->originator = ids[refnet_random(w, 4)];
	if (refnet_chance(w, 3))
		random_list(w, &a->clusters, ids, 4);
}

void refnet_route(struct world *w, const struct node *stub, bool ebgp, struct route *r)
{
	static const uint32_t comms[] = {0xffffff01, 0xffffff02, 0xffffff03, 0xffffff04, 0xffff0000,
		0xffff029a, 0xfde80001, 0xfde80002, 0xfde80003, 0xfde80004};
	static const uint64_t ext[] = {UINT64_C(0x0002fde800000001), UINT64_C(0x0003fde800000001),
		UINT64_C(0x0003fde800000002), UINT64_C(0x4004fde800000001)};
	struct ref_attrs *a = &r->a;

	memset(r, 0, sizeof(*r));
	r->there = true;
	r->label = 16 + refnet_random(w, 1000);
	a->origin = refnet_random(w, 3);
	a->next_hop = refnet_chance(w, 4) ? 0x0afe0100 + refnet_random(w, 9) : stub->ref.addr;
	random_path(w, stub, ebgp, a);
	a->has_med = refnet_chance(w, 2);
	a->med = a->has_med ? refnet_random(w, 3) : 0;
	a->has_otc = refnet_chance(w, 4);
	a->otc = !a->has_otc ? 0 : refnet_chance(w, 2) ? stub->ref.as : 65200;
	if (refnet_chance(w, 2))
		random_list(w, &a->communities, comms, 10);
	for (unsigned i = refnet_random(w, 3); i > 0; i--)
		a->ext[a->n_ext++] = ext[refnet_random(w, 4)];
	if (refnet_chance(w, 3)) {
		a->large = (struct ref_u32s){3, {65000, refnet_random(w, 4), 7}};
	}
	if (!ebgp)
		random_internal(w, a);
}

/* The settings of one end for the other. */
static void random_policy(struct world *w, const struct ref_router *r, struct ref_neighbour *n)
{
	bool ebgp = r->as != n->as;

	n->role = REF_NO_ROLE;
	n->import = !ebgp || !refnet_chance(w, 12);
	n->export = !ebgp || !refnet_chance(w, 12);
	n->next_hop = refnet_chance(w, 3)	    ? REF_SELF
		      : ebgp && refnet_chance(w, 5) ? REF_UNCHANGED
						    : REF_DEFAULT;
	n->graceful_shutdown = refnet_chance(w, 10);
	n->allow_as_set = refnet_chance(w, 4);
	n->site = refnet_chance(w, 5) ? UINT64_C(0x0003fde800000001) + refnet_random(w, 2) : 0;
	n->client = !ebgp && refnet_chance(w, 2);
}

/* What switches the loop check off, or its reason: only where no loop can be. */
static void random_stub_policy(struct world *w, const struct ref_router *r, struct ref_neighbour *n)
{
	n->allow_own_as = refnet_chance(w, 5) ? 1 + refnet_random(w, 2) : 0;
	n->rs_client = r->as != n->as && refnet_chance(w, 4);
	n->as_override = r->as != n->as && refnet_chance(w, 5);
	if (!refnet_chance(w, 3))
		return;
	n->policy = (struct ref_policy){.on = true,
		.accept = refnet_chance(w, 2),
		.sets_med = refnet_chance(w, 2),
		.denied_as = w->nodes[refnet_random(w, w->n_nodes)].ref.as,
		.mark = 0xfde80001,
		.med = 7,
		.add = 65000u << 16 | 77,
		.prepend = refnet_random(w, 3)};
}

static void random_roles(struct world *w, struct ref_neighbour *a, struct ref_neighbour *b)
{
	static const int pairs[][2] = {{0, 3}, {3, 0}, {4, 4}, {1, 2}, {2, 1}};
	unsigned i = refnet_random(w, 5);

	if (refnet_chance(w, 2))
		return;
	a->role = pairs[i][0];
	if (b)
		b->role = pairs[i][1];
}

static struct ref_neighbour *neighbour_add(struct world *w, unsigned at, unsigned far, unsigned s)
{
	struct node *n = &w->nodes[at];
	const struct ref_router *f = &w->nodes[far].ref;

	CHECK(n->ref.n < REF_NEIGHBOURS);
	n->session_of[n->ref.n] = s;
	struct ref_neighbour *nb = &n->ref.neighbours[n->ref.n++];
	*nb = (struct ref_neighbour){.as = f->as, .router_id = f->id, .addr = f->addr};
	random_policy(w, &n->ref, nb);
	if (w->nodes[far].stub)
		random_stub_policy(w, &n->ref, nb);
	return nb;
}

static void session_add(struct world *w, unsigned a, unsigned b)
{
	struct session *s = &w->sessions[w->n_sessions];
	bool stub = w->nodes[b].stub;

	if (w->n_sessions == SESSIONS || w->nodes[a].ref.n == REF_NEIGHBOURS ||
		w->nodes[b].ref.n == REF_NEIGHBOURS)
		return;
	s->node[0] = a;
	s->node[1] = b;
	s->neighbour[0] = w->nodes[a].ref.n;
	s->neighbour[1] = w->nodes[b].ref.n;
	struct ref_neighbour *x = neighbour_add(w, a, b, w->n_sessions);
	struct ref_neighbour *y = neighbour_add(w, b, a, w->n_sessions);
	if (x->as != w->nodes[a].ref.as)
		random_roles(w, x, stub ? NULL : y);
	w->n_sessions++;
}

void refnet_make(struct world *w)
{
	w->n_routers = 1 + refnet_random(w, ROUTERS);
	w->n_nodes = w->n_routers + 2 + refnet_random(w, STUBS - 1);
	for (unsigned i = 0; i < w->n_nodes; i++) {
		struct node *n = &w->nodes[i];
		unsigned home = i < w->n_routers ? i : (i - w->n_routers) % w->n_routers;
		bool inside = refnet_chance(w, 2);

		n->stub = i >= w->n_routers;
		n->ref.id = n->ref.addr = n->ref.cluster = (n->stub ? 0x0afe0000 : 0x0aff0000) + i;
		n->ref.as = !n->stub ? 65000 + refnet_random(w, 3)
			    : inside ? w->nodes[home].ref.as
				     : 65100 + refnet_random(w, 6);
		if (!n->stub && refnet_chance(w, 4))
			n->ref.cluster = 0x0a000063;
	}
	for (unsigned a = 0; a < w->n_routers; a++)
		for (unsigned b = a + 1; b < w->n_routers; b++)
			if (b == a + 1 || refnet_chance(w, 2))
				session_add(w, a, b);
	for (unsigned i = w->n_routers; i < w->n_nodes; i++)
		session_add(w, (i - w->n_routers) % w->n_routers, i);
}

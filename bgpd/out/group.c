#include "bgpd/out/group.h"

#include "bgpd/out/emit.h"
#include "bgpd/out/flow.h"
#include "bgpd/out/regroup.h"
#include "bgpd/out/walk.h"

#define HELD_MAX    64	/* slices */
#define BUSY_OCTETS 512 /* of prefixes, in one slice */

/*
 * More changes are waiting, or so many came that there will be more when the sockets have been looked at once more: what is
 * collected may become a whole block.
 */
static bool group_waits(struct out_group *g, const struct out_set *s)
{
	bool grows = g->pack.n_octets > g->held_octets + BUSY_OCTETS;

	g->held_octets = g->pack.n_octets;
	return (grows || rib_change_pending(s->store)) && ++g->held < HELD_MAX;
}

static bool group_work(struct out_call *r, unsigned *budget)
{
	struct out_group *g = r->g;

	if (!out_pack_is_empty(&g->pack) && !group_waits(g, r->s))
		out_emit_changes(r);
	if (!g->flow && !g->lanes)
		return !out_pack_is_empty(&g->pack);
	out_flow_work(r);
	bool left = out_walk_work(r, budget);
	return left || g->flow || !out_pack_is_empty(&g->pack);
}

bool out_set_work(struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg)
{
	bool left = false;

	if (s->regroup)
		out_regroup_work(s, emit, arg);
	for (uint32_t i = 0; i < s->n_tables; i++)
		for (struct out_group *g = s->by_table[i]; g; g = g->next)
			left |= group_work(
				&(struct out_call){.s = s, .g = g, .emit = emit, .arg = arg},
				budget);
	return left;
}

bool out_set_holds(const struct out_set *s)
{
	for (uint32_t i = 0; i < s->n_tables; i++)
		for (const struct out_group *g = s->by_table[i]; g; g = g->next)
			if (!out_pack_is_empty(&g->pack))
				return true;
	return false;
}

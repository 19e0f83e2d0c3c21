#include "vrf/limit.h"

static bool limit_drops(const struct vrf *v)
{
	return v->conf.max_routes && v->conf.drop_above_max;
}

bool vrf_limit_has_room(const struct vrf *v, unsigned n)
{
	return !limit_drops(v) || v->table->n_paths + n <= v->conf.max_routes;
}

bool vrf_limit_is_eased(const struct vrf *v)
{
	uint64_t spare = v->conf.max_routes / 10 ? v->conf.max_routes / 10 : 1;

	return !limit_drops(v) || v->table->n_paths + spare <= v->conf.max_routes;
}

bool vrf_limit_admit(struct vrf *v, const struct wire_nlri *n, const struct rib_route *r)
{
	if (vrf_limit_has_room(v, 1) || rib_table_has(v->table, n, r))
		return true;
	v->left_out++;
	v->missing = true;
	return false;
}

void vrf_limit_refill(struct vrf *v)
{
	v->missing = false;
	v->refill = (struct rib_job){.on = true};
}

#include "vrf/import.h"

#include "vrf/limit.h"

/* The VRF that a path of the VPN table was exported from; RIB_VRF_CORE for what came from another router. */
static uint16_t path_origin(const struct vrfs *vs, const struct rib_path *vpn)
{
	const struct rib_source *s = rib_source_get(vs->store, vpn->source);

	return s->kind == RIB_VRF_EXPORT ? s->origin : RIB_VRF_CORE;
}

/* The VRFs that take it, ascending, into list: a target in common, and not the VRF's own export. */
static unsigned import_targets(struct vrfs *vs, const struct rib_path *vpn, uint16_t *list)
{
	if (!vpn)
		return 0;
	uint16_t own = path_origin(vs, vpn);
	unsigned n = vrf_rtindex_find(&vs->imports,
		rib_attrset_list(vpn->attrs, RIB_LIST_EXT_COMMUNITIES), list, vs->cap);
	unsigned kept = 0;
	for (unsigned i = 0; i < n; i++)
		if (list[i] != own)
			list[kept++] = list[i];
	return kept;
}

static void import_del(struct vrfs *vs, uint16_t vrf, const struct wire_nlri *n, uint32_t dest)
{
	struct rib_route r = {.flags = RIB_PATH_IMPORTED, .id = dest};

	rib_table_del(vs->list[vrf].table, n, &r);
}

static void import_add(struct vrfs *vs, uint16_t vrf, const struct wire_nlri *n,
	const struct rib_path *vpn, uint32_t dest)
{
	bool local = path_origin(vs, vpn) != RIB_VRF_CORE;
	struct rib_route r = {.attrs = vpn->attrs,
		.source = vpn->source,
		.label = vpn->label,
		.id = dest,
		.flags = (uint16_t)(RIB_PATH_IMPORTED | (local ? RIB_PATH_LEAKED : 0))};

	if (vrf_limit_admit(&vs->list[vrf], n, &r))
		rib_table_add(vs->list[vrf].table, n, &r);
}

void vrf_import_dest(struct vrfs *vs, const struct vrf *v, uint32_t dest)
{
	const struct rib_path *best = rib_dest_best(vs->vpn, dest);
	unsigned n_in = import_targets(vs, best, vs->now_in);
	struct wire_nlri n;

	rib_dest_nlri(vs->vpn, dest, &n);
	n.rd = 0;
	for (unsigned i = 0; i < n_in; i++)
		if (vs->now_in[i] == v->id) {
			import_add(vs, v->id, &n, best, dest);
			return;
		}
	import_del(vs, v->id, &n, dest);
}

/* VRFs whose targets changed may hold a copy for a target that is no more in the index. */
static void import_forget(struct vrfs *vs, const struct wire_nlri *n, uint32_t dest)
{
	for (unsigned i = 0; i < vs->n; i++)
		if (vs->list[i].refill.on)
			import_del(vs, (uint16_t)i, n, dest);
}

void vrf_import_change(struct vrfs *vs, const struct rib_change *c)
{
	unsigned n_was = import_targets(vs, c->was, vs->was_in);
	unsigned n_now = import_targets(vs, c->now, vs->now_in);
	struct wire_nlri n;

	if (n_was + n_now == 0 && !vs->reimporting)
		return;
	rib_dest_nlri(c->table, c->dest, &n);
	n.rd = 0;
	if (vs->reimporting)
		import_forget(vs, &n, c->dest);
	for (unsigned i = 0, k = 0; i < n_was; i++) { /* both ascend */
		while (k < n_now && vs->now_in[k] < vs->was_in[i])
			k++;
		if (k == n_now || vs->now_in[k] != vs->was_in[i])
			import_del(vs, vs->was_in[i], &n, c->dest);
	}
	for (unsigned k = 0; k < n_now; k++)
		import_add(vs, vs->now_in[k], &n, c->now, c->dest);
}

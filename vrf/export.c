#include "vrf/export.h"

#include "lib/check.h"

/* Whether this best path belongs into the VPN table: label installed, not imported, redistributed. */
static bool export_is_wanted(const struct vrf *v, const struct rib_path *path)
{
	return v->label_state == VRF_LABEL_INSTALLED &&
	       !(path->flags & (RIB_PATH_IMPORTED | RIB_PATH_PRIVATE));
}

/* Extended communities longer than this make the route stay at home: it could not be sent in a message anyway. */
#define EXPORT_ECS_MAX 2048

/* RFC 4364 4.3.2: targets on, next hop self. NULL if the attributes would become too long. */
static struct rib_attrset *export_attrs(struct vrfs *vs, struct vrf *v, struct rib_attrset *from)
{
	struct rib_attrset *to = rib_memo_find(&v->memo, from);
	uint8_t ecs[EXPORT_ECS_MAX];
	struct wire_attrs a;
	bool full;

	if (to)
		return to;
	rib_attrset_view(from, &a);
	size_t len = vrf_rtset_put(
		&v->conf.export, a.ext_communities, v->conf.keep_ce_rts, ecs, sizeof(ecs), &full);
	if (full)
		return NULL;
	a.ext_communities = (struct wire_span){.p = ecs, .len = (uint16_t)len};
	if (len)
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
	a.next_hop = vs->self;
	return rib_memo_add(&v->memo, vs->store, from, rib_store_get_attrs(vs->store, &a));
}

static struct wire_nlri export_nlri(const struct vrf *v, uint32_t dest)
{
	struct wire_nlri n;

	rib_dest_nlri(v->table, dest, &n);
	n.rd = v->conf.rd;
	return n;
}

static void export_state(struct vrfs *vs, struct vrf *v, uint32_t dest, const struct rib_path *best)
{
	struct wire_nlri n = export_nlri(v, dest);
	struct rib_route r = {.source = v->export_source, .label = v->label};

	if (best && export_is_wanted(v, best))
		r.attrs = export_attrs(vs, v, best->attrs);
	if (r.attrs)
		rib_table_add(vs->vpn, &n, &r);
	else
		rib_table_del(vs->vpn, &n, &r);
}

void vrf_export_dest(struct vrfs *vs, struct vrf *v, uint32_t dest)
{
	export_state(vs, v, dest, rib_dest_best(v->table, dest));
}

void vrf_export_change(struct vrfs *vs, struct vrf *v, const struct rib_change *c)
{
	if (v->label_state != VRF_LABEL_INSTALLED && v->label_state != VRF_LABEL_LEAVING)
		return;
	export_state(vs, v, c->dest, c->now);
}

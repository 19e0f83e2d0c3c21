#include "vrf/isolate.h"

#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"

struct isolate {
	const struct vrfs *vs;
	vrf_leak_fn *fn;
	void *arg;
	unsigned found;
};

static void leak_found(struct isolate *c, enum vrf_leak_kind kind, uint16_t vrf, uint32_t dest)
{
	struct vrf_leak leak = {.kind = kind, .vrf = vrf, .dest = dest};

	c->found++;
	if (c->fn)
		c->fn(c->arg, &leak);
}

/* On purpose not vrf_rtindex_find(): every pair, nothing clever. */
static bool targets_meet(const struct vrf *v, const struct rib_path *p)
{
	struct wire_span ext = rib_attrset_list(p->attrs, RIB_LIST_EXT_COMMUNITIES);

	for (unsigned i = 0; i < wire_extcomm_count(ext); i++) {
		uint64_t ec = wire_extcomm_at(ext, i);
		for (unsigned k = 0; k < v->conf.import.n; k++)
			if (wire_rt_is(ec) && ec == v->conf.import.rts[k])
				return true;
	}
	return false;
}

static bool is_own_export(const struct vrfs *vs, const struct vrf *v, const struct rib_path *p)
{
	const struct rib_source *s = rib_source_get(vs->store, p->source);

	return s->kind == RIB_VRF_EXPORT && s->origin == v->id;
}

static bool same_prefix(
	const struct vrf *v, uint32_t dest, const struct rib_table *vpn, uint32_t from)
{
	struct wire_nlri a, b;

	rib_dest_nlri(v->table, dest, &a);
	rib_dest_nlri(vpn, from, &b);
	return ip_prefix_equal(&a.prefix, &b.prefix);
}

static void check_imported(
	struct isolate *c, const struct vrf *v, uint32_t dest, const struct rib_path *p)
{
	const struct rib_table *vpn = c->vs->vpn;

	if (p->id >= vpn->dests.end || !(rib_dest_get(vpn, p->id)->flags & RIB_DEST_LIVE)) {
		leak_found(c, VRF_LEAK_NO_ORIGIN, v->id, dest);
		return;
	}
	const struct rib_path *from = rib_dest_best(vpn, p->id);
	if (!from || !same_prefix(v, dest, vpn, p->id) || from->attrs != p->attrs ||
		from->label != p->label)
		leak_found(c, VRF_LEAK_NO_ORIGIN, v->id, dest);
	if (!targets_meet(v, p))
		leak_found(c, VRF_LEAK_TARGETS, v->id, dest);
	if (is_own_export(c->vs, v, p))
		leak_found(c, VRF_LEAK_OWN, v->id, dest);
}

static void check_vrf(struct isolate *c, const struct vrf *v)
{
	const struct rib_table *t = v->table;

	for (uint32_t d = rib_table_next(t, 0); d; d = rib_table_next(t, d)) {
		for (const struct rib_path *p = rib_dest_paths(t, d); p; p = rib_path_next(t, p)) {
			if (p->flags & RIB_PATH_GONE)
				continue;
			if (p->flags & RIB_PATH_IMPORTED)
				check_imported(c, v, d, p);
			else if (rib_source_get(c->vs->store, p->source)->vrf != v->id)
				leak_found(c, VRF_LEAK_FOREIGN_SOURCE, v->id, d);
		}
	}
}

static bool has_import(const struct vrf *v, const struct wire_nlri *n, uint32_t vpn_dest)
{
	struct wire_nlri plain = {.prefix = n->prefix};
	uint32_t d = rib_table_find(v->table, &plain);

	if (!d)
		return false;
	const struct rib_path *p = rib_dest_paths(v->table, d);
	while (p && !(p->flags & RIB_PATH_IMPORTED && p->id == vpn_dest))
		p = rib_path_next(v->table, p);
	return p != NULL;
}

static void check_export(
	struct isolate *c, const struct rib_path *p, const struct wire_nlri *n, uint32_t dest)
{
	const struct rib_source *s = rib_source_get(c->vs->store, p->source);

	if (s->kind != RIB_VRF_EXPORT)
		return;
	const struct vrf *v = &c->vs->list[s->origin];
	if (n->rd != v->conf.rd || p->label != v->label || v->label_state != VRF_LABEL_INSTALLED)
		leak_found(c, VRF_LEAK_EXPORT, v->id, dest);
}

static void check_vpn_dest(struct isolate *c, uint32_t dest)
{
	const struct rib_table *vpn = c->vs->vpn;
	const struct rib_path *best = rib_dest_best(vpn, dest);
	struct wire_nlri n;

	rib_dest_nlri(vpn, dest, &n);
	for (const struct rib_path *p = rib_dest_paths(vpn, dest); p; p = rib_path_next(vpn, p))
		check_export(c, p, &n, dest);
	for (unsigned i = 0; best && i < c->vs->n; i++) {
		const struct vrf *v = &c->vs->list[i];
		if (targets_meet(v, best) && !is_own_export(c->vs, v, best) &&
			!has_import(v, &n, dest))
			leak_found(c, VRF_LEAK_MISSING, v->id, dest);
	}
}

unsigned vrf_isolate_check(const struct vrfs *vs, vrf_leak_fn *fn, void *arg)
{
	struct isolate c = {.vs = vs, .fn = fn, .arg = arg};

	for (unsigned i = 0; i < vs->n; i++)
		check_vrf(&c, &vs->list[i]);
	for (uint32_t d = rib_table_next(vs->vpn, 0); d; d = rib_table_next(vs->vpn, d))
		check_vpn_dest(&c, d);
	return c.found;
}

const char *vrf_leak_name(enum vrf_leak_kind k)
{
	static const char *const names[VRF_LEAK_KINDS] = {
		[VRF_LEAK_FOREIGN_SOURCE] = "foreign source",
		[VRF_LEAK_NO_ORIGIN] = "no such VPN route",
		[VRF_LEAK_TARGETS] = "no route target in common",
		[VRF_LEAK_OWN] = "own export came back",
		[VRF_LEAK_EXPORT] = "exported with a wrong RD or label",
		[VRF_LEAK_MISSING] = "wanted VPN route is missing",
	};

	return names[k];
}

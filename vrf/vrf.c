#include "vrf/vrf.h"

#include <stdlib.h>

#include "lib/check.h"
#include "vrf/export.h"
#include "vrf/import.h"

void vrfs_init(struct vrfs *vs, struct rib_store *st, struct ip_addr self, uint16_t max_vrfs,
	const struct vrf_labelpool *labels)
{
	size_t cap = max_vrfs ? max_vrfs : 1;

	*vs = (struct vrfs){.store = st, .self = self, .cap = max_vrfs, .labels = *labels};
	vs->vpn = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	vs->list = calloc(cap, sizeof(*vs->list));
	vs->was_in = calloc(cap, sizeof(*vs->was_in));
	vs->now_in = calloc(cap, sizeof(*vs->now_in));
	CHECK(vs->list && vs->was_in && vs->now_in);
	vrf_rtindex_init(&vs->imports);
}

void vrfs_fini(struct vrfs *vs)
{
	for (unsigned i = 0; i < vs->n; i++) {
		rib_memo_fini(&vs->list[i].memo, vs->store);
		rib_table_free(vs->list[i].table);
	}
	rib_table_free(vs->vpn);
	vrf_rtindex_fini(&vs->imports);
	vrf_labelpool_fini(&vs->labels);
	free(vs->list);
	free(vs->was_in);
	free(vs->now_in);
}

static uint16_t vrf_source(
	struct vrfs *vs, const struct vrf *v, enum rib_source_kind kind, uint16_t feeds)
{
	return rib_source_add(
		vs->store, &(struct rib_source){.kind = kind, .vrf = feeds, .origin = v->id});
}

struct vrf *vrf_add(struct vrfs *vs, const struct vrf_conf *conf)
{
	CHECK(vs->n < vs->cap);
	struct vrf *v = &vs->list[vs->n];
	*v = (struct vrf){.id = vs->n++,
		.conf = *conf,
		.label = WIRE_LABEL_NONE,
		.label_kept = WIRE_LABEL_NONE};
	v->table = rib_table_new(vs->store, WIRE_IPV4_UNICAST, v->id);
	v->table->import_from = vs->vpn;
	v->static_source = vrf_source(vs, v, RIB_STATIC, v->id);
	v->connected_source = vrf_source(vs, v, RIB_CONNECTED, v->id);
	v->export_source = vrf_source(vs, v, RIB_VRF_EXPORT, RIB_VRF_CORE);
	vrf_rtindex_add(&vs->imports, v->id, &conf->import);
	return v;
}

void vrf_import_set(struct vrfs *vs, struct vrf *v, const struct vrf_rtset *import)
{
	v->conf.import = *import;
	vrf_rtindex_del(&vs->imports, v->id);
	vrf_rtindex_add(&vs->imports, v->id, import);
	v->refill = (struct rib_job){.on = true};
	vs->reimporting = true;
}

void vrf_export_set(
	struct vrfs *vs, struct vrf *v, const struct vrf_rtset *export, bool keep_ce_rts)
{
	v->conf.export = *export;
	v->conf.keep_ce_rts = keep_ce_rts;
	rib_memo_fini(&v->memo, vs->store);
	if (v->label_state == VRF_LABEL_INSTALLED)
		v->walk = (struct rib_job){.on = true};
}

bool vrf_is_empty(const struct vrf *v)
{
	return v->label_state == VRF_LABEL_NONE && !v->walk.on && !v->refill.on &&
	       rib_table_count(v->table) == 0;
}

void vrf_end(struct vrfs *vs, struct vrf *v, uint64_t now_ms)
{
	CHECK(vrf_is_empty(v));
	if (v->label_kept != WIRE_LABEL_NONE)
		vrf_labelpool_put(&vs->labels, v->label_kept, now_ms);
	v->label_kept = WIRE_LABEL_NONE;
	rib_memo_fini(&v->memo, vs->store);
	rib_table_free(v->table);
	v->table = rib_table_new(vs->store, WIRE_IPV4_UNICAST, v->id);
	rib_source_down(vs->store, v->static_source);
	rib_source_down(vs->store, v->connected_source);
	rib_source_down(vs->store, v->export_source);
	v->static_source = v->connected_source = v->export_source = RIB_SOURCE_NONE;
	v->conf = (struct vrf_conf){.name = ""};
}

static struct rib_route local_route(const struct vrf *v, enum rib_source_kind kind)
{
	bool redistributed =
		kind == RIB_STATIC ? v->conf.redistribute_static : v->conf.redistribute_connected;

	return (struct rib_route){
		.source = kind == RIB_STATIC ? v->static_source : v->connected_source,
		.flags = redistributed ? 0 : RIB_PATH_PRIVATE,
		.label = WIRE_LABEL_NONE};
}

void vrf_local_add(struct vrfs *vs, struct vrf *v, enum rib_source_kind kind,
	const struct ip_prefix *p, struct ip_addr next_hop)
{
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH),
		.origin = WIRE_ORIGIN_INCOMPLETE,
		.next_hop = next_hop};
	struct wire_nlri n = {.prefix = *p, .label = WIRE_LABEL_NONE};
	struct rib_route r = local_route(v, kind);

	r.attrs = rib_store_get_attrs(vs->store, &a);
	rib_table_add(v->table, &n, &r);
	rib_store_unref_attrs(vs->store, r.attrs);
}

void vrf_local_del(
	struct vrfs *vs, struct vrf *v, enum rib_source_kind kind, const struct ip_prefix *p)
{
	struct wire_nlri n = {.prefix = *p, .label = WIRE_LABEL_NONE};
	struct rib_route r = local_route(v, kind);

	rib_table_del(v->table, &n, &r);
}

/* --- labels --- */

void vrf_label_keep(struct vrfs *vs, struct vrf *v, uint32_t label, uint64_t now_ms)
{
	if (!vrf_labelpool_hold(&vs->labels, label))
		return;
	if (v && v->label_state == VRF_LABEL_NONE && v->label_kept == WIRE_LABEL_NONE)
		v->label_kept = label;
	else
		vrf_labelpool_put(&vs->labels, label, now_ms);
}

bool vrf_label_get(struct vrfs *vs, struct vrf *v, uint64_t now_ms)
{
	CHECK(v->label_state == VRF_LABEL_NONE);
	uint32_t label = v->label_kept;
	if (label == WIRE_LABEL_NONE)
		label = vrf_labelpool_get(&vs->labels, now_ms);
	v->label_kept = WIRE_LABEL_NONE;
	if (label == WIRE_LABEL_NONE)
		return false;
	v->label = label;
	v->label_state = VRF_LABEL_PENDING;
	return true;
}

void vrf_label_installed(struct vrfs *vs, struct vrf *v)
{
	CHECK(v->label_state == VRF_LABEL_PENDING);
	v->label_state = VRF_LABEL_INSTALLED;
	v->walk = (struct rib_job){.on = true};
}

static void label_release(struct vrfs *vs, struct vrf *v, uint64_t now_ms)
{
	vrf_labelpool_put(&vs->labels, v->label, now_ms);
	v->label = WIRE_LABEL_NONE;
	v->label_state = VRF_LABEL_NONE;
}

void vrf_label_refused(struct vrfs *vs, struct vrf *v, uint64_t now_ms)
{
	CHECK(v->label_state == VRF_LABEL_PENDING);
	label_release(vs, v, now_ms);
}

void vrf_label_drop(struct vrfs *vs, struct vrf *v)
{
	CHECK(v->label_state == VRF_LABEL_PENDING || v->label_state == VRF_LABEL_INSTALLED);
	v->walk = (struct rib_job){.on = v->label_state == VRF_LABEL_INSTALLED};
	v->label_state = VRF_LABEL_LEAVING;
}

bool vrf_label_is_idle(const struct vrf *v)
{
	const struct rib_source *exported = rib_source_get(v->table->store, v->export_source);

	return v->label_state == VRF_LABEL_LEAVING && !v->walk.on && exported->refs == 0;
}

void vrf_label_deleted(struct vrfs *vs, struct vrf *v, uint64_t now_ms)
{
	CHECK(vrf_label_is_idle(v));
	label_release(vs, v, now_ms);
}

const char *vrf_label_state_name(enum vrf_label_state s)
{
	static const char *const names[] = {[VRF_LABEL_NONE] = "none",
		[VRF_LABEL_PENDING] = "pending",
		[VRF_LABEL_INSTALLED] = "installed",
		[VRF_LABEL_LEAVING] = "leaving"};

	return names[s];
}

/* --- work --- */

static void walk_work(struct vrfs *vs, struct vrf *v, unsigned *budget)
{
	for (; *budget > 0 && v->walk.on; --*budget) {
		v->walk.dest = rib_table_next(v->table, v->walk.dest);
		if (v->walk.dest)
			vrf_export_dest(vs, v, v->walk.dest);
		else
			v->walk.on = false;
	}
}

static void refill_work(struct vrfs *vs, struct vrf *v, unsigned *budget)
{
	for (; *budget > 0 && v->refill.on; --*budget) {
		v->refill.dest = rib_table_next(vs->vpn, v->refill.dest);
		if (v->refill.dest)
			vrf_import_dest(vs, v, v->refill.dest);
		else
			v->refill.on = false;
	}
}

bool vrfs_work(struct vrfs *vs, unsigned *budget)
{
	bool left = false, refilling = false;

	for (unsigned i = 0; i < vs->n; i++) {
		walk_work(vs, &vs->list[i], budget);
		refill_work(vs, &vs->list[i], budget);
		left |= vs->list[i].walk.on || vs->list[i].refill.on;
		refilling |= vs->list[i].refill.on;
	}
	vs->reimporting = vs->reimporting && refilling;
	return left;
}

void vrfs_change(struct vrfs *vs, const struct rib_change *c)
{
	if (vs->n == 0) /* a reflector */
		return;
	if (c->table == vs->vpn)
		vrf_import_change(vs, c);
	else if (c->table->vrf < vs->n && c->table == vs->list[c->table->vrf].table)
		vrf_export_change(vs, &vs->list[c->table->vrf], c);
}

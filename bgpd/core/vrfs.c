#include "bgpd/core/vrfs.h"

#include <string.h>

#include "bgpd/core/bmp_locrib.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/retain.h"
#include "bgpd/core/sites.h"
#include "bgpd/core/sources.h"
#include "lib/log.h"

static struct ip_addr core_address(const struct conf *c)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		if (c->peers[i].vrf == CONF_VRF_NONE && c->peers[i].local.af == IP_V4)
			return c->peers[i].local;
	return ip_addr_v4(c->id);
}

static bool keeps_ce_rts(const struct conf *c, unsigned vrf)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		if (c->peers[i].vrf == (int)vrf && c->peers[i].keep_ce_rts)
			return true;
	return false;
}

static struct vrf_conf conf_of(const struct conf *c, unsigned vrf)
{
	const struct conf_vrf *v = &c->vrfs[vrf];

	return (struct vrf_conf){
		.name = v->name,
		.rd = v->rd,
		.import = {v->import_rts, v->n_import_rts},
		.export = {v->export_rts, v->n_export_rts},
		.redistribute_static = v->redistribute & CONF_REDIST_STATIC,
		.redistribute_connected = v->redistribute & CONF_REDIST_CONNECTED,
		.max_routes = v->max_routes.max,
		.drop_above_max = v->max_routes.action == CONF_LIMIT_DROP,
		.keep_ce_rts = keeps_ce_rts(c, vrf),
	};
}

void core_vrfs_init(struct router *r)
{
	const struct conf *c = r->conf;
	struct vrf_labelpool labels;

	vrf_labelpool_init(&labels, c->label_min, c->label_max, c->label_quarantine_s * 1000ull);
	/* room for those that a reload brings: memory that nobody touches costs none */
	vrfs_init(&r->vrfs, r->store, core_address(c), CORE_VRFS_MAX, &labels);
	for (unsigned i = 0; i < c->n_vrfs; i++) {
		struct vrf_conf v = conf_of(c, i);

		(void)vrf_add(&r->vrfs, &v);
	}
}

void core_vrfs_leave(struct core_run *run, const uint8_t *fates)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		if (fates[i] != CONF_FATE_GONE || conf_vrf_is_gone(&r->conf->vrfs[i]))
			continue;
		core_bmp_loc_rib_end(run, i + 1);
		core_sites_leave(run, i);
		(void)core_retain_set(r, (uint16_t)i, NULL, 0);
		r->vrfs.list[i].conf.max_routes = 0;
		r->sites[i].leaving = true;
		r->n_vrfs_leaving++;
	}
}

static bool rts_are_same(const uint64_t *a, unsigned n_a, const uint64_t *b, unsigned n_b)
{
	return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a * sizeof(*a)) == 0);
}

static bool export_is_same(const struct vrf_conf *a, const struct vrf_conf *b)
{
	return rts_are_same(a->export.rts, a->export.n, b->export.rts, b->export.n) &&
	       a->keep_ce_rts == b->keep_ce_rts;
}

/* True: there are targets that nobody imported before. */
static bool imports_reload(struct router *r, unsigned vrf, const struct conf_vrf *was)
{
	const struct conf_vrf *now = &r->conf->vrfs[vrf];
	struct vrf_conf *v = &r->vrfs.list[vrf].conf;

	if (!rts_are_same(was->import_rts, was->n_import_rts, now->import_rts, now->n_import_rts))
		return core_retain_set(r, (uint16_t)vrf, now->import_rts, now->n_import_rts);
	if (v->import.rts == was->import_rts)
		v->import.rts = now->import_rts;
	return false;
}

static void limit_reload(struct core_run *run, unsigned vrf, const struct vrf_conf *now)
{
	struct vrf_conf *v = &run->r->vrfs.list[vrf].conf;

	if (v->max_routes == now->max_routes && v->drop_above_max == now->drop_above_max)
		return;
	v->max_routes = now->max_routes;
	v->drop_above_max = now->drop_above_max;
	core_limit_vrf_again(run, vrf);
}

/* It stays; moved: our address as next hop is another. */
static bool vrf_reload(struct core_run *run, unsigned i, const struct conf_vrf *was, bool moved)
{
	struct router *r = run->r;
	struct vrf *v = &r->vrfs.list[i];
	struct vrf_conf now = conf_of(r->conf, i);

	v->conf.name = now.name;
	if (moved || !export_is_same(&v->conf, &now))
		vrf_export_set(&r->vrfs, v, &now.export, now.keep_ce_rts);
	else
		v->conf.export = now.export;
	limit_reload(run, i, &now);
	core_sites_reload(run, i, was);
	return imports_reload(r, i, was);
}

static bool vrf_begin(struct core_run *run, unsigned i)
{
	struct router *r = run->r;
	const struct conf_vrf *c = &r->conf->vrfs[i];
	struct vrf_conf v = conf_of(r->conf, i);

	v.import = (struct vrf_rtset){0};
	(void)vrf_add(&r->vrfs, &v);
	core_sites_begin(r, i);
	core_bmp_loc_rib_begin(run, i + 1);
	return core_retain_set(r, (uint16_t)i, c->import_rts, c->n_import_rts);
}

void core_vrfs_reload(struct core_run *run, const struct conf *before, const uint8_t *fates)
{
	struct router *r = run->r;
	struct ip_addr self = core_address(r->conf);
	bool moved = !ip_addr_equal(&self, &r->vrfs.self), grows = false;

	r->vrfs.self = self;
	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		if (fates[i] == CONF_FATE_NEW)
			grows |= vrf_begin(run, i);
		else if (fates[i] == CONF_FATE_GONE)
			r->sites[i].conf = &r->conf->vrfs[i];
		else
			grows |= vrf_reload(run, i, &before->vrfs[i], moved);
	}
	if (grows)
		core_retain_grow(run);
}

void core_vrfs_step(struct core_run *run)
{
	struct router *r = run->r;

	for (unsigned i = 0; r->n_vrfs_leaving && i < r->vrfs.n; i++) {
		struct vrf *v = &r->vrfs.list[i];

		if (!r->sites[i].leaving || !vrf_is_empty(v) || r->sites[i].label_seq)
			continue;
		effect_note(run->fx, LOG_INFO_, "vrf_gone", "vrf=%s", v->conf.name);
		core_sources_end(r, i);
		core_sites_end(r, i);
		vrf_end(&r->vrfs, v, run->now_ms);
		r->n_vrfs_leaving--;
	}
}

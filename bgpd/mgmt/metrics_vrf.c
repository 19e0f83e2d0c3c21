/* Metrics of tables: routes by VRF and family, limits, labels, next hops. */
#include <inttypes.h>
#include <stdio.h>

#include "bgpd/mgmt/metrics.h"

/* The core is behind the VRFs. */
static unsigned tables(const struct metric_out *o)
{
	return (o->r->conf->n_vrfs + 1) * WIRE_FAMILIES;
}

static const struct rib_table *table_of(
	const struct metric_out *o, unsigned vrf, enum wire_family f)
{
	const struct router *r = o->r;

	if (vrf < r->conf->n_vrfs)
		return f == WIRE_IPV4_UNICAST && !conf_vrf_is_gone(&r->conf->vrfs[vrf])
			       ? r->vrfs.list[vrf].table
			       : NULL;
	return f == WIRE_IPV4_UNICAST ? r->core_ipv4 : f == WIRE_VPNV4 ? r->vrfs.vpn : r->rtc.table;
}

static void table_sample(struct metric_out *o, unsigned i, uint64_t value)
{
	unsigned vrf = i / WIRE_FAMILIES;
	enum wire_family f = i % WIRE_FAMILIES;
	char as[16];

	snprintf(as, sizeof(as), "%" PRIu32, o->r->conf->as);
	mgmt_metric(o, "", value,
		METRIC_LABELS({"vrf", mgmt_metric_vrf(o,
					      vrf < o->r->conf->n_vrfs ? (int)vrf : CONF_VRF_NONE)},
			{"afi", mgmt_metric_afi(f)}, {"safi", mgmt_metric_safi(f)},
			{"local_as", as}));
}

static void routes_row(struct metric_out *o, unsigned i)
{
	const struct rib_table *t = table_of(o, i / WIRE_FAMILIES, i % WIRE_FAMILIES);

	if (t)
		table_sample(o, i, rib_table_count(t));
}

static void peers_row(struct metric_out *o, unsigned i)
{
	if (table_of(o, i / WIRE_FAMILIES, i % WIRE_FAMILIES))
		table_sample(o, i, o->peers[i]);
}

static unsigned vrfs(const struct metric_out *o)
{
	return o->r->conf->n_vrfs;
}

/* One that a reload took away keeps its place. */
static const struct vrf *vrf(const struct metric_out *o, unsigned i)
{
	return conf_vrf_is_gone(&o->r->conf->vrfs[i]) ? NULL : &o->r->vrfs.list[i];
}

static void limit_row(struct metric_out *o, unsigned i)
{
	const struct vrf *v = vrf(o, i);

	if (v && v->conf.max_routes)
		mgmt_metric(o, "", v->conf.max_routes,
			METRIC_LABELS({"vrf", mgmt_metric_vrf(o, (int)i)}));
}

static void left_out_row(struct metric_out *o, unsigned i)
{
	const struct vrf *v = vrf(o, i);

	if (v)
		mgmt_metric(o, "_total", v->left_out + o->r->sites[i].left_out,
			METRIC_LABELS({"vrf", mgmt_metric_vrf(o, (int)i)}));
}

static void label_row(struct metric_out *o, unsigned i)
{
	const struct vrf *v = vrf(o, i);

	if (v)
		mgmt_metric(o, "", v->label_state == VRF_LABEL_INSTALLED,
			METRIC_LABELS({"vrf", mgmt_metric_vrf(o, (int)i)}));
}

static void labels_row(struct metric_out *o, unsigned i)
{
	const struct vrf_labelpool *p = &o->r->vrfs.labels;
	uint64_t all = (uint64_t)p->max - p->min + 1;

	mgmt_metric(o, "", p->used, METRIC_LABELS({"state", "used"}));
	mgmt_metric(o, "", p->rest_n, METRIC_LABELS({"state", "resting"}));
	mgmt_metric(o, "", all - p->used - p->rest_n, METRIC_LABELS({"state", "free"}));
}

static void nexthops_row(struct metric_out *o, unsigned i)
{
	unsigned n = 0;

	for (unsigned k = 0; k < o->r->n_nexthops; k++)
		n += o->r->nexthops[k].reachable;
	mgmt_metric(o, "", n, METRIC_LABELS({"state", "reachable"}));
	mgmt_metric(o, "", o->r->n_nexthops - n, METRIC_LABELS({"state", "unreachable"}));
}

const struct metric_family mgmt_metrics_vrf[] = {
	{"ravelin_bgp_peers", "gauge", NULL, "neighbors, by table", tables, peers_row},
	{"ravelin_bgp_rib_routes", "gauge", NULL, "destinations in a table", tables, routes_row},
	{"ravelin_vrf_route_limit", "gauge", NULL, "max-routes of the VRF, if it has one", vrfs,
		limit_row},
	{"ravelin_vrf_routes_left_out", "counter", NULL, "routes above that limit", vrfs,
		left_out_row},
	{"ravelin_vrf_label_installed", "gauge", NULL,
		"1 if the VRF's label is in the kernel: its routes are told to others", vrfs,
		label_row},
	{"ravelin_labels", "gauge", NULL, "VPN labels of the range, by what they do",
		.row = labels_row},
	{"ravelin_nexthops", "gauge", NULL, "BGP next hops, and whether the core has a way to them",
		.row = nexthops_row},
	{0},
};

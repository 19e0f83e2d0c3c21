/* /v1/vrf: each VPN as this router sees it. */
#include <string.h>

#include "bgpd/core/fibplan.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/wire/rd.h"

/* What operators call it: a copy out of the VPN table is "vpn" wherever the original came from. */
static const char *vrf_route_source(const struct router *r, const struct rib_path *p)
{
	const struct rib_source *s = rib_source_get(r->store, p->source);

	if (p->flags & RIB_PATH_IMPORTED)
		return "vpn";
	return s->kind == RIB_PEER ? "bgp" : rib_source_kind_name(s->kind);
}

/* In the kernel by our doing, or (connected) by its own. */
static bool vrf_route_installed(
	const struct router *r, const struct rib_table *t, const struct rib_path *p)
{
	struct fib_route route;

	if (!(p->flags & RIB_PATH_BEST))
		return false;
	return rib_source_get(r->store, p->source)->kind == RIB_CONNECTED ||
	       core_fibplan_route(r, t, p, &route);
}

static json_t *vrf_route(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	struct ip_addr hop = rib_attrset_next_hop(p->attrs);
	struct wire_nlri n;
	json_t *o = json_object();

	rib_dest_nlri(t, dest, &n);
	mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
	mgmt_set(o, "source", json_string(vrf_route_source(r, p)));
	mgmt_set(o, "next_hop", mgmt_json_addr(&hop));
	mgmt_set(o, "label", mgmt_json_label(p->label));
	mgmt_set(o, "from", mgmt_json_from(r, p->source));
	mgmt_set(o, "best", json_boolean(p->flags & RIB_PATH_BEST));
	mgmt_set(o, "installed", json_boolean(vrf_route_installed(r, t, p)));
	return o;
}

static json_t *vrf_targets(const uint64_t *rts, unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(list, mgmt_json_rt(rts[i]));
	return list;
}

static json_t *vrf_limit(const struct router *r, unsigned i)
{
	const struct conf_limit *c = &r->conf->vrfs[i].max_routes;
	json_t *o = json_object();

	if (c->action == CONF_LIMIT_NONE) {
		json_decref(o);
		return json_null();
	}
	mgmt_set(o, "limit", json_integer(c->max));
	mgmt_set(o, "action", json_string(mgmt_limit_name(c->action)));
	mgmt_set(o, "count", json_integer((json_int_t)r->vrfs.list[i].table->n_paths));
	mgmt_set(o, "left_out", json_integer((json_int_t)r->sites[i].left_out));
	mgmt_set(o, "times_over", json_integer((json_int_t)r->sites[i].times_over));
	return o;
}

static json_t *vrf_head(const struct router *r, unsigned i)
{
	const struct conf_vrf *c = &r->conf->vrfs[i];
	const struct vrf *v = &r->vrfs.list[i];
	char rd[WIRE_RD_STRLEN];
	json_t *o = json_object();

	mgmt_set(o, "name", mgmt_json_text(c->name));
	mgmt_set(o, "rd", json_string(wire_rd_print(c->rd, rd)));
	mgmt_set(o, "table", json_integer(c->table));
	mgmt_set(o, "import", vrf_targets(c->import_rts, c->n_import_rts));
	mgmt_set(o, "export", vrf_targets(c->export_rts, c->n_export_rts));
	mgmt_set(o, "label", mgmt_json_label(v->label));
	mgmt_set(o, "label_state", json_string(vrf_label_state_name(v->label_state)));
	mgmt_set(o, "limit", vrf_limit(r, i));
	return o;
}

static const struct rib_table *vrf_table(const struct router *r, unsigned i)
{
	return r->vrfs.list[i].table;
}

static bool vrf_is_gone(const struct router *r, unsigned i)
{
	return conf_vrf_is_gone(&r->conf->vrfs[i]);
}

struct mgmt_stream *mgmt_stream_vrf(const struct mgmt_ask *q)
{
	static const struct mgmt_parts parts = {.begin = "{\"vrfs\":[",
		.end = "]}",
		.head = vrf_head,
		.table = vrf_table,
		.route = vrf_route,
		.is_gone = vrf_is_gone};
	unsigned n = q->r->conf->n_vrfs;

	if (!q->name)
		return mgmt_stream_new(q, &parts, 0, n);
	for (unsigned i = 0; i < n; i++)
		if (!vrf_is_gone(q->r, i) && strcmp(q->name, q->r->conf->vrfs[i].name) == 0)
			return mgmt_stream_new(q, &parts, i, i + 1);
	return NULL;
}

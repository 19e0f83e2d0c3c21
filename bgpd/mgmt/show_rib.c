/* /v1/bgp/vpnv4, /v1/bgp/ipv4, /v1/bgp/vrf: every route, and why it is or is not the best. */

#include <string.h>

#include "bgpd/mgmt/show.h"
#include "bgpd/rib/best.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/rd.h"

#define RIB_AS_PATH_STRLEN     1024
#define RIB_COMMUNITIES_STRLEN 2048

static json_t *rib_as_path(const struct rib_attrset *a)
{
	char s[RIB_AS_PATH_STRLEN];

	return json_string(wire_aspath_print(rib_attrset_list(a, RIB_LIST_AS_PATH), s, sizeof(s)));
}

static json_t *rib_optional(const struct rib_attrset *a, enum wire_attr_code code, uint32_t value)
{
	return a->present & WIRE_ATTR_BIT(code) ? json_integer(value) : json_null();
}

static const char *rib_origin_name(uint8_t origin)
{
	static const char *const names[] = {"igp", "egp", "incomplete"};

	return origin < sizeof(names) / sizeof(names[0]) ? names[origin] : "?";
}

/* Looked up in the VRFs' tables themselves: what is there, not what the targets promise. */
static json_t *rib_imported_into(const struct router *r, uint32_t vpn_dest, struct wire_nlri n)
{
	json_t *list = json_array();

	n.rd = 0;
	for (unsigned v = 0; v < r->vrfs.n; v++) {
		const struct rib_table *t = r->vrfs.list[v].table;
		uint32_t dest = rib_table_find(t, &n);
		const struct rib_path *p = dest == RIB_SLAB_NONE ? NULL : rib_dest_paths(t, dest);
		for (; p; p = rib_path_next(t, p)) {
			if (!(p->flags & RIB_PATH_IMPORTED) || (p->flags & RIB_PATH_GONE) ||
				p->id != vpn_dest)
				continue;
			json_array_append_new(list, mgmt_json_text(r->vrfs.list[v].conf.name));
			break;
		}
	}
	return list;
}

static json_t *rib_route(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	struct ip_addr hop = rib_attrset_next_hop(p->attrs);
	bool best = (p->flags & RIB_PATH_BEST) != 0, rejected = (p->flags & RIB_PATH_REJECTED) != 0;
	enum rib_step step = best ? rib_dest_get(t, dest)->step : rib_best_why_not(t, dest, p);
	struct wire_nlri n;
	char rd[WIRE_RD_STRLEN];
	json_t *o = json_object();

	rib_dest_nlri(t, dest, &n);
	if (wire_family_get(t->family)->rd_octets)
		mgmt_set(o, "rd", json_string(wire_rd_print(n.rd, rd)));
	mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
	mgmt_set(o, "label", mgmt_json_label(rejected ? WIRE_LABEL_NONE : p->label));
	mgmt_set(o, "next_hop", mgmt_json_addr(&hop));
	mgmt_set(o, "route_targets",
		mgmt_json_rts(rib_attrset_list(p->attrs, RIB_LIST_EXT_COMMUNITIES)));
	mgmt_set(o, "as_path", rib_as_path(p->attrs));
	mgmt_set(o, "origin", json_string(rib_origin_name(p->attrs->origin)));
	mgmt_set(o, "local_pref",
		rib_optional(p->attrs, WIRE_ATTR_LOCAL_PREF, p->attrs->local_pref));
	mgmt_set(o, "med", rib_optional(p->attrs, WIRE_ATTR_MED, p->attrs->med));
	mgmt_set(o, "from", mgmt_json_from(r, p->source));
	mgmt_set(o, "best", json_boolean(best));
	mgmt_set(o, "why", json_string(rejected ? "rejected" : rib_step_name(step)));
	if (rejected)
		mgmt_rejected_add(o, r, t, dest, p);
	mgmt_set(o, "reachable", json_boolean(rib_path_is_eligible(t, p)));
	mgmt_set(o, "imported_into",
		best && t == r->vrfs.vpn ? rib_imported_into(r, dest, n) : json_array());
	return o;
}

/* By name where they have one. */
static json_t *rib_communities(const struct rib_attrset *a)
{
	char s[RIB_COMMUNITIES_STRLEN];

	return json_string(
		wire_comm_print(rib_attrset_list(a, RIB_LIST_COMMUNITIES), s, sizeof(s)));
}

static json_t *rib_ext_communities(const struct rib_attrset *a)
{
	char s[RIB_COMMUNITIES_STRLEN];

	return json_string(
		wire_extcomm_print(rib_attrset_list(a, RIB_LIST_EXT_COMMUNITIES), s, sizeof(s)));
}

static json_t *rib_originator(const struct rib_attrset *a)
{
	struct ip_addr id = ip_addr_v4(a->originator_id);

	return a->present & WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID) ? mgmt_json_addr(&id)
								   : json_null();
}

static json_t *rib_clusters(const struct rib_attrset *a)
{
	struct wire_span list = rib_attrset_list(a, RIB_LIST_CLUSTER_LIST);
	json_t *out = json_array();

	for (size_t i = 0; i + 4 <= list.len; i += 4) {
		struct ip_addr id = ip_addr_v4((uint32_t)list.p[i] << 24 | list.p[i + 1] << 16 |
					       list.p[i + 2] << 8 | list.p[i + 3]);
		json_array_append_new(out, mgmt_json_addr(&id));
	}
	return out;
}

/* What is not in the list of all: for one prefix there is room. */
json_t *mgmt_path_detail(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	struct wire_span communities = rib_attrset_list(p->attrs, RIB_LIST_COMMUNITIES);
	bool has_id = p->id && !(p->flags & RIB_PATH_IMPORTED);
	json_t *o = rib_route(r, t, dest, p);
	struct wire_attrs attrs;

	rib_attrset_view(p->attrs, &attrs);
	mgmt_set(o, "path_id", has_id ? json_integer(p->id) : json_null());
	mgmt_set(o, "stale", json_boolean(rib_stale_path(t, p)));
	mgmt_set(o, "long_lived_stale",
		json_boolean(wire_comm_has(communities, WIRE_COMM_LLGR_STALE)));
	mgmt_set(o, "blackhole", json_boolean(p->flags & RIB_PATH_BLACKHOLE));
	mgmt_set(o, "otc", rib_optional(p->attrs, WIRE_ATTR_OTC, attrs.otc));
	mgmt_set(o, "originator_id", rib_originator(p->attrs));
	mgmt_set(o, "cluster_list", rib_clusters(p->attrs));
	mgmt_set(o, "communities", rib_communities(p->attrs));
	mgmt_set(o, "ext_communities", rib_ext_communities(p->attrs));
	mgmt_set(o, "large_communities", mgmt_large_communities(r, p));
	return o;
}

json_t *mgmt_part_bare(const struct router *r, unsigned part)
{
	return json_object();
}

static const struct rib_table *rib_vpn(const struct router *r, unsigned part)
{
	return r->vrfs.vpn;
}

const struct rib_table *mgmt_part_core_ipv4(const struct router *r, unsigned part)
{
	return r->core_ipv4;
}

struct mgmt_stream *mgmt_stream_vpnv4(const struct mgmt_ask *q)
{
	static const struct mgmt_parts all = {"", "", mgmt_part_bare, rib_vpn, rib_route};
	static const struct mgmt_parts one = {"", "", mgmt_part_bare, rib_vpn, mgmt_path_detail};

	return mgmt_stream_new(q, q->prefix ? &one : &all, 0, 1);
}

struct mgmt_stream *mgmt_stream_ipv4(const struct mgmt_ask *q)
{
	static const struct mgmt_parts all = {
		"", "", mgmt_part_bare, mgmt_part_core_ipv4, rib_route};
	static const struct mgmt_parts one = {
		"", "", mgmt_part_bare, mgmt_part_core_ipv4, mgmt_path_detail};

	return q->r->core_ipv4 ? mgmt_stream_new(q, q->prefix ? &one : &all, 0, 1) : NULL;
}

static const struct rib_table *rib_of_vrf(const struct router *r, unsigned part)
{
	return r->vrfs.list[part].table;
}

struct mgmt_stream *mgmt_stream_bgp_vrf(const struct mgmt_ask *q)
{
	static const struct mgmt_parts all = {"", "", mgmt_part_bare, rib_of_vrf, rib_route};
	static const struct mgmt_parts one = {"", "", mgmt_part_bare, rib_of_vrf, mgmt_path_detail};

	for (unsigned i = 0; i < q->r->conf->n_vrfs; i++)
		if (!conf_vrf_is_gone(&q->r->conf->vrfs[i]) &&
			strcmp(q->name, q->r->conf->vrfs[i].name) == 0)
			return mgmt_stream_new(q, q->prefix ? &one : &all, i, i + 1);
	return NULL;
}

static json_t *rib_rejected(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	return p->flags & RIB_PATH_REJECTED ? rib_route(r, t, dest, p) : NULL;
}

static json_t *rib_rejected_detail(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	return p->flags & RIB_PATH_REJECTED ? mgmt_path_detail(r, t, dest, p) : NULL;
}

struct mgmt_stream *mgmt_stream_rejected(const struct mgmt_ask *q)
{
	static const struct mgmt_parts all = {
		"", "", mgmt_part_bare, mgmt_part_core_ipv4, rib_rejected};
	static const struct mgmt_parts one = {
		"", "", mgmt_part_bare, mgmt_part_core_ipv4, rib_rejected_detail};

	return q->r->core_ipv4 ? mgmt_stream_new(q, q->prefix ? &one : &all, 0, 1) : NULL;
}

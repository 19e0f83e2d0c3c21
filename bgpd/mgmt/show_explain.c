/* /v1/bgp/explain: why a route is (not) used, and who has it. Tables are asked by hash: none is walked. */
#include <string.h>

#include "bgpd/core/fibplan.h"
#include "bgpd/mgmt/explain.h"
#include "bgpd/rib/best.h"
#include "bgpd/wire/rd.h"

struct explain_order { /* candidates, best first */
	const struct rib_path *list[EXPLAIN_CANDIDATES_MAX];
	unsigned n, left_out;
};

/* Usable ones by preference, then the others, rejected ones last, by neighbour. */
static bool explain_is_before(
	const struct rib_table *t, const struct rib_path *a, const struct rib_path *b)
{
	bool x = rib_path_is_eligible(t, a), y = rib_path_is_eligible(t, b);
	bool v = (a->flags & RIB_PATH_REJECTED) != 0, w = (b->flags & RIB_PATH_REJECTED) != 0;

	if (x && y)
		return rib_path_cmp(t, a, b) < 0;
	if (x != y)
		return x;
	if (v != w)
		return w;
	int c = ip_addr_cmp(&rib_source_get(t->store, a->source)->addr,
		&rib_source_get(t->store, b->source)->addr);
	return c ? c < 0 : a->id < b->id;
}

static void explain_put(struct explain_order *o, const struct rib_table *t,
	const struct rib_path *p, const struct rib_path *best)
{
	unsigned at = o->n;

	/* MED makes no order of all of them: the best is first whatever comparing in pairs says */
	while (at > 0 && o->list[at - 1] != best &&
		(p == best || explain_is_before(t, p, o->list[at - 1])))
		at--;
	if (o->n == EXPLAIN_CANDIDATES_MAX)
		o->left_out++;
	else
		o->n++;
	if (at == EXPLAIN_CANDIDATES_MAX)
		return;
	memmove(&o->list[at + 1], &o->list[at], (o->n - at - 1) * sizeof(*o->list));
	o->list[at] = p;
}

static json_t *explain_transport(const struct router *r, const struct ip_addr *hop)
{
	json_t *labels = json_array();

	for (unsigned i = 0; i < r->n_nexthops; i++) {
		const struct core_nexthop *h = &r->nexthops[i];
		if (!ip_addr_equal(&h->addr, hop))
			continue;
		for (unsigned k = 0; k < h->n_labels && k < FIB_LABELS_MAX; k++)
			json_array_append_new(labels, json_integer(h->labels[k]));
		break;
	}
	return labels;
}

static json_t *explain_resolved(
	const struct router *r, const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_nexthop *hop = p->attrs->nexthop;
	bool tracked = rib_table_tracks(t, p->source), up = tracked && hop && hop->reachable;
	json_t *o;

	if (!tracked)
		return json_null(); /* on a link of ours: nothing to be resolved */
	o = json_object();
	mgmt_set(o, "resolves", json_boolean(up));
	mgmt_set(o, "metric", up ? json_integer(hop->metric) : json_null());
	mgmt_set(o, "transport", hop ? explain_transport(r, &hop->addr) : json_array());
	return o;
}

/* The VPN route that p was imported from. */
static json_t *explain_origin(
	const struct router *r, const struct rib_table *t, const struct rib_path *p)
{
	struct wire_nlri n;
	char rd[WIRE_RD_STRLEN];

	if (!(p->flags & RIB_PATH_IMPORTED) || !t->import_from)
		return json_null();
	rib_dest_nlri(t->import_from, p->id, &n);
	return json_pack("{s:s, s:o, s:b}", "rd", wire_rd_print(n.rd, rd), "from",
		mgmt_json_from(r, p->source), "leaked", (p->flags & RIB_PATH_LEAKED) != 0);
}

static json_t *explain_candidate(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best, const struct rib_path *p)
{
	json_t *o = mgmt_path_detail(r, t, dest, p);

	json_object_del(o, "prefix");
	json_object_del(o, "rd");
	json_object_del(o, "imported_into");
	mgmt_set(o, "best", json_boolean(p == best));
	mgmt_set(o, "lost", mgmt_explain_lost(r, t, dest, best, p));
	mgmt_set(o, "next_hop_state", explain_resolved(r, t, p));
	mgmt_set(o, "imported_from", explain_origin(r, t, p));
	mgmt_set(o, "rpki", mgmt_explain_rpki(r, t, dest, p));
	mgmt_set(o, "import_chain", mgmt_explain_import(r, t, dest, p));
	return o;
}

/* As `show vrf` knows it: what the kernel has, or is to have. */
static json_t *explain_kernel(
	const struct router *r, const struct rib_table *t, const struct rib_path *best)
{
	static const char *const kinds[] = {[FIB_ROUTE_CE] = "to a neighbor",
		[FIB_ROUTE_VPN] = "through the core",
		[FIB_ROUTE_BLACKHOLE] = "blackhole"};
	struct fib_route route;
	json_t *o;

	if (t->vrf == RIB_VRF_CORE)
		return json_null();
	o = json_object();
	if (best && rib_source_get(r->store, best->source)->kind == RIB_CONNECTED) {
		mgmt_set(o, "installed", json_true());
		mgmt_set(o, "as", json_string("connected"));
	} else if (core_fibplan_route(r, t, best, &route)) {
		mgmt_set(o, "installed", json_true());
		mgmt_set(o, "as", json_string(kinds[route.kind]));
		mgmt_set(o, "next_hop", mgmt_json_addr(&route.next_hop));
		mgmt_set(o, "label",
			route.kind == FIB_ROUTE_VPN ? json_integer(route.label) : json_null());
		mgmt_set(o, "transport", explain_transport(r, &route.next_hop));
	} else {
		mgmt_set(o, "installed", json_false());
	}
	return o;
}

/* What this router gave out for the VRF: without it nothing is exported. */
static json_t *explain_label(const struct router *r, const struct rib_table *t)
{
	const struct vrf *v = t->vrf == RIB_VRF_CORE ? NULL : &r->vrfs.list[t->vrf];

	return v ? json_pack("{s:o, s:s}", "label", mgmt_json_label(v->label), "state",
			   vrf_label_state_name(v->label_state))
		 : json_null();
}

/* Its copies in VRFs, each looked up there. */
static json_t *explain_imported(const struct router *r, const struct rib_table *t, uint32_t dest)
{
	struct wire_nlri n;
	json_t *list = json_array();

	if (t != r->vrfs.vpn)
		return list;
	rib_dest_nlri(t, dest, &n);
	n.rd = 0;
	for (unsigned v = 0; v < r->vrfs.n; v++) {
		const struct rib_table *in = r->vrfs.list[v].table;
		uint32_t at = rib_table_find(in, &n);
		const struct rib_path *p = at == RIB_SLAB_NONE ? NULL : rib_dest_paths(in, at);
		for (; p; p = rib_path_next(in, p))
			if (p->flags & RIB_PATH_IMPORTED && !(p->flags & RIB_PATH_GONE) &&
				p->id == dest)
				json_array_append_new(
					list, json_pack("{s:o, s:b}", "vrf",
						      mgmt_json_text(r->vrfs.list[v].conf.name),
						      "best", (p->flags & RIB_PATH_BEST) != 0));
	}
	return list;
}

static json_t *explain_table(const struct router *r, const struct rib_table *t, uint32_t dest)
{
	struct explain_order order = {.n = 0};
	enum rib_step step;
	const struct rib_path *best = rib_best_find(t, dest, &step);
	struct wire_nlri n;
	char rd[WIRE_RD_STRLEN];
	json_t *list = json_array(), *o = json_object();

	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p))
		if (!(p->flags & RIB_PATH_GONE))
			explain_put(&order, t, p, best);
	for (unsigned i = 0; i < order.n; i++)
		json_array_append_new(list, explain_candidate(r, t, dest, best, order.list[i]));
	rib_dest_nlri(t, dest, &n);
	bool vpn = t == r->vrfs.vpn;
	mgmt_set(o, "family", json_string(vpn ? "vpnv4" : "ipv4"));
	mgmt_set(o, "vrf", mgmt_json_vrf_of(r, t->vrf));
	mgmt_set(o, "rd", vpn ? json_string(wire_rd_print(n.rd, rd)) : json_null());
	mgmt_set(o, "decided", json_string(rib_step_name(step)));
	mgmt_set(o, "candidates", list);
	mgmt_set(o, "left_out", json_integer(order.left_out));
	mgmt_set(o, "kernel", explain_kernel(r, t, best));
	mgmt_set(o, "vrf_label", explain_label(r, t));
	mgmt_set(o, "imported_into", explain_imported(r, t, dest));
	mgmt_set(o, "neighbors", mgmt_explain_told(r, t, dest, best));
	return o;
}

/* The destination, if somebody still has a path to it. */
static uint32_t explain_find(const struct rib_table *t, const struct wire_nlri *n)
{
	uint32_t dest = t && n->prefix.addr.af == IP_V4 ? rib_table_find(t, n) : RIB_SLAB_NONE;
	const struct rib_path *p = dest == RIB_SLAB_NONE ? NULL : rib_dest_paths(t, dest);

	while (p && p->flags & RIB_PATH_GONE)
		p = rib_path_next(t, p);
	return p ? dest : RIB_SLAB_NONE;
}

struct explain_vpn { /* destinations of the VPN table */
	uint32_t list[EXPLAIN_VPN_MAX];
	unsigned n;
};

static void explain_vpn_add(struct explain_vpn *d, uint32_t dest)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->list[i] == dest)
			return;
	if (dest != RIB_SLAB_NONE && d->n < EXPLAIN_VPN_MAX)
		d->list[d->n++] = dest;
}

/* What v exports of the prefix, and what it has imported of it: the RDs of others are known from there. */
static void explain_vpn_of(
	const struct router *r, const struct vrf *v, struct wire_nlri n, struct explain_vpn *d)
{
	uint32_t dest = explain_find(v->table, &n);
	const struct rib_path *p = dest == RIB_SLAB_NONE ? NULL : rib_dest_paths(v->table, dest);

	for (; p; p = rib_path_next(v->table, p))
		if (p->flags & RIB_PATH_IMPORTED && !(p->flags & RIB_PATH_GONE))
			explain_vpn_add(d, p->id);
	n.rd = v->conf.rd;
	explain_vpn_add(d, explain_find(r->vrfs.vpn, &n));
}

static json_t *explain_covering(const struct rib_table *t, struct wire_nlri n)
{
	while (n.prefix.len > 0) {
		n.prefix.len--;
		ip_prefix_mask(&n.prefix);
		if (explain_find(t, &n) != RIB_SLAB_NONE)
			return mgmt_json_prefix(&n.prefix);
	}
	return json_null();
}

/* VRFs that have the prefix: for who asked about the core. */
static json_t *explain_vrfs(const struct router *r, const struct wire_nlri *n)
{
	json_t *list = json_array();

	for (unsigned v = 0; v < r->vrfs.n; v++)
		if (explain_find(r->vrfs.list[v].table, n) != RIB_SLAB_NONE)
			json_array_append_new(list, mgmt_json_text(r->vrfs.list[v].conf.name));
	return list;
}

/* r->vrfs.n: there is none. */
static unsigned explain_vrf(const struct router *r, const char *name)
{
	unsigned v = 0;

	while (v < r->vrfs.n && (conf_vrf_is_gone(&r->conf->vrfs[v]) ||
					strcmp(r->vrfs.list[v].conf.name, name) != 0))
		v++;
	return v;
}

json_t *mgmt_show_explain(const struct mgmt_ask *q)
{
	const struct router *r = q->r;
	struct wire_nlri n = {.prefix = *q->prefix, .label = WIRE_LABEL_NONE};
	struct explain_vpn vpn = {.n = 0};
	unsigned v = q->vrf ? explain_vrf(r, q->vrf) : 0;

	if (q->vrf && v == r->vrfs.n)
		return NULL;
	const struct rib_table *t = q->vrf ? r->vrfs.list[v].table : r->core_ipv4;
	uint32_t dest = explain_find(t, &n);
	json_t *tables = json_array(), *o = json_object();
	if (dest != RIB_SLAB_NONE)
		json_array_append_new(tables, explain_table(r, t, dest));
	for (unsigned i = 0; i < r->vrfs.n; i++)
		if (!q->vrf || i == v)
			explain_vpn_of(r, &r->vrfs.list[i], n, &vpn);
	for (unsigned i = 0; i < vpn.n; i++)
		json_array_append_new(tables, explain_table(r, r->vrfs.vpn, vpn.list[i]));
	bool found = json_array_size(tables) > 0;
	mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
	mgmt_set(o, "vrf", q->vrf ? mgmt_json_text(q->vrf) : json_null());
	mgmt_set(o, "found", json_boolean(found));
	mgmt_set(o, "covering", found || !t ? json_null() : explain_covering(t, n));
	mgmt_set(o, "vrfs", q->vrf ? json_array() : explain_vrfs(r, &n));
	mgmt_set(o, "tables", tables);
	return o;
}

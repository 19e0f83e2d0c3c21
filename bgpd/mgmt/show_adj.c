/*
 * /v1/bgp/neighbors/received, /advertised: what a neighbour has told us and is told, table by table.
 *
 * There is no Adj-RIB-In beside the tables (RFC 4271 3.2): received is what stands in them from this neighbour, as its import policies left
 * it, those that they rejected too where keep-rejected is set. Nor is there an Adj-RIB-Out: advertised is what its update group has
 * chosen, rewritten once more as it was for the message.
 */
#include <string.h>

#include "bgpd/mgmt/show.h"
#include "bgpd/out/choice.h"
#include "bgpd/out/member.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/rd.h"
#include "lib/arena.h"
#include "lib/check.h"

#define ADJ_ARENA_MAX	(UINT32_C(1) << 18) /* octets: what is rewritten of one route */
#define ADJ_TEXT_STRLEN 4096

enum { ADJ_IPV4, ADJ_VPN, ADJ_VRFS }; /* parts; from the last on, one a VRF */

struct adj_told { /* a path as somebody is told it */
	struct rib_attrset *attrs;
	uint32_t label, id;
	uint16_t source;
};

static const struct rib_table *adj_table(const struct router *r, unsigned part)
{
	if (part == ADJ_IPV4)
		return r->core_ipv4;
	return part == ADJ_VPN ? r->vrfs.vpn : r->vrfs.list[part - ADJ_VRFS].table;
}

static json_t *adj_head(const struct router *r, unsigned part)
{
	const char *family =
		wire_family_get(part == ADJ_VPN ? WIRE_VPNV4 : WIRE_IPV4_UNICAST)->name;

	return json_pack("{s:s, s:o}", "family", family, "vrf",
		part < ADJ_VRFS ? json_null() : mgmt_json_vrf(r->conf, (int)(part - ADJ_VRFS)));
}

static json_t *adj_optional(const struct wire_attrs *a, enum wire_attr_code code, uint32_t value)
{
	return wire_attrs_has(a, code) ? json_integer(value) : json_null();
}

static void adj_set_attrs(json_t *o, const struct wire_attrs *a)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	struct ip_addr originator = ip_addr_v4(a->originator_id);
	char s[ADJ_TEXT_STRLEN];

	mgmt_set(o, "next_hop", mgmt_json_addr(&a->next_hop));
	mgmt_set(o, "as_path", json_string(wire_aspath_print(a->as_path, s, sizeof(s))));
	mgmt_set(o, "origin",
		json_string(a->origin < ARRAY_LEN(origins) ? origins[a->origin] : "?"));
	mgmt_set(o, "local_pref", adj_optional(a, WIRE_ATTR_LOCAL_PREF, a->local_pref));
	mgmt_set(o, "med", adj_optional(a, WIRE_ATTR_MED, a->med));
	mgmt_set(o, "otc", adj_optional(a, WIRE_ATTR_OTC, a->otc));
	mgmt_set(o, "originator_id",
		wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID) ? mgmt_json_addr(&originator)
							   : json_null());
	mgmt_set(o, "route_targets", mgmt_json_rts(a->ext_communities));
	mgmt_set(o, "communities", json_string(wire_comm_print(a->communities, s, sizeof(s))));
	mgmt_set(o, "ext_communities",
		json_string(wire_extcomm_print(a->ext_communities, s, sizeof(s))));
	mgmt_set(o, "large_communities",
		json_string(wire_large_print(a->large_communities, s, sizeof(s))));
}

/* Nothing, if no message can carry it. */
static void adj_add(json_t *list, const struct router *r, const struct out_group *g,
	const struct out_member *m, uint32_t dest, const struct adj_told *told)
{
	const struct rib_source *from = rib_source_get(r->store, told->source);
	struct wire_attrs a;
	struct wire_nlri n;
	struct arena arena;
	char rd[WIRE_RD_STRLEN];

	rib_attrset_view(told->attrs, &a);
	rib_dest_nlri(g->table, dest, &n);
	arena_init(&arena, ADJ_ARENA_MAX);
	if (out_view_rewrite(&g->view, from, &a, &arena)) {
		json_t *o = json_object();

		if (wire_family_get(g->table->family)->rd_octets)
			mgmt_set(o, "rd", json_string(wire_rd_print(n.rd, rd)));
		mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
		mgmt_set(o, "path_id", g->view.add_path ? json_integer(told->id) : json_null());
		mgmt_set(o, "label", mgmt_json_label(told->label));
		adj_set_attrs(o, &a);
		mgmt_set(o, "from", mgmt_json_from(r, told->source));
		mgmt_set(o, "on_its_way", json_boolean(m->full || m->paused || m->lane));
		json_array_append_new(list, o);
	}
	arena_fini(&arena);
}

static const struct out_group *adj_group(const struct router *r, const struct rib_table *t,
	const struct core_peer *to, const struct out_member **m)
{
	const struct out_group *g = t->id < r->out.n_tables ? r->out.by_table[t->id] : NULL;

	if (to->source == RIB_SOURCE_NONE)
		return NULL;
	while (g && !(*m = out_member_of_source(g, to->source)))
		g = g->next;
	return g;
}

/* An mgmt_dest_fn. */
static json_t *adj_advertised(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct core_peer *to)
{
	json_t *list = json_array();
	const struct out_member *m = NULL;
	const struct out_group *g = adj_group(r, t, to, &m);

	if (!g)
		return list;
	if (!g->view.add_path) {
		struct out_choice c = out_choice_get(g, dest, rib_dest_best(t, dest));
		const struct out_chosen *told =
			c.first.attrs && c.first.source == m->source ? &c.second : &c.first;
		if (told->attrs)
			adj_add(list, r, g, m, dest,
				&(struct adj_told){.attrs = told->attrs,
					.label = told->label,
					.source = told->source});
		return list;
	}
	for (uint32_t i = dest < g->paths.cap_heads ? g->paths.heads[dest] : 0; i;
		i = g->paths.list[i].next) {
		const struct out_path *p = &g->paths.list[i];
		if (p->source != m->source)
			adj_add(list, r, g, m, dest,
				&(struct adj_told){.attrs = p->attrs,
					.label = p->label,
					.id = p->id,
					.source = p->source});
	}
	return list;
}

static struct mgmt_stream *adj_stream(const struct mgmt_ask *q, const struct mgmt_parts *parts)
{
	struct mgmt_ask of = *q;
	const struct core_peer *p = mgmt_peer_find(q->r, q->name);

	if (!p || q->vrf)
		return NULL;
	of.neighbor = p;
	if (core_peer_in_vrf(p)) {
		unsigned part = ADJ_VRFS + (unsigned)p->conf->vrf;
		return mgmt_stream_new(&of, parts, part, part + 1);
	}
	bool ipv4 = p->conf->families & WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	bool vpn = p->conf->families & WIRE_FAMILY_BIT(WIRE_VPNV4);
	return mgmt_stream_new(
		&of, parts, ipv4 ? ADJ_IPV4 : ADJ_VPN, vpn ? ADJ_VPN + 1 : ADJ_IPV4 + 1);
}

struct mgmt_stream *mgmt_stream_received(const struct mgmt_ask *q)
{
	static const struct mgmt_parts parts = {
		"{\"tables\":[", "]}", adj_head, adj_table, mgmt_path_detail};

	return adj_stream(q, &parts);
}

struct mgmt_stream *mgmt_stream_advertised(const struct mgmt_ask *q)
{
	static const struct mgmt_parts parts = {.begin = "{\"tables\":[",
		.end = "]}",
		.head = adj_head,
		.table = adj_table,
		.dest = adj_advertised};

	return adj_stream(q, &parts);
}

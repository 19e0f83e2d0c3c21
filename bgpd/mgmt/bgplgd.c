/*
 * What OpenBGPD's bgplgd answers, so that looking glasses made for it (Alice-LG: type openbgpd, bgplgd) read this router too: /neighbors,
 * /summary and /rib, with its names and its types: AS numbers are strings, counts and preferences numbers.
 *
 * A rejected route stands in /rib with the large community AS:1101:REASON (policy/reject.h), which is how the looking glass knows it.
 */

#include "bgpd/mgmt/show.h"
#include "bgpd/rib/best.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "lib/rbuf.h"

#define BGPLGD_AS_PATH_STRLEN 4096
#define BGPLGD_LOCAL_PREF     100 /* where there is none (RFC 4271 5.1.5) */

static json_t *number_text(uint32_t n)
{
	return json_sprintf("%u", n);
}

static json_t *id_text(uint32_t id)
{
	struct ip_addr a = ip_addr_v4(id);

	return mgmt_json_addr(&a);
}

/* 01:02:03, 5d20h05m, 03w4d05h. */
static json_t *time_text(uint64_t s)
{
	unsigned m = (unsigned)(s / 60), h = m / 60, d = h / 24, w = d / 7;

	if (w)
		return json_sprintf("%02uw%ud%02uh", w, d % 7, h % 24);
	if (d)
		return json_sprintf("%ud%02uh%02um", d, h % 24, m % 60);
	return json_sprintf("%02u:%02u:%02u", h, m % 60, (unsigned)(s % 60));
}

static json_t *neighbor_summary(const struct mgmt_ask *q, const struct core_peer *p)
{
	uint64_t since = q->now_ms > p->fsm.since_ms ? q->now_ms - p->fsm.since_ms : 0;
	bool up = p->source != RIB_SOURCE_NONE;
	json_t *o = json_object();

	mgmt_set(o, "remote_as", number_text(p->as));
	mgmt_set(o, "description", mgmt_json_text(p->name));
	mgmt_set(o, "remote_addr", mgmt_json_addr(&p->addr));
	mgmt_set(o, "bgpid", id_text(up ? rib_source_get(q->r->store, p->source)->router_id : 0));
	mgmt_set(o, "state", json_string(fsm_state_name(fsm_peer_state(&p->fsm))));
	mgmt_set(o, "last_updown", time_text(since / 1000));
	return o;
}

static json_t *neighbor_all(const struct mgmt_ask *q, const struct core_peer *p)
{
	json_t *o = neighbor_summary(q, p), *stats = json_object(), *prefixes = json_object();

	mgmt_set(prefixes, "sent", json_integer(mgmt_peer_sent_prefixes(q->r, p)));
	mgmt_set(prefixes, "received", json_integer(mgmt_peer_received_prefixes(q->r, p)));
	mgmt_set(stats, "prefixes", prefixes);
	mgmt_set(o, "stats", stats);
	return o;
}

static json_t *neighbors(const struct mgmt_ask *q, bool whole)
{
	json_t *list = json_array(), *o = json_object();

	for (unsigned i = 0; i < q->r->conf->n_peers; i++) {
		const struct core_peer *p = &q->r->peers[i];

		if (core_peer_in_vrf(p) || !mgmt_peer_is(p, q->name))
			continue;
		json_array_append_new(list, whole ? neighbor_all(q, p) : neighbor_summary(q, p));
	}
	bool found = !q->name || json_array_size(list) > 0;
	mgmt_set(o, "neighbors", list);
	if (found)
		return o;
	json_decref(o);
	return NULL;
}

json_t *mgmt_bgplgd_neighbors(const struct mgmt_ask *q)
{
	return neighbors(q, true);
}

json_t *mgmt_bgplgd_summary(const struct mgmt_ask *q)
{
	return neighbors(q, false);
}

/* --- routes --- */

static json_t *communities(const struct rib_attrset *a)
{
	struct wire_span list = rib_attrset_list(a, RIB_LIST_COMMUNITIES);
	struct rbuf r = rbuf_of(list.p, list.len);
	json_t *out = json_array();

	while (rbuf_left(&r) >= 4) {
		unsigned high = rbuf_get_u16(&r), low = rbuf_get_u16(&r);

		json_array_append_new(out, json_sprintf("%u:%u", high, low));
	}
	return out;
}

static json_t *large_communities(const struct router *r, const struct rib_path *p)
{
	struct wire_span list = rib_attrset_list(p->attrs, RIB_LIST_LARGE_COMMUNITIES);
	struct rbuf octets = rbuf_of(list.p, list.len);
	json_t *out = json_array();

	while (rbuf_left(&octets) >= 12) {
		uint32_t n[3] = {rbuf_get_u32(&octets), rbuf_get_u32(&octets), 0};

		n[2] = rbuf_get_u32(&octets);
		json_array_append_new(out, json_sprintf("%u:%u:%u", n[0], n[1], n[2]));
	}
	if (p->flags & RIB_PATH_REJECTED)
		json_array_append_new(out, mgmt_reject_community(r, p));
	return out;
}

static json_t *ext_communities(const struct rib_attrset *a)
{
	struct wire_span list = rib_attrset_list(a, RIB_LIST_EXT_COMMUNITIES);
	char text[WIRE_RD_STRLEN];
	json_t *out = json_array();

	for (unsigned i = 0; i < wire_extcomm_count(list); i++) {
		uint64_t ec = wire_extcomm_at(list, i);
		if (wire_rt_is(ec))
			json_array_append_new(out, json_sprintf("rt %s", wire_rt_print(ec, text)));
	}
	return out;
}

static json_t *route_neighbor(const struct rib_source *from)
{
	json_t *o = json_object();

	mgmt_set(o, "remote_as", number_text(from->as));
	mgmt_set(o, "remote_addr", mgmt_json_addr(&from->addr));
	mgmt_set(o, "bgp_id", id_text(from->router_id));
	return o;
}

static json_t *route(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	static const char *const origins[] = {"IGP", "EGP", "incomplete"};
	const struct rib_source *from = rib_source_get(r->store, p->source);
	const struct rib_attrset *a = p->attrs;
	struct ip_addr hop = rib_attrset_next_hop(a);
	char path[BGPLGD_AS_PATH_STRLEN];
	struct wire_nlri n;
	json_t *o = json_object();

	rib_dest_nlri(t, dest, &n);
	mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
	mgmt_set(o, "aspath",
		json_string(wire_aspath_print(
			rib_attrset_list(a, RIB_LIST_AS_PATH), path, sizeof(path))));
	mgmt_set(o, "exit_nexthop", mgmt_json_addr(&hop));
	mgmt_set(o, "true_nexthop", mgmt_json_addr(&hop));
	mgmt_set(o, "neighbor", route_neighbor(from));
	mgmt_set(o, "valid", json_boolean(rib_path_is_eligible(t, p)));
	mgmt_set(o, "best", json_boolean(p->flags & RIB_PATH_BEST));
	mgmt_set(o, "source", json_string(from->ebgp ? "external" : "internal"));
	mgmt_set(o, "origin",
		json_string(a->origin < ARRAY_LEN(origins) ? origins[a->origin] : "?"));
	mgmt_set(o, "metric", json_integer(a->present & WIRE_ATTR_BIT(WIRE_ATTR_MED) ? a->med : 0));
	mgmt_set(o, "localpref",
		json_integer(a->present & WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) ? a->local_pref
									      : BGPLGD_LOCAL_PREF));
	mgmt_set(o, "weight", json_integer(0));
	mgmt_set(o, "communities", communities(a));
	mgmt_set(o, "large_communities", large_communities(r, p));
	mgmt_set(o, "extended_communities", ext_communities(a));
	return o;
}

struct mgmt_stream *mgmt_bgplgd_rib(const struct mgmt_ask *q)
{
	static const struct mgmt_parts parts = {.begin = "",
		.end = "",
		.head = mgmt_part_bare,
		.table = mgmt_part_core_ipv4,
		.route = route,
		.list = "rib"};
	static const struct mgmt_parts none = {.begin = "{\"rib\":[", .end = "]}"};

	return q->r->core_ipv4 ? mgmt_stream_new(q, &parts, 0, 1) : mgmt_stream_new(q, &none, 0, 0);
}

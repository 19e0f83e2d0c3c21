/* Why a candidate is not the best, with both values of the step that decided. */
#include "bgpd/mgmt/explain.h"
#include "bgpd/rib/best.h"
#include "bgpd/wire/rd.h"
#include "lib/text.h"

#define LOST_VALUE_MAX	    64
#define LOST_TEXT_MAX	    512
#define LOST_PREF_DEFAULT   100 /* absent counts as this: rib/best */
#define LOST_CLUSTER_OCTETS 4

typedef void lost_value_fn(const struct rib_table *t, const struct rib_path *p, struct text *out);

static const struct rib_source *lost_source(const struct rib_table *t, const struct rib_path *p)
{
	return rib_source_get(t->store, p->source);
}

static void lost_leaked(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	text_add(out, p->flags & RIB_PATH_LEAKED ? "from a VRF of this router" : "forwardable");
}

static void lost_kind(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	const struct rib_source *s = lost_source(t, p);

	text_add(out, "%s", s->kind == RIB_PEER ? "bgp" : rib_source_kind_name(s->kind));
}

static void lost_long_lived(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	text_add(out, p->attrs->last_resort ? "long-lived stale" : "not stale");
}

static void lost_local_pref(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	if (p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF))
		text_add(out, "%u", p->attrs->local_pref);
	else
		text_add(out, "%u (none)", LOST_PREF_DEFAULT);
}

static void lost_as_path(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	text_add(out, "%u", p->attrs->as_path_len);
}

static void lost_origin(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	static const char *const names[] = {"igp", "egp", "incomplete", "?"};

	text_add(out, "%s", names[p->attrs->origin]);
}

static void lost_med(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	text_add(out, "%u", p->attrs->med);
}

static void lost_ebgp(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	const struct rib_source *s = lost_source(t, p);

	text_add(out, s->kind != RIB_PEER ? "our own" : s->ebgp ? "eBGP" : "iBGP");
}

static void lost_metric(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	bool has = rib_table_tracks(t, p->source) && p->attrs->nexthop;

	text_add(out, "%u", has ? p->attrs->nexthop->metric : 0);
}

static void lost_addr(const struct ip_addr *a, struct text *out)
{
	char s[IP_ADDR_STRLEN];

	text_add(out, "%s", a->af == IP_NONE ? "none" : ip_addr_print(a, s));
}

static void lost_router_id(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	bool reflected = p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
	struct ip_addr id =
		ip_addr_v4(reflected ? p->attrs->originator_id : lost_source(t, p)->router_id);

	lost_addr(&id, out);
}

static void lost_clusters(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	text_add(out, "%u", p->attrs->len[RIB_LIST_CLUSTER_LIST] / LOST_CLUSTER_OCTETS);
}

static void lost_peer(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	lost_addr(&lost_source(t, p)->addr, out);
}

static void lost_id(const struct rib_table *t, const struct rib_path *p, struct text *out)
{
	struct wire_nlri n;
	char rd[WIRE_RD_STRLEN];

	if (t->import_from && p->flags & RIB_PATH_IMPORTED) {
		rib_dest_nlri(t->import_from, p->id, &n);
		text_add(out, "RD %s", wire_rd_print(n.rd, rd));
	} else {
		text_add(out, "%u", p->id);
	}
}

static lost_value_fn *const lost_values[RIB_STEPS] = {
	[RIB_STEP_FORWARDABLE] = lost_leaked,
	[RIB_STEP_KIND] = lost_kind,
	[RIB_STEP_LONG_LIVED] = lost_long_lived,
	[RIB_STEP_LOCAL_PREF] = lost_local_pref,
	[RIB_STEP_AS_PATH] = lost_as_path,
	[RIB_STEP_ORIGIN] = lost_origin,
	[RIB_STEP_MED] = lost_med,
	[RIB_STEP_EBGP] = lost_ebgp,
	[RIB_STEP_METRIC] = lost_metric,
	[RIB_STEP_ROUTER_ID] = lost_router_id,
	[RIB_STEP_CLUSTER_LIST] = lost_clusters,
	[RIB_STEP_PEER_ADDRESS] = lost_peer,
	[RIB_STEP_PATH_ID] = lost_id,
};

/* MED is compared within a neighbouring AS (RFC 4271 9.1.2.2 c): what p lost against need not be the best. */
static const struct rib_path *lost_by_med(const struct rib_table *t, uint32_t dest,
	const struct rib_path *best, const struct rib_path *p)
{
	const struct rib_path *low = p;

	if (best->attrs->neighbour_as == p->attrs->neighbour_as && best->attrs->med < p->attrs->med)
		return best;
	for (const struct rib_path *q = rib_dest_paths(t, dest); q; q = rib_path_next(t, q))
		if (rib_path_is_eligible(t, q) &&
			q->attrs->neighbour_as == p->attrs->neighbour_as &&
			q->attrs->med < low->attrs->med)
			low = q;
	return low == p ? best : low;
}

static void lost_unusable(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *p, struct text *out)
{
	struct ip_addr hop = rib_attrset_next_hop(p->attrs);

	if (p->flags & RIB_PATH_REJECTED) {
		mgmt_rejected_text(r, t, dest, p, out);
	} else if (lost_source(t, p)->down) {
		text_add(out, "its session is over");
	} else {
		text_add(out, "next hop ");
		lost_addr(&hop, out);
		text_add(out, " does not resolve");
	}
}

json_t *mgmt_explain_lost(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best, const struct rib_path *p)
{
	enum rib_step step = p == best ? RIB_STEP_NONE : rib_best_why_not(t, dest, p);
	char text[LOST_TEXT_MAX], ours[LOST_VALUE_MAX] = "", theirs[LOST_VALUE_MAX] = "";
	struct text all = text_of(text, sizeof(text)), a = text_of(ours, sizeof(ours)),
		    b = text_of(theirs, sizeof(theirs));

	if (p == best)
		return json_null();
	if (!best || !lost_values[step]) {
		lost_unusable(r, t, dest, p, &all);
		return json_pack("{s:s, s:n, s:n, s:n, s:o}", "step",
			rib_step_name(RIB_STEP_UNREACHABLE), "to", "ours", "theirs", "text",
			mgmt_json_text(text));
	}
	const struct rib_path *to = step == RIB_STEP_MED ? lost_by_med(t, dest, best, p) : best;
	json_t *name = mgmt_json_from(r, to->source);
	lost_values[step](t, p, &a);
	lost_values[step](t, to, &b);
	text_add(&all, "lost to %s at %s: %s against %s", json_string_value(name),
		rib_step_name(step), ours, theirs);
	return json_pack("{s:s, s:o, s:s, s:s, s:o}", "step", rib_step_name(step), "to", name,
		"ours", ours, "theirs", theirs, "text", mgmt_json_text(text));
}

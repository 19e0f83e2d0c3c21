#include "bgpd/policy/rewrite.h"

#include "bgpd/policy/lists.h"
#include "bgpd/policy/steering.h"
#include "bgpd/wire/as4.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"

#define LOCAL_PREF_DEFAULT 100

/* From an internal neighbour of the same table, to another one. */
static bool is_reflected(const struct pol_receiver *to, const struct rib_source *from)
{
	return !to->ebgp && to->reflects && from->kind == RIB_PEER && !from->ebgp &&
	       from->vrf == to->vrf;
}

bool pol_next_hop_becomes_self(const struct pol_receiver *to, const struct rib_source *from)
{
	if (to->ebgp)
		return to->next_hop != POL_NEXT_HOP_UNCHANGED && !to->route_server_client;
	/* RFC 4456 10: a reflector leaves it; and a label belongs to the next hop that gave it */
	return to->next_hop == POL_NEXT_HOP_SELF && !to->labelled &&
	       (from->kind != RIB_PEER || from->ebgp);
}

static void rewrite_next_hop(
	const struct pol_receiver *to, const struct rib_source *from, struct wire_attrs *a)
{
	if (a->next_hop.af == IP_NONE ||
		(!to->next_hop_said && pol_next_hop_becomes_self(to, from)))
		a->next_hop = to->self;
}

static bool path_has_confed(struct wire_span path)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s))
		if (s.type == WIRE_AS_CONFED_SEQUENCE || s.type == WIRE_AS_CONFED_SET)
			return true;
	return false;
}

/*
 * RFC 5065 4.1: what is inside a confederation is not told outside. We are in none, but iBGP neighbours may be, and an
 * external one must call such a path malformed (5).
 */
static struct wire_span path_outside(struct wire_span path, struct arena *arena)
{
	if (!path_has_confed(path))
		return path;
	struct wbuf w = wbuf_of(arena_alloc(arena, path.len), path.len);

	wire_aspath_put_as4(&w, path);
	return w.len == path.len ? path : (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
}

/* A path that begins here gets our AS even behind a route server: it would be none at all. */
static bool rewrite_path(const struct pol_receiver *to, struct wire_attrs *a, struct arena *arena)
{
	struct wire_span path = path_outside(a->as_path, arena);

	if (to->override_as && path.len)
		path = wire_aspath_replace(path, to->override_as, to->local_as, arena);
	if (!to->route_server_client || path.len == 0)
		path = wire_aspath_prepend(path, to->local_as, 1, arena);
	a->as_path = path;
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH);
	return path.len > 0;
}

static bool rewrite_ext_communities(
	const struct pol_receiver *to, struct wire_attrs *a, struct arena *arena)
{
	if (to->vrf == RIB_VRF_CORE)
		return to->route_server_client ||
		       pol_extcomm_strip(a, wire_extcomm_is_transitive, arena);
	pol_attr_del(a, WIRE_ATTR_EXT_COMMUNITIES);
	(void)pol_steering_strip(a, arena);
	return true;
}

static bool rewrite_ebgp(const struct pol_receiver *to, const struct rib_source *from,
	struct wire_attrs *a, struct arena *arena)
{
	pol_attr_del(a, WIRE_ATTR_LOCAL_PREF);
	pol_attr_del(a, WIRE_ATTR_ORIGINATOR_ID);
	pol_attr_del(a, WIRE_ATTR_CLUSTER_LIST);
	if (!to->route_server_client && !to->med_said)
		pol_attr_del(a, WIRE_ATTR_MED);
	rewrite_next_hop(to, from, a);
	pol_role_export(to->role, to->local_as, a);
	return rewrite_ext_communities(to, a, arena) && rewrite_path(to, a, arena);
}

static bool reflect(const struct pol_receiver *to, const struct rib_source *from,
	struct wire_attrs *a, struct arena *arena)
{
	if (!wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID)) {
		a->present |= WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
		a->originator_id = from->router_id;
	}
	return pol_cluster_add(a, to->cluster_id, arena);
}

/* What VRFs export has its next hop already: the address that the label belongs to. */
static bool rewrite_ibgp(const struct pol_receiver *to, const struct rib_source *from,
	struct wire_attrs *a, struct arena *arena)
{
	if (!wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF) || to->graceful_shutdown) {
		a->present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a->local_pref = to->graceful_shutdown ? 0 : LOCAL_PREF_DEFAULT;
	}
	rewrite_next_hop(to, from, a);
	return !is_reflected(to, from) || reflect(to, from, a, arena);
}

/*
 * To who does not know LLGR_STALE: an internal neighbour takes it as the last of all, a CE uses it and keeps it to itself
 * (RFC 9494 4.6, 4.7). Other external ones are not told (policy/export).
 */
static bool is_last_resort(const struct pol_receiver *to, const struct wire_attrs *a)
{
	return !to->long_lived && wire_attrs_has(a, WIRE_ATTR_COMMUNITIES) &&
	       wire_comm_has(a->communities, WIRE_COMM_LLGR_STALE);
}

bool pol_rewrite(const struct pol_receiver *to, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena)
{
	if (to->monitor)
		return true;
	if (is_last_resort(to, a)) {
		if (!pol_comm_add(a, WIRE_COMM_NO_EXPORT, arena))
			return false;
		a->local_pref = 0;
		a->present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	}
	if (to->graceful_shutdown && !pol_comm_add(a, WIRE_COMM_GRACEFUL_SHUTDOWN, arena))
		return false;
	return to->ebgp ? rewrite_ebgp(to, from, a, arena) : rewrite_ibgp(to, from, a, arena);
}

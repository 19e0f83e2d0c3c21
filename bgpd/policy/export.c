#include "bgpd/policy/export.h"

#include <string.h>

#include "bgpd/policy/rewrite.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"

struct pol_receiver pol_receiver_of(
	enum wire_family f, uint16_t vrf, const struct wire_ctx *ctx, struct ip_addr self)
{
	return (struct pol_receiver){.vrf = vrf,
		.ebgp = ctx->ebgp,
		.labelled = wire_family_get(f)->labelled,
		.v6_next_hop = (ctx->extended_next_hop & WIRE_FAMILY_BIT(f)) != 0,
		.role = POL_ROLE_NONE,
		.local_as = ctx->local_as,
		.self = self};
}

static bool flags_equal(const struct pol_receiver *a, const struct pol_receiver *b)
{
	return a->ebgp == b->ebgp && a->labelled == b->labelled &&
	       a->reflector_client == b->reflector_client && a->reflects == b->reflects &&
	       a->route_server_client == b->route_server_client &&
	       a->graceful_shutdown == b->graceful_shutdown && a->v6_next_hop == b->v6_next_hop &&
	       a->long_lived == b->long_lived && a->monitor == b->monitor &&
	       a->med_said == b->med_said && a->next_hop_said == b->next_hop_said;
}

bool pol_receiver_equal(const struct pol_receiver *a, const struct pol_receiver *b)
{
	return a->vrf == b->vrf && flags_equal(a, b) && a->routes == b->routes &&
	       a->next_hop == b->next_hop && a->role == b->role && a->local_as == b->local_as &&
	       a->cluster_id == b->cluster_id && a->override_as == b->override_as &&
	       a->site_of_origin == b->site_of_origin && ip_addr_equal(&a->self, &b->self);
}

bool pol_receiver_depends_on_source(const struct pol_receiver *to)
{
	return !to->ebgp && (to->reflects || to->next_hop == POL_NEXT_HOP_SELF);
}

/* A VPN route that another router gave its label: a peer would send to us with it, where it may be a VRF's of ours. */
static bool is_labelled_elsewhere(const struct rib_path *path, const struct rib_source *from)
{
	return path->label != WIRE_LABEL_NONE && from->kind == RIB_PEER &&
	       !(path->flags & RIB_PATH_IMPORTED);
}

static enum pol_denial judge_communities(const struct pol_receiver *to, const struct rib_path *path)
{
	struct wire_span list = rib_attrset_list(path->attrs, RIB_LIST_COMMUNITIES);

	if (path->attrs->last_resort && to->ebgp && !to->long_lived && to->vrf == RIB_VRF_CORE)
		return POL_DENY_LONG_LIVED;
	if (list.len == 0 || (to->ebgp && to->route_server_client))
		return POL_SEND;
	if (wire_comm_has(list, WIRE_COMM_NO_ADVERTISE))
		return POL_DENY_NO_ADVERTISE;
	if (!to->ebgp)
		return POL_SEND;
	if (wire_comm_has(list, WIRE_COMM_NO_EXPORT) ||
		wire_comm_has(list, WIRE_COMM_NO_EXPORT_SUBCONFED))
		return POL_DENY_NO_EXPORT;
	if (to->role == POL_ROLE_PEER && wire_comm_has(list, WIRE_COMM_NO_PEER))
		return POL_DENY_NO_PEER;
	return POL_SEND;
}

static enum pol_denial judge_source(
	const struct pol_receiver *to, const struct rib_path *path, const struct rib_source *from)
{
	if (to->ebgp)
		return is_labelled_elsewhere(path, from) && pol_next_hop_becomes_self(to, from)
			       ? POL_DENY_LABEL
			       : POL_SEND;
	if (from->kind != RIB_PEER || from->ebgp || path->flags & RIB_PATH_IMPORTED)
		return POL_SEND;
	return to->reflector_client || from->reflector_client ? POL_SEND : POL_DENY_IBGP;
}

static enum pol_denial judge_next_hop(
	const struct pol_receiver *to, const struct rib_path *path, const struct rib_source *from)
{
	enum ip_af af = path->attrs->next_hop_af;

	if (af == IP_NONE || pol_next_hop_becomes_self(to, from))
		af = to->self.af;
	return af == IP_V6 && !to->v6_next_hop ? POL_DENY_NEXT_HOP : POL_SEND;
}

static enum pol_denial judge_attrs(const struct pol_receiver *to, const struct rib_path *path)
{
	const struct rib_attrset *set = path->attrs;

	if (wire_aspath_has_set(rib_attrset_list(set, RIB_LIST_AS_PATH)))
		return POL_DENY_AS_SET;
	if (to->site_of_origin && wire_extcomm_has(rib_attrset_list(set, RIB_LIST_EXT_COMMUNITIES),
					  to->site_of_origin))
		return POL_DENY_SITE;
	if (!pol_role_check(to->role, (set->present & WIRE_ATTR_BIT(WIRE_ATTR_OTC)) != 0))
		return POL_DENY_OTC;
	return judge_communities(to, path);
}

enum pol_denial pol_export_judge(
	const struct pol_receiver *to, const struct rib_path *path, const struct rib_source *from)
{
	enum pol_denial d;

	if (to->monitor)
		return POL_SEND;
	if (to->routes != POL_ROUTES_ALL)
		return to->routes == POL_ROUTES_UNSAID ? POL_DENY_NO_POLICY : POL_DENY_BY_POLICY;
	if (path->flags & (RIB_PATH_PRIVATE | RIB_PATH_LEAKED))
		return POL_DENY_PRIVATE;
	d = judge_attrs(to, path);
	if (d == POL_SEND)
		d = judge_source(to, path, from);
	return d == POL_SEND ? judge_next_hop(to, path, from) : d;
}

const char *pol_denial_name(enum pol_denial d)
{
	static const char *const names[POL_DENIALS] = {
		[POL_SEND] = "send",
		[POL_DENY_NO_POLICY] = "no-export-policy",
		[POL_DENY_BY_POLICY] = "export-policy",
		[POL_DENY_PRIVATE] = "private",
		[POL_DENY_AS_SET] = "as-set",
		[POL_DENY_NO_ADVERTISE] = "no-advertise",
		[POL_DENY_NO_EXPORT] = "no-export",
		[POL_DENY_NO_PEER] = "no-peer",
		[POL_DENY_IBGP] = "ibgp",
		[POL_DENY_LABEL] = "label",
		[POL_DENY_SITE] = "site",
		[POL_DENY_OTC] = "otc",
		[POL_DENY_NEXT_HOP] = "next-hop",
		[POL_DENY_LONG_LIVED] = "long-lived-stale",
	};

	CHECK(d < POL_DENIALS);
	return names[d];
}

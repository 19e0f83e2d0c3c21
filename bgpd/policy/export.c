#include "bgpd/policy/export.h"

#include "bgpd/wire/comm.h"

/* A VPN route that another router gave its label: a peer would send to us with it, where it may be a VRF's of ours. */
static bool is_labelled_elsewhere(const struct rib_path *path, const struct rib_source *from)
{
	return path->label != WIRE_LABEL_NONE && from->kind == RIB_PEER &&
	       !(path->flags & RIB_PATH_IMPORTED);
}

bool pol_export_check(const struct rib_path *path, const struct rib_source *from, bool ebgp)
{
	if (path->flags & (RIB_PATH_PRIVATE | RIB_PATH_LEAKED))
		return false;
	struct wire_span communities = rib_attrset_list(path->attrs, RIB_LIST_COMMUNITIES);
	if (wire_comm_has(communities, WIRE_COMM_NO_ADVERTISE))
		return false;
	if (ebgp)
		return !is_labelled_elsewhere(path, from) &&
		       !wire_comm_has(communities, WIRE_COMM_NO_EXPORT) &&
		       !wire_comm_has(communities, WIRE_COMM_NO_EXPORT_SUBCONFED);
	bool from_ibgp = from->kind == RIB_PEER && !from->ebgp;
	return !from_ibgp || path->flags & RIB_PATH_IMPORTED;
}

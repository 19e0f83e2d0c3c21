#include "bgpd/policy/export.h"

#include "bgpd/wire/comm.h"

bool pol_export_check(const struct rib_path *path, const struct rib_source *from, bool ebgp)
{
	if (path->flags & (RIB_PATH_PRIVATE | RIB_PATH_LEAKED))
		return false;
	struct wire_span communities = rib_attrset_list(path->attrs, RIB_LIST_COMMUNITIES);
	if (wire_comm_has(communities, WIRE_COMM_NO_ADVERTISE))
		return false;
	if (ebgp)
		return !wire_comm_has(communities, WIRE_COMM_NO_EXPORT) &&
		       !wire_comm_has(communities, WIRE_COMM_NO_EXPORT_SUBCONFED);
	bool from_ibgp = from->kind == RIB_PEER && !from->ebgp;
	return !from_ibgp || path->flags & RIB_PATH_IMPORTED;
}

#include "bgpd/core/blackhole.h"

static bool has_route_of(const struct rib_table *t, const struct wire_nlri *n, uint16_t source)
{
	uint32_t dest = rib_table_find(t, n);

	for (const struct rib_path *p = dest ? rib_dest_paths(t, dest) : NULL; p;
		p = rib_path_next(t, p))
		if (p->source == source && !(p->flags & (RIB_PATH_GONE | RIB_PATH_BLACKHOLE)))
			return true;
	return false;
}

bool core_blackhole_check(const struct rib_table *t, const struct wire_nlri *n, uint16_t source)
{
	struct wire_nlri wide = *n;

	while (wide.prefix.len > 1) {
		wide.prefix.len--;
		ip_prefix_mask(&wide.prefix);
		if (has_route_of(t, &wide, source))
			return true;
	}
	return false;
}

/* Prefixes that a neighbour wants dropped (RFC 7999): which of them it may name. */
#ifndef BGPD_CORE_BLACKHOLE_H
#define BGPD_CORE_BLACKHOLE_H

#include "bgpd/rib/table.h"

/*
 * Whether another route of the same neighbour covers this prefix (RFC 7999 3.3), so that a neighbour announces that one
 * first. The default route does not count: it does not say that the rest of the world is the neighbour's.
 */
bool core_blackhole_check(const struct rib_table *t, const struct wire_nlri *n, uint16_t source);

#endif

/*
 * How many routes a VRF holds at most: those of its neighbours, its imports and its own together.
 *
 * Its own (connected, static) are counted and never left out: they come from the configuration. What was left out of the
 * imports is found again by a walk over the VPN table; what neighbours sent has to be asked of them.
 */
#ifndef VRF_LIMIT_H
#define VRF_LIMIT_H

#include "vrf/vrf.h"

/* For n more; always with no limit, or one that only warns. */
bool vrf_limit_has_room(const struct vrf *v, unsigned n);

/* There is a tenth of the limit free. */
bool vrf_limit_is_eased(const struct vrf *v);

/* Whether an imported route may go in: there is room, or it replaces one. False: counted in left_out. */
bool vrf_limit_admit(struct vrf *v, const struct wire_nlri *n, const struct rib_route *r);

/* Begins to look for imports that were left out; vrfs_work() goes on with it. */
void vrf_limit_refill(struct vrf *v);

#endif

/*
 * VPN routes -> VRF tables (RFC 4364 4.3.1, 4.3.5): the best path of a VPN destination is copied into every VRF one of
 * whose import targets it carries. RD off; attributes (one shared set), label and BGP next hop stay, the source too.
 *
 * Route x of VRF a on this router gets into VRF b of this router the same way, through the VPN table. Such a copy is
 * RIB_PATH_LEAKED: shown, but not forwarded by this version.
 */
#ifndef VRF_IMPORT_H
#define VRF_IMPORT_H

#include <stdbool.h>

#include "vrf/vrf.h"

/* One change of the VPN table. */
void vrf_import_change(struct vrfs *vs, const struct rib_change *c);

/* Of one VRF: what stands in the VPN table's destination now comes in if v takes it; else its copy goes. */
void vrf_import_dest(struct vrfs *vs, const struct vrf *v, uint32_t dest);

#endif

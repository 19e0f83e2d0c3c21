/*
 * VRF routes -> VPN table (RFC 4364 4.3.1, 4.3.2): the best path of a VRF destination, unless it came from there, gets the
 * VRF's RD, its export targets, its label, and this router as next hop; the rest of the attributes stays.
 */
#ifndef VRF_EXPORT_H
#define VRF_EXPORT_H

#include <stdbool.h>

#include "vrf/vrf.h"

/* One change of a VRF's table. */
void vrf_export_change(struct vrfs *vs, struct vrf *v, const struct rib_change *c);

/* (Re)states one destination of v's table in the VPN table: put in if it is to be exported, else taken out. */
void vrf_export_dest(struct vrfs *vs, struct vrf *v, uint32_t dest);

#endif

/*
 * The isolation invariant, as a checker for tests, the simulator and `show`: a route is in a VRF only if it was learned
 * or configured there, or is a VPN route whose targets the VRF imports (RFC 4364 4.3.1, RFC 4381 2.1).
 * Written without the code it checks: goes through the tables, not through vrf/import and vrf/rtindex.
 */
#ifndef VRF_ISOLATE_H
#define VRF_ISOLATE_H

#include <stdint.h>

#include "vrf/vrf.h"

enum vrf_leak_kind {
	VRF_LEAK_FOREIGN_SOURCE, /* a path whose source feeds another VRF */
	VRF_LEAK_NO_ORIGIN,	 /* imported, but the VPN route is not there or is another prefix */
	VRF_LEAK_TARGETS,	 /* imported, but no target in common */
	VRF_LEAK_OWN,		 /* a VRF's own export came back to it */
	VRF_LEAK_EXPORT, /* exported with another RD or label than its VRF's, or without an installed label */
	VRF_LEAK_MISSING, /* not a leak: a VPN route that belongs in the VRF is not there */
	VRF_LEAK_KINDS
};

struct vrf_leak {
	enum vrf_leak_kind kind;
	uint16_t vrf;
	uint32_t dest; /* in the VRF's table; for _EXPORT and _MISSING in the VPN table */
};

typedef void vrf_leak_fn(void *arg, const struct vrf_leak *leak);

/* Looks at everything; only meaningful when the change queue is empty. Returns how many were found; fn may be NULL. */
unsigned vrf_isolate_check(const struct vrfs *vs, vrf_leak_fn *fn, void *arg);
const char *vrf_leak_name(enum vrf_leak_kind k);

#endif

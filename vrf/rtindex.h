/* Route target -> the VRFs that import it, so that a route costs its own targets and not the number of VRFs. */
#ifndef VRF_RTINDEX_H
#define VRF_RTINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "vrf/rtset.h"

struct vrf_rtindex_row {
	uint64_t rt;
	uint16_t vrf;
};

struct vrf_rtindex {
	struct vrf_rtindex_row *rows; /* ascending by rt, then vrf */
	size_t n, cap;
};

void vrf_rtindex_init(struct vrf_rtindex *x);
void vrf_rtindex_fini(struct vrf_rtindex *x);

/* Every import target of VRF number vrf; ... and all of them off again. */
void vrf_rtindex_add(struct vrf_rtindex *x, uint16_t vrf, const struct vrf_rtset *import);
void vrf_rtindex_del(struct vrf_rtindex *x, uint16_t vrf);

/* Whether some VRF imports the target; ... a route with these extended communities. */
bool vrf_rtindex_has(const struct vrf_rtindex *x, uint64_t rt);
bool vrf_rtindex_takes(const struct vrf_rtindex *x, struct wire_span ext);

/*
 * The VRFs that import a route with these extended communities: ascending, each once, in out[cap]. Returns how many;
 * cap must be at least the number of VRFs.
 */
unsigned vrf_rtindex_find(
	const struct vrf_rtindex *x, struct wire_span ext, uint16_t *out, unsigned cap);

#endif

/* Sets of route targets: sorted arrays of extended communities as 64-bit numbers (RFC 4360 4, RFC 4364 4.3.1). */
#ifndef VRF_RTSET_H
#define VRF_RTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"

struct vrf_rtset {
	const uint64_t *rts; /* ascending, unique; borrowed (from the configuration) */
	unsigned n;
};

/*
 * The extended communities of a route exported with the targets of s: those of `ext` that are not route targets (all
 * of them if keep_rts), then s, ascending, each once. Writes at most cap octets; returns the octets written,
 * 0 with *full set if they do not fit.
 */
size_t vrf_rtset_put(const struct vrf_rtset *s, struct wire_span ext, bool keep_rts, uint8_t *out,
	size_t cap, bool *full);

#endif

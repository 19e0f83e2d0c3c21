/*
 * VPN labels: handed out from a configured range, and kept back for a while after use, because a remote PE may send
 * with a withdrawn label until it has heard of the withdrawal (RFC 4364 4.3.2 leaves the time to us).
 */
#ifndef VRF_LABELPOOL_H
#define VRF_LABELPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vrf_labelpool_rest {
	uint32_t label;
	uint64_t free_at_ms;
};

struct vrf_labelpool {
	uint32_t min, max; /* both included */
	uint32_t next;	   /* never given out before: next..max */
	uint32_t used;	   /* given out now */
	uint64_t quarantine_ms;
	struct vrf_labelpool_rest *rest; /* released, a ring ordered by free_at_ms */
	size_t rest_head, rest_n, rest_cap;
	uint32_t *held; /* in use since before this run: not among those never given out */
	size_t held_n;
};

/* 16 <= min <= max < 2^20 (RFC 3032 2.1), checked by the configuration. */
void vrf_labelpool_init(
	struct vrf_labelpool *p, uint32_t min, uint32_t max, uint64_t quarantine_ms);
void vrf_labelpool_fini(struct vrf_labelpool *p);

/*
 * A label that nobody uses and whose quarantine is over: never used ones first, then the longest rested.
 * WIRE_LABEL_NONE if there is none now.
 */
uint32_t vrf_labelpool_get(struct vrf_labelpool *p, uint64_t now_ms);

/*
 * A label of a run before this one, which is in use at once (and is given back with vrf_labelpool_put). False: out of
 * range, or in somebody's hands. Before the first vrf_labelpool_get.
 */
bool vrf_labelpool_hold(struct vrf_labelpool *p, uint32_t label);

/* Into quarantine. now_ms must not go back from call to call. */
void vrf_labelpool_put(struct vrf_labelpool *p, uint32_t label, uint64_t now_ms);

#endif

/*
 * Random ports and frames for the guard, deterministic by seed, made so that every step of acl/match.h is met often: what
 * a frame says is mostly drawn from what its port allows, and then one thing is mostly wrong.
 *
 * A bucket is without limit, or empty for good (acl_frames_state()), so that no verdict depends on the clock.
 */
#ifndef TESTS_SUPPORT_ACL_FRAMES_H
#define TESTS_SUPPORT_ACL_FRAMES_H

#include "acl/match.h"

struct rng {
	uint64_t state; /* any seed */
};

uint32_t rng_u32(struct rng *g);
unsigned rng_below(struct rng *g, unsigned n); /* 0 .. n-1 */
bool rng_one_in(struct rng *g, unsigned n);

/* Initializes *p: end with acl_port_fini(). Its labels are static. */
void acl_frames_port(struct rng *g, struct acl_port *p);

/* Open, but for one in 32. Buckets with an interval are empty for ever. */
void acl_frames_state(struct rng *g, struct acl_state *s);

/* 14 octets at least; returns the length. */
#define ACL_FRAMES_MAX 2048
size_t acl_frames_next(struct rng *g, const struct acl_port *p, uint8_t frame[ACL_FRAMES_MAX]);

/* One IPv4 access rule, any fields. */
struct acl_rule acl_frames_rule(struct rng *g, uint16_t id);

#endif

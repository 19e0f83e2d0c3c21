/* How long to wait: jitter (RFC 4271 10) and the growth of the idle hold time (RFC 4271 8.1, DampPeerOscillations). */
#ifndef BGPD_FSM_BACKOFF_H
#define BGPD_FSM_BACKOFF_H

#include <stdint.h>

#define FSM_IDLE_HOLD_MIN_MS 1000
#define FSM_IDLE_HOLD_MAX_MS 64000

/* A random 75 to 100 % of ms. rng is the caller's generator state, never 0. */
uint64_t fsm_backoff_jitter(uint64_t *rng, uint64_t ms);

/* After the failures-th failure in a row: 1 s, 2 s, 4 s ... 64 s, jittered. */
uint64_t fsm_backoff_idle_hold(uint64_t *rng, unsigned failures);

#endif

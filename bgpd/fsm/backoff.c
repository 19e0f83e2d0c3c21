#include "bgpd/fsm/backoff.h"

static uint64_t rng_next(uint64_t *rng)
{
	/* splitmix64: spread is all that jitter needs, nobody's secret hangs on it */
	uint64_t z = (*rng += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t fsm_backoff_jitter(uint64_t *rng, uint64_t ms)
{
	uint64_t spread = ms / 4;

	return ms - rng_next(rng) % (spread + 1);
}

uint64_t fsm_backoff_idle_hold(uint64_t *rng, unsigned failures)
{
	uint64_t ms = FSM_IDLE_HOLD_MIN_MS;

	for (unsigned i = 1; i < failures && ms < FSM_IDLE_HOLD_MAX_MS; i++)
		ms *= 2;
	return fsm_backoff_jitter(rng, ms);
}

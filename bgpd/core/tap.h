/* For whoever listens (router_tap): every message of every neighbour, and the states of its session. Costs a look where nobody does. */
#ifndef BGPD_CORE_TAP_H
#define BGPD_CORE_TAP_H

#include "bgpd/core/state.h"

/* octets: whole messages. */
static inline void core_tap_message(const struct router *r, const struct core_peer *p,
	enum fsm_slot slot, bool sent, const uint8_t *octets, size_t len)
{
	if (r->tap.message)
		r->tap.message(r->tap.arg, p, slot, sent, octets, len);
}

/* before: what it was. */
static inline void core_tap_state(
	const struct router *r, const struct core_peer *p, enum fsm_state before)
{
	enum fsm_state now = fsm_peer_state(&p->fsm);

	if (now != before && r->tap.state)
		r->tap.state(r->tap.arg, p, before, now);
}

#endif

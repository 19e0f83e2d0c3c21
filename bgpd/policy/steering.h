/*
 * Attributes that we do not know and that steer a provider's packets at whoever knows them: tunnels, segments, IPv6
 * route targets. They do not cross the border between a customer and the provider, either way.
 */
#ifndef BGPD_POLICY_STEERING_H
#define BGPD_POLICY_STEERING_H

#include "bgpd/wire/attr.h"
#include "lib/arena.h"

/* Takes them out of a->unknown, which is then in the arena (empty if that is full); how many there were. */
unsigned pol_steering_strip(struct wire_attrs *a, struct arena *arena);

#endif

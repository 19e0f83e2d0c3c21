/*
 * What no network's routes are: a policy that is built in, in front of a neighbour's own ones (`hygiene: true`).
 *
 *   prefixes   that are nobody's on the internet (RFC 6890; RFC 5771), shorter than /8, longer than /24 (RFC 7454 6.1)
 *   AS_PATH    longer than 64; with a number that nobody has (RFC 7607, RFC 6793, RFC 5398, RFC 6996, RFC 7300);
 *              that does not begin with the neighbour (RFC 4271 6.3)
 *   next hop   other than the neighbour itself
 *   more than 100 communities
 */
#ifndef BGPD_POLICY_HYGIENE_H
#define BGPD_POLICY_HYGIENE_H

#include "bgpd/policy/program.h"

#define POL_HYGIENE_NAME "hygiene"

/* In the arena, all of it; NULL if that is full. */
const struct pol_program *pol_hygiene_new(struct arena *a);

#endif

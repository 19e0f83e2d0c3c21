/*
 * Who is told a route, as its sender asks by communities: a policy that is built in, in front of a route server client's own
 * export policies (`selective: true`). RS is our AS, PEER that of the client that would be told (RFC 7948 4.6; Euro-IX, RFC 8195 4).
 *
 *   large            RFC 1997    rt:, soo: (RFC 4360 3.1)
 *   RS:0:PEER        0:PEER      0:PEER       not to PEER
 *   RS:1:PEER        RS:PEER     RS:PEER      to PEER, whatever is said of all
 *   RS:0:0           0:RS        0:RS         to nobody else
 *   RS:1:0           RS:RS       RS:RS        to everybody, which is so without it
 *   RS:101:PEER                               the path's first AS once more in front towards PEER; 102 twice, 103 three times
 *   RS:101:0                                  towards all, unless something is said of PEER
 *
 * Not beats to, PEER beats all, more beats less. A form whose field is too small for a number is not there: a PEER of four octets
 * is meant by large ones, or by rt: and soo:. All of these are taken off what is sent on, and RS:1101:*, which is ours to say.
 */
#ifndef BGPD_POLICY_SELECTIVE_H
#define BGPD_POLICY_SELECTIVE_H

#include "bgpd/policy/program.h"

#define POL_SELECTIVE_NAME "selective"

/* In the arena, all of it; NULL if that is full. rs: our AS, not 0. */
const struct pol_program *pol_selective_new(struct arena *a, uint32_t rs);

#endif

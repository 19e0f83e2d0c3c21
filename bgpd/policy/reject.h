/*
 * Why a route was rejected: numbers that operators of exchange points agreed on, so that a client's tools understand ours.
 * The route server keeps a rejected route, marked, for `show rejected`, and marks it with the large community RS:1101:NUMBER (Euro-IX).
 */
#ifndef BGPD_POLICY_REJECT_H
#define BGPD_POLICY_REJECT_H

#include <stdint.h>

#define POL_REJECT_FUNCTION 1101

enum pol_reject {
	POL_REJECT_POLICY,		 /* a rule without a reason of its own */
	POL_REJECT_PREFIX_TOO_LONG,	 /* 1 */
	POL_REJECT_PREFIX_TOO_SHORT,	 /* 2 */
	POL_REJECT_BOGON,		 /* 3 */
	POL_REJECT_BOGON_AS,		 /* 4 */
	POL_REJECT_AS_PATH_TOO_LONG,	 /* 5 */
	POL_REJECT_AS_PATH_TOO_SHORT,	 /* 6 */
	POL_REJECT_FIRST_AS,		 /* 7 */
	POL_REJECT_NEXT_HOP,		 /* 8 */
	POL_REJECT_IRR_PREFIX,		 /* 9 */
	POL_REJECT_IRR_ORIGIN,		 /* 10 */
	POL_REJECT_ORIGIN_AS,		 /* 11 */
	POL_REJECT_RPKI_UNKNOWN,	 /* 12 */
	POL_REJECT_RPKI_INVALID,	 /* 13 */
	POL_REJECT_TRANSIT_FREE_AS,	 /* 14 */
	POL_REJECT_TOO_MANY_COMMUNITIES, /* 15 */
	POL_REJECT_ASPA_INVALID,	 /* ours, behind the agreed ones */
	POL_REJECTS
};

const char *pol_reject_name(uint16_t reason); /* "prefix-too-long"; NULL: no such */

#endif

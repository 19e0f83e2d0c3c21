/* Why a route was rejected: names. */
#include "bgpd/policy/reject.h"

#include <stddef.h>

#include "lib/check.h"

const char *pol_reject_name(uint16_t reason)
{
	static const char *const names[POL_REJECTS] = {
		[POL_REJECT_POLICY] = "policy",
		[POL_REJECT_PREFIX_TOO_LONG] = "prefix-too-long",
		[POL_REJECT_PREFIX_TOO_SHORT] = "prefix-too-short",
		[POL_REJECT_BOGON] = "bogon",
		[POL_REJECT_BOGON_AS] = "bogon-as",
		[POL_REJECT_AS_PATH_TOO_LONG] = "as-path-too-long",
		[POL_REJECT_AS_PATH_TOO_SHORT] = "as-path-too-short",
		[POL_REJECT_FIRST_AS] = "first-as",
		[POL_REJECT_NEXT_HOP] = "next-hop",
		[POL_REJECT_IRR_PREFIX] = "irr-prefix",
		[POL_REJECT_IRR_ORIGIN] = "irr-origin",
		[POL_REJECT_ORIGIN_AS] = "origin-as",
		[POL_REJECT_RPKI_UNKNOWN] = "rpki-unknown",
		[POL_REJECT_RPKI_INVALID] = "rpki-invalid",
		[POL_REJECT_TRANSIT_FREE_AS] = "transit-free-as",
		[POL_REJECT_TOO_MANY_COMMUNITIES] = "too-many-communities",
		[POL_REJECT_ASPA_INVALID] = "aspa-invalid",
	};

	return reason < ARRAY_LEN(names) ? names[reason] : NULL;
}

/* What the attributes of a route become on their way to a kind of receiver. */
#ifndef BGPD_POLICY_REWRITE_H
#define BGPD_POLICY_REWRITE_H

#include <stdbool.h>

#include "bgpd/policy/export.h"
#include "bgpd/rib/source.h"
#include "bgpd/wire/attr.h"
#include "lib/arena.h"

/*
 * Makes *a, the attributes of a path from `from`, what the receiver gets.
 *   eBGP   own AS in front (RFC 4271 5.1.2 b), next hop self, no LOCAL_PREF (5.1.5), no MED of another AS (5.1.4),
 *          no ORIGINATOR_ID, CLUSTER_LIST (RFC 4456 8), no extended community that stays in an AS (RFC 4360 6);
 *          to a route server's client AS_PATH, next hop, MED and communities stay (RFC 7947 2.2); to a CE no extended
 *          communities at all; OTC by role (RFC 9234 5)
 *   iBGP   LOCAL_PREF always (100 if none), next hop unchanged (self if there is none); reflected: ORIGINATOR_ID, our
 *          cluster in front of CLUSTER_LIST (RFC 4456 8)
 *   both   GRACEFUL_SHUTDOWN if wanted (RFC 8326 4), over iBGP with LOCAL_PREF 0
 * What it adds is in the arena. False if a list would become too long. Looks at *from only if
 * pol_receiver_depends_on_source(to).
 */
bool pol_rewrite(const struct pol_receiver *to, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena);

/* Whether a next hop that is there becomes to->self. The same limit on *from. */
bool pol_next_hop_becomes_self(const struct pol_receiver *to, const struct rib_source *from);

#endif

/* Which best path may be told to a peer: well-known communities, iBGP split horizon, what is not for others. */
#ifndef BGPD_POLICY_EXPORT_H
#define BGPD_POLICY_EXPORT_H

#include <stdbool.h>

#include "bgpd/rib/source.h"
#include "bgpd/rib/table.h"

/*
 * ebgp, of the receiver. False for NO_ADVERTISE; to eBGP for NO_EXPORT and NO_EXPORT_SUBCONFED (RFC 1997); from iBGP
 * to iBGP unless imported into a VRF (RFC 4271 9.2; no reflection here); RIB_PATH_PRIVATE and RIB_PATH_LEAKED.
 * To eBGP also for VPN routes of other routers: the next hop would become us and the label stay theirs, as this version
 * swaps no VPN labels (RFC 4364 10 b).
 * Depends on the path alone, so that it need not be kept per receiver. Not sending a peer its own routes: out/group.
 */
bool pol_export_check(const struct rib_path *path, const struct rib_source *from, bool ebgp);

#endif

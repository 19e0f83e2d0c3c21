/*
 * What a path looks like to a kind of receiver: which paths it is told and how their attributes are rewritten.
 * Receivers with equal views form one update group (out/group) and share every encoded octet.
 */
#ifndef BGPD_OUT_VIEW_H
#define BGPD_OUT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/memo.h"
#include "bgpd/rib/store.h"
#include "bgpd/wire/ctx.h"

struct out_view {
	enum wire_family family;
	uint16_t vrf; /* of the table; RIB_VRF_CORE */
	bool ebgp;
	bool strip_ecs; /* to a CE: route targets and all other extended communities stay inside */
	struct ip_addr next_hop; /* self: the local address of the session */
	struct wire_ctx ctx; /* as negotiated; peer_as is set to 0, receivers may differ in it */
};

/* The view of an established session. in_vrf: the receiver is a CE. local: our address of the connection. */
struct out_view out_view_of(
	enum wire_family f, uint16_t vrf, const struct wire_ctx *ctx, struct ip_addr local);
bool out_view_equal(const struct out_view *a, const struct out_view *b);

/* Whether receivers of this view are told this path at all (policy/export). */
bool out_view_check(
	const struct out_view *v, const struct rib_store *st, const struct rib_path *path);

/*
 * The attributes as sent, interned; one reference for the caller.
 *   eBGP   own AS in front (RFC 4271 5.1.2 b), next hop self, no LOCAL_PREF (5.1.5), no MED of another AS (5.1.4),
 *          no ORIGINATOR_ID, CLUSTER_LIST (RFC 4456 8); strip_ecs: no extended communities
 *   iBGP   LOCAL_PREF always (100 if none), next hop unchanged (self if there is none)
 * NULL if AS_PATH would become too long. Depends on the set alone, so that it can be remembered.
 */
struct rib_attrset *out_view_attrs(
	const struct out_view *v, struct rib_store *st, const struct rib_attrset *from);

#endif

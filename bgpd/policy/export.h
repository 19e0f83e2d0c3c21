/* Which best path may be told to a kind of receiver, and if not, by what rule. */
#ifndef BGPD_POLICY_EXPORT_H
#define BGPD_POLICY_EXPORT_H

#include <stdbool.h>

#include "bgpd/policy/guard.h"
#include "bgpd/policy/role.h"
#include "bgpd/rib/source.h"
#include "bgpd/rib/table.h"
#include "bgpd/wire/ctx.h"

enum pol_next_hop {
	POL_NEXT_HOP_DEFAULT, /* eBGP: self, iBGP: unchanged (RFC 4271 5.1.3) */
	POL_NEXT_HOP_SELF, /* iBGP: self for what is not from iBGP; reflected and labelled routes keep theirs */
	POL_NEXT_HOP_UNCHANGED,
};

/* What the receivers of one view have in common. */
struct pol_receiver {
	uint16_t vrf; /* of the table; RIB_VRF_CORE. Else the receiver is a CE */
	bool ebgp;
	bool labelled;		  /* the family carries labels, which belong to the next hop */
	bool reflector_client;	  /* RFC 4456 6 */
	bool reflects;		  /* this router has clients: iBGP receivers may be reflected to */
	bool route_server_client; /* RFC 7947 2.2 */
	bool graceful_shutdown;	  /* RFC 8326 4 */
	bool v6_next_hop;	  /* agreed for the family (RFC 8950 4) */
	bool long_lived;	  /* knows LLGR_STALE (RFC 9494 4.3) */
	bool monitor; /* no neighbour but a BMP station: told everything, as it stands in the table (RFC 9069 3) */
	/* the chain of policies decides of it: what is there is to go out */
	bool med_said, next_hop_said;
	enum pol_routes routes;
	enum pol_next_hop next_hop;
	enum pol_role role; /* ours; POL_ROLE_NONE where RFC 9234 5 does not apply */
	uint32_t local_as;
	uint32_t cluster_id;
	uint32_t override_as;	 /* becomes ours in AS_PATH; 0: none */
	uint64_t site_of_origin; /* what has this extended community came from there; 0: none */
	struct ip_addr self;	 /* our address of the session */
};

/* The receiver that nothing special was said of. vrf as in the structure. */
struct pol_receiver pol_receiver_of(
	enum wire_family f, uint16_t vrf, const struct wire_ctx *ctx, struct ip_addr self);
bool pol_receiver_equal(const struct pol_receiver *a, const struct pol_receiver *b);

/* Whether equal attributes from two sources can become different ones. */
bool pol_receiver_depends_on_source(const struct pol_receiver *to);

enum pol_denial {
	POL_SEND,
	POL_DENY_NO_POLICY, /* an external neighbour without export policy (RFC 8212 2) */
	POL_DENY_BY_POLICY,
	POL_DENY_PRIVATE,      /* RIB_PATH_PRIVATE, RIB_PATH_LEAKED */
	POL_DENY_AS_SET,       /* RFC 9774 3: not even where we took it in */
	POL_DENY_NO_ADVERTISE, /* RFC 1997 */
	POL_DENY_NO_EXPORT,    /* or NO_EXPORT_SUBCONFED: to eBGP (RFC 1997) */
	POL_DENY_NO_PEER,      /* to eBGP to which our role is "peer" (RFC 3765 2) */
	POL_DENY_IBGP,	       /* from iBGP to iBGP and neither is a client (RFC 4456 6) */
	POL_DENY_LABEL, /* another router's label, to eBGP: the next hop would become us, and we swap no labels (RFC 4364 10 b) */
	POL_DENY_SITE,	/* back to the site that it came from (RFC 4364 7) */
	POL_DENY_OTC,	/* RFC 9234 5 */
	POL_DENY_NEXT_HOP, /* an IPv6 next hop, and the receiver did not agree to any (RFC 8950 4) */
	POL_DENY_LONG_LIVED, /* LLGR_STALE, to who does not know it (RFC 9494 4.3) */
	POL_DENIALS
};

/*
 * Depends on the path's attributes, source, flags and whether it has a label. Not sending a peer its own routes:
 * out/group. A route server does not look at well-known communities: they are for its clients (RFC 7947 2.2.4).
 */
enum pol_denial pol_export_judge(
	const struct pol_receiver *to, const struct rib_path *path, const struct rib_source *from);

/* "no-export", "site", ... for logs and `show`. */
const char *pol_denial_name(enum pol_denial d);

#endif

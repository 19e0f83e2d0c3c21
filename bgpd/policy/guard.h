/*
 * What may enter and what may leave, whatever an operator's policy says: the checks that protect the router, the
 * other customers and the neighbours. Once per UPDATE for attributes, once per prefix for NLRI. Pure and counted.
 */
#ifndef BGPD_POLICY_GUARD_H
#define BGPD_POLICY_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/policy/role.h"
#include "bgpd/wire/attr.h"
#include "bgpd/wire/nlri.h"
#include "lib/arena.h"
#include "lib/prefix.h"

enum pol_verdict {
	POL_ACCEPT,
	POL_NO_POLICY,	/* an external neighbour without import policy (RFC 8212 2) */
	POL_BY_POLICY,	/* the import policy refuses all */
	POL_AS_SET,	/* AS_SET or AS_CONFED_SET in AS_PATH (RFC 9774 3) */
	POL_AS_LOOP,	/* our AS in AS_PATH, more often than allowed (RFC 4271 9.1.2) */
	POL_FIRST_AS,	/* eBGP: AS_PATH does not begin with the neighbour's AS (RFC 4271 6.3) */
	POL_ORIGINATOR, /* iBGP: ORIGINATOR_ID is our own identifier (RFC 4456 8) */
	POL_CLUSTER,	/* iBGP: our cluster in CLUSTER_LIST (RFC 4456 8) */
	POL_LEAK,	/* a route leak by OTC (RFC 9234 5) */
	POL_NEXT_HOP, /* martian, our own address, or eBGP on one hop and not the neighbour nor on its subnet
			      (RFC 4271 5.1.3, 6.3) */
	POL_MARTIAN_NLRI, /* loopback, multicast, class E, 0/8 but not the default route */
	POL_LABEL,	  /* VPN route with no label or a reserved one, 0-15 (RFC 3032 2.1) */
	POL_RESOURCES,	  /* attributes that we must add do not fit */
	POL_VERDICTS
};

/* What an operator wants of a neighbour's routes, either way. */
enum pol_routes {
	POL_ROUTES_ALL,
	POL_ROUTES_UNSAID, /* nothing was said: none (RFC 8212 2) */
	POL_ROUTES_NONE,
};

/* Checks that are left out, each by itself: for a laboratory, which must see that an attack succeeds where nobody looks. */
enum pol_allow {
	POL_ALLOW_FIRST_AS = 1,
	POL_ALLOW_NEXT_HOP = 2,
	POL_ALLOW_MARTIANS = 4,
	POL_ALLOW_STEERING = 8,
	POL_ALLOW_BLACKHOLES = 16, /* of what the neighbour has no route to */
};

/* What the guard knows of a session. Addresses IP_NONE (subnet: addr.af) where not known. */
struct pol_peer {
	uint32_t local_as, peer_as;
	uint32_t local_id; /* BGP identifier, host order */
	uint32_t cluster_id;
	struct ip_addr local, addr;
	struct ip_prefix subnet; /* of the link to a one-hop eBGP neighbour */
	bool in_vrf;		 /* a CE: what it may set is cleaned */
	bool keep_ce_rts; /* ... but its extended communities are kept (RFC 4364 4.3.1 allows by agreement) */
	bool route_server_client; /* it may name itself alone as next hop, or a sibling (RFC 7948 4.8) */
	const struct ip_addr *siblings; /* neighbours of the same AS; borrowed */
	unsigned n_siblings;
	bool allow_as_set, accept_blackhole;
	uint8_t allow_own_as;
	uint8_t allow; /* enum pol_allow bits */
	enum pol_routes routes;
	enum pol_role role;	 /* ours; POL_ROLE_NONE */
	uint64_t site_of_origin; /* its routes get this extended community; 0: none */
};

struct pol_counts {
	uint64_t refused
		[POL_VERDICTS]; /* UPDATEs' worth of attributes, or prefixes; [POL_ACCEPT] counts accepted prefixes */
	uint64_t rts_stripped; /* route targets taken off a CE's routes */
	uint64_t ecs_stripped; /* other extended communities taken off */
	uint64_t
		steering_stripped; /* attributes that steer a provider's packets, taken off a CE's routes */
	uint64_t graceful_shutdowns; /* UPDATEs whose LOCAL_PREF became 0 (RFC 8326 4.2) */
	uint64_t blackholes;	     /* prefixes taken as blackholes (RFC 7999 3.3) */
	uint64_t not_retained;	     /* VPN prefixes that no VRF here imports (core/retain) */
};

/*
 * The attributes of one UPDATE on their way in. Cleans *a in place: LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST of an
 * eBGP peer go (RFC 4271 5.1.5, RFC 4456 8), and the extended communities of a CE (route targets and whatever else
 * steers VPN routes: RFC 4364 4.3.1, RFC 4577, RFC 7153), counted; and those attributes unknown to us by which other
 * PEs could be steered (tunnels, IPv6 route targets, segments). Adds what the session demands: OTC (RFC 9234 5),
 * LOCAL_PREF 0 to an external GRACEFUL_SHUTDOWN (RFC 8326 4.2), the site of origin in place of the sites that
 * the neighbour named. Anything but POL_ACCEPT: treat its prefixes as
 * withdrawn. Spans of *a are shortened to nothing, or written anew in the arena.
 */
enum pol_verdict pol_guard_attrs(const struct pol_peer *p, enum wire_family f, struct wire_attrs *a,
	struct arena *arena, struct pol_counts *c);

/*
 * Whether the neighbour asks for a blackhole and may ask for it at all. Such a prefix must also be covered by another
 * route of the same neighbour (RFC 7999 3.3: it is authorized to announce it); then pol_guard_blackhole() is asked in place
 * of pol_guard_attrs(): the next hop does not matter (it becomes the neighbour's own address), NO_EXPORT is added (3.2).
 */
bool pol_guard_asks_blackhole(const struct pol_peer *p, const struct wire_attrs *a);
enum pol_verdict pol_guard_blackhole(const struct pol_peer *p, enum wire_family f,
	struct wire_attrs *a, struct arena *arena, struct pol_counts *c);

/* One prefix on its way in. A refused one must still be withdrawn if it was there. */
enum pol_verdict pol_guard_nlri(const struct pol_peer *p, enum wire_family f,
	const struct wire_nlri *n, struct pol_counts *c);

/* "as-loop", "first-as", ... for logs and `show`. */
const char *pol_verdict_name(enum pol_verdict v);

#endif

/* From the kernel's route to a BGP next hop (and its nexthop objects) to the path that VPN packets take. */
#ifndef MPLSFWD_RESOLVE_H
#define MPLSFWD_RESOLVE_H

#include "mplsfwd/nlroute.h"

enum fwd_resolution {
	FWD_RESOLVED,
	FWD_UNRESOLVED_NONE,	   /* no route, the default route, or not a unicast route */
	FWD_UNRESOLVED_DEAD,	   /* only dead next hops */
	FWD_UNRESOLVED_UNLABELLED, /* beyond a gateway and without a label: not an LSP */
	FWD_UNRESOLVED_STACK,	   /* labels we cannot copy */
};

/* Finds a nexthop object by identifier; false if unknown. */
typedef bool fwd_nl_nexthop_fn(void *arg, uint32_t id, struct fwd_nl_nexthop *out);

/*
 * The path to next_hop over route (of the main table, the longest match). A route that names an object and brings
 * no next hops itself (net.ipv4.nexthop_compat_mode=0) is looked up through find, groups one level deep; find may be
 * NULL. Of several next hops the one with the lowest gateway, then lowest oif, is taken: deterministic, not balanced.
 *
 * A next hop behind a gateway must have a label: without one the gateway would read our VPN label in its own
 * label space, which may be anybody's (RFC 4364 5: the two PEs are joined by a tunnel). Linux does not show
 * implicit null (RFC 3032 2.1), so an adjacent PE is accepted only if its next hop address is on link, or if the
 * configuration says that it is one hop away (implicit_null). What is said does not displace what is seen: of several
 * next hops, unlabelled ones are then taken only if none has a label.
 */
enum fwd_resolution fwd_resolve(const struct fwd_nl_route *route, const struct ip_addr *next_hop,
	bool implicit_null, fwd_nl_nexthop_fn *find, void *arg, struct fwd_path *out);

/* "resolved", "no-route", ... for logs. */
const char *fwd_resolution_name(enum fwd_resolution r);

#endif

/*
 * What a port's guard must be, purely: the program's constants and tables from configuration, addresses and routes.
 *
 *   sources       connected prefixes of the port: ROUTED | LINK; static routes and CE routes whose gateway is on its link,
 *                 feasible: what the CE on its link has announced, best or not: ROUTED; own addresses: OWN
 *   destinations  own addresses of the VRF and their broadcasts: OWN; infrastructure: INFRA; where a route of the VRF
 *                 (connected, static, CE, VPN) is inside or equal to an infrastructure prefix: FORWARD, since customers may
 *                 use the core's numbers (RFC 4381 2.1)
 *   services      BGP of the VRF's neighbours on the link (GTSM's TTL: 256 - hops), protocols of conf_guard
 *   labels        core port with ADVERTISED: what was told to the neighbours on its link
 */
#ifndef MPLSFWD_EDGEPLAN_H
#define MPLSFWD_EDGEPLAN_H

#include "acl/lpm.h"
#include "conf/model.h"
#include "mplsfwd/lfib.h"

struct fwd_edge_source { /* what a CE has announced */
	uint16_t vrf;
	bool found; /* a route of a run before, found in the kernel: counts under STRICT too, until bgpd has said all */
	struct ip_prefix prefix;
	struct ip_addr gateway;
};

struct fwd_edge_label { /* what was told to a neighbour */
	uint32_t label;
	uint16_t peer;
};

/* Whether a port has a program: an access port unless it is switched off, a core port that looks at something. */
bool fwd_edgeplan_wanted(const struct conf *conf, unsigned port);

/* mac: the device's; ifindex too. False: too many services, neighbours or rules for one port (the configuration's check refuses that). */
bool fwd_edgeplan_consts(const struct conf *conf, unsigned port, uint32_t ifindex,
	const uint8_t mac[6], struct acl_consts *out);

/* A device that is no port: ACL_ROLE_TRUNK with the VLANs of the ports on it, or ACL_ROLE_CLOSED (vids NULL). */
void fwd_edgeplan_device(const struct conf *conf, uint32_t ifindex, const uint8_t mac[6],
	const uint64_t vids[ACL_VIDS / 64], struct acl_consts *out);

/* Both tables are empty before. sources list: of any VRF, what is not of this port is skipped. */
void fwd_edgeplan_tables(const struct fwd_lfib *l, unsigned port,
	const struct fwd_edge_source *announced, size_t n, struct acl_lpm *sources,
	struct acl_lpm *destinations);

/* Sorted labels of a core port with ADVERTISED; *n of them, given to the caller. */
uint32_t *fwd_edgeplan_labels(const struct fwd_lfib *l, unsigned port,
	const struct fwd_edge_label *told, size_t n_told, unsigned *n);

#endif

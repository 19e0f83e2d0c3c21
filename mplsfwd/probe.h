/*
 * What this kernel can do for a PE, found by doing it in a network namespace that is thrown away, and the exact line
 * that remedies what is missing. Also what the lab chooses its back end by.
 */
#ifndef MPLSFWD_PROBE_H
#define MPLSFWD_PROBE_H

#include <stdbool.h>
#include <stdio.h>

enum fwd_probe_id {
	FWD_PROBE_ADMIN, /* may change the network of this namespace (CAP_NET_ADMIN) */
	FWD_PROBE_NETNS, /* may make network namespaces (CAP_SYS_ADMIN, or a user namespace): for the probe, the lab */
	FWD_PROBE_VRF,	   /* VRF devices, and enslaving to them */
	FWD_PROBE_MPLS,	   /* AF_MPLS routes: a label popped into a VRF */
	FWD_PROBE_INPUT,   /* net.mpls.conf.IF.input can be read and set, with its notification */
	FWD_PROBE_ENCAP,   /* IPv4 routes that push two labels */
	FWD_PROBE_NEXTHOP, /* nexthop objects that push labels (sharing; not needed by a PE) */
	FWD_PROBE_MD5,	   /* TCP-MD5 keys for a prefix */
	FWD_PROBE_MD5_VRF, /* ... bound to a VRF */
	FWD_PROBE_GTSM,	   /* IP_MINTTL */
	FWD_PROBE_SYSCTL,  /* /proc/sys/net can be written: platform_labels, input */
	FWD_PROBE_GUARD,   /* eBPF programs on tc ingress: needed by guarded access ports */
	FWD_PROBE_SOURCE, /* what the router says into a VPN comes from an address of the VRF, not of the core's link */
	FWD_PROBE_N,
};

struct fwd_probe_row {
	const char *name;   /* "vrf" */
	const char *what;   /* "VRF devices" */
	const char *remedy; /* "modprobe vrf"; NULL where there is none */
	bool needed;	    /* a PE cannot run without it */
	bool tried;	    /* false: could not even be asked (no namespace to try it in) */
	bool ok;
	int error; /* errno of what failed */
};

struct fwd_caps {
	struct fwd_probe_row rows[FWD_PROBE_N];
	bool pe; /* everything needed is there */
};

/* Forks; about 20 ms. Changes nothing outside the child's namespace. Needs no privilege to be asked. */
void fwd_probe(struct fwd_caps *out);

/* One line a row (`ok`, `missing` with the remedy, `unknown`), or one JSON object. */
void fwd_probe_print(const struct fwd_caps *caps, bool json, FILE *to);

#endif

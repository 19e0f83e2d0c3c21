/* What the kernel of a node really holds: IPv4 routes of any table, the MPLS table, per-port MPLS counters. */
#ifndef LAB_TABLE_H
#define LAB_TABLE_H

#include <stdint.h>

#include "lab/ns.h"
#include "lib/prefix.h"

#define LAB_STACK_MAX 8

struct lab_route {
	struct ip_prefix dst; /* of IPv4 */
	uint32_t label;	      /* of AF_MPLS */
	uint32_t table;
	uint8_t type, protocol; /* RTN_*, RTPROT_* */
	uint32_t metric;
	struct ip_addr via;
	char dev[16]; /* "" if none */
	uint32_t stack[LAB_STACK_MAX];
	unsigned n_stack; /* pushed (IPv4) or swapped to (MPLS) */
};

struct lab_device {
	int ifindex;
	char name[16];
	uint32_t vrf_table; /* 0: no VRF device */
};

struct lab_table {
	struct lab_route *routes;
	unsigned n_routes;
	struct lab_device *devices;
	unsigned n_devices;
};

/* family: AF_INET or AF_MPLS. 0 or -errno; fini in either case. */
int lab_table_read(
	struct lab_table *t, const struct lab_ns *base, const struct lab_ns *in, int family);
void lab_table_fini(struct lab_table *t);

/* The table of a VRF device (NULL: main); 0 if there is no such device. */
uint32_t lab_table_of(const struct lab_table *t, const char *vrf);

/* The prefix in that table; the one of lowest metric. */
const struct lab_route *lab_table_find(
	const struct lab_table *t, uint32_t table, const struct ip_prefix *p);

/* The MPLS entry that pops into this device. */
const struct lab_route *lab_table_pop(const struct lab_table *t, const char *dev);

/* The kernel's own name or number for a route's origin: "bgp", "82". */
const char *lab_table_protocol(uint8_t protocol, char buf[8]);

/* Labelled packets that came into a port and went no further, as its kernel counts them. */
struct lab_mpls_stats {
	uint64_t dropped; /* labels are not accepted there */
	uint64_t errors;  /* broken, out of TTL, not to this station */
	uint64_t noroute; /* a label that nothing is bound to (RFC 3031 3.18) */
};
int lab_table_mpls_stats(const struct lab_ns *base, const struct lab_ns *in, int ifindex,
	struct lab_mpls_stats *out);

/* Labelled packets that the kernel refused on this port because labels are not accepted there (afstats RX dropped). */
int lab_table_mpls_dropped(
	const struct lab_ns *base, const struct lab_ns *in, int ifindex, uint64_t *out);

#endif

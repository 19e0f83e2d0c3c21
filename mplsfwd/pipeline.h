/*
 * What this router's data plane does with a packet, purely: the model of the kernel that the simulator runs, that the
 * attacks are tried on, and that says why.
 *
 *   access port   IP: look up in the port's VRF -> push [transport, VPN] or hand to a CE of the VRF
 *                 labelled: dropped (RFC 4364 6) unless the port accepts labels; then, as Linux does, ANY label
 *                 of the platform is honoured, and label 0 leads to the global table
 *   core port     labelled: pop -> look up in the label's VRF; IP: the global table's business
 *
 * Only the kernel's state counts (what is installed, not what is wanted). TTL as in RFC 3443: pipe (default): the
 * core is one hop to the customer; uniform: label and IP TTL are one. An inner TTL that runs out is dropped here;
 * Linux would send it out with 0.
 */
#ifndef MPLSFWD_PIPELINE_H
#define MPLSFWD_PIPELINE_H

#include "mplsfwd/lfib.h"
#include "mplsfwd/packet.h"

enum fwd_verdict {
	FWD_DROP,
	FWD_SEND,   /* p is to leave by trace.out_port to trace.gateway */
	FWD_LOCAL,  /* to this router itself, inside trace.vrf */
	FWD_GLOBAL, /* IP in the core's table: this router's core stack */
};

enum fwd_reason {
	FWD_OK,
	FWD_MPLS_NOT_ENABLED,
	FWD_LABEL_UNKNOWN,
	FWD_LABEL_RESERVED,
	FWD_LABEL_NOT_BOTTOM, /* a VPN label with more labels below */
	FWD_MPLS_TTL,
	FWD_STACK_CUT, /* less than a label stack entry where one must be */
	FWD_VLAN_NOT_AGREED,
	FWD_ETHERTYPE,
	FWD_PORT_NOT_BOUND,
	FWD_PORT_DOWN,
	FWD_MARTIAN,
	FWD_IP_MALFORMED,
	FWD_IP_TTL,
	FWD_NO_ROUTE,	/* the VRF's unreachable default */
	FWD_UNRESOLVED, /* blackhole: the BGP next hop has no path */
	FWD_BLACKHOLE,	/* a customer asked for it (RFC 7999) */
	FWD_TOO_BIG,
	FWD_REASON_N,
};

/* Why, as data. */
struct fwd_trace {
	enum fwd_reason reason;
	uint16_t vrf;	   /* looked up in; FWD_VRF_NONE if in none */
	uint8_t popped;	   /* label stack entries taken off */
	uint32_t label;	   /* the last label read, if popped or dropped because of one */
	uint32_t route;	   /* matched prefix, host order, */
	uint8_t route_len; /* ... and its length */
	uint8_t pushed;	   /* label stack entries put on */
	uint16_t out_port;
	uint32_t out_ifindex;
	struct ip_addr gateway;
};

/* A packet arrived on a port; it was addressed to the port's MAC. p is changed into what leaves. */
enum fwd_verdict fwd_pipeline(
	const struct fwd_lfib *l, uint16_t port, struct fwd_packet *p, struct fwd_trace *why);

/* A packet of this router itself, inside a VRF (BGP to a CE, ping from the VRF). No TTL is taken. */
enum fwd_verdict fwd_pipeline_output(
	const struct fwd_lfib *l, uint16_t vrf, struct fwd_packet *p, struct fwd_trace *why);

/* "mpls_not_enabled", ... the names that counters and reports use. */
const char *fwd_reason_name(enum fwd_reason r);
const char *fwd_verdict_name(enum fwd_verdict v);

#endif

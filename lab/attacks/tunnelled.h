/* Tunnels from a customer to the PE: what is inside them, no filter for labels or addresses has looked at (RFC 4023 8.2, RFC 7510 6). */
#ifndef LAB_ATTACKS_TUNNELLED_H
#define LAB_ATTACKS_TUNNELLED_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

enum tunnelled_kind {
	TUNNELLED_GRE,	    /* MPLS in GRE (RFC 4023 4) */
	TUNNELLED_IP,	    /* MPLS in IP, protocol 137 (RFC 4023 3) */
	TUNNELLED_UDP,	    /* MPLS in UDP (RFC 7510 3) */
	TUNNELLED_UDP_BARE, /* without a checksum */
	TUNNELLED_DTLS,	    /* its port with DTLS, 6636 */
	TUNNELLED_VXLAN,    /* MPLS in VXLAN-GPE */
	TUNNELLED_GENEVE,   /* MPLS in Geneve (RFC 8926) */
	TUNNELLED_IP_GRE,   /* IP in IP: MPLS in GRE */
	TUNNELLED_GRE_GRE,  /* IP in GRE: MPLS in GRE */
	TUNNELLED_KINDS
};

struct tunnelled {
	enum tunnelled_kind kind;
	const char *src, *dst; /* of the outermost packet */
	const char *into;      /* of the innermost; NULL: 172.16.1.1 */
	int label;
};

/* One more stimulus out of ce-a1:eth1: out->sent is its sequence number. */
void tunnelled_send(struct attack_stage *st, struct attack_impact *out, const struct tunnelled *t);

/* pe1 has tunnels that end at 192.168.1.1 (topologies/rfc4381). False, and out->skip: this kernel can have none. */
bool tunnelled_ends(struct attack_stage *st, struct attack_impact *out);

#endif

/*
 * What a customer sends to its PE as IPv4, with whatever header it likes, and what comes of it: arrived somewhere, on the core's
 * wire without a label, or answered. Every packet carries the launch's nonce, and so does an error that quotes it (RFC 792).
 */
#ifndef LAB_ATTACKS_CUSTOMER_H
#define LAB_ATTACKS_CUSTOMER_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

enum customer_kind { CUSTOMER_UDP, CUSTOMER_ECHO, CUSTOMER_SYN, CUSTOMER_PLAIN };

struct customer {
	const char *from;   /* port; sent to the router at the other end: "ce-a1:eth1" */
	const uint8_t *mac; /* the source's; NULL: the port's own */
	enum customer_kind
		kind; /* PLAIN: no header below IPv4's, of ip.protocol; else that is filled in */
	struct frame_ip ip;
	uint16_t flow;	 /* UDP: the source port; 0: by sequence number */
	uint16_t to;	 /* UDP, TCP: port; 0: 7 */
	unsigned octets; /* of data behind the nonce */

	bool asked; /* customer_send()'s own: MAC addresses, asked for once */
	uint8_t own[6], router[6];
};

/* Sends one more: out->sent is its sequence number. A fault goes to out->error; nothing more is sent then. */
void customer_send(struct attack_stage *st, struct attack_impact *out, struct customer *c);

/* How many packets without a label came to P: of what a customer sends none may. Waits for `want` of them, at most ms. */
unsigned customer_bare(struct attack_stage *st, unsigned want, unsigned ms);

/* What came back into a customer's port for one of its packets. */
struct customer_answer {
	uint16_t seq;		      /* of the packet that it is for */
	uint32_t from;		      /* host order */
	uint8_t protocol, type, code; /* ICMP: type and code; else 0 */
	uint16_t mtu;		      /* ICMP 3.4 (RFC 1191) */
	bool extended; /* with octets behind the quotation (RFC 4884), a label stack say (RFC 4950) */
};

/* Of what was seen until now, at most n; how many. */
unsigned customer_answers(
	struct attack_stage *st, const char *port, struct customer_answer *out, unsigned n);

/* One of the core's numbers (10.0.0.0/8 in this network). */
bool customer_is_core(uint32_t address);

#endif

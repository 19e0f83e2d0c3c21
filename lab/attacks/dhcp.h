/* DHCP messages of a server that nobody appointed, from customer A's port to a host of its other site (RFC 2131, RFC 2132). */
#ifndef LAB_ATTACKS_DHCP_H
#define LAB_ATTACKS_DHCP_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

enum dhcp_type {
	DHCP_NONE, /* BOOTP: no options, no magic number */
	DHCP_DISCOVER,
	DHCP_OFFER,
	DHCP_REQUEST,
	DHCP_DECLINE,
	DHCP_ACK,
	DHCP_NAK,
	DHCP_RELEASE,
	DHCP_FORCERENEW = 9, /* RFC 3203 4 */
};

struct dhcp_message {
	enum dhcp_type type;
	const uint8_t *options; /* behind the message type; the end is put after them unless open */
	size_t n_options;
	const uint8_t *file; /* options in the field `file` (RFC 2132 9.3), at most 110 octets */
	size_t n_file;
	const char *giaddr;
	uint16_t from, to; /* 0: 67, 68 */
	bool open, unsummed, fragment, alert;
};

/* UDP's payload; the launch's nonce in the field `file`. seq: the stimulus' number, also in chaddr. */
void dhcp_payload(struct frame *f, const uint8_t nonce[16], uint16_t seq, bool reply,
	const struct dhcp_message *m);

/* Sends all of them from ce-a1:eth1 to 172.16.2.1; a hit is what arrives at ce-a2:eth1. */
void dhcp_rogue(struct attack_stage *st, struct attack_impact *out, const struct dhcp_message *m,
	unsigned n);

/* attack_legit_fn: a client's request passes by the same port to a server at the other site. */
bool dhcp_client_passes(struct attack_stage *st, char *what, size_t cap);

#endif

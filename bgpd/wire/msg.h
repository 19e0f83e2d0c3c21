/* The 19-octet message header (RFC 4271 4.1) and splitting a stream into messages. */
#ifndef BGPD_WIRE_MSG_H
#define BGPD_WIRE_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/fault.h"
#include "lib/wbuf.h"

#define WIRE_HEADER_LEN	      19
#define WIRE_MSG_MAX	      4096  /* RFC 4271 4.1 */
#define WIRE_MSG_MAX_EXTENDED 65535 /* where both sides can (RFC 8654 4) */

enum wire_msg_type {
	WIRE_OPEN = 1,
	WIRE_UPDATE = 2,
	WIRE_NOTIFICATION = 3,
	WIRE_KEEPALIVE = 4,
	WIRE_REFRESH = 5, /* RFC 2918 3 */
};

struct wire_msg {
	enum wire_msg_type type;
	const uint8_t *body; /* after the header; borrowed */
	uint16_t body_len;
};

/*
 * Takes the first message of a stream of octets.
 *   > 0   octets taken, *out filled
 *   0     more octets are needed
 *   -1    *fault filled (marker 1/1, length 1/2, type 1/3, lengths per type; RFC 4271 6.1; 7/1: RFC 7313 5),
 *         action WIRE_RESET
 */
int wire_msg_split(const uint8_t *octets, size_t len, uint16_t msg_max, struct wire_msg *out,
	struct wire_fault *fault);

/* Marker, a length to be filled, type; returns the offset for wire_msg_end. */
size_t wire_msg_begin(struct wbuf *w, enum wire_msg_type type);
void wire_msg_end(struct wbuf *w, size_t begin);

void wire_keepalive_put(struct wbuf *w);

#endif

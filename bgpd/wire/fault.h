/*
 * What was wrong with a peer's octets, and what it earns.
 *
 * Actions are ordered so that "the strongest action wins" (RFC 7606 3 h) is max().
 */
#ifndef BGPD_WIRE_FAULT_H
#define BGPD_WIRE_FAULT_H

#include <stddef.h>
#include <stdint.h>

enum wire_action {
	WIRE_OK,
	WIRE_ATTR_DISCARD, /* RFC 7606 2: the attribute is left out, the routes stay */
	WIRE_WITHDRAW,	   /* RFC 7606 2: treat-as-withdraw */
	WIRE_RESET,	   /* RFC 7606 2, RFC 4271 6: NOTIFICATION, session over */
};

#define WIRE_FAULT_DATA_MAX 64

struct wire_fault {
	enum wire_action action;
	uint8_t code, subcode; /* of the NOTIFICATION, when action is WIRE_RESET (RFC 4271 4.5) */
	uint8_t attr;	       /* type code of the attribute at fault, 0 if none */
	uint16_t at;	       /* octet offset in the message body, for the log */
	const char *why;       /* static text, one clause, for the log and `show bgp neighbors` */
	uint8_t data_len;
	uint8_t data[WIRE_FAULT_DATA_MAX]; /* NOTIFICATION data */
};

/* A fresh fault without data; why is static text. */
void wire_fault_set(struct wire_fault *f, enum wire_action action, uint8_t code, uint8_t subcode,
	const char *why);

/* Appends NOTIFICATION data; what does not fit is cut, as nobody needs more to find the culprit. */
void wire_fault_add_data(struct wire_fault *f, const void *octets, size_t len);

/* Keeps the stronger of two; on a tie the earlier. */
void wire_fault_raise(struct wire_fault *keep, const struct wire_fault *other);

#endif

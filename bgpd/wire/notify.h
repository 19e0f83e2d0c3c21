/* NOTIFICATION (RFC 4271 4.5, 6), cease subcodes (RFC 4486 3), shutdown communication (RFC 9003 2), refresh (RFC 2918 3). */
#ifndef BGPD_WIRE_NOTIFY_H
#define BGPD_WIRE_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/family.h"
#include "lib/wbuf.h"

enum wire_notify_code {
	WIRE_ERR_HEADER = 1,
	WIRE_ERR_OPEN = 2,
	WIRE_ERR_UPDATE = 3,
	WIRE_ERR_HOLD_TIMER = 4,
	WIRE_ERR_FSM = 5, /* subcodes: RFC 6608 3 */
	WIRE_ERR_CEASE = 6,
	WIRE_ERR_REFRESH = 7,	      /* RFC 7313 5 */
	WIRE_ERR_SEND_HOLD_TIMER = 8, /* RFC 9687 5 */
};

enum wire_cease {
	WIRE_CEASE_MAX_PREFIX = 1,
	WIRE_CEASE_ADMIN_SHUTDOWN = 2,
	WIRE_CEASE_PEER_DECONFIGURED = 3,
	WIRE_CEASE_ADMIN_RESET = 4,
	WIRE_CEASE_REJECTED = 5,
	WIRE_CEASE_CONFIG_CHANGE = 6,
	WIRE_CEASE_COLLISION = 7,
	WIRE_CEASE_RESOURCES = 8,
	WIRE_CEASE_HARD_RESET =
		9, /* RFC 8538 3: data is the code, subcode and data of the real reason */
	WIRE_CEASE_BFD_DOWN = 10,
};

#define WIRE_SHUTDOWN_TEXT_MAX 255

struct wire_notify {
	uint8_t code, subcode;
	const uint8_t *data; /* borrowed */
	uint16_t data_len;
};

/* False only if shorter than code and subcode. */
bool wire_notify_get(const uint8_t *body, size_t len, struct wire_notify *out);
void wire_notify_put(struct wbuf *w, uint8_t code, uint8_t subcode, const void *data, size_t len);

/*
 * Hard Reset (RFC 8538 3.1): a Cease/9 whose data is another NOTIFICATION's code, subcode and data. get: false if *n is none or
 * holds less than code and subcode; *out borrows what *n does.
 */
bool wire_notify_hard_get(const struct wire_notify *n, struct wire_notify *out);
void wire_notify_hard_put(
	struct wbuf *w, uint8_t code, uint8_t subcode, const void *data, size_t len);

/* "Cease/Administrative Shutdown", "UPDATE Message Error/Malformed AS_PATH"; numbers where there is no name. */
void wire_notify_name(uint8_t code, uint8_t subcode, char *out, size_t cap);

/*
 * The text of an Administrative Shutdown or Reset: length(1) UTF-8(length), at most 255 octets (RFC 9003 2).
 * False if there is none or it is malformed; out (256 octets) is always terminated. Not escaped.
 */
bool wire_notify_text(const struct wire_notify *n, char out[WIRE_SHUTDOWN_TEXT_MAX + 1]);

/*
 * ROUTE-REFRESH: afi(2) subtype(1) safi(1). False if not 4 octets; *out WIRE_FAMILIES for what is to be ignored:
 * a family not ours, or a subtype that nobody knows (RFC 7313 5).
 */
enum wire_refresh { WIRE_REFRESH_REQUEST = 0, WIRE_REFRESH_BORR = 1, WIRE_REFRESH_EORR = 2 };

bool wire_refresh_get(
	const uint8_t *body, size_t len, enum wire_family *out, enum wire_refresh *subtype);
void wire_refresh_put(struct wbuf *w, enum wire_family f, enum wire_refresh subtype);

#endif

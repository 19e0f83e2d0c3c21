/*
 * OPEN (RFC 4271 4.2) with capabilities (RFC 5492 4).
 *
 *   shape   version(1) my_as(2) hold_time_s(2) bgp_id(4) opt_len(1) opt(opt_len)
 */
#ifndef BGPD_WIRE_OPEN_H
#define BGPD_WIRE_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/fault.h"
#include "lib/wbuf.h"

struct wire_open {
	uint32_t as; /* from the 4-octet AS capability if sent, else My Autonomous System */
	uint16_t hold_s;
	uint32_t id;	   /* host order */
	bool mp;	   /* at least one multiprotocol capability was there */
	uint32_t families; /* WIRE_FAMILY_BIT()s of those we know */
	bool as4;
	bool refresh;
	uint8_t unknown_caps; /* capabilities we do not know: ignored (RFC 5492 3), counted */
};

/*
 * Decodes the body. False: *fault holds the NOTIFICATION (RFC 4271 6.2): version 2/1 with the version we
 * speak as data, AS 0 2/2 (RFC 7607 2), identifier 0 2/3 (RFC 6286 2.1), hold time 1 or 2 2/6, malformed options 2/0,
 * unknown optional parameter 2/4. Whether AS and identifier are the configured ones is the session's business.
 */
bool wire_open_get(
	const uint8_t *body, size_t len, struct wire_open *out, struct wire_fault *fault);

/* A whole OPEN message, header included. My Autonomous System is AS_TRANS where as does not fit (RFC 6793 9). */
void wire_open_put(struct wbuf *w, const struct wire_open *o);

#endif

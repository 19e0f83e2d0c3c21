/*
 * OPEN (RFC 4271 4.2) with capabilities (RFC 5492 4).
 *
 *   shape   version(1) my_as(2) hold_time_s(2) bgp_id(4) opt_len(1) opt(opt_len)
 *   RFC 9072 2: opt_len 255, opt_type 255, len(2): parameters with two octets of length; written only when needed
 */
#ifndef BGPD_WIRE_OPEN_H
#define BGPD_WIRE_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/fault.h"
#include "lib/wbuf.h"

/* Graceful restart (RFC 4724 3) and long-lived graceful restart (RFC 9494 3.1) as one side says them. */
struct wire_restart {
	bool sent;	    /* the capability was there */
	bool restarting;    /* R: restart state */
	bool notification;  /* N: NOTIFICATIONs keep routes (RFC 8538 2) */
	uint16_t time_s;    /* 12 bits */
	uint32_t families;  /* WIRE_FAMILY_BIT()s listed */
	uint32_t preserved; /* ... with F set: forwarding state kept */
	bool long_lived;
	uint32_t ll_families, ll_preserved;
	uint32_t ll_stale_s[WIRE_FAMILIES]; /* 24 bits */
};

#define WIRE_ROLE_NONE 255 /* the others are numbers of RFC 9234 4.1, see conf/model.h */

struct wire_open {
	uint32_t as; /* from the 4-octet AS capability if sent, else My Autonomous System */
	uint16_t hold_s;
	uint32_t id;	   /* host order */
	bool mp;	   /* at least one multiprotocol capability was there */
	uint32_t families; /* WIRE_FAMILY_BIT()s of those we know */
	bool as4;
	bool refresh;
	bool enhanced_refresh; /* RFC 7313 3.1 */
	bool extended_message; /* RFC 8654 3 */
	uint32_t
		add_path_receive; /* WIRE_FAMILY_BIT()s that this side can receive with path identifiers (RFC 7911 4) */
	uint32_t add_path_send;	    /* ... wants to send with them */
	uint32_t extended_next_hop; /* families with an IPv6 next hop (RFC 8950 4) */
	uint8_t role;		    /* RFC 9234 4.1, WIRE_ROLE_NONE if none was sent */
	bool role_conflict;	    /* several different ones were sent (RFC 9234 4.2) */
	struct wire_restart restart;
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

/* The parameters from opt_len on: one of these capabilities, in the extended form if they are more than 253 octets. */
void wire_open_put_params(struct wbuf *w, struct wire_span capas);

#endif

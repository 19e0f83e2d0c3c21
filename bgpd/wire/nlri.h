/*
 * Network layer reachability information: one prefix of one family.
 *
 *   IPv4 unicast   length(1, bits) prefix(ceil(bits/8))                          RFC 4271 4.3
 *   VPN-IPv4       length(1, bits) label(3) rd(8) prefix(ceil(bits/8))       RFC 4364 4.3.4, RFC 8277 2
 *   RT membership  length(1, bits) origin_as(4) route_target(8), cut to ceil(bits/8); 0 or 32..96 bits   RFC 4684 4
 *
 * With ADD-PATH each begins with path_id(4) (RFC 7911 3).
 */
#ifndef BGPD_WIRE_NLRI_H
#define BGPD_WIRE_NLRI_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "bgpd/wire/fault.h"
#include "bgpd/wire/family.h"
#include "lib/prefix.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

#define WIRE_LABEL_NONE	    UINT32_MAX
#define WIRE_LABEL_WITHDRAW 0x800000u /* the 24-bit compatibility value of RFC 8277 2.4 */
#define WIRE_NLRI_MAX	    40	      /* octets of the longest NLRI we emit */

struct wire_nlri {
	struct ip_prefix prefix;
	uint64_t rd;	  /* the 8 octets as one big-endian number; 0 outside VPN families */
	uint32_t label;	  /* 20-bit value of the (only) label, or WIRE_LABEL_NONE */
	uint32_t path_id; /* RFC 7911 3; 0 without ADD-PATH */
};

/*
 * RT membership in the same value: prefix.addr is the origin AS as an IPv4 address (32 bits), rd the route target (64
 * bits, bits past the length cleared), prefix.len the length in bits, 0 (the default: everything) or 32 to 96.
 */

struct wire_nlri_form { /* how a list of them is to be read */
	enum wire_family family;
	bool withdrawn; /* the label is a compatibility field: ignored, written as WIRE_LABEL_WITHDRAW (RFC 8277 2.4) */
	bool add_path;
};

/*
 * Reads the next NLRI.
 * False at a malformed one: *fault then says why (RFC 7606 5.3: prefix length, label stack, short data),
 * with action WIRE_RESET (code 3 subcode 10 for IPv4 unicast, 9 for multiprotocol). Borrows r.
 */
bool wire_nlri_get(struct rbuf *r, const struct wire_nlri_form *form, struct wire_nlri *out,
	struct wire_fault *fault);

/*
 * Walks a whole list once without taking it apart: *count how many, *at the offset of the first malformed one.
 * True if every one is well-formed (RFC 7606 5.3); wire_nlri_get() then never fails on it.
 */
bool wire_nlri_check(
	struct wire_span octets, enum wire_family f, bool add_path, uint16_t *count, uint16_t *at);

/* Writes one. In VPN families a withdrawn NLRI carries WIRE_LABEL_WITHDRAW. A full w turns bad. */
void wire_nlri_put(struct wbuf *w, const struct wire_nlri_form *form, const struct wire_nlri *n);

#endif

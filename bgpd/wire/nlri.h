/*
 * Network layer reachability information: one prefix of one family.
 *
 *   IPv4 unicast   length(1, bits) prefix(ceil(bits/8))                          RFC 4271 4.3
 *   VPN-IPv4       length(1, bits) label(3) rd(8) prefix(ceil(bits/8))       RFC 4364 4.3.4, RFC 8277 2
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
	uint64_t rd;	/* the 8 octets as one big-endian number; 0 outside VPN families */
	uint32_t label; /* 20-bit value of the (only) label, or WIRE_LABEL_NONE */
};

/*
 * Reads the next NLRI of family f. withdrawn: the label is a compatibility field and is ignored.
 * False at a malformed one: *fault then says why (RFC 7606 5.3: prefix length, label stack, short data),
 * with action WIRE_RESET (code 3 subcode 10 for IPv4 unicast, 9 for multiprotocol). Borrows r.
 */
bool wire_nlri_get(struct rbuf *r, enum wire_family f, bool withdrawn, struct wire_nlri *out,
	struct wire_fault *fault);

/*
 * Walks a whole list once without taking it apart: *count how many, *at the offset of the first malformed one.
 * True if every one is well-formed (RFC 7606 5.3); wire_nlri_get() then never fails on it.
 */
bool wire_nlri_check(struct wire_span octets, enum wire_family f, uint16_t *count, uint16_t *at);

/* Writes one. In VPN families a withdrawn NLRI carries WIRE_LABEL_WITHDRAW. A full w turns bad. */
void wire_nlri_put(struct wbuf *w, enum wire_family f, bool withdrawn, const struct wire_nlri *n);

#endif

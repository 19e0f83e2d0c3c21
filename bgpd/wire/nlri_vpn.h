/*
 * What stands in front of the prefix of a VPN NLRI: label(3) rd(8) (RFC 4364 4.3.4, RFC 8277 2.2).
 *
 * One label only: more may be sent only to who announced the Multiple Labels capability (RFC 8277 2.1), and we do
 * not. Its bottom-of-stack bit is set by us and ignored from others, as RFC 8277 2.2 asks.
 */
#ifndef BGPD_WIRE_NLRI_VPN_H
#define BGPD_WIRE_NLRI_VPN_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/nlri.h"

#define WIRE_LABEL_OCTETS 3
#define WIRE_LABEL_MAX	  0xfffffu

/* p holds the 11 octets: whoever calls has checked that. */
void wire_nlri_vpn_get(const uint8_t *p, bool withdrawn, struct wire_nlri *out);
void wire_nlri_vpn_put(uint8_t *p, bool withdrawn, const struct wire_nlri *n);

#endif

/* Address families: one row per AFI/SAFI that this router speaks (RFC 4760 6, RFC 4364 4.4, RFC 4684 4). */
#ifndef BGPD_WIRE_FAMILY_H
#define BGPD_WIRE_FAMILY_H

#include <stdbool.h>
#include <stdint.h>

enum wire_family { WIRE_IPV4_UNICAST, WIRE_VPNV4, WIRE_RT_CONSTRAINT, WIRE_FAMILIES };

#define WIRE_FAMILY_BIT(f) (1u << (f))

struct wire_family_desc {
	const char *name; /* as configured and shown: "ipv4-unicast", "vpnv4", "rt-constraint" */
	uint16_t afi;
	uint8_t safi;
	uint8_t key_words;   /* 64-bit words that tell its prefixes apart (rib_key_put) */
	uint8_t rd_octets;   /* 8 in VPN families, else 0 */
	bool labelled;	     /* NLRI carries a label stack (RFC 8277 2) */
	uint8_t lead_octets; /* label and RD in front of the prefix */
	uint8_t addr_bits;   /* longest prefix */
};

/* Borrowed, static; f < WIRE_FAMILIES. */
const struct wire_family_desc *wire_family_get(enum wire_family f);

/* WIRE_FAMILIES if the pair is not one of ours. */
enum wire_family wire_family_find(uint16_t afi, uint8_t safi);
enum wire_family wire_family_parse(const char *name);

#endif

#include "bgpd/wire/family.h"

#include <string.h>

#include "lib/check.h"

static const struct wire_family_desc family_table[WIRE_FAMILIES] = {
	[WIRE_IPV4_UNICAST] =
		{.name = "ipv4-unicast", .afi = 1, .safi = 1, .key_words = 1, .addr_bits = 32},
	[WIRE_VPNV4] = {.name = "vpnv4",
		.afi = 1,
		.safi = 128, /* RFC 4364 4.3.4 */
		.key_words = 2,
		.rd_octets = 8,
		.labelled = true,
		.lead_octets = 11,
		.addr_bits = 32},
	[WIRE_RT_CONSTRAINT] = {.name = "rt-constraint",
		.afi = 1,
		.safi = 132, /* RFC 4684 4 */
		.key_words = 2,
		.addr_bits = 96},
};

const struct wire_family_desc *wire_family_get(enum wire_family f)
{
	CHECK(f < WIRE_FAMILIES);
	return &family_table[f];
}

enum wire_family wire_family_find(uint16_t afi, uint8_t safi)
{
	unsigned f = 0;

	while (f < WIRE_FAMILIES && (family_table[f].afi != afi || family_table[f].safi != safi))
		f++;
	return f;
}

enum wire_family wire_family_parse(const char *name)
{
	unsigned f = 0;

	while (f < WIRE_FAMILIES && strcmp(family_table[f].name, name) != 0)
		f++;
	return f;
}

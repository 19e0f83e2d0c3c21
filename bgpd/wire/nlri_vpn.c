#include "bgpd/wire/nlri_vpn.h"

#include "lib/check.h"

void wire_nlri_vpn_get(const uint8_t *p, bool withdrawn, struct wire_nlri *out)
{
	uint32_t field = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	uint64_t rd = 0;

	for (unsigned i = 0; i < 8; i++)
		rd = rd << 8 | p[WIRE_LABEL_OCTETS + i];
	out->label = withdrawn ? WIRE_LABEL_NONE : field >> 4;
	out->rd = rd;
}

void wire_nlri_vpn_put(uint8_t *p, bool withdrawn, const struct wire_nlri *n)
{
	CHECK(withdrawn || n->label <= WIRE_LABEL_MAX);
	uint32_t field = withdrawn ? WIRE_LABEL_WITHDRAW : n->label << 4 | 1;

	p[0] = (uint8_t)(field >> 16);
	p[1] = (uint8_t)(field >> 8);
	p[2] = (uint8_t)field;
	for (unsigned i = 0; i < 8; i++)
		p[WIRE_LABEL_OCTETS + i] = (uint8_t)(n->rd >> (56 - 8 * i));
}

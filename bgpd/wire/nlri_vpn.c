#include "bgpd/wire/nlri_vpn.h"

#include "lib/check.h"

static uint32_t vpn_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void vpn_put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

void wire_nlri_vpn_get(const uint8_t *p, bool withdrawn, struct wire_nlri *out)
{
	uint32_t field = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

	out->label = withdrawn ? WIRE_LABEL_NONE : field >> 4;
	out->rd =
		(uint64_t)vpn_u32(p + WIRE_LABEL_OCTETS) << 32 | vpn_u32(p + WIRE_LABEL_OCTETS + 4);
}

void wire_nlri_vpn_put(uint8_t *p, bool withdrawn, const struct wire_nlri *n)
{
	CHECK(withdrawn || n->label <= WIRE_LABEL_MAX);
	uint32_t field = withdrawn ? WIRE_LABEL_WITHDRAW : n->label << 4 | 1;

	p[0] = (uint8_t)(field >> 16);
	p[1] = (uint8_t)(field >> 8);
	p[2] = (uint8_t)field;
	vpn_put_u32(p + WIRE_LABEL_OCTETS, (uint32_t)(n->rd >> 32));
	vpn_put_u32(p + WIRE_LABEL_OCTETS + 4, (uint32_t)n->rd);
}

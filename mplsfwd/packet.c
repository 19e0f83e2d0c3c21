#include "mplsfwd/packet.h"

#include <string.h>

#define HEADROOM    64 /* for labels: 16 entries */
#define LSE_LEN	    4
#define TAG_LEN	    4 /* TCI and the EtherType that follows */
#define IPV4_MIN    20
#define VID_MASK    0xfff
#define IPV4_TTL_AT 8
#define IPV4_SUM_AT 10

bool fwd_packet_init(struct fwd_packet *p, uint16_t protocol, const void *payload, size_t len)
{
	if (len > sizeof(p->octets) - HEADROOM)
		return false;
	p->protocol = protocol;
	p->start = HEADROOM;
	p->len = (uint16_t)len;
	if (len)
		memcpy(p->octets + p->start, payload, len);
	return true;
}

uint8_t *fwd_packet_at(struct fwd_packet *p)
{
	return p->octets + p->start;
}

static const uint8_t *packet_at(const struct fwd_packet *p)
{
	return p->octets + p->start;
}

static uint32_t be32(const uint8_t *o)
{
	return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

static uint16_t be16(const uint8_t *o)
{
	return (uint16_t)(o[0] << 8 | o[1]);
}

static void packet_skip(struct fwd_packet *p, uint16_t n)
{
	p->start = (uint16_t)(p->start + n);
	p->len = (uint16_t)(p->len - n);
}

bool fwd_packet_pop_tags(struct fwd_packet *p)
{
	while (p->protocol == FWD_ETH_VLAN || p->protocol == FWD_ETH_QINQ) {
		if (p->len < TAG_LEN || be16(packet_at(p)) & VID_MASK)
			return false;
		p->protocol = be16(packet_at(p) + 2);
		packet_skip(p, TAG_LEN);
	}
	return true;
}

bool fwd_packet_get_lse(const struct fwd_packet *p, struct fwd_lse *out)
{
	if (p->len < LSE_LEN)
		return false;
	uint32_t e = be32(packet_at(p));
	*out = (struct fwd_lse){.label = e >> 12,
		.tc = (uint8_t)(e >> 9 & 7),
		.bottom = e >> 8 & 1,
		.ttl = (uint8_t)e};
	return true;
}

void fwd_packet_pop_lse(struct fwd_packet *p)
{
	packet_skip(p, LSE_LEN);
}

bool fwd_packet_push_lse(struct fwd_packet *p, const struct fwd_lse *e)
{
	uint32_t v =
		e->label << 12 | (uint32_t)(e->tc & 7) << 9 | (uint32_t)e->bottom << 8 | e->ttl;

	if (p->start < LSE_LEN)
		return false;
	p->start = (uint16_t)(p->start - LSE_LEN);
	p->len = (uint16_t)(p->len + LSE_LEN);
	for (unsigned i = 0; i < LSE_LEN; i++)
		p->octets[p->start + i] = (uint8_t)(v >> (24 - 8 * i));
	return true;
}

uint16_t fwd_checksum(const uint8_t *octets, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

bool fwd_packet_get_ipv4(const struct fwd_packet *p, struct fwd_ipv4 *out)
{
	const uint8_t *o = packet_at(p);

	if (p->len < IPV4_MIN || o[0] >> 4 != 4)
		return false;
	*out = (struct fwd_ipv4){.header_len = (uint8_t)((o[0] & 0xf) * 4),
		.total_len = be16(o + 2),
		.ttl = o[IPV4_TTL_AT],
		.protocol = o[9],
		.src = be32(o + 12),
		.dst = be32(o + 16)};
	if (out->header_len < IPV4_MIN || out->total_len < out->header_len ||
		out->total_len > p->len)
		return false;
	return !fwd_checksum(o, out->header_len);
}

void fwd_packet_set_ttl(struct fwd_packet *p, uint8_t ttl)
{
	uint8_t *o = fwd_packet_at(p);
	uint32_t old = be16(o + IPV4_TTL_AT), sum = (uint16_t)~be16(o + IPV4_SUM_AT);

	o[IPV4_TTL_AT] = ttl;
	sum += (uint16_t)~old;
	sum += be16(o + IPV4_TTL_AT);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum;
	o[IPV4_SUM_AT] = (uint8_t)(sum >> 8);
	o[IPV4_SUM_AT + 1] = (uint8_t)sum;
}

size_t fwd_ipv4_put(
	uint8_t *out, size_t cap, const struct fwd_ipv4 *h, const void *payload, size_t len)
{
	size_t total = IPV4_MIN + len;

	if (total > cap || total > UINT16_MAX)
		return 0;
	memset(out, 0, IPV4_MIN);
	out[0] = 4 << 4 | IPV4_MIN / 4;
	out[2] = (uint8_t)(total >> 8);
	out[3] = (uint8_t)total;
	out[IPV4_TTL_AT] = h->ttl;
	out[9] = h->protocol;
	for (unsigned i = 0; i < 4; i++) {
		out[12 + i] = (uint8_t)(h->src >> (24 - 8 * i));
		out[16 + i] = (uint8_t)(h->dst >> (24 - 8 * i));
	}
	uint16_t sum = fwd_checksum(out, IPV4_MIN);
	out[IPV4_SUM_AT] = (uint8_t)(sum >> 8);
	out[IPV4_SUM_AT + 1] = (uint8_t)sum;
	if (len)
		memcpy(out + IPV4_MIN, payload, len);
	return total;
}

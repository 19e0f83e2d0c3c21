#include "acl/packet.h"

#include <string.h>

#include "lib/check.h"

#define HEADER_MIN   20
#define OFFSET_MASK  0x1fff
#define MORE	     0x2000
#define UDP_LEN	     8
#define ICMP_LEN     8
#define TCP_LEN	     20
#define DHCP_SERVER  67
#define DHCP_CLIENT  68
#define DHCP_REPLY   2
#define MPLS_UDP     6635
#define MPLS_DTLS    6636
#define LIMITED_CAST 0xffffffffu

static uint16_t u16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t u32_at(const uint8_t *p)
{
	return (uint32_t)u16_at(p) << 16 | u16_at(p + 2);
}

enum acl_reason acl_packet_parse(struct acl_packet *p, const uint8_t *octets, size_t len)
{
	if (len < HEADER_MIN)
		return ACL_MALFORMED;
	size_t header_len = (octets[0] & 0x0fu) * 4u;
	uint16_t total_len = u16_at(octets + 2), fragment = u16_at(octets + 6);
	if (octets[0] >> 4 != 4 || header_len < HEADER_MIN || header_len > len ||
		total_len < header_len || total_len > len)
		return ACL_MALFORMED;
	*p = (struct acl_packet){.header = octets,
		.payload = octets + header_len,
		.header_len = header_len,
		.payload_len = total_len - header_len,
		.src = u32_at(octets + 12),
		.dst = u32_at(octets + 16),
		.total_len = total_len,
		.offset = fragment & OFFSET_MASK,
		.more = fragment & MORE,
		.protocol = octets[9],
		.ttl = octets[8],
		.dscp = octets[1] >> 2};
	memcpy(&p->src_be, octets + 12, 4);
	memcpy(&p->dst_be, octets + 16, 4);
	return ACL_PASS;
}

/* A first fragment too short for its transport header, or a second one over TCP's flags, would pass a rule on what it hides. */
enum acl_reason acl_packet_transport(struct acl_packet *p)
{
	if (p->offset)
		return p->offset == 1 && p->protocol == ACL_IP_TCP ? ACL_MALFORMED : ACL_PASS;
	p->has_tcp = p->protocol == ACL_IP_TCP;
	p->has_icmp = p->protocol == ACL_IP_ICMP;
	p->has_ports = p->has_tcp || p->protocol == ACL_IP_UDP;
	size_t need = p->has_tcp ? TCP_LEN : p->has_icmp ? ICMP_LEN : p->has_ports ? UDP_LEN : 0;
	if (p->payload_len < need)
		return ACL_MALFORMED;
	if (p->has_ports) {
		p->sport = u16_at(p->payload);
		p->dport = u16_at(p->payload + 2);
	}
	if (p->has_tcp)
		p->tcp_flags = p->payload[13];
	if (p->has_icmp) {
		p->icmp_type = p->payload[0];
		p->icmp_code = p->payload[1];
	}
	return ACL_PASS;
}

bool acl_packet_is_fragment(const struct acl_packet *p)
{
	return p->more || p->offset;
}

bool acl_packet_has_options(const struct acl_packet *p)
{
	return p->header_len > HEADER_MIN;
}

bool acl_packet_has_bad_option(const struct acl_packet *p)
{
	enum { END = 0, NOP = 1, RECORD_ROUTE = 7, TIMESTAMP = 68, LOOSE = 131, STRICT = 137 };
	size_t at = HEADER_MIN;

	while (at < p->header_len && p->header[at] != END) {
		uint8_t kind = p->header[at];
		if (kind == NOP) {
			at++;
			continue;
		}
		if (kind == RECORD_ROUTE || kind == TIMESTAMP || kind == LOOSE || kind == STRICT)
			return true;
		size_t left = p->header_len - at;
		if (left < 2 || p->header[at + 1] < 2 || p->header[at + 1] > left)
			return true;
		at += p->header[at + 1];
	}
	return false;
}

struct block {
	uint32_t addr, mask;
};

static bool is_in(uint32_t addr, const struct block *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((addr & list[i].mask) == list[i].addr)
			return true;
	return false;
}

bool acl_packet_is_martian(const struct acl_packet *p)
{
	static const struct block source[] = {{0, 0xff000000}, {0x7f000000, 0xff000000},
		{0xa9fe0000, 0xffff0000}, {0xe0000000, 0xe0000000}};
	static const struct block destination[] = {{0, 0xff000000}, {0x7f000000, 0xff000000},
		{0xa9fe0000, 0xffff0000}, {0xf0000000, 0xf0000000}};

	if (is_in(p->src, source, ARRAY_LEN(source)))
		return true;
	return p->dst != LIMITED_CAST && is_in(p->dst, destination, ARRAY_LEN(destination));
}

bool acl_packet_is_dhcp_reply(const struct acl_packet *p)
{
	if (!p->has_ports || p->protocol != ACL_IP_UDP)
		return false;
	return p->dport == DHCP_CLIENT || (p->sport == DHCP_SERVER && p->payload_len > UDP_LEN &&
						  p->payload[UDP_LEN] == DHCP_REPLY);
}

bool acl_packet_is_tunnel(const struct acl_packet *p)
{
	if (p->protocol == ACL_IP_GRE || p->protocol == ACL_IP_MPLS)
		return true;
	return p->protocol == ACL_IP_UDP && p->has_ports &&
	       (p->dport == MPLS_UDP || p->dport == MPLS_DTLS);
}

static bool fragment_matches(const struct acl_packet *p, uint8_t want)
{
	return want == ACL_FRAGMENT_ANY || acl_packet_is_fragment(p) == (want == ACL_FRAGMENT_ONLY);
}

static bool transport_matches(const struct acl_packet *p, const struct acl_rule *r)
{
	if (r->flags & ACL_RULE_PORTS)
		if (!p->has_ports || p->sport < r->sport_lo || p->sport > r->sport_hi ||
			p->dport < r->dport_lo || p->dport > r->dport_hi)
			return false;
	if (r->flags & ACL_RULE_ICMP)
		if (!p->has_icmp || (p->icmp_type & r->icmp_type_mask) != r->icmp_type ||
			(p->icmp_code & r->icmp_code_mask) != r->icmp_code)
			return false;
	if (r->flags & ACL_RULE_TCP)
		if (!p->has_tcp || (p->tcp_flags & r->tcp_mask) != r->tcp_flags)
			return false;
	return true;
}

bool acl_packet_match(const struct acl_packet *p, const struct acl_rule *r)
{
	return (p->src_be & r->src_mask_be) == r->src_be &&
	       (p->dst_be & r->dst_mask_be) == r->dst_be &&
	       (p->protocol & r->proto_mask) == r->proto && (p->dscp & r->dscp_mask) == r->dscp &&
	       p->ttl >= r->ttl_lo && p->ttl <= r->ttl_hi && p->total_len >= r->len_lo &&
	       p->total_len <= r->len_hi && fragment_matches(p, r->fragment) &&
	       transport_matches(p, r);
}

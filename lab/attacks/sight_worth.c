/* Which frames are worth keeping although they do not carry the attacker's nonce. */
#include "lab/attacks/sight_worth.h"

#define ETH_LEN	     14
#define ETH_IPV4     0x0800
#define ETH_ARP	     0x0806
#define ETH_VLAN     0x8100
#define ETH_IPV6     0x86dd
#define ETH_MPLS     0x8847
#define ETH_SERVICE  0x88a8
#define IPV4_LEN     20
#define IPV6_LEN     40
#define PROTO_ICMP   1
#define PROTO_TCP    6
#define PROTO_UDP    17
#define PROTO_ICMPV6 58

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static bool worth_port(uint8_t protocol, uint16_t port)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
	} rows[] = {{PROTO_TCP, 179}, {PROTO_UDP, 67}, {PROTO_UDP, 68}, {PROTO_UDP, 546},
		{PROTO_UDP, 547}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].protocol == protocol && rows[i].port == port)
			return true;
	return false;
}

static bool worth_transport(uint8_t protocol, const uint8_t *p, size_t len)
{
	if (protocol == PROTO_ICMP || protocol == PROTO_ICMPV6)
		return true;
	return len >= 4 && (worth_port(protocol, get16(p)) || worth_port(protocol, get16(p + 2)));
}

static bool worth_ip(const uint8_t *p, size_t len)
{
	size_t head = len >= IPV4_LEN ? (size_t)(p[0] & 15) * 4 : 0;

	if (len >= IPV6_LEN && p[0] >> 4 == 6)
		return worth_transport(p[6], p + IPV6_LEN, len - IPV6_LEN);
	return head >= IPV4_LEN && head <= len && p[0] >> 4 == 4 &&
	       worth_transport(p[9], p + head, len - head);
}

bool attack_sight_worth(const uint8_t *frame, size_t len)
{
	size_t at = ETH_LEN;
	uint16_t type;

	if (len < ETH_LEN)
		return false;
	for (type = get16(frame + 12); (type == ETH_VLAN || type == ETH_SERVICE) && len - at >= 4;
		at += 4)
		type = get16(frame + at + 2);
	if (type == ETH_MPLS) {
		bool bottom = false;

		for (; !bottom && len - at >= 4; at += 4)
			bottom = frame[at + 2] & 1;
		return bottom && worth_ip(frame + at, len - at);
	}
	return type == ETH_ARP ||
	       ((type == ETH_IPV4 || type == ETH_IPV6) && worth_ip(frame + at, len - at));
}

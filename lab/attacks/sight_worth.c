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

/* What an IP packet carries. */
struct worth_ip {
	uint8_t protocol;
	const uint8_t *transport;
	size_t len;
};

static bool worth_ip(const uint8_t *p, size_t len, struct worth_ip *out)
{
	size_t head = len >= IPV4_LEN ? (size_t)(p[0] & 15) * 4 : 0;

	if (len >= IPV6_LEN && p[0] >> 4 == 6) {
		*out = (struct worth_ip){p[6], p + IPV6_LEN, len - IPV6_LEN};
		return true;
	}
	if (head < IPV4_LEN || head > len || p[0] >> 4 != 4)
		return false;
	*out = (struct worth_ip){p[9], p + head, len - head};
	return true;
}

/* The EtherType behind all tags, and where what it says begins; 0: cut. */
static uint16_t worth_type(const uint8_t *frame, size_t len, size_t *at)
{
	uint16_t type;

	if (len < ETH_LEN)
		return 0;
	*at = ETH_LEN;
	for (type = get16(frame + 12); type == ETH_VLAN || type == ETH_SERVICE; *at += 4) {
		if (len - *at < 4)
			return 0;
		type = get16(frame + *at + 2);
	}
	return type;
}

/* IP in a frame, behind tags and labels. */
static bool worth_find(const uint8_t *frame, size_t len, struct worth_ip *out)
{
	size_t at;
	uint16_t type = worth_type(frame, len, &at);
	bool bottom = type == ETH_IPV4 || type == ETH_IPV6;

	if (!bottom && type != ETH_MPLS)
		return false;
	for (; !bottom; at += 4) {
		if (len - at < 4)
			return false;
		bottom = frame[at + 2] & 1;
	}
	return worth_ip(frame + at, len - at, out);
}

bool attack_sight_worth(const uint8_t *frame, size_t len)
{
	struct worth_ip ip;
	size_t at;

	if (worth_type(frame, len, &at) == ETH_ARP)
		return true;
	if (!worth_find(frame, len, &ip))
		return false;
	return ip.protocol == PROTO_ICMP || ip.protocol == PROTO_ICMPV6 ||
	       (ip.len >= 4 && (worth_port(ip.protocol, get16(ip.transport)) ||
				       worth_port(ip.protocol, get16(ip.transport + 2))));
}

bool attack_sight_error(const uint8_t *frame, size_t len)
{
	static const uint8_t errors[] = {3, 4, 5, 11, 12};
	struct worth_ip ip;

	if (!worth_find(frame, len, &ip) || !ip.len)
		return false;
	if (ip.protocol == PROTO_ICMPV6)
		return ip.transport[0] < 128;
	for (size_t i = 0; i < sizeof errors; i++)
		if (ip.protocol == PROTO_ICMP && ip.transport[0] == errors[i])
			return true;
	return false;
}

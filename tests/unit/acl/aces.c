#include "tests/unit/acl/aces.h"

#include <string.h>

#include "lib/check.h"

#define PICK(g, list) ((list)[rng_below(g, ARRAY_LEN(list))])

struct acl_ace ace_any(enum acl_forwarding forwarding)
{
	return (struct acl_ace){.name = "any",
		.protocol = -1,
		.dscp = -1,
		.ttl_hi = UINT8_MAX,
		.len_hi = UINT16_MAX,
		.icmp_type = -1,
		.icmp_code = -1,
		.forwarding = forwarding};
}

/* Few values, and their neighbours, so that entries overlap. */

static const uint16_t some_ports[] = {0, 1, 22, 23, 24, 179, 1023, 1024, 65534, 65535};

static uint32_t addr_random(struct rng *g)
{
	static const uint32_t some[] = {
		0, 0x0a000000, 0x0a000080, 0x0a0000ff, 0x0a010000, 0xffffffff};

	return PICK(g, some) + (rng_one_in(g, 2) ? rng_below(g, 3) : 0);
}

static struct ip_prefix prefix_random(struct rng *g)
{
	static const uint8_t lens[] = {0, 8, 15, 16, 24, 25, 31, 32};
	struct ip_prefix p = {.addr = ip_addr_v4(addr_random(g)), .len = PICK(g, lens)};

	if (rng_one_in(g, 2))
		return (struct ip_prefix){.len = 0};
	ip_prefix_mask(&p);
	return p;
}

static struct acl_ports ports_random(struct rng *g)
{
	struct acl_ports p = {.op = ACL_OP_NONE};

	if (rng_one_in(g, 2))
		return p;
	p.op = (enum acl_operator)rng_below(g, ACL_OP_RANGE + 1);
	p.port = PICK(g, some_ports);
	p.upper = PICK(g, some_ports);
	return p;
}

static int value_random(struct rng *g, unsigned n)
{
	return rng_one_in(g, 2) ? -1 : (int)rng_below(g, n);
}

struct acl_ace ace_random(struct rng *g)
{
	static const int protocols[] = {-1, ACL_IP_TCP, ACL_IP_UDP, ACL_IP_ICMP, 50};
	struct acl_ace a = ace_any((enum acl_forwarding)rng_below(g, 2));

	a.source = prefix_random(g);
	a.destination = rng_one_in(g, 3) ? prefix_random(g) : a.destination;
	a.protocol = PICK(g, protocols);
	a.log = rng_one_in(g, 4);
	if (rng_one_in(g, 6))
		a.dscp = value_random(g, 3);
	if (rng_one_in(g, 6)) {
		a.ttl_lo = (uint8_t)rng_below(g, 3);
		a.ttl_hi = (uint8_t)(rng_one_in(g, 8) ? 0 : 253 + rng_below(g, 3));
	}
	if (rng_one_in(g, 6)) {
		a.len_lo = (uint16_t)(38 + rng_below(g, 4));
		a.len_hi = (uint16_t)(rng_one_in(g, 8) ? 30 : 60 + rng_below(g, 4));
	}
	if (rng_one_in(g, 5))
		a.fragment = (enum acl_fragment)rng_below(g, 3);
	if (rng_one_in(g, 2)) {
		a.source_port = rng_one_in(g, 2) ? ports_random(g) : a.source_port;
		a.destination_port = ports_random(g);
	}
	if (rng_one_in(g, 6)) {
		a.tcp_mask = (uint8_t)(rng_u32(g) & 0x12);
		a.tcp_flags = (uint8_t)(rng_u32(g) & a.tcp_mask);
	}
	if (rng_one_in(g, 6)) {
		a.icmp_type = value_random(g, 3);
		a.icmp_code = value_random(g, 2);
	}
	return a;
}

struct sketch sketch_random(struct rng *g)
{
	static const uint8_t protocols[] = {ACL_IP_TCP, ACL_IP_UDP, ACL_IP_ICMP, 50};

	return (struct sketch){.src = addr_random(g),
		.dst = addr_random(g),
		.protocol = PICK(g, protocols),
		.dscp = (uint8_t)rng_below(g, 4),
		.ttl = (uint8_t)(rng_one_in(g, 2) ? rng_below(g, 4) : 252 + rng_below(g, 4)),
		.len = (uint16_t)(rng_one_in(g, 2) ? 40 + rng_below(g, 3) : 59 + rng_below(g, 6)),
		.more = rng_one_in(g, 4),
		.offset = (uint16_t)(rng_one_in(g, 4) ? 2 + rng_below(g, 9) : 0),
		.sport = PICK(g, some_ports),
		.dport = PICK(g, some_ports),
		.tcp_flags = (uint8_t)(rng_u32(g) & 0x3f),
		.icmp_type = (uint8_t)rng_below(g, 4),
		.icmp_code = (uint8_t)rng_below(g, 3)};
}

static bool prefix_matches(const struct ip_prefix *p, uint32_t addr)
{
	struct ip_addr a = ip_addr_v4(addr);

	return p->addr.af == IP_NONE || ip_prefix_contains(p, &a);
}

static bool port_matches(const struct acl_ports *p, uint16_t port)
{
	switch (p->op) {
	case ACL_OP_EQ:
		return port == p->port;
	case ACL_OP_NEQ:
		return port != p->port;
	case ACL_OP_LTE:
		return port <= p->port;
	case ACL_OP_GTE:
		return port >= p->port;
	case ACL_OP_RANGE:
		return port >= p->port && port <= p->upper;
	case ACL_OP_NONE:
		return true;
	}
	return false;
}

bool ace_matches(const struct acl_ace *a, const struct sketch *s)
{
	bool fragment = s->more || s->offset, first = s->offset == 0;
	bool tcp = s->protocol == ACL_IP_TCP && first, icmp = s->protocol == ACL_IP_ICMP && first;
	bool ports = tcp || (s->protocol == ACL_IP_UDP && first);

	if (!prefix_matches(&a->source, s->src) || !prefix_matches(&a->destination, s->dst))
		return false;
	if (a->protocol != -1 && a->protocol != s->protocol)
		return false;
	if (a->dscp != -1 && a->dscp != s->dscp)
		return false;
	if (s->ttl < a->ttl_lo || s->ttl > a->ttl_hi || s->len < a->len_lo || s->len > a->len_hi)
		return false;
	if (a->fragment == ACL_FRAGMENT_ONLY && !fragment)
		return false;
	if (a->fragment == ACL_FRAGMENT_NONE && fragment)
		return false;
	if (a->source_port.op != ACL_OP_NONE && !(ports && port_matches(&a->source_port, s->sport)))
		return false;
	if (a->destination_port.op != ACL_OP_NONE &&
		!(ports && port_matches(&a->destination_port, s->dport)))
		return false;
	if (a->tcp_mask && !(tcp && (s->tcp_flags & a->tcp_mask) == a->tcp_flags))
		return false;
	if (a->icmp_type != -1 && !(icmp && a->icmp_type == s->icmp_type))
		return false;
	return a->icmp_code == -1 || (icmp && a->icmp_code == s->icmp_code);
}

unsigned list_decide(const struct acl_list *l, const struct sketch *s)
{
	unsigned i = 0;

	while (i < l->n_aces && !ace_matches(&l->aces[i], s))
		i++;
	return i;
}

static void u16_put(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

struct acl_packet sketch_packet(const struct sketch *s, uint8_t *octets)
{
	struct ip_addr src = ip_addr_v4(s->src), dst = ip_addr_v4(s->dst);
	struct acl_packet p;

	memset(octets, 0, s->len);
	octets[0] = 0x45;
	octets[1] = (uint8_t)(s->dscp << 2 | 3);
	u16_put(octets + 2, s->len);
	u16_put(octets + 6, (uint16_t)((s->more ? 0x2000 : 0) | s->offset));
	octets[8] = s->ttl;
	octets[9] = s->protocol;
	memcpy(octets + 12, src.o, 4);
	memcpy(octets + 16, dst.o, 4);
	if (s->protocol == ACL_IP_ICMP) {
		octets[20] = s->icmp_type;
		octets[21] = s->icmp_code;
	} else {
		u16_put(octets + 20, s->sport);
		u16_put(octets + 22, s->dport);
		octets[33] = s->tcp_flags;
	}
	CHECK(acl_packet_parse(&p, octets, s->len) == ACL_PASS);
	CHECK(acl_packet_transport(&p) == ACL_PASS);
	return p;
}

#include "tests/support/acl_frames.h"

#include <string.h>

#include "acl/frame.h"
#include "acl/packet.h"
#include "lib/check.h"
#include "lib/wbuf.h"

#define LINK	 0xc0a80100u /* 192.168.1.0/24, ours is .1 */
#define SITE	 0x0a010000u /* 10.1.0.0/16 */
#define OTHER	 0x0a020000u /* 10.2.0.0/16, another site of the VPN */
#define INFRA	 0x0aff0000u /* 10.255.0.0/16 */
#define REUSED	 0x0aff0700u /* 10.255.7.0/24, which a customer uses as well */
#define NO_LIMIT 0
#define EMPTY	 UINT64_C(1000000000)

static const uint8_t our_mac[6] = {0x02, 0, 0, 0, 0, 0x01};
static const uint8_t ce_macs[][6] = {
	{0x02, 0, 0, 0, 1, 1}, {0x02, 0, 0, 0, 1, 2}, {0x02, 0, 0, 0, 1, 3}};
static const uint32_t labels[] = {16, 17, 100, 101, 4095, 100000, 1048575};
static const uint16_t vids[] = {1, 5, 63, 64, 100, 4094, 4095};
static const uint16_t tpids[] = {0x8100, 0x88a8, 0x9100, 0x9200, 0x9300};

uint32_t rng_u32(struct rng *g) /* splitmix64 */
{
	uint64_t z = g->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) >> 32);
}

unsigned rng_below(struct rng *g, unsigned n)
{
	return (unsigned)((uint64_t)rng_u32(g) * n >> 32);
}

bool rng_one_in(struct rng *g, unsigned n)
{
	return rng_below(g, n) == 0;
}

#define PICK(g, list) ((list)[rng_below(g, ARRAY_LEN(list))])

static uint32_t be32(uint32_t v)
{
	uint8_t o[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
	uint32_t be;

	memcpy(&be, o, 4);
	return be;
}

/* Addresses and their opposite numbers. */

static uint32_t address_any(struct rng *g)
{
	static const uint32_t martians[] = {0, 1, 0x7f000001, 0xa9fe0101, 0xa9fdffff, 0xe0000001,
		0xdfffffff, 0xf0000001, 0xefffffff, 0xffffffff, 0xfffffffe};

	switch (rng_below(g, 8)) {
	case 0:
		return PICK(g, martians);
	case 1:
		return LINK + rng_below(g, 256);
	case 2:
		return LINK + 1 + rng_below(g, 4);
	case 3:
		return SITE + rng_below(g, 0x20000);
	case 4:
		return INFRA + rng_below(g, 16);
	case 5:
		return REUSED + rng_below(g, 256);
	case 6:
		return OTHER + rng_below(g, 0x10000);
	default:
		return rng_u32(g);
	}
}

static uint32_t source_of(struct rng *g)
{
	if (rng_one_in(g, 5))
		return address_any(g);
	if (rng_one_in(g, 2))
		return LINK + 2 + rng_below(g, 4);
	return SITE + rng_below(g, 0x8000);
}

static uint32_t destination_of(struct rng *g)
{
	static const uint32_t groups[] = {
		0xe0000005, 0xe0000006, 0xe0000009, 0xe0000012, 0xefffffff, 0xffffffff};

	switch (rng_below(g, 8)) {
	case 0:
		return address_any(g);
	case 1:
		return PICK(g, groups);
	case 2:
	case 3:
	case 4:
		return LINK + (rng_one_in(g, 5) ? 255 : 1);
	case 5:
		return INFRA + rng_below(g, 0x1000);
	default:
		return OTHER + rng_below(g, 0x10000);
	}
}

/* Ports */

static void port_tables(struct rng *g, struct acl_port *p)
{
	acl_lpm_add(&p->sources, LINK, 24, ACL_SRC_ROUTED | ACL_SRC_LINK);
	acl_lpm_add(&p->sources, LINK + 1, 32, ACL_SRC_OWN);
	if (rng_one_in(g, 2))
		acl_lpm_add(&p->sources, SITE, 16, ACL_SRC_ROUTED);
	if (rng_one_in(g, 3))
		acl_lpm_add(&p->sources, 0, 0, ACL_SRC_ROUTED);
	if (rng_one_in(g, 4))
		acl_lpm_add(&p->sources, LINK + 4, 32, ACL_SRC_OWN | ACL_SRC_LINK | ACL_SRC_ROUTED);
	for (unsigned n = rng_below(g, 8); n; n--)
		acl_lpm_add(&p->sources, address_any(g), (uint8_t)rng_below(g, 33),
			(uint8_t)rng_below(g, 8));

	acl_lpm_add(&p->destinations, LINK + 1, 32, ACL_DST_OWN);
	acl_lpm_add(&p->destinations, LINK + 255, 32, ACL_DST_OWN);
	if (!rng_one_in(g, 4))
		acl_lpm_add(&p->destinations, INFRA, 16, ACL_DST_INFRA);
	if (rng_one_in(g, 2))
		acl_lpm_add(&p->destinations, REUSED, 24, ACL_DST_FORWARD);
	for (unsigned n = rng_below(g, 4); n; n--)
		acl_lpm_add(&p->destinations, address_any(g), (uint8_t)(8 + rng_below(g, 25)),
			(uint8_t)rng_below(g, 3));
}

static void port_services(struct rng *g, struct acl_consts *c)
{
	static const struct acl_service known[] = {
		{.proto = ACL_IP_TCP, .min_ttl = 255, .port = 179},
		{.proto = ACL_IP_TCP, .min_ttl = 254, .port = 179},
		{.proto = ACL_IP_TCP, .min_ttl = 0, .port = 646},
		{.proto = 89, .min_ttl = 1},
		{.proto = ACL_IP_UDP, .min_ttl = 1, .port = 520},
		{.proto = ACL_IP_UDP, .min_ttl = 255, .port = 3784},
		{.proto = ACL_IP_UDP, .min_ttl = 255, .port = 6635},
	};
	unsigned n = rng_one_in(g, 16) ? ACL_SERVICES_MAX : rng_below(g, 8);

	for (unsigned i = 0; i < n; i++) {
		struct acl_service s = PICK(g, known);
		uint32_t mask = rng_one_in(g, 3) ? 0xffffff00u : 0xffffffffu;
		s.src_mask_be = be32(mask);
		s.src_be = be32((LINK + 2 + rng_below(g, 3)) & mask);
		c->services[c->n_services++] = s;
	}
}

static uint8_t masked(struct rng *g, uint8_t value, uint8_t full, uint8_t *mask)
{
	*mask = rng_one_in(g, 2) ? 0 : full;
	return value & *mask;
}

static void range_any(struct rng *g, uint16_t *lo, uint16_t *hi)
{
	static const uint16_t edges[] = {0, 1, 22, 23, 179, 1024, 6635, 65534, 65535};
	uint16_t a = PICK(g, edges), b = PICK(g, edges);

	*lo = a < b ? a : b;
	*hi = a < b ? b : a;
	if (rng_one_in(g, 2)) {
		*lo = 0;
		*hi = UINT16_MAX;
	}
}

struct acl_rule acl_frames_rule(struct rng *g, uint16_t id)
{
	static const uint8_t protocols[] = {
		ACL_IP_ICMP, ACL_IP_TCP, ACL_IP_TCP, ACL_IP_UDP, ACL_IP_UDP, ACL_IP_GRE, 89};
	static const uint8_t lens[] = {0, 0, 0, 8, 16, 24, 32};
	struct acl_rule r = {.ttl_hi = UINT8_MAX, .len_hi = UINT16_MAX, .id = id};
	uint32_t src_len = PICK(g, lens), dst_len = PICK(g, lens);
	uint32_t src_mask = src_len ? UINT32_MAX << (32 - src_len) : 0;
	uint32_t dst_mask = dst_len ? UINT32_MAX << (32 - dst_len) : 0;

	r.src_mask_be = be32(src_mask);
	r.dst_mask_be = be32(dst_mask);
	r.src_be = be32(source_of(g) & src_mask);
	r.dst_be = be32(destination_of(g) & dst_mask);
	r.proto = masked(g, PICK(g, protocols), UINT8_MAX, &r.proto_mask);
	if (rng_one_in(g, 4))
		r.dscp = masked(g, rng_one_in(g, 2) ? 46 : 0, 0x3f, &r.dscp_mask);
	if (rng_one_in(g, 4)) {
		r.ttl_lo = (uint8_t)rng_below(g, 3);
		r.ttl_hi = (uint8_t)(254 + rng_below(g, 2));
	}
	if (rng_one_in(g, 4))
		r.len_lo = (uint16_t)rng_below(g, 64);
	if (rng_one_in(g, 4))
		r.len_hi = (uint16_t)(40 + rng_below(g, 200));
	r.fragment = rng_one_in(g, 3) ? (uint8_t)rng_below(g, 3) : ACL_FRAGMENT_ANY;
	r.flags = (uint8_t)rng_below(g, 4);
	range_any(g, &r.sport_lo, &r.sport_hi);
	range_any(g, &r.dport_lo, &r.dport_hi);
	r.icmp_type = masked(g, rng_one_in(g, 2) ? 8 : 0, UINT8_MAX, &r.icmp_type_mask);
	r.icmp_code = masked(g, (uint8_t)rng_below(g, 2), UINT8_MAX, &r.icmp_code_mask);
	r.tcp_mask = (uint8_t)(rng_u32(g) & 0x3f);
	r.tcp_flags = (uint8_t)rng_u32(g) & r.tcp_mask;
	r.flags |= rng_one_in(g, 3) ? ACL_RULE_PORTS : 0;
	r.flags |= rng_one_in(g, 5) ? ACL_RULE_ICMP : 0;
	r.flags |= rng_one_in(g, 5) ? ACL_RULE_TCP : 0;
	return r;
}

static void port_tail(struct rng *g, struct acl_consts *c)
{
	if (rng_one_in(g, 3))
		for (unsigned n = 1 + rng_below(g, 5); n; n--) {
			struct acl_binding *b = &c->bindings[c->n_bindings++];
			unsigned ce = rng_below(g, 3);
			b->addr_be = be32(LINK + 2 + (rng_one_in(g, 8) ? rng_below(g, 5) : ce));
			memcpy(b->mac, ce_macs[ce], 6);
		}
	if (rng_one_in(g, 2)) {
		unsigned n = rng_one_in(g, 8) ? ACL_RULES_MAX : 1 + rng_below(g, 12);
		for (unsigned i = 0; i < n; i++)
			c->rules[c->n_rules++] = acl_frames_rule(g, (uint16_t)i);
	}
	for (unsigned i = 0; i < ARRAY_LEN(vids); i++)
		if (!rng_one_in(g, 3))
			c->vids[vids[i] / 64] |= UINT64_C(1) << vids[i] % 64;
	c->vids[0] |= rng_below(g, 2); /* VID 0 is never agreed, whatever stands there */
	for (unsigned i = 0; i < ACL_BUCKETS; i++)
		c->police[i].interval_ns = rng_one_in(g, 4) ? EMPTY : NO_LIMIT;
}

void acl_frames_port(struct rng *g, struct acl_port *p)
{
	static const uint8_t roles[] = {ACL_ROLE_ACCESS, ACL_ROLE_ACCESS, ACL_ROLE_ACCESS,
		ACL_ROLE_ACCESS, ACL_ROLE_ACCESS, ACL_ROLE_ACCESS, ACL_ROLE_ACCESS, ACL_ROLE_ACCESS,
		ACL_ROLE_CORE, ACL_ROLE_CORE, ACL_ROLE_TRUNK};
	struct acl_consts *c = &p->consts;

	acl_port_init(p);
	c->ifindex = 1;
	c->n_cpus = 1;
	c->role = rng_one_in(g, 64) ? ACL_ROLE_CLOSED : PICK(g, roles);
	c->labels = (uint8_t)rng_below(g, 3);
	c->source = (uint8_t)rng_below(g, 3);
	memcpy(c->mac, our_mac, 6);
	if (c->role == ACL_ROLE_ACCESS && !rng_one_in(g, 6))
		c->labels = ACL_LABELS_NONE;
	if (rng_one_in(g, 2))
		for (unsigned bit = ACL_OFF_TAGS; bit <= ACL_OFF_REDIRECT; bit <<= 1)
			c->off |= rng_one_in(g, 3) ? bit : 0;
	port_tables(g, p);
	port_services(g, c);
	port_tail(g, c);
	p->labels = labels;
	p->n_labels = rng_below(g, ARRAY_LEN(labels) + 1);
}

void acl_frames_state(struct rng *g, struct acl_state *s)
{
	*s = (struct acl_state){.open = !rng_one_in(g, 32)};
	for (unsigned i = 0; i < ACL_BUCKETS; i++)
		s->tat_ns[i] = UINT64_C(1) << 62;
}

/* Frames */

static void put_mac(struct rng *g, struct wbuf *w)
{
	static const uint8_t group[6] = {0x01, 0, 0x5e, 0, 0, 5};

	switch (rng_below(g, 24)) {
	case 0:
		wbuf_put(w, our_mac, 6);
		break;
	case 1:
		wbuf_put(w, group, 6);
		break;
	default:
		wbuf_put(w, PICK(g, ce_macs), 6);
	}
}

static void put_tag(struct rng *g, struct wbuf *w, uint16_t tpid, uint16_t vid)
{
	wbuf_put_u16(w, tpid);
	wbuf_put_u16(w, (uint16_t)(rng_below(g, 16) << 12 | vid));
}

static void put_tags(struct rng *g, struct wbuf *w, const struct acl_consts *c)
{
	bool zero = !rng_one_in(g, 3);
	unsigned n;

	if (c->role == ACL_ROLE_TRUNK && !rng_one_in(g, 4)) {
		put_tag(g, w, rng_one_in(g, 8) ? PICK(g, tpids) : ACL_ETH_VLAN,
			rng_one_in(g, 8) ? 0 : PICK(g, vids));
		return;
	}
	if (!rng_one_in(g, 6))
		return;
	n = rng_one_in(g, 4) ? rng_below(g, ACL_TAGS_MAX + 3) : 1 + rng_below(g, 3);
	while (n--)
		put_tag(g, w, PICK(g, tpids), zero ? 0 : rng_one_in(g, 3) ? 0 : PICK(g, vids));
}

static void put_arp(struct rng *g, struct wbuf *w, const uint8_t mac[6])
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4};
	uint32_t sender = rng_one_in(g, 12)  ? 0
			  : rng_one_in(g, 6) ? address_any(g)
					     : LINK + 1 + rng_below(g, 6);
	uint32_t target = rng_one_in(g, 8)   ? sender
			  : rng_one_in(g, 6) ? address_any(g)
					     : LINK + 1 + 3 * rng_below(g, 2);

	wbuf_put(w, start, sizeof(start));
	wbuf_put_u16(w, rng_one_in(g, 16) ? (uint16_t)rng_below(g, 4) : 1 + rng_below(g, 2));
	wbuf_put(w, rng_one_in(g, 8) ? PICK(g, ce_macs) : mac, 6);
	wbuf_put_u32(w, sender);
	wbuf_put(w, PICK(g, ce_macs), 6);
	wbuf_put_u32(w, target);
	if (rng_one_in(g, 10))
		w->base[14 + rng_below(g, 6)] ^= (uint8_t)(1 << rng_below(g, 8));
}

static size_t options_make(struct rng *g, uint8_t out[40])
{
	static const uint8_t kinds[] = {1, 1, 7, 68, 131, 137, 148, 136, 130, 0, 20};
	size_t want = 4 * (rng_one_in(g, 3) ? 10 : 1 + rng_below(g, 10)), at = 0;

	memset(out, rng_one_in(g, 2) ? 1 : 0, 40);
	while (at < want) {
		uint8_t kind = PICK(g, kinds);
		if (rng_one_in(g, 2))
			kind = rng_one_in(g, 2) ? 1 : 148;
		out[at++] = kind;
		if (kind < 2 || at == want)
			continue;
		uint8_t len = rng_one_in(g, 8) ? (uint8_t)rng_below(g, 256)
					       : (uint8_t)(2 + rng_below(g, 6));
		out[at++] = len;
		at += len < 2 ? 0 : len - 2u;
	}
	return want;
}

static uint16_t port_any(struct rng *g)
{
	static const uint16_t known[] = {179, 179, 646, 520, 3784, 6635, 6636, 67, 68, 22, 23, 53,
		546, 547, 0, 1, 65535, 6634};

	return rng_one_in(g, 3) ? (uint16_t)rng_u32(g) : PICK(g, known);
}

static void put_udp(struct rng *g, struct wbuf *w)
{
	uint16_t sport = port_any(g), dport = port_any(g);

	if (rng_one_in(g, 3))
		dport = rng_one_in(g, 2) ? 3784 : 520;
	if (rng_one_in(g, 8)) {
		sport = 67;
		dport = rng_one_in(g, 3) ? 68 : 67;
	}
	wbuf_put_u16(w, sport);
	wbuf_put_u16(w, dport);
	wbuf_put_u16(w, 8);
	wbuf_put_u16(w, 0);
	if (!rng_one_in(g, 3))
		wbuf_put_u8(w, (uint8_t)(1 + rng_below(g, 2)));
}

static void put_tcp(struct rng *g, struct wbuf *w, bool neighbour)
{
	static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x18, 0x04, 0x01, 0x3f, 0};
	bool bgp = neighbour || rng_one_in(g, 2), to = rng_one_in(g, 2);

	wbuf_put_u16(w, bgp && !to ? 179 : port_any(g));
	wbuf_put_u16(w, bgp && to ? 179 : port_any(g));
	wbuf_put_u32(w, rng_u32(g));
	wbuf_put_u32(w, rng_u32(g));
	wbuf_put_u8(w, 0x50);
	wbuf_put_u8(w, neighbour && to ? ACL_TCP_SYN : PICK(g, flags));
	wbuf_put_u16(w, 1024);
	wbuf_put_u32(w, 0);
}

static void put_icmp(struct rng *g, struct wbuf *w)
{
	static const uint8_t types[] = {8, 8, 0, 3, 11, 12, 5, 5, 9, 13, 31, 32, 40, 255};

	wbuf_put_u8(w, PICK(g, types));
	wbuf_put_u8(w, (uint8_t)rng_below(g, 3));
	wbuf_put_u16(w, 0);
	wbuf_put_u32(w, 0);
}

static void put_payload(struct rng *g, struct wbuf *w, uint8_t protocol, bool neighbour)
{
	size_t start = w->len;

	if (protocol == ACL_IP_UDP)
		put_udp(g, w);
	else if (protocol == ACL_IP_TCP)
		put_tcp(g, w, neighbour);
	else if (protocol == ACL_IP_ICMP)
		put_icmp(g, w);
	else
		wbuf_put_u32(w, rng_u32(g));
	if (rng_one_in(g, 16))
		w->len = start + rng_below(g, (unsigned)(w->len - start));
	else
		for (unsigned n = rng_one_in(g, 4) ? rng_below(g, 300) : 0; n; n--)
			wbuf_put_u8(w, (uint8_t)n);
}

static uint16_t fragment_any(struct rng *g)
{
	static const uint16_t some[] = {
		0x2000, 0x2000, 0x2001, 0x0001, 0x00b9, 0x20b9, 0x1fff, 0x4000, 0x8000, 0xc000};

	return rng_one_in(g, 6) ? PICK(g, some) : rng_one_in(g, 2) ? 0x4000 : 0;
}

static void header_break(struct rng *g, struct wbuf *w, size_t at, size_t total)
{
	switch (rng_below(g, 4)) {
	case 0:
		w->base[at] = (uint8_t)(rng_below(g, 16) << 4 | 5);
		break;
	case 1:
		w->base[at] = (uint8_t)(0x40 | rng_below(g, 16));
		break;
	case 2:
		total += rng_below(g, 64);
		w->base[at + 2] = (uint8_t)(total >> 8);
		w->base[at + 3] = (uint8_t)total;
		break;
	default:
		total = rng_below(g, (unsigned)total);
		w->base[at + 2] = (uint8_t)(total >> 8);
		w->base[at + 3] = (uint8_t)total;
	}
}

static void put_ipv4(struct rng *g, struct wbuf *w)
{
	static const uint8_t protocols[] = {ACL_IP_ICMP, ACL_IP_ICMP, ACL_IP_TCP, ACL_IP_TCP,
		ACL_IP_TCP, ACL_IP_UDP, ACL_IP_UDP, ACL_IP_UDP, ACL_IP_GRE, ACL_IP_MPLS, 89, 2, 4};
	static const uint8_t spoken[] = {ACL_IP_TCP, ACL_IP_TCP, ACL_IP_UDP, ACL_IP_ICMP, 89};
	static const uint8_t ttls[] = {255, 255, 255, 254, 253, 64, 1, 0, 2};
	static const uint8_t tos[] = {0, 0, 46 << 2, 3};
	uint8_t options[40];
	bool neighbour = rng_one_in(g, 4); /* says what it should, mostly */
	uint8_t protocol = neighbour	       ? PICK(g, spoken)
			   : rng_one_in(g, 24) ? (uint8_t)rng_u32(g)
					       : PICK(g, protocols);
	size_t options_len = !neighbour && rng_one_in(g, 8) ? options_make(g, options) : 0;
	size_t header_len = 20 + options_len, at = w->len;

	wbuf_put_u8(w, (uint8_t)(0x40 | header_len / 4));
	wbuf_put_u8(w, PICK(g, tos));
	wbuf_put_u16(w, 0);
	wbuf_put_u16(w, (uint16_t)rng_u32(g));
	wbuf_put_u16(w, neighbour ? 0x4000 : fragment_any(g));
	wbuf_put_u8(w, neighbour ? 255 - rng_below(g, 10) / 8 : PICK(g, ttls));
	wbuf_put_u8(w, protocol);
	wbuf_put_u16(w, 0);
	wbuf_put_u32(w, neighbour ? LINK + 2 + rng_below(g, 3) : source_of(g));
	wbuf_put_u32(w, neighbour ? LINK + 1 : destination_of(g));
	wbuf_put(w, options, options_len);
	put_payload(g, w, protocol, neighbour);
	size_t total = w->len - at;
	w->base[at + 2] = (uint8_t)(total >> 8);
	w->base[at + 3] = (uint8_t)total;
	if (rng_one_in(g, 24))
		header_break(g, w, at, total);
}

static void put_ipv6(struct rng *g, struct wbuf *w)
{
	static const uint8_t nexts[] = {58, 58, 58, 17, 17, 6, 0};
	static const uint8_t types[] = {134, 137, 133, 135, 128};
	uint8_t next = PICK(g, nexts);
	uint8_t addresses[32] = {0xfe, 0x80};

	wbuf_put_u32(w, 0x60000000);
	wbuf_put_u16(w, 8);
	wbuf_put_u8(w, next);
	wbuf_put_u8(w, 255);
	wbuf_put(w, addresses, sizeof(addresses));
	if (next == 58)
		wbuf_put_u16(w, (uint16_t)(PICK(g, types) << 8));
	else
		wbuf_put_u16(w, rng_one_in(g, 2) ? 547 : port_any(g));
	wbuf_put_u16(w, 546);
	wbuf_put_u32(w, 0);
	if (rng_one_in(g, 6))
		w->len -= 6 + rng_below(g, 4);
}

static void put_labels(struct rng *g, struct wbuf *w)
{
	unsigned depth = rng_one_in(g, 4) ? 2 + rng_below(g, 3) : 1;
	bool no_bottom = rng_one_in(g, 8);

	while (depth--) {
		uint32_t label = rng_one_in(g, 2)   ? PICK(g, labels)
				 : rng_one_in(g, 2) ? rng_below(g, 20)
						    : rng_below(g, 1u << 20);
		wbuf_put_u32(w, label << 12 | rng_below(g, 8) << 9 |
					(uint32_t)(depth == 0 && !no_bottom) << 8 | 64);
	}
	put_ipv4(g, w);
}

static void put_type(struct rng *g, struct wbuf *w, const uint8_t mac[6])
{
	static const uint16_t others[] = {0x8808, 0x88cc, 0x888e, 0x88e5, 0x0026, 0x0801, 0x8864,
		0x8849, 0x8846, 0x88e7, 0x8101};

	switch (rng_below(g, 20)) {
	case 0:
	case 1:
	case 2:
		wbuf_put_u16(w, ACL_ETH_MPLS + rng_below(g, 2));
		put_labels(g, w);
		break;
	case 3:
	case 4:
	case 5:
		wbuf_put_u16(w, ACL_ETH_ARP);
		put_arp(g, w, mac);
		break;
	case 6:
		wbuf_put_u16(w, ACL_ETH_IPV6);
		put_ipv6(g, w);
		break;
	case 7:
		wbuf_put_u16(w, rng_one_in(g, 2) ? PICK(g, others) : (uint16_t)rng_u32(g));
		wbuf_put_u32(w, rng_u32(g));
		break;
	default:
		wbuf_put_u16(w, ACL_ETH_IPV4);
		put_ipv4(g, w);
	}
}

size_t acl_frames_next(struct rng *g, const struct acl_port *p, uint8_t frame[ACL_FRAMES_MAX])
{
	struct wbuf w = wbuf_of(frame, ACL_FRAMES_MAX);

	wbuf_put(&w, our_mac, 6);
	put_mac(g, &w);
	put_tags(g, &w, &p->consts);
	put_type(g, &w, frame + 6);
	if (rng_one_in(g, 3))
		while (w.len < 60)
			wbuf_put_u8(&w, 0);
	if (rng_one_in(g, 12))
		w.len = 14 + rng_below(g, (unsigned)w.len - 13);
	if (rng_one_in(g, 12))
		frame[rng_below(g, (unsigned)w.len)] = (uint8_t)rng_u32(g);
	CHECK(wbuf_ok(&w));
	return w.len;
}

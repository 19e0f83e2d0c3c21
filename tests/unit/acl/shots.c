#include "tests/unit/acl/shots.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/wbuf.h"

const uint8_t *shot_mac(enum shot_mac who)
{
	static const uint8_t macs[][6] = {
		[SHOT_CE] = {0x02, 0, 0, 0, 1, 1},
		[SHOT_CE_2] = {0x02, 0, 0, 0, 1, 2},
		[SHOT_OURS] = {0x02, 0, 0, 0, 0, 1},
		[SHOT_GROUP] = {0x01, 0, 0x5e, 0, 0, 5},
		[SHOT_BROADCAST] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	};

	return macs[who];
}

uint32_t shot_be32(uint32_t host)
{
	uint8_t o[4] = {
		(uint8_t)(host >> 24), (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host};
	uint32_t be;

	memcpy(&be, o, 4);
	return be;
}

static uint32_t address(uint32_t a, uint32_t otherwise)
{
	return a == ZERO_ADDR ? 0 : a ? a : otherwise;
}

static uint16_t or16(uint16_t v, uint16_t otherwise)
{
	return v ? v : otherwise;
}

static void put_transport(const struct shot *s, uint8_t protocol, struct wbuf *w)
{
	if (protocol == ACL_IP_ICMP || protocol == ACL_IP_ICMPV6) {
		wbuf_put_u8(w, s->icmp_type);
		wbuf_put_u8(w, 0);
		wbuf_put_u16(w, 0);
		wbuf_put_u32(w, 0);
	} else {
		wbuf_put_u16(w, or16(s->sport, 1024));
		wbuf_put_u16(w, or16(s->dport, 2048));
		wbuf_put_u32(w, 0);
	}
	if (protocol == ACL_IP_TCP) {
		wbuf_put_u32(w, 0);
		wbuf_put_u8(w, 0x50);
		wbuf_put_u8(w, s->flags ? s->flags : ACL_TCP_ACK);
		wbuf_put_u16(w, 1024);
		wbuf_put_u32(w, 0);
	}
	if (s->data)
		wbuf_put_u8(w, s->data);
	w->len -= s->cut;
}

static void put_ipv4(const struct shot *s, struct wbuf *w)
{
	static const uint8_t zero[3] = {0};
	uint8_t protocol = s->protocol ? s->protocol : ACL_IP_UDP;
	size_t at = w->len, pad = (4 - s->options_len % 4) % 4;
	size_t header_len = 20 + s->options_len + pad;

	wbuf_put_u8(w, s->first ? s->first : (uint8_t)(0x40 | header_len / 4));
	wbuf_put_u8(w, s->tos);
	wbuf_put_u32(w, 0);
	wbuf_put_u16(w, s->fragment);
	wbuf_put_u8(w, s->ttl ? s->ttl : 64);
	wbuf_put_u8(w, protocol);
	wbuf_put_u16(w, 0);
	wbuf_put_u32(w, address(s->src, HERE));
	wbuf_put_u32(w, address(s->dst, THERE));
	wbuf_put(w, s->options, s->options_len);
	wbuf_put(w, zero, pad);
	put_transport(s, protocol, w);
	size_t total = (size_t)((int)(w->len - at) + s->lie);
	w->base[at + 2] = (uint8_t)(total >> 8);
	w->base[at + 3] = (uint8_t)total;
}

static void put_arp(const struct shot *s, struct wbuf *w)
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4, 0};
	size_t at = w->len;

	wbuf_put(w, start, sizeof(start));
	wbuf_put_u8(w, s->operation ? s->operation : 1);
	wbuf_put(w, shot_mac(s->sender ? s->sender : s->mac), 6);
	wbuf_put_u32(w, address(s->src, CE));
	wbuf_put(w, shot_mac(SHOT_OURS), 6);
	wbuf_put_u32(w, address(s->dst, PE));
	if (s->arp_break)
		w->base[at + s->arp_break - 1] ^= 0x40;
	w->len -= s->cut;
}

static void put_ipv6(const struct shot *s, struct wbuf *w)
{
	static const uint8_t addresses[32] = {0xfe, 0x80};

	wbuf_put_u32(w, 0x60000000);
	wbuf_put_u16(w, 8);
	wbuf_put_u8(w, s->protocol);
	wbuf_put_u8(w, 255);
	wbuf_put(w, addresses, sizeof(addresses));
	put_transport(s, s->protocol, w);
}

static void put_labels(const struct shot *s, struct wbuf *w)
{
	for (unsigned i = 0; i < ARRAY_LEN(s->labels) && s->labels[i]; i++) {
		bool last = i + 1 == ARRAY_LEN(s->labels) || !s->labels[i + 1];
		wbuf_put_u32(w, (s->labels[i] & 0xfffff) << 12 |
					(uint32_t)(last && !s->no_bottom) << 8 | 64);
	}
	put_ipv4(s, w);
}

size_t shot_make(const struct shot *s, uint8_t out[SHOT_MAX])
{
	struct wbuf w = wbuf_of(out, SHOT_MAX);
	uint16_t type = s->type ? s->type : ACL_ETH_IPV4;

	wbuf_put(&w, shot_mac(SHOT_OURS), 6);
	wbuf_put(&w, shot_mac(s->mac), 6);
	for (unsigned i = 0; i < ARRAY_LEN(s->tags) && s->tags[i].tpid; i++) {
		wbuf_put_u16(&w, s->tags[i].tpid);
		wbuf_put_u16(&w, s->tags[i].tci);
	}
	wbuf_put_u16(&w, type);
	if (type == ACL_ETH_ARP)
		put_arp(s, &w);
	else if (type == ACL_ETH_IPV6)
		put_ipv6(s, &w);
	else if (type == ACL_ETH_MPLS || type == ACL_ETH_MPLS_MULTICAST)
		put_labels(s, &w);
	else
		put_ipv4(s, &w);
	for (unsigned i = 0; i < s->padding; i++)
		wbuf_put_u8(&w, 0xee);
	CHECK(wbuf_ok(&w));
	return w.len;
}

void shot_port(struct acl_port *p, enum acl_role role)
{
	static const uint32_t told[] = {16, 100, 200};
	const struct acl_service services[] = {
		{.src_be = shot_be32(CE),
			.src_mask_be = UINT32_MAX,
			.proto = ACL_IP_TCP,
			.min_ttl = 255,
			.port = 179},
		{.src_be = shot_be32(CE & 0xffffff00),
			.src_mask_be = shot_be32(0xffffff00),
			.proto = 89,
			.min_ttl = 1},
		{.src_be = shot_be32(CE),
			.src_mask_be = UINT32_MAX,
			.proto = ACL_IP_UDP,
			.min_ttl = 1,
			.port = 520},
	};
	struct acl_consts *c = &p->consts;

	acl_port_init(p);
	*c = (struct acl_consts){.role = (uint8_t)role,
		.source = ACL_SOURCE_STRICT,
		.n_services = ARRAY_LEN(services)};
	memcpy(c->mac, shot_mac(SHOT_OURS), 6);
	memcpy(c->services, services, sizeof(services));
	c->vids[0] = 1; /* VID 0 never counts */
	c->vids[100 / 64] |= UINT64_C(1) << 100 % 64;
	acl_lpm_add(&p->sources, PE, 24, ACL_SRC_ROUTED | ACL_SRC_LINK);
	acl_lpm_add(&p->sources, PE, 32, ACL_SRC_OWN | ACL_SRC_LINK | ACL_SRC_ROUTED);
	acl_lpm_add(&p->sources, HERE, 16, ACL_SRC_ROUTED);
	acl_lpm_add(&p->destinations, PE, 32, ACL_DST_OWN);
	acl_lpm_add(&p->destinations, BROADCAST, 32, ACL_DST_OWN);
	acl_lpm_add(&p->destinations, INFRA, 16, ACL_DST_INFRA);
	acl_lpm_add(&p->destinations, REUSED, 24, ACL_DST_FORWARD);
	p->labels = told;
	p->n_labels = ARRAY_LEN(told);
}

static struct acl_verdict judge(const struct acl_port *p, const uint8_t *frame, size_t len)
{
	struct acl_state state = {.open = 1};

	for (unsigned i = 0; i < ACL_BUCKETS; i++)
		state.tat_ns[i] = UINT64_C(1) << 62;
	return acl_match(p, &state, 1, frame, len);
}

struct acl_verdict shot_judge(const struct acl_port *p, const uint8_t *frame, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	CHECK(copy);
	memcpy(copy, frame, len);
	struct acl_verdict v = judge(p, copy, len), behind = judge(p, frame, len);
	free(copy);
	CHECK(v.reason == behind.reason && v.rule == behind.rule);
	return v;
}

enum acl_reason shot_reason(const struct acl_port *p, const struct shot *s)
{
	uint8_t frame[SHOT_MAX];

	return shot_judge(p, frame, shot_make(s, frame)).reason;
}

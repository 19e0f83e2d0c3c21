/* Frames of an attacker: layers are put down in order, and what depends on what is inside is filled in at the end, innermost first. */
#include "lab/attacks/frame.h"

#include <string.h>

#include "lib/check.h"
#include "lib/prefix.h"

#define ETH_MIN	 60 /* without the checksum behind it */
#define IP_LEN	 20
#define IP6_LEN	 40
#define UDP_LEN	 8
#define TCP_LEN	 20
#define ICMP_LEN 8
#define ETH_IPV4 0x0800
#define ETH_ARP	 0x0806
#define ETH_IPV6 0x86dd
#define ETH_MPLS 0x8847

enum frame_kind {
	FRAME_IP,
	FRAME_IP6,
	FRAME_UDP,
	FRAME_TCP,
	FRAME_ICMP,
	FRAME_KINDS,
};

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint8_t *frame_room(struct frame *f, size_t n)
{
	uint8_t *p = f->octets + f->len;

	CHECK(n <= FRAME_MAX - f->len);
	memset(p, 0, n);
	f->len += n;
	return p;
}

static struct frame_layer *frame_layer(struct frame *f, enum frame_kind kind)
{
	struct frame_layer *l = &f->layer[f->n_layers];

	CHECK(f->n_layers < FRAME_LAYERS_MAX);
	f->n_layers++;
	*l = (struct frame_layer){.kind = kind, .at = f->len};
	return l;
}

void frame_begin(struct frame *f, const uint8_t to[6], const uint8_t from[6])
{
	f->len = 0;
	f->n_layers = 0;
	memcpy(frame_room(f, 6), to, 6);
	memcpy(frame_room(f, 6), from, 6);
	frame_room(f, 2);
	f->typed = false;
}

void frame_type(struct frame *f, uint16_t ethertype)
{
	if (!f->typed)
		put16(f->octets + f->len - 2, ethertype);
	f->typed = true;
}

void frame_tag(struct frame *f, uint16_t tpid, uint16_t vid)
{
	CHECK(!f->typed);
	put16(f->octets + f->len - 2, tpid);
	put16(frame_room(f, 4), vid);
}

void frame_label(struct frame *f, uint32_t label, uint8_t tc, bool bottom, uint8_t ttl)
{
	frame_type(f, ETH_MPLS);
	put32(frame_room(f, 4),
		label << 12 | (uint32_t)(tc & 7) << 9 | (uint32_t)bottom << 8 | ttl);
}

static void frame_address(uint8_t *at, const char *text, enum ip_af af)
{
	struct ip_addr a;

	CHECK(ip_addr_parse(text, &a) && a.af == af);
	memcpy(at, a.o, af == IP_V4 ? 4 : 16);
}

void frame_ip(struct frame *f, const struct frame_ip *ip)
{
	uint8_t version = ip->version ? ip->version : 4;
	uint8_t ihl = ip->ihl ? ip->ihl : (IP_LEN + ip->n_options) / 4;
	struct frame_layer *l;
	uint8_t *p;

	CHECK(ip->n_options <= sizeof ip->options && ip->n_options % 4 == 0);
	frame_type(f, ETH_IPV4);
	l = frame_layer(f, FRAME_IP);
	l->head = IP_LEN + ip->n_options;
	l->told = ip->total != 0;
	l->bad_sum = ip->bad_sum;
	p = frame_room(f, l->head);
	p[0] = version << 4 | (ihl & 15);
	p[1] = ip->tos;
	put16(p + 2, ip->total);
	put16(p + 4, ip->id);
	put16(p + 6, ip->fragment);
	p[8] = ip->ttl_zero ? 0 : ip->ttl ? ip->ttl : 64;
	p[9] = ip->protocol;
	frame_address(p + 12, ip->src, IP_V4);
	frame_address(p + 16, ip->dst, IP_V4);
	memcpy(p + IP_LEN, ip->options, ip->n_options);
}

void frame_ip6(struct frame *f, const char *src, const char *dst, uint8_t next, uint8_t hops)
{
	uint8_t *p;

	frame_type(f, ETH_IPV6);
	frame_layer(f, FRAME_IP6);
	p = frame_room(f, IP6_LEN);
	p[0] = 6 << 4;
	p[6] = next;
	p[7] = hops;
	frame_address(p + 8, src, IP_V6);
	frame_address(p + 24, dst, IP_V6);
}

void frame_udp(struct frame *f, uint16_t src, uint16_t dst)
{
	uint8_t *p;

	frame_layer(f, FRAME_UDP);
	p = frame_room(f, UDP_LEN);
	put16(p, src);
	put16(p + 2, dst);
}

void frame_udp_unsummed(struct frame *f)
{
	CHECK(f->n_layers && f->layer[f->n_layers - 1].kind == FRAME_UDP);
	f->layer[f->n_layers - 1].told = true;
}

void frame_tcp(struct frame *f, uint16_t src, uint16_t dst, uint32_t seq, uint32_t ack,
	uint8_t flags, const uint8_t *options, size_t n_options)
{
	size_t len = TCP_LEN + (n_options + 3) / 4 * 4;
	uint8_t *p;

	CHECK(len <= 60);
	frame_layer(f, FRAME_TCP);
	p = frame_room(f, len);
	put16(p, src);
	put16(p + 2, dst);
	put32(p + 4, seq);
	put32(p + 8, ack);
	p[12] = len / 4 << 4;
	p[13] = flags;
	put16(p + 14, 8192);
	if (n_options)
		memcpy(p + TCP_LEN, options, n_options);
}

void frame_icmp(struct frame *f, uint8_t type, uint8_t code, uint32_t rest)
{
	uint8_t *p;

	frame_layer(f, FRAME_ICMP);
	p = frame_room(f, ICMP_LEN);
	p[0] = type;
	p[1] = code;
	put32(p + 4, rest);
}

void frame_gre(struct frame *f, uint16_t protocol)
{
	put16(frame_room(f, 4) + 2, protocol);
}

void frame_arp(struct frame *f, uint16_t op, const uint8_t sha[6], const char *spa,
	const uint8_t tha[6], const char *tpa)
{
	static const uint8_t ipv4_over_ethernet[] = {0, 1, 8, 0, 6, 4};
	uint8_t *p;

	frame_type(f, ETH_ARP);
	p = frame_room(f, 28);
	memcpy(p, ipv4_over_ethernet, sizeof ipv4_over_ethernet);
	put16(p + 6, op);
	memcpy(p + 8, sha, 6);
	frame_address(p + 14, spa, IP_V4);
	memcpy(p + 18, tha, 6);
	frame_address(p + 24, tpa, IP_V4);
}

void frame_octets(struct frame *f, const void *octets, size_t n)
{
	uint8_t *p = frame_room(f, n);

	f->typed = true; /* by hand too */
	if (n)
		memcpy(p, octets, n);
}

void frame_nonce(struct frame *f, const uint8_t nonce[16], uint16_t seq)
{
	frame_octets(f, nonce, 16);
	put16(frame_room(f, 2), seq);
}

/* RFC 1071 4.1: an odd octet counts as the first of two. */
static uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	for (; n > 1; p += 2, n -= 2)
		sum += get16(p);
	return n ? sum + (uint32_t)(p[0] << 8) : sum;
}

static uint16_t sum_end(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Addresses, protocol and length before what is at l (RFC 9293 3.1, RFC 8200 8.1); *v6: it is inside IPv6. */
static uint32_t sum_pseudo(const struct frame *f, unsigned l, bool *v6)
{
	size_t n = f->len - f->layer[l].at;
	const uint8_t *ip;

	*v6 = false;
	while (l-- > 0) {
		ip = f->octets + f->layer[l].at;
		*v6 = f->layer[l].kind == FRAME_IP6;
		if (*v6)
			return sum_add((uint32_t)(ip[6] + n), ip + 8, 32);
		if (f->layer[l].kind == FRAME_IP)
			return sum_add((uint32_t)(ip[9] + n), ip + 12, 8);
	}
	return 0;
}

static void ip_end(struct frame *f, unsigned l)
{
	uint8_t *p = f->octets + f->layer[l].at;
	uint16_t sum;

	if (!f->layer[l].told)
		put16(p + 2, f->len - f->layer[l].at);
	sum = sum_end(sum_add(0, p, f->layer[l].head));
	put16(p + 10, f->layer[l].bad_sum ? sum ^ 0x5555 : sum);
}

static void ip6_end(struct frame *f, unsigned l)
{
	put16(f->octets + f->layer[l].at + 4, f->len - f->layer[l].at - IP6_LEN);
}

/* RFC 768: a sum of zero is sent as all ones, for zero says that there is none. */
static void udp_end(struct frame *f, unsigned l)
{
	uint8_t *p = f->octets + f->layer[l].at;
	size_t n = f->len - f->layer[l].at;
	uint16_t sum;
	bool v6;

	put16(p + 4, n);
	if (f->layer[l].told)
		return;
	sum = sum_end(sum_add(sum_pseudo(f, l, &v6), p, n));
	put16(p + 6, sum ? sum : 0xffff);
}

static void tcp_end(struct frame *f, unsigned l)
{
	uint8_t *p = f->octets + f->layer[l].at;
	bool v6;

	put16(p + 16, sum_end(sum_add(sum_pseudo(f, l, &v6), p, f->len - f->layer[l].at)));
}

/* ICMP has no pseudo header, ICMPv6 has one (RFC 4443 2.3). */
static void icmp_end(struct frame *f, unsigned l)
{
	uint8_t *p = f->octets + f->layer[l].at;
	bool v6;
	uint32_t pseudo = sum_pseudo(f, l, &v6);

	put16(p + 2, sum_end(sum_add(v6 ? pseudo : 0, p, f->len - f->layer[l].at)));
}

void frame_end(struct frame *f)
{
	static void (*const end[FRAME_KINDS])(struct frame *, unsigned) = {
		[FRAME_IP] = ip_end,
		[FRAME_IP6] = ip6_end,
		[FRAME_UDP] = udp_end,
		[FRAME_TCP] = tcp_end,
		[FRAME_ICMP] = icmp_end,
	};

	for (unsigned l = f->n_layers; l-- > 0;)
		end[f->layer[l].kind](f, l);
	if (f->len < ETH_MIN)
		frame_room(f, ETH_MIN - f->len);
}

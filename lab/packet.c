/* Frames as octets, purely: what the lab sends and what it sees on a wire. */
#include "lab/packet.h"

#include <string.h>

#include "lib/text.h"

#define ETH_LEN		 14
#define ETH_IPV4	 0x0800
#define ETH_MPLS	 0x8847
#define ETH_VLAN	 0x8100
#define IPV4_LEN	 20
#define ICMP_LEN	 8
#define ICMP_PROTO	 1
#define TCP_LEN		 20
#define TCP_PROTO	 6
#define TCP_SYN		 2
#define BGP_PORT	 179
#define SYN_TTL		 255 /* one hop away (RFC 5082 3) */
#define SYN_FROM	 40000
#define ECHO_REPLY	 0
#define UNREACHABLE_TYPE 3
#define ECHO_ASK	 8
#define SPOOF_TTL	 64

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* RFC 1071 4.1, over an even number of octets. */
static uint16_t packet_checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

bool lab_packet_parse_ip(const uint8_t *ip, size_t len, struct lab_packet *out)
{
	size_t head = len >= IPV4_LEN ? (size_t)(ip[0] & 15) * 4 : 0;

	if (head < IPV4_LEN || ip[0] >> 4 != 4 || head > len)
		return false;
	out->ttl = ip[8];
	out->protocol = ip[9];
	out->src = ip_addr_v4(get32(ip + 12));
	out->dst = ip_addr_v4(get32(ip + 16));
	if (out->protocol == TCP_PROTO && len - head >= TCP_LEN) {
		out->tcp_ack = get32(ip + head + 8);
		out->tcp_flags = ip[head + 13];
	}
	if (out->protocol != ICMP_PROTO || len - head < ICMP_LEN)
		return true;
	out->icmp_type = ip[head];
	out->icmp_seq = get16(ip + head + 6);
	if ((out->icmp_type == ECHO_ASK || out->icmp_type == ECHO_REPLY) &&
		len - head >= ICMP_LEN + LAB_NONCE_LEN)
		out->nonce = ip + head + ICMP_LEN;
	return true;
}

bool lab_packet_parse(const uint8_t *frame, size_t len, struct lab_packet *out)
{
	size_t at = ETH_LEN;
	bool bottom = false;

	*out = (struct lab_packet){0};
	if (len < ETH_LEN)
		return false;
	if (get16(frame + 12) == ETH_IPV4)
		return lab_packet_parse_ip(frame + at, len - at, out);
	if (get16(frame + 12) != ETH_MPLS)
		return false;
	for (; !bottom; at += 4) {
		uint32_t entry;

		if (len - at < 4 || out->n_labels == LAB_LABELS_SEEN)
			return false;
		entry = get32(frame + at);
		bottom = entry >> 8 & 1;
		out->label_ttl[out->n_labels] = entry;
		out->label[out->n_labels++] = entry >> 12;
	}
	return lab_packet_parse_ip(frame + at, len - at, out);
}

size_t lab_packet_echo(uint8_t *out, uint16_t id, uint16_t seq, const uint8_t nonce[LAB_NONCE_LEN])
{
	memset(out, 0, ICMP_LEN);
	out[0] = ECHO_ASK;
	put16(out + 4, id);
	put16(out + 6, seq);
	memcpy(out + ICMP_LEN, nonce, LAB_NONCE_LEN);
	put16(out + 2, packet_checksum(out, ICMP_LEN + LAB_NONCE_LEN));
	return ICMP_LEN + LAB_NONCE_LEN;
}

uint32_t lab_packet_syn_seq(const uint8_t nonce[LAB_NONCE_LEN], uint16_t seq)
{
	return get32(nonce) + seq;
}

/* RFC 9293 3.1: the pseudo header is summed with it. */
static size_t packet_syn(uint8_t *tcp, const struct lab_spoof *s)
{
	uint8_t whole[12 + TCP_LEN] = {0};

	memset(tcp, 0, TCP_LEN);
	put16(tcp, SYN_FROM + s->seq);
	put16(tcp + 2, BGP_PORT);
	put32(tcp + 4, lab_packet_syn_seq(s->nonce, s->seq));
	tcp[12] = TCP_LEN / 4 << 4;
	tcp[13] = TCP_SYN;
	put16(tcp + 14, 8192);
	put32(whole, ip_addr_get_v4(&s->src));
	put32(whole + 4, ip_addr_get_v4(&s->dst));
	whole[9] = TCP_PROTO;
	put16(whole + 10, TCP_LEN);
	memcpy(whole + 12, tcp, TCP_LEN);
	put16(tcp + 16, packet_checksum(whole, sizeof whole));
	return TCP_LEN;
}

static size_t packet_ipv4(uint8_t *ip, const struct lab_spoof *s)
{
	size_t len = IPV4_LEN + (s->syn ? packet_syn(ip + IPV4_LEN, s)
					: lab_packet_echo(ip + IPV4_LEN, 1, s->seq, s->nonce));

	memset(ip, 0, IPV4_LEN);
	ip[0] = 0x45;
	put16(ip + 2, len);
	ip[8] = s->syn ? SYN_TTL : SPOOF_TTL;
	ip[9] = s->syn ? TCP_PROTO : ICMP_PROTO;
	put32(ip + 12, ip_addr_get_v4(&s->src));
	put32(ip + 16, ip_addr_get_v4(&s->dst));
	put16(ip + 10, packet_checksum(ip, IPV4_LEN));
	return len;
}

size_t lab_packet_spoof(uint8_t *out, const struct lab_spoof *s)
{
	size_t at = ETH_LEN - 2;

	memcpy(out, s->to, 6);
	memcpy(out + 6, s->from, 6);
	for (unsigned i = 0; i < s->tags && i < LAB_TAGS_MAX; i++, at += 4) {
		put16(out + at, ETH_VLAN);
		put16(out + at + 2, 0);
	}
	put16(out + at, s->labelled ? ETH_MPLS : ETH_IPV4);
	at += 2;
	if (s->labelled) {
		put32(out + at, s->label << 12 | 1 << 8 | SPOOF_TTL);
		at += 4;
	}
	return at + packet_ipv4(out + at, s);
}

void lab_packet_print(const struct lab_packet *p, char *out, size_t cap)
{
	struct text x = text_of(out, cap);
	char a[IP_ADDR_STRLEN], b[IP_ADDR_STRLEN];

	for (unsigned i = 0; i < p->n_labels; i++)
		text_add(&x, "%s%u (ttl %u)", i ? " / " : "label ", p->label[i], p->label_ttl[i]);
	text_add(&x, "%s%s > %s", p->n_labels ? " | " : "", ip_addr_print(&p->src, a),
		ip_addr_print(&p->dst, b));
	if (p->protocol == ICMP_PROTO && (p->icmp_type == ECHO_ASK || p->icmp_type == ECHO_REPLY))
		text_add(&x, " echo %s %u", p->icmp_type ? "request" : "reply", p->icmp_seq);
	else if (p->protocol == ICMP_PROTO && p->icmp_type == UNREACHABLE_TYPE)
		text_add(&x, " unreachable");
}

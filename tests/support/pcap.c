#include "tests/support/pcap.h"

#include <string.h>

#include "lib/check.h"
#include "lib/wbuf.h"

#define BGP_PORT	179
#define LINKTYPE_RAW	101
#define IP_HEADER_LEN	20
#define TCP_HEADER_LEN	20
#define PCAP_OCTETS_MAX 8192
#define PCAP_FIRST_PORT 30000

enum { TCP_SYN = 0x02, TCP_PSH = 0x08, TCP_ACK = 0x10 };

static const uint8_t pcap_addr[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};

static uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

static void sum_put(uint8_t *at, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	at[0] = (uint8_t)(~sum >> 8);
	at[1] = (uint8_t)~sum;
}

/* The file's numbers are in the host's order; its magic tells which. */
static void pcap_put_host(FILE *out, const uint32_t *words, size_t n)
{
	CHECK(fwrite(words, sizeof(*words), n, out) == n);
}

void pcap_begin(struct pcap *p, FILE *out)
{
	uint16_t version[2] = {2, 4};
	uint32_t head[6] = {0xa1b2c3d4, 0, 0, 0, 65535, LINKTYPE_RAW};

	memcpy(&head[1], version, sizeof(version));
	*p = (struct pcap){.out = out, .port = PCAP_FIRST_PORT};
	pcap_put_host(out, head, 6);
}

static void ip_put(struct wbuf *w, unsigned side, size_t payload)
{
	uint8_t *head = w->base + w->len;

	wbuf_put_u16(w, 0x4500);
	wbuf_put_u16(w, (uint16_t)(IP_HEADER_LEN + payload));
	wbuf_put_u32(w, 0x00004000); /* do not fragment */
	wbuf_put_u16(w, 0x4006);     /* 64 hops, TCP */
	wbuf_put_u16(w, 0);
	wbuf_put(w, pcap_addr[side], 4);
	wbuf_put(w, pcap_addr[1 - side], 4);
	sum_put(head + 10, sum_add(0, head, IP_HEADER_LEN));
}

static void tcp_put(struct wbuf *w, const struct pcap *p, unsigned side, uint8_t flags,
	const uint8_t *octets, size_t len)
{
	uint8_t *head = w->base + w->len;

	wbuf_put_u16(w, side ? BGP_PORT : p->port);
	wbuf_put_u16(w, side ? p->port : BGP_PORT);
	wbuf_put_u32(w, p->seq[side]);
	wbuf_put_u32(w, flags & TCP_ACK ? p->seq[1 - side] : 0);
	wbuf_put_u8(w, TCP_HEADER_LEN / 4 << 4);
	wbuf_put_u8(w, flags);
	wbuf_put_u16(w, 65535);
	wbuf_put_u32(w, 0);
	wbuf_put(w, octets, len);
	uint32_t sum = sum_add(0, pcap_addr[0], 4) + sum_add(0, pcap_addr[1], 4) + 6;
	sum += (uint32_t)(TCP_HEADER_LEN + len);
	sum_put(head + 16, sum_add(sum, head, TCP_HEADER_LEN + len));
}

static void pcap_put(
	struct pcap *p, unsigned side, uint8_t flags, const uint8_t *octets, size_t len)
{
	uint8_t packet[PCAP_OCTETS_MAX];
	struct wbuf w = wbuf_of(packet, sizeof(packet));

	CHECK(len <= PCAP_OCTETS_MAX - IP_HEADER_LEN - TCP_HEADER_LEN);
	ip_put(&w, side, TCP_HEADER_LEN + len);
	tcp_put(&w, p, side, flags, octets, len);
	uint32_t head[4] = {
		p->clock_us / 1000000, p->clock_us % 1000000, (uint32_t)w.len, (uint32_t)w.len};
	pcap_put_host(p->out, head, 4);
	CHECK(fwrite(packet, 1, w.len, p->out) == w.len);
	p->clock_us += 1000;
	p->seq[side] += (uint32_t)len + (flags & TCP_SYN ? 1 : 0);
}

void pcap_connect(struct pcap *p)
{
	p->port++;
	p->seq[0] = 1000;
	p->seq[1] = 2000;
	pcap_put(p, 0, TCP_SYN, NULL, 0);
	pcap_put(p, 1, TCP_SYN | TCP_ACK, NULL, 0);
	pcap_put(p, 0, TCP_ACK, NULL, 0);
}

void pcap_send(struct pcap *p, unsigned side, const uint8_t *octets, size_t len)
{
	pcap_put(p, side, TCP_PSH | TCP_ACK, octets, len);
	p->messages++;
}

/*
 * Frames that are broken, by a seeded generator: cut short, lengths that lie, transport headers that are not all there. All of them are
 * what the guard calls malformed; some of them a kernel forwards.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"
#include "lib/check.h"

#include <stdio.h>

#define FRAMES	  300
#define ARRIVE_MS 500
#define ETH_LEN	  14
#define IP_LEN	  20
#define ARP_LEN	  28

struct l2_06 {
	uint32_t seed;
	uint16_t seq;
	const uint8_t *nonce;
	uint8_t to[6], from[6];
	struct frame f;
};

static unsigned l2_06_below(struct l2_06 *g, unsigned n)
{
	g->seed = g->seed * 1664525 + 1013904223;
	return (g->seed >> 16) % n;
}

static void l2_06_ip(struct l2_06 *g, struct frame_ip ip)
{
	ip.src = "192.168.1.2";
	ip.dst = "192.168.4.2";
	ip.protocol = ip.protocol ? ip.protocol : 17;
	frame_begin(&g->f, g->to, g->from);
	frame_ip(&g->f, &ip);
}

/* The rest of a whole packet behind a header that lies. */
static void l2_06_rest(struct l2_06 *g)
{
	frame_udp(&g->f, 4000, 7);
	frame_nonce(&g->f, g->nonce, g->seq);
	frame_end(&g->f);
}

static void l2_06_version(struct l2_06 *g)
{
	static const uint8_t versions[] = {1, 2, 3, 5, 6, 7, 8, 15};

	l2_06_ip(g, (struct frame_ip){.version = versions[l2_06_below(g, ARRAY_LEN(versions))]});
	l2_06_rest(g);
}

static void l2_06_ihl(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.ihl = 1 + l2_06_below(g, 4)});
	l2_06_rest(g);
}

/* A header that is longer than what there is. */
static void l2_06_header(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.ihl = 15});
	l2_06_rest(g);
	g->f.len = ETH_LEN + IP_LEN + l2_06_below(g, 39);
}

static void l2_06_total_small(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.total = 1 + l2_06_below(g, IP_LEN - 1)});
	l2_06_rest(g);
}

static void l2_06_total_large(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.total = 100 + l2_06_below(g, 65000)});
	l2_06_rest(g);
}

static void l2_06_cut(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){0});
	l2_06_rest(g);
	g->f.len = ETH_LEN + l2_06_below(g, IP_LEN);
}

/* Less than a UDP or ICMP header of 8 octets, or a TCP header of 20: with room for the nonce in the latter. */
static void l2_06_transport(struct l2_06 *g)
{
	static const uint8_t protocol[] = {1, 6, 17};
	uint8_t p = protocol[l2_06_below(g, ARRAY_LEN(protocol))];

	l2_06_ip(g, (struct frame_ip){.protocol = p, .total = IP_LEN + l2_06_below(g, 8)});
	frame_octets(&g->f, "1234567", 7);
	frame_end(&g->f);
}

static void l2_06_tcp(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.protocol = 6});
	frame_nonce(&g->f, g->nonce, g->seq);
	g->f.len += l2_06_below(g, 2); /* 18 or 19 octets, of 20 */
	frame_end(&g->f);
}

/* Over the flags of the first one (RFC 1858 4). */
static void l2_06_overlap(struct l2_06 *g)
{
	l2_06_ip(g, (struct frame_ip){.protocol = 6, .fragment = 1, .id = g->seq});
	frame_nonce(&g->f, g->nonce, g->seq);
	frame_end(&g->f);
}

static void l2_06_arp(struct l2_06 *g)
{
	frame_begin(&g->f, g->to, g->from);
	frame_arp(&g->f, 3 + l2_06_below(g, 60000), g->from, "192.168.1.2", g->to, "192.168.1.1");
	if (l2_06_below(g, 2))
		g->f.len = ETH_LEN + l2_06_below(g, ARP_LEN);
	else
		frame_end(&g->f);
}

static void l2_06_make(struct l2_06 *g)
{
	static void (*const kinds[])(struct l2_06 *) = {l2_06_version, l2_06_ihl, l2_06_header,
		l2_06_total_small, l2_06_total_large, l2_06_cut, l2_06_transport, l2_06_tcp,
		l2_06_overlap, l2_06_arp};

	kinds[l2_06_below(g, ARRAY_LEN(kinds))](g);
}

static void l2_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct l2_06 g = {.seed = 4381, .nonce = st->nonce};

	attack_mac(st, "pe1:eth2", g.to);
	attack_mac(st, "ce-a1:eth1", g.from);
	out->partial = true;
	while (out->sent < FRAMES && !out->error) {
		g.seq = out->sent + 1;
		l2_06_make(&g);
		out->error = attack_send(st, "ce-a1:eth1", g.f.octets, g.f.len);
		out->sent += !out->error;
	}
	out->hit = attack_arrived(st, "ce-x:eth1", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u were forwarded to ce-x", out->hit,
		out->sent);
}

/* Nothing of it has hurt the PE: it forwards, and its API answers. */
static bool l2_06_legit(struct attack_stage *st, char *what, size_t cap)
{
	json_t *answer = attack_api(st, "/v1/guard");
	bool alive = answer || st->pe != ATTACK_PE_RAVELIN, passed = false;

	json_decref(answer);
	snprintf(what, cap, "pe1 answers, and 172.16.1.1 > 172.16.2.1 from ce-a1 passes");
	for (unsigned i = 0; i < 8 && !passed; i++)
		passed = attack_ping(st, "ce-a1", "172.16.1.1", "172.16.2.1", 500);
	return alive && passed;
}

const struct attack *attack_l2_06(void)
{
	static const struct attack row = {
		.id = "L2-06",
		.title = "three hundred broken frames of a seeded generator",
		.clause = "RFC 1812 5.2.2, RFC 1858 4, RFC 4381 2.3",
		.attacker = "ce-a1:eth1",
		.target = "ce-x:eth1",
		.passes = "none is forwarded, and the PE lives",
		.counter = {{ATTACK_GUARD, "eth2", "malformed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = l2_06_launch,
		.legit = l2_06_legit,
	};

	return &row;
}

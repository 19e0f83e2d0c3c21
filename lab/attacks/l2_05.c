/* What stations and switches say to each other, and frames of types that nobody knows: none of it is a customer's to send to a PE. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"
#include "lib/check.h"

#include <stdio.h>

#define STRANGE	  16 /* types by chance */
#define ARRIVE_MS 1000

static void l2_05_send(
	struct attack_stage *st, struct attack_impact *out, const uint8_t to[6], uint16_t type)
{
	static const uint8_t llc[] = {0x42, 0x42, 3, 0, 0, 0}; /* as of a bridge */
	uint8_t from[6];
	struct frame f;

	attack_mac(st, "ce-a1:eth1", from);
	frame_begin(&f, to, from);
	frame_type(&f, type);
	frame_octets(&f, llc, sizeof llc);
	frame_nonce(&f, st->nonce, out->sent + 1);
	frame_octets(&f, llc, sizeof llc);
	frame_end(&f);
	out->error = out->error ? out->error : attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

/* 0x1000 to 0x7fff, but for IPv4, ARP and what is near them: no tag, no label, no IPv6. */
static uint16_t l2_05_strange(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return 0x1000 + (*seed >> 16) % 0x7000;
}

static void l2_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct {
		uint8_t to[6];
		uint16_t type;
	} known[] = {
		{{0x01, 0x80, 0xc2, 0, 0, 0}, 38},	     /* IEEE 802.3 length: spanning tree */
		{{0x01, 0x80, 0xc2, 0, 0, 0x0e}, 0x88cc},    /* LLDP */
		{{0x01, 0x80, 0xc2, 0, 0, 1}, 0x8808},	     /* pause */
		{{0x01, 0x80, 0xc2, 0, 0, 3}, 0x888e},	     /* IEEE 802.1X */
		{{0x01, 0x80, 0xc2, 0, 0, 2}, 0x8809},	     /* link aggregation */
		{{0x01, 0, 0x0c, 0xcc, 0xcc, 0xcc}, 0x2000}, /* CDP */
	};
	static const uint16_t to_us[] = {0x88e5, 0x8863, 0x8864, 0x8035, 0x9000, 0x86dd};
	uint32_t seed = 4381;
	uint8_t pe[6];

	attack_mac(st, "pe1:eth2", pe);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		l2_05_send(st, out, known[i].to, known[i].type);
	for (size_t i = 0; i < ARRAY_LEN(to_us); i++)
		l2_05_send(st, out, pe, to_us[i]);
	for (unsigned i = 0; i < STRANGE; i++)
		l2_05_send(st, out, pe, l2_05_strange(&seed));
	out->hit = attack_arrived(st, "pe1:eth2", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u came to the PE's kernel", out->hit,
		out->sent);
}

const struct attack *attack_l2_05(void)
{
	static const struct attack row = {
		.id = "L2-05",
		.title = "spanning tree, LLDP, pause, 802.1X, MACsec, IPv6 and types that nobody "
			 "knows",
		.clause = "RFC 4381 6",
		.attacker = "ce-a1:eth1",
		.target = "pe1:eth2",
		.passes = "none comes to the PE's kernel",
		.counter = {{ATTACK_GUARD, "eth2", "ethertype_not_allowed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = l2_05_launch,
	};

	return &row;
}

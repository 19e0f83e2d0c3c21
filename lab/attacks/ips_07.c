/* Fragments that hide what a filter looks at: whole only behind it, or cut so that ports and flags come later. */
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/router.h"

#define ECHOS	5
#define MESSAGE 40 /* octets of ICMP */
#define CUT	16 /* in the first fragment */
#define MORE	0x2000
#define AT	34 /* Ethernet and IPv4 */

static void ips_07_piece(struct attack_stage *st, struct attack_impact *out, struct frame_ip *ip,
	const uint8_t *octets, size_t len)
{
	struct frame f;

	router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
	frame_ip(&f, ip);
	frame_octets(&f, octets, len);
	frame_end(&f);
	if (!out->error)
		out->error = attack_send(st, "ce-a1:eth1", f.octets, f.len);
}

/* An echo request to the PE in two pieces. */
static void ips_07_echo(struct attack_stage *st, struct attack_impact *out, uint16_t seq)
{
	struct frame_ip ip = {
		.src = "192.168.1.2", .dst = "192.168.1.1", .protocol = 1, .id = 700 + seq};
	uint8_t rest[MESSAGE - 8 - 18] = {0};
	struct frame whole;

	router_frame(st, &whole, "ce-a1:eth1", "pe1:eth2");
	frame_ip(&whole, &ip);
	frame_icmp(&whole, 8, 0, seq);
	frame_nonce(&whole, st->nonce, seq);
	frame_octets(&whole, rest, sizeof rest);
	frame_end(&whole);
	ip.fragment = MORE;
	ips_07_piece(st, out, &ip, whole.octets + AT, CUT);
	ip.fragment = CUT / 8;
	ips_07_piece(st, out, &ip, whole.octets + AT + CUT, MESSAGE - CUT);
}

/* A SYN to another site: 16 octets of it first, the rest, and then 8 octets over the flags (RFC 1858 3, 4). */
static void ips_07_tiny(struct attack_stage *st, struct attack_impact *out, uint16_t seq)
{
	struct frame_ip ip = {
		.src = "172.16.1.1", .dst = "172.16.2.1", .protocol = 6, .id = 800 + seq};
	uint8_t tcp[28] = {0x10, 0x00, 0, 179, [12] = 0x50, [13] = 2};

	ip.fragment = MORE;
	ips_07_piece(st, out, &ip, tcp, 16);
	ip.fragment = MORE | 1;
	ips_07_piece(st, out, &ip, tcp + 8, 8);
}

static void ips_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	for (uint16_t i = 1; i <= ECHOS && !out->error; i++) {
		ips_07_echo(st, out, i);
		ips_07_tiny(st, out, i);
		out->sent++;
	}
	out->counted = 2 * out->sent;
	out->hit = attack_arrived(st, "ce-a1:eth1", ECHOS, 200);
}

const struct attack *attack_ips_07(void)
{
	static const struct attack row = {
		.id = "IPS-07",
		.title = "fragments to the router, and fragments that hide ports and flags",
		.clause = "RFC 1858 3, RFC 1858 4, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "the router takes no fragment; no first fragment is shorter than its "
			  "header",
		.counter = {{ATTACK_GUARD, "eth2", "frag_to_ctrl", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "malformed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = ips_07_launch,
	};

	return &row;
}

/* IPv6's turn: router advertisements with routes in them, and DHCPv6 answers, where IPv6 was not asked for. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <netinet/in.h>

#define RA	  134
#define EACH	  3
#define NONCE_OPT 200 /* an option that nobody knows, for the nonce */

static void dhc_09_begin(struct attack_stage *st, struct frame *f, uint8_t next)
{
	static const uint8_t all[] = {0x33, 0x33, 0, 0, 0, 1};
	uint8_t from[6];

	attack_mac(st, "ce-a1:eth1", from);
	frame_begin(f, all, from);
	frame_ip6(f, "fe80::66", "ff02::1", next, 255);
}

/* RFC 4861 4.2, with a route information option (RFC 4191 2.3). */
static void dhc_09_advertise(struct attack_stage *st, struct attack_impact *out, uint16_t seq)
{
	static const uint8_t rest[] = {0, 0, 0, 0, 0, 0, 0, 0};
	static const uint8_t route[] = {24, 1, 0, 8, 255, 255, 255, 255};
	static const uint8_t nonce[] = {NONCE_OPT, 3, 0, 0}, pad[2] = {0};
	struct frame f;

	dhc_09_begin(st, &f, IPPROTO_ICMPV6);
	frame_icmp(&f, RA, 0, 64u << 24 | 1800);
	frame_octets(&f, rest, sizeof rest);
	frame_octets(&f, route, sizeof route);
	frame_octets(&f, nonce, sizeof nonce);
	frame_nonce(&f, st->nonce, seq);
	frame_octets(&f, pad, sizeof pad);
	router_send(st, &f, "ce-a1:eth1", out);
}

/* RFC 8415 8: ADVERTISE, REPLY, RECONFIGURE. */
static void dhc_09_answer(
	struct attack_stage *st, struct attack_impact *out, uint8_t type, uint16_t seq)
{
	const uint8_t head[] = {type, 1, 2, 3, 0, NONCE_OPT, 0, LAB_NONCE_LEN + 2};
	struct frame f;

	dhc_09_begin(st, &f, IPPROTO_UDP);
	frame_udp(&f, 547, 546);
	frame_octets(&f, head, sizeof head);
	frame_nonce(&f, st->nonce, seq);
	router_send(st, &f, "ce-a1:eth1", out);
}

static void dhc_09_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t answers[EACH] = {2, 7, 10};
	const struct ear_conf client = {
		.family = AF_INET6, .type = SOCK_DGRAM, .port = 546, .dev = "eth2"};
	const struct ear_conf host = {
		.family = AF_INET6, .type = SOCK_RAW, .protocol = IPPROTO_ICMPV6, .dev = "eth2"};
	struct ear ear = {0};

	out->error = ear_open(&ear, st, "pe1", &client);
	if (!out->error)
		out->error = ear_open(&ear, st, "pe1", &host);
	for (uint16_t i = 0; i < EACH && !out->error; i++) {
		dhc_09_advertise(st, out, (uint16_t)(2 * i + 1));
		dhc_09_answer(st, out, answers[i], (uint16_t)(2 * i + 2));
	}
	out->counted = EACH;
	out->hit = ear_heard(&ear, st, 2 * EACH, 500, NULL, NULL);
	ear_close(&ear);
}

const struct attack *attack_dhc_09(void)
{
	static const struct attack row = {
		.id = "DHC-09",
		.title = "router advertisements with routes, and DHCPv6 answers",
		.clause = "RFC 6105 3, RFC 7610 4, RFC 4191 6",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none is heard",
		.counter = {{ATTACK_GUARD, "eth2", "ra_from_ce", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = dhc_09_launch,
		.legit = router_others_live,
	};

	return &row;
}

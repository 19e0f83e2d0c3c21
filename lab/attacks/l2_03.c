/*
 * ARP in the name of other stations of a shared LAN: requests, gratuitous ones, answers that nobody asked for. Whether it succeeded is
 * seen by sending to these stations: the PE's frames go where the attacker said.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

#include <stdio.h>
#include <string.h>

#define VICTIMS 3 /* nobody has their addresses */
#define FORMS	3
#define SEEN_MS 500

static const uint8_t *l2_03_forged(void)
{
	static const uint8_t mac[6] = {0x02, 0x66, 0x66, 0x66, 0x66, 0x66};

	return mac;
}

static void l2_03_claim(struct attack_stage *st, struct attack_impact *out, const char *victim)
{
	static const uint8_t nobody[6] = {0};
	const struct {
		uint16_t op;
		const char *target;
	} form[FORMS] = {{1, "192.168.4.1"}, {1, victim}, {2, "192.168.4.1"}};
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth4", to);
	attack_mac(st, "ce-x:eth1", from);
	for (unsigned i = 0; i < FORMS; i++) {
		frame_begin(&f, to, from);
		frame_arp(&f, form[i].op, l2_03_forged(), victim, form[i].op == 1 ? nobody : to,
			form[i].target);
		frame_end(&f);
		out->error =
			out->error ? out->error : attack_send(st, "ce-x:eth1", f.octets, f.len);
		out->counted++;
	}
	out->sent++;
}

/* Somebody else of the VPN sends to the victim. */
static void l2_03_ask(struct attack_stage *st, const char *victim, uint16_t seq)
{
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth2", to);
	attack_mac(st, "ce-a1:eth1", from);
	frame_begin(&f, to, from);
	frame_ip(&f, &(struct frame_ip){.src = "192.168.1.2", .dst = victim, .protocol = 17});
	frame_udp(&f, 4000, 7);
	frame_nonce(&f, st->nonce, seq);
	frame_end(&f);
	attack_send(st, "ce-a1:eth1", f.octets, f.len);
}

static bool l2_03_diverted(const struct attack_sight *s, void *arg)
{
	return attack_sight_nonce(s, arg, NULL) && !memcmp(s->octets, l2_03_forged(), 6);
}

static void l2_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const char *const victims[VICTIMS] = {"192.168.4.4", "192.168.4.5", "192.168.4.6"};
	char text[64];

	for (unsigned i = 0; i < VICTIMS; i++)
		l2_03_claim(st, out, victims[i]);
	for (unsigned i = 0; i < VICTIMS; i++)
		l2_03_ask(st, victims[i], i + 1);
	out->hit = attack_matched(st, "ce-x:eth1", VICTIMS, SEEN_MS, l2_03_diverted, st->nonce);
	snprintf(out->observed, sizeof out->observed,
		"packets to %u of %u stations went to the attacker", out->hit, VICTIMS);
	attack_shell(st, "pe1", "ip neigh flush dev eth4", text, sizeof text);
}

const struct attack *attack_l2_03(void)
{
	static const struct attack row = {
		.id = "L2-03",
		.title = "ARP in the name of others on a shared LAN",
		.clause = "RFC 4381 6",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "no packet goes to the attacker",
		.counter = {{ATTACK_GUARD, "eth4", "arp_spoof", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LAN_ARP,
		.mixed = true,
		.launch = l2_03_launch,
	};

	return &row;
}

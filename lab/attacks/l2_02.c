/* Frames in the name of the PE's own station, and of groups: a switch that learned from them would send the PE's traffic elsewhere. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS	  2
#define ARRIVE_MS 1000

static void l2_02_send(struct attack_stage *st, struct attack_impact *out, const uint8_t from[6])
{
	uint8_t to[6];
	struct frame f;

	attack_mac(st, "pe1:eth2", to);
	frame_begin(&f, to, from);
	frame_ip(
		&f, &(struct frame_ip){.src = "192.168.1.2", .dst = "192.168.4.2", .protocol = 17});
	frame_udp(&f, 4000, 7);
	frame_nonce(&f, st->nonce, out->sent + 1);
	frame_end(&f);
	out->error = out->error ? out->error : attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

static void l2_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t group[][6] = {
		{0x01, 0, 0x5e, 0, 0, 1}, {0x33, 0x33, 0, 0, 0, 1}, {0x03, 0, 0, 0, 0, 1}};
	uint8_t own[6];

	attack_mac(st, "pe1:eth2", own);
	for (unsigned i = 0; i < ROUNDS; i++) {
		l2_02_send(st, out, own);
		for (size_t k = 0; k < ARRAY_LEN(group); k++)
			l2_02_send(st, out, group[k]);
	}
	out->hit = attack_arrived(st, "ce-x:eth1", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u were forwarded to ce-x", out->hit,
		out->sent);
}

const struct attack *attack_l2_02(void)
{
	static const struct attack row = {
		.id = "L2-02",
		.title = "frames from the PE's own MAC address and from groups",
		.clause = "RFC 4381 6",
		.attacker = "ce-a1:eth1",
		.target = "ce-x:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mac_spoof", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = l2_02_launch,
	};

	return &row;
}

/* MPLS in GRE to the PE: to its address in the VPN, where a tunnel ends, and to its loopback. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/tunnelled.h"

#include <stdio.h>

#define FRAMES	  4
#define ARRIVE_MS 1000

static void lbl_17_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct tunnelled t = {.kind = TUNNELLED_GRE, .src = "192.168.1.2"};

	if (!tunnelled_ends(st, out))
		return;
	t.label = attack_label(st, "vrf-b");
	out->partial = true; /* the loopback is kept away by other things too */
	for (unsigned i = 0; i < FRAMES; i++) {
		t.dst = i % 2 ? "10.255.0.1" : "192.168.1.1";
		tunnelled_send(st, out, &t);
	}
	out->hit = attack_arrived(st, "ce-b1:eth1", out->sent / 2, ARRIVE_MS);
	snprintf(
		out->observed, sizeof out->observed, "%u of %u came to ce-b1", out->hit, out->sent);
}

const struct attack *attack_lbl_17(void)
{
	static const struct attack row = {
		.id = "LBL-17",
		.title = "a label in GRE, to the PE's address in the VPN and to its loopback",
		.clause = "RFC 4023 8.2, RFC 4364 13.1, RFC 4381 3.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "tunnel_endpoint", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_TUNNELS,
		.launch = lbl_17_launch,
	};

	return &row;
}

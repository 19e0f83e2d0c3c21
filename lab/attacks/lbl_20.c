/* A tunnel in a tunnel: whoever takes off the first one has a packet in the core, with a label in GRE to a core router in it. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/tunnelled.h"

#include <stdio.h>

#define ROUNDS	  3
#define ARRIVE_MS 500

static void lbl_20_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct tunnelled t = {.src = "192.168.1.2", .dst = "192.168.1.1"};

	if (!tunnelled_ends(st, out))
		return;
	t.label = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < 2 * ROUNDS; i++) {
		t.kind = i % 2 ? TUNNELLED_IP_GRE : TUNNELLED_GRE_GRE;
		tunnelled_send(st, out, &t);
	}
	out->counted = out->sent / 2; /* GRE is a tunnel; what is in IP, a packet to the router */
	out->hit = attack_arrived(st, "p1:eth1", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u came into the core", out->hit,
		out->sent);
}

const struct attack *attack_lbl_20(void)
{
	static const struct attack row = {
		.id = "LBL-20",
		.title = "a label in GRE to a core router, in IP or GRE to the PE",
		.clause = "RFC 4023 8.2, RFC 4364 13.1, RFC 4381 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "tunnel_endpoint", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_TUNNELS,
		.launch = lbl_20_launch,
	};

	return &row;
}

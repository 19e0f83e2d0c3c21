/* MPLS in GRE in the name of the tunnel's head: an end that believes source addresses (RFC 4023 8.2) rests on the edge to check them. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/tunnelled.h"

#include <stdio.h>

#define FRAMES	  4
#define ARRIVE_MS 1000

static void lbl_18_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct tunnelled t = {.kind = TUNNELLED_GRE, .src = "172.16.2.1", .dst = "192.168.4.2"};

	t.label = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < FRAMES; i++)
		tunnelled_send(st, out, &t);
	out->hit = attack_arrived(st, "ce-x:eth1", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u came to the tunnel's other end",
		out->hit, out->sent);
}

const struct attack *attack_lbl_18(void)
{
	static const struct attack row = {
		.id = "LBL-18",
		.title = "a label in GRE, in the name of the tunnel's head at another site",
		.clause = "RFC 4023 8.2, RFC 4364 13.1, RFC 2827 3",
		.attacker = "ce-a1:eth1",
		.target = "ce-x:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "urpf", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_SOURCE,
		.launch = lbl_18_launch,
	};

	return &row;
}

/* A shared LAN with several customers' routers on it: nobody there may send a label, be it of its own VPN. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 5

static void lbl_13_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "ce-x:eth1", .into = "pe1:eth4", .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < FRAMES; i++)
		labelled_send(st, out, &l);
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_13(void)
{
	static const struct attack row = {
		.id = "LBL-13",
		.title = "labels from a shared LAN",
		.clause = "RFC 4381 6, RFC 4364 13.1",
		.attacker = "ce-x:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth4", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LAN_LABELS,
		.launch = lbl_13_launch,
	};

	return &row;
}

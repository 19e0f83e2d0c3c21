/* A customer's own VPN's label: it was given to PEs, not to the customer. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 5

static void lbl_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-a");
	l.ip.dst = "192.168.4.2";
	for (unsigned i = 0; i < FRAMES; i++)
		labelled_send(st, out, &l);
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_02(void)
{
	static const struct attack row = {
		.id = "LBL-02",
		.title = "a frame with the label of the own VPN",
		.clause = "RFC 4364 13.1, RFC 4381 3.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-x:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_02_launch,
	};

	return &row;
}

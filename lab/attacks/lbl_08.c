/* MPLS behind a priority tag: the kernel takes the tag off and sees the label, a filter that looks at the EtherType does not. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 5

static void lbl_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {
		.from = "ce-a1:eth1", .into = "pe1:eth2", .tag = {{0x8100, 0}}, .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < FRAMES; i++)
		labelled_send(st, out, &l);
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_08(void)
{
	static const struct attack row = {
		.id = "LBL-08",
		.title = "a label behind a priority tag",
		.clause = "RFC 4381 3.4, RFC 4364 13.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_08_launch,
	};

	return &row;
}

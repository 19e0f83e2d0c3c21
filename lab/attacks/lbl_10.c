/* A label in a VLAN that nobody agreed on: a device for it may still stand in the PE. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 3
#define VLAN   40

static void lbl_10_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled bare = {
		.from = "ce-t:eth1", .into = "pe1:eth5", .tag = {{0x8100, VLAN}}, .n_stack = 1};
	struct labelled behind = bare;

	bare.stack[0] = behind.stack[0] = attack_label(st, "vrf-b");
	behind.tag[0].vid = 0;
	behind.tag[1] = bare.tag[0];
	for (unsigned i = 0; i < FRAMES; i++) {
		labelled_send(st, out, &bare);
		labelled_send(st, out, &behind);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_10(void)
{
	static const struct attack row = {
		.id = "LBL-10",
		.title = "a label in a VLAN that is not agreed, bare and behind a priority tag",
		.clause = "RFC 4364 3.2, RFC 4381 6",
		.attacker = "ce-t:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth5", "l2_vlan_not_agreed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_VLAN,
		.launch = lbl_10_launch,
	};

	return &row;
}

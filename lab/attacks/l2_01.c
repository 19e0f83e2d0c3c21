/* A hop into a VLAN that is not agreed, and onto the wire between: what comes in there is in the core's table. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 3
#define VLAN   40

static void l2_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled native = {.from = "ce-t:eth1", .into = "pe1:eth5"}, other, two;

	native.ip.dst = "10.255.0.2";
	other = two = native;
	other.tag[0] = two.tag[1] = (struct labelled_tag){0x8100, VLAN};
	two.tag[0] = (struct labelled_tag){0x8100, 0};
	for (unsigned i = 0; i < FRAMES; i++) {
		labelled_send(st, out, &other);
		labelled_send(st, out, &two);
		labelled_send(st, out, &native);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_l2_01(void)
{
	static const struct attack row = {
		.id = "L2-01",
		.title = "a VLAN hop: another tag, two tags, none",
		.clause = "RFC 4381 6, RFC 4364 3.2",
		.attacker = "ce-t:eth1",
		.target = "p1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth5", "l2_vlan_not_agreed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_VLAN,
		.launch = l2_01_launch,
	};

	return &row;
}

/* A scan of the PE's label space: no guess is worth anything, and the others do not notice. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FIRST                                                                                      \
	100000 /* of the PE, told to the attacker: nothing rests on its being secret (RFC 4381 2.2) */
#define LABELS 1000

static void lbl_21_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};
	int label = attack_label(st, "vrf-b");
	int first = label >= FIRST ? FIRST : 16;

	for (int i = 0; i < LABELS; i++) {
		l.stack[0] = first + i;
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_21(void)
{
	static const struct attack row = {
		.id = "LBL-21",
		.title = "a scan of a thousand labels",
		.clause = "RFC 4364 13.1, RFC 4381 3.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_21_launch,
	};

	return &row;
}

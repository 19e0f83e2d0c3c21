/* Labels that nobody was given, from the core, where labels are taken: what is bound to nothing leads nowhere (RFC 3031 3.18). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define LABELS 100
#define LAST   90000 /* of them; below it only a few are in use */

static void lbl_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "p1:eth1", .into = "pe1:eth1", .n_stack = 1};

	for (int i = 0; i < LABELS; i++) {
		l.stack[0] = LAST - 7 * i;
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_03(void)
{
	static const struct attack row = {
		.id = "LBL-03",
		.title = "a hundred labels that are not bound, from the core",
		.clause = "RFC 3031 3.18, RFC 4364 13.1",
		.attacker = "p1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_KERNEL, "pe1", "mpls:eth1:noroute", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_UNBOUND,
		.launch = lbl_03_launch,
	};

	return &row;
}

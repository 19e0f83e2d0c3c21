/* Reserved labels from another AS: none of them was told to anybody, and the nulls lead out of every VPN. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define RESERVED 16
#define ENTROPY	 7  /* the label that says that an entropy label follows (RFC 6790 4.1) */
#define EXTEND	 15 /* an extended special-purpose label follows (RFC 7274 3.1) */

static void lbl_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "as-s:eth1", .into = "pe1:eth7", .n_stack = 1};

	l.ip.dst = "10.255.0.2";
	for (int i = 0; i < RESERVED; i++) {
		l.stack[0] = i;
		labelled_send(st, out, &l);
	}
	l.n_stack = 2;
	for (int i = 0; i < RESERVED; i++) {
		l.stack[0] = i % 2 ? EXTEND : ENTROPY;
		l.stack[1] = i;
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_06(void)
{
	static const struct attack row = {
		.id = "LBL-06",
		.title = "reserved labels, alone and in front of each other",
		.clause = "RFC 3032 2.1, RFC 7274 3.1, RFC 4364 10",
		.attacker = "as-s:eth1",
		.target = "p1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth7", "label_reserved", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_OTHER_AS,
		.launch = lbl_06_launch,
	};

	return &row;
}

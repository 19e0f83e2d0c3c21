/* Stacks from another AS: what is below the first label, nobody has looked at, and a label cut short. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define THROUGH 16006 /* a way through this PE that the topology gives it, then one to pe2 */
#define TO_PE2	16003
#define CUT	3 /* octets of a label */

/* The labels that are there: white-box, nothing rests on their being secret (RFC 4381 2.2). */
static void lbl_14_stacks(struct attack_stage *st, struct attack_impact *out)
{
	int own = attack_label(st, "vrf-a"), victim = attack_label(st, "vrf-b");
	struct labelled l = {.from = "as-s:eth1",
		.into = "pe1:eth7",
		.stack = {THROUGH, TO_PE2, attack_label_of(st, "pe2", "vrf-b")},
		.n_stack = 3,
		.ip = {.dst = "172.16.2.1"}};

	labelled_send(st, out, &l);
	l.stack[0] = own;
	l.stack[1] = victim;
	l.n_stack = 2;
	labelled_send(st, out, &l);
	l.stack[0] = victim;
	l.stack[1] = own;
	labelled_send(st, out, &l);
	l.n_stack = 1;
	l.bottomless = true;
	labelled_send(st, out, &l);
	for (unsigned i = 0; i < LABELLED_STACK_MAX; i++)
		l.stack[i] = own;
	l.n_stack = LABELLED_STACK_MAX;
	labelled_send(st, out, &l);
}

static void lbl_14_cut(struct attack_stage *st, struct attack_impact *out)
{
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth7", to);
	attack_mac(st, "as-s:eth1", from);
	frame_begin(&f, to, from);
	frame_type(&f, 0x8847);
	frame_octets(&f, "\x18\x6a\x11", CUT);
	out->error = out->error ? out->error : attack_send(st, "as-s:eth1", f.octets, f.len);
}

static void lbl_14_launch(struct attack_stage *st, struct attack_impact *out)
{
	lbl_14_stacks(st, out);
	out->counted = out->sent;
	for (unsigned i = 0; i < out->counted; i++)
		lbl_14_cut(st, out);
	out->sent += out->counted;
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_14(void)
{
	static const struct attack row = {
		.id = "LBL-14",
		.title = "stacks of labels, one without a bottom, and labels cut short",
		.clause = "RFC 4364 10, RFC 4364 6, RFC 3032 2.1",
		.attacker = "as-s:eth1",
		.target = "ce-b2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth7", "label_reserved", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth7", "malformed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_OTHER_AS,
		.launch = lbl_14_launch,
	};

	return &row;
}

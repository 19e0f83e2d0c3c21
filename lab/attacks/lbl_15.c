/* Every form that a labelled frame can have: of these the kernel takes one, and the guard none. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"
#include "lib/check.h"

static void lbl_15_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t to[][6] = {
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		{0x01, 0, 0x5e, 0x80, 0, 1}, /* RFC 5332 8: of MPLS multicast */
		{0x02, 0xde, 0xad, 0, 0, 1},
	};
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < 2; i++) {
		l.ethertype = i ? 0x8848 : 0x8847;
		l.to = NULL;
		labelled_send(st, out, &l);
		for (size_t j = 0; j < ARRAY_LEN(to); j++) {
			l.to = to[j];
			labelled_send(st, out, &l);
		}
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_15(void)
{
	static const struct attack row = {
		.id = "LBL-15",
		.title = "a label under both EtherTypes, to the PE, to all, to a group and to "
			 "nobody",
		.clause = "RFC 3032 5, RFC 4364 13.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_15_launch,
	};

	return &row;
}

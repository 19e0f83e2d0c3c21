/* MPLS behind several priority tags: more than a filter looks through, and the kernel takes them all off. */
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"
#include "lib/check.h"

static void lbl_09_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct labelled_tag tags[][LABELLED_TAGS_MAX] = {
		{{0x8100, 0}, {0x8100, 0}},
		{{0x8100, 0}, {0x8100, 0}, {0x8100, 0}},
		{{0x88a8, 0}, {0x8100, 0}},
		{{0x88a8, 0}, {0x88a8, 0}, {0x8100, 0}, {0x8100, 0}},
	};
	int label = attack_label(st, "vrf-b");

	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

		memcpy(l.tag, tags[i], sizeof l.tag);
		l.stack[0] = label;
		labelled_send(st, out, &l);
	}
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_09(void)
{
	static const struct attack row = {
		.id = "LBL-09",
		.title = "a label behind two, three and mixed priority tags",
		.clause = "RFC 4381 3.4, RFC 4364 13.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_09_launch,
	};

	return &row;
}

/* Labels behind every kind of tag that is not what was agreed: reserved VLANs, other tag types, one VLAN in another. */
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"
#include "lib/check.h"

static void lbl_11_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct labelled_tag tags[][LABELLED_TAGS_MAX] = {
		{{0x8100, 4095}},
		{{0x8100, 1}},
		{{0x9100, 40}},
		{{0x9200, 40}},
		{{0x88a8, 40}},
		{{0x88a8, 0}, {0x8100, 40}},
		{{0x8100, 7 << 13 | 40}}, /* with a priority, */
		{{0x8100, 1 << 12 | 40}}, /* or eligible to be dropped */
		{{0x8100, 20}, {0x8100, 30}},
		{{0x88a8, 20}, {0x8100, 30}},
	};
	int label = attack_label(st, "vrf-b");

	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		struct labelled l = {.from = "ce-t:eth1", .into = "pe1:eth5", .n_stack = 1};

		memcpy(l.tag, tags[i], sizeof l.tag);
		l.stack[0] = label;
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_11(void)
{
	static const struct attack row = {
		.id = "LBL-11",
		.title = "a label in VLANs 1 and 4095, behind foreign tag types, and of one VLAN "
			 "in another",
		.clause = "RFC 4364 3.2, RFC 4381 6",
		.attacker = "ce-t:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth5", "l2_vlan_not_agreed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_VLAN,
		.launch = lbl_11_launch,
	};

	return &row;
}

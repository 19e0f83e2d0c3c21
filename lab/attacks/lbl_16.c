/* What is under the label is no plain IP packet: a pseudowire, an associated channel, wrong lengths, a fragment, options. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"
#include "lib/check.h"

static void lbl_16_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct frame_ip inner[] = {
		{.version = 1}, /* RFC 4385 5: an associated channel */
		{.version = 15},
		{.total = 2000},
		{.total = 20},
		{.fragment = 0x2000},
		{.fragment = 0x00b9},
		{.n_options = 8, .options = {131, 7, 4, 192, 168, 1, 2, 0}},
		{.n_options = 4, .options = {148, 4, 0, 0}},
	};
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-b");
	for (size_t i = 0; i < ARRAY_LEN(inner); i++) {
		l.ip = inner[i];
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_16(void)
{
	static const struct attack row = {
		.id = "LBL-16",
		.title = "a label over what is not quite IP",
		.clause = "RFC 4364 13.1, RFC 4385 3, RFC 4381 3.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_16_launch,
	};

	return &row;
}

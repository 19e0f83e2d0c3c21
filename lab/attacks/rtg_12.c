/* The provider's own AS in a customer's path: a loop, or a site that wants to look like the core. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define SEQ(...) ((const uint8_t[]){__VA_ARGS__})

static void rtg_12_launch(struct attack_stage *st, struct attack_impact *out)
{
	/* AS_SEQUENCEs of 65104, 65000 and others */
	const struct speaker_route routes[] = {
		{.prefix = "172.16.66.0/24",
			.path = SEQ(2, 2, 0, 0, 0xfe, 0x50, 0, 0, 0xfd, 0xe8),
			.n_path = 10},
		{.prefix = "172.16.67.0/24",
			.path = SEQ(2, 3, 0, 0, 0xfe, 0x50, 0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe8),
			.n_path = 14},
		{.prefix = "172.16.68.0/24",
			.path = SEQ(2, 3, 0, 0, 0xfe, 0x50, 0, 0, 0xfd, 0xe8, 0, 0, 0xfe, 0x99),
			.n_path = 14},
	};

	rtg_try(st, "pe1", routes, ARRAY_LEN(routes), out);
}

const struct attack *attack_rtg_12(void)
{
	static const struct attack row = {
		.id = "RTG-12",
		.title = "a path through the provider itself",
		.clause = "RFC 4271 9.1.2, RFC 4364 7",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is taken in",
		.counter = {{ATTACK_PEER, "ce-x", "refused.as-loop", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_AS_LOOP,
		.launch = rtg_12_launch,
		.legit = rtg_legit,
	};

	return &row;
}

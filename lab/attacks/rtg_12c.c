/* Paths that begin with another AS than the neighbour's own: who has it from whom is hidden. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define SEQ(...) ((const uint8_t[]){__VA_ARGS__})

static void rtg_12c_launch(struct attack_stage *st, struct attack_impact *out)
{
	/* AS_SEQUENCEs of 65177, and of 65177 and the neighbour's 65104 */
	const struct speaker_route routes[] = {
		{.prefix = "172.16.66.0/24", .path = SEQ(2, 1, 0, 0, 0xfe, 0x99), .n_path = 6},
		{.prefix = "172.16.67.0/24",
			.path = SEQ(2, 2, 0, 0, 0xfe, 0x99, 0, 0, 0xfe, 0x50),
			.n_path = 10},
	};

	rtg_try(st, "pe1", routes, ARRAY_LEN(routes), out);
}

const struct attack *attack_rtg_12c(void)
{
	static const struct attack row = {
		.id = "RTG-12C",
		.title = "a path that another AS begins",
		.clause = "RFC 4271 6.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is taken in",
		.counter = {{ATTACK_PEER, "ce-x", "refused.first-as", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_FIRST_AS,
		.launch = rtg_12c_launch,
		.legit = rtg_legit,
	};

	return &row;
}

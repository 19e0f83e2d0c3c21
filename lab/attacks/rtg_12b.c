/* A set of ASes in the path hides who has seen the route (RFC 9774 3). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define SEGMENTS(...) ((const uint8_t[]){__VA_ARGS__})

static void rtg_12b_launch(struct attack_stage *st, struct attack_impact *out)
{
	/* AS_SEQUENCE 65104, then an AS_SET; one of one AS, one of two */
	const struct speaker_route routes[] = {
		{.prefix = "172.16.66.0/24",
			.path = SEGMENTS(2, 1, 0, 0, 0xfe, 0x50, 1, 1, 0, 0, 0xfe, 0x99),
			.n_path = 12},
		{.prefix = "172.16.67.0/24",
			.path = SEGMENTS(
				2, 1, 0, 0, 0xfe, 0x50, 1, 2, 0, 0, 0xfe, 0x99, 0, 0, 0xfe, 0x9a),
			.n_path = 16},
	};

	rtg_try(st, "pe1", routes, ARRAY_LEN(routes), out);
}

const struct attack *attack_rtg_12b(void)
{
	static const struct attack row = {
		.id = "RTG-12B",
		.title = "a set of ASes in the path",
		.clause = "RFC 9774 3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is taken in",
		.counter = {{ATTACK_PEER, "ce-x", "refused.as-set", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_AS_SET,
		.launch = rtg_12b_launch,
		.legit = rtg_legit,
	};

	return &row;
}

/* Prefixes that no network has: loopback, multicast, class E, "this" network (RFC 6890). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

static void rtg_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct speaker_route routes[] = {
		{.prefix = "127.0.0.0/8"},
		{.prefix = "127.1.2.0/24"},
		{.prefix = "0.1.0.0/16"},
		{.prefix = "224.0.0.0/8"},
		{.prefix = "239.1.1.0/24"},
		{.prefix = "240.0.0.0/8"},
	};

	rtg_try(st, "pe1", routes, ARRAY_LEN(routes), out);
}

const struct attack *attack_rtg_07(void)
{
	static const struct attack row = {
		.id = "RTG-07",
		.title = "prefixes that no network has",
		.clause = "RFC 7454 6.1",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is taken in",
		.counter = {{ATTACK_PEER, "ce-x", "refused.martian-nlri", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MARTIAN_NLRI,
		.launch = rtg_07_launch,
		.legit = rtg_legit,
	};

	return &row;
}

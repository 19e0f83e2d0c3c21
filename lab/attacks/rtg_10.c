/* Next hops that a customer may not name: the PE itself, everybody on the link, another site, the core, loopback, multicast. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

static void rtg_10_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct speaker_route routes[] = {
		{.prefix = "172.16.66.0/24", .next_hop = "192.168.4.1"},
		{.prefix = "172.16.67.0/24", .next_hop = "192.168.4.7"},
		{.prefix = "172.16.68.0/24", .next_hop = "192.168.1.2"},
		{.prefix = "172.16.69.0/24", .next_hop = "10.255.0.2"},
		{.prefix = "172.16.70.0/24", .next_hop = "127.0.0.1"},
		{.prefix = "172.16.71.0/24", .next_hop = "224.0.0.5"},
	};

	rtg_try(st, "pe2", routes, ARRAY_LEN(routes), out);
}

const struct attack *attack_rtg_10(void)
{
	static const struct attack row = {
		.id = "RTG-10",
		.title = "next hops that a customer may not name",
		.clause = "RFC 4271 6.3, RFC 7948 4.8",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "no route reaches the other PE, and the session stands",
		.counter = {{ATTACK_PEER, "ce-x", "refused.next-hop", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_NEXT_HOP,
		.launch = rtg_10_launch,
		.legit = rtg_legit,
	};

	return &row;
}

/* A flood of packets that expire at the PE: how many it answers is bounded. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 40
#define ALLOWED                                                                                    \
	10 /* Linux: six at once, then one a second to each destination (RFC 1812 4.3.2.8) */

static void cor_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "172.16.2.1", .ttl = 1}};
	unsigned answers;

	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	answers = attack_arrived(st, "ce-a1:eth1", PACKETS, 150);
	out->hit = answers > ALLOWED ? answers - ALLOWED : 0;
	out->partial = true;
	snprintf(out->observed, sizeof out->observed, "%u of %u were answered; allowed are %u",
		answers, out->sent, ALLOWED);
}

const struct attack *attack_cor_02(void)
{
	static const struct attack row = {
		.id = "COR-02",
		.title = "a flood of packets whose TTL ends at the PE",
		.clause = "RFC 4381 3.3, RFC 1812 4.3.2.8, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "not more than a few are answered",
		.off = ATTACK_OFF_ICMP_RATE,
		.launch = cor_02_launch,
	};

	return &row;
}

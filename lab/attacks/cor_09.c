/* Which of the core's numbers are in use: one that is and one that is not look the same. */
#include <stdio.h>
#include <stdlib.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define EACH	4
#define ANSWERS 16

/* P's loopback and a number beside it. What differs is what one learns. */
static void cor_09_launch(struct attack_stage *st, struct attack_impact *out)
{
	char source[20];
	struct customer c = {.from = "ce-a1:eth1", .ip.src = source};
	struct customer_answer a[ANSWERS];
	unsigned n, used = 0, free = 0;

	for (unsigned i = 0; i < EACH; i++) {
		/* each of its own, and others each time: what one is answered, routers limit */
		snprintf(source, sizeof source, "172.16.1.%u", 80 + st->nonce[0] % 160 + i);
		c.ip.dst = "10.255.0.2";
		customer_send(st, out, &c);
		c.ip.dst = "10.255.0.77";
		customer_send(st, out, &c);
	}
	attack_arrived(st, "ce-a1:eth1", out->sent, 200);
	n = customer_answers(st, "ce-a1:eth1", a, ANSWERS);
	for (unsigned i = 0; i < n; i++) {
		used += a[i].seq % 2;
		free += !(a[i].seq % 2);
	}
	out->hit = (unsigned)abs((int)used - (int)free);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed,
		"of %u to a number in use %u were answered, of %u to one that is not %u", EACH,
		used, EACH, free);
}

const struct attack *attack_cor_09(void)
{
	static const struct attack row = {
		.id = "COR-09",
		.title = "whether an address of the core is in use, by how its absence is told",
		.clause = "RFC 4381 2.2, RFC 4381 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "both are silent",
		.counter = {{ATTACK_GUARD, "eth2", "infra_dst", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_INFRASTRUCTURE,
		.launch = cor_09_launch,
	};

	return &row;
}

/* A sweep over the core's numbers and the ports that a router may have open: nobody answers, nothing arrives. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lib/check.h"

static const char *const cor_08_addresses[] = {"10.255.0.1", "10.255.0.2", "10.255.0.3", "10.0.1.1",
	"10.0.1.2", "10.0.2.1", "10.0.2.2", "10.255.0.77"};
static const struct {
	enum customer_kind kind;
	uint16_t port;
	uint8_t protocol;
} cor_08_asked[] = {
	{CUSTOMER_ECHO, 0, 0},
	{CUSTOMER_SYN, 22, 0},
	{CUSTOMER_SYN, 179, 0},
	{CUSTOMER_SYN, 646, 0},
	{CUSTOMER_UDP, 161, 0},
	{CUSTOMER_UDP, 646, 0},
	{CUSTOMER_UDP, 3784, 0},
	{CUSTOMER_PLAIN, 0, 89},
};

/* With the VRF out of the way they come to P and the PE; what answers they would give, and what "unreachable" says, counts as well. */
static void cor_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	char source[20];
	struct customer c = {.from = "ce-a1:eth1", .ip.src = source};
	unsigned bare;

	for (size_t i = 0; i < ARRAY_LEN(cor_08_addresses); i++) {
		c.ip.dst = cor_08_addresses[i];
		for (size_t k = 0; k < ARRAY_LEN(cor_08_asked); k++) {
			/* each of its own: what one is answered, routers limit */
			snprintf(source, sizeof source, "172.16.1.%u", 10 + out->sent);
			c.kind = cor_08_asked[k].kind;
			c.to = cor_08_asked[k].port;
			c.ip.protocol = cor_08_asked[k].protocol;
			customer_send(st, out, &c);
		}
	}
	bare = customer_bare(st, out->sent, 300);
	out->hit = bare + attack_arrived(st, "ce-a1:eth1", out->sent, 50);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed, "%u came to P, %u were answered", bare,
		out->hit - bare);
}

const struct attack *attack_cor_08(void)
{
	static const struct attack row = {
		.id = "COR-08",
		.title = "a sweep over the core's addresses and ports",
		.clause = "RFC 4381 2.2, RFC 4381 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "nothing reaches the core, nothing is answered",
		.counter = {{ATTACK_GUARD, "eth2", "infra_dst", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_INFRASTRUCTURE,
		.launch = cor_08_launch,
	};

	return &row;
}

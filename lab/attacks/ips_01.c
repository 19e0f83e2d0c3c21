/* A source address of another site of the same VPN: it came from elsewhere than it says. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 5

static void ips_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.2.66", .dst = "172.16.2.1"}};

	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	out->hit = attack_arrived(st, "ce-a2:eth1", PACKETS, 1000);
}

const struct attack *attack_ips_01(void)
{
	static const struct attack row = {
		.id = "IPS-01",
		.title = "a source address of another site of the same VPN",
		.clause = "RFC 4381 3.4, RFC 2827 3",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "urpf", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_SOURCE,
		.launch = ips_01_launch,
	};

	return &row;
}

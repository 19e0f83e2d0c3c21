/* Source addresses of the core: who answers would answer the provider, who logs would log it. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lib/check.h"

static void ips_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const char *const core[] = {
		"10.255.0.1", "10.255.0.2", "10.255.0.3", "10.0.1.1", "10.0.1.2", "10.0.2.2"};
	struct customer c = {.from = "ce-a1:eth1", .ip.dst = "172.16.2.1"};

	for (unsigned i = 0; i < ARRAY_LEN(core); i++) {
		c.ip.src = core[i];
		customer_send(st, out, &c);
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", ARRAY_LEN(core), 1000);
}

const struct attack *attack_ips_02(void)
{
	static const struct attack row = {
		.id = "IPS-02",
		.title = "source addresses of PE, P and the core's links",
		.clause = "RFC 4381 3.4, RFC 4381 3.2, RFC 2827 3",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "urpf", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_SOURCE,
		.launch = ips_02_launch,
	};

	return &row;
}

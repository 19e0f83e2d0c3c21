/* A prefix of another VPN: a route leaks only where a route target says so. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 5

static bool vrf_07_leaks(struct attack_stage *st, void *arg)
{
	(void)arg;
	return attack_kernel_route(st, "pe1", "vrf-a", "172.16.99.0/24");
}

static void vrf_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "172.16.99.1"}};

	attack_until(st, vrf_07_leaks, NULL, 100);
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	out->hit = attack_arrived(st, "ce-b2:eth1", PACKETS, 300);
}

const struct attack *attack_vrf_07(void)
{
	static const struct attack row = {
		.id = "VRF-07",
		.title = "a destination that only another VPN has",
		.clause = "RFC 4381 2.2, RFC 4364 4.3.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-b2:eth1",
		.passes = "none arrives",
		.off = ATTACK_OFF_IMPORT,
		.launch = vrf_07_launch,
	};

	return &row;
}

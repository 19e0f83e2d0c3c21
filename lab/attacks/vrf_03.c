/* A destination that the VPN has not, and the core has: it is unreachable. */
#include <errno.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 5

/* The core has a way to 198.51.100.0/24, say to the Internet, and it is none of its infrastructure. */
static void vrf_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "198.51.100.1"}};

	if (attack_shell(st, "pe1", "ip route replace 198.51.100.0/24 via 10.0.1.2", NULL, 0))
		out->error = -EIO;
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	out->hit = customer_bare(st, PACKETS, 200);
	attack_shell(st, "pe1", "ip route del 198.51.100.0/24", NULL, 0);
}

const struct attack *attack_vrf_03(void)
{
	static const struct attack row = {
		.id = "VRF-03",
		.title = "a destination that is absent in the VPN and present in the core's table",
		.clause = "RFC 4381 2.2, RFC 4364 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "none reaches the core",
		.off = ATTACK_OFF_VRF_LOOKUP,
		.launch = vrf_03_launch,
	};

	return &row;
}

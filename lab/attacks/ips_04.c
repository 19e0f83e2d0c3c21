/* The PE's own address of the VRF as the source: as if the router had said it. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/router.h"

#define EACH	   3
#define PE	   "192.168.1.1"
#define IN_ECHOS   "Icmp:InEchos"
#define COUNTED_MS 200

/* To the other site, and to itself ("land"). The control lets the kernel take its own address as well (accept_local). */
static void ips_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {.from = "ce-a1:eth1", .kind = CUSTOMER_ECHO, .ip.src = PE};
	long long before = router_counter(st, IN_ECHOS);
	unsigned land;

	for (unsigned i = 0; i < EACH; i++) {
		c.ip.dst = "172.16.2.1";
		customer_send(st, out, &c);
		c.ip.dst = PE;
		customer_send(st, out, &c);
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", EACH, 300);
	land = router_counted(st, IN_ECHOS, before, EACH, COUNTED_MS);
	snprintf(out->observed, sizeof out->observed,
		"%u came to the other site, %u to the PE itself", out->hit, land);
	out->hit += land;
}

const struct attack *attack_ips_04(void)
{
	static const struct attack row = {
		.id = "IPS-04",
		.title = "the PE's own address as the source, to another site and to the PE (land)",
		.clause = "RFC 4381 3.4, RFC 1812 5.3.8",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "martian", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MARTIANS,
		.launch = ips_04_launch,
	};

	return &row;
}

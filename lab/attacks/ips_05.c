/* On a LAN with several hosts, one of them sends with its neighbour's address. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 5

/* pe1.yaml binds 192.168.6.2 and .3 to a MAC address each; this is the one of .3. */
static void ips_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t neighbour[6] = {0x02, 0, 0, 0, 6, 3};
	struct customer c = {.from = "ce-s:eth1",
		.mac = neighbour,
		.ip = {.src = "192.168.6.2", .dst = "172.16.2.1"}};

	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	out->hit = attack_arrived(st, "ce-a2:eth1", PACKETS, 1000);
}

static bool ips_05_legit(struct attack_stage *st, char *what, size_t cap)
{
	snprintf(what, cap, "192.168.6.2 > 172.16.2.1 from its own MAC address is answered");
	for (unsigned i = 0; i < 4; i++)
		if (attack_ping(st, "ce-s", "192.168.6.2", "172.16.2.1", 500))
			return true;
	return false;
}

const struct attack *attack_ips_05(void)
{
	static const struct attack row = {
		.id = "IPS-05",
		.title = "a neighbour's address on a shared LAN",
		.clause = "RFC 4381 3.4, RFC 2827 3",
		.attacker = "ce-s:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth6", "mac_spoof", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_BINDINGS,
		.launch = ips_05_launch,
		.legit = ips_05_legit,
	};

	return &row;
}

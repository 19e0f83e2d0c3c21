/* Source addresses that no packet may have. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lib/check.h"

/*
 * The control takes the source check away as well: it is the second layer of the same protection, and would refuse them all. Of
 * three classes Linux forwards nothing even then.
 */
static void ips_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const char *const martians[] = {
		"0.0.0.1", "169.254.7.7", "240.0.0.1", "127.0.0.1", "224.0.0.5", "255.255.255.255"};
	struct customer c = {.from = "ce-a1:eth1", .ip.dst = "172.16.2.1"};

	for (unsigned i = 0; i < ARRAY_LEN(martians); i++) {
		c.ip.src = martians[i];
		customer_send(st, out, &c);
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", ARRAY_LEN(martians), 300);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed,
		"of 0/8, 169.254/16, 240/4, 127/8, 224/4 and 255.255.255.255 %u arrived", out->hit);
}

const struct attack *attack_ips_03(void)
{
	static const struct attack row = {
		.id = "IPS-03",
		.title = "source addresses that no packet may have, one of each class",
		.clause = "RFC 4381 3.4, RFC 1812 5.3.7, RFC 3704 2.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "martian", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MARTIANS,
		.launch = ips_03_launch,
	};

	return &row;
}

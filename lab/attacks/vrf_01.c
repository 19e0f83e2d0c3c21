/* The same addresses and ports in two VPNs at once: no flow crosses over. */
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define FLOWS 500 /* in each */

/* Of the stimuli first to last those that came into that port. */
static unsigned vrf_01_count(
	const struct attack_stage *st, const char *port, unsigned first, unsigned last)
{
	unsigned n = 0;

	for (unsigned i = 0; i < st->sights.n_ports; i++) {
		const struct attack_port *p = &st->sights.port[i];

		for (unsigned s = first; s <= last && !strcmp(p->name, port); s++)
			n += p->seen[s / 64] >> s % 64 & 1;
	}
	return n;
}

/* First customer A's, then the same as customer B's. */
static void vrf_01_flows(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c[] = {
		{.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "172.16.2.1"}},
		{.from = "ce-b1:eth1", .ip = {.src = "172.16.1.1", .dst = "172.16.2.1"}},
	};

	for (unsigned i = 0; i < 2 * FLOWS; i++) {
		c[i / FLOWS].flow = (uint16_t)(10000 + i % FLOWS);
		customer_send(st, out, &c[i / FLOWS]);
	}
}

static void vrf_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	unsigned right;

	/* addresses on the way are asked for before: that may lose packets, and is not what is tried */
	attack_ping(st, "ce-a1", "172.16.1.1", "172.16.2.1", 500);
	attack_ping(st, "ce-b1", "172.16.1.1", "172.16.2.1", 500);
	vrf_01_flows(st, out);
	attack_arrived(st, "ce-a2:eth1", FLOWS, 200);
	attack_arrived(st, "ce-b2:eth1", FLOWS, 200);
	out->hit = vrf_01_count(st, "ce-a2:eth1", FLOWS + 1, 2 * FLOWS) +
		   vrf_01_count(st, "ce-b2:eth1", 1, FLOWS);
	right = vrf_01_count(st, "ce-a2:eth1", 1, FLOWS) +
		vrf_01_count(st, "ce-b2:eth1", FLOWS + 1, 2 * FLOWS);
	out->partial = true; /* the control leads one of the two astray */
	snprintf(out->observed, sizeof out->observed,
		"of %u flows in two VPNs %u came where they belong, %u to the other VPN", out->sent,
		right, out->hit);
}

const struct attack *attack_vrf_01(void)
{
	static const struct attack row = {
		.id = "VRF-01",
		.title = "1000 flows, each pair with the same addresses and ports in two VPNs",
		.clause = "RFC 4381 2.1, RFC 4364 3.2, RFC 4364 5",
		.attacker = "ce-a1:eth1",
		.target = "ce-b2:eth1",
		.passes = "none crosses over",
		.off = ATTACK_OFF_TABLES,
		.launch = vrf_01_launch,
		.mixed = true,
	};

	return &row;
}

/* A customer uses an address of the core for a host of its own: that is who is reached. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/speaker.h"

#define PACKETS 5
#define HOST	"10.255.0.2/32" /* P has the same */

static bool vrf_02_known(struct attack_stage *st, void *arg)
{
	(void)arg;
	return attack_kernel_route(st, "pe1", "vrf-a", HOST);
}

static void vrf_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct speaker_conf conf = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true};
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "10.255.0.2"}};
	unsigned own = 0;
	struct speaker s;

	out->error = speaker_dial(&s, st, &conf, 5000);
	if (!out->error)
		out->error = speaker_announce(&s, HOST, NULL, 0);
	if (!out->error)
		attack_until(st, vrf_02_known, NULL, 2000);
	/* the first ones may be before it is known at the port */
	for (unsigned i = 0; i < 4 && !out->error && !own && !customer_bare(st, 1, 1); i++) {
		customer_send(st, out, &c);
		own = attack_arrived(st, "ce-x:eth1", 1, 100);
	}
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	own = attack_arrived(st, "ce-x:eth1", PACKETS, 300);
	out->hit = customer_bare(st, PACKETS, own ? 1 : 200);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed,
		"%u of %u reached the customer's own host, %u the core's P", own, out->sent,
		out->hit);
	if (!out->hit && own < PACKETS)
		out->hit =
			out->sent - own; /* who keeps a customer from its own host has fallen too */
	speaker_close(&s);
}

const struct attack *attack_vrf_02(void)
{
	static const struct attack row = {
		.id = "VRF-02",
		.title = "a customer's host with an address that the core has as well",
		.clause = "RFC 4381 2.1, RFC 4381 2.2, RFC 4364 5",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "its own host is reached, and not the core",
		.off = ATTACK_OFF_VRF_LOOKUP,
		.launch = vrf_02_launch,
		.mixed = true,
	};

	return &row;
}

/* What comes from the core comes in by the VRF's device: no source check may take it for spoofed. */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 50
#define SPOOFED 5

/* Those behind the first PACKETS: not what is said about these. */
static bool vrf_10_spoofed(const struct attack_sight *s, void *arg)
{
	(void)arg;
	return s->ours && s->seq > PACKETS;
}

/*
 * What is "sent" here is legitimate, and a "hit" is a false drop. The control is in it: the same source address at a customer's
 * port is dropped, so that the check is there that could be wrong.
 */
static void vrf_10_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer core = {
		.from = "ce-a2:eth1", .ip = {.src = "172.16.2.1", .dst = "172.16.1.1"}};
	struct customer spoofed = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.2.1", .dst = "172.16.2.66"}};
	unsigned passed;

	attack_ping(st, "ce-a2", "172.16.2.1", "172.16.1.1", 300);
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &core);
	for (unsigned i = 0; i < SPOOFED; i++)
		customer_send(st, out, &spoofed);
	out->hit = PACKETS - attack_arrived(st, "ce-a1:eth1", PACKETS, 300);
	passed = attack_matched(st, "ce-a2:eth1", 1, 100, vrf_10_spoofed, NULL);
	if (passed)
		out->error = -ENOTSUP;
	out->sent = PACKETS;
	out->counted = SPOOFED;
	snprintf(out->observed, sizeof out->observed,
		"of %u packets from the core %u were dropped, of %u with such a source at a "
		"customer's "
		"port %u",
		PACKETS, out->hit, SPOOFED, SPOOFED - passed);
}

const struct attack *attack_vrf_10(void)
{
	static const struct attack row = {
		.id = "VRF-10",
		.title = "a source check that forgets what comes from the core: false drops",
		.clause = "RFC 3704 2.2, RFC 4364 5",
		.attacker = "ce-a2:eth1",
		.target = "ce-a1:eth1",
		.passes = "all of it arrives",
		.counter = {{ATTACK_GUARD, "eth2", "urpf", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_NONE,
		.launch = vrf_10_launch,
		.mixed = true,
		.only_pe = "ravelin",
	};

	return &row;
}

/* Programs of the PE that are bound to no VRF: a customer does not reach them through its VRF. */
#include <netinet/in.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/ear.h"

#define PORT  7777
#define PROTO 253 /* for experiments (RFC 3692) */
#define EACH  3

/* A UDP server and a raw socket, of the core's side as somebody would start them. */
static void vrf_09_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct ear_conf udp = {.type = SOCK_DGRAM, .protocol = IPPROTO_UDP, .port = PORT},
			      raw = {.type = SOCK_RAW, .protocol = PROTO};
	struct customer c = {.from = "ce-b1:eth1",
		.to = PORT,
		.ip = {.src = "192.168.1.2", .dst = "192.168.1.1", .protocol = PROTO}};
	struct ear ear = {0};

	out->error = ear_open(&ear, st, "pe1", &udp);
	if (!out->error)
		out->error = ear_open(&ear, st, "pe1", &raw);
	for (unsigned i = 0; i < EACH; i++) {
		c.kind = CUSTOMER_UDP;
		customer_send(st, out, &c);
		c.kind = CUSTOMER_PLAIN;
		customer_send(st, out, &c);
	}
	out->hit = ear_heard(&ear, st, out->sent, 300, NULL, NULL);
	ear_close(&ear);
}

const struct attack *attack_vrf_09(void)
{
	static const struct attack row = {
		.id = "VRF-09",
		.title = "UDP and raw sockets of the PE that are bound to no VRF",
		.clause = "RFC 4381 3.3, RFC 4364 13.3",
		.attacker = "ce-b1:eth1",
		.target = "pe1",
		.passes = "they hear nothing",
		.counter = {{ATTACK_GUARD, "eth3", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_VRF_SOCKETS,
		.launch = vrf_09_launch,
	};

	return &row;
}

/* BGP's port, from addresses of the VPN that are no neighbour's. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define SYNS	5
#define FROM	41000
#define SYN	2
#define SYN_ACK 0x12

static int cpl_02_answer(const uint8_t *ip, size_t len, void *arg)
{
	unsigned head = len ? (ip[0] & 15) * 4u : 0, to;

	if (len < head + 20 || ip[head] != 0 || ip[head + 1] != 179 ||
		(ip[head + 13] & SYN_ACK) != SYN_ACK)
		return -1;
	to = (unsigned)ip[head + 2] << 8 | ip[head + 3];
	return to >= FROM && to < FROM + SYNS ? (int)(to - FROM) : -1;
}

static void cpl_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct ear_conf raw = {.type = SOCK_RAW, .protocol = IPPROTO_TCP};
	struct ear ear = {0};
	struct frame f;

	out->error = ear_open(&ear, st, "ce-a1", &raw);
	for (unsigned i = 0; i < SYNS && !out->error; i++) {
		char from[16];

		snprintf(from, sizeof from, "172.16.1.%u", 50 + i);
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = from,
				     .dst = "192.168.1.1",
				     .protocol = IPPROTO_TCP,
				     .ttl = 255});
		frame_tcp(&f, (uint16_t)(FROM + i), 179, 1000 + i, 0, SYN, NULL, 0);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = ear_heard(&ear, st, SYNS, 1000, cpl_02_answer, NULL);
	ear_close(&ear);
}

const struct attack *attack_cpl_02(void)
{
	static const struct attack row = {
		.id = "CPL-02",
		.title = "a connection to BGP's port from addresses that are no neighbour's",
		.clause = "RFC 4381 3.3, RFC 7454 4",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "no SYN-ACK",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY},
			{ATTACK_KERNEL, "pe1", "Tcp:PassiveOpens", ATTACK_STILL}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cpl_02_launch,
	};

	return &row;
}

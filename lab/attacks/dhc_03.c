/* Requests, RELEASEs and DECLINEs in many clients' names to a server on the router: none of it gets there. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <netinet/in.h>

#define CLIENTS 40

static void dhc_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct dhcp_message in_turn[] = {
		{.type = DHCP_REQUEST}, {.type = DHCP_RELEASE}, {.type = DHCP_DECLINE}};
	const struct ear_conf server = {.type = SOCK_DGRAM, .port = 67, .dev = "vrf-a"};
	struct ear ear = {0};
	struct frame f;

	out->error = ear_open(&ear, st, "pe1", &server);
	for (unsigned i = 0; i < CLIENTS && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = "192.168.1.2",
				     .dst = i % 2 ? "255.255.255.255" : "192.168.1.1",
				     .protocol = IPPROTO_UDP});
		frame_udp(&f, 68, 67);
		dhcp_payload(
			&f, st->nonce, (uint16_t)(i + 1), false, &in_turn[i % ARRAY_LEN(in_turn)]);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = ear_heard(&ear, st, CLIENTS, 1000, NULL, NULL);
	ear_close(&ear);
}

const struct attack *attack_dhc_03(void)
{
	static const struct attack row = {
		.id = "DHC-03",
		.title = "a server's pool emptied: requests, RELEASEs and DECLINEs in many names",
		.clause = "RFC 2131 7, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none reaches a server on the router",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = dhc_03_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}

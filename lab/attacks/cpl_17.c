/* Protocols that routers speak among themselves, from a customer: to the router's address and to their groups. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <netinet/in.h>

struct cpl_17_protocol {
	uint8_t number;
	uint16_t port; /* of UDP */
	const char *group;
};

static const struct cpl_17_protocol cpl_17_protocols[] = {
	{IPPROTO_UDP, 646, "224.0.0.2"},  /* LDP */
	{IPPROTO_UDP, 520, "224.0.0.9"},  /* RIP */
	{IPPROTO_UDP, 3784, "224.0.0.1"}, /* BFD */
	{89, 0, "224.0.0.5"},		  /* OSPF */
	{103, 0, "224.0.0.13"},		  /* PIM */
	{112, 0, "224.0.0.18"},		  /* VRRP */
};

static void cpl_17_send(struct attack_stage *st, struct attack_impact *out,
	const struct cpl_17_protocol *p, const char *to, uint16_t seq)
{
	struct frame f;

	router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
	frame_ip(&f, &(struct frame_ip){
			     .src = "192.168.1.2", .dst = to, .protocol = p->number, .ttl = 255});
	if (p->port)
		frame_udp(&f, p->port, p->port);
	frame_nonce(&f, st->nonce, seq);
	router_send(st, &f, "ce-a1:eth1", out);
}

/* As if a daemon of each ran in the VPN's instance. */
static int cpl_17_listen(struct ear *e, struct attack_stage *st)
{
	int err = 0;

	for (unsigned i = 0; !err && i < ARRAY_LEN(cpl_17_protocols); i++) {
		const struct cpl_17_protocol *p = &cpl_17_protocols[i];

		err = ear_open(e, st, "pe1",
			&(struct ear_conf){.type = p->port ? SOCK_DGRAM : SOCK_RAW,
				.protocol = p->number,
				.port = p->port,
				.dev = "vrf-a",
				.group = p->group,
				.at = "eth2"});
	}
	return err;
}

static void cpl_17_launch(struct attack_stage *st, struct attack_impact *out)
{
	uint16_t n = ARRAY_LEN(cpl_17_protocols);
	struct ear ear = {0};

	out->error = cpl_17_listen(&ear, st);
	for (uint16_t i = 0; i < n && !out->error; i++) {
		cpl_17_send(st, out, &cpl_17_protocols[i], "192.168.1.1", (uint16_t)(2 * i + 1));
		cpl_17_send(st, out, &cpl_17_protocols[i], cpl_17_protocols[i].group,
			(uint16_t)(2 * i + 2));
	}
	out->hit = ear_heard(&ear, st, 2 * n, 500, NULL, NULL);
	ear_close(&ear);
}

const struct attack *attack_cpl_17(void)
{
	static const struct attack row = {
		.id = "CPL-17",
		.title = "LDP, RIP, BFD, OSPF, PIM and VRRP from a customer",
		.clause = "RFC 4381 3.3, RFC 5036 5.1, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none is heard",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cpl_17_launch,
		.legit = router_others_live,
	};

	return &row;
}

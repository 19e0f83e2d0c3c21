/* A scan of the PE's own address from a customer: nothing answers, open or not. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <netinet/in.h>
#include <string.h>

#define FROM 40000
#define SYN  2

static const uint16_t cpl_01_ports[] = {21, 22, 23, 25, 80, 443, 646, 830, 2601, 8080};

/* TCP from the router to one of the scanner's ports: SYN-ACK or RST, an answer in any case. */
static int cpl_01_answer(const uint8_t *ip, size_t len, void *arg)
{
	static const uint8_t router[] = {192, 168, 1, 1};
	unsigned head = len ? (ip[0] & 15) * 4u : 0, to;

	if (len < head + 20 || memcmp(ip + 12, router, 4))
		return -1;
	to = (unsigned)ip[head + 2] << 8 | ip[head + 3];
	return to >= FROM && to < FROM + ARRAY_LEN(cpl_01_ports) ? (int)(to - FROM) : -1;
}

static void cpl_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct ear_conf raw = {.type = SOCK_RAW, .protocol = IPPROTO_TCP};
	struct ear ear = {0};
	struct frame f;

	out->error = ear_open(&ear, st, "ce-a1", &raw);
	for (unsigned i = 0; i < ARRAY_LEN(cpl_01_ports) && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = i % 2 ? "172.16.1.1" : "192.168.1.2",
				     .dst = "192.168.1.1",
				     .protocol = IPPROTO_TCP});
		frame_tcp(&f, (uint16_t)(FROM + i), cpl_01_ports[i], 1000 + i, 0, SYN, NULL, 0);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = ear_heard(&ear, st, ARRAY_LEN(cpl_01_ports), 1000, cpl_01_answer, NULL);
	ear_close(&ear);
}

const struct attack *attack_cpl_01(void)
{
	static const struct attack row = {
		.id = "CPL-01",
		.title = "a scan of the PE's address in the VPN, from its CE and from behind it",
		.clause = "RFC 4381 3.3, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "nothing is answered",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cpl_01_launch,
	};

	return &row;
}

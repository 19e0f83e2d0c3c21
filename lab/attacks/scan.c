#include "lab/attacks/scan.h"

#include <netinet/in.h>
#include <string.h>

#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"

#define FROM	40000
#define SYN	2
#define WAIT_MS 500

static const char *scan_source(unsigned i)
{
	return i % 2 ? "172.16.1.1" : "192.168.1.2";
}

/* TCP from the router to one of the scanner's ports: SYN-ACK or RST, an answer in any case. */
static int scan_answer(const uint8_t *ip, size_t len, void *arg)
{
	static const uint8_t router[] = {192, 168, 1, 1};
	unsigned head = len ? (ip[0] & 15) * 4u : 0, to;

	if (len < head + 20 || memcmp(ip + 12, router, 4))
		return -1;
	to = (unsigned)ip[head + 2] << 8 | ip[head + 3];
	return to >= FROM && to < FROM + SCAN_PORTS_MAX ? (int)(to - FROM) : -1;
}

void scan_tcp(struct attack_stage *st, struct attack_impact *out, const uint16_t *ports, unsigned n)
{
	const struct ear_conf raw = {.type = SOCK_RAW, .protocol = IPPROTO_TCP};
	struct ear ear = {0};
	struct frame f;

	out->error = ear_open(&ear, st, "ce-a1", &raw);
	for (unsigned i = 0; i < n && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = scan_source(i),
				     .dst = "192.168.1.1",
				     .protocol = IPPROTO_TCP});
		frame_tcp(&f, (uint16_t)(FROM + i), ports[i], 1000 + i, 0, SYN, NULL, 0);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit += ear_heard(&ear, st, n, WAIT_MS, scan_answer, NULL);
	ear_close(&ear);
}

void scan_udp(struct attack_stage *st, struct attack_impact *out, const uint16_t *ports, unsigned n)
{
	struct ear ear = {0};
	struct frame f;

	for (unsigned i = 0; i < n && !out->error; i++)
		out->error = ear_open(&ear, st, st->run->topo.nodes[st->pe_node].name,
			&(struct ear_conf){.type = SOCK_DGRAM, .port = ports[i], .dev = "vrf-a"});
	for (unsigned i = 0; i < n && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = scan_source(i),
				     .dst = "192.168.1.1",
				     .protocol = IPPROTO_UDP});
		frame_udp(&f, (uint16_t)(FROM + i), ports[i]);
		frame_nonce(&f, st->nonce, (uint16_t)(i + 1));
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit += ear_heard(&ear, st, n, WAIT_MS, NULL, NULL);
	ear_close(&ear);
}

/* A neighbour's own protocol, much too fast: segments that look like its session's. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/flood.h"
#include "lab/attacks/router.h"

#include <netinet/in.h>
#include <stdio.h>

#define SEGMENTS 4000
#define RATE	 1000 /* control, a second; a fifth of it at once */
#define ACK	 16
#define REACHED	 "TcpExt:TCPMD5NotFound"

struct cpl_16_link {
	uint8_t to[6], from[6];
};

static void cpl_16_frame(struct frame *f, unsigned i, void *arg)
{
	static const uint8_t keepalive[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 0, 19, 4};
	const struct cpl_16_link *l = arg;

	frame_begin(f, l->to, l->from);
	frame_ip(f, &(struct frame_ip){.src = "192.168.4.2",
			    .dst = "192.168.4.1",
			    .protocol = IPPROTO_TCP,
			    .ttl = 255});
	frame_tcp(f, 20000, 179, i * sizeof keepalive, 1, ACK, NULL, 0);
	frame_octets(f, keepalive, sizeof keepalive);
}

static void cpl_16_launch(struct attack_stage *st, struct attack_impact *out)
{
	long long before = router_counter(st, REACHED);
	struct cpl_16_link l;
	unsigned reached, allowed, ms;

	attack_mac(st, "pe1:eth4", l.to);
	attack_mac(st, "ce-x:eth1", l.from);
	out->partial = true;
	out->sent = flood_send(st, "ce-x:eth1", SEGMENTS, cpl_16_frame, &l, &ms, &out->error);
	allowed = flood_allowed(RATE, RATE / 5, ms);
	reached = router_counted(st, REACHED, before, out->sent, 200);
	out->hit = reached > allowed ? reached - allowed : 0;
	out->counted = out->sent - reached;
	snprintf(out->observed, sizeof out->observed,
		"%u KEEPALIVEs in %u ms, %u reached TCP, %u are allowed", out->sent, ms, reached,
		allowed);
}

const struct attack *attack_cpl_16(void)
{
	static const struct attack row = {
		.id = "CPL-16",
		.title = "a flood of KEEPALIVEs from a neighbour's address",
		.clause = "RFC 6192 3, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "as many as the limit for control packets allows",
		.counter = {{ATTACK_GUARD, "eth4", "ctrl_rate", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_POLICERS,
		.launch = cpl_16_launch,
		.legit = router_others_live,
	};

	return &row;
}

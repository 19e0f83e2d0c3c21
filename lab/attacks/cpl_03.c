/* A flood of SYNs to BGP's port from the neighbour's own address: what reaches the listener is limited, and the others live. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/flood.h"
#include "lab/attacks/router.h"

#include <netinet/in.h>
#include <stdio.h>

#define SYNS	1000
#define RATE	20 /* new-flows, a second and at once */
#define SYN	2
#define REACHED "TcpExt:TCPMD5NotFound" /* each unsigned SYN that the listener sees */

struct cpl_03_link {
	uint8_t to[6], from[6];
};

static void cpl_03_frame(struct frame *f, unsigned i, void *arg)
{
	const struct cpl_03_link *l = arg;

	frame_begin(f, l->to, l->from);
	frame_ip(f, &(struct frame_ip){.src = "192.168.4.2",
			    .dst = "192.168.4.1",
			    .protocol = IPPROTO_TCP,
			    .ttl = 255});
	frame_tcp(f, (uint16_t)(20000 + i), 179, i * 7919, 0, SYN, NULL, 0);
}

static void cpl_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	long long before = router_counter(st, REACHED);
	struct cpl_03_link l;
	unsigned reached, allowed, ms;

	attack_mac(st, "pe1:eth4", l.to);
	attack_mac(st, "ce-x:eth1", l.from);
	out->partial = true;
	out->sent = flood_send(st, "ce-x:eth1", SYNS, cpl_03_frame, &l, &ms, &out->error);
	allowed = flood_allowed(RATE, RATE, ms);
	reached = router_counted(st, REACHED, before, allowed + 1, 200);
	out->hit = reached > allowed ? reached - allowed : 0;
	out->counted = out->sent - reached;
	snprintf(out->observed, sizeof out->observed,
		"%u SYNs in %u ms, %u reached the listener, %u are allowed", out->sent, ms, reached,
		allowed);
}

const struct attack *attack_cpl_03(void)
{
	static const struct attack row = {
		.id = "CPL-03",
		.title = "a flood of SYNs to BGP's port from a neighbour's own address",
		.clause = "RFC 4381 3.3, RFC 6192 3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "as many as new-flows allows reach the listener",
		.counter = {{ATTACK_GUARD, "eth4", "flow_rate", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_POLICERS,
		.launch = cpl_03_launch,
		.legit = router_others_live,
	};

	return &row;
}

/* ARP requests in the names of hosts without number: the neighbour table, which all customers share, stays theirs too. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/flood.h"
#include "lab/attacks/router.h"

#include <stdio.h>
#include <stdlib.h>

#define REQUESTS 1500
#define RATE	 50 /* of ARP, a second and at once */

struct cpl_12_link {
	uint8_t to[6], from[6];
};

static void cpl_12_frame(struct frame *f, unsigned i, void *arg)
{
	static const uint8_t nobody[6];
	const struct cpl_12_link *l = arg;
	char sender[24];

	snprintf(sender, sizeof sender, "10.66.%u.%u", 1 + i / 250, 1 + i % 250);
	frame_begin(f, l->to, l->from);
	frame_arp(f, 1, l->from, sender, nobody, "192.168.4.1");
}

static unsigned cpl_12_entries(struct attack_stage *st)
{
	char out[32] = "";

	attack_shell(st, st->run->topo.nodes[st->pe_node].name,
		"ip neigh show dev eth4 to 10.66.0.0/16 | wc -l", out, sizeof out);
	return (unsigned)strtoul(out, NULL, 10);
}

static void cpl_12_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct cpl_12_link l;
	unsigned ms, allowed, entries;
	char ignored[64];

	attack_mac(st, "pe1:eth4", l.to);
	attack_mac(st, "ce-x:eth1", l.from);
	out->partial = true;
	out->sent = flood_send(st, "ce-x:eth1", REQUESTS, cpl_12_frame, &l, &ms, &out->error);
	allowed = flood_allowed(RATE, RATE, ms);
	entries = cpl_12_entries(st);
	out->hit = entries > allowed ? entries - allowed : 0;
	out->counted = out->sent - entries;
	snprintf(out->observed, sizeof out->observed,
		"%u requests in %u ms made %u neighbours, %u are allowed", out->sent, ms, entries,
		allowed);
	attack_shell(st, st->run->topo.nodes[st->pe_node].name,
		"ip neigh flush dev eth4 to 10.66.0.0/16", ignored, sizeof ignored);
}

const struct attack *attack_cpl_12(void)
{
	static const struct attack row = {
		.id = "CPL-12",
		.title = "the neighbour table filled by ARP requests of hosts without number",
		.clause = "RFC 4381 3.3, RFC 6583 4",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "as many as ARP's limit allows",
		.counter = {{ATTACK_GUARD, "eth4", "arp_rate", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_POLICERS,
		.launch = cpl_12_launch,
		.legit = router_others_live,
	};

	return &row;
}

/* Questions of management and routing protocols, from a customer: nobody answers. */
#include <netinet/in.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#define PE "192.168.1.1"

static const struct {
	const char *what, *dst;
	uint8_t protocol, type, code;
	uint16_t port;
} cor_06_asked[] = {
	{"timestamp", PE, IPPROTO_ICMP, 13, 0, 0},
	{"address mask", PE, IPPROTO_ICMP, 17, 0, 0},
	{"information", PE, IPPROTO_ICMP, 15, 0, 0},
	{"router solicitation", "224.0.0.2", IPPROTO_ICMP, 10, 0, 0},
	{"mrinfo", PE, IPPROTO_IGMP, 0x13, 5, 0},
	{"SNMP", PE, IPPROTO_UDP, 0, 0, 161},
	{"LDP hello", "224.0.0.2", IPPROTO_UDP, 0, 0, 646},
	{"RIP", PE, IPPROTO_UDP, 0, 0, 520},
	{"NTP", PE, IPPROTO_UDP, 0, 0, 123},
	{"OSPF hello", "224.0.0.5", 89, 2, 1, 0},
};

/* Whatever the PE says to its customer that is neither BGP nor ARP. */
static bool cor_06_answer(const struct attack_sight *s, void *arg)
{
	const uint8_t *ip = s->octets + 14;

	(void)arg;
	if (s->len < 34 || s->octets[12] != 8 || s->octets[13])
		return false;
	return s->ours || (ip[9] == IPPROTO_ICMP && ip[12] == 192 && ip[13] == 168);
}

static void cor_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct frame f;

	for (size_t i = 0; i < ARRAY_LEN(cor_06_asked); i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = "192.168.1.2",
				     .dst = cor_06_asked[i].dst,
				     .protocol = cor_06_asked[i].protocol});
		if (cor_06_asked[i].protocol == IPPROTO_UDP)
			frame_udp(&f, 4000, cor_06_asked[i].port);
		else
			frame_icmp(&f, cor_06_asked[i].type, cor_06_asked[i].code, 0);
		frame_nonce(&f, st->nonce, (uint16_t)(i + 1));
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = attack_matched(st, "ce-a1:eth1", out->sent, 300, cor_06_answer, NULL);
	out->partial = true; /* not all of it is answered by any Linux */
}

const struct attack *attack_cor_06(void)
{
	static const struct attack row = {
		.id = "COR-06",
		.title = "ICMP timestamp, mask, information, router solicitation; mrinfo, SNMP, "
			 "LDP, RIP, "
			 "NTP, OSPF",
		.clause = "RFC 4381 2.2, RFC 4381 3.3, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "nothing is answered",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cor_06_launch,
	};

	return &row;
}

/* ARP for the provider's addresses, also those of other customers' ports: the PE knows only the one of this link. */
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#define ARP_LEN 42
#define REQUEST 1

static const struct cor_04_asked {
	const char *text;
	uint8_t address[4];
} cor_04_asked[] = {
	{"10.255.0.1", {10, 255, 0, 1}}, /* the core's */
	{"10.0.1.1", {10, 0, 1, 1}},
	{"10.255.0.2", {10, 255, 0, 2}},
	{"172.16.2.1", {172, 16, 2, 1}}, /* for somebody else: proxy ARP */
#define OTHERS 4
	{"192.168.4.1",
		{192, 168, 4, 1}}, /* the PE's, at other ports of this VPN: left to the kernel */
	{"192.168.20.1", {192, 168, 20, 1}},
	{"192.168.6.1", {192, 168, 6, 1}},
};

/* A reply (RFC 826) from any address that was asked for. */
static bool cor_04_reply(const struct attack_sight *s, void *arg)
{
	const uint8_t *arp = s->octets + 14;

	(void)arg;
	if (s->len < ARP_LEN || s->octets[12] != 8 || s->octets[13] != 6 || arp[7] != 2)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(cor_04_asked); i++)
		if (!memcmp(arp + 14, cor_04_asked[i].address, 4))
			return true;
	return false;
}

static void cor_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t all[6] = {255, 255, 255, 255, 255, 255}, nobody[6];
	struct frame f;
	uint8_t own[6];

	attack_mac(st, "ce-a1:eth1", own);
	for (size_t i = 0; i < ARRAY_LEN(cor_04_asked); i++) {
		frame_begin(&f, all, own);
		frame_arp(&f, REQUEST, own, "192.168.1.2", nobody, cor_04_asked[i].text);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit =
		attack_matched(st, "ce-a1:eth1", ARRAY_LEN(cor_04_asked), 300, cor_04_reply, NULL);
	out->counted = OTHERS;
	out->partial = true; /* of what is unprotected, the VRF hides the core's */
}

const struct attack *attack_cor_04(void)
{
	static const struct attack row = {
		.id = "COR-04",
		.title =
			"ARP for addresses of the PE's other ports, of the core and of other sites",
		.clause = "RFC 4381 2.2, RFC 4381 3.2, RFC 1027 2.3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none is answered",
		.counter = {{ATTACK_GUARD, "eth2", "arp_target", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_ARP_TARGET,
		.launch = cor_04_launch,
	};

	return &row;
}

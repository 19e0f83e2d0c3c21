/* IPv6 where only IPv4 is sold: it has no VRF, no guard and no filter of its own, so none of it is let in. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#define ICMPV6	   58
#define LINK_LOCAL "fe80::66"

struct vrf_11_asked {
	const char *dst;
	uint8_t next, type, group;
};

/* Whatever IPv6 comes from the PE to its customer. */
static bool vrf_11_six(const struct attack_sight *s, void *arg)
{
	(void)arg;
	return s->len > 54 && s->octets[12] == 0x86 && s->octets[13] == 0xdd;
}

static void vrf_11_send(
	struct attack_stage *st, struct attack_impact *out, const struct vrf_11_asked *a)
{
	static const uint8_t multicast[6] = {0x33, 0x33};
	struct frame f;

	router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
	if (a->group) {
		memcpy(f.octets, multicast, 6);
		f.octets[5] = a->group;
	}
	frame_ip6(&f, LINK_LOCAL, a->dst, a->next, 255);
	if (a->next == ICMPV6)
		frame_icmp(&f, a->type, 0, 0);
	else
		frame_udp(&f, 4000, 7);
	frame_nonce(&f, st->nonce, (uint16_t)(out->sent + 1));
	router_send(st, &f, "ce-a1:eth1", out);
}

/* Its link's routers and hosts, the PE's own link-local address, another site, an address of the core. */
static void vrf_11_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct ear_conf six = {
		.family = AF_INET6, .type = SOCK_RAW, .protocol = IPPROTO_ICMPV6, .dev = "vrf-a"};
	struct ear ear = {0};
	unsigned heard, answers;
	uint8_t m[6];
	char own[48];
	const struct vrf_11_asked asked[] = {
		{"ff02::1", ICMPV6, 128, 1},
		{"ff02::2", ICMPV6, 133, 2},
		{own, ICMPV6, 128, 0},
		{own, 17, 0, 0},
		{"2001:db8:2::1", ICMPV6, 128, 0},
		{"2001:db8:ffff::1", 17, 0, 0},
	};

	out->error = ear_open(&ear, st, "pe1", &six);
	attack_mac(st, "pe1:eth2", m);
	snprintf(own, sizeof own, "fe80::%x:%x:%x:%x", (m[0] ^ 2) << 8 | m[1], m[2] << 8 | 0xff,
		0xfe00 | m[3], m[4] << 8 | m[5]);
	for (size_t i = 0; i < ARRAY_LEN(asked) && !out->error; i++)
		vrf_11_send(st, out, &asked[i]);
	heard = ear_heard(&ear, st, 1, 300, NULL, NULL);
	answers = attack_matched(st, "ce-a1:eth1", 1, 1, vrf_11_six, NULL);
	ear_close(&ear);
	out->hit = heard + answers;
	snprintf(out->observed, sizeof out->observed, "the PE's IPv6 heard %u, and sent %u", heard,
		answers);
	out->partial = true;
}

const struct attack *attack_vrf_11(void)
{
	static const struct attack row = {
		.id = "VRF-11",
		.title = "IPv6 from a customer whose VPN is of IPv4: to the link, the PE, a site, "
			 "the core",
		.clause = "RFC 4381 2.2, RFC 4381 3.4, RFC 4659 11",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none is let in, none is answered",
		.counter = {{ATTACK_GUARD, "eth2", "ethertype_not_allowed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = vrf_11_launch,
	};

	return &row;
}

/* IPv6 neighbour discovery from a customer: router advertisements, redirects, and answers for other stations. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

#include <stdio.h>
#include <string.h>

#define ICMPV6	  58
#define ADVERTISE 134 /* of a router (RFC 4861 4.2) */
#define SOLICIT	  135
#define NEIGHBOR  136
#define REDIRECT  137
#define EACH	  4
#define HOPS	  255
#define LIFETIME  0x40000708 /* hop limit 64, for 1800 s */
#define OVERRIDE  0x20000000
#define LEARN_MS  500
#define ROUTES	  "ip -6 route show table all proto ra"

/* Two addresses, or the 8 octets that an advertisement has, and then the station's own address as an option. */
static void l2_04_send(
	struct attack_stage *st, struct attack_impact *out, uint8_t type, uint32_t rest)
{
	static const uint8_t all[6] = {0x33, 0x33, 0, 0, 0, 1};
	static const uint8_t target[16] = {0xfe, 0x80, [15] = 1}, prefix[16] = {0x20, 1, 0xd, 0xb8};
	uint8_t from[6], option[8] = {type == ADVERTISE || type == SOLICIT ? 1 : 2, 1};
	struct frame f;

	attack_mac(st, "ce-a1:eth1", from);
	memcpy(option + 2, from, 6);
	frame_begin(&f, all, from);
	frame_ip6(&f, "fe80::666", "ff02::1", ICMPV6, HOPS);
	frame_icmp(&f, type, 0, rest);
	frame_octets(&f, target, type == ADVERTISE ? 0 : sizeof target);
	frame_octets(&f, prefix, type == REDIRECT ? sizeof prefix : 0);
	frame_octets(&f, (const uint8_t[8]){0}, type == ADVERTISE ? 8 : 0);
	frame_octets(&f, option, sizeof option);
	frame_end(&f);
	out->error = out->error ? out->error : attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

static bool l2_04_learned(struct attack_stage *st, void *arg)
{
	char routes[512] = "";

	return !attack_shell(st, "pe1", ROUTES, routes, sizeof routes) &&
	       strstr(routes, "fe80::666");
}

static void l2_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	char text[64];

	for (unsigned i = 0; i < EACH; i++) {
		bool last = i + 1 == EACH;

		l2_04_send(st, out, last ? REDIRECT : ADVERTISE, last ? 0 : LIFETIME);
		l2_04_send(st, out, i % 2 ? SOLICIT : NEIGHBOR, i % 2 ? 0 : OVERRIDE);
	}
	out->counted = EACH; /* of each of the two reasons */
	out->partial = true;
	out->hit = attack_until(st, l2_04_learned, NULL, LEARN_MS);
	snprintf(out->observed, sizeof out->observed, "pe1 has %s default route to the customer",
		out->hit ? "a" : "no");
	attack_shell(st, "pe1", "ip -6 route flush table all proto ra", text, sizeof text);
}

const struct attack *attack_l2_04(void)
{
	static const struct attack row = {
		.id = "L2-04",
		.title = "IPv6 router advertisements, redirects and answers for other stations",
		.clause = "RFC 6105 3, RFC 4861 11.1, RFC 4381 6",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "the PE learns no router",
		.counter = {{ATTACK_GUARD, "eth2", "ra_from_ce", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "ethertype_not_allowed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GUARD,
		.launch = l2_04_launch,
	};

	return &row;
}

/* A neighbour asks for the routes of all VPNs: the default membership (RFC 4684 4), in families that were not agreed with it. */
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define SAFI_VPN  128
#define LISTEN_MS 500
#define TAKEN_MS  3000

/* UPDATEs with MP_REACH_NLRI of VPN-IPv4, which we put first (RFC 7606 5.1), as others do as well. */
static void rtg_13_heard(struct speaker *s, void *arg)
{
	static const uint8_t reach[] = {0, 1, SAFI_VPN};
	unsigned *n = arg;

	if (s->type != WIRE_UPDATE)
		return;
	for (size_t i = 0; i + 4 + sizeof(reach) < s->body_len; i++)
		if (s->body[i] == 14 &&
			(!memcmp(s->body + i + 2, reach, sizeof(reach)) ||
				!memcmp(s->body + i + 1 + 2, reach, sizeof(reach)))) {
			++*n;
			return;
		}
}

/* With its End-of-RIB, which is waited for before anything is told (RFC 4684 6). */
static int rtg_13_ask(struct speaker *s)
{
	/* MP_REACH_NLRI: IPv4, route target constraint, next hop, the prefix of no length */
	static const uint8_t all[] = {0, 0, 0, 26, 0x80, 14, 10, 0, 1, 132, 4, 10, 0, 1, 2, 0, 0,
		0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfe, 0x4b};
	static const uint8_t end[] = {0, 0, 0, 6, 0x80, 15, 3, 0, 1, 132};
	int err = speaker_message(s, WIRE_UPDATE, all, sizeof(all));

	return err ? err : speaker_message(s, WIRE_UPDATE, end, sizeof(end));
}

static void rtg_13_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker_conf c = rtg_conf(RTG_ASBR);
	unsigned n = 0;
	struct speaker s;
	bool lost;

	c.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4) |
		     WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT);
	c.heard = rtg_13_heard;
	c.arg = &n;
	out->error = rtg_dial(st, &s, RTG_ASBR, &c);
	if (!out->error)
		out->error = rtg_13_ask(&s);
	out->sent = 1;
	lost = !out->error && !speaker_settled(&s, TAKEN_MS);
	while (!out->error && !n && speaker_wait(&s, LISTEN_MS) == SPEAKER_MESSAGE)
		;
	out->hit = n > 0 || lost;
	snprintf(out->observed, sizeof(out->observed),
		"%u UPDATEs with VPN routes were told; the session %s (%u/%u)", n,
		lost ? "was ended" : "stands", s.code, s.subcode);
	speaker_close(&s);
}

const struct attack *attack_rtg_13(void)
{
	static const struct attack row = {
		.id = "RTG-13",
		.title = "a membership in all VPNs, from a neighbour of another AS",
		.clause = "RFC 4684 8",
		.attacker = "p1:eth1",
		.target = "pe1",
		.passes = "no VPN route is told, and the session stands",
		.counter = {{ATTACK_PEER, "asbr", "notifications_out", ATTACK_STILL}},
		.off = ATTACK_OFF_FAMILIES,
		.launch = rtg_13_launch,
		.legit = rtg_legit_asbr,
	};

	return &row;
}

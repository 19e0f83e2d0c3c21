/*
 * Extended communities that mean something inside the provider, set by a customer: colour (RFC 9012 4.3), encapsulation (4.1), OSPF's
 * domain (RFC 4577 4.2.4), another site's origin (RFC 4364 7). What of them is seen on the wire towards pe2 was believed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define COMMUNITIES 4

static bool rtg_19_carries(const struct attack_sight *s, void *arg)
{
	const uint8_t *community = arg;

	for (size_t i = 0; s->in && i + 8 <= s->len; i++)
		if (!memcmp(s->octets + i, community, 8))
			return true;
	return false;
}

static void rtg_19_launch(struct attack_stage *st, struct attack_impact *out)
{
	uint8_t attr[3 + COMMUNITIES * 8] = {0xc0, 16, COMMUNITIES * 8, 0x03, 0x0b, 0, 0, 0, 0, 0,
		100,				      /* colour 100 */
		0x03, 0x0c, 0, 0, 0, 0, 0, 2,	      /* encapsulation: GRE */
		0x00, 0x05, 0, 0, 0, 77, 2, 0,	      /* OSPF domain */
		0x00, 0x03, 0xfd, 0xe8, 0, 0, 0, 77}; /* site of origin 65000:77 */
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	if (!out->error)
		out->error = speaker_announce(&s, "172.16.66.0/24", attr, sizeof(attr));
	out->sent = COMMUNITIES;
	if (!out->error && !rtg_marked(st, &s, "pe2"))
		out->error = -ETIMEDOUT;
	for (unsigned i = 0; i < COMMUNITIES && !out->error; i++)
		out->hit +=
			attack_matched(st, "pe2:eth1", 1, 50, rtg_19_carries, attr + 3 + 8 * i) > 0;
	snprintf(out->observed, sizeof(out->observed), "%u of %u communities seen at pe2", out->hit,
		out->sent);
	speaker_close(&s);
}

const struct attack *attack_rtg_19(void)
{
	static const struct attack row = {
		.id = "RTG-19",
		.title = "communities of the provider's own, set by a customer",
		.clause = "RFC 7454 11, RFC 9012 11",
		.attacker = "ce-x:eth1",
		.target = "pe2",
		.passes = "none of them leaves the PE",
		.counter = {{ATTACK_PEER, "ce-x", "other_extended_communities_stripped",
			ATTACK_EXACTLY}},
		.off = ATTACK_OFF_ROUTE_TARGETS,
		.launch = rtg_19_launch,
		.legit = rtg_legit,
	};

	return &row;
}

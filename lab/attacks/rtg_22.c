/*
 * Malformed optional transitive attributes that came through a router which did not know them (Partial bit): who ends the session
 * for them lets anybody far away end it (RFC 7606 1). Treated as withdrawals, and nothing of them passed on.
 *
 * There is nothing to switch off. The control is in it: a message with a broken marker, sent last, does end the session.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define WAIT_MS 3000

struct rtg_22_attr {
	uint8_t octets[24], len;
};

/* Those that are taken for routes all the same, and whether the session stands. */
static bool rtg_22_all(struct attack_stage *st, struct speaker *s, struct attack_impact *out)
{
	static const struct rtg_22_attr attrs[] = {
		{{0xe0, 8, 5, 0xfd, 0xe8, 0, 1, 2}, 8},		       /* COMMUNITIES */
		{{0xe0, 16, 7, 0, 2, 0xfd, 0xe8, 0, 0, 0}, 10},	       /* EXTENDED_COMMUNITIES */
		{{0xe0, 32, 11, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0}, 14}, /* LARGE_COMMUNITIES */
		{{0xe0, 35, 3, 0, 0, 1}, 6},			       /* OTC */
	};
	char prefix[ARRAY_LEN(attrs)][32];

	for (unsigned i = 0; i < ARRAY_LEN(attrs) && !out->error; i++) {
		snprintf(prefix[i], sizeof(prefix[i]), "172.16.%u.0/24", 66 + i);
		out->error = speaker_announce(s, prefix[i], attrs[i].octets, attrs[i].len);
		out->sent++;
	}
	if (!rtg_marked(st, s, "pe2")) {
		out->error = rtg_lost(s) ? 0 : -ETIMEDOUT;
		return false;
	}
	for (unsigned i = 0; i < ARRAY_LEN(attrs); i++)
		out->hit += rtg_taken(st, "pe2", "vrf-a", prefix[i]);
	return speaker_settled(s, WAIT_MS);
}

/* The control: what must end a session does. */
static bool rtg_22_ends(struct speaker *s)
{
	uint8_t broken[WIRE_HEADER_LEN] = {0};

	broken[17] = WIRE_HEADER_LEN;
	broken[18] = WIRE_KEEPALIVE;
	return !speaker_send(s, broken, sizeof(broken)) && !speaker_settled(s, WAIT_MS) && !s->up;
}

static void rtg_22_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;
	bool stands;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	stands = !out->error && rtg_22_all(st, &s, out);
	if (!out->error && !stands)
		out->hit = out->sent;
	else if (!out->error && !rtg_22_ends(&s))
		out->error = -EPROTO;
	snprintf(out->observed, sizeof(out->observed), "the session %s ended it (%u/%u)",
		stands ? "stood; a broken marker" : "was lost: they", s.code, s.subcode);
	speaker_close(&s);
}

const struct attack *attack_rtg_22(void)
{
	static const struct attack row = {
		.id = "RTG-22",
		.title = "malformed attributes through an innocent neighbour",
		.clause = "RFC 7606 1, RFC 7606 6",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the session stands; the routes are treated as withdrawn",
		.counter = {{ATTACK_PEER, "ce-x", "treated_as_withdraw", ATTACK_EXACTLY}},
		.launch = rtg_22_launch,
		.legit = rtg_legit,
	};

	return &row;
}

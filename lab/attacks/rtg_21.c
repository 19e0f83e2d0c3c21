/*
 * A route whose attributes fill the longest message (RFC 8654) on the way in: with the route target and MP_REACH_NLRI that the PE
 * must add it fits into none on the way out. The route is lost towards that neighbour, and nothing else.
 *
 * There is nothing to switch off. The control is in it: with fewer octets the same attribute passes to pe2 whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define SMALL 1000
/* header 19, lengths 4, ORIGIN 4, AS_PATH 9, NEXT_HOP 7, NLRI 4, the attribute's head 4 */
#define AROUND 51

static int rtg_21_tell(struct attack_stage *st, struct speaker *s, const char *prefix, uint16_t len)
{
	uint8_t *attr = calloc(1, 4 + (size_t)len);
	int err;

	CHECK(attr);
	attr[0] = 0xd0; /* optional, transitive, two octets of length */
	attr[1] = 99;
	attr[2] = (uint8_t)(len >> 8);
	attr[3] = (uint8_t)len;
	memcpy(attr + 4, st->nonce, LAB_NONCE_LEN);
	err = speaker_announce(s, prefix, attr, 4 + (size_t)len);
	free(attr);
	return err;
}

static void rtg_21_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;
	bool small, full, mine, theirs;
	struct speaker_conf c = rtg_conf(RTG_CE_X);
	unsigned most;

	c.extended = true;
	out->error = rtg_dial(st, &s, RTG_CE_X, &c);
	most = s.ctx.msg_max - AROUND;
	if (!out->error)
		out->error = rtg_21_tell(st, &s, "172.16.66.0/24", SMALL);
	if (!out->error)
		out->error = rtg_21_tell(st, &s, "172.16.67.0/24", (uint16_t)most);
	out->sent = 1;
	full = !out->error && rtg_marked(st, &s, "pe2");
	mine = s.up;
	theirs = attack_session_up(st, "pe2", "10.255.0.3", NULL);
	out->hit = !mine || !theirs || !full;
	small = rtg_taken(st, "pe2", "vrf-a", "172.16.66.0/24");
	full = rtg_taken(st, "pe2", "vrf-a", "172.16.67.0/24");
	if (!out->error && !out->hit && !small)
		out->error = -EPROTO;
	snprintf(out->observed, sizeof(out->observed),
		"with %u octets at pe2: %s; with %u: %s; sessions of ce-x and pe2: %s, %s", SMALL,
		small ? "yes" : "no", most, full ? "yes" : "no", mine ? "up" : "down",
		theirs ? "up" : "down");
	speaker_close(&s);
}

const struct attack *attack_rtg_21(void)
{
	static const struct attack row = {
		.id = "RTG-21",
		.title = "a route that fits into a message on the way in alone",
		.clause = "RFC 4271 9.2, RFC 8654 4",
		.attacker = "ce-x:eth1",
		.target = "pe2",
		.passes = "it is not told to pe2; what comes after it is; no session ends",
		.counter = {{ATTACK_PEER, "pe2", "established", ATTACK_STILL},
			{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_STILL}},
		.mixed = true,
		.launch = rtg_21_launch,
		.legit = rtg_legit,
	};

	return &row;
}

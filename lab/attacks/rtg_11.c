/*
 * Roles: a neighbour that says it is something else than was agreed, and a customer's route that was told only to customers
 * before, and so is a leak (RFC 9234 4.2, 5).
 */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define PROVIDER 0

static bool rtg_11_mismatch(struct attack_stage *st, struct speaker *s)
{
	struct speaker_conf c = rtg_conf(RTG_CE_X);
	bool up;

	c.role = PROVIDER;
	up = !rtg_dial(st, s, RTG_CE_X, &c);
	speaker_close(s);
	return up;
}

static int rtg_11_leak(struct attack_stage *st, struct speaker *s)
{
	static const uint8_t otc[] = {0xc0, 35, 4, 0, 0, 0xfe, 0x99};
	int err = rtg_dial(st, s, RTG_CE_X, NULL);

	if (!err)
		err = speaker_announce(s, "172.16.66.0/24", otc, sizeof(otc));
	if (!err && !rtg_marked(st, s, "pe1"))
		err = -ETIMEDOUT;
	return err;
}

static void rtg_11_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;
	bool up = rtg_11_mismatch(st, &s);
	unsigned code = s.code, subcode = s.subcode;
	bool taken;

	out->error = rtg_11_leak(st, &s);
	taken = !out->error && rtg_taken(st, "pe1", "vrf-a", "172.16.66.0/24");
	out->sent = 2;
	out->counted = 1; /* each counter is of one of them */
	out->hit = up + taken;
	snprintf(out->observed, sizeof(out->observed),
		"a provider's role: %s (NOTIFICATION %u/%u); a leaked route: %s",
		up ? "taken" : "refused", code, subcode, taken ? "taken" : "refused");
	speaker_close(&s);
}

const struct attack *attack_rtg_11(void)
{
	static const struct attack row = {
		.id = "RTG-11",
		.title = "a role that was not agreed, and a leaked route",
		.clause = "RFC 9234 4.2, RFC 9234 5",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "no session by NOTIFICATION 2/11; the route is not eligible",
		.counter = {{ATTACK_PEER, "ce-x", "refused.leak", ATTACK_EXACTLY},
			{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_AT_LEAST}},
		.off = ATTACK_OFF_ROLE,
		.launch = rtg_11_launch,
		.legit = rtg_legit,
	};

	return &row;
}

/*
 * Families that were not agreed: a customer and a neighbour of another AS offer VPN-IPv4 and others, and then send a VPN route
 * with customer B's target all the same.
 */
#include <errno.h>
#include <stdio.h>

#include "bgpd/wire/rd.h"
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define TAKEN_MS 3000
#define WAIT_MS	 300
#define LABEL	 1000
#define PREFIX	 "172.16.66.0/24"

static bool rtg_14_taken(struct attack_stage *st, void *arg)
{
	return rtg_count(st, "vrf-b", PREFIX, false) > 0;
}

/* One hit each: the family is offered back; the route is in vrf-b. */
static int rtg_14_one(struct attack_stage *st, enum rtg_who who, struct attack_impact *out)
{
	/* 2/128, 1/4, 25/70: what is not in our codec's tables */
	static const uint8_t capas[] = {1, 4, 0, 2, 0, 128, 1, 4, 0, 1, 0, 4, 1, 4, 0, 25, 0, 70};
	static const uint8_t target[] = {0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 102};
	struct speaker_route r = {.prefix = PREFIX,
		.extra = target,
		.n_extra = sizeof(target),
		.family = WIRE_VPNV4,
		.rd = (uint64_t)65099 << 32 | 1,
		.label = LABEL};
	struct speaker_conf c = rtg_conf(who);
	struct speaker s;
	int err;

	c.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4);
	c.capas = capas;
	c.capas_len = sizeof(capas);
	err = rtg_dial(st, &s, who, &c);
	if (!err)
		err = speaker_update(&s, &r);
	if (!err && !speaker_settled(&s, TAKEN_MS))
		err = -ECONNRESET;
	if (!err) {
		out->hit += (s.theirs.families & WIRE_FAMILY_BIT(WIRE_VPNV4)) != 0;
		out->hit += attack_until(st, rtg_14_taken, NULL, WAIT_MS);
	}
	out->sent += 2;
	speaker_close(&s);
	return err;
}

static void rtg_14_launch(struct attack_stage *st, struct attack_impact *out)
{
	out->partial =
		true; /* whichever of the two, and of the customer's nothing can ever be agreed */
	out->error = rtg_14_one(st, RTG_CE_X, out);
	if (!out->error)
		out->error = rtg_14_one(st, RTG_ASBR, out);
	snprintf(out->observed, sizeof(out->observed),
		"%u of: VPN-IPv4 offered back, the VPN route in vrf-b, by the CE and by the other "
		"AS",
		out->hit);
}

const struct attack *attack_rtg_14(void)
{
	static const struct attack row = {
		.id = "RTG-14",
		.title = "VPN routes on a session that is not agreed for them",
		.clause = "RFC 4760 8, RFC 4364 10",
		.attacker = "ce-x:eth1",
		.target = "ce-b1:eth1",
		.passes = "the family is not offered back, the route is in no VPN, the sessions "
			  "stand",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_STILL},
			{ATTACK_PEER, "asbr", "notifications_out", ATTACK_STILL}},
		.off = ATTACK_OFF_FAMILIES,
		.launch = rtg_14_launch,
		.legit = rtg_legit_asbr,
	};

	return &row;
}

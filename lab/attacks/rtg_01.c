/* More prefixes than were agreed: the session ends by Cease/1 before the VRF has more of them than the limit says. */
#include <stdio.h>

#include "bgpd/wire/notify.h"
#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define LIMIT	 1000
#define PREFIXES 1100
#define TAKEN_MS 8000

static bool rtg_01_all(struct attack_stage *st, void *arg)
{
	unsigned *n = arg;
	unsigned now = rtg_count(st, "vrf-a", "20.0.0.0/8", false);

	*n = now > *n ? now : *n;
	return *n >= PREFIXES;
}

static void rtg_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker_route flood = {.prefix = "20.0.0.0/24", .count = PREFIXES};
	struct speaker s;
	unsigned n = 0;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	if (!out->error)
		out->error = speaker_update(&s, &flood);
	if (!out->error) {
		out->sent = 1;
		if (speaker_settled(&s, TAKEN_MS))
			attack_until(st, rtg_01_all, &n, TAKEN_MS);
		else
			rtg_01_all(st, &n);
		out->hit = n > LIMIT;
	}
	snprintf(out->observed, sizeof(out->observed),
		"%u prefixes told, %u seen in vrf-a, NOTIFICATION %u/%u", PREFIXES, n, s.code,
		s.subcode);
	speaker_close(&s);
}

const struct attack *attack_rtg_01(void)
{
	static const struct attack row = {
		.id = "RTG-01",
		.title = "more prefixes than agreed",
		.clause = "RFC 4381 3.3, RFC 4486 4",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the VRF never has more than 1000 of them; Cease/1",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_EXACTLY},
			{ATTACK_LOG, "pe1", "max_prefix", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MAX_PREFIX,
		.launch = rtg_01_launch,
		.legit = rtg_legit,
		.disrupts = true,
	};

	return &row;
}

/* A neighbour of another AS for which no policy was written: nothing of what it says is used (RFC 8212 2). */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lab/frr.h"

#define SETTLE_MS 2000

/* Has the PE taken it in. */
static bool rtg_15_taken(struct attack_stage *st, const char *prefix)
{
	char ask[96];
	json_t *answer;
	bool taken;

	if (st->pe == ATTACK_PE_FRR) {
		snprintf(ask, sizeof(ask), "show bgp ipv4 unicast %s json", prefix);
		answer = lab_frr_ask("pe1", "bgpd", ask);
		taken = json_array_size(json_object_get(answer, "paths")) > 0;
	} else {
		snprintf(ask, sizeof(ask), "/v1/bgp/ipv4?prefix=%s", prefix);
		answer = attack_api(st, ask);
		taken = json_array_size(json_object_get(answer, "routes")) > 0;
	}
	json_decref(answer);
	return taken;
}

static void rtg_15_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_NEW, NULL);
	if (!out->error)
		out->error = speaker_announce(&s, "198.51.100.0/24", NULL, 0);
	out->sent = 1;
	if (!out->error && !speaker_settled(&s, SETTLE_MS))
		out->error = -ECONNRESET;
	out->hit = !out->error && rtg_15_taken(st, "198.51.100.0/24");
	snprintf(out->observed, sizeof(out->observed), "the session stands; its route is %s",
		out->hit ? "taken in" : "in no table");
	speaker_close(&s);
}

const struct attack *attack_rtg_15(void)
{
	static const struct attack row = {
		.id = "RTG-15",
		.title = "routes of a neighbour without a policy",
		.clause = "RFC 8212 2",
		.attacker = "p1:eth1",
		.target = "pe1",
		.passes = "nothing is taken in",
		.counter = {{ATTACK_PEER, "new", "refused.no-import-policy", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_IMPORT_POLICY,
		.launch = rtg_15_launch,
		.legit = rtg_legit_asbr,
	};

	return &row;
}

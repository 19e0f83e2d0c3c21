/* BLACKHOLE (RFC 7999) for hosts of other sites: whoever has no route to them may not have their traffic discarded. */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define WAIT_MS 150

struct rtg_18_holes {
	unsigned n, want;
};

static bool rtg_18_all(struct attack_stage *st, void *arg)
{
	struct rtg_18_holes *h = arg;

	h->n = rtg_count(st, "vrf-a", "172.16.0.0/16", true);
	return h->n >= h->want;
}

static void rtg_18_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t blackhole[] = {0xc0, 8, 4, 0xff, 0xff, 0x02, 0x9a};
	static const char *const hosts[] = {"172.16.1.66/32", "172.16.2.66/32"};
	struct rtg_18_holes holes = {.want = ARRAY_LEN(hosts)};
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	for (unsigned i = 0; i < ARRAY_LEN(hosts) && !out->error; i++) {
		out->error = speaker_announce(&s, hosts[i], blackhole, sizeof(blackhole));
		out->sent++;
	}
	if (!out->error && !rtg_marked(st, &s, "pe1"))
		out->error = -ETIMEDOUT;
	if (!out->error)
		attack_until(st, rtg_18_all, &holes, WAIT_MS);
	out->hit = holes.n;
	snprintf(out->observed, sizeof(out->observed), "%u blackholes in vrf-a of pe1", holes.n);
	speaker_close(&s);
}

const struct attack *attack_rtg_18(void)
{
	static const struct attack row = {
		.id = "RTG-18",
		.title = "blackholes for another site's hosts",
		.clause = "RFC 7999 3.3",
		.attacker = "ce-x:eth1",
		.target = "ce-a2:eth1",
		.passes = "none is made",
		.counter = {{ATTACK_PEER, "ce-x", "blackholes", ATTACK_STILL}},
		.off = ATTACK_OFF_BLACKHOLES,
		.launch = rtg_18_launch,
		.legit = rtg_legit,
		.only_pe = "ravelin",
	};

	return &row;
}

/* Two customers' sites, each below its own limit, fill a VRF: it takes in no more than it may hold. */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"

#define EACH	 700
#define LIMIT	 1200
#define TAKEN_MS 5000

static bool rtg_03_all(struct attack_stage *st, void *arg)
{
	unsigned *n = arg;

	*n = rtg_count(st, "vrf-a", "20.0.0.0/8", false);
	return *n >= 2 * EACH;
}

static int rtg_03_fill(
	struct attack_stage *st, struct speaker *s, enum rtg_who who, const char *first)
{
	int err = rtg_dial(st, s, who, NULL);

	if (!err)
		err = speaker_update(s, &(struct speaker_route){.prefix = first, .count = EACH});
	if (!err && !speaker_settled(s, TAKEN_MS))
		err = -ECONNRESET;
	return err;
}

static void rtg_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker one = {.fd = -1}, two = {.fd = -1};
	unsigned n = 0;

	out->error = rtg_03_fill(st, &one, RTG_CE_X, "20.0.0.0/24");
	if (!out->error)
		out->error = rtg_03_fill(st, &two, RTG_CE_T, "20.100.0.0/24");
	if (!out->error) {
		out->sent = 1;
		/* whoever holds the limit holds it at the first look as well */
		attack_until(st, rtg_03_all, &n, 1000);
		out->hit = n > LIMIT;
		out->counted = 2 * EACH - n;
	}
	snprintf(
		out->observed, sizeof(out->observed), "2 x %u prefixes told, %u in vrf-a", EACH, n);
	speaker_close(&one);
	speaker_close(&two);
}

const struct attack *attack_rtg_03(void)
{
	static const struct attack row = {
		.id = "RTG-03",
		.title = "sites below their limits fill the VRF together",
		.clause = "RFC 4381 3.3, RFC 5920 7.2",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the VRF holds no more than 1200 routes, and both sessions stand",
		.counter = {{ATTACK_PEER, "ce-t", "routes_left_out", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MAX_ROUTES,
		.launch = rtg_03_launch,
		.legit = rtg_legit,
		.disrupts = true,
	};

	return &row;
}

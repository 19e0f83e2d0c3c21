/*
 * The clock of the day set forward and back by a day: sessions live by another one. Only where this kernel's clock is nobody else's. Its
 * control is in it: the router's log is dated by the clock that was moved.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY	86400
#define STAY_MS 300

static bool mgt_08_own_clock(void)
{
	char text[512] = "";
	FILE *f = fopen("/proc/cpuinfo", "re");

	if (f) {
		text[fread(text, 1, sizeof text - 1, f)] = 0;
		fclose(f);
	}
	return strstr(text, "User Mode Linux") != NULL;
}

static int mgt_08_jump(time_t seconds)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += seconds;
	return clock_settime(CLOCK_REALTIME, &ts) ? -errno : 0;
}

static bool mgt_08_lives(struct attack_stage *st)
{
	poll(NULL, 0, STAY_MS);
	return attack_session_up(st, "ce-a1", "192.168.1.2", "vrf-a") &&
	       attack_session_up(st, "pe2", "10.255.0.3", NULL);
}

static void mgt_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const time_t jumps[] = {DAY, -2 * DAY};
	unsigned alive = 0;

	if (!mgt_08_own_clock()) {
		out->skip = "this kernel's clock is the machine's, which others need";
		return;
	}
	for (unsigned i = 0; i < 2 && !out->error; i++) {
		out->error = mgt_08_jump(jumps[i]);
		out->sent++;
		alive += mgt_08_lives(st);
	}
	mgt_08_jump(DAY);
	out->partial = true;
	out->hit = out->sent - alive;
	snprintf(out->observed, sizeof out->observed,
		"a day forward, two back: the sessions lived %u times of %u", alive, out->sent);
}

const struct attack *attack_mgt_08(void)
{
	static const struct attack row = {
		.id = "MGT-08",
		.title = "the clock of the day jumps, forward and back",
		.clause = "RFC 4271 10, RFC 4364 13.2",
		.attacker = "pe1",
		.target = "pe1",
		.passes = "no session notices",
		.counter = {{ATTACK_PEER, "ce-a1", "notifications_out", ATTACK_STILL},
			{ATTACK_PEER, "ce-a1", "notifications_in", ATTACK_STILL}},
		.launch = mgt_08_launch,
		.legit = router_others_live,
	};

	return &row;
}

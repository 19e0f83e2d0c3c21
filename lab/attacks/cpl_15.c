/* A message that never ends, an octet at a time: the session does not outlive its hold time by it (RFC 4271 6.5). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"

#include <stdio.h>

#define HOLD_S	3
#define LONG_MS 4500
#define STEP_MS 300
#define DIAL_MS 3000

static enum speaker_event cpl_15_dawdle(struct speaker *s)
{
	static const uint8_t head[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 15, 255, 2};
	uint64_t end = speaker_now_ms() + LONG_MS;
	enum speaker_event ev = SPEAKER_NOTHING;

	speaker_send(s, head, sizeof head);
	while ((ev == SPEAKER_NOTHING || ev == SPEAKER_MESSAGE) && speaker_now_ms() < end) {
		speaker_send(s, (const uint8_t[]){0}, 1);
		ev = speaker_wait(s, STEP_MS);
	}
	return ev;
}

static void cpl_15_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct speaker_conf c = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.hold = HOLD_S,
		.ttl = 255,
		.patient = true};
	struct speaker s;
	enum speaker_event ev;

	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	out->error = speaker_dial(&s, st, &c, DIAL_MS);
	if (!out->error) {
		out->sent = 1;
		ev = cpl_15_dawdle(&s);
		out->hit = ev != SPEAKER_NOTIFICATION && ev != SPEAKER_CLOSED;
		snprintf(out->observed, sizeof out->observed,
			out->hit ? "still up after %u ms"
				 : "ended within %u ms, NOTIFICATION %u/%u",
			LONG_MS, s.code, s.subcode);
	}
	speaker_reset(&s);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

const struct attack *attack_cpl_15(void)
{
	static const struct attack row = {
		.id = "CPL-15",
		.title = "a message that never ends, an octet at a time",
		.clause = "RFC 4271 6.5, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the hold timer ends the session",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_HOLD,
		.launch = cpl_15_launch,
		.legit = router_others_live,
		.slow = true,
	};

	return &row;
}

/*
 * A session that is up and broken again and again. Its control is in it: when an operator has the failures forgotten each time,
 * all of them come up in about the same time, so it is the idle time that held them back (RFC 4271 8.1, DampPeerOscillations).
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"

#include <errno.h>
#include <stdio.h>

#define FLAPS	  4
#define WINDOW_MS 1200
#define ALLOWED	  2 /* at once, and after the first pause, which is 750 ms at least */
#define DIAL_MS	  2000

/* Up, and broken by an UPDATE whose lengths lie (RFC 4271 6.3). */
static bool cpl_14_flap(struct attack_stage *st, unsigned ms)
{
	static const uint8_t lie[] = {0xff, 0xff, 0, 0};
	const struct speaker_conf c = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true};
	enum speaker_event ev = SPEAKER_MESSAGE;
	struct speaker s;
	int err = speaker_dial(&s, st, &c, ms);

	if (!err)
		err = speaker_message(&s, WIRE_UPDATE, lie, sizeof lie);
	while (!err && ev == SPEAKER_MESSAGE)
		ev = speaker_wait(&s, DIAL_MS);
	speaker_close(&s);
	return !err && ev == SPEAKER_NOTIFICATION;
}

static unsigned cpl_14_forgiven(struct attack_stage *st)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FLAPS; i++) {
		speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
		n += cpl_14_flap(st, DIAL_MS);
	}
	return n;
}

static void cpl_14_launch(struct attack_stage *st, struct attack_impact *out)
{
	uint64_t end, now;
	unsigned n = 0, control;

	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	end = speaker_now_ms() + WINDOW_MS;
	while ((now = speaker_now_ms()) < end && n < FLAPS)
		n += cpl_14_flap(st, (unsigned)(end - now));
	control = cpl_14_forgiven(st);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	out->partial = true;
	out->sent = FLAPS;
	out->hit = n > ALLOWED ? n - ALLOWED : 0;
	out->error = control == FLAPS ? 0 : -EPROTO;
	snprintf(out->observed, sizeof out->observed,
		"%u sessions in %u ms; with the failures forgiven, %u of %u", n, WINDOW_MS, control,
		FLAPS);
}

const struct attack *attack_cpl_14(void)
{
	static const struct attack row = {
		.id = "CPL-14",
		.title = "a session that is broken and built again without end",
		.clause = "RFC 4271 8.1, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "each failure makes the next pause longer",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_AT_LEAST}},
		.launch = cpl_14_launch,
		.legit = router_others_live,
	};

	return &row;
}

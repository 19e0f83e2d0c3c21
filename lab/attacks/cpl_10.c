/*
 * OPENs that no router may take, each with the NOTIFICATION that it must get (RFC 4271 6.1, 6.2). Its control is in it: the same
 * OPEN unspoiled, after all of them, is a session.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker.h"
#include "lib/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WAIT_MS 1500

/* n octets at `at` of a right OPEN, and what must be said to it. */
struct cpl_10_spoiled {
	uint8_t at, n, octets[4];
	uint8_t code, subcode;
};

static const struct cpl_10_spoiled cpl_10_cases[] = {
	{19, 1, {5}, 2, 1},	     /* version */
	{20, 2, {0, 0}, 2, 2},	     /* AS 0 */
	{22, 2, {0, 1}, 2, 6},	     /* hold time 1 s */
	{24, 4, {0, 0, 0, 0}, 2, 3}, /* identifier 0.0.0.0 */
	{29, 1, {3}, 2, 4},	     /* an optional parameter that nobody knows */
	{0, 1, {0}, 1, 1},	     /* marker */
	{17, 1, {28}, 1, 2},	     /* shorter than any OPEN */
	{18, 1, {6}, 1, 3},	     /* no type of message */
};

static const struct speaker_conf cpl_10_conf = {.node = "ce-x",
	.local = "192.168.4.2",
	.remote = "192.168.4.1",
	.password = "CeXSecret",
	.as = 65104,
	.ttl = 255,
	.patient = true};

/* The router may say its own OPEN first. True: the right NOTIFICATION. */
static bool cpl_10_refused(
	struct attack_stage *st, const struct cpl_10_spoiled *c, struct attack_impact *out)
{
	struct speaker_conf conf = cpl_10_conf;
	uint8_t open[WIRE_MSG_MAX];
	struct speaker s;
	enum speaker_event ev;
	size_t len;
	bool right;

	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	len = speaker_open_put(&cpl_10_conf, open);
	memcpy(open + c->at, c->octets, c->n);
	/* only when the router has said its OPEN: or its last words may be lost with a connection that has octets unread */
	conf.open = open;
	ev = speaker_dial(&s, st, &conf, WAIT_MS) ? SPEAKER_CLOSED : speaker_wait(&s, WAIT_MS);
	if (ev == SPEAKER_MESSAGE && speaker_send(&s, open, len))
		ev = SPEAKER_CLOSED;
	while (ev == SPEAKER_MESSAGE)
		ev = speaker_wait(&s, WAIT_MS);
	right = ev == SPEAKER_NOTIFICATION && s.code == c->code && s.subcode == c->subcode;
	if (!right)
		snprintf(out->observed, sizeof out->observed,
			"NOTIFICATION %u/%u must come, %s %u/%u did; ", c->code, c->subcode,
			ev == SPEAKER_NOTIFICATION ? "NOTIFICATION" : "no", s.code, s.subcode);
	speaker_close(&s);
	return right;
}

static void cpl_10_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;
	int err;

	for (unsigned i = 0; i < ARRAY_LEN(cpl_10_cases); i++) {
		out->sent++;
		out->hit += !cpl_10_refused(st, &cpl_10_cases[i], out);
	}
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	err = speaker_dial(&s, st, &cpl_10_conf, 2 * WAIT_MS);
	out->error = err;
	out->partial = true;
	snprintf(out->observed + strlen(out->observed),
		sizeof out->observed - strlen(out->observed), "the OPEN unspoiled is %s",
		err ? "refused too" : "a session");
	speaker_close(&s);
}

const struct attack *attack_cpl_10(void)
{
	static const struct attack row = {
		.id = "CPL-10",
		.title = "spoiled OPENs: version, AS, hold time, identifier, parameter, header",
		.clause = "RFC 4271 6.1, RFC 4271 6.2, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "each is refused with its own NOTIFICATION",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_EXACTLY}},
		.launch = cpl_10_launch,
		.legit = router_others_live,
	};

	return &row;
}

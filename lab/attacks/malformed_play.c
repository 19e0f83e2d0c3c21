/* One case played. Nothing here waits longer than it has to: it asks until it is so. */
#include "lab/attacks/malformed_play.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define CUSTOMER_AS 65101
#define TARGET	    "10.0.1.0/24" /* what the vectors announce once more, wrongly */
#define SESSION_MS  8000	  /* longer than any of these routers makes one wait */
#define ONE_DIAL_MS 1500
#define AGAIN_MS    20
#define TAKEN_MS    4000 /* until a route that was said is there */
#define ANSWER_MS   2500
#define SETTLE_MS   300 /* what is seen behind the marker may still be under way */
#define DEATH_MS    150
#define RESTART_S   120

/* Until this message comes, or none any more. */
static enum speaker_event play_expect(struct speaker *s, enum wire_msg_type type, unsigned ms)
{
	unsigned long long deadline = lab_now_ms() + ms;
	enum speaker_event ev = SPEAKER_NOTHING;

	do {
		unsigned long long now = lab_now_ms();

		ev = speaker_wait(s, deadline > now ? deadline - now : 0);
		if (ev != SPEAKER_MESSAGE || s->type == type)
			return ev;
	} while (lab_now_ms() < deadline);
	return SPEAKER_NOTHING;
}

/*
 * The customer can take End-of-RIB (a graceful restart capability without families, RFC 4724 3), as real ones do: one of the deaths needs it. Nobody
 * keeps what its session has left behind.
 */
static void play_conf(
	const struct malformed_play *p, struct speaker_conf *conf, const char *address)
{
	static const uint8_t restart[] = {64, 2, 0, RESTART_S};

	*conf = (struct speaker_conf){
		.node = p->node,
		.local = address,
		.remote = "192.168.0.1",
		.password = p->dut->router->password,
		.as = CUSTOMER_AS,
		.capas = restart,
		.capas_len = sizeof restart,
	};
}

/* As often as it takes: a router that still waits after the last reset refuses, or closes at once. */
static bool play_dial(struct malformed_play *p, const struct speaker_conf *conf)
{
	unsigned long long deadline = lab_now_ms() + SESSION_MS;

	while (speaker_dial(&p->speaker, p->stage, conf, ONE_DIAL_MS)) {
		speaker_close(&p->speaker);
		if (lab_now_ms() > deadline || malformed_dut_died(p->dut, 0))
			return false;
		poll(NULL, 0, AGAIN_MS);
	}
	return true;
}

static bool play_established(struct malformed_play *p, const char *address, bool extended)
{
	struct speaker_conf conf;

	play_conf(p, &conf, address);
	conf.extended = extended;
	return play_dial(p, &conf);
}

/* True: the session is over, and how. */
static bool play_over(struct malformed_play *p, enum speaker_event ev, struct malformed_seen *seen)
{
	/* what a NOTIFICATION has as data comes out of the message, or says what was wanted instead (a version, a capability) */
	const size_t least = 8;

	if (ev == SPEAKER_NOTIFICATION) {
		seen->end = MALFORMED_RESET;
		seen->code = p->speaker.code;
		seen->subcode = p->speaker.subcode;
		seen->leaks = p->speaker.body_len > 2 + least + p->said;
	} else if (ev == SPEAKER_CLOSED) {
		seen->end = MALFORMED_CLOSED;
	}
	return ev == SPEAKER_NOTIFICATION || ev == SPEAKER_CLOSED;
}

/*
 * Connected, and the router has said its OPEN: so it is not one that still waits after the last reset, takes the connection and closes it. Ours is
 * for the caller to say.
 */
static bool play_connected(struct malformed_play *p, const char *address)
{
	unsigned long long deadline = lab_now_ms() + SESSION_MS;
	struct speaker_conf conf;

	play_conf(p, &conf, address);
	conf.open = (const uint8_t *)"";
	while (play_dial(p, &conf)) {
		if (play_expect(&p->speaker, WIRE_OPEN, ONE_DIAL_MS) == SPEAKER_MESSAGE)
			return true;
		speaker_close(&p->speaker);
		if (lab_now_ms() > deadline)
			return false;
		poll(NULL, 0, AGAIN_MS);
	}
	return false;
}

static void play_opening(struct malformed_play *p, const struct malformed_case *c,
	const char *address, struct malformed_seen *seen)
{
	enum speaker_event ev;

	seen->tried = play_connected(p, address);
	if (!seen->tried)
		return;
	p->said = c->len;
	speaker_send(&p->speaker, c->octets, c->len);
	ev = play_expect(&p->speaker, WIRE_KEEPALIVE, ANSWER_MS);
	if (!play_over(p, ev, seen))
		seen->end = ev == SPEAKER_MESSAGE ? MALFORMED_ACCEPTED : MALFORMED_SILENT;
}

/* Until the session is over or the marker is there, whichever is first. */
static void play_watch(struct malformed_play *p, const char *marker, struct malformed_seen *seen)
{
	unsigned long long deadline = lab_now_ms() + TAKEN_MS;

	do {
		enum speaker_event ev = speaker_wait(&p->speaker, 1);

		if (play_over(p, ev, seen))
			return;
		seen->marker = p->dut->router->holds(p->dut, marker) == 1;
	} while (!seen->marker && lab_now_ms() < deadline);
}

static void play_look(
	struct malformed_play *p, const struct malformed_case *c, struct malformed_seen *seen)
{
	unsigned long long deadline = lab_now_ms() + SETTLE_MS;

	do {
		/* one that is reset only after the marker was taken */
		if (play_over(p, speaker_wait(&p->speaker, 1), seen))
			return;
		seen->target = p->dut->router->holds(p->dut, TARGET) == 1;
		seen->other = c->other[0] && p->dut->router->holds(p->dut, c->other) == 1;
	} while (malformed_score(c->session, c->also, seen) != MALFORMED_AS_EXPECTED &&
		 lab_now_ms() < deadline);
}

static void play_said(
	struct malformed_play *p, const struct malformed_case *c, struct malformed_seen *seen)
{
	char marker[32];

	snprintf(marker, sizeof marker, "10.%u.%u.0/24", 200 + p->played / 256, p->played % 256);
	p->said = c->len;
	seen->too_long = c->extended && p->speaker.ctx.msg_max < c->len;
	/* the second fails if the first has ended the session: that is seen by the wait */
	if (speaker_send(&p->speaker, c->octets, c->len) >= 0)
		speaker_announce(&p->speaker, marker, NULL, 0);
	seen->end = MALFORMED_UP;
	play_watch(p, marker, seen);
	if (seen->end == MALFORMED_UP)
		play_look(p, c, seen);
}

/* The session ends, and with it what it said: for some that is what kills them. Then the router is as before. */
static void play_end(struct malformed_play *p, const char *address, struct malformed_seen *seen)
{
	speaker_close(&p->speaker);
	p->dut->router->again(p->dut, address);
	if (!malformed_dut_until(p->dut, TARGET, false, TAKEN_MS))
		seen->died = malformed_dut_died(p->dut, DEATH_MS);
}

void malformed_play_case(
	struct malformed_play *p, const struct malformed_case *c, struct malformed_seen *seen)
{
	char address[20];

	*seen = (struct malformed_seen){0};
	p->played++;
	malformed_dut_address(p->dut, address, sizeof address);
	if (c->opening) {
		play_opening(p, c, address, seen);
	} else if (play_established(p, address, c->extended)) {
		speaker_announce(&p->speaker, TARGET, NULL, 0);
		seen->tried = malformed_dut_until(p->dut, TARGET, true, TAKEN_MS);
		if (seen->tried)
			play_said(p, c, seen);
	}
	/* one that is about to die closes first */
	seen->died = malformed_dut_died(
		p->dut, seen->end == MALFORMED_CLOSED || !seen->tried ? DEATH_MS : 0);
	if (seen->died)
		speaker_close(&p->speaker);
	else
		play_end(p, address, seen);
}

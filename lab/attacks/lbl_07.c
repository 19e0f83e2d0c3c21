/* Labels whose TTL is over: not forwarded, not stripped and sent as IP, and nobody outside is told (RFC 3032 2.4.2). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#include <errno.h>
#include <stdio.h>

#define FRAMES	  5
#define ARRIVE_MS 1000

/* Its control: the same with a TTL of 2 and 255 arrives. */
static unsigned lbl_07_alive(struct attack_stage *st, struct labelled l)
{
	struct attack_impact alive = {.sent = 2 * FRAMES};

	l.ttl_zero = false;
	for (unsigned i = 0; i < FRAMES; i++) {
		l.ttl = 2;
		labelled_send(st, &alive, &l);
		l.ttl = 255;
		labelled_send(st, &alive, &l);
	}
	return attack_arrived(st, "ce-a1:eth1", 2 * FRAMES, ARRIVE_MS);
}

static void lbl_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "p1:eth1", .into = "pe1:eth1", .n_stack = 1};
	unsigned all;

	l.stack[0] = attack_label(st, "vrf-a");
	for (unsigned i = 0; i < FRAMES; i++) {
		l.ttl_zero = true;
		labelled_send(st, out, &l);
		l.ttl_zero = false;
		l.ttl = 1;
		labelled_send(st, out, &l);
	}
	out->hit = attack_arrived(st, "ce-a1:eth1", out->sent, ARRIVE_MS);
	all = lbl_07_alive(st, l);
	if (all < out->hit + 2 * FRAMES)
		out->error = -ETIMEDOUT;
	snprintf(out->observed, sizeof out->observed,
		"with a TTL of 2 and of 255 %u of %u came to ce-a1:eth1", all - out->hit,
		2 * FRAMES);
}

const struct attack *attack_lbl_07(void)
{
	static const struct attack row = {
		.id = "LBL-07",
		.title = "labels with a TTL of 0 and 1, from the core",
		.clause = "RFC 3032 2.4.2, RFC 4381 3.2",
		.attacker = "p1:eth1",
		.target = "ce-a1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_KERNEL, "pe1", "mpls:eth1:errors", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_NONE,
		.mixed = true,
		.launch = lbl_07_launch,
	};

	return &row;
}

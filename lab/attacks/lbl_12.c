/* A neighbour in another AS may use the labels that it was told, and no other: not those of VPNs that are not shared (RFC 4364 10). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"
#include "lab/attacks/otheras.h"

#include <errno.h>
#include <stdio.h>

#define FRAMES	  5
#define TRIES	  30
#define DIAL_MS	  8000
#define ARRIVE_MS 400
#define OWN_MS	  100

/* The label that it was told leads to ce-x, soon after the route was sent. How many were lost before. */
static unsigned lbl_12_own(struct attack_stage *st, struct attack_impact *out)
{
	struct attack_impact own = {0};
	struct labelled l = {.from = "as-s:eth1", .into = "pe1:eth7", .n_stack = 1};

	l.ip.dst = "192.168.4.2";
	l.stack[0] = attack_label(st, "vrf-a");
	while (own.sent < TRIES && !own.error) {
		labelled_send(st, &own, &l);
		if (attack_arrived(st, "ce-x:eth1", 1, OWN_MS))
			return own.sent - 1;
	}
	out->error = own.error ? own.error : -ETIMEDOUT;
	return own.sent;
}

static void lbl_12_others(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "as-s:eth1", .into = "pe1:eth7", .n_stack = 1};

	l.stack[0] = attack_label(st, "vrf-b");
	for (unsigned i = 0; i < FRAMES; i++)
		labelled_send(st, out, &l);
	out->counted += out->sent;
	out->hit = attack_arrived(st, "ce-b1:eth1", out->sent, ARRIVE_MS);
	snprintf(out->observed, sizeof out->observed,
		"its own label passes; with the other's %u of %u came to ce-b1", out->hit,
		out->sent);
}

static void lbl_12_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker s;

	out->error = otheras_dial(&s, st, DIAL_MS);
	if (!out->error)
		out->counted = lbl_12_own(st, out);
	if (!out->error)
		lbl_12_others(st, out);
	speaker_close(&s);
}

const struct attack *attack_lbl_12(void)
{
	static const struct attack row = {
		.id = "LBL-12",
		.title = "the label of a VPN that is not shared, from another AS that is told one "
			 "of another",
		.clause = "RFC 4364 10, RFC 4364 13.1, RFC 4381 4.2",
		.attacker = "as-s:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives; those with the label that it was told do",
		.counter = {{ATTACK_GUARD, "eth7", "label_not_distributed", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_OTHER_AS,
		.mixed = true,
		.launch = lbl_12_launch,
	};

	return &row;
}

/* A customer's route with another VPN's route target, in all encodings of one (RFC 4360 3, RFC 5668 2): it is in no VPN but its own. */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

struct rtg_08_form {
	const char *prefix, *name;
	uint8_t attr[11]; /* EXTENDED_COMMUNITIES with one */
};

static void rtg_08_look(
	struct attack_stage *st, const struct rtg_08_form *f, struct attack_impact *out)
{
	if (!rtg_taken(st, "pe2", "vrf-b", f->prefix) && !rtg_taken(st, "pe1", "vrf-b", f->prefix))
		return;
	out->hit++;
	snprintf(
		out->observed, sizeof(out->observed), "%s, of %s, is in vrf-b", f->prefix, f->name);
}

static void rtg_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct rtg_08_form forms[] = {
		{"172.16.66.0/24", "2-octet AS", {0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 102}},
		{"172.16.67.0/24", "4-octet AS", {0xc0, 16, 8, 2, 2, 0, 3, 0, 0, 0, 102}},
		{"172.16.68.0/24", "IPv4 address", {0xc0, 16, 8, 1, 2, 10, 255, 0, 99, 0, 102}},
	};
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	snprintf(out->observed, sizeof(out->observed), "in vrf-b of neither PE");
	for (unsigned i = 0; i < ARRAY_LEN(forms) && !out->error; i++) {
		out->error =
			speaker_announce(&s, forms[i].prefix, forms[i].attr, sizeof(forms[i].attr));
		out->sent++;
	}
	if (!out->error && !rtg_marked(st, &s, "pe2"))
		out->error = -ETIMEDOUT;
	for (unsigned i = 0; i < ARRAY_LEN(forms) && !out->error; i++)
		rtg_08_look(st, &forms[i], out);
	speaker_close(&s);
}

const struct attack *attack_rtg_08(void)
{
	static const struct attack row = {
		.id = "RTG-08",
		.title = "a customer's route with another VPN's route target",
		.clause = "RFC 4364 4.3.1",
		.attacker = "ce-x:eth1",
		.target = "ce-b1:eth1",
		.passes = "the routes are in their own VPN alone",
		.counter = {{ATTACK_PEER, "ce-x", "route_targets_stripped", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_ROUTE_TARGETS,
		.launch = rtg_08_launch,
		.legit = rtg_legit,
	};

	return &row;
}

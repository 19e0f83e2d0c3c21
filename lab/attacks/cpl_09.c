/* A neighbour that nobody configured: the right AS from another address of the link, another AS from the right address. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker.h"

#include <stdio.h>

#define WAIT_MS 800 /* less than until a SYN is sent again */

static int cpl_09_dial(struct attack_stage *st, struct attack_impact *out, const char *local,
	uint32_t as, struct speaker *s)
{
	const struct speaker_conf c = {.node = "ce-x",
		.local = local,
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = as,
		.ttl = 255};
	int err = speaker_dial(s, st, &c, WAIT_MS);

	out->sent++;
	out->hit += !err;
	speaker_close(s);
	return err;
}

static void cpl_09_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct speaker other, stranger;
	int err;

	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	err = cpl_09_dial(st, out, "192.168.4.2", 65199, &other);
	cpl_09_dial(st, out, "192.168.4.3", 65104, &stranger);
	out->counted = 1;
	out->partial = true;
	snprintf(out->observed, sizeof out->observed, "another AS: %s %u/%u; another address: %s",
		err ? "NOTIFICATION" : "Established", other.code, other.subcode,
		stranger.code ? "answered" : "no answer");
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

const struct attack *attack_cpl_09(void)
{
	static const struct attack row = {
		.id = "CPL-09",
		.title = "a neighbour's AS from another address, another AS from its address",
		.clause = "RFC 4271 6.2, RFC 7454 4, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "no session",
		.counter = {{ATTACK_GUARD, "eth4", "ctrl_acl", ATTACK_EXACTLY},
			{ATTACK_PEER, "ce-x", "notifications_out", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_WHO,
		.launch = cpl_09_launch,
		.legit = router_others_live,
	};

	return &row;
}

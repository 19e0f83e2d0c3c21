/* A neighbour that opens connection after connection beside its session, and says nothing in them. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/flood.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"
#include "lab/attacks/victim.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OPENS	 120
#define RATE	 20 /* new-flows, a second and at once */
#define WAIT_MS	 1  /* a handshake on a link */
#define HELD_MAX 8  /* what the router may hold of one neighbour, those being closed included */
#define LIVES_MS 50
#define RECOVERS 6

static unsigned cpl_13_held(struct attack_stage *st)
{
	char out[32] = "";

	attack_shell(st, st->run->topo.nodes[st->pe_node].name,
		"ss -tnH state established dst 192.168.4.2 | wc -l", out, sizeof out);
	return (unsigned)strtoul(out, NULL, 10);
}

static void cpl_13_open(struct attack_stage *st, struct attack_impact *out)
{
	const struct speaker_conf c = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.ttl = 255};
	uint64_t begun = speaker_now_ms();
	unsigned n = 0, allowed, held;
	int fd[OPENS];

	for (; out->sent < OPENS; out->sent++) {
		fd[n] = speaker_tcp_dial(st, &c, speaker_now_ms() + WAIT_MS);
		n += fd[n] >= 0;
	}
	allowed = flood_allowed(RATE, RATE, (unsigned)(speaker_now_ms() - begun) + 1);
	held = cpl_13_held(st);
	out->hit = n > allowed ? n - allowed : held > HELD_MAX;
	out->counted = OPENS > allowed ? OPENS - allowed : 0;
	snprintf(out->observed, sizeof out->observed,
		"%u handshakes, %u are allowed; %u connections are held", n, allowed, held);
	for (unsigned i = 0; i < n; i++)
		close(fd[i]);
}

/* A router that kept them all needs a while before anybody else of that address gets in: that is no matter of the next attack. */
static void cpl_13_recovers(struct attack_stage *st)
{
	struct victim v;
	int err = -1;

	for (unsigned i = 0; err && i < RECOVERS; i++) {
		err = victim_begin(&v, st);
		victim_end(&v, st);
	}
}

static void cpl_13_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct victim v;

	out->partial = true;
	out->error = victim_begin(&v, st);
	if (!out->error) {
		cpl_13_open(st, out);
		out->hit += !victim_lives(&v, LIVES_MS);
	}
	victim_end(&v, st);
	cpl_13_recovers(st);
}

const struct attack *attack_cpl_13(void)
{
	static const struct attack row = {
		.id = "CPL-13",
		.title = "connection after connection beside a session, with nothing in them",
		.clause = "RFC 4271 6.8, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "as many as new-flows allows; the session stays",
		.counter = {{ATTACK_GUARD, "eth4", "flow_rate", ATTACK_AT_LEAST}},
		.off = ATTACK_OFF_POLICERS,
		.launch = cpl_13_launch,
		.legit = router_others_live,
	};

	return &row;
}

/* RST, SYN and data into a neighbour's session from its own link, ports and sequence numbers known. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/victim.h"

#include <stdio.h>

#define BLIND  16 /* RSTs off the exact number, a window's sixteenth apart */
#define STEP   4096
#define FIN    1
#define SYN    2
#define RST    4
#define ACK    16
#define DIE_MS 150

static void cpl_05_fire(struct victim *v, struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t cease[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 0, 21, 3, 6, 2};
	struct frame f;

	for (unsigned i = 1; i <= BLIND; i++) {
		victim_segment(v, st, &f, i * STEP, RST, NULL, 0);
		router_send(st, &f, "ce-x:eth1", out);
	}
	victim_segment(v, st, &f, 0, FIN | ACK, NULL, 0);
	router_send(st, &f, "ce-x:eth1", out);
	victim_segment(v, st, &f, 0, ACK, cease, sizeof cease);
	router_send(st, &f, "ce-x:eth1", out);
	victim_segment(v, st, &f, 0, RST, NULL, 0);
	router_send(st, &f, "ce-x:eth1", out);
}

static void cpl_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct victim v;
	bool lives;

	out->partial = true;
	out->error = victim_begin(&v, st);
	if (!out->error) {
		cpl_05_fire(&v, st, out);
		lives = victim_lives(&v, DIE_MS);
		out->hit = !lives;
		snprintf(out->observed, sizeof out->observed, "ce-x's session %s",
			lives ? "lives" : "is gone");
	}
	victim_end(&v, st);
}

const struct attack *attack_cpl_05(void)
{
	static const struct attack row = {
		.id = "CPL-05",
		.title = "RST, FIN and a NOTIFICATION into a session whose ports and numbers are "
			 "known",
		.clause = "RFC 4381 3.3, RFC 2385 1.1, RFC 7454 4",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the session lives",
		.counter = {{ATTACK_KERNEL, "pe1", "TcpExt:TCPMD5NotFound", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MD5,
		.launch = cpl_05_launch,
		.legit = router_others_live,
	};

	return &row;
}

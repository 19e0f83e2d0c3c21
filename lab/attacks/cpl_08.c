/*
 * A key that nobody agreed on, to a listener that has other neighbours' keys but none for this one. Its control is in it: the same
 * address without a key gets its handshake, so what was refused was refused for the key.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define SIGNED	3
#define WAIT_MS 250 /* less than until a SYN is sent again */

static bool cpl_08_dial(struct attack_stage *st, const char *key, unsigned ms)
{
	const struct speaker_conf c = {.node = "ce-s",
		.local = "192.168.6.2",
		.remote = "192.168.6.1",
		.password = key,
		.ttl = 255};
	int fd = speaker_tcp_dial(st, &c, speaker_now_ms() + ms);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void cpl_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	bool plain;

	for (unsigned i = 0; i < SIGNED; i++) {
		out->sent++;
		out->hit += cpl_08_dial(st, "Invented", WAIT_MS);
	}
	plain = cpl_08_dial(st, NULL, 4 * WAIT_MS);
	out->error = plain ? 0 : -ECONNREFUSED;
	snprintf(out->observed, sizeof out->observed, "without a key the handshake %s",
		plain ? "succeeds" : "fails too");
	speaker_forgiven(st, "ce-s", "192.168.6.2", "vrf-a");
}

const struct attack *attack_cpl_08(void)
{
	static const struct attack row = {
		.id = "CPL-08",
		.title = "a signed connection where no key was agreed on",
		.clause = "RFC 2385 2.0, RFC 4364 13.2",
		.attacker = "ce-s:eth1",
		.target = "pe1",
		.passes = "none is accepted",
		.counter = {{ATTACK_KERNEL, "pe1", "TcpExt:TCPMD5Unexpected", ATTACK_EXACTLY}},
		.launch = cpl_08_launch,
		.legit = router_others_live,
	};

	return &row;
}

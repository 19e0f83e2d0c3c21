/* Connections of a neighbour's address without its key, with a wrong one, and with that of another neighbour. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"
#include "lib/check.h"

#include <unistd.h>

#define WAIT_MS 250 /* less than until a SYN is sent again */

/* As many without a key as with a wrong one: one counter each. */
static void cpl_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const char *const keys[] = {NULL, NULL, "NotTheKey", "CeASecret"};

	for (unsigned i = 0; i < ARRAY_LEN(keys); i++) {
		const struct speaker_conf c = {.node = "ce-x",
			.local = "192.168.4.2",
			.remote = "192.168.4.1",
			.password = keys[i],
			.ttl = 255};
		int fd = speaker_tcp_dial(st, &c, speaker_now_ms() + WAIT_MS);

		out->sent++;
		out->hit += fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	out->partial = true;
	out->counted = out->sent / 2;
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

const struct attack *attack_cpl_06(void)
{
	static const struct attack row = {
		.id = "CPL-06",
		.title =
			"connections without the neighbour's key, with a wrong one, with another's",
		.clause = "RFC 2385 2.0, RFC 4364 13.2, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is accepted",
		.counter = {{ATTACK_KERNEL, "pe1", "TcpExt:TCPMD5NotFound", ATTACK_EXACTLY},
			{ATTACK_KERNEL, "pe1", "TcpExt:TCPMD5Failure", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_MD5,
		.launch = cpl_06_launch,
		.legit = router_others_live,
	};

	return &row;
}

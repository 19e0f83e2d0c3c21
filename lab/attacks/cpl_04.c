/* The neighbour's address and key, but a TTL that came from farther than the link (RFC 5082 3). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"
#include "lib/check.h"

#include <unistd.h>

#define WAIT_MS 250 /* less than until a SYN is sent again */

static void cpl_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t ttls[] = {254, 128, 64};

	for (unsigned i = 0; i < ARRAY_LEN(ttls); i++) {
		const struct speaker_conf far = {.node = "ce-x",
			.local = "192.168.4.2",
			.remote = "192.168.4.1",
			.password = "CeXSecret",
			.ttl = ttls[i]};
		int fd = speaker_tcp_dial(st, &far, speaker_now_ms() + WAIT_MS);

		out->sent++;
		out->hit += fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

const struct attack *attack_cpl_04(void)
{
	static const struct attack row = {
		.id = "CPL-04",
		.title = "connections with the neighbour's address and key and a TTL of 254, 128, "
			 "64",
		.clause = "RFC 5082 3, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "none is accepted",
		/* The guard is before the socket's own check (TcpExt:TCPMinTTLDrop), which is the second layer of the same. */
		.counter = {{ATTACK_GUARD, "eth4", "gtsm", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GTSM,
		.launch = cpl_04_launch,
		.legit = router_others_live,
	};

	return &row;
}

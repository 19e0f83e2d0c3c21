/* The neighbour's address and key, but a TTL that came from farther than the link (RFC 5082 3). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"
#include "lib/check.h"

#define TAKEN_MS 300
#define WAIT_MS	 500 /* less than until a SYN is sent again */

static void cpl_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t ttls[] = {254, 128, 64};

	for (unsigned i = 0; i < ARRAY_LEN(ttls); i++) {
		const struct speaker_conf far = {.node = "ce-x",
			.local = "192.168.4.2",
			.remote = "192.168.4.1",
			.password = "CeXSecret",
			.as = 65104,
			.ttl = ttls[i]};
		struct speaker s;

		speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
		out->sent++;
		/* also what is said when the handshake is over */
		out->hit += !speaker_dial(&s, st, &far, WAIT_MS) &&
			    speaker_tcp_taken(s.fd, speaker_now_ms() + TAKEN_MS);
		speaker_close(&s);
	}
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

const struct attack *attack_cpl_04(void)
{
	static const struct attack row = {
		.id = "CPL-04",
		.title = "sessions with the neighbour's address and key and a TTL of 254, 128, "
			 "64",
		.clause = "RFC 5082 3, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "no session",
		/* The guard is before the socket's own check (TcpExt:TCPMinTTLDrop), which is the second layer of the same. */
		.counter = {{ATTACK_GUARD, "eth4", "gtsm", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_GTSM,
		.launch = cpl_04_launch,
		.legit = router_others_live,
	};

	return &row;
}

/* The core's BGP from inside a VPN that has no BGP of its own: its listener does not belong to any VRF. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"

#include <unistd.h>

#define TRIES	3
#define WAIT_MS 250 /* less than until a SYN is sent again */

static void cpl_18_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct speaker_conf c = {
		.node = "ce-b1", .local = "192.168.1.2", .remote = "192.168.1.1", .ttl = 255};
	char ignored[128];

	if (!attack_shell(
		    st, "pe1", "ss -tlnH sport = :179 | grep -q %vrf-b", ignored, sizeof ignored)) {
		out->skip = "this PE has a BGP listener in that VPN: who answers is not the core's";
		return;
	}
	for (unsigned i = 0; i < TRIES; i++) {
		int fd = speaker_tcp_dial(st, &c, speaker_now_ms() + WAIT_MS);

		out->sent++;
		out->hit += fd >= 0;
		if (fd >= 0)
			close(fd);
	}
}

const struct attack *attack_cpl_18(void)
{
	static const struct attack row = {
		.id = "CPL-18",
		.title = "the core's BGP listener, from a VPN",
		.clause = "RFC 4381 3.2, RFC 4364 13.2",
		.attacker = "ce-b1:eth1",
		.target = "pe1",
		.passes = "none is accepted",
		.counter = {{ATTACK_GUARD, "eth3", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_VRF_SOCKETS,
		.launch = cpl_18_launch,
		.legit = router_others_live,
	};

	return &row;
}

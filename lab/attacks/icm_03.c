/* Echo requests to the broadcast address of another site's link, so that all its hosts answer somebody (RFC 2644). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"

#include <netinet/in.h>

#define ECHOES 5

static void icm_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct frame f;

	for (uint16_t i = 1; i <= ECHOES && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = "172.16.1.1",
				     .dst = "192.168.4.7",
				     .protocol = IPPROTO_ICMP});
		frame_icmp(&f, 8, 0, i);
		frame_nonce(&f, st->nonce, i);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = attack_arrived(st, "ce-x:eth1", ECHOES, 500);
}

const struct attack *attack_icm_03(void)
{
	static const struct attack row = {
		.id = "ICM-03",
		.title = "echo requests to the broadcast address of another site's link",
		.clause = "RFC 2644 3, RFC 4381 3.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-x:eth1",
		.passes = "none arrives there",
		.counter = {{ATTACK_KERNEL, "pe1", "IpExt:InBcastPkts", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_BROADCAST,
		.launch = icm_03_launch,
	};

	return &row;
}

/* Management, looked for from a customer and from the core: shells, web, SNMP, metrics. Ravelin's is a socket in the file system. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/scan.h"
#include "lab/attacks/speaker_tcp.h"
#include "lib/check.h"

#include <stdio.h>
#include <unistd.h>

#define WAIT_MS 300

static const uint16_t mgt_01_tcp[] = {
	22, 23, 80, 443, 830, 2601, 2605, 3000, 6640, 8080, 8443, 9090, 9100, 9179, 9339, 50051};
static const uint16_t mgt_01_udp[] = {69, 123, 161, 514, 623, 2055};

/* Accepted connections to the router's address in the core. */
static unsigned mgt_01_core(struct attack_stage *st)
{
	unsigned open = 0;

	for (unsigned i = 0; i < ARRAY_LEN(mgt_01_tcp); i++) {
		const struct speaker_conf c = {
			.node = "p1", .remote = "10.255.0.1", .port = mgt_01_tcp[i]};
		int fd = speaker_tcp_dial(st, &c, speaker_now_ms() + WAIT_MS);

		open += fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	return open;
}

static void mgt_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	unsigned core;

	scan_tcp(st, out, mgt_01_tcp, ARRAY_LEN(mgt_01_tcp));
	scan_udp(st, out, mgt_01_udp, ARRAY_LEN(mgt_01_udp));
	core = mgt_01_core(st);
	out->hit += core;
	snprintf(out->observed, sizeof out->observed, "%u of the ports are open towards the core",
		core);
}

const struct attack *attack_mgt_01(void)
{
	static const struct attack row = {
		.id = "MGT-01",
		.title = "a scan for management ports from a customer and from the core",
		.clause = "RFC 4364 13.3, RFC 4381 3.3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "nothing is answered to the customer, nothing is open to the core",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = mgt_01_launch,
		.legit = router_others_live,
	};

	return &row;
}

/* The VRF's device is deleted under a live port, and the daemon is killed before it can mend that. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/daemon.h"

#define PACKETS	 50
#define EVERY_MS 2

static void vrf_06_burst(struct attack_stage *st, struct attack_impact *out, struct customer *c)
{
	for (unsigned i = 0; i < PACKETS && !out->error; i++) {
		customer_send(st, out, c);
		if (out->error == -ENETDOWN ||
			out->error == -ENOBUFS) /* the PE has its port down */
			out->error = 0;
		poll(NULL, 0, EVERY_MS);
	}
}

static void vrf_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const char deletion[] =
		"ip route replace 198.51.100.0/24 via 10.0.1.2 && ip link del vrf-a";
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "192.168.1.2", .dst = "198.51.100.1"}};
	struct lab_run *r = st->run;
	pid_t pid = r->ravelind[st->pe_node];

	if (attack_shell(st, "pe1", deletion, NULL, 0) || !pid || kill(pid, SIGKILL))
		out->error = -EIO;
	vrf_06_burst(st, out, &c);
	if (lab_daemon_ravelind(r, st->pe_node, NULL))
		out->error = -EIO;
	vrf_06_burst(st, out, &c);
	attack_shell(st, "pe1", "ip route del 198.51.100.0/24", NULL, 0);
	out->hit = customer_bare(st, 1, 50);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed,
		"%u packets after the deletion, and while a new daemon begins; %u came to P",
		out->sent, out->hit);
}

const struct attack *attack_vrf_06(void)
{
	static const struct attack row = {
		.id = "VRF-06",
		.title =
			"the VRF is deleted under a live port and the daemon killed in that moment",
		.clause = "RFC 4381 3.2, RFC 4364 3.1",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "a port without a VRF leads nowhere",
		.off = ATTACK_OFF_PORT_RULE,
		.launch = vrf_06_launch,
		.disrupts = true,
		.slow = true,
		.only_pe = "ravelin",
	};

	return &row;
}

/* Traffic all the time while the PE's daemon ends and starts again: nothing comes to the core. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/pe.h"
#include "lab/daemon.h"

#define EVERY_MS 2
#define ASK	 50 /* packets between two looks at the API */
#define GAP_MS	 700
#define END_MS	 10000
#define START_MS 15000

static void vrf_05_send(struct attack_stage *st, struct attack_impact *out, struct customer *c)
{
	customer_send(st, out, c);
	if (out->error == -ENETDOWN || out->error == -ENOBUFS) /* the PE has its port down */
		out->error = 0;
	poll(NULL, 0, EVERY_MS);
}

/* Sends until the daemon has ended, and until all ports are open again after its start. */
static void vrf_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "192.168.1.2", .dst = "198.51.100.1"}};
	struct lab_run *r = st->run;
	pid_t pid = r->ravelind[st->pe_node];
	unsigned long long end = lab_now_ms() + END_MS;
	unsigned before;
	int status;

	if (attack_shell(st, "pe1", "ip route replace 198.51.100.0/24 via 10.0.1.2", NULL, 0) ||
		!pid || kill(pid, SIGTERM))
		out->error = -EIO;
	while (!out->error && !lab_proc_ended(&r->procs, pid, &status) && lab_now_ms() < end)
		vrf_05_send(st, out, &c);
	before = out->sent;
	/* a while without any daemon: who brings ports up then has the time for it */
	for (end = lab_now_ms() + GAP_MS; !out->error && lab_now_ms() < end;)
		vrf_05_send(st, out, &c);
	r->ravelind[st->pe_node] = 0;
	if (lab_daemon_ravelind(r, st->pe_node, NULL))
		out->error = -EIO;
	end = lab_now_ms() + START_MS;
	while (!out->error && lab_now_ms() < end && (out->sent % ASK || !attack_pe_open(st)))
		vrf_05_send(st, out, &c);
	attack_shell(st, "pe1", "ip route del 198.51.100.0/24", NULL, 0);
	out->hit = customer_bare(st, 1, 100);
	out->partial = true;
	snprintf(out->observed, sizeof out->observed,
		"%u packets until its end, %u until all ports were open again; %u came to P",
		before, out->sent - before, out->hit);
}

const struct attack *attack_vrf_05(void)
{
	static const struct attack row = {
		.id = "VRF-05",
		.title = "traffic while the PE's daemon ends and starts again",
		.clause = "RFC 4381 3.2, RFC 4364 3.1",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "at no moment anything reaches the core",
		.off = ATTACK_OFF_BOOT_ORDER,
		.launch = vrf_05_launch,
		.disrupts = true,
		.slow = true,
		.only_pe = "ravelin",
	};

	return &row;
}

/*
 * Each process of the router stopped and killed under traffic: what customers may send goes on, and what they may not is still
 * dropped, for both are the kernel's by then.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/reading.h"
#include "lab/attacks/router.h"
#include "lab/daemon.h"
#include "lib/check.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES	  3 /* labelled, and as many that are allowed, each time */
#define AGAIN_MS  150
#define ARRIVE_MS 400
#define LOGGED_MS 3000
#define PING_MS	  200
#define TRIES	  40

static const struct attack_counter cpl_19_died = {ATTACK_LOG, "pe1", "bgpd_died", ATTACK_EXACTLY};

struct cpl_19_blow {
	const char *what;
	int signal;
	bool parent; /* the privileged process; else the one that speaks BGP */
};

static const struct cpl_19_blow cpl_19_blows[] = {
	{"BGP stopped", SIGSTOP, false},
	{"forwarding stopped", SIGSTOP, true},
	{"BGP killed", SIGKILL, false},
	{"all killed", SIGKILL, true},
};

/* The first line of a process's /proc file, arguments parted by NULs as they are. */
static size_t cpl_19_proc(pid_t pid, const char *file, char *out, size_t cap)
{
	char path[64];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "re");
	if (f) {
		n = fread(out, 1, cap - 1, f);
		fclose(f);
	}
	out[n] = 0;
	return n;
}

/* The child that speaks BGP; -1: none. */
static pid_t cpl_19_child(pid_t parent)
{
	char text[256], *paren;
	pid_t found = -1;

	for (pid_t pid = parent + 1; found < 0 && pid < parent + 30000; pid++) {
		if (!cpl_19_proc(pid, "stat", text, sizeof text))
			continue;
		paren = strrchr(text, ')'); /* proc(5): state and parent follow the name */
		if (paren && atoi(paren + 4) == parent)
			found = pid;
	}
	return found;
}

static void cpl_19_frames(
	struct attack_stage *st, struct attack_impact *out, int label, uint16_t first)
{
	struct frame f;

	for (uint16_t i = 0; i < FRAMES; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_label(&f, (uint32_t)label, 0, true, 64);
		frame_ip(&f, &(struct frame_ip){.src = "172.16.66.66",
				     .dst = "172.16.1.1",
				     .protocol = IPPROTO_UDP});
		frame_udp(&f, 4000, 7);
		frame_nonce(&f, st->nonce, (uint16_t)(first + i));
		router_send(st, &f, "ce-a1:eth1", out);
	}
	for (uint16_t i = 0; i < FRAMES; i++) {
		struct attack_impact allowed = {0};

		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f,
			&(struct frame_ip){
				.src = "172.16.1.1", .dst = "172.16.2.1", .protocol = IPPROTO_UDP});
		frame_udp(&f, 4000, 4001);
		frame_nonce(&f, st->nonce, (uint16_t)(first + i));
		router_send(st, &f, "ce-a1:eth1", &allowed);
	}
}

static bool cpl_19_logged(struct attack_stage *st, void *arg)
{
	const long long *before = arg;

	return attack_reading_get(st, &cpl_19_died) > *before;
}

/* Twice: at once, and when whoever would notice has had time to. */
static void cpl_19_strike(struct attack_stage *st, struct attack_impact *out, int label,
	const struct cpl_19_blow *b, unsigned n)
{
	pid_t parent = st->run->ravelind[st->pe_node];
	pid_t pid = b->parent ? parent : cpl_19_child(parent);
	long long before = attack_reading_get(st, &cpl_19_died);
	unsigned want = (n + 1) * 2 * FRAMES;

	if (pid <= 0 || kill(pid, b->signal)) {
		out->error = -ESRCH;
		return;
	}
	cpl_19_frames(st, out, label, (uint16_t)(n * 2 * FRAMES + 1));
	poll(NULL, 0, AGAIN_MS);
	if (b->signal == SIGKILL && !b->parent)
		attack_until(st, cpl_19_logged, &before, LOGGED_MS);
	cpl_19_frames(st, out, label, (uint16_t)(n * 2 * FRAMES + FRAMES + 1));
	if (attack_arrived(st, "ce-a2:eth1", want, ARRIVE_MS) < want && !out->observed[0])
		snprintf(out->observed, sizeof out->observed, "%s: forwarding too; ", b->what);
	if (b->signal == SIGSTOP)
		kill(pid, SIGCONT);
}

static void cpl_19_launch(struct attack_stage *st, struct attack_impact *out)
{
	char arguments[512] = "";
	size_t n =
		cpl_19_proc(st->run->ravelind[st->pe_node], "cmdline", arguments, sizeof arguments);
	int label = attack_label(st, "vrf-b"), status;
	const char *config = n > 1 ? memrchr(arguments, 0, n - 1) : NULL;
	unsigned i, due = ARRAY_LEN(cpl_19_blows) * 2 * FRAMES, through;

	/* routes first: a router that was only just started proves nothing by what does not pass */
	for (i = 0; i < TRIES; i++)
		if (attack_ping(st, "ce-a1", "172.16.1.1", "172.16.2.1", PING_MS))
			break;
	if (label < 0 || !config) {
		out->error = -ENOENT;
		return;
	}
	for (i = 0; i < ARRAY_LEN(cpl_19_blows) && !out->error; i++)
		cpl_19_strike(st, out, label, &cpl_19_blows[i], i);
	through = attack_arrived(st, "ce-a2:eth1", due, ARRIVE_MS);
	out->hit = attack_arrived(st, "ce-b1:eth1", 0, 0) + (through < due);
	out->partial = true;
	out->counted = 1;
	snprintf(out->observed + strlen(out->observed),
		sizeof out->observed - strlen(out->observed),
		"%u of %u allowed packets passed, %u labelled ones", through, due,
		attack_arrived(st, "ce-b1:eth1", 0, 0));
	lab_proc_wait(
		&st->run->procs, st->run->ravelind[st->pe_node], lab_now_ms() + 1000, &status);
	st->run->ravelind[st->pe_node] = 0;
	if (lab_daemon_ravelind(st->run, st->pe_node, config + 1))
		out->error = -EIO;
}

const struct attack *attack_cpl_19(void)
{
	static const struct attack row = {
		.id = "CPL-19",
		.title = "the router's processes stopped and killed under traffic",
		.clause = "RFC 4381 3.3, RFC 4724 4.1",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "what is allowed passes, what is labelled does not",
		.counter = {{ATTACK_LOG, "pe1", "bgpd_died", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.kills = true,
		.mixed = true,
		.launch = cpl_19_launch,
		.disrupts = true,
		.only_pe = "ravelin",
	};

	return &row;
}

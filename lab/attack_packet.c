/*
 * Packets that a customer must not be able to send: labelled ones for another VPN (RFC 4381 4.2, RFC 4364 13.1), bare or
 * behind tags that the kernel peels, other people's addresses, what is the router's own business.
 *
 * Expected: nothing reaches the victim, and the guard's counter of that port and reason shows exactly what was sent; the
 * kernel's MPLS counter stands still, for the guard is before it. A PE without a guard (not ours) has that one to show.
 * Control: with the protection off, and only that one, after a restart, all of the same frames must arrive. Then the
 * protections are put back, how long that takes until routes are in the kernel is measured, and everything is tried again.
 */
#include "lab/attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/api.h"
#include "lab/cond.h"
#include "lab/daemon.h"
#include "lab/link.h"
#include "lab/observe.h"
#include "lab/packet.h"
#include "lab/ping.h"
#include "lab/table.h"
#include "lab/watch.h"

#define ARRIVE_MS 2000
#define NEVER_MS  300
#define POLL_MS	  10
#define ALIVE_MS  200
#define SOURCE	  "172.16.66.66" /* an address of nobody: no answer disturbs the counting */

struct salvo {
	unsigned sent, arrived;
	uint64_t kernel_before, kernel_after; /* MPLS RX dropped */
	long long guard_before, guard_after;  /* -1: no guard is shown for this port */
	int label;
};

static int salvo_send(const struct lab_run *r, const struct lab_step *s,
	const struct lab_shot *shot, struct salvo *v, const uint8_t *nonce)
{
	struct lab_spoof spoof = {.tags = shot->tags,
		.labelled = shot->vrf != NULL,
		.label = (uint32_t)v->label,
		.syn = shot->syn,
		.nonce = nonce};
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_halen = 6};
	int err, into, fd;

	err = lab_link_find(
		&r->base, &r->ns[s->out.node], s->out.port, &ll.sll_ifindex, spoof.from);
	err = err ? err
		  : lab_link_find(&r->base, &r->ns[s->into.node], s->into.port, &into, spoof.to);
	if (err || !ip_addr_parse(shot->source ? shot->source : SOURCE, &spoof.src) ||
		!ip_addr_parse(shot->to, &spoof.dst))
		return err ? err : -EINVAL;
	memcpy(ll.sll_addr, spoof.to, 6);
	fd = lab_ns_socket(&r->base, &r->ns[s->out.node], AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		return fd;
	for (unsigned i = 0; i < s->count; i++) {
		uint8_t frame[LAB_PACKET_MAX];
		size_t len;

		spoof.seq = i + 1;
		len = lab_packet_spoof(frame, &spoof);
		if (sendto(fd, frame, len, 0, (struct sockaddr *)&ll, sizeof ll) == (ssize_t)len)
			v->sent++;
	}
	close(fd);
	return v->sent == s->count ? 0 : -EIO;
}

static void salvo_count(const struct lab_run *r, const struct lab_step *s,
	const struct lab_shot *shot, long long *guard)
{
	const char *node = r->topo.nodes[s->into.node].name;

	*guard = r->topo.nodes[s->into.node].config
			 ? lab_observe_guard(node, s->into.port, shot->reason)
			 : -1;
}

/* All arrived, or all were dropped where they came in: nothing more can come. */
static bool salvo_over(const struct lab_run *r, const struct lab_step *s,
	const struct lab_shot *shot, struct salvo *v)
{
	if (v->arrived >= s->count)
		return true;
	salvo_count(r, s, shot, &v->guard_after);
	return v->guard_before >= 0 && v->guard_after - v->guard_before >= (long long)s->count;
}

static unsigned salvo_arrived(const struct lab_watch *w, const struct lab_shot *shot)
{
	return shot->syn ? (unsigned)__builtin_popcountll(w->syn_acks) : w->requests;
}

static int salvo_fire(const struct lab_run *r, const struct lab_step *s,
	const struct lab_shot *shot, unsigned patience_ms, struct salvo *v)
{
	unsigned long long end = lab_now_ms() + patience_ms;
	uint8_t nonce[LAB_NONCE_LEN], mac[6];
	struct lab_watch w;
	int into, err;

	*v = (struct salvo){.label = shot->vrf ? lab_step_label(r, s->into.node, shot->vrf) : 0};
	if (v->label < 0)
		return -ENOENT;
	lab_ping_nonce(nonce);
	err = lab_link_find(&r->base, &r->ns[s->into.node], s->into.port, &into, mac);
	err = err ? err : lab_watch_open(&w, r, &shot->victim);
	if (err)
		return err;
	salvo_count(r, s, shot, &v->guard_before);
	err = lab_table_mpls_dropped(&r->base, &r->ns[s->into.node], into, &v->kernel_before);
	err = err ? err : salvo_send(r, s, shot, v, nonce);
	do {
		poll(NULL, 0, POLL_MS);
		lab_watch_drain(&w, nonce);
		v->arrived = salvo_arrived(&w, shot);
	} while (!err && lab_now_ms() < end && !salvo_over(r, s, shot, v));
	salvo_count(r, s, shot, &v->guard_after);
	err = err ? err
		  : lab_table_mpls_dropped(&r->base, &r->ns[s->into.node], into, &v->kernel_after);
	lab_watch_drain(&w, nonce);
	v->arrived = salvo_arrived(&w, shot);
	lab_watch_close(&w);
	return err;
}

/* The counters of the port, and whether they show what must be seen there. */
static bool packet_counted(struct lab_run *r, const struct lab_step *s, const struct lab_shot *shot,
	const struct salvo *v)
{
	const struct lab_node *pe = &r->topo.nodes[s->into.node];
	bool ours = pe->config != NULL;
	bool counted =
		v->guard_before >= 0 && v->guard_after - v->guard_before == (long long)v->sent;
	bool kernel = v->kernel_after - v->kernel_before == (ours ? 0 : v->sent);
	char text[128];

	snprintf(text, sizeof text, "%s's guard of %s: %s", pe->name, s->into.port, shot->reason);
	if (ours && v->guard_before < 0)
		lab_step_check(r, false, text, "no guard is shown for this port");
	else if (ours)
		lab_step_check(r, counted, text, "%lld -> %lld", v->guard_before, v->guard_after);
	if (shot->vrf)
		lab_step_check(r, kernel,
			ours ? "the kernel's MPLS saw none of it"
			     : "the kernel's counter of that port",
			"MPLS RX dropped %llu -> %llu", (unsigned long long)v->kernel_before,
			(unsigned long long)v->kernel_after);
	return (counted || !ours) && (kernel || !shot->vrf);
}

static bool packet_attack(struct lab_run *r, const struct lab_step *s, const struct lab_shot *shot)
{
	char text[160], label[48] = "";
	struct salvo v;
	int err = salvo_fire(r, s, shot, NEVER_MS, &v);

	if (err) {
		lab_step_check(r, false, shot->name, "could not be sent: %s", strerror(-err));
		return false;
	}
	if (shot->vrf)
		snprintf(label, sizeof label, ", label %d (%s)", v.label, shot->vrf);
	snprintf(text, sizeof text, "%u frames into %s:%s: %s%s", v.sent,
		r->topo.nodes[s->into.node].name, s->into.port, shot->name, label);
	lab_step_check(r, !v.arrived, text, "%u %s %s", v.arrived,
		shot->syn ? "answered to" : "arrived at", r->topo.nodes[shot->victim.node].name);
	return packet_counted(r, s, shot, &v) && !v.arrived;
}

/* Where nothing passes, that an attack does not proves nothing: legitimate traffic of the same port must. */
static bool packet_path(struct lab_run *r, const struct lab_step *s)
{
	unsigned long long end = lab_now_ms() + s->deadline_s * 1000ULL;
	struct lab_step one = *s;
	struct lab_ping p = {0};
	char text[128];

	if (!s->source)
		return true;
	one.count = 1;
	while (!p.answered && lab_now_ms() < end)
		lab_ping_run(&p, r, &one, ALIVE_MS);
	snprintf(text, sizeof text, "what customers may send passes: %s > %s from %s", s->source,
		s->to, r->topo.nodes[s->from].name);
	lab_step_check(r, p.answered, text, "%s", p.answered ? "answered" : "no answer");
	return p.answered;
}

static bool packet_attacks(struct lab_run *r, const struct lab_step *s)
{
	bool held = true;

	for (unsigned i = 0; i < s->n_shots; i++)
		held &= packet_attack(r, s, &s->shot[i]);
	return held;
}

static bool packet_restart(struct lab_run *r, const struct lab_step *s, const char *config)
{
	return !lab_daemon_ravelind(r, s->control[0].node, config) &&
	       lab_conds_wait(r, &s->control[0].until, s->deadline_s) && packet_path(r, s);
}

static bool packet_control(struct lab_run *r, const struct lab_step *s, const struct lab_shot *shot)
{
	char text[128];
	struct salvo v = {0};
	int err = salvo_fire(r, s, shot, ARRIVE_MS, &v);
	bool ok = !err && v.sent && v.arrived == v.sent;

	snprintf(text, sizeof text, "control: protection off: %s", shot->name);
	lab_step_check(r, ok, text, "%u of %u %s %s%s%s", v.arrived, v.sent,
		shot->syn ? "answered to" : "delivered to", r->topo.nodes[shot->victim.node].name,
		err ? ": " : "", err ? strerror(-err) : "");
	return ok;
}

/* One restart for all that follow each other with the same protection off. */
static bool packet_controls(struct lab_run *r, const struct lab_step *s)
{
	const char *running = NULL;
	bool ok = true;

	for (unsigned i = 0; i < s->n_shots; i++) {
		const struct lab_shot *shot = &s->shot[i];

		if (!running || strcmp(running, shot->config) != 0) {
			lab_note(r, "control: the same with %s's protection off (%s)",
				r->topo.nodes[s->control[0].node].name, shot->config);
			if (!packet_restart(r, s, shot->config))
				return false;
			running = shot->config;
		}
		ok &= packet_control(r, s, shot);
	}
	return ok;
}

enum lab_verdict lab_attack_packet(struct lab_run *r, const struct lab_step *s)
{
	bool held = packet_path(r, s) && packet_attacks(r, s), control = packet_controls(r, s);

	lab_note(r, "restoring %s", r->topo.nodes[s->control[0].node].name);
	if (!packet_restart(r, s, NULL))
		return LAB_FAIL;
	lab_event(r, json_pack("{s:s, s:s, s:I}", "ev", "metric", "name",
			     "Ravelin's start to routes in the kernel, core up", "ms",
			     (json_int_t)(lab_now_ms() - r->started_ms[s->control[0].node])));
	held &= packet_attacks(r, s);
	return !held ? LAB_FAIL : control ? LAB_PASS : LAB_INVALID;
}

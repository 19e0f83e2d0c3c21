/*
 * The attack that RFC 4381 4.2 and RFC 4364 13.1 speak of: a customer sends a packet that already carries a label,
 * that of another customer's VPN. A PE that accepts labels on a customer's port delivers it.
 *
 * Expected: nothing reaches the victim, and both the kernel's counter of that port and Ravelin's show exactly what
 * was sent. Control: the same frames after ravelind was restarted with the port's protection off must all arrive;
 * then the protection is put back and how long that takes until routes are in the kernel is measured.
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
#include "lab/packet.h"
#include "lab/ping.h"
#include "lab/table.h"
#include "lab/watch.h"

#define ARRIVE_MS 2000
#define NEVER_MS  300
#define POLL_MS	  10
#define SOURCE	  "172.16.66.66" /* an address of nobody: no answer disturbs the counting */

struct salvo {
	unsigned sent, arrived;
	uint64_t kernel_before, kernel_after;
	long long shown_before, shown_after; /* by Ravelin; -1: it does not show this port */
	int label;
};

static long long salvo_shown(const struct lab_run *r, const struct lab_end *port)
{
	json_t *answer = lab_api_get(r->topo.nodes[port->node].name, "/v1/mpls"), *p;
	long long n = -1;
	size_t i;

	json_array_foreach(json_object_get(answer, "ports"), i, p)
	{
		const char *name = json_string_value(json_object_get(p, "name"));
		json_t *dropped = json_object_get(json_object_get(p, "mpls"), "rx_dropped");

		if (name && !strcmp(name, port->port) && json_is_integer(dropped))
			n = json_integer_value(dropped);
	}
	json_decref(answer);
	return n;
}

static int salvo_send(
	const struct lab_run *r, const struct lab_step *s, struct salvo *v, const uint8_t *nonce)
{
	struct lab_spoof spoof = {.label = v->label, .nonce = nonce};
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_halen = 6};
	int err, into, fd;

	err = lab_link_find(
		&r->base, &r->ns[s->out.node], s->out.port, &ll.sll_ifindex, spoof.from);
	err = err ? err
		  : lab_link_find(&r->base, &r->ns[s->into.node], s->into.port, &into, spoof.to);
	if (err || !ip_addr_parse(SOURCE, &spoof.src) || !ip_addr_parse(s->to, &spoof.dst))
		return err ? err : -EINVAL;
	memcpy(ll.sll_addr, spoof.to, 6);
	fd = lab_ns_socket(&r->base, &r->ns[s->out.node], AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		return fd;
	for (unsigned i = 0; i < s->count; i++) {
		uint8_t frame[LAB_PACKET_MAX];
		size_t len;

		spoof.seq = i + 1;
		len = lab_packet_labelled(frame, &spoof);
		if (sendto(fd, frame, len, 0, (struct sockaddr *)&ll, sizeof ll) == (ssize_t)len)
			v->sent++;
	}
	close(fd);
	return v->sent == s->count ? 0 : -EIO;
}

/* Fires; then waits until all arrived, or until the counters stood still and nothing can come any more. */
static int salvo_fire(
	const struct lab_run *r, const struct lab_step *s, unsigned patience_ms, struct salvo *v)
{
	unsigned long long end = lab_now_ms() + patience_ms;
	uint8_t nonce[LAB_NONCE_LEN], mac[6];
	struct lab_watch w;
	int into, err;

	*v = (struct salvo){.label = lab_step_label(r, s->into.node, s->vrf)};
	if (v->label < 0)
		return -ENOENT;
	lab_ping_nonce(nonce);
	err = lab_link_find(&r->base, &r->ns[s->into.node], s->into.port, &into, mac);
	err = err ? err : lab_watch_open(&w, r, &s->victim);
	if (err)
		return err;
	v->shown_before = salvo_shown(r, &s->into);
	err = lab_table_mpls_dropped(&r->base, &r->ns[s->into.node], into, &v->kernel_before);
	err = err ? err : salvo_send(r, s, v, nonce);
	do {
		poll(NULL, 0, POLL_MS);
		lab_watch_drain(&w, nonce);
	} while (!err && lab_now_ms() < end && w.requests < s->count);
	err = err ? err
		  : lab_table_mpls_dropped(&r->base, &r->ns[s->into.node], into, &v->kernel_after);
	v->shown_after = salvo_shown(r, &s->into);
	v->arrived = w.requests;
	lab_watch_close(&w);
	return err;
}

static bool label_attack(struct lab_run *r, const struct lab_step *s)
{
	const char *victim = r->topo.nodes[s->victim.node].name;
	char text[128];
	struct salvo v;
	int err = salvo_fire(r, s, NEVER_MS, &v);
	bool ok;

	if (err) {
		lab_step_check(r, false, "the attack", "could not be made: %s", strerror(-err));
		return false;
	}
	snprintf(text, sizeof text, "%u frames with label %d (%s) into %s:%s", v.sent, v.label,
		s->vrf, r->topo.nodes[s->into.node].name, s->into.port);
	ok = !v.arrived;
	lab_step_check(r, ok, text, "%u arrived at %s", v.arrived, victim);
	lab_step_check(r, v.kernel_after - v.kernel_before == v.sent,
		"the kernel's counter of that port", "MPLS RX dropped %llu -> %llu",
		(unsigned long long)v.kernel_before, (unsigned long long)v.kernel_after);
	ok &= v.kernel_after - v.kernel_before == v.sent;
	if (r->topo.nodes[s->into.node].config) {
		lab_step_check(r,
			v.shown_before >= 0 && v.shown_after - v.shown_before == (long long)v.sent,
			"ravelin show mpls", "rx_dropped %lld -> %lld", v.shown_before,
			v.shown_after);
		ok &= v.shown_before >= 0 && v.shown_after - v.shown_before == (long long)v.sent;
	}
	return ok;
}

static bool label_restart(struct lab_run *r, const struct lab_step *s, const char *config)
{
	return !lab_daemon_ravelind(r, s->control[0].node, config) &&
	       lab_conds_wait(r, &s->control[0].until, s->deadline_s);
}

static bool label_control(struct lab_run *r, const struct lab_step *s)
{
	struct salvo v = {0};
	int err;

	lab_note(r, "control: the same with %s's protection off (%s)",
		r->topo.nodes[s->control[0].node].name, s->control[0].config);
	if (!label_restart(r, s, s->control[0].config))
		return false;
	err = salvo_fire(r, s, ARRIVE_MS, &v);
	lab_step_check(r, !err && v.arrived == v.sent && v.sent, "control: protection off",
		"%u of %u delivered to %s%s%s", v.arrived, v.sent,
		r->topo.nodes[s->victim.node].name, err ? ": " : "", err ? strerror(-err) : "");
	return !err && v.sent && v.arrived == v.sent;
}

enum lab_verdict lab_attack_label(struct lab_run *r, const struct lab_step *s)
{
	bool held = label_attack(r, s), control = label_control(r, s);

	lab_note(r, "restoring %s", r->topo.nodes[s->control[0].node].name);
	if (!label_restart(r, s, NULL))
		return LAB_FAIL;
	lab_event(r, json_pack("{s:s, s:s, s:I}", "ev", "metric", "name",
			     "Ravelin's start to routes in the kernel, core up", "ms",
			     (json_int_t)(lab_now_ms() - r->started_ms[s->control[0].node])));
	held &= label_attack(r, s);
	return !held ? LAB_FAIL : control ? LAB_PASS : LAB_INVALID;
}

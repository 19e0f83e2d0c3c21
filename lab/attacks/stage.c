/* What an attack has to its hands. */
#include "lab/attacks/stage.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/api.h"
#include "lab/attacks/reading.h"
#include "lab/cond.h"
#include "lab/link.h"
#include "lab/ping.h"
#include "lab/step.h"
#include "lab/table.h"
#include "lib/check.h"

#define POLL_MS	   5
#define ASK_MS	   20
#define COUNT_MS   25 /* how often the counters are asked */
#define COMMAND_MS 20000

int attack_stage_init(struct attack_stage *st, struct lab_run *r, enum attack_pe pe)
{
	int node = lab_topo_find(&r->topo, "pe1");

	*st = (struct attack_stage){.run = r, .pe = pe};
	if (node < 0)
		return -ENOENT;
	st->pe_node = node;
	return attack_sights_init(&st->sights, r);
}

void attack_stage_fini(struct attack_stage *st)
{
	attack_sights_fini(&st->sights);
	for (unsigned i = 0; i < st->n_wires; i++)
		close(st->wire[i].fd);
	st->n_wires = 0;
}

void attack_stage_begin(struct attack_stage *st, const struct attack *a, bool control)
{
	st->attack = a;
	st->control = control;
	st->frames = 0;
	for (unsigned i = 0; i < st->n_wires; i++)
		st->wire[i].used = false;
	*st->comment = 0;
	lab_ping_nonce(st->nonce);
	if (st->pe == ATTACK_PE_RAVELIN)
		attack_readings_take(st, a, false);
	attack_sights_begin(&st->sights, st->nonce);
	attack_sights_watch(&st->sights, a->attacker);
}

void attack_stage_end(struct attack_stage *st)
{
	attack_sights_drain(&st->sights);
	attack_sights_end(&st->sights);
}

/* "ce-a1:eth1", also of sub-interfaces: the node's number and the port's name. */
static int stage_end(const struct attack_stage *st, const char *port, const char **name)
{
	const char *colon = strchr(port, ':');
	char node[LAB_NAME_MAX + 1];

	if (!colon || (size_t)(colon - port) >= sizeof node)
		return -1;
	memcpy(node, port, colon - port);
	node[colon - port] = 0;
	*name = colon + 1;
	return lab_topo_find(&st->run->topo, node);
}

/* One of the two ends of the link that this port is at, or its parent ("eth1.20"): what is sent comes in there, and what it is answered. */
static bool stage_at(const struct attack_stage *st, const char *port, const struct lab_end *of)
{
	char name[sizeof st->wire->port];
	const struct lab_link *l;
	struct lab_end end;
	char *dot;

	snprintf(name, sizeof name, "%s", port);
	dot = strchr(name, '.');
	if (dot)
		*dot = 0;
	l = lab_topo_end(&st->run->topo, name, &end) ? lab_topo_link(&st->run->topo, &end) : NULL;
	for (int k = 0; l && k < 2; k++)
		if (l->end[k].node == of->node && !strcmp(l->end[k].port, of->port))
			return true;
	return false;
}

const char *attack_stage_spread(const struct attack_stage *st)
{
	for (unsigned i = 0; i < st->sights.n_ports; i++) {
		const struct attack_port *p = &st->sights.port[i];
		bool into = stage_at(st, st->attack->attacker, &p->end);

		for (unsigned k = 0; k < st->n_wires; k++)
			into |= st->wire[k].used && stage_at(st, st->wire[k].port, &p->end);
		if (!into && attack_sights_arrived(&st->sights, p->name))
			return p->name;
	}
	return NULL;
}

static int stage_wire(struct attack_stage *st, const char *port, struct attack_wire **out)
{
	struct attack_wire *w = &st->wire[st->n_wires];
	const struct lab_run *r = st->run;
	const char *name;
	uint8_t mac[6];
	int node, err;

	for (unsigned i = 0; i < st->n_wires; i++) {
		*out = &st->wire[i];
		if (!strcmp(st->wire[i].port, port))
			return 0;
	}
	node = stage_end(st, port, &name);
	if (node < 0 || st->n_wires == ATTACK_WIRES_MAX)
		return node < 0 ? -ENODEV : -ENOSPC;
	err = lab_link_find(&r->base, &r->ns[node], name, &w->ifindex, mac);
	if (err)
		return err;
	w->fd = lab_ns_socket(&r->base, &r->ns[node], AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return w->fd;
	snprintf(w->port, sizeof w->port, "%s", port);
	st->n_wires++;
	*out = w;
	return 0;
}

int attack_send(struct attack_stage *st, const char *port, const uint8_t *frame, size_t len)
{
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_halen = 6};
	struct attack_wire *w = NULL;
	int err = len < 14 ? -EINVAL : stage_wire(st, port, &w);

	if (err)
		return err;
	ll.sll_ifindex = w->ifindex;
	memcpy(ll.sll_addr, frame, 6);
	if (sendto(w->fd, frame, len, 0, (struct sockaddr *)&ll, sizeof ll) != (ssize_t)len)
		return errno ? -errno : -EIO;
	st->frames++;
	w->used = true;
	/* what was seen so far is taken in now and then, or a flood of an attack's own would push out what it is after */
	if (!(st->frames % 64))
		attack_sights_drain(&st->sights);
	return 0;
}

bool attack_mac(struct attack_stage *st, const char *port, uint8_t mac[6])
{
	const char *name;
	int ifindex, node = stage_end(st, port, &name);

	memset(mac, 0, 6);
	return node >= 0 && !lab_link_find(&st->run->base, &st->run->ns[node], name, &ifindex, mac);
}

int attack_label(struct attack_stage *st, const char *vrf)
{
	return lab_step_label(st->run, st->pe_node, vrf);
}

int attack_label_of(struct attack_stage *st, const char *node, const char *vrf)
{
	int n = lab_topo_find(&st->run->topo, node);

	return n < 0 ? -1 : lab_step_label(st->run, n, vrf);
}

static unsigned stage_seen(
	struct attack_stage *st, const char *port, attack_match_fn *match, void *arg)
{
	attack_sights_drain(&st->sights);
	return match ? attack_sights_matched(&st->sights, port, match, arg)
		     : attack_sights_arrived(&st->sights, port);
}

unsigned attack_matched(struct attack_stage *st, const char *port, unsigned want, unsigned ms,
	attack_match_fn *match, void *arg)
{
	unsigned long long now = lab_now_ms(), end = now + ms, count = now + COUNT_MS;
	unsigned n = stage_seen(st, port, match, arg);

	for (; n < want && now < end; now = lab_now_ms()) {
		poll(NULL, 0, POLL_MS);
		n = stage_seen(st, port, match, arg);
		if (n >= want || now < count || st->pe != ATTACK_PE_RAVELIN || !st->attack)
			continue;
		if (attack_readings_done(st, st->attack, st->frames))
			return stage_seen(st, port, match, arg);
		count = lab_now_ms() + COUNT_MS;
	}
	return n;
}

unsigned attack_arrived(struct attack_stage *st, const char *port, unsigned want, unsigned ms)
{
	return attack_matched(st, port, want, ms, NULL, NULL);
}

int attack_shell(struct attack_stage *st, const char *node, const char *line, char *out, size_t cap)
{
	int n = lab_topo_find(&st->run->topo, node);
	struct lab_run_args a = {.line = line, .out = out, .cap = cap, .timeout_ms = COMMAND_MS};

	return n < 0 ? -ENOENT : lab_proc_run(&st->run->procs, &st->run->ns[n], &a);
}

json_t *attack_api(struct attack_stage *st, const char *path)
{
	return st->pe == ATTACK_PE_RAVELIN
		       ? lab_api_get(st->run->topo.nodes[st->pe_node].name, path)
		       : NULL;
}

bool attack_until(struct attack_stage *st, attack_ask_fn *ask, void *arg, unsigned ms)
{
	unsigned long long end = lab_now_ms() + ms;

	while (!ask(st, arg)) {
		if (lab_now_ms() >= end)
			return false;
		poll(NULL, 0, ASK_MS);
		attack_sights_drain(&st->sights);
	}
	return true;
}

bool attack_kernel_route(
	struct attack_stage *st, const char *node, const char *vrf, const char *prefix)
{
	int n = lab_topo_find(&st->run->topo, node);
	struct lab_cond c = {.kind = LAB_COND_KERNEL_ROUTE,
		.node = n < 0 ? 0 : n,
		.subject = prefix,
		.vrf = vrf,
		.labels = -1};
	char observed[ATTACK_TEXT_MAX];

	return n >= 0 && lab_cond_holds(st->run, &c, observed, sizeof observed);
}

bool attack_ping(
	struct attack_stage *st, const char *node, const char *source, const char *to, unsigned ms)
{
	int n = lab_topo_find(&st->run->topo, node);
	struct lab_step one = {.from = n < 0 ? 0 : n, .source = source, .to = to, .count = 1};
	struct lab_ping p;

	return n >= 0 && !lab_ping_run(&p, st->run, &one, ms) && p.answered;
}

bool attack_session_up(
	struct attack_stage *st, const char *name, const char *address, const char *vrf)
{
	struct lab_cond c = {.kind = LAB_COND_SESSION,
		.node = st->pe_node,
		.subject = st->pe == ATTACK_PE_RAVELIN ? name : address,
		.vrf = vrf,
		.labels = -1};
	char observed[ATTACK_TEXT_MAX];

	return lab_cond_holds(st->run, &c, observed, sizeof observed);
}

void attack_comment(struct attack_stage *st, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(st->comment, sizeof st->comment, fmt, ap);
	va_end(ap);
}

/* A node's privileged side: the model kernel of mplsfwd, behind a pair of ordered channels with delays. */
#include "tests/sim/sim.h"

#include "lib/check.h"

static void fire_tell(struct sim *s, struct sim_event *e)
{
	(void)s;
	if (e->node->running)
		sim_node_step(e->node, &e->ev);
}

static uint64_t channel_us(struct sim_node *n)
{
	uint64_t at = n->sim->now_us + 20 + sim_random(n->sim, 500);

	n->said_us = at > n->said_us ? at : n->said_us;
	return n->said_us;
}

static void tell(struct sim_node *n, const struct fib_msg *m)
{
	struct sim_event *e = sim_event_new(n->sim, n, fire_tell, NULL, 0);

	e->ev.kind = EV_FIB;
	e->ev.fib = *m;
	sim_event_at(n->sim, e, channel_us(n));
}

static void answer(struct sim_node *n)
{
	struct fwd_ack ack;

	while (fwd_lfib_ack_get(&n->fib.lfib, &ack)) {
		if (n->hold_acks && !ack.error) {
			CHECK(n->held < 8);
			n->held_seq[n->held++] = ack.seq;
			continue;
		}
		tell(n, &(struct fib_msg){.type = FIB_ACK, .seq = ack.seq, .error = ack.error});
	}
}

void sim_release_acks(struct sim_node *n)
{
	n->hold_acks = false;
	for (unsigned i = 0; i < n->held; i++)
		tell(n, &(struct fib_msg){.type = FIB_ACK, .seq = n->held_seq[i]});
	n->held = 0;
}

static uint16_t core_port(const struct sim_node *n)
{
	for (unsigned i = 0; i < n->conf->n_ports; i++)
		if (n->conf->ports[i].role == CONF_PORT_CORE)
			return (uint16_t)i;
	UNREACHABLE();
}

static struct sim_lsp *lsp_find(struct sim_node *n, const struct ip_addr *a)
{
	for (unsigned i = 0; i < n->sim->n_lsps; i++) {
		struct sim_lsp *l = &n->sim->lsps[i];

		if (l->from == n && ip_addr_equal(&l->address, a))
			return l;
	}
	return NULL;
}

/* What the core's routing knows of a next hop now. */
static void tell_nexthop(struct sim_node *n, const struct ip_addr *a, bool always)
{
	const struct sim_lsp *l = lsp_find(n, a);
	struct fib_msg m = {.type = FIB_NEXTHOP, .addr = *a};
	struct fwd_path path = {.oif = fwd_model_port_ifindex(l && l->up ? core_port(n) : 0),
		.gateway = ip_addr_v4(0x0a000101), /* the P router on the wire */
		.n_labels = 1,
		.labels = {l ? l->label : 0}};

	if (!fwd_lfib_nexthop_find(&n->fib.lfib, a))
		return;
	if (fwd_model_nexthop(&n->fib, a, l && l->up ? &path : NULL, 20, &m) || always) {
		fwd_nexthop_msg(fwd_lfib_nexthop_find(&n->fib.lfib, a), &m);
		tell(n, &m);
	}
}

struct sim_lsp *sim_lsp_add(
	struct sim *s, const char *from, const char *to, const char *address, uint32_t label)
{
	CHECK(s->n_lsps < SIM_LSPS);
	struct sim_lsp *l = &s->lsps[s->n_lsps++];

	l->from = sim_node_find(s, from);
	l->to = sim_node_find(s, to);
	l->label = label;
	l->up = true;
	CHECK(ip_addr_parse(address, &l->address));
	return l;
}

void sim_lsp_set(struct sim *s, struct sim_lsp *l, uint32_t label, bool up)
{
	(void)s;
	l->label = label;
	l->up = up;
	tell_nexthop(l->from, &l->address, false);
}

static void fire_said(struct sim *s, struct sim_event *e)
{
	struct sim_node *n = e->node;
	const struct fib_msg *m = &e->ev.fib;

	(void)s;
	if (m->type == FIB_DIAL) {
		sim_tcp_dial(n, m->peer);
		return;
	}
	if (m->type == FIB_STATS_GET) {
		tell(n, &(struct fib_msg){.type = FIB_TCP_STATS, .tcp = n->tcp});
		tell(n, &(struct fib_msg){.type = FIB_ACK, .seq = m->seq});
		return;
	}
	(void)fwd_model_apply(&n->fib, m);
	if (m->type == FIB_NEXTHOP_TRACK)
		tell_nexthop(n, &m->addr, true);
	answer(n);
}

void sim_kernel_say(struct sim_node *n, const struct fib_msg *m)
{
	struct sim_event *e = sim_event_new(n->sim, n, fire_said, NULL, 0);

	e->ev.fib = *m;
	sim_event_at(n->sim, e, channel_us(n));
}

void sim_kernel_start(struct sim_node *n)
{
	for (uint16_t i = 0; i < n->conf->n_ports; i++) {
		const struct conf_port *p = &n->conf->ports[i];

		tell(n, &(struct fib_msg){.type = FIB_PORT,
				.port = i,
				.flags = FIB_PORT_PRESENT | FIB_PORT_UP});
		for (unsigned k = 0; k < p->n_addresses && p->vrf != CONF_VRF_NONE; k++) {
			struct fib_msg m = {.type = FIB_CONNECTED,
				.vrf = (uint16_t)p->vrf,
				.prefix = p->addresses[k],
				.up = true};

			ip_prefix_mask(&m.prefix);
			tell(n, &m);
		}
	}
}

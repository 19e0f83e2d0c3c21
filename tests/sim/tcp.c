/* TCP as the routers see it: reliable, ordered, in random pieces; dials that are answered or refused; cuts. */
#include "tests/sim/sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

struct end { /* where a dial leads */
	struct sim_node *node;
	uint16_t vrf;
	struct ip_addr remote,
		local; /* the dialler's address, and the one dialled, as the listener sees them */
};

static struct sim_conn *conn_new(struct sim_node *n)
{
	for (unsigned i = 0; i < SIM_CONNS; i++) {
		struct sim_conn *c = &n->sim->conns[i];

		if (c->node)
			continue;
		*c = (struct sim_conn){.node = n, .id = ++n->last_conn};
		return c;
	}
	UNREACHABLE();
}

static void conn_free(struct sim_conn *c)
{
	if (c->other && c->other->other == c)
		c->other->other = NULL;
	free(c->rx);
	*c = (struct sim_conn){0};
}

static struct sim_conn *conn_find(struct sim_node *n, uint32_t id)
{
	for (unsigned i = 0; i < SIM_CONNS; i++)
		if (n->sim->conns[i].node == n && n->sim->conns[i].id == id)
			return &n->sim->conns[i];
	return NULL;
}

void sim_tcp_fini(struct sim *s)
{
	for (unsigned i = 0; i < SIM_CONNS; i++)
		free(s->conns[i].rx);
}

static struct ip_addr core_address(const struct sim_node *n)
{
	for (unsigned i = 0; i < n->conf->n_peers; i++)
		if (n->conf->peers[i].vrf == CONF_VRF_NONE && n->conf->peers[i].local.af)
			return n->conf->peers[i].local;
	return ip_addr_v4(n->conf->id);
}

static bool find_core_end(struct sim_node *n, const struct conf_peer *p, struct end *out)
{
	for (unsigned i = 0; i < n->sim->n_nodes; i++) {
		struct sim_node *to = &n->sim->nodes[i];
		struct ip_addr a = core_address(to);

		if (!ip_addr_equal(&a, &p->addr))
			continue;
		*out = (struct end){to, FIB_VRF_CORE, core_address(n), a};
		return to->running;
	}
	return false;
}

static bool find_access_end(struct sim_node *n, const struct conf_peer *p, struct end *out)
{
	for (unsigned i = 0; i < n->sim->n_links; i++) {
		const struct sim_link *l = &n->sim->links[i];

		for (unsigned side = 0; side < 2; side++) {
			const struct conf_port *near = &l->node[side]->conf->ports[l->port[side]];
			const struct conf_port *far = &l->node[!side]->conf->ports[l->port[!side]];

			if (l->node[side] != n || near->vrf != p->vrf || !l->up ||
				!ip_addr_equal(&far->addresses[0].addr, &p->addr))
				continue;
			*out = (struct end){l->node[!side], (uint16_t)far->vrf,
				near->addresses[0].addr, far->addresses[0].addr};
			return l->node[!side]->running;
		}
	}
	return false;
}

static void fire_connected(struct sim *s, struct sim_event *e)
{
	(void)s;
	if (conn_find(e->node, e->ev.conn))
		sim_node_step(e->node, &e->ev);
}

static void fire_accept(struct sim *s, struct sim_event *e)
{
	/* e->ev.conn is the dialler's connection, e->data the end it dialled */
	struct end end;
	struct sim_conn *from, *to;
	struct sim_event *up;

	memcpy(&end, e->data, sizeof(end));
	from = conn_find(e->node, e->ev.conn);
	if (!from)
		return;
	to = conn_new(end.node);
	from->other = to;
	to->other = from;
	up = sim_event_new(s, e->node, fire_connected, NULL, 0);
	up->ev = (struct event){.kind = EV_CONNECTED,
		.vrf = FIB_VRF_CORE,
		.conn = from->id,
		.remote = end.local,
		.local = end.remote};
	from->last_us = s->now_us + sim_delay_us(s);
	sim_event_at(s, up, from->last_us);
	sim_node_step(end.node, &(struct event){.kind = EV_ACCEPT,
					.conn = to->id,
					.vrf = end.vrf,
					.remote = end.remote,
					.local = end.local});
}

static void fire_failed(struct sim *s, struct sim_event *e)
{
	struct sim_conn *c = conn_find(e->node, e->ev.conn);

	(void)s;
	if (!c)
		return;
	conn_free(c);
	sim_node_step(e->node, &e->ev);
}

/* TCP-MD5 (RFC 2385): without the listener's key a SYN goes unanswered, and the listener's kernel counts it. */
static bool keys_match(const struct conf_peer *p, const struct end *end)
{
	const struct conf *c = end->node->conf;

	for (unsigned i = 0; i < c->n_peers; i++) {
		const struct conf_peer *q = &c->peers[i];
		uint16_t vrf = q->vrf == CONF_VRF_NONE ? FIB_VRF_CORE : (uint16_t)q->vrf;

		if (vrf == end->vrf && ip_addr_equal(&q->addr, &end->remote))
			return q->password_len == p->password_len &&
			       !memcmp(q->password, p->password, p->password_len);
	}
	return true;
}

/* FIB_DIAL has reached mplsfwd: a socket goes back, then the answer of the network. */
void sim_tcp_dial(struct sim_node *n, unsigned peer)
{
	struct sim *s = n->sim;
	const struct conf_peer *p = &n->conf->peers[peer];
	struct sim_conn *c = conn_new(n);
	struct sim_event *e;
	struct end end;
	bool found =
		p->vrf == CONF_VRF_NONE ? find_core_end(n, p, &end) : find_access_end(n, p, &end);

	sim_node_step(n, &(struct event){.kind = EV_FIB,
				 .vrf = FIB_VRF_CORE,
				 .conn = c->id,
				 .fib = {.type = FIB_SOCKET, .peer = (uint16_t)peer}});
	if (found && !keys_match(p, &end)) {
		end.node->tcp.md5_failure++;
		return;
	}
	e = sim_event_new(s, n, found ? fire_accept : fire_failed, &end, found ? sizeof(end) : 0);
	e->ev.conn = c->id;
	if (!found) {
		e->ev.kind = EV_CONN_FAILED;
		e->ev.error = ECONNREFUSED;
	}
	sim_event_at(s, e, s->now_us + sim_delay_us(s));
}

static void fire_flow(struct sim *s, struct sim_event *e)
{
	(void)s;
	if (conn_find(e->node, e->ev.conn))
		sim_node_step(e->node, &e->ev);
}

/* Says that a connection has become full, or has room again. */
static void tell_flow(struct sim_conn *c)
{
	struct sim *s = c->node->sim;
	bool full = c->waiting > (c->full ? s->window / 4 : s->window);
	struct sim_event *e;

	if (full == c->full)
		return;
	c->full = full;
	s->full += full;
	e = sim_event_new(s, c->node, fire_flow, NULL, 0);
	e->ev.kind = full ? EV_CONN_FULL : EV_CONN_DRAINED;
	e->ev.conn = c->id;
	sim_event_at(s, e, s->now_us);
}

static void fire_data(struct sim *s, struct sim_event *e)
{
	struct sim_conn *c = conn_find(e->node, e->ev.conn);
	size_t taken;

	(void)s;
	if (!c)
		return;
	if (c->other) {
		c->other->waiting -= e->len;
		tell_flow(c->other);
	}
	c->rx = realloc(c->rx, c->rx_len + e->len);
	CHECK(c->rx);
	memcpy(c->rx + c->rx_len, e->data, e->len);
	c->rx_len += e->len;
	taken = sim_node_step(e->node, &(struct event){.kind = EV_RECV,
					       .vrf = FIB_VRF_CORE,
					       .conn = e->ev.conn,
					       .data = c->rx,
					       .len = c->rx_len});
	c = conn_find(e->node, e->ev.conn);
	if (!c)
		return;
	CHECK(taken <= c->rx_len);
	memmove(c->rx, c->rx + taken, c->rx_len - taken);
	c->rx_len -= taken;
}

static void fire_closed(struct sim *s, struct sim_event *e)
{
	struct sim_conn *c = conn_find(e->node, e->ev.conn);

	(void)s;
	if (!c)
		return;
	conn_free(c);
	sim_node_step(e->node, &e->ev);
}

static void on_the_wire(struct sim *s, struct sim_conn *to, struct sim_event *e)
{
	uint64_t at = s->now_us + sim_delay_us(s);

	e->ev.conn = to->id;
	to->last_us = at > to->last_us ? at : to->last_us;
	sim_event_at(s, e, to->last_us);
}

void sim_tcp_send(struct sim_node *n, uint32_t conn, const uint8_t *data, size_t len)
{
	struct sim_conn *c = conn_find(n, conn);

	if (!c || !c->other)
		return;
	c->waiting += len;
	tell_flow(c);
	while (len) {
		size_t piece = 1 + sim_random(n->sim, len < 1400 ? len : 1400);
		struct sim_event *e = sim_event_new(n->sim, c->other->node, fire_data, data, piece);

		on_the_wire(n->sim, c->other, e);
		data += piece;
		len -= piece;
	}
}

static void tell_closed(struct sim_conn *c, int error)
{
	struct sim_event *e = sim_event_new(c->node->sim, c->node, fire_closed, NULL, 0);

	e->ev.kind = EV_CONN_CLOSED;
	e->ev.error = error;
	on_the_wire(c->node->sim, c, e);
}

void sim_tcp_close(struct sim_node *n, uint32_t conn)
{
	struct sim_conn *c = conn_find(n, conn);

	if (!c)
		return;
	if (c->other)
		tell_closed(c->other, 0);
	conn_free(c);
}

void sim_cut(struct sim *s, const struct sim_node *a, const struct sim_node *b)
{
	for (unsigned i = 0; i < SIM_CONNS; i++) {
		struct sim_conn *c = &s->conns[i], *o = c->other;

		if (c->node != a || !o || o->node != b)
			continue;
		c->other = o->other = NULL;
		tell_closed(c, ECONNRESET);
		tell_closed(o, ECONNRESET);
	}
}

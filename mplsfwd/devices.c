/* What the shell sees of the system: devices, addresses, routes to next hops, state found at start. */
#include <stdlib.h>

#include "lib/check.h"
#include "mplsfwd/dirty.h"

void fwd_lfib_vrf_set(struct fwd_lfib *l, uint16_t vrf, uint32_t ifindex)
{
	CHECK(vrf < l->conf->n_vrfs);
	if (l->vrf_ifindex[vrf] == ifindex)
		return;
	l->vrf_ifindex[vrf] = ifindex;
	for (uint32_t id = 1; id <= l->conf->label_max - l->conf->label_min + 1; id++) {
		struct fwd_label *e = fwd_label_at(l, id);

		/* a deleted device took its pop entries along, a renamed one did not */
		if (e->have == vrf)
			e->have = FWD_VRF_OTHER;
		if (e->want == vrf)
			fwd_queue_push(l, FWD_Q_LABEL, id);
	}
}

/* Plans the CE routes of a VRF again; those over a port that is gone are in an unknown state. */
static void ce_routes_push(struct fwd_lfib *l, int vrf, int gone)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->routes, &pos))) {
		struct fwd_route *r = fwd_route_at(l, id);

		if (r->vrf != vrf || (r->want.via != FWD_VIA_CE && r->have.via != FWD_VIA_CE))
			continue;
		if (r->have.via == FWD_VIA_CE && r->have.port == gone)
			fwd_route_have_set(l, r, (struct fwd_target){.via = FWD_VIA_OTHER});
		r->item.flags &= (uint8_t)~FWD_RETRIED;
		fwd_queue_push(l, FWD_Q_ROUTE, id);
	}
}

void fwd_lfib_port_set(struct fwd_lfib *l, uint16_t port, const struct fwd_port *state)
{
	CHECK(port < l->conf->n_ports);
	struct fwd_port old = l->ports[port];

	l->ports[port] = *state;
	if (l->conf->ports[port].role != CONF_PORT_ACCESS)
		return;
	bool same =
		old.ifindex == state->ifindex && old.up == state->up && old.bound == state->bound;
	if (!same)
		ce_routes_push(l, l->conf->ports[port].vrf, port);
}

void fwd_lfib_connected_set(
	struct fwd_lfib *l, uint16_t port, const struct ip_prefix *p, bool there)
{
	uint32_t addr = ip_addr_get_v4(&p->addr);
	unsigned i;

	CHECK(port < l->conf->n_ports);
	if (p->addr.af != IP_V4)
		return;
	for (i = 0; i < l->n_connected; i++) {
		const struct fwd_connected *c = &l->connected[i];
		if (c->port == port && c->len == p->len && c->addr == addr)
			break;
	}
	if (there == (i < l->n_connected))
		return;
	if (there) {
		l->connected = realloc(l->connected, (l->n_connected + 1) * sizeof(*l->connected));
		CHECK(l->connected);
		l->connected[l->n_connected++] =
			(struct fwd_connected){.port = port, .len = p->len, .addr = addr};
	} else {
		l->connected[i] = l->connected[--l->n_connected];
	}
	if (l->conf->ports[port].role != CONF_PORT_ACCESS)
		return;
	l->changed[l->conf->ports[port].vrf] = true;
	ce_routes_push(l, l->conf->ports[port].vrf, there ? -1 : port);
}

void fwd_lfib_link_gone(struct fwd_lfib *l, uint32_t ifindex)
{
	uint32_t pos = 0, id;
	bool any = false;

	while ((id = fwd_table_next(&l->pairs, &pos))) {
		struct fwd_pair *p = fwd_pair_at(l, id);

		if (p->have == FWD_OBJECT_PATH && p->path.oif == ifindex) {
			p->item.flags |= FWD_LOST;
			any = true;
		}
	}
	if (any)
		fwd_pairs_lost(l);
}

bool fwd_lfib_lost_label(struct fwd_lfib *l, uint32_t label)
{
	if (label < l->conf->label_min || label > l->conf->label_max)
		return false;
	uint32_t id = label - l->conf->label_min + 1;
	struct fwd_label *e = fwd_label_at(l, id);
	if (e->have == FWD_VRF_NONE)
		return false;
	e->have = FWD_VRF_OTHER;
	fwd_queue_push(l, FWD_Q_LABEL, id);
	return e->want != FWD_VRF_NONE;
}

/* The VRF that has a table, or n_vrfs. */
static uint16_t vrf_of_table(const struct fwd_lfib *l, uint32_t table)
{
	uint16_t vrf = 0;

	while (vrf < l->conf->n_vrfs && l->conf->vrfs[vrf].table != table)
		vrf++;
	return vrf;
}

bool fwd_lfib_lost_route(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len)
{
	struct fwd_route key = {.vrf = vrf_of_table(l, table), .len = len, .addr = addr};
	uint32_t id = fwd_table_find(&l->routes, &key);

	if (!id)
		return false;
	struct fwd_route *r = fwd_route_at(l, id);
	if (r->have.via == FWD_VIA_NONE)
		return false;
	fwd_route_have_set(l, r, (struct fwd_target){.via = FWD_VIA_OTHER});
	r->item.flags &= (uint8_t)~FWD_RETRIED;
	fwd_queue_push(l, FWD_Q_ROUTE, id);
	return r->want.via != FWD_VIA_NONE;
}

bool fwd_lfib_lost_nexthop(struct fwd_lfib *l, uint32_t nhid)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->pairs, &pos))) {
		struct fwd_pair *p = fwd_pair_at(l, id);

		if (p->nhid != nhid)
			continue;
		bool wanted = p->wants;
		p->item.flags |= FWD_LOST;
		fwd_pairs_lost(l);
		return wanted;
	}
	return false;
}

bool fwd_lfib_nexthop_set(
	struct fwd_lfib *l, const struct ip_addr *a, const struct fwd_path *path, uint32_t metric)
{
	struct fwd_nexthop *nh = (struct fwd_nexthop *)fwd_lfib_nexthop_find(l, a);

	if (!nh)
		return false;
	bool same_path =
		nh->resolved == (path != NULL) && (!path || fwd_path_equal(&nh->path, path));
	bool same = same_path && nh->metric == metric;
	nh->metric = metric;
	nh->resolved = path;
	nh->path = path ? *path : (struct fwd_path){0};
	if (same_path)
		return !same;
	for (uint32_t id = nh->pairs; id; id = fwd_pair_at(l, id)->sibling) {
		struct fwd_pair *p = fwd_pair_at(l, id);

		p->item.flags &= (uint8_t)~FWD_FORCED;
		if (p->wants)
			fwd_queue_push(l, FWD_Q_PAIR, id);
	}
	return true;
}

void fwd_nexthop_msg(const struct fwd_nexthop *nh, struct fib_msg *out)
{
	*out = (struct fib_msg){.type = FIB_NEXTHOP,
		.addr = ip_addr_v4(nh->addr),
		.up = nh->resolved,
		.metric = nh->metric,
		.n_labels = nh->path.n_labels};
	for (unsigned i = 0; i < nh->path.n_labels; i++)
		out->labels[i] = nh->path.labels[i];
}

static void leftover_add(struct fwd_lfib *l, const struct fwd_op *op)
{
	l->leftovers = realloc(l->leftovers, (l->n_leftovers + 1) * sizeof(*l->leftovers));
	CHECK(l->leftovers);
	l->leftovers[l->n_leftovers++] = *op;
}

void fwd_lfib_found_label(struct fwd_lfib *l, uint32_t label, uint32_t oif)
{
	uint16_t vrf = 0;

	if (label < l->conf->label_min || label > l->conf->label_max) {
		leftover_add(l, &(struct fwd_op){.kind = FWD_OP_LABEL_DEL, .label = label});
		return;
	}
	while (vrf < l->conf->n_vrfs && (!oif || l->vrf_ifindex[vrf] != oif))
		vrf++;
	struct fwd_label *e = fwd_label_at(l, label - l->conf->label_min + 1);
	e->have = vrf < l->conf->n_vrfs ? vrf : FWD_VRF_OTHER;
}

void fwd_lfib_found_route(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len)
{
	struct fwd_route key = {.vrf = vrf_of_table(l, table), .len = len, .addr = addr};

	if (key.vrf == l->conf->n_vrfs || len > 32) {
		fwd_lfib_found_foreign(l, table, addr, len);
		return;
	}
	struct fwd_route *r = fwd_route_at(l, fwd_table_add(&l->routes, &key));
	if (r->have.via == FWD_VIA_NONE)
		r->have.via = FWD_VIA_OTHER;
}

void fwd_lfib_found_foreign(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len)
{
	leftover_add(
		l, &(struct fwd_op){
			   .kind = FWD_OP_ROUTE_DEL, .table = table, .addr = addr, .len = len});
}

void fwd_lfib_found_nexthop(struct fwd_lfib *l, uint32_t nhid)
{
	leftover_add(l, &(struct fwd_op){.kind = FWD_OP_NH_DEL, .nhid = nhid});
}

#include "mplsfwd/dirty.h"

#include <stdlib.h>

#include "lib/check.h"

static struct fwd_item *item_at(const struct fwd_lfib *l, enum fwd_queue_id q, uint32_t id)
{
	switch (q) {
	case FWD_Q_LABEL:
		return &fwd_label_at(l, id)->item;
	case FWD_Q_PAIR:
	case FWD_Q_PAIR_DEL:
		return &fwd_pair_at(l, id)->item;
	case FWD_Q_ROUTE:
	case FWD_Q_ROUTE_DEL:
		return &fwd_route_at(l, id)->item;
	default:
		UNREACHABLE();
	}
}

static void queue_unlink(struct fwd_lfib *l, uint32_t id, struct fwd_item *it)
{
	enum fwd_queue_id q = it->queue;

	if (it->prev)
		item_at(l, q, it->prev)->next = it->next;
	else
		l->queues[q].head = it->next;
	if (it->next)
		item_at(l, q, it->next)->prev = it->prev;
	else
		l->queues[q].tail = it->prev;
	it->next = it->prev = 0;
	it->queue = FWD_Q_NONE;
}

void fwd_queue_push(struct fwd_lfib *l, enum fwd_queue_id q, uint32_t id)
{
	struct fwd_item *it = item_at(l, q, id);

	if (it->queue == q)
		return;
	if (it->queue)
		queue_unlink(l, id, it);
	it->queue = q;
	it->prev = l->queues[q].tail;
	if (it->prev)
		item_at(l, q, it->prev)->next = id;
	else
		l->queues[q].head = id;
	l->queues[q].tail = id;
}

uint32_t fwd_queue_pop(struct fwd_lfib *l, enum fwd_queue_id q)
{
	uint32_t id = l->queues[q].head;

	if (id)
		queue_unlink(l, id, item_at(l, q, id));
	return id;
}

void fwd_ack_push(struct fwd_lfib *l, uint32_t seq, int error)
{
	if (!seq)
		return;
	if (l->n_acks == l->cap_acks) {
		l->cap_acks = l->cap_acks ? l->cap_acks * 2 : 64;
		l->acks = realloc(l->acks, l->cap_acks * sizeof(*l->acks));
		CHECK(l->acks);
	}
	l->acks[l->n_acks++] = (struct fwd_ack){.seq = seq, .error = error};
}

bool fwd_lfib_ack_get(struct fwd_lfib *l, struct fwd_ack *out)
{
	if (l->ack_head == l->n_acks) {
		l->ack_head = l->n_acks = 0;
		return false;
	}
	*out = l->acks[l->ack_head++];
	return true;
}

bool fwd_path_equal(const struct fwd_path *a, const struct fwd_path *b)
{
	bool same = a->oif == b->oif && a->n_labels == b->n_labels &&
		    ip_addr_equal(&a->gateway, &b->gateway);

	for (unsigned i = 0; same && i < a->n_labels; i++)
		same = a->labels[i] == b->labels[i];
	return same;
}

static bool is_installed(const struct fwd_target *t)
{
	return t->via == FWD_VIA_PAIR || t->via == FWD_VIA_CE || t->via == FWD_VIA_BLACKHOLE;
}

void fwd_route_have_set(struct fwd_lfib *l, struct fwd_route *r, struct fwd_target have)
{
	struct fwd_target old = r->have;

	r->have = have;
	if (is_installed(&have))
		l->lens[r->vrf][r->len]++;
	if (is_installed(&old))
		l->lens[r->vrf][r->len]--;
	if (have.via == FWD_VIA_PAIR)
		fwd_pair_at(l, have.ref)->haves++;
	if (old.via != FWD_VIA_PAIR)
		return;
	struct fwd_pair *p = fwd_pair_at(l, old.ref);
	if (!--p->haves && !p->wants)
		fwd_queue_push(l, FWD_Q_PAIR_DEL, old.ref);
}

static bool is_idle(const struct fwd_item *it)
{
	return !it->queue && !(it->flags & FWD_INFLIGHT);
}

void fwd_route_release(struct fwd_lfib *l, uint32_t id)
{
	const struct fwd_route *r = fwd_route_at(l, id);

	if (is_idle(&r->item) && r->want.via == FWD_VIA_NONE && r->have.via == FWD_VIA_NONE)
		fwd_table_del(&l->routes, id);
}

static void pair_unlink(struct fwd_lfib *l, const struct fwd_pair *p)
{
	uint32_t nh_id = fwd_table_find(&l->nexthops, &p->next_hop);
	struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, nh_id);

	if (p->sibling_prev)
		fwd_pair_at(l, p->sibling_prev)->sibling = p->sibling;
	else
		nh->pairs = p->sibling;
	if (p->sibling)
		fwd_pair_at(l, p->sibling)->sibling_prev = p->sibling_prev;
	if (!nh->pairs && !nh->tracked)
		fwd_table_del(&l->nexthops, nh_id);
}

void fwd_pair_release(struct fwd_lfib *l, uint32_t id)
{
	const struct fwd_pair *p = fwd_pair_at(l, id);

	if (!is_idle(&p->item) || p->wants || p->haves || p->nhid)
		return;
	pair_unlink(l, p);
	fwd_table_del(&l->pairs, id);
}

void fwd_pair_unwant(struct fwd_lfib *l, uint32_t id)
{
	struct fwd_pair *p = fwd_pair_at(l, id);

	if (p->nhid || p->haves || p->item.flags & FWD_INFLIGHT) {
		fwd_queue_push(l, FWD_Q_PAIR_DEL, id);
		return;
	}
	if (p->item.queue)
		queue_unlink(l, id, &p->item);
	fwd_pair_release(l, id);
}

static enum fwd_queue_id route_queue(const struct fwd_route *r)
{
	return r->want.via == FWD_VIA_NONE ? FWD_Q_ROUTE_DEL : FWD_Q_ROUTE;
}

void fwd_pairs_lost(struct fwd_lfib *l)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->routes, &pos))) {
		struct fwd_route *r = fwd_route_at(l, id);

		if (r->have.via != FWD_VIA_PAIR ||
			!(fwd_pair_at(l, r->have.ref)->item.flags & FWD_LOST))
			continue;
		fwd_route_have_set(l, r, (struct fwd_target){.via = FWD_VIA_OTHER});
		fwd_queue_push(l, route_queue(r), id);
	}
	for (pos = 0; (id = fwd_table_next(&l->pairs, &pos));) {
		struct fwd_pair *p = fwd_pair_at(l, id);

		if (!(p->item.flags & FWD_LOST))
			continue;
		p->item.flags &= (uint8_t)~FWD_LOST;
		p->nhid = 0;
		p->have = FWD_OBJECT_NONE;
		fwd_queue_push(l, p->wants ? FWD_Q_PAIR : FWD_Q_PAIR_DEL, id);
	}
}

void fwd_pair_routes_push(struct fwd_lfib *l, uint32_t id)
{
	uint32_t pos = 0, route;

	while ((route = fwd_table_next(&l->routes, &pos))) {
		const struct fwd_route *r = fwd_route_at(l, route);

		if (r->want.via == FWD_VIA_PAIR && r->want.ref == id)
			fwd_queue_push(l, FWD_Q_ROUTE, route);
	}
}

int fwd_ce_port(const struct fwd_lfib *l, uint16_t vrf, uint32_t gateway)
{
	int best = -1, best_len = -1;

	for (unsigned i = 0; i < l->n_connected; i++) {
		const struct fwd_connected *c = &l->connected[i];
		const struct fwd_port *port = &l->ports[c->port];

		if (l->conf->ports[c->port].vrf != vrf || !port->ifindex || !port->up ||
			!port->bound)
			continue;
		if (c->len > best_len && !((gateway ^ c->addr) & FWD_MASK(c->len))) {
			best = c->port;
			best_len = c->len;
		}
	}
	return best;
}

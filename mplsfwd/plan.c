#include "mplsfwd/plan.h"

#include <errno.h>

#include "lib/check.h"
#include "mplsfwd/dirty.h"

/* Fills *op and takes the entry under way, or settles it without the kernel and returns false. */
typedef bool plan_emit_fn(struct fwd_lfib *l, uint32_t id, struct fwd_op *op);

static void op_start(struct fwd_lfib *l, struct fwd_op *op, struct fwd_item *it, uint32_t id)
{
	op->entry = id;
	op->epoch = l->epoch;
	op->ttl_uniform = l->ttl_uniform;
	op->seq = it->seq;
	it->seq = 0;
	it->flags |= FWD_INFLIGHT;
}

static void item_answer(struct fwd_lfib *l, struct fwd_item *it, int error)
{
	fwd_ack_push(l, it->seq, error);
	it->seq = 0;
}

static bool label_emit(struct fwd_lfib *l, uint32_t id, struct fwd_op *op)
{
	struct fwd_label *e = fwd_label_at(l, id);
	uint32_t oif = e->want < l->conf->n_vrfs ? l->vrf_ifindex[e->want] : 0;

	if (e->want == e->have) {
		item_answer(l, &e->item, 0);
		return false;
	}
	if (e->want != FWD_VRF_NONE && !oif) {
		item_answer(l, &e->item, ENODEV); /* planned again when the device is there */
		return false;
	}
	*op = (struct fwd_op){.kind = e->want == FWD_VRF_NONE ? FWD_OP_LABEL_DEL : FWD_OP_LABEL_ADD,
		.replace = e->have != FWD_VRF_NONE,
		.label = l->conf->label_min + id - 1,
		.oif = oif,
		.ref = e->want};
	op_start(l, op, &e->item, id);
	return true;
}

static uint32_t nhid_new(struct fwd_lfib *l)
{
	uint32_t id = l->nhid_next;

	l->nhid_next = id == FWD_NHID_LAST ? FWD_NHID_FIRST : id - 1;
	return id;
}

static const struct fwd_nexthop *pair_nexthop(const struct fwd_lfib *l, const struct fwd_pair *p)
{
	return fwd_table_at(&l->nexthops, fwd_table_find(&l->nexthops, &p->next_hop));
}

static bool object_is(const struct fwd_pair *p, bool blackhole, const struct fwd_path *path)
{
	if (blackhole)
		return p->have == FWD_OBJECT_BLACKHOLE;
	return p->have == FWD_OBJECT_PATH && fwd_path_equal(&p->path, path);
}

static bool pair_emit(struct fwd_lfib *l, uint32_t id, struct fwd_op *op)
{
	struct fwd_pair *p = fwd_pair_at(l, id);
	const struct fwd_nexthop *nh = pair_nexthop(l, p);
	bool blackhole = !nh->resolved || p->item.flags & FWD_FORCED;

	if (!p->wants) {
		fwd_queue_push(l, FWD_Q_PAIR_DEL, id);
		return false;
	}
	if (object_is(p, blackhole, &nh->path))
		return false;
	*op = (struct fwd_op){.kind = p->nhid ? FWD_OP_NH_REPLACE : FWD_OP_NH_ADD,
		.blackhole = blackhole,
		.label = p->label};
	if (!blackhole)
		op->path = nh->path;
	if (!p->nhid)
		p->nhid = nhid_new(l);
	op->nhid = p->nhid;
	op_start(l, op, &p->item, id);
	return true;
}

static bool pair_del_emit(struct fwd_lfib *l, uint32_t id, struct fwd_op *op)
{
	struct fwd_pair *p = fwd_pair_at(l, id);

	if (p->wants) {
		fwd_queue_push(l, FWD_Q_PAIR, id);
		return false;
	}
	if (p->haves)
		return false; /* queued again by its last route */
	if (!p->nhid) {
		fwd_pair_release(l, id);
		return false;
	}
	*op = (struct fwd_op){.kind = FWD_OP_NH_DEL, .nhid = p->nhid};
	op_start(l, op, &p->item, id);
	return true;
}

/* What the kernel should have for a route now; 0, or why that is nothing. */
static int route_aim(const struct fwd_lfib *l, const struct fwd_route *r, struct fwd_target *out)
{
	*out = (struct fwd_target){0};
	if (r->want.via == FWD_VIA_PAIR) {
		if (fwd_pair_at(l, r->want.ref)->have == FWD_OBJECT_NONE)
			return ENETUNREACH; /* a broken pair: pairs are settled before routes */
		*out = r->want;
	} else if (r->want.via == FWD_VIA_BLACKHOLE) {
		*out = r->want;
	} else if (r->want.via == FWD_VIA_CE) {
		int port = fwd_ce_port(l, r->vrf, r->want.ref);
		if (port < 0)
			return ENETUNREACH;
		*out = r->want;
		out->port = (uint16_t)port;
	}
	return 0;
}

static bool target_equal(const struct fwd_target *a, const struct fwd_target *b)
{
	return a->via == b->via && a->ref == b->ref && a->port == b->port;
}

static bool route_emit(struct fwd_lfib *l, uint32_t id, struct fwd_op *op)
{
	struct fwd_route *r = fwd_route_at(l, id);
	struct fwd_target aim;
	int error = route_aim(l, r, &aim);

	if (aim.via == FWD_VIA_NONE) {
		if (error)
			item_answer(l, &r->item, error);
		fwd_queue_push(l, FWD_Q_ROUTE_DEL, id);
		return false;
	}
	if (target_equal(&aim, &r->have)) {
		item_answer(l, &r->item, 0);
		return false;
	}
	*op = (struct fwd_op){.kind = FWD_OP_ROUTE_SET,
		.table = l->conf->vrfs[r->vrf].table,
		.addr = r->addr,
		.len = r->len};
	if (aim.via == FWD_VIA_PAIR) {
		op->nhid = fwd_pair_at(l, aim.ref)->nhid;
		op->ref = aim.ref;
	} else if (aim.via == FWD_VIA_BLACKHOLE) {
		op->blackhole = true;
	} else {
		op->gateway = aim.ref;
		op->port = aim.port;
		op->oif = l->ports[aim.port].ifindex;
	}
	op_start(l, op, &r->item, id);
	return true;
}

static bool route_del_emit(struct fwd_lfib *l, uint32_t id, struct fwd_op *op)
{
	struct fwd_route *r = fwd_route_at(l, id);
	struct fwd_target aim;

	route_aim(l, r, &aim);
	if (aim.via != FWD_VIA_NONE) {
		fwd_queue_push(l, FWD_Q_ROUTE, id);
		return false;
	}
	if (r->have.via == FWD_VIA_NONE) {
		item_answer(l, &r->item, 0);
		fwd_route_release(l, id);
		return false;
	}
	*op = (struct fwd_op){.kind = FWD_OP_ROUTE_DEL,
		.table = l->conf->vrfs[r->vrf].table,
		.addr = r->addr,
		.len = r->len};
	op_start(l, op, &r->item, id);
	return true;
}

static plan_emit_fn *const stages[FWD_Q_N] = {
	[FWD_Q_LABEL] = label_emit,
	[FWD_Q_PAIR] = pair_emit,
	[FWD_Q_ROUTE] = route_emit,
	[FWD_Q_ROUTE_DEL] = route_del_emit,
	[FWD_Q_PAIR_DEL] = pair_del_emit,
};

static unsigned stage_take(
	struct fwd_lfib *l, enum fwd_queue_id q, struct fwd_op *ops, unsigned max)
{
	unsigned n = 0;
	uint32_t id;

	while (n < max && (id = fwd_queue_pop(l, q)))
		n += stages[q](l, id, &ops[n]);
	return n;
}

/* The first stage that has work. Settling an entry of a late stage can give an early one work: look again then. */
static unsigned stages_take(struct fwd_lfib *l, struct fwd_op *ops, unsigned max)
{
	for (unsigned q = FWD_Q_NONE + 1; q < FWD_Q_N; q++) {
		if (!l->queues[q].head)
			continue;
		unsigned n = stage_take(l, q, ops, max);
		if (n)
			return n;
		q = FWD_Q_NONE;
	}
	return 0;
}

unsigned fwd_plan_next(struct fwd_lfib *l, struct fwd_op *ops, unsigned max)
{
	CHECK(!l->inflight);
	unsigned n = stages_take(l, ops, max);

	while (!n && l->sweeping && l->n_leftovers && n < max)
		for (; n < max && l->n_leftovers; n++)
			ops[n] = l->leftovers[--l->n_leftovers];
	if (!n) {
		fwd_ack_push(l, l->drain_seq, 0);
		l->drain_seq = 0;
	}
	l->inflight = n;
	return n;
}

static void label_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	struct fwd_label *e = fwd_label_at(l, op->entry);
	bool add = op->kind == FWD_OP_LABEL_ADD;

	if (!error || (!add && (error == ENOENT || error == ESRCH)))
		e->have = add ? (uint16_t)op->ref : FWD_VRF_NONE;
	else if (add && e->want == op->ref && !e->item.seq)
		e->want = FWD_VRF_NONE; /* bgpd is told and has to ask again */
}

static void pair_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	struct fwd_pair *p = fwd_pair_at(l, op->entry);
	bool was_broken = p->item.flags & FWD_BROKEN;

	if (!error) {
		p->have = op->blackhole ? FWD_OBJECT_BLACKHOLE : FWD_OBJECT_PATH;
		p->path = op->path;
		p->item.flags &= (uint8_t)~FWD_BROKEN;
		if (was_broken)
			fwd_pair_routes_push(l, op->entry);
		return;
	}
	if (op->kind == FWD_OP_NH_ADD)
		p->nhid = 0;
	if (op->kind == FWD_OP_NH_REPLACE && error == ENOENT) {
		p->item.flags |= FWD_LOST;
		fwd_pairs_lost(l);
	} else if (op->kind == FWD_OP_NH_ADD && error == EEXIST) {
		fwd_queue_push(
			l, FWD_Q_PAIR, op->entry); /* somebody else's identifier: the next one */
	} else if (!op->blackhole) {
		p->item.flags |= FWD_FORCED;
		fwd_queue_push(l, FWD_Q_PAIR, op->entry);
	} else {
		p->item.flags |= FWD_BROKEN;
		p->have = FWD_OBJECT_NONE;
		fwd_pair_routes_push(l, op->entry);
	}
}

static void pair_del_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	struct fwd_pair *p = fwd_pair_at(l, op->entry);

	if (error && error != ENOENT)
		return;
	p->nhid = 0;
	p->have = FWD_OBJECT_NONE;
	if (p->wants)
		fwd_queue_push(l, FWD_Q_PAIR, op->entry);
}

static void route_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	struct fwd_route *r = fwd_route_at(l, op->entry);
	struct fwd_target have = {.via = FWD_VIA_CE, .ref = op->gateway, .port = op->port};

	if (op->nhid)
		have = (struct fwd_target){.via = FWD_VIA_PAIR, .ref = op->ref};
	else if (op->blackhole)
		have = (struct fwd_target){.via = FWD_VIA_BLACKHOLE};
	if (!error) {
		r->item.flags &= (uint8_t)~FWD_RETRIED;
		fwd_route_have_set(l, r, have);
		return;
	}
	if (error != EINVAL || !op->nhid || r->item.flags & FWD_RETRIED)
		return;
	/* No such object? Its device went down and the kernel dropped it, perhaps: replacing it will tell. */
	struct fwd_pair *p = fwd_pair_at(l, op->ref);
	r->item.flags |= FWD_RETRIED;
	if (p->nhid == op->nhid) {
		p->have = FWD_OBJECT_NONE;
		fwd_queue_push(l, FWD_Q_PAIR, op->ref);
	}
	fwd_queue_push(l, r->want.via == FWD_VIA_NONE ? FWD_Q_ROUTE_DEL : FWD_Q_ROUTE, op->entry);
}

static void route_del_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	if (!error || error == ESRCH || error == ENOENT)
		fwd_route_have_set(l, fwd_route_at(l, op->entry), (struct fwd_target){0});
}

static bool error_is_settled(const struct fwd_op *op, int error)
{
	bool del = op->kind == FWD_OP_LABEL_DEL || op->kind == FWD_OP_ROUTE_DEL ||
		   op->kind == FWD_OP_NH_DEL;

	return !error || (del && (error == ESRCH || error == ENOENT));
}

/* bgpd's request goes back to the entry if it is tried again, else it is answered. */
static void op_answer(struct fwd_lfib *l, const struct fwd_op *op, struct fwd_item *it, int error)
{
	if (op->epoch != l->epoch)
		return;
	if (error && it->flags & FWD_RETRIED && it->queue && !it->seq)
		it->seq = op->seq;
	else
		fwd_ack_push(l, op->seq, error_is_settled(op, error) ? 0 : error);
}

typedef void plan_result_fn(struct fwd_lfib *l, const struct fwd_op *op, int error);

static plan_result_fn *const results[FWD_OP_N] = {
	[FWD_OP_LABEL_ADD] = label_result,
	[FWD_OP_LABEL_DEL] = label_result,
	[FWD_OP_NH_ADD] = pair_result,
	[FWD_OP_NH_REPLACE] = pair_result,
	[FWD_OP_NH_DEL] = pair_del_result,
	[FWD_OP_ROUTE_SET] = route_result,
	[FWD_OP_ROUTE_DEL] = route_del_result,
};

static struct fwd_item *op_item(const struct fwd_lfib *l, const struct fwd_op *op)
{
	if (op->kind <= FWD_OP_LABEL_DEL)
		return &fwd_label_at(l, op->entry)->item;
	if (op->kind <= FWD_OP_NH_DEL)
		return &fwd_pair_at(l, op->entry)->item;
	return &fwd_route_at(l, op->entry)->item;
}

void fwd_plan_result(struct fwd_lfib *l, const struct fwd_op *op, int error)
{
	CHECK(l->inflight && op->kind < FWD_OP_N);
	l->inflight--;
	if (!op->entry)
		return;
	struct fwd_item *it = op_item(l, op);
	it->flags &= (uint8_t)~FWD_INFLIGHT;
	results[op->kind](l, op, error);
	op_answer(l, op, it, error);
	if (op->kind == FWD_OP_ROUTE_DEL)
		fwd_route_release(l, op->entry);
	else if (op->kind == FWD_OP_NH_DEL)
		fwd_pair_release(l, op->entry);
}

const char *fwd_op_name(enum fwd_op_kind k)
{
	static const char *const names[FWD_OP_N] = {
		[FWD_OP_LABEL_ADD] = "label-add",
		[FWD_OP_LABEL_DEL] = "label-del",
		[FWD_OP_NH_ADD] = "nexthop-add",
		[FWD_OP_NH_REPLACE] = "nexthop-replace",
		[FWD_OP_NH_DEL] = "nexthop-del",
		[FWD_OP_ROUTE_SET] = "route-set",
		[FWD_OP_ROUTE_DEL] = "route-del",
	};

	return k < FWD_OP_N ? names[k] : "unknown";
}

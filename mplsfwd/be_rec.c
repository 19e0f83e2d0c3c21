#include "mplsfwd/be_rec.h"

#include <errno.h>

#include "lib/check.h"

#define BATCH	      64
#define PORT_IFINDEX1 10
#define VRF_IFINDEX1  100000

struct rec_object {
	uint32_t nhid; /* key */
	uint32_t oif;  /* 0: blackhole */
	uint32_t users;
};

struct rec_route {
	uint32_t table, len, addr; /* key */
	uint32_t nhid, oif, gateway;
};

struct rec_label {
	uint32_t label; /* key */
	uint32_t oif;
};

void be_rec_init(struct be_rec *b, uint64_t seed)
{
	*b = (struct be_rec){0};
	fwd_table_init(&b->objects, sizeof(struct rec_object), 4, seed);
	fwd_table_init(&b->routes, sizeof(struct rec_route), 12, seed);
	fwd_table_init(&b->labels, sizeof(struct rec_label), 4, seed);
}

void be_rec_fini(struct be_rec *b)
{
	fwd_table_fini(&b->objects);
	fwd_table_fini(&b->routes);
	fwd_table_fini(&b->labels);
}

static struct rec_object *object_find(const struct be_rec *b, uint32_t nhid)
{
	uint32_t id = nhid ? fwd_table_find(&b->objects, &nhid) : 0;

	return id ? fwd_table_at(&b->objects, id) : NULL;
}

static int label_apply(struct be_rec *b, const struct fwd_op *op)
{
	uint32_t id = fwd_table_find(&b->labels, &op->label);

	if (op->kind == FWD_OP_LABEL_DEL) {
		if (!id)
			return ESRCH;
		fwd_table_del(&b->labels, id);
		return 0;
	}
	if (id && !op->replace)
		return EEXIST;
	id = fwd_table_add(&b->labels, &op->label);
	((struct rec_label *)fwd_table_at(&b->labels, id))->oif = op->oif;
	return 0;
}

static void routes_of_object_del(struct be_rec *b, uint32_t nhid)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&b->routes, &pos))) {
		if (((struct rec_route *)fwd_table_at(&b->routes, id))->nhid != nhid)
			continue;
		fwd_table_del(&b->routes, id);
		pos--;
	}
}

static void object_del(struct be_rec *b, uint32_t id)
{
	struct rec_object *o = fwd_table_at(&b->objects, id);

	if (o->users)
		routes_of_object_del(b, o->nhid);
	fwd_table_del(&b->objects, id);
}

static int object_apply(struct be_rec *b, const struct fwd_op *op)
{
	uint32_t id = fwd_table_find(&b->objects, &op->nhid);

	if (op->kind == FWD_OP_NH_ADD ? id : !id)
		return op->kind == FWD_OP_NH_ADD ? EEXIST : ENOENT;
	if (op->kind == FWD_OP_NH_DEL) {
		object_del(b, id);
		return 0;
	}
	id = fwd_table_add(&b->objects, &op->nhid);
	((struct rec_object *)fwd_table_at(&b->objects, id))->oif =
		op->blackhole ? 0 : op->path.oif;
	return 0;
}

static int route_apply(struct be_rec *b, const struct fwd_op *op)
{
	struct rec_route key = {.table = op->table, .len = op->len, .addr = op->addr};
	uint32_t id = fwd_table_find(&b->routes, &key);
	struct rec_object *o = object_find(b, op->nhid);

	if (op->kind == FWD_OP_ROUTE_DEL && !id)
		return ESRCH;
	if (op->kind == FWD_OP_ROUTE_SET && op->nhid && !o)
		return EINVAL;
	if (id) {
		struct rec_object *old =
			object_find(b, ((struct rec_route *)fwd_table_at(&b->routes, id))->nhid);
		if (old)
			old->users--;
	}
	if (op->kind == FWD_OP_ROUTE_DEL) {
		fwd_table_del(&b->routes, id);
		return 0;
	}
	struct rec_route *r = fwd_table_at(&b->routes, fwd_table_add(&b->routes, &key));
	r->nhid = op->nhid;
	r->oif = op->oif;
	r->gateway = op->gateway;
	if (o)
		o->users++;
	return 0;
}

static int op_apply(struct be_rec *b, const struct fwd_op *op)
{
	if (b->fail_in && !--b->fail_in)
		return b->fail_error;
	switch (op->kind) {
	case FWD_OP_LABEL_ADD:
	case FWD_OP_LABEL_DEL:
		return label_apply(b, op);
	case FWD_OP_NH_ADD:
	case FWD_OP_NH_REPLACE:
	case FWD_OP_NH_DEL:
		return object_apply(b, op);
	case FWD_OP_ROUTE_SET:
	case FWD_OP_ROUTE_DEL:
		return route_apply(b, op);
	default:
		return 0;
	}
}

int be_rec_apply(struct be_rec *b, const struct fwd_op *op)
{
	int e = op_apply(b, op);

	if (e)
		b->refused++;
	else
		b->counts[op->kind]++;
	return e;
}

void be_rec_link_gone(struct be_rec *b, uint32_t oif)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&b->objects, &pos))) {
		if (((struct rec_object *)fwd_table_at(&b->objects, id))->oif != oif)
			continue;
		object_del(b, id);
		pos--;
	}
}

unsigned be_rec_run(struct be_rec *b, struct fwd_lfib *l)
{
	struct fwd_op ops[BATCH];
	int errors[BATCH];
	unsigned total = 0, n;

	while ((n = fwd_plan_next(l, ops, BATCH))) {
		for (unsigned i = 0; i < n; i++)
			errors[i] = be_rec_apply(b, &ops[i]);
		for (unsigned i = 0; i < n; i++)
			fwd_plan_result(l, &ops[i], errors[i]);
		total += n;
	}
	return total;
}

unsigned be_rec_dangling(const struct be_rec *b)
{
	uint32_t pos = 0, id;
	unsigned n = 0;

	while ((id = fwd_table_next(&b->routes, &pos))) {
		const struct rec_route *r = fwd_table_at(&b->routes, id);
		n += r->nhid && !object_find(b, r->nhid);
	}
	return n;
}

uint32_t fwd_model_port_ifindex(uint16_t port)
{
	return PORT_IFINDEX1 + port;
}

uint32_t fwd_model_vrf_ifindex(uint16_t vrf)
{
	return VRF_IFINDEX1 + vrf;
}

void fwd_model_init(struct fwd_model *m, const struct conf *conf, uint64_t seed)
{
	fwd_lfib_init(&m->lfib, conf, seed);
	be_rec_init(&m->kernel, seed);
	for (uint16_t v = 0; v < conf->n_vrfs; v++)
		fwd_lfib_vrf_set(&m->lfib, v, fwd_model_vrf_ifindex(v));
	for (uint16_t i = 0; i < conf->n_ports; i++) {
		const struct conf_port *port = &conf->ports[i];
		struct fwd_port up = {.ifindex = fwd_model_port_ifindex(i),
			.up = true,
			.bound = port->role == CONF_PORT_ACCESS,
			.labels = port->role == CONF_PORT_CORE || port->accept_labels};

		fwd_lfib_port_set(&m->lfib, i, &up);
		for (unsigned k = 0; k < port->n_addresses; k++)
			fwd_lfib_connected_set(&m->lfib, i, &port->addresses[k], true);
	}
}

void fwd_model_fini(struct fwd_model *m)
{
	fwd_lfib_fini(&m->lfib);
	be_rec_fini(&m->kernel);
}

int fwd_model_apply(struct fwd_model *m, const struct fib_msg *msg)
{
	int e = fwd_lfib_apply(&m->lfib, msg);

	be_rec_run(&m->kernel, &m->lfib);
	return e;
}

bool fwd_model_nexthop(struct fwd_model *m, const struct ip_addr *a, const struct fwd_path *path,
	uint32_t metric, struct fib_msg *out)
{
	bool changed = fwd_lfib_nexthop_set(&m->lfib, a, path, metric);

	be_rec_run(&m->kernel, &m->lfib);
	if (changed)
		fwd_nexthop_msg(fwd_lfib_nexthop_find(&m->lfib, a), out);
	return changed;
}

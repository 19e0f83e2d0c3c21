#include "mplsfwd/lfib.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/dirty.h"

#define LABEL_FIRST 16u /* RFC 3032 2.1: 0 to 15 are reserved */
#define LABEL_LAST  0xfffffu

static void *lfib_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	CHECK(p);
	return p;
}

static uint32_t n_labels(const struct fwd_lfib *l)
{
	return l->conf->label_max - l->conf->label_min + 1;
}

void fwd_lfib_init(struct fwd_lfib *l, const struct conf *conf, uint64_t seed)
{
	*l = (struct fwd_lfib){.conf = conf, .nhid_next = FWD_NHID_FIRST};
	CHECK(conf->label_min <= conf->label_max && conf->n_vrfs < FWD_VRF_OTHER);
	l->labels = lfib_alloc(n_labels(l), sizeof(*l->labels));
	for (uint32_t i = 0; i < n_labels(l); i++)
		l->labels[i].want = l->labels[i].have = FWD_VRF_NONE;
	l->vrf_ifindex = lfib_alloc(conf->n_vrfs, sizeof(*l->vrf_ifindex));
	l->lens = lfib_alloc(conf->n_vrfs, sizeof(*l->lens));
	l->changed = lfib_alloc(conf->n_vrfs, sizeof(*l->changed));
	l->ports = lfib_alloc(conf->n_ports, sizeof(*l->ports));
	fwd_table_init(&l->routes, sizeof(struct fwd_route), 8, seed);
	fwd_table_init(&l->pairs, sizeof(struct fwd_pair), 8, seed);
	fwd_table_init(&l->nexthops, sizeof(struct fwd_nexthop), 4, seed);
}

void fwd_lfib_fini(struct fwd_lfib *l)
{
	fwd_table_fini(&l->routes);
	fwd_table_fini(&l->pairs);
	fwd_table_fini(&l->nexthops);
	free(l->labels);
	free(l->vrf_ifindex);
	free(l->lens);
	free(l->changed);
	free(l->ports);
	free(l->connected);
	free(l->leftovers);
	free(l->acks);
	*l = (struct fwd_lfib){0};
}

/* The entry's state is being asked for: an older request for it is overtaken. */
static void item_ask(struct fwd_lfib *l, struct fwd_item *it, uint32_t seq)
{
	fwd_ack_push(l, it->seq, ECANCELED);
	it->seq = seq;
	it->flags &= (uint8_t) ~(FWD_STALE | FWD_RETRIED);
}

static struct fwd_label *label_find(const struct fwd_lfib *l, uint32_t label, uint32_t *id)
{
	if (label < l->conf->label_min || label > l->conf->label_max)
		return NULL;
	*id = label - l->conf->label_min + 1;
	return fwd_label_at(l, *id);
}

static int label_add(struct fwd_lfib *l, const struct fib_msg *m)
{
	uint32_t id;
	struct fwd_label *e = label_find(l, m->label, &id);

	if (!e)
		return ERANGE;
	if (m->vrf >= l->conf->n_vrfs || conf_vrf_is_gone(&l->conf->vrfs[m->vrf]))
		return ENOENT;
	if (!l->vrf_ifindex[m->vrf])
		return ENODEV;
	/* Also of a former bgpd or run: remote PEs may still send the other VRF's packets with it. */
	uint16_t other = e->want != FWD_VRF_NONE ? e->want : e->have;
	if (other < l->conf->n_vrfs && other != m->vrf)
		return EEXIST;
	e->want = m->vrf;
	item_ask(l, &e->item, m->seq);
	fwd_queue_push(l, FWD_Q_LABEL, id);
	return 0;
}

static int label_del(struct fwd_lfib *l, const struct fib_msg *m)
{
	uint32_t id;
	struct fwd_label *e = label_find(l, m->label, &id);

	if (!e)
		return ERANGE;
	e->want = FWD_VRF_NONE;
	item_ask(l, &e->item, m->seq);
	fwd_queue_push(l, FWD_Q_LABEL, id);
	return 0;
}

static uint32_t nexthop_id(const struct fwd_lfib *l, const struct ip_addr *a)
{
	uint32_t key = ip_addr_get_v4(a);

	return a->af == IP_V4 ? fwd_table_find(&l->nexthops, &key) : 0;
}

const struct fwd_nexthop *fwd_lfib_nexthop_find(const struct fwd_lfib *l, const struct ip_addr *a)
{
	uint32_t id = nexthop_id(l, a);
	const struct fwd_nexthop *nh = id ? fwd_table_at(&l->nexthops, id) : NULL;

	return nh && nh->tracked ? nh : NULL;
}

static bool nexthop_has_implicit_null(const struct conf *conf, const struct ip_addr *a)
{
	for (unsigned i = 0; i < conf->n_peers; i++) {
		const struct conf_peer *p = &conf->peers[i];

		if (p->implicit_null && p->vrf == CONF_VRF_NONE && ip_addr_equal(&p->addr, a))
			return true;
	}
	return false;
}

static int nexthop_track(struct fwd_lfib *l, const struct fib_msg *m)
{
	uint32_t key = ip_addr_get_v4(&m->addr);

	if (m->addr.af != IP_V4)
		return EAFNOSUPPORT;
	if (ip_addr_is_martian(&m->addr))
		return EINVAL;
	if (l->nexthops.n >= FWD_NEXTHOPS_MAX && !fwd_table_find(&l->nexthops, &key))
		return ENOSPC;
	struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, fwd_table_add(&l->nexthops, &key));
	nh->tracked = true;
	nh->implicit_null = nexthop_has_implicit_null(l->conf, &m->addr);
	nh->stale = false;
	fwd_ack_push(l, m->seq, 0);
	return 0;
}

static bool nexthop_is_used(const struct fwd_lfib *l, const struct fwd_nexthop *nh)
{
	for (uint32_t id = nh->pairs; id; id = fwd_pair_at(l, id)->sibling)
		if (fwd_pair_at(l, id)->wants)
			return true;
	return false;
}

static int nexthop_untrack(struct fwd_lfib *l, const struct fib_msg *m)
{
	uint32_t id = nexthop_id(l, &m->addr);
	struct fwd_nexthop *nh = id ? fwd_table_at(&l->nexthops, id) : NULL;

	if (!nh || !nh->tracked)
		return EHOSTUNREACH;
	if (nexthop_is_used(l, nh))
		return EBUSY;
	nh->tracked = false;
	if (!nh->pairs)
		fwd_table_del(&l->nexthops, id);
	fwd_ack_push(l, m->seq, 0);
	return 0;
}

/* Finds or makes the pair, as yet without a user. */
static uint32_t pair_get(struct fwd_lfib *l, uint32_t nh_id, uint32_t label)
{
	struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, nh_id);
	uint32_t key[2] = {nh->addr, label}, id = fwd_table_find(&l->pairs, key);

	if (id)
		return id;
	id = fwd_table_add(&l->pairs, key);
	struct fwd_pair *p = fwd_pair_at(l, id);
	p->sibling = nh->pairs;
	if (nh->pairs)
		fwd_pair_at(l, nh->pairs)->sibling_prev = id;
	nh->pairs = id;
	return id;
}

bool fwd_lfib_changed_get(struct fwd_lfib *l, uint16_t vrf)
{
	bool was = l->changed[vrf];

	l->changed[vrf] = false;
	return was;
}

/* RFC 4381 2.1: a VRF's route among the numbers of the infrastructure leads to the customer's own. */
static bool route_is_in_infrastructure(const struct conf *c, const struct fwd_route *r)
{
	struct ip_addr a = ip_addr_v4(r->addr);

	for (unsigned i = 0; i < c->n_infrastructure; i++)
		if (c->infrastructure[i].len <= r->len &&
			ip_prefix_contains(&c->infrastructure[i], &a))
			return true;
	return false;
}

/* What bgpd wants of a route is now want: counts users of the pairs and plans what follows. */
static void route_want_set(struct fwd_lfib *l, uint32_t id, struct fwd_target want)
{
	struct fwd_route *r = fwd_route_at(l, id);
	struct fwd_target old = r->want;

	r->want = want;
	if (old.via != want.via || old.ref != want.ref)
		l->changed[r->vrf] |= old.via == FWD_VIA_CE || want.via == FWD_VIA_CE ||
				      route_is_in_infrastructure(l->conf, r);
	if (want.via == FWD_VIA_PAIR && !fwd_pair_at(l, want.ref)->wants++)
		fwd_queue_push(l, FWD_Q_PAIR, want.ref);
	if (old.via == FWD_VIA_PAIR && !--fwd_pair_at(l, old.ref)->wants)
		fwd_pair_unwant(l, old.ref);
	fwd_queue_push(l, want.via == FWD_VIA_NONE ? FWD_Q_ROUTE_DEL : FWD_Q_ROUTE, id);
}

static int route_key(const struct fwd_lfib *l, const struct fib_msg *m, struct fwd_route *key)
{
	if (m->vrf >= l->conf->n_vrfs)
		return ENOENT;
	if (m->prefix.addr.af != IP_V4)
		return EAFNOSUPPORT;
	*key = (struct fwd_route){
		.vrf = m->vrf, .len = m->prefix.len, .addr = ip_addr_get_v4(&m->prefix.addr)};
	if (key->len > 32 || key->addr & ~FWD_MASK(key->len))
		return EINVAL;
	return 0;
}

static int vpn_target(struct fwd_lfib *l, const struct fib_route *in, struct fwd_target *out)
{
	uint32_t nh_id = nexthop_id(l, &in->next_hop);

	if (in->label < LABEL_FIRST || in->label > LABEL_LAST)
		return ERANGE;
	if (!nh_id || !((struct fwd_nexthop *)fwd_table_at(&l->nexthops, nh_id))->tracked)
		return EHOSTUNREACH;
	*out = (struct fwd_target){.via = FWD_VIA_PAIR, .ref = pair_get(l, nh_id, in->label)};
	return 0;
}

/* RFC 7999 3.3: somebody in this VRF may ask for it. */
static bool vrf_accepts_blackholes(const struct conf *c, uint16_t vrf)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		if (c->peers[i].vrf == vrf && c->peers[i].accept_blackhole)
			return true;
	return false;
}

static int route_target(struct fwd_lfib *l, const struct fib_msg *m, struct fwd_target *out)
{
	const struct fib_route *in = &m->route;

	if (in->kind == FIB_ROUTE_BLACKHOLE) {
		*out = (struct fwd_target){.via = FWD_VIA_BLACKHOLE};
		return vrf_accepts_blackholes(l->conf, m->vrf) ? 0 : EPERM;
	}
	if (in->next_hop.af != IP_V4)
		return EAFNOSUPPORT;
	if (in->kind == FIB_ROUTE_VPN)
		return vpn_target(l, in, out);
	if (in->kind != FIB_ROUTE_CE || ip_addr_is_martian(&in->next_hop))
		return EINVAL;
	*out = (struct fwd_target){.via = FWD_VIA_CE, .ref = ip_addr_get_v4(&in->next_hop)};
	return 0;
}

static int route_add(struct fwd_lfib *l, const struct fib_msg *m)
{
	struct fwd_route key;
	struct fwd_target want;
	int e = route_key(l, m, &key);

	if (e)
		return e;
	if (conf_vrf_is_gone(&l->conf->vrfs[m->vrf]))
		return ENOENT;
	uint32_t id = fwd_table_find(&l->routes, &key);
	if (!id && l->routes.n >= FWD_ROUTES_MAX)
		return ENOSPC;
	if ((e = route_target(l, m, &want)))
		return e;
	if (!id)
		id = fwd_table_add(&l->routes, &key);
	bool reachable = want.via != FWD_VIA_CE || fwd_ce_port(l, m->vrf, want.ref) >= 0;
	item_ask(l, &fwd_route_at(l, id)->item, reachable ? m->seq : 0);
	route_want_set(l, id, want);
	return reachable ? 0 : ENETUNREACH;
}

static int route_del(struct fwd_lfib *l, const struct fib_msg *m)
{
	struct fwd_route key;
	int e = route_key(l, m, &key);

	if (e)
		return e;
	uint32_t id = fwd_table_find(&l->routes, &key);
	if (!id) {
		fwd_ack_push(l, m->seq, 0);
		return 0;
	}
	item_ask(l, &fwd_route_at(l, id)->item, m->seq);
	route_want_set(l, id, (struct fwd_target){0});
	return 0;
}

static void label_unwant(struct fwd_lfib *l, uint32_t id)
{
	struct fwd_label *e = fwd_label_at(l, id);

	e->want = FWD_VRF_NONE;
	item_ask(l, &e->item, 0);
	fwd_queue_push(l, FWD_Q_LABEL, id);
}

static void route_unwant(struct fwd_lfib *l, uint32_t id)
{
	item_ask(l, &fwd_route_at(l, id)->item, 0);
	route_want_set(l, id, (struct fwd_target){0});
}

static void nexthops_sweep(struct fwd_lfib *l, bool all)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->nexthops, &pos))) {
		struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, id);

		if (!nh->stale && !all)
			continue;
		nh->tracked = nh->stale = false;
		if (nh->pairs)
			continue;
		fwd_table_del(&l->nexthops, id);
		pos--; /* what stood behind may have moved here */
	}
}

/* Unwants what is stale, or everything, and plans the removal of what the kernel has unasked. */
static void lfib_sweep(struct fwd_lfib *l, bool all, uint32_t seq)
{
	uint32_t pos = 0, id;

	for (id = 1; id <= n_labels(l); id++) {
		const struct fwd_label *e = fwd_label_at(l, id);
		bool unwanted = all || e->item.flags & FWD_STALE;

		if (unwanted ? e->want != FWD_VRF_NONE || e->have != FWD_VRF_NONE
			     : e->want == FWD_VRF_NONE && e->have != FWD_VRF_NONE)
			label_unwant(l, id);
	}
	while ((id = fwd_table_next(&l->routes, &pos))) {
		const struct fwd_route *r = fwd_route_at(l, id);

		if (all || r->item.flags & FWD_STALE || r->want.via == FWD_VIA_NONE)
			route_unwant(l, id);
	}
	nexthops_sweep(l, all);
	l->sweeping = true;
	fwd_ack_push(l, l->drain_seq, ECANCELED);
	l->drain_seq = seq;
}

void fwd_lfib_vrf_drop(struct fwd_lfib *l, uint16_t vrf)
{
	uint32_t pos = 0, id;

	for (id = 1; id <= n_labels(l); id++) {
		const struct fwd_label *e = fwd_label_at(l, id);

		if (e->want == vrf || (e->want == FWD_VRF_NONE && e->have == vrf))
			label_unwant(l, id);
	}
	while ((id = fwd_table_next(&l->routes, &pos)))
		if (fwd_route_at(l, id)->vrf == vrf)
			route_unwant(l, id);
}

static void *lfib_grow(void *list, unsigned before, unsigned n, size_t size)
{
	uint8_t *p = realloc(list, (n ? n : 1) * size);

	CHECK(p);
	if (n > before)
		memset(p + before * size, 0, (n - before) * size);
	return p;
}

void fwd_lfib_reload(struct fwd_lfib *l, const struct conf *conf)
{
	unsigned vrfs = l->conf->n_vrfs, ports = l->conf->n_ports;
	uint32_t pos = 0, id;

	CHECK(conf->n_vrfs >= vrfs && conf->n_vrfs < FWD_VRF_OTHER && conf->n_ports >= ports &&
		conf->label_min == l->conf->label_min && conf->label_max == l->conf->label_max);
	l->vrf_ifindex = lfib_grow(l->vrf_ifindex, vrfs, conf->n_vrfs, sizeof(*l->vrf_ifindex));
	l->lens = lfib_grow(l->lens, vrfs, conf->n_vrfs, sizeof(*l->lens));
	l->changed = lfib_grow(l->changed, vrfs, conf->n_vrfs, sizeof(*l->changed));
	l->ports = lfib_grow(l->ports, ports, conf->n_ports, sizeof(*l->ports));
	l->conf = conf;
	while ((id = fwd_table_next(&l->nexthops, &pos))) {
		struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, id);
		struct ip_addr addr = ip_addr_v4(nh->addr);

		nh->implicit_null = nexthop_has_implicit_null(conf, &addr);
	}
}

static int lfib_sync(struct fwd_lfib *l, const struct fib_msg *m)
{
	lfib_sweep(l, false, m->seq);
	return 0;
}

static int lfib_bye(struct fwd_lfib *l, const struct fib_msg *m)
{
	lfib_sweep(l, true, m->seq);
	return 0;
}

typedef int lfib_request_fn(struct fwd_lfib *l, const struct fib_msg *m);

static lfib_request_fn *const requests[] = {
	[FIB_NEXTHOP_TRACK] = nexthop_track,
	[FIB_NEXTHOP_UNTRACK] = nexthop_untrack,
	[FIB_LABEL_ADD] = label_add,
	[FIB_LABEL_DEL] = label_del,
	[FIB_ROUTE_ADD] = route_add,
	[FIB_ROUTE_DEL] = route_del,
	[FIB_SYNC] = lfib_sync,
	[FIB_BYE] = lfib_bye,
};

int fwd_lfib_apply(struct fwd_lfib *l, const struct fib_msg *m)
{
	if (m->type >= ARRAY_LEN(requests) || !requests[m->type])
		return EOPNOTSUPP;
	int e = requests[m->type](l, m);
	if (e)
		fwd_ack_push(l, m->seq, e);
	return e;
}

void fwd_lfib_restart(struct fwd_lfib *l)
{
	uint32_t pos = 0, id;

	for (id = 1; id <= n_labels(l); id++) {
		struct fwd_item *it = &fwd_label_at(l, id)->item;

		it->flags |= FWD_STALE;
		it->seq = 0;
	}
	while ((id = fwd_table_next(&l->routes, &pos))) {
		struct fwd_item *it = &fwd_route_at(l, id)->item;

		it->flags |= FWD_STALE;
		it->seq = 0;
	}
	for (pos = 0; (id = fwd_table_next(&l->nexthops, &pos));)
		((struct fwd_nexthop *)fwd_table_at(&l->nexthops, id))->stale = true;
	l->n_acks = l->ack_head = 0;
	l->drain_seq = 0;
	l->sweeping = false;
	l->epoch++;
}

static uint16_t label_vrf(const struct fwd_lfib *l, const struct fwd_label *e)
{
	uint16_t vrf = e->want != FWD_VRF_NONE ? e->want : e->have;

	return vrf < l->conf->n_vrfs ? vrf : FIB_VRF_CORE;
}

struct fib_msg *fwd_lfib_kept(const struct fwd_lfib *l, unsigned *n)
{
	struct fib_msg *list = NULL;

	*n = 0;
	for (uint32_t id = 1; id <= n_labels(l); id++) {
		const struct fwd_label *e = fwd_label_at(l, id);

		if (e->want == FWD_VRF_NONE && e->have == FWD_VRF_NONE)
			continue;
		list = realloc(list, (*n + 1) * sizeof(*list));
		CHECK(list);
		list[(*n)++] = (struct fib_msg){.type = FIB_KEPT,
			.label = l->conf->label_min + id - 1,
			.vrf = label_vrf(l, e)};
	}
	return list;
}

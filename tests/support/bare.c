#include "tests/support/bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/notify.h"
#include "conf/adopt.h"
#include "conf/load.h"
#include "lib/check.h"
#include "lib/log.h"

static unsigned peer_of(const struct bare *b, uint32_t conn)
{
	for (unsigned i = 0; i < b->conf->n_peers; i++)
		if (b->conn[i] == conn)
			return i;
	return BARE_PEERS;
}

static bool prefix_number(const struct ip_prefix *p, unsigned *x)
{
	uint32_t a = ip_addr_get_v4(&p->addr);

	*x = (a >> 8) & 0xff;
	return p->len == 24 && (a >> 16) == 0x0a00 && *x < BARE_PREFIXES;
}

static void hear_membership(struct bare *b, unsigned peer, const struct wire_nlri *n, bool there)
{
	uint64_t x = n->rd - (UINT64_C(2) << 48 | UINT64_C(65000) << 32);

	if (n->prefix.len == 0)
		b->all_wanted[peer] = there;
	else if (x < BARE_PREFIXES)
		b->wanted[peer][x] = there;
}

/* One of our VRFs' own routes; the label must be in force at mplsfwd before it arrives (RFC 4364 10). */
static void hear_export(struct bare *b, unsigned peer, const struct wire_nlri *n, bool there)
{
	unsigned x;

	for (unsigned v = 0; v < b->conf->n_vrfs; v++) {
		if (n->rd != b->rds[v] || !prefix_number(&n->prefix, &x))
			continue;
		b->exported[peer][v][x] = there;
		if (!there || n->label - b->conf->label_min >= BARE_PEERS)
			continue; /* another router's, of the same RD */
		CHECK(b->label_in[n->label - b->conf->label_min]);
		CHECK(!b->labels_matter || b->label_told[peer][n->label - b->conf->label_min]);
	}
}

static void hear_nlris(
	struct bare *b, unsigned peer, const struct wire_nlris *l, const struct wire_attrs *attrs)
{
	bool there = attrs != NULL;
	struct rbuf r = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;
	unsigned x;

	while (rbuf_left(&r)) {
		CHECK(wire_nlri_get(
			&r, &(struct wire_nlri_form){l->family, !there, l->add_path}, &n, &fault));
		if (b->heard)
			b->heard(b->heard_arg, peer, l->family, &n, attrs);
		if (l->family == WIRE_VPNV4)
			hear_export(b, peer, &n, there);
		if (l->family == WIRE_RT_CONSTRAINT)
			hear_membership(b, peer, &n, there);
		else if (prefix_number(&n.prefix, &x))
			b->told[peer][x] = there;
	}
}

/* What the router sends, read as its neighbour would. */
static void hear(struct bare *b, unsigned peer, const struct out_block *block)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_ctx theirs = *ctx;
	struct wire_fault fault;
	struct wire_update u;
	struct wire_msg msg;
	struct arena arena;
	size_t at = 0;

	uint16_t msg_max = ctx->msg_max ? ctx->msg_max : WIRE_MSG_MAX;

	theirs.local_as = ctx->peer_as;
	theirs.peer_as = ctx->local_as;
	theirs.add_path_rx = ctx->add_path_tx;
	theirs.add_path_tx = ctx->add_path_rx;
	arena_init(&arena, 1 << 18);
	while (at < block->len) {
		int n = wire_msg_split(block->data + at, block->len - at, msg_max, &msg, &fault);

		CHECK(n > 0);
		at += (size_t)n;
		if (msg.type == WIRE_NOTIFICATION)
			memcpy(b->notified[peer], msg.body,
				msg.body_len < sizeof(b->notified[peer])
					? msg.body_len
					: sizeof(b->notified[peer]));
		b->refreshes[peer] += msg.type == WIRE_REFRESH;
		if (msg.type != WIRE_UPDATE)
			continue;
		arena_reset(&arena);
		CHECK(wire_update_get(msg.body, msg.body_len, &theirs, &arena, &u) == WIRE_OK);
		b->updates[peer]++;
		b->eors[peer] += u.eor;
		b->rts_told += ctx->ebgp && u.attrs.ext_communities.len;
		for (unsigned i = 0; i < 2; i++) {
			hear_nlris(b, peer, &u.unreach[i], NULL);
			hear_nlris(b, peer, &u.reach[i], &u.attrs);
		}
	}
	arena_fini(&arena);
}

/* Each is said once. */
static void fib_source(struct bare *b, const struct fib_msg *m)
{
	uint8_t bit = (uint8_t)(1u << (ip_addr_get_v4(&m->addr) & 7));
	bool add = m->type == FIB_SOURCE_ADD;
	unsigned x;

	if (!prefix_number(&m->prefix, &x))
		return;
	CHECK(!(b->sources[m->vrf][x] & bit) == add);
	b->sources[m->vrf][x] ^= bit;
}

static void fib_tell(struct bare *b, const struct fib_msg *m)
{
	bool *told = &b->label_told[m->peer][m->label - b->conf->label_min];

	CHECK(*told == (m->type == FIB_LABEL_UNTELL));
	*told = !*told;
}

/* Nobody has a route with a label that is not there (RFC 4364 4.3.2), and what was there rests. */
static void fib_label(struct bare *b, const struct fib_msg *m)
{
	unsigned at = m->label - b->conf->label_min;

	CHECK(at < BARE_PEERS && b->label_in[at] == (m->type == FIB_LABEL_DEL));
	b->label_in[at] = m->type == FIB_LABEL_ADD && !b->label_error;
	for (unsigned p = 0; p < BARE_PEERS && m->type == FIB_LABEL_DEL; p++)
		for (unsigned x = 0; x < BARE_PREFIXES; x++)
			CHECK(!b->conn[p] || !b->exported[p][m->vrf][x]);
	CHECK(!conf_vrf_is_gone(&b->conf->vrfs[m->vrf]) || router_is_reloading(b->router));
	b->label_rests[at] = m->type == FIB_LABEL_DEL;
}

static void fib_answer(struct bare *b, const struct fib_msg *m)
{
	struct event ev = {.kind = EV_FIB, .vrf = FIB_VRF_CORE};
	unsigned x;

	b->fib[m->type]++;
	if (m->type == FIB_ROUTE_ADD || m->type == FIB_ROUTE_DEL) {
		if (prefix_number(&m->prefix, &x)) {
			b->installed[m->vrf][x] = m->type == FIB_ROUTE_ADD;
			b->kind[m->vrf][x] = m->route.kind;
		}
	} else if (m->type == FIB_SOURCE_ADD || m->type == FIB_SOURCE_DEL) {
		fib_source(b, m);
	} else if (m->type == FIB_LABEL_TELL || m->type == FIB_LABEL_UNTELL) {
		fib_tell(b, m);
	} else if (m->type == FIB_NEXTHOP_TRACK) {
		if (b->hold_nexthops)
			return;
		ev.fib = (struct fib_msg){
			.type = FIB_NEXTHOP, .addr = m->addr, .up = b->reachable, .metric = 10};
		bare_step(b, &ev);
	} else if (m->seq && m->type != FIB_DIAL) {
		if (m->type == FIB_LABEL_ADD || m->type == FIB_LABEL_DEL)
			fib_label(b, m);
		ev.fib = (struct fib_msg){.type = FIB_ACK,
			.seq = m->seq,
			.error = m->type == FIB_LABEL_ADD ? b->label_error : 0};
		bare_step(b, &ev);
	}
}

static void carry_out(struct bare *b)
{
	/* answers are steps of their own and make new effects: take these out of the way first */
	struct effects fx = b->fx;

	effects_init(&b->fx);
	for (size_t i = 0; i < fx.n; i++) {
		const struct effect *e = &fx.list[i];
		unsigned peer = e->conn ? peer_of(b, e->conn) : BARE_PEERS;

		if (e->kind == EFF_SEND && peer < BARE_PEERS)
			hear(b, peer, e->block);
		if (e->kind == EFF_CLOSE && peer < BARE_PEERS) {
			b->conn[peer] = 0;
			memset(b->exported[peer], 0, sizeof(b->exported[peer]));
		}
		if (e->kind == EFF_FIB)
			fib_answer(b, &e->fib);
		if (e->kind >= EFF_REMOTE_DIAL && b->remote)
			b->remote(b->remote_arg, e);
		if (e->kind == EFF_NOTE && e->level >= LOG_WARN_)
			b->noted = e->event;
		b->done |= e->kind == EFF_DONE;
	}
	effects_fini(&fx);
}

static void work(struct bare *b)
{
	bool left = true;

	carry_out(b);
	while (left) {
		left = router_work(b->router, 16, b->now_ms, &b->fx);
		carry_out(b);
	}
}

size_t bare_recv(struct bare *b, const struct event *ev)
{
	size_t taken;

	router_step(b->router, ev, b->now_ms, &b->fx);
	taken = b->fx.consumed;
	work(b);
	return taken;
}

void bare_step(struct bare *b, const struct event *ev)
{
	(void)bare_recv(b, ev);
}

void bare_timer(struct bare *b, uint64_t in_ms)
{
	uint64_t end = b->now_ms + in_ms;

	while (router_deadline(b->router) <= end) {
		if (router_deadline(b->router) > b->now_ms)
			b->now_ms = router_deadline(b->router);
		bare_step(b, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
	}
	b->now_ms = end;
}

static struct conf *load(const char *yaml)
{
	char *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);

	CHECK(diag);
	struct conf *c = conf_parse("bare", yaml, strlen(yaml), diag);
	fclose(diag);
	if (!c)
		fprintf(stderr, "%s%s", yaml, said);
	CHECK(c && c->n_peers <= BARE_PEERS && c->n_vrfs <= BARE_PEERS);
	free(said);
	return c;
}

static void rds_keep(struct bare *b, const struct conf *c)
{
	for (unsigned i = 0; i < c->n_vrfs; i++)
		if (!conf_vrf_is_gone(&c->vrfs[i]))
			b->rds[i] = c->vrfs[i].rd;
}

void bare_reload(struct bare *b, const char *yaml)
{
	struct conf *next = load(yaml), *before = b->conf;
	struct conf_change change;

	CHECK(conf_adopt(next, before, &change));
	CHECK(next->n_peers <= BARE_PEERS);
	CHECK(next->n_vrfs <= BARE_PEERS);
	memcpy(b->fates, change.fates, next->n_peers);
	rds_keep(b, next);
	CHECK(router_reload(b->router, next, &change, b->now_ms, &b->fx));
	b->conf = next;
	work(b);
	while (router_is_reloading(b->router))
		work(b);
	conf_change_fini(&change);
	conf_free(before);
}

static void open_with(struct bare *b, struct conf *conf, uint64_t seed)
{
	memset(b, 0, sizeof(*b));
	b->conf = conf;
	rds_keep(b, b->conf);
	b->now_ms = 1000;
	b->reachable = true;
	b->router = router_new(b->conf, seed);
	effects_init(&b->fx);
}

void bare_open(struct bare *b, const char *yaml, uint64_t seed)
{
	open_with(b, load(yaml), seed);
}

void bare_init_after(struct bare *b, const char *yaml, const struct conf *before, uint64_t seed)
{
	struct conf *conf = load(yaml);
	struct conf_change change;

	CHECK(conf_adopt(conf, before, &change));
	conf_change_fini(&change);
	open_with(b, conf, seed);
	bare_step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
}

void bare_init(struct bare *b, const char *yaml, uint64_t seed)
{
	bare_open(b, yaml, seed);
	bare_step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
}

void bare_fini(struct bare *b)
{
	bare_step(b, &(struct event){.kind = EV_STOP, .vrf = FIB_VRF_CORE});
	router_free(b->router);
	effects_fini(&b->fx);
	conf_free(b->conf);
}

void bare_say(struct bare *b, unsigned peer, const struct wbuf *w)
{
	CHECK(wbuf_ok(w) && b->conn[peer]);
	bare_step(b, &(struct event){.kind = EV_RECV,
			     .vrf = FIB_VRF_CORE,
			     .conn = b->conn[peer],
			     .data = w->base,
			     .len = w->len});
}

void bare_up(struct bare *b, unsigned peer)
{
	const struct conf_peer *p = &b->conf->peers[peer];
	struct wire_open open = {.as = p->as,
		.hold_s = 90,
		.id = ip_addr_get_v4(&p->addr),
		.mp = true,
		.families = p->families,
		.as4 = true,
		.refresh = true,
		.extended_message = b->extended,
		.enhanced_refresh = b->enhanced,
		.role = WIRE_ROLE_NONE,
		.restart = b->restart[peer]};
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	CHECK(!b->conn[peer]);
	b->conn[peer] = ++b->last_conn;
	bare_step(b, &(struct event){.kind = EV_ACCEPT,
			     .conn = b->conn[peer],
			     .vrf = p->vrf == CONF_VRF_NONE ? FIB_VRF_CORE : (uint16_t)p->vrf,
			     .remote = p->addr,
			     .local = ip_addr_v4(0x0aff0001)});
	wire_open_put(&w, &open);
	wire_keepalive_put(&w);
	bare_say(b, peer, &w);
	CHECK(fsm_peer_state(&b->router->peers[peer].fsm) == FSM_ESTABLISHED);
}

void bare_down(struct bare *b, unsigned peer)
{
	uint32_t conn = b->conn[peer];

	b->conn[peer] = 0;
	memset(b->told[peer], 0, sizeof(b->told[peer]));
	memset(b->exported[peer], 0, sizeof(b->exported[peer]));
	memset(b->wanted[peer], 0, sizeof(b->wanted[peer]));
	b->all_wanted[peer] = false;
	b->now_ms += 100000; /* long enough for no idle hold to grow */
	bare_step(b, &(struct event){.kind = EV_CONN_CLOSED, .vrf = FIB_VRF_CORE, .conn = conn});
}

void bare_route(struct bare *b, unsigned peer, uint64_t rd, unsigned x, uint32_t label,
	const struct wire_attrs *attrs)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_nlri n = {
		.prefix = {ip_addr_v4(0x0a000000 | x << 8), 24}, .rd = rd, .label = label};
	enum wire_family f = rd ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	if (attrs)
		CHECK(wire_update_put_reach(&w, ctx, f, attrs, &n, 1) == 1);
	else
		CHECK(wire_update_put_unreach(&w, ctx, f, &n, 1) == 1);
	bare_say(b, peer, &w);
}

void bare_set_reachable(struct bare *b, bool reachable)
{
	struct event ev = {.kind = EV_FIB, .vrf = FIB_VRF_CORE};

	b->reachable = reachable;
	for (unsigned i = 0; i < b->router->n_nexthops; i++) {
		ev.fib = (struct fib_msg){.type = FIB_NEXTHOP,
			.addr = b->router->nexthops[i].addr,
			.up = reachable,
			.metric = 10};
		bare_step(b, &ev);
	}
}

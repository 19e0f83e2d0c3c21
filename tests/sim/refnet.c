#include "tests/sim/refnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/policy/set.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "conf/load.h"
#include "lib/check.h"

#define PATIENCE 60000 /* deliveries; more is an oscillation (RFC 3345) */

unsigned refnet_random(struct world *w, unsigned below)
{
	uint64_t z = (w->rng += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % below);
}

bool refnet_chance(struct world *w, unsigned one_in)
{
	return refnet_random(w, one_in) == 0;
}

uint32_t refnet_metric(const struct ref_router *r, uint32_t next_hop)
{
	uint32_t h = (r->id * 31 + next_hop * 7) % 23;

	return h == 0 ? UINT32_MAX : h % 4;
}

struct wire_nlri refnet_nlri(unsigned key, uint32_t label)
{
	struct wire_nlri n = {.label = WIRE_LABEL_NONE};
	unsigned x = key < VPN_KEY ? key : 0;

	n.prefix = (struct ip_prefix){.addr = ip_addr_v4(0x0a000000 | x << 8), .len = 24};
	if (key >= VPN_KEY) {
		n.rd = (UINT64_C(65000) << 32) + key;
		n.label = label;
	}
	return n;
}

static unsigned key_of(enum wire_family f, const struct wire_nlri *n)
{
	return f == WIRE_VPNV4 ? (unsigned)(n->rd & 0xffff) : n->prefix.addr.o[2];
}

static enum wire_family family_of(unsigned key)
{
	return key >= VPN_KEY ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
}

/* --- octets --- */

static void wire_add(struct wire *x, const uint8_t *octets, size_t len)
{
	if (x->len + len > x->cap) {
		x->cap = 2 * (x->len + len);
		x->octets = realloc(x->octets, x->cap);
		CHECK(x->octets);
	}
	memcpy(x->octets + x->len, octets, len);
	x->len += len;
}

static void wire_drop(struct wire *x, size_t len)
{
	memmove(x->octets, x->octets + len, x->len - len);
	x->len -= len;
}

static struct wire_ctx stub_ctx(const struct node *stub, const struct node *router)
{
	return (struct wire_ctx){.as4 = true,
		.ebgp = stub->ref.as != router->ref.as,
		.refresh = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4),
		.msg_max = WIRE_MSG_MAX,
		.local_as = stub->ref.as,
		.peer_as = router->ref.as};
}

/* A stub has one session; it stands at end 1. */
void refnet_say(struct world *w, struct session *s, unsigned key)
{
	struct node *stub = &w->nodes[s->node[1]];
	const struct route *r = &stub->said[key];
	struct wire_ctx ctx = stub_ctx(stub, &w->nodes[s->node[0]]);
	struct wire_nlri n = refnet_nlri(key, r->label);
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf b = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a;

	if (!s->up)
		return;
	arena_reset(&w->arena);
	ref_attrs_put(&r->a, &w->arena, &a);
	if (r->there)
		CHECK(wire_update_put_reach(&b, &ctx, family_of(key), &a, &n, 1) == 1);
	else
		CHECK(wire_update_put_unreach(&b, &ctx, family_of(key), &n, 1) == 1);
	wire_add(&s->to[0], octets, b.len);
}

static void stub_hear_list(struct node *stub, const struct wire_nlris *l,
	const struct wire_attrs *attrs, struct ip_addr next_hop)
{
	struct rbuf r = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;

	for (unsigned i = 0; i < l->count; i++) {
		struct wire_nlri_form form = {l->family, !attrs, l->add_path};
		CHECK(wire_nlri_get(&r, &form, &n, &fault));
		struct route *held = &stub->held[key_of(l->family, &n)];
		memset(held, 0, sizeof(*held));
		if (!attrs)
			continue;
		struct wire_attrs a = *attrs;
		a.next_hop = next_hop;
		held->there = true;
		held->label = l->family == WIRE_VPNV4 ? n.label : REF_NO_LABEL;
		CHECK(ref_attrs_get(&a, &held->a));
	}
}

static void stub_hear(struct world *w, struct session *s)
{
	struct node *stub = &w->nodes[s->node[1]];
	struct wire_ctx ctx = stub_ctx(stub, &w->nodes[s->node[0]]);
	struct wire *x = &s->to[1];
	struct wire_fault fault;
	struct wire_update u;
	struct wire_msg msg;
	size_t at = 0;

	while (at < x->len) {
		int n = wire_msg_split(x->octets + at, x->len - at, WIRE_MSG_MAX, &msg, &fault);
		CHECK(n >= 0);
		if (n == 0)
			break;
		at += (size_t)n;
		w->broken |= msg.type == WIRE_NOTIFICATION;
		if (msg.type != WIRE_UPDATE)
			continue;
		arena_reset(&w->arena);
		CHECK(wire_update_get(msg.body, msg.body_len, &ctx, &w->arena, &u) == WIRE_OK);
		for (unsigned i = 0; i < 2; i++)
			stub_hear_list(stub, &u.unreach[i], NULL, (struct ip_addr){0});
		stub_hear_list(stub, &u.reach[0], &u.attrs, u.attrs.next_hop);
		stub_hear_list(stub, &u.reach[1], &u.attrs, u.mp_next_hop);
	}
	wire_drop(x, at);
}

/* --- routers --- */

static size_t node_step(struct world *w, struct node *n, const struct event *ev);

static void node_send(struct world *w, const struct node *n, const struct effect *e)
{
	for (unsigned i = 0; i < w->n_sessions; i++) {
		struct session *s = &w->sessions[i];
		if (!s->up || s->conn != e->conn)
			continue;
		unsigned far = &w->nodes[s->node[0]] == n ? 1 : 0;
		if (e->kind == EFF_SEND)
			wire_add(&s->to[far], e->block->data, e->block->len);
		else
			w->broken = true;
	}
}

static void node_carry_out(struct world *w, struct node *n)
{
	struct effects fx = n->fx;

	effects_init(&n->fx);
	for (size_t i = 0; i < fx.n; i++) {
		const struct effect *e = &fx.list[i];
		struct event ev = {.kind = EV_FIB, .vrf = FIB_VRF_CORE};

		if (e->kind == EFF_SEND || e->kind == EFF_CLOSE)
			node_send(w, n, e);
		if (e->kind == EFF_NOTE && w->loud)
			printf("  r%u: %s %s\n", (unsigned)(n - w->nodes), e->event, e->text);
		if (e->kind != EFF_FIB || e->fib.type != FIB_NEXTHOP_TRACK)
			continue;
		uint32_t m = refnet_metric(&n->ref, ip_addr_get_v4(&e->fib.addr));
		ev.fib = (struct fib_msg){.type = FIB_NEXTHOP,
			.addr = e->fib.addr,
			.up = m != UINT32_MAX,
			.metric = m};
		node_step(w, n, &ev);
	}
	effects_fini(&fx);
}

static size_t node_step(struct world *w, struct node *n, const struct event *ev)
{
	bool left = true;
	size_t taken;

	router_step(n->router, ev, w->now_ms, &n->fx);
	taken = n->fx.consumed;
	node_carry_out(w, n);
	while (left) {
		left = router_work(n->router, 1 + refnet_random(w, 16), w->now_ms, &n->fx);
		node_carry_out(w, n);
	}
	return taken;
}

void refnet_deliver(struct world *w, struct session *s, unsigned end)
{
	struct node *n = &w->nodes[s->node[end]];
	struct wire *x = &s->to[end];

	if (n->stub) {
		stub_hear(w, s);
		return;
	}
	/* a piece; what the router does not take of it is offered again, with more */
	size_t len = refnet_chance(w, 3) ? x->len : 1 + refnet_random(w, (unsigned)x->len);
	uint8_t *octets = malloc(len);
	CHECK(octets);
	memcpy(octets, x->octets, len);
	size_t taken = node_step(w, n,
		&(struct event){.kind = EV_RECV,
			.vrf = FIB_VRF_CORE,
			.conn = s->conn,
			.data = octets,
			.len = len});
	free(octets);
	wire_drop(x, taken < x->len ? taken : x->len);
}

void refnet_timers(struct world *w)
{
	for (unsigned i = 0; i < w->n_routers; i++)
		while (router_deadline(w->nodes[i].router) <= w->now_ms)
			node_step(w, &w->nodes[i],
				&(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
}

bool refnet_settle(struct world *w)
{
	for (unsigned i = 0; i < PATIENCE && !w->broken; i++) {
		unsigned waiting[2 * SESSIONS], n = 0;

		for (unsigned k = 0; k < 2 * w->n_sessions; k++)
			if (w->sessions[k / 2].up && w->sessions[k / 2].to[k & 1].len)
				waiting[n++] = k;
		if (n == 0)
			return true;
		unsigned k = waiting[refnet_random(w, n)];
		refnet_deliver(w, &w->sessions[k / 2], k & 1);
	}
	return false;
}

/* --- sessions --- */

void refnet_up(struct world *w, struct session *s)
{
	struct node *stub = &w->nodes[s->node[1]];
	struct wire_open open = {.as = stub->ref.as,
		.id = stub->ref.id,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4),
		.as4 = true,
		.refresh = true,
		.role = WIRE_ROLE_NONE};
	uint8_t octets[512];
	struct wbuf b = wbuf_of(octets, sizeof(octets));

	s->up = true;
	s->conn = ++w->last_conn;
	for (unsigned end = 0; end < 2; end++) {
		struct node *n = &w->nodes[s->node[end]], *far = &w->nodes[s->node[!end]];
		if (!n->stub)
			node_step(w, n,
				&(struct event){.kind = EV_ACCEPT,
					.conn = s->conn,
					.vrf = FIB_VRF_CORE,
					.remote = ip_addr_v4(far->ref.addr),
					.local = ip_addr_v4(n->ref.addr)});
	}
	if (!stub->stub)
		return;
	wire_open_put(&b, &open);
	wire_keepalive_put(&b);
	wire_add(&s->to[0], octets, b.len);
	for (unsigned key = 0; key < KEYS; key++)
		if (stub->said[key].there)
			refnet_say(w, s, key);
}

void refnet_down(struct world *w, struct session *s)
{
	s->up = false;
	s->to[0].len = s->to[1].len = 0;
	for (unsigned end = 0; end < 2; end++) {
		struct node *n = &w->nodes[s->node[end]];
		memset(n->held, 0, sizeof(n->held));
		if (!n->stub)
			node_step(w, n,
				&(struct event){.kind = EV_CONN_CLOSED,
					.vrf = FIB_VRF_CORE,
					.conn = s->conn});
	}
}

/* --- the same as a configuration --- */

static void policy_rules(struct arena *arena, const struct ref_policy *p, struct pol_rule *rules)
{
	struct pol_set_community mark = {.len = 4}, add;
	struct pol_term *terms = arena_alloc(arena, 2 * sizeof(*terms));
	struct pol_edit *edits = arena_alloc(arena, 3 * sizeof(*edits));
	struct pol_set_range as = {p->denied_as, p->denied_as};
	unsigned n = 0;

	add = mark;
	for (unsigned i = 0; i < 4; i++) {
		mark.mask[i] = 0xff;
		mark.value[i] = (uint8_t)(p->mark >> (24 - 8 * i));
		add.value[i] = (uint8_t)(p->add >> (24 - 8 * i));
	}
	terms[0] = (struct pol_term){
		POL_TERM_AS_PATH, .set = pol_set_new_numbers(arena, "denied", &as, 1)};
	terms[1] = (struct pol_term){
		POL_TERM_COMMUNITY, .set = pol_set_new_communities(arena, "mark", &mark, 1)};
	if (p->prepend)
		edits[n++] = (struct pol_edit){POL_EDIT_PREPEND, .times = (uint8_t)p->prepend};
	edits[n] = (struct pol_edit){POL_EDIT_COMMUNITY_ADD};
	memcpy(edits[n++].community, add.value, 4);
	if (p->sets_med)
		edits[n++] = (struct pol_edit){POL_EDIT_MED, .number = p->med};
	rules[0] = (struct pol_rule){"denied", &terms[0], 1, .action = POL_REJECT_ROUTE};
	rules[1] = (struct pol_rule){"marked", &terms[1], 1, edits, n, POL_ACCEPT_ROUTE};
}

static struct pol_chain policy_chain(struct arena *arena, const struct ref_policy *p)
{
	struct pol_rule *rules = arena_alloc(arena, 2 * sizeof(*rules));
	struct pol_program *program = arena_alloc(arena, sizeof(*program));
	const struct pol_program **list = arena_alloc(arena, sizeof(*list));

	CHECK(rules && program && list);
	policy_rules(arena, p, rules);
	*program = (struct pol_program){"export", rules, 2, p->accept, pol_program_needs(rules, 2)};
	list[0] = program;
	return (struct pol_chain){list, 1, program->needs};
}

static void configure(struct arena *arena, struct conf_peer *p, const struct ref_neighbour *n)
{
	static const enum conf_next_hop hops[] = {[REF_DEFAULT] = CONF_NEXT_HOP_DEFAULT,
		[REF_SELF] = CONF_NEXT_HOP_SELF,
		[REF_UNCHANGED] = CONF_NEXT_HOP_UNCHANGED};

	p->restart = (struct conf_restart){0};
	p->reflector_client = n->client;
	p->route_server_client = n->rs_client;
	p->next_hop = hops[n->next_hop];
	p->as_override = n->as_override;
	p->graceful_shutdown = n->graceful_shutdown;
	p->allow_as_set = n->allow_as_set;
	p->allow_own_as = (uint8_t)n->allow_own_as;
	p->role = n->role == REF_NO_ROLE ? CONF_ROLE_NONE : (enum conf_role)n->role;
	p->site_of_origin = n->site;
	p->import = n->import ? CONF_POLICY_ACCEPT_ALL : CONF_POLICY_NONE;
	p->export = n->export ? CONF_POLICY_ACCEPT_ALL : CONF_POLICY_REFUSE_ALL;
	if (n->export && n->policy.on) {
		p->export = CONF_POLICY_PROGRAM;
		p->export_chain = policy_chain(arena, &n->policy);
	}
}

void refnet_start(struct world *w, struct node *n)
{
	char text[8192], addr[IP_ADDR_STRLEN], *said = NULL;
	struct ip_addr a = ip_addr_v4(n->ref.addr);
	size_t len;
	FILE *diag = open_memstream(&said, &len);
	int at = snprintf(text, sizeof(text),
		"router: {name: r, as: %u, id: %s, user: nobody, run-dir: /run/sim, retain: all}\n"
		"neighbors:\n",
		n->ref.as, ip_addr_print(&a, addr));

	for (unsigned i = 0; i < n->ref.n; i++) {
		a = ip_addr_v4(n->ref.neighbours[i].addr);
		at += snprintf(text + at, sizeof(text) - (size_t)at,
			"  - {address: %s, as: %u, families: [ipv4-unicast, vpnv4], passive: true, "
			"hold-time: 0}\n",
			ip_addr_print(&a, addr), n->ref.neighbours[i].as);
	}
	CHECK(diag);
	n->conf = conf_parse("reference", text, (size_t)at, diag);
	fclose(diag);
	if (!n->conf)
		fprintf(stderr, "%s%s", text, said);
	CHECK(n->conf && n->conf->n_peers == n->ref.n);
	free(said);
	n->conf->cluster_id = n->ref.cluster;
	for (unsigned i = 0; i < n->ref.n; i++)
		configure(&n->conf->arena, &n->conf->peers[i], &n->ref.neighbours[i]);
	n->router = router_new(n->conf, w->rng);
	effects_init(&n->fx);
	node_step(w, n, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
}

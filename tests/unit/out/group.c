/*
 * Update groups against a naive model: whatever order sessions come and go, routes change, refreshes are asked for and
 * work is cut, in the end every receiver holds exactly the best routes that are not its own, once settled.
 */
#include <criterion/criterion.h>

#include "bgpd/out/group.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define SEEDS	 100
#define PEERS	 6
#define PREFIXES 120
#define ATTRS	 5
#define IDS	 16 /* identifiers are small numbers: some more than peers */
#define TARGETS	 3  /* attributes i have route target i % TARGETS */
#define SELF	 0xc0a80101u

struct receiver {
	bool up, silent; /* silent: paused, and nothing may come */
	unsigned wants;	 /* VPN: a bit a route target */
	uint32_t self;	 /* IPv4: the next hop that its view gives to all */
	uint32_t hops[PREFIXES][IDS];
	bool refreshing;
	bool stale[PREFIXES][IDS]; /* since BoRR (RFC 7313 4) */
	uint16_t source;
	unsigned eors;
	uint32_t origin_or_0
		[PREFIXES]
		[IDS];	/* last AS of the path + 1: tells which attributes arrived; 0: no route */
	uint32_t heard; /* prefixes */
	uint32_t redundant; /* withdrawals of what it did not have */
};

struct world {
	uint8_t add_path; /* of the views */
	bool vpn; /* VPN-IPv4 between reflector clients, with filters; else IPv4 to external neighbours */
	enum wire_family family;
	uint64_t rng;
	struct rib_store *st;
	struct rib_table *t;
	struct out_set set;
	struct wire_ctx ctx;
	struct receiver peers[PEERS];
	struct test_attrs attrs[ATTRS];
	unsigned emitted;
};

static unsigned prefix_index(const struct wire_nlri *n)
{
	return (ip_addr_get_v4(&n->prefix.addr) - 0x0a000000) >> 8;
}

static void hear_list(
	struct receiver *r, const struct wire_update *u, const struct wire_nlris *l, bool withdrawn)
{
	struct rbuf b = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;

	while (l->count && rbuf_left(&b)) {
		cr_assert(wire_nlri_get(&b,
			&(struct wire_nlri_form){l->family, withdrawn, l->add_path}, &n, &fault));
		cr_assert_lt(n.path_id, IDS);
		uint32_t *has = &r->origin_or_0[prefix_index(&n)][n.path_id];
		r->stale[prefix_index(&n)][n.path_id] = false;
		r->heard++;
		if (withdrawn && !*has)
			r->redundant++;
		*has = withdrawn ? 0 : wire_aspath_origin(u->attrs.as_path) + 1;
		if (!withdrawn)
			r->hops[prefix_index(&n)][n.path_id] = ip_addr_get_v4(&u->attrs.next_hop);
	}
}

/* What was not told again between BoRR and EoRR is not there any more. */
static void hear_refresh(struct receiver *r, const struct wire_msg *m)
{
	enum wire_refresh subtype;
	enum wire_family f;

	cr_assert(wire_refresh_get(m->body, m->body_len, &f, &subtype));
	cr_assert_neq(subtype, WIRE_REFRESH_REQUEST);
	r->refreshing = subtype == WIRE_REFRESH_BORR;
	for (unsigned i = 0; i < PREFIXES * IDS; i++) {
		uint32_t *has = &r->origin_or_0[i / IDS][i % IDS];
		bool *stale = &r->stale[i / IDS][i % IDS];
		if (r->refreshing)
			*stale = *has != 0;
		else if (*stale)
			*has = 0;
	}
}

static void hear(void *arg, uint32_t peer, struct out_block *block)
{
	struct world *w = arg;
	const uint8_t *p = block->data, *end = p + block->len;
	struct wire_ctx ctx = w->ctx;

	ctx.add_path_rx = w->ctx.add_path_tx;
	cr_assert(peer < PEERS && w->peers[peer].up && !w->peers[peer].silent);
	w->emitted++;
	while (p < end) {
		struct wire_fault fault;
		struct wire_msg m;
		struct wire_update u;
		struct arena arena;
		int n = wire_msg_split(p, (size_t)(end - p), w->ctx.msg_max, &m, &fault);
		cr_assert_gt(n, 0);
		p += n;
		if (m.type == WIRE_REFRESH) {
			hear_refresh(&w->peers[peer], &m);
			continue;
		}
		arena_init(&arena, 65536);
		cr_assert_eq(wire_update_get(m.body, m.body_len, &ctx, &arena, &u), WIRE_OK);
		hear_list(&w->peers[peer], &u, &u.unreach[w->vpn], true);
		hear_list(&w->peers[peer], &u, &u.reach[w->vpn], false);
		w->peers[peer].eors += u.eor;
		arena_fini(&arena);
	}
}

static void world_init(struct world *w, uint64_t seed, bool vpn, uint8_t add_path)
{
	*w = (struct world){.vpn = vpn,
		.add_path = add_path,
		.family = vpn ? WIRE_VPNV4 : WIRE_IPV4_UNICAST,
		.rng = seed * 2654435761u + 1,
		.st = rib_store_new(seed)};
	w->ctx = (struct wire_ctx){.as4 = true,
		.ebgp = !vpn,
		.families = WIRE_FAMILY_BIT(w->family),
		.msg_max = 4096,
		.local_as = 65000,
		.peer_as = 65000,
		.add_path_tx = add_path ? WIRE_FAMILY_BIT(w->family) : 0};
	w->t = rib_table_new(w->st, w->family, vpn ? RIB_VRF_CORE : 0);
	out_set_init(&w->set, w->st);
	for (unsigned i = 0; i < ATTRS; i++) {
		test_attrs_init(&w->attrs[i], 0xc0a80102, (uint32_t[]){65101, 1000 + i}, 2);
		if (i == ATTRS - 1) /* best of all, and for nobody */
			test_attrs_community(&w->attrs[i], 0xffffff02);
		test_attrs_local_pref(&w->attrs[i], 100 + i);
		test_attrs_ext(&w->attrs[i], test_rt(i % TARGETS));
	}
}

static void world_fini(struct world *w)
{
	out_set_fini(&w->set);
	rib_store_free(w->st);
}

/* Right after joining, or whenever the peer changes its mind. */
static void filter(struct world *w, unsigned i)
{
	struct out_rt list[TARGETS + 1];
	struct out_rtfilter f = {.list = list};
	unsigned wants = w->peers[i].wants = test_random(&w->rng, 1 << TARGETS);

	for (unsigned k = 0; k < TARGETS; k++)
		if (wants >> k & 1)
			list[f.n++] = (struct out_rt){.rt = test_rt(k), .bits = 64};
	if (wants == 3) /* 0 and 1 are all that begin like them */
		list[f.n++] = (struct out_rt){.rt = test_rt(1), .bits = 63};
	out_set_filter(&w->set, i, wants == (1 << TARGETS) - 1 ? NULL : &f);
}

/* The view of peer i, which has `self` as next hop. */
static struct out_view view(struct world *w, unsigned i)
{
	struct pol_receiver to = pol_receiver_of(
		w->family, w->vpn ? RIB_VRF_CORE : 0, &w->ctx, ip_addr_v4(w->peers[i].self));
	to.reflects = to.reflector_client = w->vpn;
	struct out_view v = out_view_of(w->family, &w->ctx, &to);
	v.ctx.enhanced_refresh = i % 2;
	v.add_path = w->add_path;
	return v;
}

static void peer_up(struct world *w, unsigned i)
{
	w->peers[i] = (struct receiver){.up = true,
		.wants = (1 << TARGETS) - 1,
		.self = SELF,
		.source = test_peer(w->st, w->t->vrf, i + 1, i + 1, !w->vpn)};
	if (!w->vpn)
		w->ctx.peer_as = 65101 + i;
	struct out_view v = view(w, i);
	out_set_join(&w->set, w->t, &v, i, w->peers[i].source);
	if (w->vpn && test_random(&w->rng, 2))
		filter(w, i);
}

static void review(struct world *w, unsigned i)
{
	w->peers[i].self ^= 2;
	struct out_view v = view(w, i);
	out_set_view(&w->set, &v, i);
}

static void peer_down(struct world *w, unsigned i)
{
	w->peers[i].up = false;
	out_set_leave(&w->set, i);
	rib_source_down(w->st, w->peers[i].source);
}

/* True if there is more to do, or may be. */
static bool work_some(struct world *w, unsigned budget)
{
	unsigned left = budget;
	struct rib_change c;

	rib_store_work(w->st, &left);
	left = budget;
	while (rib_change_next(w->st, &left, &c)) {
		out_set_change(&w->set, &c, hear, w);
		rib_change_done(w->st, &c);
	}
	if (!test_random(&w->rng, 3))
		return true; /* changes gather over several rounds */
	left = budget;
	out_set_now(&w->set, w->set.now_ms + test_random(&w->rng, 100));
	return out_set_work(&w->set, &left, hear, w) || rib_store_has_work(w->st);
}

static void work_all(struct world *w)
{
	while (work_some(w, 50))
		;
	out_set_now(&w->set, w->set.now_ms + 1000); /* nobody waits for the others any more */
	while (work_some(w, 50))
		;
}

static void pause(struct world *w, unsigned i)
{
	unsigned none = 0;

	out_set_pause(&w->set, i);
	out_set_work(&w->set, &none, hear, w);
	w->peers[i].silent = true;
}

static void resume(struct world *w, unsigned i)
{
	w->peers[i].silent = false;
	out_set_resume(&w->set, i);
}

static void step(struct world *w)
{
	unsigned i = test_random(&w->rng, PEERS), what = test_random(&w->rng, 44);
	struct wire_nlri n = test_nlri(0, 0x0a000000 + (test_random(&w->rng, PREFIXES) << 8), 24);

	if (what == 0 && w->peers[i].up)
		peer_down(w, i);
	else if (!w->peers[i].up && what < 6)
		peer_up(w, i);
	else if (what == 7 && w->peers[i].up)
		cr_assert(out_set_refresh(&w->set, i, w->family));
	else if (what == 8 && w->peers[i].up && w->vpn)
		filter(w, i);
	else if (what == 9 && w->peers[i].up && test_random(&w->rng, 3) == 0)
		review(w, i);
	else if (what > 40 && w->peers[i].up && !w->peers[i].silent)
		pause(w, i);
	else if (what > 40 && w->peers[i].up)
		resume(w, i);
	else if (w->peers[i].up && what < 25)
		test_announce(w->t, &n, w->peers[i].source,
			&w->attrs[test_random(&w->rng, ATTRS)].a,
			w->vpn ? 100 + test_random(&w->rng, 2) : WIRE_LABEL_NONE);
	else if (w->peers[i].up)
		test_withdraw(w->t, &n, w->peers[i].source);
}

static unsigned attrs_index(const struct rib_path *p)
{
	return p->attrs->local_pref - 100;
}

static bool is_told(const struct receiver *r, const struct rib_path *p)
{
	unsigned a = attrs_index(p);

	return a < ATTRS - 1 && r->wants >> (a % TARGETS) & 1;
}

/* Paths that come before p: the decision process knows no more of them here than LOCAL_PREF and the router id. */
static unsigned rank(
	const struct world *w, const struct receiver *r, uint32_t d, const struct rib_path *p)
{
	uint32_t id = rib_source_get(w->st, p->source)->router_id;
	unsigned before = 0;

	for (const struct rib_path *q = rib_dest_paths(w->t, d); q; q = rib_path_next(w->t, q))
		if (is_told(r, q) &&
			(attrs_index(q) > attrs_index(p) ||
				(attrs_index(q) == attrs_index(p) &&
					rib_source_get(w->st, q->source)->router_id < id)))
			before++;
	return before;
}

/* How often r must have the prefix with each of the attributes. */
static void expect(
	const struct world *w, const struct receiver *r, uint32_t d, unsigned want[ATTRS])
{
	for (const struct rib_path *p = rib_dest_paths(w->t, d); p; p = rib_path_next(w->t, p)) {
		bool chosen = w->add_path
				      ? w->add_path == UINT8_MAX || rank(w, r, d, p) < w->add_path
				      : p == rib_dest_best(w->t, d);
		if (chosen && is_told(r, p) && p->source != r->source)
			want[attrs_index(p)]++;
	}
}

static void check_receiver(const struct world *w, unsigned i)
{
	const struct receiver *r = &w->peers[i];
	uint32_t has = 0;

	for (unsigned p = 0; p < PREFIXES; p++) {
		struct wire_nlri n = test_nlri(0, 0x0a000000 + (p << 8), 24);
		uint32_t d = rib_table_find(w->t, &n);
		unsigned want[ATTRS] = {0}, got[ATTRS] = {0};
		if (d)
			expect(w, r, d, want);
		for (unsigned id = 0; id < IDS; id++)
			if (r->origin_or_0[p][id]) {
				cr_assert(w->vpn || r->hops[p][id] == r->self);
				got[r->origin_or_0[p][id] - 1001]++;
				has++;
			}
		cr_assert_arr_eq(got, want, sizeof(got),
			"vpn %d add-path %u receiver %u prefix %u: got %u %u %u %u want %u %u %u "
			"%u",
			w->vpn, w->add_path, i, p, got[0], got[1], got[2], got[3], want[0], want[1],
			want[2], want[3]);
	}
	cr_assert_eq(out_set_count(&w->set, i, w->family), has);
	cr_assert_eq(r->eors, 1);
	cr_assert_not(r->refreshing);
}

/* However long they are paused: what is kept for the members of a lane is never more than what they had when they joined it. */
static void check_bounds(const struct world *w)
{
	for (const struct out_group *g = w->set.by_table[w->t->id]; g; g = g->next)
		for (const struct out_lane *l = g->lanes; l; l = l->next)
			cr_assert_leq(l->n_log, PEERS * PREFIXES);
}

static void run(struct world *w, unsigned steps)
{
	for (unsigned i = 0; i < steps; i++) {
		step(w);
		if (test_random(&w->rng, 4) == 0)
			work_some(w, test_random(&w->rng, 20));
		if (i % 300 != 299)
			continue; /* some stay paused over several of these */
		work_all(w);
		check_bounds(w);
		for (unsigned k = 0; k < PEERS && i % 600 == 599; k++)
			if (w->peers[k].up)
				resume(w, k);
		work_all(w);
		for (unsigned k = 0; k < PEERS; k++)
			if (w->peers[k].up && !w->peers[k].silent)
				check_receiver(w, k);
	}
}

Test(group, every_receiver_ends_with_what_a_naive_router_would_send)
{
	static const uint8_t add_path[] = {0, 0, 2, UINT8_MAX};
	static struct world w;

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		world_init(&w, seed, seed % 2, add_path[seed / 2 % ARRAY_LEN(add_path)]);
		run(&w, 2400);
		world_fini(&w);
	}
}

Test(group, members_that_join_together_share_every_block)
{
	static struct world w;
	static struct wire_nlri n;

	world_init(&w, 1, false, 0);
	peer_up(&w, 0);
	for (unsigned p = 0; p < PREFIXES; p++) {
		n = test_nlri(0, 0x0a000000 + (p << 8), 24);
		test_announce(w.t, &n, w.peers[0].source, &w.attrs[p % 3].a, WIRE_LABEL_NONE);
	}
	work_all(&w);
	for (unsigned i = 1; i < PEERS; i++)
		peer_up(&w, i);
	struct out_group *g = w.set.by_table[w.t->id];
	cr_assert_null(g->next, "one group");
	cr_assert_eq(g->n_members, PEERS);
	w.emitted = 0;
	uint64_t before = g->dump.messages;
	unsigned budget = 10000;
	while (out_set_work(&w.set, &budget, hear, &w))
		;
	for (unsigned i = 1; i < PEERS; i++)
		check_receiver(&w, i);
	cr_assert_eq(g->dump.messages - before, 3,
		"one for each set of attributes, however many members");
	cr_assert_eq(w.emitted, 2 * (PEERS - 1), "a block and End-of-RIB each");
	world_fini(&w);
}

Test(group, what_receivers_cannot_see_is_not_sent)
{
	static struct world w;
	struct wire_nlri n = test_nlri(0, 0x0a000000, 24);

	world_init(&w, 1, false, 0);
	peer_up(&w, 0);
	peer_up(&w, 1);
	test_announce(w.t, &n, w.peers[0].source, &w.attrs[0].a, WIRE_LABEL_NONE);
	work_all(&w);
	w.emitted = 0;
	test_attrs_local_pref(&w.attrs[0], 150);
	test_announce(w.t, &n, w.peers[0].source, &w.attrs[0].a, WIRE_LABEL_NONE);
	work_all(&w);
	cr_assert_eq(w.emitted, 0);
	world_fini(&w);
}

Test(group, refresh_of_a_family_that_is_not_there_is_refused)
{
	static struct world w;

	world_init(&w, 1, false, 0);
	peer_up(&w, 0);
	cr_assert_not(out_set_refresh(&w.set, 0, WIRE_VPNV4));
	cr_assert_not(out_set_refresh(&w.set, 1, WIRE_IPV4_UNICAST));
	world_fini(&w);
}

static void want(struct world *w, unsigned i, unsigned first, uint8_t bits)
{
	const struct out_rt rt = {.rt = test_rt(first), .bits = bits};

	w->peers[i].wants = bits == 63 ? 3u : 1u << first;
	out_set_filter(&w->set, i, &(struct out_rtfilter){.list = &rt, .n = 1});
	w->peers[i].heard = 0;
}

/* RFC 4684 5: the difference and nothing else; equal filters make one group. */
Test(group, a_changed_filter_sends_the_difference)
{
	static struct world w;

	world_init(&w, 1, true, 0);
	peer_up(&w, 0);
	for (unsigned p = 0; p < PREFIXES; p++) {
		struct wire_nlri n = test_nlri(0, 0x0a000000 + (p << 8), 24);
		test_announce(w.t, &n, w.peers[0].source, &w.attrs[p % TARGETS].a, 100);
	}
	for (unsigned i = 1; i < 4; i++) {
		peer_up(&w, i);
		want(&w, i, 0, 64);
	}
	work_all(&w);
	for (unsigned i = 1; i < 4; i++) {
		cr_assert_eq(w.peers[i].heard, PREFIXES / TARGETS);
		want(&w, i, 0, 63);
	}
	work_all(&w);
	for (unsigned i = 1; i < 4; i++) {
		cr_assert_eq(w.peers[i].heard, PREFIXES / TARGETS, "the second route target alone");
		check_receiver(&w, i);
		want(&w, i, 1, 64);
	}
	work_all(&w);
	struct out_group *g = w.set.by_table[w.t->id];
	cr_assert_eq(g->n_members, 3);
	cr_assert_null(g->next->next, "the first peer's, and this");
	for (unsigned i = 1; i < 4; i++) {
		cr_assert_eq(w.peers[i].heard, PREFIXES / TARGETS, "withdrawals of the first");
		check_receiver(&w, i);
	}
	world_fini(&w);
}

/* Receivers that became full together go on together. */
Test(group, those_who_waited_together_share_every_block)
{
	static struct world w;

	world_init(&w, 1, false, 0);
	for (unsigned i = 0; i < PEERS; i++)
		peer_up(&w, i);
	work_all(&w);
	for (unsigned i = 1; i < PEERS; i++)
		pause(&w, i);
	for (unsigned p = 0; p < PREFIXES; p++) {
		struct wire_nlri n = test_nlri(0, 0x0a000000 + (p << 8), 24);
		test_announce(w.t, &n, w.peers[0].source, &w.attrs[p % 3].a, WIRE_LABEL_NONE);
	}
	work_all(&w);
	struct out_group *g = w.set.by_table[w.t->id];
	uint64_t before = g->dump.messages;
	for (unsigned i = 1; i < PEERS; i++)
		resume(&w, i);
	work_all(&w);
	cr_assert_eq(g->dump.messages - before, 3, "one for each set of attributes");
	for (unsigned i = 1; i < PEERS; i++)
		check_receiver(&w, i);
	world_fini(&w);
}

/* RFC 4724 4.2: the routes of the session before stay, with its source. */
Test(group, a_session_that_takes_over_routes_is_not_sent_them)
{
	static struct world w;

	for (unsigned add_path = 0; add_path < 3; add_path += 2) {
		world_init(&w, 1, false, (uint8_t)add_path);
		for (unsigned i = 0; i < 3; i++)
			peer_up(&w, i);
		for (unsigned p = 0; p < PREFIXES; p++) {
			struct wire_nlri n = test_nlri(0, 0x0a000000 + (p << 8), 24);
			test_announce(
				w.t, &n, w.peers[p % 2].source, &w.attrs[p % 3].a, WIRE_LABEL_NONE);
		}
		work_all(&w);
		struct receiver before = w.peers[1];
		struct out_view v = w.set.by_table[w.t->id]->view;
		out_set_leave(&w.set, 1);
		w.peers[1] = (struct receiver){
			.up = true, .wants = before.wants, .self = SELF, .source = before.source};
		out_set_join(&w.set, w.t, &v, 1, before.source);
		work_all(&w);
		check_receiver(&w, 1);
		world_fini(&w);
	}
}

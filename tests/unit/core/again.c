/*
 * Routes judged anew: random policies, other ones later. The table is then what it would be had everything been announced
 * to the later policy, which a second router shows that has had no other.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "bgpd/core/import.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/set.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: nine, max-prefix: 200,\n"
	"     graceful-restart: {long-lived-stale-time: 300}}\n"
	"  - {address: 10.0.0.7, local-address: 10.0.0.1, as: 65007, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: seven}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: to}\n";

enum { NINE, SEVEN, TO };
#define FROM_N	 2 /* NINE and SEVEN */
#define PREFIXES 12
#define IDS	 3
#define PATHS	 6
#define RULES	 3
#define UNICAST	 WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)

static const struct wire_restart restarts = {.sent = true,
	.time_s = 120,
	.families = UNICAST,
	.preserved = UNICAST,
	.long_lived = true,
	.ll_families = UNICAST,
	.ll_preserved = UNICAST,
	.ll_stale_s = {[WIRE_IPV4_UNICAST] = 300}};

struct policy {
	struct arena arena;
	struct pol_term terms[RULES];
	struct pol_edit edits[RULES][2];
	struct pol_rule rules[RULES];
	struct pol_program program;
	const struct pol_program *list[1];
};

static struct pol_term random_term(struct arena *a, uint64_t *rng)
{
	uint32_t n = test_random(rng, 4), x = test_random(rng, PREFIXES);
	struct pol_set_prefix prefix = {
		.prefix = {ip_addr_v4(0x0a000000 | x << 8), 22}, .from = 22, .to = 24};
	struct pol_set_community community = {.len = 4, .mask = {255, 255, 255, 255}};
	struct pol_term t = {.negate = test_random(rng, 4) == 0};

	prefix.prefix.addr = ip_addr_v4(0x0a000000 | (x & ~3u) << 8);
	test_put32(community.value, 65000u << 16 | n);
	switch (test_random(rng, 4)) {
	case 0:
		t.kind = POL_TERM_PREFIX;
		t.set = pol_set_new_prefixes(a, "p", &prefix, 1);
		break;
	case 1:
		t.kind = POL_TERM_AS_PATH;
		t.set = pol_set_new_numbers(
			a, "n", &(struct pol_set_range){64500 + n, 64501 + n}, 1);
		break;
	case 2:
		t.kind = POL_TERM_COMMUNITY;
		t.set = pol_set_new_communities(a, "c", &community, 1);
		break;
	default:
		t.kind = POL_TERM_MED;
		t.from = t.to = test_random(rng, 3);
	}
	return t;
}

static struct pol_edit random_edit(struct arena *a, uint64_t *rng)
{
	struct pol_set_community any = {.len = 4};
	struct pol_edit e = {.number = 90 + test_random(rng, 3)};

	switch (test_random(rng, 5)) {
	case 0:
		e.kind = POL_EDIT_LOCAL_PREF;
		break;
	case 1:
		e.kind = POL_EDIT_MED;
		break;
	case 2:
		e.kind = POL_EDIT_PREPEND;
		e.times = 2;
		break;
	case 3:
		e.kind = POL_EDIT_COMMUNITY_DEL; /* all of them, LLGR_STALE as well */
		e.set = pol_set_new_communities(a, "any", &any, 1);
		break;
	default:
		e.kind = POL_EDIT_COMMUNITY_ADD;
		test_put32(e.community, 65000u << 16 | test_random(rng, 4));
	}
	return e;
}

static void policy_init(struct policy *p, uint64_t *rng)
{
	arena_init(&p->arena, 65536);
	for (unsigned i = 0; i < RULES; i++) {
		p->terms[i] = random_term(&p->arena, rng);
		for (unsigned k = 0; k < 2; k++)
			p->edits[i][k] = random_edit(&p->arena, rng);
		p->rules[i] = (struct pol_rule){"rule", &p->terms[i], test_random(rng, 4) > 0,
			.edits = p->edits[i], .n_edits = test_random(rng, 3),
			.action = test_random(rng, 3),
			.reason = (uint16_t)(1 + test_random(rng, 5))};
	}
	p->program = (struct pol_program){"p", p->rules, RULES, .accept = test_random(rng, 2)};
	p->list[0] = &p->program;
}

/* As if validities were asked: what is rejected stays. */
static void apply(struct bare *b, const struct policy *p, unsigned needs)
{
	for (unsigned i = 0; i < FROM_N; i++)
		b->conf->peers[i].import_chain = (struct pol_chain){p->list, 1, needs};
}

static void up(struct bare *b, unsigned peer)
{
	b->restart[peer] = restarts;
	bare_up(b, peer);
	b->router->peers[peer].fsm.ctx.add_path_rx = UNICAST;
}

static void start(struct bare *b, const struct policy *p, unsigned needs)
{
	bare_open(b, yaml, 1);
	apply(b, p, needs);
	bare_step(b, &(struct event){.kind = EV_START});
	for (unsigned i = 0; i < FROM_N; i++)
		up(b, i);
	bare_up(b, TO);
}

static void lose(struct bare *b, unsigned peer)
{
	uint32_t conn = b->conn[peer];

	b->conn[peer] = 0;
	bare_step(b, &(struct event){.kind = EV_CONN_CLOSED, .vrf = FIB_VRF_CORE, .conn = conn});
}

static void work(struct bare *b)
{
	bare_timer(b, 0);
	bare_step(b, &(struct event){.kind = EV_TIMER});
}

static void again(struct bare *b, unsigned needs)
{
	core_import_again(b->router, needs);
	work(b);
}

/* number: of one of a few sets of attributes. */
static void attrs_of(struct test_attrs *a, unsigned peer, unsigned number)
{
	uint64_t rng = 77 * number + 5;
	uint32_t as[3] = {peer == NINE ? 65009 : 65007, 64500 + test_random(&rng, 4),
		64500 + test_random(&rng, 4)};

	test_attrs_init(a, peer == NINE ? 0x0a000009 : 0x0a000007, as, 1 + test_random(&rng, 3));
	a->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	if (test_random(&rng, 2))
		test_attrs_med(a, test_random(&rng, 3));
	for (unsigned n = test_random(&rng, 3); n; n--)
		test_attrs_community(a, 65000u << 16 | test_random(&rng, 4));
}

/* number 0: taken back. */
static void say(struct bare *b, unsigned peer, unsigned x, unsigned id, unsigned number)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_ctx theirs = *ctx;
	struct wire_nlri n = test_nlri(0, 0x0a000000 | x << 8, 24);
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct test_attrs a;

	theirs.add_path_tx = ctx->add_path_rx;
	n.path_id = id + 1;
	attrs_of(&a, peer, number);
	if (number)
		CHECK(wire_update_put_reach(&w, &theirs, WIRE_IPV4_UNICAST, &a.a, &n, 1) == 1);
	else
		CHECK(wire_update_put_unreach(&w, &theirs, WIRE_IPV4_UNICAST, &n, 1) == 1);
	bare_say(b, peer, &w);
}

/* The same to both. */
static void say_some(struct bare *a, struct bare *b, unsigned n, uint64_t *rng)
{
	while (n--) {
		unsigned peer = test_random(rng, FROM_N), x = test_random(rng, PREFIXES);
		unsigned id = test_random(rng, IDS), number = test_random(rng, PATHS);

		if (!a->conn[peer])
			continue;
		say(a, peer, x, id, number);
		say(b, peer, x, id, number);
	}
}

static const struct rib_path *path_like(
	const struct bare *b, const struct wire_nlri *n, const struct rib_source *from, uint32_t id)
{
	const struct rib_table *t = b->router->core_ipv4;
	uint32_t dest = rib_table_find(t, n);
	const struct rib_path *p = dest ? rib_dest_paths(t, dest) : NULL;

	while (p && !(p->id == id && rib_source_get(t->store, p->source)->peer == from->peer))
		p = rib_path_next(t, p);
	return p;
}

static void same_attrs(const struct rib_attrset *x, const struct rib_attrset *y)
{
	struct wire_attrs a, b;

	rib_attrset_view(x, &a);
	rib_attrset_view(y, &b);
	cr_assert_eq(a.present, b.present);
	cr_assert_eq(a.local_pref, b.local_pref);
	cr_assert_eq(a.med, b.med);
	cr_assert_eq(a.as_path.len, b.as_path.len);
	cr_assert_eq(a.communities.len, b.communities.len);
	cr_assert(a.as_path.len == 0 || !memcmp(a.as_path.p, b.as_path.p, a.as_path.len));
	cr_assert(a.communities.len == 0 ||
		  !memcmp(a.communities.p, b.communities.p, a.communities.len));
}

struct seen {
	unsigned rejected, edited, last_resort, stale;
};

static void same_path(const struct rib_table *t, const struct rib_path *p,
	const struct rib_table *u, const struct rib_path *q, struct seen *seen)
{
	const uint16_t flags = (uint16_t)~RIB_PATH_EPOCH;

	cr_assert(q);
	cr_assert_eq(p->flags & flags, q->flags & flags);
	cr_assert_eq(p->label, q->label);
	cr_assert_eq(rib_stale_path(t, p), rib_stale_path(u, q));
	same_attrs(p->attrs, q->attrs);
	same_attrs(rib_attrset_received(p->attrs), rib_attrset_received(q->attrs));
	cr_assert_null(rib_attrset_received(p->attrs)->received);
	seen->rejected += (p->flags & RIB_PATH_REJECTED) != 0;
	seen->edited += p->attrs->received != NULL;
	seen->last_resort += p->attrs->last_resort;
	seen->stale += rib_stale_path(t, p);
}

static void same(const struct bare *a, const struct bare *b, struct seen *seen)
{
	const struct rib_table *t = a->router->core_ipv4, *u = b->router->core_ipv4;

	cr_assert_eq(t->n_paths, u->n_paths);
	cr_assert_eq(rib_table_count(t), rib_table_count(u));
	for (uint32_t d = rib_table_next(t, 0); d; d = rib_table_next(t, d)) {
		struct wire_nlri n;

		rib_dest_nlri(t, d, &n);
		for (const struct rib_path *p = rib_dest_paths(t, d); p; p = rib_path_next(t, p)) {
			const struct rib_source *s = rib_source_get(t->store, p->source);

			same_path(t, p, u, path_like(b, &n, s, p->id), seen);
		}
	}
	for (unsigned x = 0; x < PREFIXES; x++)
		cr_assert_eq(a->told[TO][x], b->told[TO][x], "prefix %u", x);
}

static void back(struct bare *b, unsigned peer)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	up(b, peer);
	wire_update_put_eor(&w, WIRE_IPV4_UNICAST);
	bare_say(b, peer, &w);
}

/* Of both, as long as somebody has something to say. */
static void pass_s(struct bare *b, unsigned seconds)
{
	uint8_t octets[64];

	for (; seconds; seconds -= 10) {
		for (unsigned i = 0; i <= TO; i++) {
			struct wbuf w = wbuf_of(octets, sizeof(octets));

			wire_keepalive_put(&w);
			if (b->conn[i])
				bare_say(b, i, &w);
		}
		bare_timer(b, 10000);
	}
}

static void one_run(uint64_t seed, struct seen *seen)
{
	uint64_t rng = seed * 2654435761u + 1;
	static struct policy before, after, third;
	static struct bare a, b;

	policy_init(&before, &rng);
	policy_init(&after, &rng);
	policy_init(&third, &rng);
	start(&a, &before, POL_NEEDS_ROV);
	start(&b, &after, POL_NEEDS_ROV);
	say_some(&a, &b, 60, &rng);
	apply(&a, &after, POL_NEEDS_ROV);
	again(&a, test_random(&rng, 2) ? POL_NEEDS_ROV | POL_NEEDS_ASPA : 0);
	same(&a, &b, seen);
	say_some(&a, &b, 10, &rng);
	same(&a, &b, seen);

	/* a third policy, while what one neighbour said is stale, and then a last resort */
	lose(&a, NINE);
	lose(&b, NINE);
	if (test_random(&rng, 2)) {
		pass_s(&a, 150);
		pass_s(&b, 150);
	}
	say_some(&a, &b, 10, &rng);
	apply(&a, &third, POL_NEEDS_ROV);
	again(&a, POL_NEEDS_ROV);
	apply(&a, &after, POL_NEEDS_ROV);
	again(&a, POL_NEEDS_ROV);
	same(&a, &b, seen);
	back(&a, NINE);
	back(&b, NINE);
	same(&a, &b, seen);
	bare_fini(&a);
	bare_fini(&b);
	arena_fini(&before.arena);
	arena_fini(&after.arena);
	arena_fini(&third.arena);
}

Test(again, the_table_is_what_announcing_everything_anew_would_give)
{
	struct seen seen = {0};

	for (uint64_t seed = 1; seed <= 150; seed++)
		one_run(seed, &seen);
	/* none of it is about nothing */
	cr_assert_gt(seen.rejected, 100);
	cr_assert_gt(seen.edited, 100);
	cr_assert_gt(seen.last_resort, 100);
	cr_assert_gt(seen.stale, 100);
}

/* One rule without terms: reject, or accept with another LOCAL_PREF. */
static void policy_plain(struct policy *p, bool accept, uint32_t local_pref)
{
	arena_init(&p->arena, 1024);
	p->edits[0][0] = (struct pol_edit){POL_EDIT_LOCAL_PREF, .number = local_pref};
	p->rules[0] = (struct pol_rule){"all", .edits = p->edits[0], .n_edits = accept,
		.action = accept ? POL_ACCEPT_ROUTE : POL_REJECT_ROUTE,
		.reason = POL_REJECT_RPKI_INVALID};
	p->program = (struct pol_program){"p", p->rules, 1};
	p->list[0] = &p->program;
}

static const struct rib_path *only_path(const struct bare *b, unsigned x)
{
	const struct rib_table *t = b->router->core_ipv4;
	struct wire_nlri n = test_nlri(0, 0x0a000000 | x << 8, 24);
	uint32_t dest = rib_table_find(t, &n);

	return dest ? rib_dest_paths(t, dest) : NULL;
}

/* Validities change without the neighbour: it stays and comes back. Whoever else's policy rejects: it is gone. */
Test(again, what_is_rejected_stays_where_validities_are_asked)
{
	static struct policy yes, no;
	static struct bare b;

	policy_plain(&yes, true, 200);
	policy_plain(&no, false, 0);
	for (unsigned needs = 0; needs <= POL_NEEDS_ASPA;
		needs = needs ? needs * 2 : POL_NEEDS_ROV) {
		start(&b, &yes, needs);
		say(&b, NINE, 1, 0, 1);
		cr_assert(b.told[TO][1]);
		apply(&b, &no, needs);
		again(&b, needs);
		cr_assert_not(b.told[TO][1]);
		if (needs) {
			cr_assert(only_path(&b, 1)->flags & RIB_PATH_REJECTED);
			cr_assert_eq(only_path(&b, 1)->label, POL_REJECT_RPKI_INVALID);
			cr_assert_null(only_path(&b, 1)->attrs->received);
		} else {
			cr_assert_null(only_path(&b, 1));
		}
		apply(&b, &yes, needs);
		again(&b, needs);
		cr_assert_eq(b.told[TO][1], needs != 0);
		cr_assert(!needs || only_path(&b, 1)->attrs->local_pref == 200);
		bare_fini(&b);
	}
}

/* Only chains that ask for what changed; and what comes out as before is no change for anybody. */
Test(again, who_does_not_ask_is_not_asked)
{
	static struct policy first, second;
	static struct bare b;
	unsigned told;

	policy_plain(&first, true, 200);
	policy_plain(&second, true, 300);
	start(&b, &first, POL_NEEDS_ROV | POL_NEEDS_EDIT);
	say(&b, NINE, 1, 0, 1);
	told = b.updates[TO];
	again(&b, POL_NEEDS_ROV);
	cr_assert_eq(b.updates[TO], told);
	apply(&b, &second, POL_NEEDS_ROV | POL_NEEDS_EDIT);
	again(&b, POL_NEEDS_ASPA);
	cr_assert_eq(only_path(&b, 1)->attrs->local_pref, 200u);
	again(&b, POL_NEEDS_ROV);
	cr_assert_eq(only_path(&b, 1)->attrs->local_pref, 300u);
	bare_fini(&b);
}

/* Judged anew they count as they did: the session lives at its limit, and ends one above. */
Test(again, limits_count_as_before)
{
	static struct policy yes, no;
	static struct bare b;

	policy_plain(&yes, true, 200);
	policy_plain(&no, false, 0);
	start(&b, &yes, POL_NEEDS_ROV);
	b.conf->peers[NINE].max_prefix.max = 5;
	for (unsigned x = 0; x < 5; x++)
		say(&b, NINE, x, 0, 1);
	for (unsigned i = 0; i < 4; i++) {
		apply(&b, i & 1 ? &yes : &no, POL_NEEDS_ROV);
		again(&b, 0);
		cr_assert_eq(rib_source_get(b.router->store, b.router->peers[NINE].source)
				     ->paths[WIRE_IPV4_UNICAST],
			5u);
		cr_assert(b.conn[NINE]);
	}
	say(&b, NINE, 9, 0, 1);
	cr_assert_not(b.conn[NINE]);
	bare_fini(&b);
}

/* Asked in the middle of a walk: what it had passed is judged once more. */
Test(again, asked_during_a_walk_it_begins_anew_behind_it)
{
	static struct policy first, second;
	static struct bare b;
	unsigned old = 0;

	policy_plain(&first, true, 200);
	policy_plain(&second, true, 300);
	start(&b, &first, POL_NEEDS_ROV);
	for (unsigned x = 0; x < PREFIXES; x++)
		say(&b, NINE, x, 0, 1);
	core_import_again(b.router, POL_NEEDS_ROV);
	cr_assert(router_work(b.router, 4, b.now_ms, &b.fx));
	cr_assert_neq(b.router->again.dest, 0u);
	apply(&b, &second, POL_NEEDS_ROV);
	again(&b, POL_NEEDS_ROV);
	for (unsigned x = 0; x < PREFIXES; x++)
		old += only_path(&b, x)->attrs->local_pref == 200;
	cr_assert_eq(old, 0u);
	bare_fini(&b);
}

/* A chain that is configured away has left nothing: what it edited is as it came, what it rejected is there. */
Test(again, without_the_chain_everything_is_as_it_came)
{
	static struct policy yes, no;
	static struct bare b;

	policy_plain(&yes, true, 200);
	policy_plain(&no, false, 0);
	start(&b, &yes, POL_NEEDS_ROV);
	say(&b, NINE, 1, 0, 1);
	apply(&b, &no, POL_NEEDS_ROV);
	say(&b, NINE, 2, 0, 1);
	cr_assert_not(b.told[TO][2]);
	for (unsigned i = 0; i < FROM_N; i++)
		b.conf->peers[i].import_chain = (struct pol_chain){0};
	again(&b, 0);
	for (unsigned x = 1; x <= 2; x++) {
		const struct rib_path *p = only_path(&b, x);

		cr_assert(b.told[TO][x]);
		cr_assert(p->label == WIRE_LABEL_NONE && !(p->flags & RIB_PATH_REJECTED));
		cr_assert(!p->attrs->received && p->attrs->local_pref == 0);
	}
	bare_fini(&b);
}

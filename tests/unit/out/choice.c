/*
 * Groups with a chain of policies against a naive model: each receiver walks all paths of a prefix by itself, in an order that is made by
 * taking out the best again and again, and asks its policies, which are interpreted here in a few lines. Whatever order sessions,
 * routes, policies and pauses come and go in, in the end every receiver holds exactly that, and nobody was ever told its own.
 */
#include <criterion/criterion.h>

#include "bgpd/out/group.h"
#include "bgpd/policy/set.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define SEEDS	  120
#define PEERS	  6
#define PREFIXES  24
#define PATHS	  2  /* of a source and prefix */
#define IDS	  24 /* identifiers are small: some more than paths */
#define CHAINS	  4
#define RULES	  3  /* of a policy */
#define MARKS	  4  /* communities 65000:1 ... that routes have, by bit */
#define MARKS_ALL 16 /* ... and that policies add; the last is for a receiver's AS */
#define WHOS	  40 /* AS numbers of a peer, one after another */
#define OURS	  65000u
#define AS_BASE	  65100u /* of peer 0 */
#define SELF	  0xc0a80101u
#define HOP_SAID  0xc0a80177u

enum kind { EBGP, RS, IBGP_VPN, KINDS };

/* --- policies, as the model sees them --- */

enum match { ANY, MARK, LOW_PREFIX, ORIGIN, TO_AS, MATCHES };
enum edit { NONE, ADD, ADD_AS, DELETE, PREPEND, MED, HOP, EDITS };

struct rule {
	enum match match;
	bool negate;
	unsigned value;
	enum edit edit;
	unsigned number;
	enum pol_action action;
};

struct policy {
	struct rule rules[RULES];
	unsigned n;
	bool accept;
};

struct chain {
	struct policy policies[2];
	unsigned n;
	struct pol_chain chain; /* the same for the router */
};

/* --- routes, as receivers see them --- */

struct heard {
	bool there;
	uint8_t source; /* who announced it, by its AS or originator */
	uint8_t origin, len;
	bool hop_said, spare; /* without padding: compared as octets */
	uint16_t marks;
	uint32_t med; /* + 1 */
};

struct receiver {
	bool up, silent;
	int chain; /* -1: none */
	unsigned wants;
	uint16_t source;
	uint8_t who; /* another after each session whose routes went: what is left of them is not its own */
	struct heard has[PREFIXES][IDS];
};

struct world {
	enum kind kind;
	uint8_t add_path;
	uint64_t rng;
	struct rib_store *st;
	struct rib_table *t;
	struct out_set set;
	struct wire_ctx ctx;
	struct arena arena;
	struct chain chains[CHAINS];
	struct receiver peers[PEERS];
};

static unsigned roll(struct world *w, unsigned below)
{
	return test_random(&w->rng, below);
}

static bool is_vpn(const struct world *w)
{
	return w->kind == IBGP_VPN;
}

/* --- policies for the router --- */

static const struct pol_set *mark_set(struct world *w, unsigned mark)
{
	struct pol_set_community c = {.len = 4};

	test_put32(c.value, OURS << 16 | (mark + 1));
	memset(c.mask, 0xff, 4);
	return pol_set_new_communities(&w->arena, "mark", &c, 1);
}

static const struct pol_set *number_set(struct world *w, uint32_t n)
{
	return pol_set_new_numbers(&w->arena, "number", &(struct pol_set_range){n, n}, 1);
}

static struct pol_term term_of(struct world *w, const struct rule *r)
{
	struct pol_term t = {.negate = r->negate};

	if (r->match == MARK) {
		t.kind = POL_TERM_COMMUNITY;
		t.set = mark_set(w, r->value);
	} else if (r->match == LOW_PREFIX) {
		struct pol_set_prefix p = {
			.prefix = {.addr = ip_addr_v4(0x0a000000), .len = 21}, .from = 8, .to = 32};
		t.kind = POL_TERM_PREFIX;
		t.set = pol_set_new_prefixes(&w->arena, "low", &p, 1);
	} else {
		t.kind = r->match == ORIGIN ? POL_TERM_ORIGIN_AS : POL_TERM_NEIGHBOR_AS;
		t.set = number_set(w, r->match == ORIGIN ? 1000 + r->value : AS_BASE + r->value);
	}
	CHECK(t.set);
	return t;
}

static struct pol_edit edit_of(struct world *w, const struct rule *r)
{
	struct pol_edit e = {.number = r->number};

	switch (r->edit) {
	case ADD:
		e.kind = POL_EDIT_COMMUNITY_ADD;
		test_put32(e.community, OURS << 16 | (r->number + 1));
		break;
	case ADD_AS:
		e.kind = POL_EDIT_COMMUNITY_ADD;
		test_put32(e.community, OURS << 16);
		e.neighbor_as[1] = true;
		break;
	case DELETE:
		e.kind = POL_EDIT_COMMUNITY_DEL;
		e.set = mark_set(w, r->number);
		break;
	case PREPEND:
		e.kind = POL_EDIT_PREPEND;
		e.number = 0;
		e.times = (uint8_t)r->number;
		break;
	case MED:
		e.kind = POL_EDIT_MED;
		break;
	default:
		e.kind = POL_EDIT_NEXT_HOP;
		e.addr = ip_addr_v4(HOP_SAID);
	}
	return e;
}

static const struct pol_program *program_of(struct world *w, const struct policy *p)
{
	struct pol_program *program = arena_alloc(&w->arena, sizeof(*program));
	struct pol_rule *rules = arena_alloc(&w->arena, RULES * sizeof(*rules));
	struct pol_term *terms = arena_alloc(&w->arena, RULES * sizeof(*terms));
	struct pol_edit *edits = arena_alloc(&w->arena, RULES * sizeof(*edits));

	for (unsigned i = 0; i < p->n; i++) {
		const struct rule *r = &p->rules[i];
		if (r->match != ANY)
			terms[i] = term_of(w, r);
		if (r->edit != NONE)
			edits[i] = edit_of(w, r);
		rules[i] = (struct pol_rule){.name = "rule",
			.terms = &terms[i],
			.n_terms = r->match != ANY,
			.edits = &edits[i],
			.n_edits = r->edit != NONE,
			.action = r->action};
	}
	*program = (struct pol_program){.name = "policy",
		.rules = rules,
		.n_rules = p->n,
		.accept = p->accept,
		.needs = pol_program_needs(rules, p->n)};
	return program;
}

static struct rule rule_make(struct world *w)
{
	struct rule r = {.match = roll(w, MATCHES),
		.negate = roll(w, 3) == 0,
		.value = roll(w, MARKS),
		.edit = roll(w, 2) ? roll(w, EDITS) : NONE,
		.number = roll(w, MARKS_ALL - 1),
		.action = roll(w, 3)};

	if (r.match == TO_AS && roll(w, 2)) /* an answer for each neighbour is not the rule */
		r.match = MARK;
	if (r.edit == PREPEND)
		r.number = 1 + r.number % 2;
	if (r.edit == ADD_AS && roll(w, 2))
		r.edit = NONE;
	if (r.edit == HOP && is_vpn(w))
		r.edit = NONE;
	return r;
}

static void chain_make(struct world *w, struct chain *c)
{
	const struct pol_program **list = arena_alloc(&w->arena, 2 * sizeof(*list));

	*c = (struct chain){.n = 1 + roll(w, 2)};
	for (unsigned k = 0; k < c->n; k++) {
		struct policy *p = &c->policies[k];
		p->n = roll(w, RULES + 1);
		p->accept = roll(w, 3) > 0;
		for (unsigned i = 0; i < p->n; i++)
			p->rules[i] = rule_make(w);
		list[k] = program_of(w, p);
		c->chain.needs |= list[k]->needs;
	}
	c->chain.list = list;
	c->chain.n = c->n;
}

/* --- the model --- */

struct seen { /* a path of the table, and what becomes of it */
	const struct rib_path *path;
	unsigned prefix;
	unsigned to, who; /* the receiver */
	struct heard h;
	unsigned hops; /* AS numbers that a chain put in front */
	bool med_said, hop_said, no_advertise;
};

static unsigned source_peer(const struct world *w, uint16_t source)
{
	return rib_source_get(w->st, source)->router_id - 1;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* One sequence; the AS of who announced it stands before the last. */
static uint8_t who_said(const struct wire_attrs *a)
{
	unsigned len = wire_aspath_length(a->as_path);

	cr_assert(a->as_path.len == 2 + 4 * len && len >= 3);
	return (uint8_t)(be32(a->as_path.p + 2 + 4 * (len - 2)) - AS_BASE);
}

static struct seen seen_of(
	const struct world *w, const struct rib_path *p, unsigned prefix, unsigned to)
{
	struct wire_attrs a;
	struct seen s = {.path = p, .prefix = prefix, .to = to, .who = w->peers[to].who};

	rib_attrset_view(p->attrs, &a);
	s.h = (struct heard){.there = true,
		.source = who_said(&a),
		.origin = (uint8_t)(wire_aspath_origin(a.as_path) - 1000),
		.len = (uint8_t)wire_aspath_length(a.as_path),
		.med = wire_attrs_has(&a, WIRE_ATTR_MED) ? a.med + 1 : 0};
	s.no_advertise = wire_comm_has(a.communities, WIRE_COMM_NO_ADVERTISE);
	for (unsigned m = 0; m < MARKS; m++)
		if (wire_comm_has(a.communities, OURS << 16 | (m + 1)))
			s.h.marks |= (uint16_t)(1u << m);
	return s;
}

static bool rule_matches(const struct rule *r, const struct seen *s)
{
	bool yes = true;

	if (r->match == MARK)
		yes = s->h.marks >> r->value & 1;
	else if (r->match == LOW_PREFIX)
		yes = s->prefix < 8;
	else if (r->match == ORIGIN)
		yes = s->h.origin == r->value;
	else if (r->match == TO_AS)
		yes = s->who == r->value;
	return r->match == ANY || yes != r->negate;
}

static void rule_edits(const struct rule *r, struct seen *s)
{
	if (r->edit == ADD)
		s->h.marks |= (uint16_t)(1u << r->number);
	else if (r->edit == ADD_AS)
		s->h.marks |= 1u << (MARKS_ALL - 1);
	else if (r->edit == DELETE)
		s->h.marks &= (uint16_t) ~(1u << r->number);
	else if (r->edit == PREPEND)
		s->hops += r->number;
	else if (r->edit == MED) {
		s->h.med = r->number + 1;
		s->med_said = true;
	} else if (r->edit == HOP)
		s->hop_said = true;
}

static bool policy_passes(const struct policy *p, struct seen *s)
{
	for (unsigned i = 0; i < p->n; i++) {
		const struct rule *r = &p->rules[i];
		if (!rule_matches(r, s))
			continue;
		rule_edits(r, s);
		if (r->action != POL_NEXT_RULE)
			return r->action == POL_ACCEPT_ROUTE;
	}
	return p->accept;
}

/* What receiver `to` gets of the path, if it may have it: its own are left out elsewhere. */
static bool passes(const struct world *w, struct seen *s)
{
	const struct receiver *r = &w->peers[s->to];
	const struct chain *c = r->chain < 0 ? NULL : &w->chains[r->chain];

	if (s->no_advertise && w->kind != RS)
		return false;
	if (is_vpn(w) && !(r->wants >> (s->h.origin % 2) & 1))
		return false;
	for (unsigned k = 0; c && k < c->n; k++)
		if (!policy_passes(&c->policies[k], s))
			return false;
	if (w->kind == EBGP && !s->med_said)
		s->h.med = 0;
	s->h.hop_said = s->hop_said;
	s->h.len = (uint8_t)(s->h.len + s->hops + (w->kind == EBGP));
	return true;
}

static bool loses_to(
	const struct world *w, const struct rib_path *a, const struct rib_path *b, bool meds)
{
	const struct rib_attrset *x = a->attrs, *y = b->attrs;

	if (x->local_pref != y->local_pref)
		return y->local_pref > x->local_pref;
	if (x->as_path_len != y->as_path_len)
		return y->as_path_len < x->as_path_len;
	if (meds)
		return x->neighbour_as == y->neighbour_as && y->med < x->med;
	if (a->source != b->source)
		return source_peer(w, b->source) < source_peer(w, a->source);
	return b->id < a->id;
}

/* Number of the best: MED takes out first, then what is behind it decides. */
static unsigned best_of(const struct world *w, const struct rib_path **list, unsigned n)
{
	unsigned best = n;

	for (unsigned i = 0; i < n; i++) {
		bool out = false;
		for (unsigned k = 0; k < n; k++)
			out |= loses_to(w, list[i], list[k], true);
		if (!out && (best == n || loses_to(w, list[best], list[i], false)))
			best = i;
	}
	CHECK(best < n);
	return best;
}

static unsigned ordered(const struct world *w, uint32_t dest, const struct rib_path **out)
{
	const struct rib_path *list[PEERS * PATHS];
	unsigned n = 0, at = 0;

	for (const struct rib_path *p = rib_dest_paths(w->t, dest); p; p = rib_path_next(w->t, p))
		if (!(p->flags & RIB_PATH_GONE))
			list[n++] = p;
	while (n > 0) {
		unsigned best = best_of(w, list, n);
		out[at++] = list[best];
		list[best] = list[--n];
	}
	return at;
}

/* What receiver `to` must hold of the prefix; how many. */
static unsigned expect(const struct world *w, unsigned to, unsigned prefix, struct heard *out)
{
	const struct rib_path *list[PEERS * PATHS];
	struct wire_nlri nlri = test_nlri(0, 0x0a000000 + (prefix << 8), 24);
	const struct receiver *r = &w->peers[to];
	uint32_t dest = rib_table_find(w->t, &nlri);
	unsigned n = dest ? ordered(w, dest, list) : 0, passed = 0, told = 0, most = w->add_path;
	bool choose = !most && r->chain >= 0;

	for (unsigned i = 0; i < n; i++) {
		struct seen s = seen_of(w, list[i], prefix, to);
		bool own = list[i]->source == r->source;
		if (!most && !choose && i > 0)
			break; /* without a chain: the best of the table or nothing */
		if (!passes(w, &s))
			continue;
		if (most && most != UINT8_MAX && passed++ == most)
			break;
		if (own)
			continue;
		out[told++] = s.h;
		if (choose)
			break;
	}
	return told;
}

/* --- receivers --- */

static unsigned prefix_index(const struct wire_nlri *n)
{
	return (ip_addr_get_v4(&n->prefix.addr) - 0x0a000000) >> 8;
}

static struct heard heard_of(const struct world *w, unsigned to, const struct wire_attrs *a)
{
	struct heard h = {.there = true,
		.source = who_said(a),
		.origin = (uint8_t)(wire_aspath_origin(a->as_path) - 1000),
		.len = (uint8_t)wire_aspath_length(a->as_path),
		.hop_said = ip_addr_get_v4(&a->next_hop) == HOP_SAID,
		.med = wire_attrs_has(a, WIRE_ATTR_MED) ? a->med + 1 : 0};

	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		for (unsigned i = 0; i < a->communities.len / 4u; i++) {
			uint32_t c = wire_comm_at(a->communities, i);
			if (c == WIRE_COMM_NO_ADVERTISE)
				continue;
			cr_assert_eq(c >> 16, OURS);
			c &= 0xffff;
			h.marks |= (uint16_t)(1u << (c >= AS_BASE ? MARKS_ALL - 1 : c - 1));
			cr_assert(c < AS_BASE || c == AS_BASE + w->peers[to].who);
		}
	return h;
}

static void hear_list(struct world *w, unsigned to, const struct wire_update *u,
	const struct wire_nlris *l, bool gone)
{
	struct rbuf b = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;

	while (l->count && rbuf_left(&b)) {
		cr_assert(wire_nlri_get(
			&b, &(struct wire_nlri_form){l->family, gone, l->add_path}, &n, &fault));
		cr_assert_lt(n.path_id, IDS);
		struct heard *h = &w->peers[to].has[prefix_index(&n)][n.path_id];
		*h = gone ? (struct heard){0} : heard_of(w, to, &u->attrs);
		cr_assert(gone || h->source != w->peers[to].who,
			"kind %d add-path %u receiver %u (chain %d) is told its own, prefix %u",
			w->kind, w->add_path, to, w->peers[to].chain, prefix_index(&n));
	}
}

static void hear(void *arg, uint32_t peer, struct out_block *block)
{
	struct world *w = arg;
	const uint8_t *p = block->data, *end = p + block->len;
	struct wire_ctx ctx = w->ctx;

	ctx.add_path_rx = w->ctx.add_path_tx;
	cr_assert(w->peers[peer].up && !w->peers[peer].silent);
	while (p < end) {
		struct wire_fault fault;
		struct wire_msg m;
		struct wire_update u;
		struct arena arena;
		int n = wire_msg_split(p, (size_t)(end - p), w->ctx.msg_max, &m, &fault);
		cr_assert_gt(n, 0);
		p += n;
		arena_init(&arena, 65536);
		cr_assert_eq(wire_update_get(m.body, m.body_len, &ctx, &arena, &u), WIRE_OK);
		hear_list(w, peer, &u, &u.unreach[is_vpn(w)], true);
		hear_list(w, peer, &u, &u.reach[is_vpn(w)], false);
		arena_fini(&arena);
	}
}

static int heard_cmp(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct heard));
}

static void check_prefix(const struct world *w, unsigned to, unsigned prefix, uint32_t *count)
{
	struct heard want[PEERS * PATHS], got[IDS];
	unsigned n_want, n_got = 0;

	memset(want, 0, sizeof(want));
	n_want = expect(w, to, prefix, want);
	for (unsigned id = 0; id < IDS; id++)
		if (w->peers[to].has[prefix][id].there)
			got[n_got++] = w->peers[to].has[prefix][id];
	*count += n_got;
	qsort(want, n_want, sizeof(want[0]), heard_cmp);
	qsort(got, n_got, sizeof(got[0]), heard_cmp);
	cr_assert_eq(n_got, n_want,
		"kind %d add-path %u receiver %u (chain %d) prefix %u: has %u, want %u", w->kind,
		w->add_path, to, w->peers[to].chain, prefix, n_got, n_want);
	for (unsigned i = 0; i < n_got; i++)
		cr_assert(heard_cmp(&got[i], &want[i]) == 0,
			"kind %d add-path %u receiver %u (chain %d) prefix %u: source %u len %u "
			"marks %x med "
			"%u hop %u, want %u %u %x %u %u",
			w->kind, w->add_path, to, w->peers[to].chain, prefix, got[i].source,
			got[i].len, got[i].marks, got[i].med, got[i].hop_said, want[i].source,
			want[i].len, want[i].marks, want[i].med, want[i].hop_said);
}

static void check(const struct world *w)
{
	for (unsigned to = 0; to < PEERS; to++) {
		uint32_t count = 0;
		if (!w->peers[to].up || w->peers[to].silent)
			continue;
		for (unsigned p = 0; p < PREFIXES; p++)
			check_prefix(w, to, p, &count);
		cr_assert_eq(out_set_count(&w->set, to, w->t->family), count,
			"kind %d add-path %u receiver %u (chain %d): %u counted, %u told", w->kind,
			w->add_path, to, w->peers[to].chain,
			out_set_count(&w->set, to, w->t->family), count);
	}
}

/* --- what happens --- */

static struct out_view view(struct world *w, unsigned i)
{
	struct pol_receiver to =
		pol_receiver_of(w->t->family, RIB_VRF_CORE, &w->ctx, ip_addr_v4(SELF));
	struct ip_addr addr = ip_addr_v4(i + 1);

	to.reflects = to.reflector_client = is_vpn(w);
	to.route_server_client = w->kind == RS;
	struct out_view v = out_view_of(w->t->family, &w->ctx, &to);
	v.add_path = w->add_path;
	if (w->peers[i].chain >= 0)
		out_view_set_chain(
			&v, &w->chains[w->peers[i].chain].chain, AS_BASE + w->peers[i].who, &addr);
	return v;
}

static void source_new(struct world *w, unsigned i)
{
	struct receiver *r = &w->peers[i];

	r->source = test_peer(w->st, RIB_VRF_CORE, i + 1, i + 1, !is_vpn(w));
	r->who = (uint8_t)((r->who + PEERS) % (PEERS * WHOS));
}

static void filter(struct world *w, unsigned i)
{
	struct out_rt rt = {.rt = test_rt(roll(w, 2)), .bits = 64};
	bool all = roll(w, 2);

	if (!is_vpn(w))
		return;
	w->peers[i].wants = all ? 3 : 1u << (rt.rt & 1);
	out_set_filter(&w->set, i, all ? NULL : &(struct out_rtfilter){.list = &rt, .n = 1});
}

static void work_all(struct world *w);

/* Who takes over routes (RFC 4724 4.2) comes later than what was collected waits. */
static void peer_up(struct world *w, unsigned i)
{
	struct receiver *r = &w->peers[i];

	if (r->source == RIB_SOURCE_NONE)
		source_new(w, i);
	else
		work_all(w);
	*r = (struct receiver){.up = true,
		.wants = 3,
		.source = r->source,
		.who = r->who,
		.chain = (int)roll(w, CHAINS + 1) - 1};
	struct out_view v = view(w, i);
	out_set_join(&w->set, w->t, &v, i, r->source);
	if (roll(w, 2))
		filter(w, i);
}

static void peer_down(struct world *w, unsigned i)
{
	w->peers[i].up = w->peers[i].silent = false;
	out_set_leave(&w->set, i);
	if (roll(w, 2))
		return; /* its routes stay */
	rib_source_down(w->st, w->peers[i].source);
	w->peers[i].source = RIB_SOURCE_NONE;
}

static void announce(struct world *w, unsigned i)
{
	struct wire_nlri n = test_nlri(0, 0x0a000000 + (roll(w, PREFIXES) << 8), 24);
	struct rib_route r = {.source = w->peers[i].source,
		.id = roll(w, PATHS),
		.label = is_vpn(w) ? 100 + roll(w, 2) : WIRE_LABEL_NONE};
	unsigned origin = roll(w, MARKS), longer = roll(w, 2);
	/* neighbouring AS are shared in twos, lest MED has nothing to do; who it is says the one before the last */
	uint32_t path[] = {65400 + i / 2, 65300, AS_BASE + w->peers[i].who, 1000 + origin};
	struct test_attrs a;

	if (!longer)
		path[1] = path[2], path[2] = path[3];
	test_attrs_init(&a, 0xc0a80102, path, 3 + longer);
	test_attrs_local_pref(&a, 100 + roll(w, 2));
	if (roll(w, 2))
		test_attrs_med(&a, roll(w, 3));
	for (unsigned m = 0; m < MARKS - 1; m++)
		if (roll(w, 3) == 0)
			test_attrs_community(&a, OURS << 16 | (m + 1));
	if (roll(w, 8) == 0) /* for nobody but a route server's clients */
		test_attrs_community(&a, WIRE_COMM_NO_ADVERTISE);
	test_attrs_ext(&a, test_rt(origin % 2));
	if (roll(w, 3) == 0) {
		rib_table_del(w->t, &n, &r);
		return;
	}
	r.attrs = rib_store_get_attrs(w->st, &a.a);
	rib_table_add(w->t, &n, &r);
	rib_store_unref_attrs(w->st, r.attrs);
}

static void pause(struct world *w, unsigned i)
{
	unsigned none = 0;

	w->peers[i].silent ^= true;
	if (!w->peers[i].silent) {
		out_set_resume(&w->set, i);
		return;
	}
	w->peers[i].silent = false;
	out_set_pause(&w->set, i);
	out_set_work(&w->set, &none, hear, w);
	w->peers[i].silent = true;
}

static void rechain(struct world *w, unsigned i)
{
	w->peers[i].chain = (int)roll(w, CHAINS + 1) - 1;
	struct out_view v = view(w, i);
	out_set_view(&w->set, &v, i);
}

static void step(struct world *w)
{
	unsigned i = roll(w, PEERS), what = roll(w, 60);
	struct receiver *r = &w->peers[i];

	if (!r->up && what < 12)
		peer_up(w, i);
	else if (r->up && what == 0)
		peer_down(w, i);
	else if (r->up && what == 1)
		cr_assert(out_set_refresh(&w->set, i, w->t->family));
	else if (r->up && what == 2)
		filter(w, i);
	else if (r->up && what == 3)
		rechain(w, i);
	else if (r->up && what < 7)
		pause(w, i);
	else if (r->source != RIB_SOURCE_NONE)
		announce(w, i); /* also without a session: stale routes */
}

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
	if (!roll(w, 3))
		return true;
	left = budget;
	out_set_now(&w->set, w->set.now_ms + roll(w, 100));
	return out_set_work(&w->set, &left, hear, w) || rib_store_has_work(w->st);
}

static void work_all(struct world *w)
{
	while (work_some(w, 50))
		;
	out_set_now(&w->set, w->set.now_ms + 1000);
	while (work_some(w, 50))
		;
}

static void world_init(struct world *w, uint64_t seed, enum kind kind, uint8_t add_path)
{
	enum wire_family f = kind == IBGP_VPN ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;

	*w = (struct world){.kind = kind,
		.add_path = add_path,
		.rng = seed * 2654435761u + 1,
		.st = rib_store_new(seed)};
	w->ctx = (struct wire_ctx){.as4 = true,
		.ebgp = kind != IBGP_VPN,
		.families = WIRE_FAMILY_BIT(f),
		.msg_max = 4096,
		.local_as = OURS,
		.peer_as = kind == IBGP_VPN ? OURS : AS_BASE,
		.add_path_tx = add_path ? WIRE_FAMILY_BIT(f) : 0};
	arena_init(&w->arena, 1 << 20);
	w->t = rib_table_new(w->st, f, RIB_VRF_CORE);
	out_set_init(&w->set, w->st);
	for (unsigned i = 0; i < PEERS; i++)
		w->peers[i] = (struct receiver){
			.source = RIB_SOURCE_NONE, .who = (uint8_t)(i + PEERS * (WHOS - 1))};
	for (unsigned i = 0; i < CHAINS; i++)
		chain_make(w, &w->chains[i]);
}

static void world_fini(struct world *w)
{
	out_set_fini(&w->set);
	rib_store_free(w->st);
	arena_fini(&w->arena);
}

static void run(struct world *w)
{
	for (unsigned i = 0; i < 1200; i++) {
		step(w);
		if (roll(w, 4) == 0)
			work_some(w, roll(w, 20));
		if (i % 100 != 99)
			continue;
		work_all(w);
		check(w);
	}
	for (unsigned i = 0; i < PEERS; i++)
		if (w->peers[i].up && w->peers[i].silent)
			pause(w, i);
	work_all(w);
	check(w);
}

Test(choice, every_receiver_ends_with_what_its_own_table_would_say)
{
	static const uint8_t add_path[] = {0, 0, 0, 2, UINT8_MAX};
	static struct world w;

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		world_init(&w, seed, seed % KINDS, add_path[seed / KINDS % ARRAY_LEN(add_path)]);
		run(&w);
		world_fini(&w);
	}
}

/*
 * Whole routers against the naive reference (tests/support/refrouter.h): random topologies, policies and churn. When
 * nothing is under way any more, every path in every table, every choice among them and every route that a neighbour
 * holds is what the reference makes of what stands before it.
 *
 *   routers   struct router each, in up to three AS; sessions between any two of them: eBGP, iBGP, reflector and client
 *   stubs     neighbours that the test plays in octets: they announce, withdraw, and remember what they are told
 *
 * reference_test        all seeds        reference_test SEED        one, told
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"
#include "lib/check.h"
#include "tests/sim/refnet.h"

#define SEEDS  500
#define ROUNDS 16

static const struct rib_table *table_of(const struct node *n, unsigned key)
{
	return key >= VPN_KEY ? n->router->vrfs.vpn : n->router->core_ipv4;
}

static void route_get(const struct rib_path *p, unsigned key, unsigned from, struct ref_route *out)
{
	struct wire_attrs a;

	memset(out, 0, sizeof(*out));
	rib_attrset_view(p->attrs, &a);
	CHECK(ref_attrs_get(&a, &out->a));
	out->from = from;
	out->labelled = key >= VPN_KEY;
	out->label = out->labelled ? p->label : REF_NO_LABEL;
}

static int neighbour_of_source(const struct node *n, uint16_t source)
{
	for (unsigned i = 0; i < n->ref.n; i++)
		if (n->router->peers[i].source == source)
			return (int)i;
	return -1;
}

/* What stands in a router's table, by neighbour; -1 in *best if it has no best. False: something is there from nobody. */
static bool table_read(const struct node *n, unsigned key, struct ref_route routes[REF_NEIGHBOURS],
	unsigned *count, int *best)
{
	const struct rib_table *t = table_of(n, key);
	struct wire_nlri nlri = refnet_nlri(key, 0);
	uint32_t dest = rib_table_find(t, &nlri);
	const struct rib_path *chosen = dest ? rib_dest_best(t, dest) : NULL;

	*count = 0;
	*best = -1;
	for (const struct rib_path *p = dest ? rib_dest_paths(t, dest) : NULL; p;
		p = rib_path_next(t, p)) {
		int from = neighbour_of_source(n, p->source);
		if (p->flags & RIB_PATH_GONE || from < 0 || *count == REF_NEIGHBOURS)
			return false;
		if (p == chosen)
			*best = (int)*count;
		route_get(p, key, (unsigned)from, &routes[(*count)++]);
	}
	return true;
}

/*
 * Without a policy the neighbour is told the best route or nothing; with one the best of those that it may be told (RFC 7947 2.3): what is
 * best is taken out until one of them may.
 */
static bool expect_told(const struct ref_router *r, struct ref_route *routes, unsigned count,
	int best, unsigned to, struct ref_route *out)
{
	bool chooses = r->neighbours[to].policy.on;

	while (best >= 0) {
		out->label = routes[best].label;
		if (ref_export(r, &routes[best], to, &out->a))
			return true;
		memset(&out->a, 0, sizeof(out->a));
		routes[best] = routes[--count];
		const struct ref_route *next =
			chooses ? ref_decide(r, routes, count, refnet_metric) : NULL;
		best = next ? (int)(next - routes) : -1;
	}
	return false;
}

/* What the reference says neighbour i of router n sends now. */
static bool expect_sent(const struct world *w, const struct node *n, unsigned i, unsigned key,
	struct ref_route *out)
{
	const struct session *s = &w->sessions[n->session_of[i]];
	unsigned far_end = &w->nodes[s->node[0]] == n ? 1 : 0;
	const struct node *far = &w->nodes[s->node[far_end]];
	struct ref_route routes[REF_NEIGHBOURS];
	unsigned count;
	int best;

	memset(out, 0, sizeof(*out));
	out->from = i;
	out->labelled = key >= VPN_KEY;
	if (!s->up)
		return false;
	if (far->stub) {
		out->a = far->said[key].a;
		out->label = out->labelled ? far->said[key].label : REF_NO_LABEL;
		return far->said[key].there;
	}
	return table_read(far, key, routes, &count, &best) &&
	       expect_told(&far->ref, routes, count, best, s->neighbour[far_end], out);
}

static bool fail(
	const struct node *n, const struct world *w, unsigned key, const char *what, unsigned i)
{
	printf("  node %u, key %u: %s %u\n", (unsigned)(n - w->nodes), key, what, i);
	return false;
}

static bool check_router(const struct world *w, const struct node *n, unsigned key)
{
	struct ref_route have[REF_NEIGHBOURS], want;
	unsigned count, expected = 0;
	int best;

	if (!table_read(n, key, have, &count, &best))
		return fail(n, w, key, "a path of nobody", 0);
	for (unsigned i = 0; i < n->ref.n; i++) {
		unsigned at = 0;
		if (!expect_sent(w, n, i, key, &want) || !ref_import(&n->ref, &want))
			continue;
		expected++;
		while (at < count && have[at].from != i)
			at++;
		if (at == count)
			return fail(n, w, key, "no path from neighbour", i);
		if (have[at].label != want.label || !ref_attrs_equal(&have[at].a, &want.a))
			return fail(n, w, key, "another path from neighbour", i);
	}
	if (expected != count)
		return fail(n, w, key, "paths too many", count - expected);
	const struct ref_route *choice = ref_decide(&n->ref, have, count, refnet_metric);
	if (choice != (best < 0 ? NULL : &have[best]))
		return fail(n, w, key, "another choice than", choice ? choice->from : 99);
	return true;
}

static bool check_stub(const struct world *w, const struct node *n, unsigned key)
{
	const struct session *s = &w->sessions[n->session_of[0]];
	struct ref_route want;
	bool there = expect_sent(w, n, 0, key, &want);

	if (there != n->held[key].there)
		return fail(n, w, key, there ? "was not told" : "was told", 0);
	if (there &&
		(n->held[key].label != want.label || !ref_attrs_equal(&n->held[key].a, &want.a)))
		return fail(n, w, key, "was told something else by", s->node[0]);
	return true;
}

static bool check(const struct world *w)
{
	bool ok = true;

	for (unsigned i = 0; i < w->n_nodes; i++)
		for (unsigned key = 0; key < KEYS; key++)
			ok &= w->nodes[i].stub ? check_stub(w, &w->nodes[i], key)
					       : check_router(w, &w->nodes[i], key);
	return ok;
}

static void churn(struct world *w)
{
	unsigned i = w->n_routers + refnet_random(w, w->n_nodes - w->n_routers),
		 key = refnet_random(w, KEYS);
	struct node *stub = &w->nodes[i];

	struct session *s = &w->sessions[stub->session_of[0]];
	if (stub->said[key].there && refnet_chance(w, 3))
		memset(&stub->said[key], 0, sizeof(stub->said[key]));
	else if (refnet_chance(w, 2)) /* what somebody else says, in all but the prefix */
		stub->said[key] =
			w->nodes[w->n_routers + refnet_random(w, w->n_nodes - w->n_routers)]
				.said[refnet_random(w, KEYS)];
	else
		refnet_route(
			w, stub, stub->ref.as != w->nodes[s->node[0]].ref.as, &stub->said[key]);
	refnet_say(w, s, key);
}

/* Long after the last round: whoever had to wait before a new session has waited. */
static void sessions_return(struct world *w)
{
	w->now_ms += 100000;
	refnet_timers(w);
	for (unsigned i = 0; i < w->n_sessions; i++)
		if (!w->sessions[i].up && refnet_chance(w, 2))
			refnet_up(w, &w->sessions[i]);
}

static void one_thing(struct world *w)
{
	struct session *s = &w->sessions[refnet_random(w, w->n_sessions)];
	unsigned end = refnet_random(w, 2);

	if (refnet_chance(w, 60) && s->up)
		refnet_down(w, s);
	else if (refnet_chance(w, 3))
		churn(w);
	else if (s->up && s->to[end].len)
		refnet_deliver(w, s, end);
}

static void world_fini(struct world *w)
{
	for (unsigned i = 0; i < w->n_nodes; i++) {
		if (w->nodes[i].stub)
			continue;
		router_free(w->nodes[i].router);
		effects_fini(&w->nodes[i].fx);
		conf_free(w->nodes[i].conf);
	}
	for (unsigned i = 0; i < w->n_sessions; i++) {
		free(w->sessions[i].to[0].octets);
		free(w->sessions[i].to[1].octets);
	}
	arena_fini(&w->arena);
	free(w);
}

enum outcome { SAME, DIFFERENT, ENDLESS };

static enum outcome run_one(uint64_t seed, bool loud)
{
	struct world *w = calloc(1, sizeof(*w));
	enum outcome o = SAME;

	CHECK(w);
	w->rng = seed;
	w->loud = loud;
	w->now_ms = 1000;
	arena_init(&w->arena, 1 << 16);
	refnet_make(w);
	for (unsigned i = 0; i < w->n_routers; i++)
		refnet_start(w, &w->nodes[i]);
	for (unsigned i = 0; i < ROUNDS && o == SAME; i++) {
		sessions_return(w);
		for (unsigned k = refnet_random(w, 200); k > 0; k--)
			one_thing(w);
		o = !refnet_settle(w) ? w->broken ? DIFFERENT : ENDLESS
		    : check(w)	      ? SAME
				      : DIFFERENT;
		if (o == DIFFERENT)
			printf("FAIL reference: seed %llu round %u%s\n", (unsigned long long)seed,
				i, w->broken ? ", a session was ended" : "");
	}
	world_fini(w);
	return o;
}

int main(int argc, char **argv)
{
	unsigned count[3] = {0};

	if (argc == 2)
		return run_one(strtoull(argv[1], NULL, 10), true) == DIFFERENT;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		count[run_one(seed, false)]++;
	printf("%u passed, %u failed, %u skipped\n", count[SAME], count[DIFFERENT], count[ENDLESS]);
	return count[DIFFERENT] != 0;
}

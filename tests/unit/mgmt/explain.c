/* /v1/bgp/explain of a route server: who lost at what, what the import chain says, who was told. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/handle.h"
#include "bgpd/policy/program.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/set.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: nine}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: eight}\n"
	"  - {address: 10.0.0.7, local-address: 10.0.0.1, as: 65007, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: seven}\n"
	"  - {address: 10.0.0.6, local-address: 10.0.0.1, as: 65006, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: six}\n";

enum { NINE, EIGHT, SEVEN };
#define WRONG 64666

struct world {
	struct bare b;
	struct arena arena;
	struct pol_term as;
	struct pol_rule rules[2];
	struct pol_program program;
	const struct pol_program *list[1];
};

/* The program rejects what came through AS 64666: of nine, where it is kept, or towards eight. Six has no session. */
static void start_as(struct world *w, bool exports)
{
	arena_init(&w->arena, 65536);
	w->as = (struct pol_term){
		POL_TERM_AS_PATH, .set = pol_set_new_numbers(&w->arena, "wrong",
					  &(struct pol_set_range){WRONG, WRONG}, 1)};
	w->rules[0] = (struct pol_rule){
		"bogon-as", &w->as, 1, .action = POL_REJECT_ROUTE, .reason = POL_REJECT_BOGON_AS};
	w->rules[1] = (struct pol_rule){"rest", .action = POL_ACCEPT_ROUTE};
	w->program = (struct pol_program){"from-nine", w->rules, 2};
	w->list[0] = &w->program;
	bare_open(&w->b, yaml, 1);
	if (exports)
		w->b.conf->peers[EIGHT].export_chain = (struct pol_chain){w->list, 1};
	else
		w->b.conf->peers[NINE].import_chain = (struct pol_chain){w->list, 1};
	w->b.conf->peers[NINE].keep_rejected = true;
	bare_step(&w->b, &(struct event){.kind = EV_START});
	for (unsigned p = NINE; p <= SEVEN; p++)
		bare_up(&w->b, p);
	bare_set_reachable(&w->b, true);
}

static void start(struct world *w)
{
	start_as(w, false);
}

static void end(struct world *w)
{
	bare_fini(&w->b);
	arena_fini(&w->arena);
}

/* The path is the neighbour's AS, then 64500 so many times, or `through` once. */
static void announce(struct world *w, unsigned peer, unsigned more, uint32_t through)
{
	uint32_t path[4] = {65009 - peer, through, through, through};
	struct test_attrs a;

	test_attrs_init(&a, 0x0a000009 - peer, path, 1 + more);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	a.a.present &= ~WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	bare_route(&w->b, peer, 0, 4, WIRE_LABEL_NONE, &a.a);
}

static json_t *explain(struct world *w, const char *query)
{
	struct mgmt_answer a = mgmt_handle(w->b.router, w->b.now_ms, "/v1/bgp/explain", query);

	cr_assert_eq(a.status, 200);
	return a.body;
}

static const json_t *candidate(const json_t *answer, size_t i)
{
	const json_t *table = json_array_get(json_object_get(answer, "tables"), 0);

	return json_array_get(json_object_get(table, "candidates"), i);
}

static const char *string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static const json_t *neighbor(const json_t *answer, size_t i)
{
	const json_t *table = json_array_get(json_object_get(answer, "tables"), 0);

	return json_array_get(json_object_get(table, "neighbors"), i);
}

Test(explain, candidates_stand_in_order_and_say_what_they_lost_at)
{
	static struct world w;

	start(&w);
	announce(&w, NINE, 2, 64500);
	announce(&w, EIGHT, 0, 0);
	announce(&w, SEVEN, 1, 64500);
	json_t *a = explain(&w, "prefix=10.0.4.0/24");
	cr_assert_str_eq(string(candidate(a, 0), "from"), "eight");
	cr_assert(json_is_null(json_object_get(candidate(a, 0), "lost")));
	cr_assert_str_eq(string(candidate(a, 1), "from"), "seven");
	cr_assert_str_eq(string(json_object_get(candidate(a, 1), "lost"), "text"),
		"lost to eight at AS path length: 2 against 1");
	cr_assert_str_eq(string(json_object_get(candidate(a, 2), "lost"), "text"),
		"lost to eight at AS path length: 3 against 1");
	cr_assert_null(candidate(a, 3));
	json_decref(a);
	end(&w);
}

/* MED counts within a neighbouring AS only. */
Test(explain, med_of_another_as_is_not_what_a_path_lost_at)
{
	static struct world w;
	struct test_attrs a;

	start(&w);
	announce(&w, EIGHT, 1, 64500);
	for (unsigned peer = NINE; peer <= SEVEN; peer += SEVEN - NINE) {
		test_attrs_init(&a, 0x0a000009 - peer, (uint32_t[]){65009 - peer, 64500}, 2);
		a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED);
		a.a.med = 7;
		bare_route(&w.b, peer, 0, 4, WIRE_LABEL_NONE, &a.a);
	}
	json_t *all = explain(&w, "prefix=10.0.4.0/24");
	for (size_t i = 1; i < 3; i++) {
		const json_t *lost = json_object_get(candidate(all, i), "lost");
		cr_assert_str_neq(string(lost, "step"), "MED", "each of its own AS");
		cr_assert_str_eq(string(lost, "to"), string(candidate(all, 0), "from"));
	}
	json_decref(all);
	end(&w);
}

Test(explain, who_cannot_be_reached_stands_behind_and_says_so)
{
	static struct world w;

	start(&w);
	bare_set_reachable(&w.b, false);
	announce(&w, EIGHT, 0, 0);
	json_t *a = explain(&w, "prefix=10.0.4.0/24");
	cr_assert_str_eq(string(json_object_get(candidate(a, 0), "lost"), "text"),
		"next hop 10.0.0.8 does not resolve");
	cr_assert_str_eq(string(neighbor(a, NINE), "why"), "no usable path");
	json_decref(a);
	end(&w);
}

Test(explain, neighbors_say_what_they_were_told_or_why_not)
{
	static struct world w;

	start(&w);
	announce(&w, EIGHT, 0, 0);
	json_t *a = explain(&w, "prefix=10.0.4.0/24");
	cr_assert(json_is_true(json_object_get(neighbor(a, NINE), "told")));
	cr_assert_str_eq(
		string(json_array_get(json_object_get(neighbor(a, NINE), "paths"), 0), "from"),
		"eight");
	cr_assert(json_is_false(json_object_get(neighbor(a, EIGHT), "told")));
	cr_assert_str_eq(string(neighbor(a, EIGHT), "why"), "its own route");
	cr_assert_str_eq(string(neighbor(a, 3), "why"), "no session (Active)");
	cr_assert_null(neighbor(a, 4));
	json_decref(a);
	end(&w);
}

/* What is best is kept from eight, and it has the next. */
Test(explain, export_policies_say_what_they_keep_and_edit)
{
	static struct world w;
	const struct pol_edit med = {.kind = POL_EDIT_MED, .number = 7};

	start_as(&w, true);
	w.rules[1].edits = &med;
	w.rules[1].n_edits = 1;
	announce(&w, NINE, 1, WRONG);
	announce(&w, SEVEN, 2, 64500);
	json_t *a = explain(&w, "prefix=10.0.4.0/24");
	const json_t *eight = neighbor(a, EIGHT);
	const json_t *path = json_array_get(json_object_get(eight, "paths"), 0);
	const json_t *kept = json_array_get(json_object_get(eight, "kept"), 0);
	cr_assert_str_eq(string(path, "from"), "seven");
	cr_assert(json_is_true(json_object_get(path, "edited")));
	cr_assert_eq(json_array_size(json_object_get(eight, "kept")), 1);
	cr_assert_str_eq(string(kept, "from"), "nine");
	cr_assert_str_eq(string(kept, "policy"), "from-nine");
	cr_assert_str_eq(string(kept, "rule"), "bogon-as");
	json_decref(a);
	end(&w);
}

Test(explain, a_rejected_route_shows_the_rule)
{
	static struct world w;

	start(&w);
	announce(&w, NINE, 1, WRONG);
	announce(&w, EIGHT, 1, 64500);
	json_t *a = explain(&w, "prefix=10.0.4.0/24");
	const json_t *chain = json_object_get(candidate(a, 1), "import_chain");
	const json_t *rules =
		json_object_get(json_array_get(json_object_get(chain, "programs"), 0), "rules");
	cr_assert_str_eq(string(candidate(a, 1), "from"), "nine", "rejected ones last");
	cr_assert_str_eq(string(json_object_get(candidate(a, 1), "lost"), "text"),
		"rejected on import: bogon-as (65000:1101:4), by policy from-nine, rule bogon-as");
	cr_assert_str_eq(string(candidate(a, 1), "rejected"), "bogon-as");
	cr_assert_str_eq(string(candidate(a, 1), "reject_community"), "65000:1101:4");
	cr_assert_str_eq(string(candidate(a, 1), "policy"), "from-nine");
	cr_assert_str_eq(string(candidate(a, 1), "rule"), "bogon-as");
	cr_assert_str_eq(string(candidate(a, 1), "large_communities"), "65000:1101:4");
	cr_assert_str_eq(string(candidate(a, 0), "large_communities"), "", "the one that passed");
	cr_assert_null(json_object_get(candidate(a, 0), "reject_community"));
	cr_assert(json_is_false(json_object_get(chain, "accept")));
	cr_assert_str_eq(string(chain, "reason"), "bogon-as");
	cr_assert_eq(json_array_size(rules), 1, "the first that matches ends it");
	cr_assert_str_eq(string(json_array_get(rules, 0), "action"), "reject");
	json_decref(a);
	/* the same of one that passes: the rule that did not match says at which term */
	announce(&w, NINE, 0, 0);
	a = explain(&w, "prefix=10.0.4.0/24");
	chain = json_object_get(candidate(a, 0), "import_chain");
	rules = json_object_get(json_array_get(json_object_get(chain, "programs"), 0), "rules");
	cr_assert_str_eq(string(candidate(a, 0), "from"), "nine");
	cr_assert(json_is_true(json_object_get(chain, "accept")));
	cr_assert_not_null(strstr(string(json_array_get(rules, 0), "failed"), "wrong"));
	cr_assert(json_is_true(json_object_get(json_array_get(rules, 1), "matched")));
	json_decref(a);
	end(&w);
}

Test(explain, what_is_not_there_is_covered_by_the_longest)
{
	static struct world w;

	start(&w);
	announce(&w, EIGHT, 0, 0);
	json_t *a = explain(&w, "prefix=10.0.4.128/25");
	cr_assert(json_is_false(json_object_get(a, "found")));
	cr_assert_str_eq(string(a, "covering"), "10.0.4.0/24");
	json_decref(a);
	a = explain(&w, "prefix=10.0.5.0/24");
	cr_assert(json_is_null(json_object_get(a, "covering")));
	json_decref(a);
	end(&w);
}

/* Programs: each kind of term both ways, each kind of edit, and who decides. */
#include "bgpd/policy/program.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "bgpd/policy/edit.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/set.h"
#include "bgpd/policy/term.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define NEIGHBOR_AS   65101
#define NEIGHBOR_ADDR 0xc0000202u /* 192.0.2.2 */
#define ORIGIN_AS     64500

static struct arena *memory(void)
{
	static struct arena arena;

	arena_fini(&arena);
	arena_init(&arena, 1 << 20);
	return &arena;
}

/* 198.51.100.0/24, AS_PATH 65101 64496 64500, communities 65000:7, MED 5, LOCAL_PREF absent. */
struct world {
	struct test_attrs t;
	struct wire_nlri nlri;
	struct pol_subject s;
	struct arena *arena;
};

static void world_init(struct world *w)
{
	static const uint32_t path[] = {NEIGHBOR_AS, 64496, ORIGIN_AS};

	*w = (struct world){.arena = memory()};
	test_attrs_init(&w->t, NEIGHBOR_ADDR, path, 3);
	test_put32(w->t.communities, 65000u << 16 | 7);
	w->t.a.communities = (struct wire_span){w->t.communities, 4};
	w->t.a.med = 5;
	w->t.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES) | WIRE_ATTR_BIT(WIRE_ATTR_MED);
	cr_assert(ip_prefix_parse("198.51.100.0/24", &w->nlri.prefix, NULL));
	w->s = (struct pol_subject){.family = WIRE_IPV4_UNICAST,
		.nlri = &w->nlri,
		.neighbor_as = NEIGHBOR_AS,
		.local_as = 65000,
		.neighbor = ip_addr_v4(NEIGHBOR_ADDR),
		.rov = POL_ROV_INVALID,
		.aspa = POL_ASPA_VALID};
}

static const struct pol_set *as_set(struct arena *a, uint32_t as)
{
	return pol_set_new_numbers(a, "numbers", &(struct pol_set_range){as, as}, 1);
}

static const struct pol_set *prefix_set(struct arena *a, const char *text)
{
	struct pol_set_prefix e;

	cr_assert(ip_prefix_parse(text, &e.prefix, NULL));
	e.from = e.prefix.len;
	e.to = 32;
	return pol_set_new_prefixes(a, "prefixes", &e, 1);
}

static const struct pol_set *community_set(struct arena *a, uint32_t community)
{
	struct pol_set_community c = {.len = 4, .mask = {0xff, 0xff, 0xff, 0xff}};

	test_put32(c.value, community);
	return pol_set_new_communities(a, "communities", &c, 1);
}

/* What holds of the world, and what does not: a row a kind of term. */
Test(program, each_term_both_ways)
{
	struct world w;
	struct arena *a;

	world_init(&w);
	a = w.arena;
	const struct {
		struct pol_term yes, no;
	} rows[] = {
		{{POL_TERM_PREFIX, .set = prefix_set(a, "198.51.100.0/23")},
			{POL_TERM_PREFIX, .set = prefix_set(a, "198.51.102.0/23")}},
		{{POL_TERM_LENGTH, .from = 8, .to = 24}, {POL_TERM_LENGTH, .from = 25, .to = 32}},
		{{POL_TERM_FAMILY, .from = WIRE_IPV4_UNICAST},
			{POL_TERM_FAMILY, .from = WIRE_VPNV4}},
		{{POL_TERM_NEIGHBOR_AS, .set = as_set(a, NEIGHBOR_AS)},
			{POL_TERM_NEIGHBOR_AS, .set = as_set(a, 64496)}},
		{{POL_TERM_NEIGHBOR, .set = prefix_set(a, "192.0.2.0/24")},
			{POL_TERM_NEIGHBOR, .set = prefix_set(a, "192.0.2.1/32")}},
		{{POL_TERM_ORIGIN_AS, .set = as_set(a, ORIGIN_AS)},
			{POL_TERM_ORIGIN_AS, .set = as_set(a, NEIGHBOR_AS)}},
		{{POL_TERM_FIRST_AS, .set = as_set(a, NEIGHBOR_AS)},
			{POL_TERM_FIRST_AS, .set = as_set(a, ORIGIN_AS)}},
		{{POL_TERM_FIRST_AS_IS_NEIGHBOR}, {POL_TERM_FIRST_AS_IS_NEIGHBOR, .negate = true}},
		{{POL_TERM_AS_PATH, .set = as_set(a, 64496)},
			{POL_TERM_AS_PATH, .set = as_set(a, 1)}},
		{{POL_TERM_AS_PATH_LENGTH, .from = 3, .to = 3},
			{POL_TERM_AS_PATH_LENGTH, .from = 4, .to = 9}},
		{{POL_TERM_COMMUNITY, .set = community_set(a, 65000u << 16 | 7)},
			{POL_TERM_COMMUNITY, .set = community_set(a, 65000u << 16 | 8)}},
		{{POL_TERM_COMMUNITY_COUNT, .from = 1, .to = 1},
			{POL_TERM_COMMUNITY_COUNT, .from = 2, .to = 99}},
		{{POL_TERM_NEXT_HOP, .set = prefix_set(a, "192.0.2.2/32")},
			{POL_TERM_NEXT_HOP, .set = prefix_set(a, "192.0.2.3/32")}},
		{{POL_TERM_NEXT_HOP_IS_NEIGHBOR}, {POL_TERM_NEXT_HOP_IS_NEIGHBOR, .negate = true}},
		{{POL_TERM_ROV, .from = POL_ROV_INVALID}, {POL_TERM_ROV, .from = POL_ROV_VALID}},
		{{POL_TERM_ASPA, .from = POL_ASPA_VALID},
			{POL_TERM_ASPA, .from = POL_ASPA_UNKNOWN}},
		{{POL_TERM_LOCAL_PREF, .from = 100, .to = 100},
			{POL_TERM_LOCAL_PREF, .from = 0, .to = 99}},
		{{POL_TERM_MED, .from = 5, .to = 5}, {POL_TERM_MED, .from = 0, .to = 4}},
		{{POL_TERM_ORIGIN, .from = WIRE_ORIGIN_IGP},
			{POL_TERM_ORIGIN, .from = WIRE_ORIGIN_EGP}},
	};

	cr_assert(eq(sz, ARRAY_LEN(rows), POL_TERMS), "a kind of term has no row");
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct pol_term inverse = rows[i].yes;
		char text[80];

		inverse.negate = !inverse.negate;
		pol_term_print(&rows[i].yes, text, sizeof text);
		cr_expect(pol_term_match(&rows[i].yes, &w.s, &w.t.a), "%s", text);
		cr_expect(not(pol_term_match(&inverse, &w.s, &w.t.a)), "not %s", text);
		cr_expect(not(pol_term_match(&rows[i].no, &w.s, &w.t.a)), "the other %s", text);
	}
}

static void expect_path(const struct wire_attrs *a, const char *want)
{
	char text[200];

	cr_expect(eq(str, wire_aspath_print(a->as_path, text, sizeof text), (char *)want));
}

static void expect_communities(const struct wire_attrs *a, const char *want)
{
	char text[200] = "";

	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		wire_comm_print(a->communities, text, sizeof text);
	cr_expect(eq(str, text, (char *)want));
}

static void apply(struct world *w, struct pol_edit e)
{
	cr_assert(pol_edit_apply(&e, &w->s, &w->t.a, w->arena));
}

Test(program, edits)
{
	struct world w;

	world_init(&w);
	apply(&w, (struct pol_edit){POL_EDIT_LOCAL_PREF, .number = 200});
	cr_expect(wire_attrs_has(&w.t.a, WIRE_ATTR_LOCAL_PREF) && w.t.a.local_pref == 200);
	apply(&w, (struct pol_edit){POL_EDIT_MED, .number = 9});
	cr_expect(eq(u32, w.t.a.med, 9));
	apply(&w, (struct pol_edit){POL_EDIT_MED_DEL});
	cr_expect(not(wire_attrs_has(&w.t.a, WIRE_ATTR_MED)));
	apply(&w, (struct pol_edit){POL_EDIT_NEXT_HOP, .addr = ip_addr_v4(0xc0000209)});
	cr_expect(eq(u32, ip_addr_get_v4(&w.t.a.next_hop), 0xc0000209));
}

Test(program, edits_prepend)
{
	struct world w;

	world_init(&w);
	apply(&w, (struct pol_edit){POL_EDIT_PREPEND, .number = 64999, .times = 2});
	expect_path(&w.t.a, "64999 64999 65101 64496 64500");
	world_init(&w);
	apply(&w, (struct pol_edit){POL_EDIT_PREPEND, .times = 1});
	expect_path(&w.t.a, "65101 65101 64496 64500"); /* on the way in: the neighbour's */
	world_init(&w);
	w.s.exporting = true;
	apply(&w, (struct pol_edit){POL_EDIT_PREPEND, .times = 1});
	expect_path(&w.t.a, "65000 65101 64496 64500"); /* on the way out: ours */
	apply(&w, (struct pol_edit){POL_EDIT_PREPEND, .times = 1, .first_as = true});
	expect_path(&w.t.a, "65000 65000 65101 64496 64500");
}

Test(program, edits_communities)
{
	struct pol_edit add = {POL_EDIT_COMMUNITY_ADD, .community_kind = POL_COMMUNITY,
				.community = {0xfd, 0xe8, 0, 9}},
			large = {POL_EDIT_COMMUNITY_ADD, .community_kind = POL_COMMUNITY_LARGE,
				.community = {0, 0, 0xfd, 0xe8, 0, 0, 4, 0x4d},
				.neighbor_as = {false, false, true}};
	struct world w;
	char text[100];

	world_init(&w);
	apply(&w, add);
	apply(&w, add); /* once is enough */
	expect_communities(&w.t.a, "65000:7 65000:9");
	apply(&w, large);
	cr_expect(eq(str, wire_large_print(w.t.a.large_communities, text, sizeof text),
		(char *)"65000:1101:65101"));
	apply(&w, (struct pol_edit){
			  POL_EDIT_COMMUNITY_DEL, .set = community_set(w.arena, 65000u << 16 | 7)});
	expect_communities(&w.t.a, "65000:9");
	apply(&w, (struct pol_edit){
			  POL_EDIT_COMMUNITY_DEL, .set = community_set(w.arena, 65000u << 16 | 9)});
	expect_communities(&w.t.a, "");
	cr_expect(wire_attrs_has(&w.t.a, WIRE_ATTR_LARGE_COMMUNITIES));
}

Test(program, an_edit_that_does_not_fit_rejects)
{
	const struct pol_edit e = {POL_EDIT_PREPEND, .number = 1, .times = 3};
	const struct pol_rule rule = {"all", .edits = &e, .n_edits = 1, .action = POL_ACCEPT_ROUTE};
	const struct pol_program p = {"p", &rule, 1, .accept = true};
	struct arena small;
	struct world w;

	world_init(&w);
	arena_init(&small, 8);
	cr_expect(not(pol_program_run(&p, &w.s, &w.t.a, &small, NULL, NULL).accept));
	arena_fini(&small);
}

struct trace {
	char text[200];
};

static void trace_note(void *arg, const struct pol_rule *rule, bool matched, unsigned term)
{
	struct trace *t = arg;
	size_t n = strlen(t->text);

	snprintf(
		t->text + n, sizeof t->text - n, "%s:%s%u ", rule->name, matched ? "+" : "-", term);
}

Test(program, the_first_rule_that_matches_decides)
{
	struct world w;

	world_init(&w);
	const struct pol_term invalid = {POL_TERM_ROV, .from = POL_ROV_INVALID},
			      valid[] = {{POL_TERM_LENGTH, .from = 0, .to = 24},
				      {POL_TERM_ROV, .from = POL_ROV_VALID}};
	const struct pol_edit tag = {POL_EDIT_LOCAL_PREF, .number = 50};
	const struct pol_rule rules[] = {
		{"valid", valid, 2, .action = POL_ACCEPT_ROUTE},
		{"tag", &invalid, 1, &tag, 1, POL_NEXT_RULE},
		{"invalid", &invalid, 1, .action = POL_REJECT_ROUTE,
			.reason = POL_REJECT_RPKI_INVALID},
		{"rest", .action = POL_ACCEPT_ROUTE},
	};
	const struct pol_program p = {"p", rules, 4};
	struct trace t = {""};
	struct pol_outcome o = pol_program_run(&p, &w.s, &w.t.a, w.arena, trace_note, &t);

	cr_expect(not(o.accept));
	cr_expect(o.edited);
	cr_expect(eq(int, o.rule, 2));
	cr_expect(eq(str, (char *)pol_reject_name(o.reason), (char *)"rpki-invalid"));
	cr_expect(eq(str, t.text, (char *)"valid:-1 tag:+1 invalid:+1 "));
	cr_expect(eq(uint, pol_program_needs(rules, 4),
		POL_NEEDS_PREFIX | POL_NEEDS_ROV | POL_NEEDS_EDIT));
	w.s.rov = POL_ROV_VALID;
	cr_expect(eq(int, pol_program_run(&p, &w.s, &w.t.a, w.arena, NULL, NULL).rule, 0));
	w.s.rov = POL_ROV_NOT_FOUND;
	cr_expect(eq(int, pol_program_run(&p, &w.s, &w.t.a, w.arena, NULL, NULL).rule, 3));
}

Test(program, behind_the_last_rule_stands_the_default)
{
	const struct pol_program yes = {.name = "yes", .accept = true}, no = {.name = "no"};
	const struct pol_program *const both[] = {&yes, &no, &yes};
	struct world w;
	unsigned at = 99;

	world_init(&w);
	cr_expect(pol_program_run(&yes, &w.s, &w.t.a, w.arena, NULL, NULL).accept);
	cr_expect(not(pol_program_run(&no, &w.s, &w.t.a, w.arena, NULL, NULL).accept));
	cr_expect(not(
		pol_chain_run(&(struct pol_chain){both, 3}, &w.s, &w.t.a, w.arena, &at).accept));
	cr_expect(eq(uint, at, 1));
	cr_expect(pol_chain_run(&(struct pol_chain){0}, &w.s, &w.t.a, w.arena, &at).accept);
}

static void judged_note(void *arg, const struct pol_program *p, const struct pol_outcome *o)
{
	struct trace *t = arg;
	size_t len = strlen(t->text);

	snprintf(t->text + len, sizeof(t->text) - len, "%s=%d/%u ", p->name, o->accept, o->rule);
}

Test(program, a_chain_tells_of_each_rule_and_each_program_up_to_the_one_that_rejects)
{
	const struct pol_edit med = {.kind = POL_EDIT_MED, .number = 5};
	const struct pol_rule tag[] = {{"tag", .edits = &med, .n_edits = 1}},
			      no[] = {{"no", .action = POL_REJECT_ROUTE, .reason = 3}};
	const struct pol_program first = {"first", tag, 1, .accept = true},
				 second = {"second", no, 1}, third = {"third", .accept = true};
	const struct pol_program *const list[] = {&first, &third, &second, &third};
	struct trace t = {""};
	struct pol_outcome o;
	struct world w;

	world_init(&w);
	o = pol_chain_trace(
		&(struct pol_chain){list, 4}, &w.s, &w.t.a, w.arena, trace_note, judged_note, &t);
	cr_expect(eq(str, t.text, (char *)"tag:+0 first=1/1 third=1/0 no:+0 second=0/0 "));
	cr_expect(not(o.accept));
	cr_expect(o.edited, "by some program of it");
	cr_expect(eq(uint, o.reason, 3));
	cr_expect(eq(uint, w.t.a.med, 5));
}

Test(program, every_reason_has_a_name)
{
	for (unsigned i = 0; i < POL_REJECTS; i++)
		cr_expect(pol_reject_name((uint16_t)i) != NULL);
	cr_expect(pol_reject_name(POL_REJECTS) == NULL);
}

/* Import chains in a whole router: what passes, what is changed, what is rejected and kept to be asked about. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "bgpd/core/import.h"
#include "bgpd/policy/program.h"
#include "bgpd/policy/reject.h"
#include "bgpd/policy/set.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: from, max-prefix: 3}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: to}\n";

enum { FROM, TO };
enum { PLAIN = 4, REJECTED = 5 };
#define TAG   (65000u << 16 | 9)
#define WRONG 64666

/* 10.0.5.0/24 is rejected, and whatever came through AS 64666; the rest gets a community. */
struct policy {
	struct arena arena;
	struct pol_term prefix, as;
	struct pol_edit tag;
	struct pol_rule rules[3];
	struct pol_program program;
	const struct pol_program *list[1];
};

static void policy_init(struct policy *p)
{
	struct pol_set_prefix five = {.prefix = {ip_addr_v4(0x0a000500), 24}, .from = 24, .to = 24};

	arena_init(&p->arena, 65536);
	p->prefix = (struct pol_term){
		POL_TERM_PREFIX, .set = pol_set_new_prefixes(&p->arena, "five", &five, 1)};
	p->as = (struct pol_term){
		POL_TERM_AS_PATH, .set = pol_set_new_numbers(&p->arena, "wrong",
					  &(struct pol_set_range){WRONG, WRONG}, 1)};
	p->tag = (struct pol_edit){POL_EDIT_COMMUNITY_ADD, .community_kind = POL_COMMUNITY};
	test_put32(p->tag.community, TAG);
	p->rules[0] = (struct pol_rule){
		"five", &p->prefix, 1, .action = POL_REJECT_ROUTE, .reason = POL_REJECT_BOGON};
	p->rules[1] = (struct pol_rule){
		"wrong", &p->as, 1, .action = POL_REJECT_ROUTE, .reason = POL_REJECT_BOGON_AS};
	p->rules[2] = (struct pol_rule){
		"tag", .edits = &p->tag, .n_edits = 1, .action = POL_ACCEPT_ROUTE};
	p->program = (struct pol_program){
		"import", p->rules, 3, .needs = pol_program_needs(p->rules, 3)};
	p->list[0] = &p->program;
}

struct world {
	struct bare b;
	struct policy p;
};

static void start(struct world *w, bool keep)
{
	policy_init(&w->p);
	bare_open(&w->b, yaml, 1);
	w->b.conf->peers[FROM].import_chain = (struct pol_chain){w->p.list, 1, w->p.program.needs};
	w->b.conf->peers[FROM].keep_rejected = keep;
	bare_step(&w->b, &(struct event){.kind = EV_START});
	bare_up(&w->b, FROM);
	bare_up(&w->b, TO);
}

static void end(struct world *w)
{
	bare_fini(&w->b);
	arena_fini(&w->p.arena);
}

static void announce(struct world *w, unsigned x, uint32_t through)
{
	struct test_attrs a;

	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009, through}, 2);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(&w->b, FROM, 0, x, WIRE_LABEL_NONE, &a.a);
}

static const struct rib_path *path_of(const struct world *w, unsigned x)
{
	const struct rib_table *t = w->b.router->core_ipv4;
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000 | x << 8), 24}};
	uint32_t dest = rib_table_find(t, &n);

	return dest ? rib_dest_paths(t, dest) : NULL;
}

Test(import, what_passes_is_changed_and_told)
{
	static struct world w;
	struct wire_span communities;

	start(&w, false);
	announce(&w, PLAIN, 64500);
	cr_assert(w.b.told[TO][PLAIN]);
	communities = rib_attrset_list(path_of(&w, PLAIN)->attrs, RIB_LIST_COMMUNITIES);
	cr_assert(wire_comm_has(communities, TAG));
	end(&w);
}

Test(import, what_is_rejected_is_not_there)
{
	static struct world w;

	start(&w, false);
	announce(&w, REJECTED, 64500);
	cr_assert_not(w.b.told[TO][REJECTED]);
	cr_assert_null(path_of(&w, REJECTED));
	cr_assert_eq(w.b.router->peers[FROM].count.policy.refused[POL_BY_POLICY], 1);
	/* what was good and is announced anew as what is not: gone */
	announce(&w, PLAIN, 64500);
	cr_assert(w.b.told[TO][PLAIN]);
	announce(&w, PLAIN, WRONG);
	cr_assert_not(w.b.told[TO][PLAIN]);
	cr_assert_null(path_of(&w, PLAIN));
	announce(&w, PLAIN, 64500);
	cr_assert(w.b.told[TO][PLAIN]);
	end(&w);
}

Test(import, what_is_kept_is_marked_and_never_used)
{
	static struct world w;
	const struct rib_path *p;

	start(&w, true);
	announce(&w, PLAIN, 64500);
	announce(&w, PLAIN, WRONG);
	cr_assert_not(w.b.told[TO][PLAIN]);
	p = path_of(&w, PLAIN);
	cr_assert(p && p->flags & RIB_PATH_REJECTED);
	cr_assert_eq(p->label, POL_REJECT_BOGON_AS);
	cr_assert_not(p->attrs->present & WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES), "as it came");
	announce(&w, PLAIN, 64500);
	cr_assert(w.b.told[TO][PLAIN]);
	cr_assert_not(path_of(&w, PLAIN)->flags & RIB_PATH_REJECTED);
	/* withdrawn like any other, and gone with its session */
	announce(&w, REJECTED, 64500);
	bare_route(&w.b, FROM, 0, REJECTED, WIRE_LABEL_NONE, NULL);
	cr_assert_null(path_of(&w, REJECTED));
	announce(&w, REJECTED, 64500);
	bare_down(&w.b, FROM);
	cr_assert_null(path_of(&w, REJECTED));
	end(&w);
}

/* As many as no message has: the edits of one route do not take the room of the next. */
Test(import, edits_of_many_routes_all_fit)
{
	static struct world w;
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000), 24}};
	struct test_attrs a;
	uint16_t reason;

	start(&w, false);
	struct router *r = w.b.router;
	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009, 64500}, 2);
	struct rib_attrset *set = rib_store_get_attrs(r->store, &a.a);
	for (unsigned i = 0; i < 400000; i++) {
		struct rib_attrset *out =
			core_import_judge(r, &r->peers[FROM], WIRE_IPV4_UNICAST, &n, set, &reason);

		cr_assert(out && out != set, "route %u", i);
		rib_store_unref_attrs(r->store, out);
	}
	rib_store_unref_attrs(r->store, set);
	end(&w);
}

Test(import, what_is_kept_counts_for_the_limit)
{
	static struct world w;

	start(&w, true);
	for (unsigned x = 10; x < 13; x++)
		announce(&w, x, WRONG);
	cr_assert(w.b.conn[FROM]);
	announce(&w, 13, WRONG);
	cr_assert_not(w.b.conn[FROM], "a Cease at the fourth");
	end(&w);
}

#define MANY 40 /* more than go into the table together */

/* One UPDATE with all prefixes up to MANY. */
static void announce_many(struct world *w, uint32_t through)
{
	const struct wire_ctx *ctx = &w->b.router->peers[FROM].fsm.ctx;
	struct wire_nlri n[MANY];
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf m = wbuf_of(octets, sizeof(octets));
	struct test_attrs a;

	for (unsigned x = 0; x < MANY; x++)
		n[x] = test_nlri(0, 0x0a000000 | x << 8, 24);
	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009, through}, 2);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	cr_assert_eq(
		wire_update_put_reach(&m, ctx, WIRE_IPV4_UNICAST, &a.a, n, MANY), (unsigned)MANY);
	bare_say(&w->b, FROM, &m);
}

/* What the chain says of one prefix of a message is said of that one; and of all, where it looks at none. */
Test(import, each_prefix_of_a_message_has_its_own_verdict)
{
	for (unsigned keep = 0; keep < 2; keep++) {
		static struct world w;
		uint64_t refused;

		start(&w, keep);
		w.b.conf->peers[FROM].max_prefix.max = MANY;
		for (unsigned twice = 0; twice < 2; twice++) {
			announce_many(&w, 64500);
			for (unsigned x = 0; x < MANY; x++)
				cr_assert_eq(w.b.told[TO][x], x != REJECTED, "prefix %u", x);
			cr_assert_eq(path_of(&w, REJECTED) != NULL, keep);
		}
		announce_many(&w, WRONG);
		for (unsigned x = 0; x < MANY; x++)
			cr_assert_not(w.b.told[TO][x], "prefix %u", x);
		cr_assert(!keep || path_of(&w, REJECTED)->label == POL_REJECT_BOGON);
		cr_assert(!keep || path_of(&w, PLAIN)->label == POL_REJECT_BOGON_AS);

		/* the same rules but for the one about a prefix */
		w.b.conf->peers[FROM].import_chain.needs = pol_program_needs(w.p.rules + 1, 2);
		w.p.program.rules++;
		w.p.program.n_rules--;
		refused = w.b.router->peers[FROM].count.policy.refused[POL_BY_POLICY];
		announce_many(&w, 64500);
		for (unsigned x = 0; x < MANY; x++) {
			cr_assert(w.b.told[TO][x], "prefix %u", x);
			cr_assert(wire_comm_has(
				rib_attrset_list(path_of(&w, x)->attrs, RIB_LIST_COMMUNITIES),
				TAG));
		}
		announce_many(&w, WRONG);
		for (unsigned x = 0; x < MANY; x++)
			cr_assert_not(w.b.told[TO][x], "prefix %u", x);
		cr_assert_eq(w.b.router->peers[FROM].count.policy.refused[POL_BY_POLICY],
			refused + MANY);
		end(&w);
	}
}

/* Who may not ask for a blackhole there has an ordinary route, and that goes through the chain like any other. */
Test(import, a_blackhole_that_is_not_granted_is_judged)
{
	static struct world w;
	struct test_attrs a;

	start(&w, false);
	w.b.router->peers[FROM].policy.accept_blackhole = true;
	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009, 64500}, 2);
	test_attrs_community(&a, WIRE_COMM_BLACKHOLE);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(&w.b, FROM, 0, PLAIN, WIRE_LABEL_NONE, &a.a);
	bare_route(&w.b, FROM, 0, REJECTED, WIRE_LABEL_NONE, &a.a);
	cr_assert_not_null(path_of(&w, PLAIN), "an ordinary one");
	cr_assert_not(path_of(&w, PLAIN)->flags & RIB_PATH_BLACKHOLE);
	cr_assert(wire_comm_has(
		rib_attrset_list(path_of(&w, PLAIN)->attrs, RIB_LIST_COMMUNITIES), TAG));
	cr_assert_null(path_of(&w, REJECTED));
	end(&w);
}

/* The same from a file, and what is built in: 10.0.0.0/8 is nobody's. */
Test(import, as_configured)
{
	static const char policy[] =
		"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
		"policies:\n"
		"  - name: import\n"
		"    rules:\n"
		"      - {name: wrong, match: {as-path: wrong}, action: reject, reason: bogon-as}\n"
		"      - {name: tag, set: {community: {add: [\"65000:9\"]}}, action: accept}\n"
		"    default: reject\n"
		"sets: [{name: wrong, as: [64666]}]\n"
		"neighbors:\n"
		"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, passive: true,\n"
		"     families: [ipv4-unicast], keep-rejected: true, export: accept-all,\n"
		"     import: %s}\n"
		"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, passive: true,\n"
		"     families: [ipv4-unicast], import: accept-all, export: accept-all}\n";
	static struct world w;
	char text[2048];

	snprintf(text, sizeof text, policy, "import");
	bare_init(&w.b, text, 1);
	bare_up(&w.b, FROM);
	bare_up(&w.b, TO);
	announce(&w, PLAIN, 64500);
	cr_assert(w.b.told[TO][PLAIN]);
	cr_assert(wire_comm_has(
		rib_attrset_list(path_of(&w, PLAIN)->attrs, RIB_LIST_COMMUNITIES), TAG));
	announce(&w, REJECTED, WRONG);
	cr_assert_not(w.b.told[TO][REJECTED]);
	cr_assert_eq(path_of(&w, REJECTED)->label, POL_REJECT_BOGON_AS);
	bare_fini(&w.b);

	snprintf(text, sizeof text, policy, "import, hygiene: true");
	bare_init(&w.b, text, 1);
	bare_up(&w.b, FROM);
	bare_up(&w.b, TO);
	announce(&w, PLAIN, 174);
	cr_assert_not(w.b.told[TO][PLAIN]);
	cr_assert_eq(path_of(&w, PLAIN)->label, POL_REJECT_BOGON);
	bare_fini(&w.b);
}

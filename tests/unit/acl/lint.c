#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "acl/lint.h"
#include "lib/check.h"
#include "tests/unit/acl/aces.h"

#define ACES_MAX 10

struct found {
	struct acl_lint list[ACES_MAX + 2];
	unsigned n;
};

static void found_add(void *arg, const struct acl_lint *l)
{
	struct found *f = arg;

	cr_assert_lt(f->n, ARRAY_LEN(f->list));
	f->list[f->n++] = *l;
}

static struct found lint(const struct acl_list *l)
{
	struct found f = {.n = 0};

	acl_lint(l, found_add, &f);
	for (unsigned i = 1; i < f.n; i++)
		cr_assert_gt(f.list[i].ace, f.list[i - 1].ace);
	return f;
}

static bool has(const struct found *f, enum acl_lint_kind kind, unsigned ace, unsigned other)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->list[i].kind == kind && f->list[i].ace == ace && f->list[i].other == other)
			return true;
	return false;
}

static struct acl_ace from(const char *prefix, enum acl_forwarding forwarding)
{
	struct acl_ace a = ace_any(forwarding);

	CHECK(ip_prefix_parse(prefix, &a.source, NULL));
	return a;
}

static struct acl_ace tcp_to(
	enum acl_operator op, uint16_t port, uint16_t upper, enum acl_forwarding forwarding)
{
	struct acl_ace a = ace_any(forwarding);

	a.protocol = ACL_IP_TCP;
	a.destination_port = (struct acl_ports){op, port, upper};
	return a;
}

#define ACCEPT ACL_FORWARDING_ACCEPT
#define DROP   ACL_FORWARDING_DROP
#define LINT(...)                                                                                  \
	lint(&(struct acl_list){"list", (struct acl_ace[]){__VA_ARGS__},                           \
		sizeof((struct acl_ace[]){__VA_ARGS__}) / sizeof(struct acl_ace)})

Test(lint, shadowed)
{
	struct found f = LINT(from("10.0.0.0/8", DROP), from("10.1.0.0/16", ACCEPT), ace_any(DROP));

	cr_expect(f.n == 1 && has(&f, ACL_LINT_SHADOWED, 1, 0));
	f = LINT(from("10.0.0.0/8", DROP), from("10.0.0.0/7", ACCEPT), ace_any(DROP));
	cr_expect_eq(f.n, 0);
	f = LINT(from("10.1.0.0/16", ACCEPT), from("10.0.0.0/8", DROP)); /* an exception, first */
	cr_expect(f.n == 1 && f.list[0].kind == ACL_LINT_OPEN_END);
	f = LINT(tcp_to(ACL_OP_RANGE, 20, 30, DROP), tcp_to(ACL_OP_EQ, 23, 0, ACCEPT),
		ace_any(DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_SHADOWED, 1, 0));
	f = LINT(tcp_to(ACL_OP_RANGE, 20, 30, DROP), tcp_to(ACL_OP_EQ, 31, 0, ACCEPT),
		from("0.0.0.0/1", DROP), ace_any(ACCEPT));
	cr_expect_eq(f.n, 0);
}

Test(lint, shadowed_by_several_together)
{
	struct found f = LINT(from("10.0.0.0/9", DROP), from("10.128.0.0/9", DROP),
		from("10.0.0.0/8", ACCEPT), ace_any(DROP));

	cr_expect(f.n == 1 && has(&f, ACL_LINT_SHADOWED, 2, 0));
	f = LINT(from("10.0.0.0/9", DROP), from("10.128.0.0/10", DROP), from("10.0.0.0/8", ACCEPT),
		ace_any(DROP));
	cr_expect_eq(f.n, 0);
	f = LINT(tcp_to(ACL_OP_LTE, 99, 0, ACCEPT), tcp_to(ACL_OP_GTE, 100, 0, DROP),
		tcp_to(ACL_OP_RANGE, 50, 150, ACCEPT), ace_any(DROP));
	/* What is at the end makes the second one redundant as well: without it nothing changes. */
	cr_expect(has(&f, ACL_LINT_SHADOWED, 2, 1));
	f = LINT(tcp_to(ACL_OP_NEQ, 80, 0, DROP), tcp_to(ACL_OP_EQ, 80, 0, DROP),
		tcp_to(ACL_OP_NONE, 0, 0, ACCEPT), ace_any(ACCEPT));
	/* Fragments without ports are none of the first two's. */
	cr_expect_not(has(&f, ACL_LINT_SHADOWED, 2, 0));
}

Test(lint, redundant)
{
	struct acl_ace logs = from("10.1.0.0/16", ACCEPT);
	struct found f =
		LINT(from("10.0.0.0/8", ACCEPT), from("10.1.0.0/16", ACCEPT), ace_any(DROP));

	cr_expect(f.n == 1 && has(&f, ACL_LINT_REDUNDANT, 1, 0));
	f = LINT(from("10.1.0.0/16", ACCEPT), from("10.0.0.0/8", ACCEPT), ace_any(DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_REDUNDANT, 0, 1));
	logs.log = true; /* what it logs nobody else does */
	f = LINT(logs, from("10.0.0.0/8", ACCEPT), ace_any(DROP));
	cr_expect_eq(f.n, 0);
	f = LINT(from("10.1.0.0/16", ACCEPT), from("10.1.1.0/24", DROP), from("10.0.0.0/8", ACCEPT),
		ace_any(DROP));
	cr_expect(f.n == 1 &&
		  has(&f, ACL_LINT_SHADOWED, 1, 0)); /* not 0: it keeps 1 from its packets */
	f = LINT(from("10.0.0.0/8", ACCEPT), from("10.0.0.0/8", ACCEPT), ace_any(DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_REDUNDANT, 1, 0)); /* one of both */
	f = LINT(from("10.0.0.0/8", DROP), ace_any(ACCEPT));
	cr_expect_eq(f.n, 0); /* the last one keeps a list behind it from its packets */
}

Test(lint, contradictory)
{
	struct found f = LINT(
		tcp_to(ACL_OP_EQ, 22, 0, ACCEPT), tcp_to(ACL_OP_EQ, 22, 0, DROP), ace_any(DROP));

	cr_expect(f.n == 1 && has(&f, ACL_LINT_CONTRADICTORY, 1, 0));
	f = LINT(tcp_to(ACL_OP_EQ, 22, 0, ACCEPT), tcp_to(ACL_OP_RANGE, 22, 22, DROP),
		ace_any(DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_CONTRADICTORY, 1, 0)); /* said otherwise */
	f = LINT(tcp_to(ACL_OP_LTE, 22, 0, ACCEPT), tcp_to(ACL_OP_EQ, 22, 0, DROP), ace_any(DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_SHADOWED, 1, 0));
	f = LINT(tcp_to(ACL_OP_EQ, 22, 0, ACCEPT), tcp_to(ACL_OP_EQ, 23, 0, DROP), ace_any(ACCEPT));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_REDUNDANT, 0, 2));
}

Test(lint, open_end)
{
	struct found f = LINT(from("10.0.0.0/8", ACCEPT));

	cr_expect(f.n == 1 && has(&f, ACL_LINT_OPEN_END, 1, 1));
	f = LINT(from("10.0.0.0/8", ACCEPT), ace_any(DROP));
	cr_expect_eq(f.n, 0);
	f = LINT(from("10.0.0.0/8", DROP)); /* permits nothing: a deny-list */
	cr_expect_eq(f.n, 0);
	f = LINT(from("10.0.0.0/8", ACCEPT), from("0.0.0.0/1", DROP), from("128.0.0.0/1", DROP));
	cr_expect_eq(f.n, 0); /* closed in two halves */
	f = LINT(from("10.0.0.0/8", ACCEPT), from("0.0.0.0/1", DROP), from("128.0.0.0/2", DROP));
	cr_expect(f.n == 1 && has(&f, ACL_LINT_OPEN_END, 3, 3));
	struct acl_list empty = {"empty", NULL, 0};
	f = lint(&empty);
	cr_expect_eq(f.n, 0);
}

static bool is_impossible(struct acl_ace a)
{
	struct found f = LINT(a, ace_any(DROP));

	return has(&f, ACL_LINT_IMPOSSIBLE, 0, 0);
}

Test(lint, impossible)
{
	struct acl_ace a = tcp_to(ACL_OP_EQ, 22, 0, ACCEPT);

	cr_expect_not(is_impossible(a));
	a.protocol = -1; /* TCP and UDP */
	cr_expect_not(is_impossible(a));
	a.protocol = ACL_IP_ICMP;
	cr_expect(is_impossible(a));
	a = tcp_to(ACL_OP_RANGE, 23, 22, ACCEPT);
	cr_expect(is_impossible(a));
	a = tcp_to(ACL_OP_RANGE, 22, 22, ACCEPT);
	cr_expect_not(is_impossible(a));
	a.icmp_type = 8;
	cr_expect(is_impossible(a));
	a = ace_any(ACCEPT);
	a.icmp_type = 8;
	cr_expect_not(is_impossible(a));
	a.protocol = ACL_IP_UDP;
	cr_expect(is_impossible(a));
	a = ace_any(ACCEPT);
	a.protocol = ACL_IP_UDP;
	a.tcp_mask = a.tcp_flags = ACL_TCP_SYN;
	cr_expect(is_impossible(a));
	a.protocol = ACL_IP_TCP;
	cr_expect_not(is_impossible(a));
	a.tcp_flags |= ACL_TCP_ACK; /* set, but not asked about */
	cr_expect(is_impossible(a));
	a = ace_any(ACCEPT);
	a.ttl_lo = 5;
	a.ttl_hi = 5;
	cr_expect_not(is_impossible(a));
	a.ttl_hi = 4;
	cr_expect(is_impossible(a));
	a = ace_any(ACCEPT);
	a.len_hi = 19; /* shorter than a header */
	cr_expect(is_impossible(a));
	a.len_hi = 20;
	cr_expect_not(is_impossible(a));
}

/* What becomes of a packet; logging is what an entry does as well, unless nothing ever comes to it. */
enum outcome { NOT_DECIDED, ACCEPTED, DROPPED };

static enum outcome outcome(const struct acl_list *l, const struct sketch *s)
{
	unsigned i = list_decide(l, s);

	if (i == l->n_aces)
		return NOT_DECIDED;
	return l->aces[i].forwarding == ACCEPT ? ACCEPTED : DROPPED;
}

static bool logs(const struct acl_list *l, const struct sketch *s)
{
	unsigned i = list_decide(l, s);

	return i < l->n_aces && l->aces[i].log;
}

/* The list without the entries whose bit is set. */
static struct acl_list without(
	const struct acl_list *l, unsigned bits, struct acl_ace out[ACES_MAX])
{
	struct acl_list r = {"without", out, 0};

	for (unsigned i = 0; i < l->n_aces; i++)
		if (!(bits >> i & 1))
			out[r.n_aces++] = l->aces[i];
	return r;
}

static bool is_same(
	const struct acl_list *a, const struct acl_list *b, const struct sketch *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (outcome(a, &s[i]) != outcome(b, &s[i]) || logs(a, &s[i]) != logs(b, &s[i]))
			return false;
	return true;
}

static unsigned bits_of(const struct found *f)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < f->n; i++)
		if (f->list[i].kind != ACL_LINT_OPEN_END)
			bits |= 1u << f->list[i].ace;
	return bits;
}

static void check_removable(
	const struct acl_list *l, const struct found *f, const struct sketch *s, unsigned n)
{
	struct acl_ace rest[ACES_MAX];
	struct acl_list r = without(l, bits_of(f), rest);

	cr_assert(is_same(l, &r, s, n), "without all that was reported");
	for (unsigned i = 0; i < f->n; i++) {
		if (f->list[i].kind == ACL_LINT_OPEN_END)
			continue;
		r = without(l, 1u << f->list[i].ace, rest);
		cr_assert(is_same(l, &r, s, n), "%s %u", acl_lint_name(f->list[i].kind),
			f->list[i].ace);
	}
}

/* Lists of anything, packets of anything: what is reported may go, one or all, and no verdict changes. */
Test(lint, what_is_reported_changes_nothing_when_it_goes)
{
	static struct sketch packets[400];
	struct acl_ace aces[ACES_MAX];
	unsigned reports[ACL_LINT_IMPOSSIBLE + 1] = {0};
	struct rng g = {17};

	for (unsigned round = 0; round < 4000; round++) {
		struct acl_list l = {"random", aces, 1 + rng_below(&g, ACES_MAX)};
		for (unsigned i = 0; i < l.n_aces; i++) {
			aces[i] = i && rng_one_in(&g, 4) ? aces[rng_below(&g, i)] : ace_random(&g);
			if (rng_one_in(&g, 4))
				aces[i].forwarding ^= 1;
		}
		for (unsigned i = 0; i < ARRAY_LEN(packets); i++)
			packets[i] = sketch_random(&g);
		struct found f = lint(&l);
		check_removable(&l, &f, packets, ARRAY_LEN(packets));
		for (unsigned i = 0; i < f.n; i++)
			reports[f.list[i].kind]++;
	}
	for (unsigned k = 0; k < ARRAY_LEN(reports); k++)
		cr_expect_gt(reports[k], 200, "%s", acl_lint_name((enum acl_lint_kind)k));
}

/* A world small enough to look at every packet: what is reported is so, and what is so is reported. */

static struct acl_ace small_ace(struct rng *g)
{
	static const uint8_t lens[] = {29, 30, 31, 32};
	static const int protocols[] = {-1, ACL_IP_TCP, ACL_IP_TCP, ACL_IP_UDP, ACL_IP_ICMP};
	struct acl_ace a = ace_any((enum acl_forwarding)rng_below(g, 2));

	if (rng_one_in(g, 2)) {
		a.source = (struct ip_prefix){.addr = ip_addr_v4(0x0a000000 + rng_below(g, 8)),
			.len = lens[rng_below(g, 4)]};
		ip_prefix_mask(&a.source);
	}
	a.protocol = protocols[rng_below(g, 5)];
	if (rng_one_in(g, 2))
		a.destination_port =
			(struct acl_ports){(enum acl_operator)rng_below(g, ACL_OP_RANGE + 1),
				(uint16_t)rng_below(g, 5), (uint16_t)rng_below(g, 5)};
	if (rng_one_in(g, 6)) {
		a.tcp_mask = (uint8_t)(rng_u32(g) & 0x12);
		a.tcp_flags = (uint8_t)(rng_u32(g) & a.tcp_mask);
	}
	if (rng_one_in(g, 6))
		a.icmp_type = (int)rng_below(g, 2);
	if (rng_one_in(g, 5))
		a.fragment = (enum acl_fragment)rng_below(g, 3);
	a.log = rng_one_in(g, 6);
	return a;
}

#define WORLD_MAX 4000

static unsigned world_make(struct sketch *out)
{
	static const uint8_t protocols[] = {ACL_IP_TCP, ACL_IP_UDP, ACL_IP_ICMP, 50};
	unsigned n = 0;

	for (unsigned src = 0; src < 9; src++)
		for (unsigned proto = 0; proto < 4; proto++)
			for (unsigned part = 0; part < 3; part++)
				for (unsigned port = 0; port < (proto < 2 ? 6 : 1); port++)
					for (unsigned flags = 0; flags < (proto == 0	      ? 4
										 : proto == 2 ? 3
											      : 1);
						flags++) {
						CHECK(n < WORLD_MAX);
						out[n++] = (struct sketch){.src = 0x0a000000 + src,
							.protocol = protocols[proto],
							.len = 40,
							.more = part == 1,
							.offset = part == 2 ? 5 : 0,
							.dport = (uint16_t)port,
							.tcp_flags = (uint8_t)((flags & 1) << 1 |
									       (flags & 2) << 3),
							.icmp_type = (uint8_t)flags};
					}
	return n;
}

struct facts { /* of an entry, by looking at every packet */
	bool matches, decides, removable;
};

static struct facts facts_of(
	const struct acl_list *l, unsigned ace, const struct sketch *s, unsigned n)
{
	struct acl_ace rest[ACES_MAX];
	struct acl_list r = without(l, 1u << ace, rest);
	struct facts f = {.removable = is_same(l, &r, s, n)};

	for (unsigned i = 0; i < n; i++) {
		f.matches |= ace_matches(&l->aces[ace], &s[i]);
		f.decides |= list_decide(l, &s[i]) == ace;
	}
	return f;
}

static const struct acl_lint *report_of(const struct found *f, unsigned ace)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->list[i].ace == ace)
			return &f->list[i];
	return NULL;
}

static void check_exact(
	const struct acl_list *l, const struct found *f, const struct sketch *s, unsigned n)
{
	bool accepts = false, open = false, any = bits_of(f);

	for (unsigned i = 0; i < l->n_aces; i++) {
		struct facts fact = facts_of(l, i, s, n);
		const struct acl_lint *r = report_of(f, i);
		accepts |= fact.matches && l->aces[i].forwarding == ACCEPT;
		cr_assert_eq(r && r->kind == ACL_LINT_IMPOSSIBLE, !fact.matches);
		cr_assert(r || fact.decides, "an entry that decides nothing is not reported");
		cr_assert(!r || fact.removable);
		/* Others that are reported may be what this one's packets would come to. */
		cr_assert(r || !fact.removable || any, "one that may go is not reported");
		cr_assert(!r || !fact.decides || r->kind == ACL_LINT_REDUNDANT);
		for (unsigned k = 0; r && r->kind == ACL_LINT_CONTRADICTORY && k < n; k++)
			cr_assert_eq(ace_matches(&l->aces[i], &s[k]),
				ace_matches(&l->aces[r->other], &s[k]));
	}
	for (unsigned i = 0; i < n; i++)
		open |= outcome(l, &s[i]) == NOT_DECIDED;
	cr_assert_eq(report_of(f, l->n_aces) != NULL, accepts && open);
}

Test(lint, is_exact_in_a_small_world)
{
	static struct sketch world[WORLD_MAX];
	struct acl_ace aces[ACES_MAX];
	unsigned n = world_make(world);
	struct rng g = {23};

	for (unsigned round = 0; round < 1500; round++) {
		struct acl_list l = {"small", aces, 1 + rng_below(&g, 7)};
		for (unsigned i = 0; i < l.n_aces; i++)
			aces[i] = small_ace(&g);
		struct found f = lint(&l);
		check_exact(&l, &f, world, n);
	}
}

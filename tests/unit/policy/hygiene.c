/* What is built in: each of its rules from both sides of its border. */
#include "bgpd/policy/hygiene.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "bgpd/policy/reject.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define NEIGHBOR_AS   3356
#define NEIGHBOR_ADDR 0x050505fe /* 5.5.5.254 */
#define PASSES	      UINT16_MAX

static struct arena *memory(void)
{
	static struct arena arena;

	arena_fini(&arena);
	arena_init(&arena, 1 << 20);
	return &arena;
}

/* Why a route of the neighbour is rejected, PASSES if it is not. */
static uint16_t judge(const char *prefix, struct wire_attrs *a)
{
	struct arena *memory_of = memory();
	const struct pol_program *p = pol_hygiene_new(memory_of);
	struct wire_nlri nlri = {0};
	struct pol_subject s = {.family = WIRE_IPV4_UNICAST,
		.nlri = &nlri,
		.neighbor_as = NEIGHBOR_AS,
		.neighbor = ip_addr_v4(NEIGHBOR_ADDR)};

	cr_assert(ip_prefix_parse(prefix, &nlri.prefix, NULL), "%s", prefix);
	struct pol_outcome o = pol_program_run(p, &s, a, memory_of, NULL, NULL);
	return o.accept ? PASSES : o.reason;
}

static void expect(uint16_t got, uint16_t want, const char *what)
{
	cr_expect(eq(u16, got, want), "%s: %s", what,
		got == PASSES ? "passes" : pol_reject_name(got));
}

Test(hygiene, prefixes)
{
	static const struct {
		const char *prefix;
		uint16_t want;
	} rows[] = {
		{"8.8.8.0/24", PASSES},
		{"8.0.0.0/8", PASSES},
		{"8.0.0.0/7", POL_REJECT_PREFIX_TOO_SHORT},
		{"0.0.0.0/0", POL_REJECT_PREFIX_TOO_SHORT},
		{"8.8.8.0/25", POL_REJECT_PREFIX_TOO_LONG},
		{"8.8.8.8/32", POL_REJECT_PREFIX_TOO_LONG},
		{"0.0.0.0/8", POL_REJECT_BOGON},
		{"9.0.0.0/8", PASSES},
		{"10.0.0.0/8", POL_REJECT_BOGON},
		{"10.255.255.0/24", POL_REJECT_BOGON},
		{"10.1.2.3/32", POL_REJECT_BOGON},
		{"11.0.0.0/8", PASSES},
		{"100.63.0.0/16", PASSES},
		{"100.64.0.0/10", POL_REJECT_BOGON},
		{"100.127.255.0/24", POL_REJECT_BOGON},
		{"100.128.0.0/16", PASSES},
		{"126.0.0.0/8", PASSES},
		{"127.0.0.0/8", POL_REJECT_BOGON},
		{"169.253.0.0/16", PASSES},
		{"169.254.1.0/24", POL_REJECT_BOGON},
		{"172.15.0.0/16", PASSES},
		{"172.16.0.0/12", POL_REJECT_BOGON},
		{"172.31.255.0/24", POL_REJECT_BOGON},
		{"172.32.0.0/16", PASSES},
		{"192.0.0.0/24", POL_REJECT_BOGON},
		{"192.0.1.0/24", PASSES},
		{"192.0.2.0/24", POL_REJECT_BOGON},
		{"192.168.0.0/16", POL_REJECT_BOGON},
		{"192.169.0.0/16", PASSES},
		{"198.18.0.0/15", POL_REJECT_BOGON},
		{"198.19.255.0/24", POL_REJECT_BOGON},
		{"198.20.0.0/16", PASSES},
		{"198.51.100.0/24", POL_REJECT_BOGON},
		{"203.0.113.0/24", POL_REJECT_BOGON},
		{"203.0.112.0/24", PASSES},
		{"223.255.255.0/24", PASSES},
		{"224.0.0.0/8", POL_REJECT_BOGON},
		{"239.255.255.0/24", POL_REJECT_BOGON},
		{"240.0.0.0/8", POL_REJECT_BOGON},
		{"255.255.255.255/32", POL_REJECT_BOGON},
	};
	static const uint32_t path[] = {NEIGHBOR_AS, 1299};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct test_attrs t;

		test_attrs_init(&t, NEIGHBOR_ADDR, path, 2);
		expect(judge(rows[i].prefix, &t.a), rows[i].want, rows[i].prefix);
	}
}

Test(hygiene, numbers_in_the_path)
{
	static const struct {
		uint32_t as;
		uint16_t want;
	} rows[] = {
		{0, POL_REJECT_BOGON_AS},
		{1, PASSES},
		{23455, PASSES},
		{23456, POL_REJECT_BOGON_AS},
		{23457, PASSES},
		{64495, PASSES},
		{64496, POL_REJECT_BOGON_AS},
		{64512, POL_REJECT_BOGON_AS},
		{65534, POL_REJECT_BOGON_AS},
		{65535, POL_REJECT_BOGON_AS},
		{65551, POL_REJECT_BOGON_AS},
		{65552, PASSES},
		{4199999999, PASSES},
		{4200000000, POL_REJECT_BOGON_AS},
		{4294967295, POL_REJECT_BOGON_AS},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		const uint32_t path[] = {NEIGHBOR_AS, rows[i].as, 1299};
		struct test_attrs t;
		char what[16];

		snprintf(what, sizeof what, "AS %u", rows[i].as);
		test_attrs_init(&t, NEIGHBOR_ADDR, path, 3);
		expect(judge("8.8.8.0/24", &t.a), rows[i].want, what);
	}
}

Test(hygiene, who_it_comes_from)
{
	static const uint32_t right[] = {NEIGHBOR_AS, 1299}, wrong[] = {1299, NEIGHBOR_AS};
	struct test_attrs t;

	test_attrs_init(&t, NEIGHBOR_ADDR, wrong, 2);
	expect(judge("8.8.8.0/24", &t.a), POL_REJECT_FIRST_AS, "another one in front");
	test_attrs_init(&t, NEIGHBOR_ADDR, right, 0);
	expect(judge("8.8.8.0/24", &t.a), POL_REJECT_FIRST_AS, "nobody in front");
	test_attrs_init(&t, NEIGHBOR_ADDR - 1, right, 2);
	expect(judge("8.8.8.0/24", &t.a), POL_REJECT_NEXT_HOP, "a third party's next hop");
	test_attrs_init(&t, NEIGHBOR_ADDR, right, 2);
	expect(judge("8.8.8.0/24", &t.a), PASSES, "as it should be");
}

Test(hygiene, how_much_of_it)
{
	uint8_t path[2 + 4 * 65], communities[4 * 101] = {0};
	static const uint32_t right[] = {NEIGHBOR_AS};
	struct test_attrs t;

	test_attrs_init(&t, NEIGHBOR_ADDR, right, 1);
	path[0] = WIRE_AS_SEQUENCE;
	for (unsigned n = 64; n <= 65; n++) {
		path[1] = (uint8_t)n;
		for (unsigned i = 0; i < n; i++)
			test_put32(path + 2 + 4 * (size_t)i, NEIGHBOR_AS);
		t.a.as_path = (struct wire_span){path, (uint16_t)(2 + 4 * n)};
		expect(judge("8.8.8.0/24", &t.a), n > 64 ? POL_REJECT_AS_PATH_TOO_LONG : PASSES,
			"a long path");
	}
	test_attrs_init(&t, NEIGHBOR_ADDR, right, 1);
	t.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
	for (unsigned n = 100; n <= 101; n++) {
		t.a.communities = (struct wire_span){communities, (uint16_t)(4 * n)};
		expect(judge("8.8.8.0/24", &t.a),
			n > 100 ? POL_REJECT_TOO_MANY_COMMUNITIES : PASSES, "many communities");
	}
}

Test(hygiene, it_fits_or_is_none)
{
	struct arena small;

	arena_init(&small, 64);
	cr_expect(pol_hygiene_new(&small) == NULL);
	arena_fini(&small);
	cr_expect(
		eq(uint, pol_hygiene_new(memory())->needs, POL_NEEDS_PREFIX | POL_NEEDS_NEIGHBOR));
}

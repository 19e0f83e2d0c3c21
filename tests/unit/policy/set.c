/* Named sets against naive readings of them. */
#include "bgpd/policy/set.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/check.h"
#include "tests/support/route.h"

#define MANY 800

static struct arena *memory(void)
{
	static struct arena arena;

	arena_fini(&arena);
	arena_init(&arena, 1 << 20);
	return &arena;
}

static struct ip_prefix prefix(const char *text)
{
	struct ip_prefix p;

	cr_assert(ip_prefix_parse(text, &p, NULL), "%s", text);
	return p;
}

Test(set, prefixes_with_lengths)
{
	const struct pol_set_prefix list[] = {{prefix("10.0.0.0/8"), 9, 16},
		{prefix("10.1.0.0/16"), 24, 24}, {prefix("192.0.2.0/24"), 24, 24},
		{prefix("0.0.0.0/0"), 0, 0}, {prefix("2001:db8::/32"), 32, 48}};
	const struct {
		const char *prefix;
		bool in;
	} asked[] = {{"10.0.0.0/8", false}, {"10.1.0.0/16", true}, {"10.1.2.0/24", true},
		{"10.2.2.0/24", false}, {"10.1.2.0/25", false}, {"192.0.2.0/24", true},
		{"192.0.2.128/25", false}, {"0.0.0.0/0", true}, {"0.0.0.0/1", false},
		{"2001:db8:1::/48", true}, {"2001:db8:1::/49", false}, {"2001:db9::/32", false}};
	const struct pol_set *s = pol_set_new_prefixes(memory(), "s", list, ARRAY_LEN(list));

	for (unsigned i = 0; i < ARRAY_LEN(asked); i++) {
		struct ip_prefix p = prefix(asked[i].prefix);

		cr_expect(eq(int, pol_set_has_prefix(s, &p), asked[i].in), "%s", asked[i].prefix);
	}
}

static struct pol_set_prefix random_entry(uint64_t *state)
{
	uint8_t len = (uint8_t)(6 + test_random(state, 27));
	struct pol_set_prefix e = {
		.prefix = {.addr = ip_addr_v4(test_random(state, 1 << 20) << 12), .len = len}};

	ip_prefix_mask(&e.prefix);
	e.from = (uint8_t)(len + test_random(state, 33 - len));
	e.to = (uint8_t)(e.from + test_random(state, 33 - e.from));
	return e;
}

Test(set, many_random_prefixes_are_as_a_naive_reading_says)
{
	static struct pol_set_prefix list[MANY];
	uint64_t state = 11;
	unsigned found = 0;

	for (unsigned i = 0; i < MANY; i++)
		list[i] = random_entry(&state);
	const struct pol_set *s = pol_set_new_prefixes(memory(), "s", list, MANY);
	for (unsigned i = 0; i < 20 * MANY; i++) {
		struct ip_prefix p = random_entry(&state).prefix;
		bool want = false;

		for (unsigned k = 0; k < MANY && !want; k++)
			want = p.len >= list[k].from && p.len <= list[k].to &&
			       ip_prefix_contains(&list[k].prefix, &p.addr);
		found += want;
		cr_assert(eq(int, pol_set_has_prefix(s, &p), want));
	}
	cr_expect(found > MANY && found < 19 * MANY, "%u", found);
}

Test(set, numbers_are_merged)
{
	const struct pol_set_range list[] = {
		{10, 20}, {15, 30}, {31, 40}, {50, 50}, {4294967290u, UINT32_MAX}, {0, 0}};
	const struct {
		uint32_t n;
		bool in;
	} asked[] = {{0, true}, {1, false}, {9, false}, {10, true}, {31, true}, {40, true},
		{41, false}, {50, true}, {51, false}, {4294967289u, false}, {UINT32_MAX, true}};
	const struct pol_set *s = pol_set_new_numbers(memory(), "s", list, ARRAY_LEN(list));

	cr_expect(eq(uint, s->n, 4));
	for (unsigned i = 0; i < ARRAY_LEN(asked); i++)
		cr_expect(
			eq(int, pol_set_has_number(s, asked[i].n), asked[i].in), "%u", asked[i].n);
}

Test(set, empty_ones_have_nothing)
{
	struct ip_prefix p = prefix("10.0.0.0/8");
	struct arena *a = memory();
	struct wire_attrs attrs = {0};

	cr_expect(not(pol_set_has_prefix(pol_set_new_prefixes(a, "s", NULL, 0), &p)));
	cr_expect(not(pol_set_has_number(pol_set_new_numbers(a, "s", NULL, 0), 1)));
	cr_expect(not(pol_set_has_community(pol_set_new_communities(a, "s", NULL, 0), &attrs, 1)));
}

Test(set, communities_of_three_kinds)
{
	static const uint8_t plain[] = {0xfd, 0xe8, 0, 7, 0, 0, 0xfd, 0xe9},
			     large[] = {0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 0, 0, 0xfd, 0xe9};
	const struct pol_set_community
		any = {.len = 4, .value = {0xfd, 0xe8}, .mask = {0xff, 0xff}},
		exact = {.len = 4, .value = {0xfd, 0xe8, 0, 8}, .mask = {0xff, 0xff, 0xff, 0xff}},
		to_neighbor = {.len = 4, .mask = {0xff, 0xff}, .neighbor_as = {false, true}},
		large_one = {.len = 12,
			.value = {0, 0, 0xfd, 0xe8, 0, 0, 0, 1},
			.mask = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
			.neighbor_as = {false, false, true}};
	struct wire_attrs a = {.communities = {plain, sizeof plain},
		.large_communities = {large, sizeof large},
		.present = WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES) |
			   WIRE_ATTR_BIT(WIRE_ATTR_LARGE_COMMUNITIES)};
	struct arena *m = memory();
	const struct pol_set *neighbor = pol_set_new_communities(m, "s", &to_neighbor, 1),
			     *wide = pol_set_new_communities(m, "s", &large_one, 1);

	cr_expect(pol_set_has_community(pol_set_new_communities(m, "s", &any, 1), &a, 0));
	cr_expect(not(pol_set_has_community(pol_set_new_communities(m, "s", &exact, 1), &a, 0)));
	cr_expect(neighbor->needs_neighbor);
	cr_expect(pol_set_has_community(neighbor, &a, 65001));
	cr_expect(not(pol_set_has_community(neighbor, &a, 65002)));
	cr_expect(not(pol_set_has_community(neighbor, &a, 65001 + 65536)));
	cr_expect(pol_set_has_community(wide, &a, 65001));
	cr_expect(not(pol_set_has_community(wide, &a, 65002)));
	/* an attribute that is not there has no communities, whatever octets are left */
	a.present = 0;
	cr_expect(not(pol_set_has_community(wide, &a, 65001)));
}

Test(set, addresses_are_covered_whatever_the_prefix)
{
	const struct pol_set_prefix list[] = {
		{prefix("192.0.2.1/32"), 0, 0}, {prefix("198.51.100.0/24"), 24, 24}};
	const struct pol_set *s = pol_set_new_addresses(memory(), "routers", list, 2);
	const struct ip_addr in = ip_addr_v4(0xc0000201), out = ip_addr_v4(0xc0000202),
			     in_range = ip_addr_v4(0xc6336407);

	cr_expect(eq(int, s->kind, POL_SET_ADDRESSES));
	cr_expect(pol_set_has_address(s, &in));
	cr_expect(pol_set_has_address(s, &in_range));
	cr_expect(not(pol_set_has_address(s, &out)));
}

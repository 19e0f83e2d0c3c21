/* The policy that is built in. */
#include "bgpd/policy/hygiene.h"

#include "bgpd/policy/reject.h"
#include "bgpd/policy/set.h"
#include "lib/check.h"

#define PREFIX_LEN_MIN	8
#define PREFIX_LEN_MAX	24
#define PATH_MAX_LENGTH 64
#define COMMUNITIES_MAX 100

/* Each with all that is inside. */
static const struct pol_set *bogons_new(struct arena *a)
{
	static const struct {
		uint32_t addr;
		uint8_t len;
	} rows[] = {
		{0x00000000, 8},  /* 0.0.0.0/8 this network (RFC 1122) */
		{0x0a000000, 8},  /* 10.0.0.0/8 private (RFC 1918) */
		{0x64400000, 10}, /* 100.64.0.0/10 shared (RFC 6598) */
		{0x7f000000, 8},  /* 127.0.0.0/8 loopback (RFC 1122) */
		{0xa9fe0000, 16}, /* 169.254.0.0/16 link-local (RFC 3927) */
		{0xac100000, 12}, /* 172.16.0.0/12 private (RFC 1918) */
		{0xc0000000, 24}, /* 192.0.0.0/24 protocol assignments (RFC 6890) */
		{0xc0000200, 24}, /* 192.0.2.0/24 documentation (RFC 5737) */
		{0xc0a80000, 16}, /* 192.168.0.0/16 private (RFC 1918) */
		{0xc6120000, 15}, /* 198.18.0.0/15 benchmarks (RFC 2544) */
		{0xc6336400, 24}, /* 198.51.100.0/24 documentation (RFC 5737) */
		{0xcb007100, 24}, /* 203.0.113.0/24 documentation (RFC 5737) */
		{0xe0000000, 4},  /* 224.0.0.0/4 multicast (RFC 5771) */
		{0xf0000000,
			4}, /* 240.0.0.0/4 reserved (RFC 1112), with 255.255.255.255 (RFC 919) */
	};
	struct pol_set_prefix list[ARRAY_LEN(rows)];

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		list[i] = (struct pol_set_prefix){
			.prefix = {.addr = ip_addr_v4(rows[i].addr), .len = rows[i].len},
			.from = rows[i].len,
			.to = 32};
	return pol_set_new_prefixes(a, "bogons", list, ARRAY_LEN(list));
}

static const struct pol_set *bogon_as_new(struct arena *a)
{
	static const struct pol_set_range rows[] = {
		{0, 0},			  /* RFC 7607 */
		{23456, 23456},		  /* AS_TRANS: RFC 6793 9 */
		{64496, 64511},		  /* documentation: RFC 5398 */
		{64512, 65534},		  /* private: RFC 6996 */
		{65535, 65535},		  /* RFC 7300 */
		{65536, 65551},		  /* documentation: RFC 5398 */
		{4200000000, 4294967294}, /* private: RFC 6996 */
		{4294967295, 4294967295}, /* RFC 7300 */
	};

	return pol_set_new_numbers(a, "bogon-as", rows, ARRAY_LEN(rows));
}

static const struct hygiene_row {
	const char *name;
	struct pol_term term;
	enum pol_reject reason;
} hygiene_rows[] = {
	{"bogon", {.kind = POL_TERM_PREFIX}, POL_REJECT_BOGON},
	{"too-short", {.kind = POL_TERM_LENGTH, .from = 0, .to = PREFIX_LEN_MIN - 1},
		POL_REJECT_PREFIX_TOO_SHORT},
	{"too-long", {.kind = POL_TERM_LENGTH, .from = PREFIX_LEN_MAX + 1, .to = 32},
		POL_REJECT_PREFIX_TOO_LONG},
	{"as-path-too-long",
		{.kind = POL_TERM_AS_PATH_LENGTH, .from = PATH_MAX_LENGTH + 1, .to = UINT32_MAX},
		POL_REJECT_AS_PATH_TOO_LONG},
	{"bogon-as", {.kind = POL_TERM_AS_PATH}, POL_REJECT_BOGON_AS},
	{"first-as", {.kind = POL_TERM_FIRST_AS_IS_NEIGHBOR, .negate = true}, POL_REJECT_FIRST_AS},
	{"next-hop", {.kind = POL_TERM_NEXT_HOP_IS_NEIGHBOR, .negate = true}, POL_REJECT_NEXT_HOP},
	{"too-many-communities",
		{.kind = POL_TERM_COMMUNITY_COUNT, .from = COMMUNITIES_MAX + 1, .to = UINT32_MAX},
		POL_REJECT_TOO_MANY_COMMUNITIES},
};

const struct pol_program *pol_hygiene_new(struct arena *a)
{
	const unsigned n = ARRAY_LEN(hygiene_rows);
	const struct pol_set *bogons = bogons_new(a), *bogon_as = bogon_as_new(a);
	struct pol_rule *rules = arena_alloc(a, n * sizeof *rules);
	struct pol_term *terms = arena_alloc(a, n * sizeof *terms);
	struct pol_program *p = arena_alloc(a, sizeof *p);

	if (!bogons || !bogon_as || !rules || !terms || !p)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		const struct hygiene_row *row = &hygiene_rows[i];

		terms[i] = row->term;
		if (row->term.kind == POL_TERM_PREFIX)
			terms[i].set = bogons;
		if (row->term.kind == POL_TERM_AS_PATH)
			terms[i].set = bogon_as;
		rules[i] = (struct pol_rule){.name = row->name,
			.terms = &terms[i],
			.n_terms = 1,
			.action = POL_REJECT_ROUTE,
			.reason = (uint16_t)row->reason};
	}
	*p = (struct pol_program){.name = POL_HYGIENE_NAME,
		.rules = rules,
		.n_rules = n,
		.accept = true,
		.needs = pol_program_needs(rules, n)};
	return p;
}

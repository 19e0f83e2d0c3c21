/* Orders of a sender: each form of each, from whom it holds and from whom not, what beats what, and that nothing of them is sent on. */
#include "bgpd/policy/selective.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/policy/pattern.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "lib/text.h"
#include "tests/support/route.h"

#define RS	  65000u
#define RS_BIG	  4200000001u
#define PEER	  65102u
#define OTHER	  65103u
#define PEER_BIG  4200000102u
#define SENDER_AS 65101u
#define TEXT_MAX  512

/* A route with communities as text, one after the other: each 0, or where its octets stand. */
struct sent {
	struct test_attrs t;
	uint8_t of[3][64];
	uint16_t n[3];
};

static void sent_add(struct sent *s, const char *text)
{
	struct pol_set_community c;
	unsigned kind;

	cr_assert(pol_pattern_parse(text, &c), "%s", text);
	kind = c.len / 4u - 1;
	memcpy(s->of[kind] + s->n[kind], c.value, c.len);
	s->n[kind] = (uint16_t)(s->n[kind] + c.len);
}

static void sent_init(struct sent *s, const char *communities)
{
	static const uint32_t path[] = {SENDER_AS, 64500};
	char words[TEXT_MAX], *save = NULL;

	memset(s, 0, sizeof *s);
	test_attrs_init(&s->t, 0xc0000202, path, 2);
	snprintf(words, sizeof words, "%s", communities);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		sent_add(s, w);
	if (s->n[0])
		s->t.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
	if (s->n[1])
		s->t.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
	if (s->n[2])
		s->t.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LARGE_COMMUNITIES);
	s->t.a.communities = (struct wire_span){s->of[0], s->n[0]};
	s->t.a.ext_communities = (struct wire_span){s->of[1], s->n[1]};
	s->t.a.large_communities = (struct wire_span){s->of[2], s->n[2]};
}

/* "no", or the path and all communities that are left: "65101 64500 | 65000:7". */
static const char *told(uint32_t rs, uint32_t peer, const char *communities)
{
	static char out[TEXT_MAX * 4];
	char path[TEXT_MAX], list[3][TEXT_MAX] = {{0}};
	struct pol_subject who = {.family = WIRE_IPV4_UNICAST,
		.neighbor_as = peer,
		.local_as = rs,
		.exporting = true};
	struct arena a;
	struct sent s;

	sent_init(&s, communities);
	arena_init(&a, 1 << 20);
	const struct pol_program *p = pol_selective_new(&a, rs);
	cr_assert(ne(ptr, (void *)p, NULL));
	if (!pol_program_run(p, &who, &s.t.a, &a, NULL, NULL).accept) {
		arena_fini(&a);
		return "no";
	}
	wire_aspath_print(s.t.a.as_path, path, sizeof path);
	if (wire_attrs_has(&s.t.a, WIRE_ATTR_COMMUNITIES))
		wire_comm_print(s.t.a.communities, list[0], TEXT_MAX);
	if (wire_attrs_has(&s.t.a, WIRE_ATTR_EXT_COMMUNITIES))
		wire_extcomm_print(s.t.a.ext_communities, list[1], TEXT_MAX);
	if (wire_attrs_has(&s.t.a, WIRE_ATTR_LARGE_COMMUNITIES))
		wire_large_print(s.t.a.large_communities, list[2], TEXT_MAX);
	snprintf(out, sizeof out, "%s|%s%s%s", path, list[0], list[1], list[2]);
	arena_fini(&a);
	return out;
}

struct row {
	const char *communities, *peer, *other; /* what each is told */
};

static void expect_rows(const struct row *rows, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const char *got = told(RS, PEER, rows[i].communities);
		cr_expect(eq(str, (char *)got, (char *)rows[i].peer), "%s to PEER",
			rows[i].communities);
		got = told(RS, OTHER, rows[i].communities);
		cr_expect(eq(str, (char *)got, (char *)rows[i].other), "%s to OTHER",
			rows[i].communities);
	}
}

#define YES "65101 64500|"

Test(selective, to_whom)
{
	static const struct row rows[] = {
		{"", YES, YES},
		{"65000:0:65102", "no", YES},
		{"0:65102", "no", YES},
		{"rt:0:65102", "no", YES},
		{"soo:0:65102", "no", YES},
		{"65000:0:0", "no", "no"},
		{"0:65000", "no", "no"},
		{"rt:0:65000", "no", "no"},
		{"soo:0:65000", "no", "no"},
		{"65000:0:0 65000:1:65102", YES, "no"},
		{"0:65000 65000:65102", YES, "no"},
		{"rt:0:65000 rt:65000:65102", YES, "no"},
		{"soo:0:65000 soo:65000:65102", YES, "no"},
		{"0:65000 65000:1:65102", YES, "no"},
		{"65000:0:0 65000:1:0", "no", "no"},
		{"65000:1:0", YES, YES},
		{"65000:65000", YES, YES},
		{"rt:65000:65000", YES, YES},
		{"65000:1:65102 65000:0:65102", "no", YES},
		{"65000:65102 0:65102", "no", YES},
		/* somebody else's, and what is no order */
		{"65009:0:65102", YES "65009:0:65102", YES "65009:0:65102"},
		{"65009:65102", YES "65009:65102", YES "65009:65102"},
		{"65000:2:65102", YES "65000:2:65102", YES "65000:2:65102"},
		{"rt:65009:65102", YES "rt:65009:65102", YES "rt:65009:65102"},
	};

	expect_rows(rows, ARRAY_LEN(rows));
}

Test(selective, prepends)
{
	static const struct row rows[] = {
		{"65000:101:65102", "65101 65101 64500|", YES},
		{"65000:102:65102", "65101 65101 65101 64500|", YES},
		{"65000:103:65102", "65101 65101 65101 65101 64500|", YES},
		{"65000:101:0", "65101 65101 64500|", "65101 65101 64500|"},
		{"65000:102:0", "65101 65101 65101 64500|", "65101 65101 65101 64500|"},
		{"65000:103:0", "65101 65101 65101 65101 64500|", "65101 65101 65101 65101 64500|"},
		/* more beats less, the client beats all */
		{"65000:101:65102 65000:103:65102", "65101 65101 65101 65101 64500|", YES},
		{"65000:101:65102 65000:102:65102", "65101 65101 65101 64500|", YES},
		{"65000:103:0 65000:101:65102", "65101 65101 64500|",
			"65101 65101 65101 65101 64500|"},
		{"65000:101:0 65000:102:0", "65101 65101 65101 64500|", "65101 65101 65101 64500|"},
		{"65000:101:65102 65000:0:0 65000:1:65102", "65101 65101 64500|", "no"},
		{"65009:101:65102", YES "65009:101:65102", YES "65009:101:65102"},
	};

	expect_rows(rows, ARRAY_LEN(rows));
}

Test(selective, nothing_of_it_is_sent_on)
{
	const char *all =
		"65000:0:65103 65000:1:65102 65000:101:65103 65000:1101:3 0:65103 65000:65102 "
		"rt:0:65103 rt:65000:65102 soo:0:65103 65001:7 65000:1000:1 rt:65001:7 blackhole";

	cr_expect(eq(
		str, (char *)told(RS, PEER, all), YES "65001:7 blackholert:65001:765000:1000:1"));
}

Test(selective, numbers_of_four_octets)
{
	/* the client's: by large communities and rt:, and the two octets below are nobody */
	cr_expect(eq(str, (char *)told(RS, PEER_BIG, "65000:0:4200000102"), "no"));
	cr_expect(eq(str, (char *)told(RS, PEER_BIG, "rt:0:4200000102"), "no"));
	cr_expect(eq(str, (char *)told(RS, PEER_BIG, "65000:0:0 65000:1:4200000102"), YES));
	cr_expect(
		eq(str, (char *)told(RS, PEER_BIG, "65000:101:4200000102"), "65101 65101 64500|"));
	cr_expect(eq(str, (char *)told(RS, PEER_BIG, "0:59494"), YES), "4200000102 & 0xffff");
	/* ours: what has no room for it is no order, and does no harm */
	cr_expect(eq(str, (char *)told(RS_BIG, PEER, "4200000001:0:65102"), "no"));
	cr_expect(eq(str, (char *)told(RS_BIG, PEER, "4200000001:0:0"), "no"));
	cr_expect(eq(str, (char *)told(RS_BIG, PEER, "0:65102"), "no"));
	cr_expect(eq(str, (char *)told(RS_BIG, PEER, "59393:65102"), YES "59393:65102"));
}

Test(selective, needs)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	const struct pol_program *p = pol_selective_new(&a, RS);
	cr_assert(ne(ptr, (void *)p, NULL));
	cr_expect(eq(uint, p->needs, POL_NEEDS_NEIGHBOR | POL_NEEDS_EDIT));
	arena_fini(&a);
	arena_init(&a, 64);
	cr_expect(eq(ptr, (void *)pol_selective_new(&a, RS), NULL), "a full arena");
	arena_fini(&a);
}

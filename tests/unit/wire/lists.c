/* AS paths, community lists, families and names: what is asked of decoded values. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/fault.h"
#include "tests/support/vectors.h"

static struct wire_span span_of(const char *hex, uint8_t *buf, size_t cap)
{
	int n = vector_parse_hex(hex, buf, cap);

	cr_assert_geq(n, 0);
	return (struct wire_span){n ? buf : NULL, (uint16_t)n};
}

Test(aspath, facts_of_a_path)
{
	static const struct {
		const char *hex, *text;
		unsigned length;
		uint32_t first, origin;
		bool has_7;
	} rows[] = {
		{"", "", 0, 0, 0, false},
		{"0201 00000007", "7", 1, 7, 7, true},
		{"0202 00000001 fa56ea00", "1 4200000000", 2, 1, 4200000000, false},
		{"0102 00000007 00000008", "{7 8}", 1, 0, 0, true},
		{"0201 00000001 0102 00000007 00000008", "1 {7 8}", 2, 1, 0, true},
		{"0302 00000007 00000008 0201 00000001", "(7 8) 1", 1, 0, 1, true},
		{"0402 00000001 00000002 0102 00000003 00000004 0201 00000005", "[1 2] {3 4} 5", 2,
			0, 5, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t buf[128];
		char text[128];
		struct wire_span p = span_of(rows[i].hex, buf, sizeof(buf));

		cr_expect_str_eq(wire_aspath_print(p, text, sizeof(text)), rows[i].text);
		cr_expect_eq(wire_aspath_length(p), rows[i].length, "%s", rows[i].text);
		cr_expect_eq(wire_aspath_first(p), rows[i].first, "%s", rows[i].text);
		cr_expect_eq(wire_aspath_origin(p), rows[i].origin, "%s", rows[i].text);
		cr_expect_eq(wire_aspath_contains(p, 7), rows[i].has_7, "%s", rows[i].text);
	}
}

Test(aspath, prepend)
{
	static const struct {
		const char *hex;
		unsigned n;
		const char *text;
	} rows[] = {
		{"", 0, ""},
		{"", 2, "9 9"},
		{"0201 00000007", 0, "7"},
		{"0201 00000007", 1, "9 7"},
		{"0101 00000007", 1, "9 {7}"},
		{"0301 00000007", 3, "9 9 9 (7)"},
	};
	struct arena arena;

	arena_init(&arena, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t buf[64];
		char text[64];
		struct wire_span p = span_of(rows[i].hex, buf, sizeof(buf));

		p = wire_aspath_prepend(p, 9, rows[i].n, &arena);
		cr_expect_str_eq(wire_aspath_print(p, text, sizeof(text)), rows[i].text);
	}
	arena_fini(&arena);
}

/* A segment holds 255: what is more stands in segments of its own, and every number is there. */
Test(aspath, prepend_across_the_end_of_a_segment)
{
	static const unsigned counts[] = {1, 254, 255, 256, 510, 511, 1000};
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		for (size_t j = 0; j < sizeof(counts) / sizeof(counts[0]); j++) {
			struct wire_span p = {0};
			p = wire_aspath_prepend(p, 1, counts[i], &arena);
			p = wire_aspath_prepend(p, 2, counts[j], &arena);
			cr_expect_eq(wire_aspath_length(p), counts[i] + counts[j]);
			cr_expect_eq(wire_aspath_first(p), 2);
			cr_expect_eq(wire_aspath_origin(p), 1);
			cr_expect_neq(p.p[1], 0);
		}
	arena_fini(&arena);
}

Test(aspath, prepend_into_a_full_arena)
{
	struct arena arena;

	arena_init(&arena, 5);
	struct wire_span p = wire_aspath_prepend((struct wire_span){0}, 1, 1, &arena);
	cr_assert(p.p == NULL && p.len == 0);
	arena_fini(&arena);
}

Test(comm, lists)
{
	uint8_t buf[128];
	char s[128];
	struct wire_span c = span_of("ffffff01 ffffff02 ffffff03 fde80001", buf, sizeof(buf));

	cr_assert_eq(wire_comm_count(c), 4);
	cr_assert_eq(wire_comm_at(c, 3), 0xfde80001);
	cr_assert(wire_comm_has(c, WIRE_COMM_NO_ADVERTISE));
	cr_assert_not(wire_comm_has(c, 1));
	cr_assert_str_eq(wire_comm_print(c, s, sizeof(s)),
		"no-export no-advertise no-export-subconfed 65000:1");
	c = span_of("ffff0000 ffff029a ffff0006 ffff0007 ffffff04", buf, sizeof(buf));
	cr_assert_str_eq(wire_comm_print(c, s, sizeof(s)),
		"graceful-shutdown blackhole llgr-stale no-llgr no-peer");
	c = span_of("0002fde800000065 0003fde800000066 0102c00002010005 030b000000000001", buf,
		sizeof(buf));
	cr_assert_eq(wire_extcomm_count(c), 4);
	cr_assert_eq(wire_extcomm_at(c, 2), 0x0102c00002010005);
	cr_assert_str_eq(wire_extcomm_print(c, s, sizeof(s)),
		"rt:65000:101 soo:65000:102 rt:192.0.2.1:5 0x030b000000000001");
	c = span_of("0000fbf0 00000001 00000002 ffffffff 00000000 ffffffff", buf, sizeof(buf));
	cr_assert_str_eq(wire_large_print(c, s, sizeof(s)), "64496:1:2 4294967295:0:4294967295");
	c = (struct wire_span){0};
	cr_assert_str_eq(wire_comm_print(c, s, sizeof(s)), "");
	cr_assert_str_eq(wire_large_print(c, s, sizeof(s)), "");
}

/* Whatever the room, the text is terminated, within it, and says that it was cut. */
Test(comm, printing_is_cut_with_dots)
{
	uint8_t buf[128];
	struct wire_span comm = span_of("ffffff01 fde80001 fde80002", buf, sizeof(buf));
	const char *full = "no-export 65000:1 65000:2";

	for (size_t cap = 4; cap < 40; cap++) {
		char s[48];
		memset(s, 'x', sizeof(s));
		wire_comm_print(comm, s, cap);
		cr_expect_eq(s[cap], 'x');
		if (cap > strlen(full)) {
			cr_expect_str_eq(s, full);
		} else {
			cr_expect_eq(strlen(s), cap - 1);
			cr_expect_str_eq(s + cap - 4, "...");
		}
	}
	struct wire_span path = span_of("0203 00000001 00000002 00000003", buf, sizeof(buf));
	char s[5];
	cr_expect_str_eq(wire_aspath_print(path, s, sizeof(s)), "1...");
}

Test(family, rows)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		const struct wire_family_desc *d = wire_family_get(f);
		cr_expect_eq(wire_family_find(d->afi, d->safi), f);
		cr_expect_eq(wire_family_parse(d->name), f);
	}
	cr_expect_eq(wire_family_find(2, 1), WIRE_FAMILIES);
	cr_expect_eq(wire_family_find(1, 129), WIRE_FAMILIES);
	cr_expect_eq(wire_family_parse("vpnv6"), WIRE_FAMILIES);
}

Test(fault, the_stronger_stays_and_data_is_cut)
{
	struct wire_fault a, b;
	uint8_t data[100] = {1, 2, 3};

	wire_fault_set(&a, WIRE_WITHDRAW, 3, 5, "first");
	wire_fault_set(&b, WIRE_WITHDRAW, 3, 6, "second");
	wire_fault_raise(&a, &b);
	cr_expect_eq(a.subcode, 5);
	b.action = WIRE_RESET;
	wire_fault_raise(&a, &b);
	cr_expect_eq(a.subcode, 6);
	wire_fault_add_data(&a, data, 3);
	wire_fault_add_data(&a, data, sizeof(data));
	cr_expect_eq(a.data_len, WIRE_FAULT_DATA_MAX);
	cr_expect_eq(a.data[3], 1);
}

#include <criterion/criterion.h>

#include <inttypes.h>

#include "bgpd/wire/rd.h"

static const struct {
	const char *text;
	uint64_t rd, rt;
	const char *back; /* NULL: the same */
} forms[] = {
	{"65000:1", 0x0000fde800000001, 0x0002fde800000001, NULL},
	{"0:0", 0, 0x0002000000000000, NULL},
	{"65535:4294967295", 0x0000ffffffffffff, 0x0002ffffffffffff, NULL},
	{"192.0.2.1:1", 0x0001c00002010001, 0x0102c00002010001, NULL},
	{"255.255.255.255:65535", 0x0001ffffffffffff, 0x0102ffffffffffff, NULL},
	{"4200000000:1", 0x0002fa56ea000001, 0x0202fa56ea000001, NULL},
	{"65536:65535", 0x000200010000ffff, 0x020200010000ffff, NULL},
	{"65000L:1", 0x00020000fde80001, 0x02020000fde80001, NULL},
	{"4200000000L:1", 0x0002fa56ea000001, 0x0202fa56ea000001, "4200000000:1"},
};

Test(rd, text_forms_go_to_octets_and_back)
{
	char s[WIRE_RD_STRLEN];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *back = forms[i].back ? forms[i].back : forms[i].text;
		uint64_t rd = 1, rt = 1;

		cr_expect(wire_rd_parse(forms[i].text, &rd), "%s", forms[i].text);
		cr_expect_eq(rd, forms[i].rd, "%s: %016" PRIx64, forms[i].text, rd);
		cr_expect_str_eq(wire_rd_print(rd, s), back);
		cr_expect(wire_rt_parse(forms[i].text, &rt), "%s", forms[i].text);
		cr_expect_eq(rt, forms[i].rt, "%s: %016" PRIx64, forms[i].text, rt);
		cr_expect_str_eq(wire_rt_print(rt, s), back);
		cr_expect(wire_rt_is(rt));
	}
}

Test(rd, wrong_text_is_refused_and_leaves_the_value)
{
	static const char *const bad[] = {"", ":", "65000", "65000:", ":1", "65000:1:1", "65000 :1",
		" 65000:1", "65000:1 ", "-1:1", "4294967296:1", "65536:65536", "65000:4294967296",
		"192.0.2.1:65536", "192.0.2:1", "192.0.2.256:1", "65000L:65536", "L:1", "65000l:1",
		"65000LL:1", "::1:1", "0x1:1", "1.5:1", "99999999999999999999999999:1"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t v = 42;
		cr_expect_not(wire_rd_parse(bad[i], &v), "%s", bad[i]);
		cr_expect_not(wire_rt_parse(bad[i], &v), "%s", bad[i]);
		cr_expect_eq(v, 42);
	}
}

Test(rd, what_is_no_route_target_is_hexadecimal)
{
	static const uint64_t other[] = {0x0003fde800000001, 0x4002fde800000001, 0x0302fde800000001,
		0x8002fde800000001, 0x030b000000000000};
	char s[WIRE_RD_STRLEN];

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		cr_expect_not(wire_rt_is(other[i]));
	cr_expect_str_eq(wire_rt_print(other[0], s), "0x0003fde800000001");
	cr_expect_str_eq(wire_rd_print(0x0003fde800000001, s), "0x0003fde800000001");
}

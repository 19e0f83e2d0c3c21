#include <criterion/criterion.h>

#include "lib/prefix.h"

Test(addr, text_forms)
{
	static const struct {
		const char *text, *back; /* NULL: refused */
	} rows[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"2001:DB8::1", "2001:db8::1"},
		{"::", "::"},
		{"", NULL},
		{"192.0.2", NULL},
		{"192.0.2.256", NULL},
		{"192.0.2.1 ", NULL},
		{" 192.0.2.1", NULL},
		{"192.0.2.1/32", NULL},
		{"192.0.2.01", NULL},
		{"2001:db8::1::", NULL},
		{"host", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ip_addr a = {.af = 77};
		char s[IP_ADDR_STRLEN];
		bool ok = ip_addr_parse(rows[i].text, &a);

		cr_expect_eq(ok, rows[i].back != NULL, "%s", rows[i].text);
		if (ok)
			cr_expect_str_eq(ip_addr_print(&a, s), rows[i].back);
		else
			cr_expect_eq(a.af, 77, "%s: left alone", rows[i].text);
	}
}

Test(addr, order_and_numbers)
{
	struct ip_addr low = ip_addr_v4(0x7f000001), high = ip_addr_v4(0xc0000201), six, none = {0};
	char s[IP_ADDR_STRLEN];

	cr_assert(ip_addr_parse("::1", &six));
	cr_assert_lt(ip_addr_cmp(&low, &high), 0, "by value, not as signed octets");
	cr_assert_gt(ip_addr_cmp(&high, &low), 0);
	cr_assert_lt(ip_addr_cmp(&high, &six), 0, "IPv4 before IPv6");
	cr_assert(ip_addr_equal(&low, &low) && !ip_addr_equal(&low, &high));
	cr_assert_eq(ip_addr_get_v4(&high), 0xc0000201);
	cr_assert_eq(ip_addr_get_v4(&six), 0);
	cr_assert_str_eq(ip_addr_print(&none, s), "-");
}

Test(addr, martians)
{
	static const char *const martian[] = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255",
		"224.0.0.1", "239.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "ff02::1"};
	static const char *const good[] = {"1.0.0.0", "126.255.255.255", "128.0.0.0",
		"223.255.255.255", "10.0.0.1", "::2", "fe80::1", "2001:db8::1"};
	struct ip_addr a;

	for (size_t i = 0; i < sizeof(martian) / sizeof(martian[0]); i++)
		cr_expect(
			ip_addr_parse(martian[i], &a) && ip_addr_is_martian(&a), "%s", martian[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(ip_addr_parse(good[i], &a) && !ip_addr_is_martian(&a), "%s", good[i]);
	a = (struct ip_addr){0};
	cr_expect(ip_addr_is_martian(&a));
}

Test(prefix, text_forms)
{
	static const struct {
		const char *text;
		bool ok, host_bits;
	} rows[] = {
		{"0.0.0.0/0", true, false},
		{"10.0.0.0/8", true, false},
		{"192.0.2.1/32", true, false},
		{"192.0.2.128/25", true, false},
		{"2001:db8::/32", true, false},
		{"192.0.2.1/24", false, true},
		{"128.0.0.0/0", false, true},
		{"2001:db8::1/64", false, true},
		{"192.0.2.0", false, false},
		{"192.0.2.0/", false, false},
		{"192.0.2.0/33", false, false},
		{"192.0.2.0/-1", false, false},
		{"192.0.2.0/24 ", false, false},
		{"192.0.2.0/0x8", false, false},
		{"2001:db8::/129", false, false},
		{"/24", false, false},
		{"1111111111111111111111111111111111111111111111111111111/8", false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ip_prefix p;
		char s[IP_PREFIX_STRLEN];
		bool host_bits = !rows[i].host_bits;
		bool ok = ip_prefix_parse(rows[i].text, &p, &host_bits);

		cr_expect_eq(ok, rows[i].ok, "%s", rows[i].text);
		cr_expect_eq(host_bits, rows[i].host_bits, "%s", rows[i].text);
		if (ok)
			cr_expect_str_eq(ip_prefix_print(&p, s), rows[i].text);
	}
}

/* Against arithmetic on the whole number, for every length. */
Test(prefix, mask_and_contains_at_every_length)
{
	const uint32_t addr = 0xa5c35a3c;

	for (unsigned len = 0; len <= 32; len++) {
		uint32_t mask = len ? UINT32_MAX << (32 - len) : 0;
		struct ip_prefix p = {.addr = ip_addr_v4(addr), .len = (uint8_t)len};

		ip_prefix_mask(&p);
		cr_expect_eq(ip_addr_get_v4(&p.addr), addr & mask, "/%u", len);
		for (unsigned bit = 0; bit < 32; bit++) {
			struct ip_addr other = ip_addr_v4(addr ^ UINT32_C(1) << (31 - bit));
			cr_expect_eq(
				ip_prefix_contains(&p, &other), bit >= len, "/%u bit %u", len, bit);
		}
	}
	struct ip_addr six = {.af = IP_V6};
	struct ip_prefix all = {.addr = ip_addr_v4(0)};
	cr_expect_not(ip_prefix_contains(&all, &six));
}

/* Communities as text, against their octets. */
#include "bgpd/policy/pattern.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "lib/check.h"

/* "0000fde8 ffffffff": value and mask in hex, without the octets behind len; a trailing digit a field of the neighbour's AS. */
static void print(const struct pol_set_community *c, char out[80])
{
	int n = 0;

	for (unsigned i = 0; i < c->len; i++)
		n += sprintf(out + n, "%02x", c->value[i]);
	n += sprintf(out + n, " ");
	for (unsigned i = 0; i < c->len; i++)
		n += sprintf(out + n, "%02x", c->mask[i]);
	for (unsigned f = 0; f < 3; f++)
		n += c->neighbor_as[f] ? sprintf(out + n, " %u", f) : 0;
}

Test(pattern, each_form)
{
	static const struct {
		const char *text, *want;
		bool exact;
	} rows[] = {
		{"65000:7", "fde80007 ffffffff", true},
		{"0:0", "00000000 ffffffff", true},
		{"65000:*", "fde80000 ffff0000", false},
		{"*:*", "00000000 00000000", false},
		{"65000:peer-as", "fde80000 ffff0000 1", true},
		{"peer-as:1", "00000001 0000ffff 0", true},
		{"no-export", "ffffff01 ffffffff", true},
		{"blackhole", "ffff029a ffffffff", true},
		{"65000:1:2", "0000fde80000000100000002 ffffffffffffffffffffffff", true},
		{"4294967295:*:peer-as", "ffffffff0000000000000000 ffffffff0000000000000000 2",
			false},
		{"rt:65000:1", "0002fde800000001 ffffffffffffffff", true},
		{"soo:65000:1", "0003fde800000001 ffffffffffffffff", true},
		{"rt:192.0.2.1:1", "0102c00002010001 ffffffffffffffff", true},
		{"rt:4200000000:1", "0202fa56ea000001 ffffffffffffffff", true},
		{"rt:65000:*", "0002fde800000000 ffffffff00000000", false},
		{"rt:65000:peer-as", "0002fde800000000 ffffffff00000000 1", true},
	};
	struct pol_set_community c;
	char text[80];

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		cr_assert(pol_pattern_parse(rows[i].text, &c), "%s", rows[i].text);
		print(&c, text);
		cr_expect(eq(str, text, (char *)rows[i].want), "%s", rows[i].text);
		cr_expect(eq(int, pol_pattern_is_exact(&c), rows[i].exact), "%s", rows[i].text);
	}
}

Test(pattern, what_is_none)
{
	static const char *const rows[] = {"", ":", "65000", "65000:", ":1", "65536:1", "1:65536",
		"1:2:3:4", "1:2:", "1:2:4294967296", "rt:", "rt:1", "rt:1:2:3", "rt:x:1", "rt:*",
		"soo:70000:*", "-1:1", " 1:1", "1:1 ", "1:**", "1:peer-a", "no-exports",
		"12345678901:1"};
	struct pol_set_community c;

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		cr_expect(not(pol_pattern_parse(rows[i], &c)), "\"%s\"", rows[i]);
}

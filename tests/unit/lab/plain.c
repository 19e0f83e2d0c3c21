/* Which words without quotes are strings for every reader of YAML. */
#include <criterion/criterion.h>

#include "lab/plain.h"

Test(plain, strings)
{
	static const char *const yes[] = {"pe1", "172.16.1.0/24", "10.255.0.1", "vrf-a", "eth0.20",
		"0.0.0.0/0", "one two", "a:b", "1.2.3", "65000:101 65000:102", "1e", "0xg", "-",
		".", "+", "1:60", "x1", "2026-11", "12-1-1", "yess", "nullable", "5 apples", "::1",
		"1:2:x", "_", "-x"};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		cr_expect(lab_plain_is_text(yes[i]), "%s", yes[i]);
}

Test(plain, others)
{
	static const char *const no[] = {"0", "5", "-5", "+5", "1_000", "1.5", ".5", "5.", "1e3",
		"1.5e-3", "0x1f", "0o17", "0b11", "65000:1", "1:30", "1:30:59", "-190:20:30.15",
		".inf", "-.INF", ".NaN", "~", "null", "Null", "true", "False", "yes", "NO", "on",
		"Off", "<<", "=", "2026-11-21", "2026-1-1", "2026-11-21T10:00:00Z"};

	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		cr_expect_not(lab_plain_is_text(no[i]), "%s", no[i]);
}

/* What `ravelin mrt updates` reads: its own options, and where records end. */
#include <criterion/criterion.h>

#include "cli/mrt_updates.h"

Test(cli_mrt, how_long_a_file_is)
{
	static const struct {
		const char *text;
		unsigned seconds;
	} rows[] = {{"15m", 900}, {"90s", 90}, {"1h", 3600}, {"24h", 86400}, {"1440m", 86400},
		{"25h", 0}, {"0m", 0}, {"m", 0}, {"15", 0}, {"15x", 0}, {"-1m", 0}, {"1mm", 0},
		{"99999999999999999999s", 0}, {"", 0}, {" 5m", 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_assert_eq(mrt_rotate_parse(rows[i].text), rows[i].seconds, "%s", rows[i].text);
}

Test(cli_mrt, a_record_is_taken_when_it_is_whole)
{
	static const uint8_t two[] = {0x5f, 0, 0, 1, 0, 17, 0, 4, 0, 0, 0, 3, 1, 2, 3, 0x5f, 0, 0,
		2, 0, 17, 0, 5, 0, 0, 0, 0};
	static const uint8_t vast[] = {0, 0, 0, 1, 0, 17, 0, 4, 0xff, 0xff, 0xff, 0xff, 1};
	uint32_t at_s = 0;

	for (size_t n = 0; n < sizeof(two); n++)
		cr_assert_eq(mrt_record_split(two, n, &at_s), n < 15 ? 0u : 15u);
	cr_assert_eq(at_s, 0x5f000001u);
	cr_assert_eq(mrt_record_split(two + 15, sizeof(two) - 15, &at_s), 12u);
	cr_assert_eq(at_s, 0x5f000002u);
	cr_assert_eq(mrt_record_split(vast, sizeof(vast), &at_s), 0u);
}

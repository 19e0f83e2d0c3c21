/* RFC 4648 10's vectors both ways, every octet, and what is no base64. */
#include <criterion/criterion.h>
#include <string.h>

#include "lib/base64.h"

Test(base64, vectors)
{
	static const char *const rows[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}};
	uint8_t back[8];
	char out[16];

	for (size_t i = 0; i < 7; i++) {
		size_t n = strlen(rows[i][0]);

		cr_expect_eq(base64_print(out, (const uint8_t *)rows[i][0], n), strlen(rows[i][1]));
		cr_expect_str_eq(out, rows[i][1]);
		cr_expect_eq(base64_parse(back, sizeof back, out), (long)n);
		cr_expect(!memcmp(back, rows[i][0], n));
	}
}

Test(base64, every_octet)
{
	uint8_t in[257], back[257];
	char out[BASE64_LEN(257) + 1];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)i;
	for (size_t n = 0; n <= sizeof in; n++) {
		cr_assert_eq(base64_print(out, in, n), BASE64_LEN(n));
		cr_assert_eq(base64_parse(back, n, out), (long)n);
		cr_assert(!memcmp(in, back, n));
	}
}

Test(base64, refused)
{
	static const char *const rows[] = {"Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zm9v\n",
		"Zm 9v", "Zm9-", "Zh==" /* bits that hang over */, "Zm9=", "=m9v", "Z=9v"};
	uint8_t out[16];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(base64_parse(out, sizeof out, rows[i]), -1, "%s", rows[i]);
	cr_expect_eq(base64_parse(out, 2, "Zm9v"), -1, "more than there is room for");
	cr_expect_eq(base64_parse(out, 3, "Zm9v"), 3);
}

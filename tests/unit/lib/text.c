#include <criterion/criterion.h>
#include <string.h>

#include "lib/text.h"

Test(text, numbers_are_strict)
{
	uint64_t v = 7;

	cr_assert(text_parse_u64("65535", 65535, &v) && v == 65535);
	const char *bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "65536", "99999999999999999999999"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_assert_not(text_parse_u64(bad[i], 65535, &v), "%s", bad[i]);
	cr_assert(text_parse_u64("18446744073709551615", UINT64_MAX, &v) && v == UINT64_MAX);
}

Test(text, did_you_mean_finds_near_words_only)
{
	const char *words[] = {"import", "export", "neighbors", "routes"};

	cr_assert_str_eq(text_nearest("imports", words, 4), "import");
	cr_assert_str_eq(text_nearest("neighbours", words, 4), "neighbors");
	cr_assert_null(text_nearest("xyzzy", words, 4));
}

Test(text, builder_never_passes_its_end_and_escapes)
{
	char s[16];
	struct text t = text_of(s, sizeof(s));

	text_add_escaped(&t, "a\n\"b", 4);
	cr_assert_str_eq(s, "a\\x0a\\\"b");
	text_add(&t, "%s", "more than will fit");
	cr_assert(t.full);
	cr_assert_eq(t.len, 15);
}

/* U+009B begins a terminal's command as ESC [ does, U+202E turns what follows round; an umlaut and a dash stay. */
Test(text, what_a_terminal_would_obey_is_escaped)
{
	char s[128];
	struct text t = text_of(s, sizeof(s));
	const char *in = "a\xc2\x9b"
			 "2J\x1b[m \xe2\x80\xae"
			 "b\xe2\x81\xa6 \xc3\xbc\xe2\x80\x93\xc2";

	text_add_escaped(&t, in, strlen(in));
	cr_assert_str_eq(s, "a\\xc2\\x9b2J\\x1b[m \\xe2\\x80\\xaeb\\xe2\\x81\\xa6 "
			    "\xc3\xbc\xe2\x80\x93\xc2");
}

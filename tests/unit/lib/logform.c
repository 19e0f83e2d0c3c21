#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lib/logform.h"

#define LINE "2026-11-21T10:00:00.123Z level=warn proc=bgpd event=session_down"

static void check(enum log_format format, const char *line, const char *want)
{
	char out[1024];
	size_t n = log_form(format, LOG_WARN_, line, out, sizeof(out));

	cr_expect_str_eq(out, want);
	cr_expect_eq(n, strlen(want));
}

#define HEAD                                                                                       \
	"{\"time\":\"2026-11-21T10:00:00.123Z\",\"level\":\"warn\",\"proc\":\"bgpd\",\"event\":"   \
	"\"session_down\""

Test(logform, each_form_has_all_of_it)
{
	check(LOG_LOGFMT, LINE " peer=a", LINE " peer=a");
	check(LOG_JOURNAL, LINE " peer=a", "<4>level=warn proc=bgpd event=session_down peer=a");
	check(LOG_JSON, LINE " peer=a as=65001 up=false since=10.0.0.1",
		HEAD ",\"peer\":\"a\",\"as\":65001,\"up\":false,\"since\":\"10.0.0.1\"}");
	check(LOG_JSON, LINE, HEAD "}");
}

Test(logform, what_was_quoted_is_a_string_and_what_was_escaped_stays_so)
{
	check(LOG_JSON, LINE " as=\"65001\" reason=\"hold timer, \\\"x\\\" \\\\ \\x1b[2J\" more=1",
		HEAD ",\"as\":\"65001\",\"reason\":\"hold timer, \\\"x\\\" \\\\ "
		     "\\\\x1b[2J\",\"more\":1}");
	check(LOG_JSON, LINE " id=007 big=1234567890123456 zero=0 path=\"\" lone",
		HEAD ",\"id\":\"007\",\"big\":\"1234567890123456\",\"zero\":0,\"path\":\"\","
		     "\"lone\":true}");
	check(LOG_JSON, LINE " open=\"never ends", HEAD ",\"open\":\"never ends\"}");
}

/* A line that does not fit loses pairs, never its end. */
Test(logform, what_is_cut_is_json_all_the_same)
{
	char line[2048] = LINE, out[1024];

	for (unsigned i = 0; strlen(line) < sizeof(line) - 32; i++)
		snprintf(line + strlen(line), 32, " k%u=\"\\\\\\\"\"", i);
	for (size_t cap = 200; cap <= sizeof(out); cap++) {
		size_t n = log_form(LOG_JSON, LOG_INFO_, line, out, cap);
		cr_assert_lt(n, cap);
		cr_assert(out[n - 1] == '}' && out[n - 2] == '"', "%zu: %s", cap, out + n - 10);
	}
}

Test(logform, names)
{
	enum log_format f;

	cr_expect(log_format_parse("json", &f) && f == LOG_JSON);
	cr_expect(log_format_parse("journal", &f) && f == LOG_JOURNAL);
	cr_expect_not(log_format_parse("syslog", &f));
}

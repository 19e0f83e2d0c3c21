/* What becomes of text on its way: cut into columns, painted, split into words. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/colour.h"
#include "cli/shell.h"
#include "cli/table.h"

Test(output, a_table_is_no_wider_than_a_terminal_where_cells_may_be_cut)
{
	static const char *const heads[] = {"KEY", "~LONG", ">NUMBER", "~LAST"};
	char *text = NULL, *line, *rest = NULL;
	struct cli_table *t = cli_table_new(heads, 4);
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	for (int i = 0; i < 3; i++) {
		cli_table_add(t, "a-key-that-stays");
		cli_table_addf(t, "%0*d", 20 * i + 1, i);
		cli_table_add(t, "12");
		cli_table_add(t, i == 2 ? "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 and "
					  "many more words "
					  "than there is room for, by far"
					: "short");
	}
	cli_table_print(t, f);
	cli_table_free(t);
	fclose(f);
	cr_expect(strstr(text, "a-key-that-stays  0") && strstr(text, "~\n"), "%s", text);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		int n = 0;
		for (const char *p = line; *p; p++)
			n += ((unsigned char)*p & 0xc0) != 0x80;
		cr_expect_leq(n, CLI_WIDTH, "%s", line);
	}
	free(text);
}

Test(output, lists_are_in_order_and_numbers_count)
{
	json_t *list = json_loads("[{\"n\":\"eth10\"},{\"n\":\"eth2\"},3,{\"n\":\"a\",\"m\":\"2\"},"
				  "{\"n\":\"a\",\"m\":\"1\"}]",
		0, NULL);
	json_t *sorted = cli_sorted(list, "n", "m");
	char *text = json_dumps(sorted, JSON_COMPACT);

	cr_expect_str_eq(text,
		"[3,{\"n\":\"a\",\"m\":\"1\"},{\"n\":\"a\",\"m\":\"2\"},{\"n\":\"eth2\"},"
		"{\"n\":\"eth10\"}]");
	cr_expect_null(cli_sorted(NULL, "n", "m"));
	free(text);
	json_decref(sorted);
	json_decref(list);
}

Test(output, states_are_painted_and_nothing_else)
{
	static const struct {
		const char *text, *painted;
	} rows[] = {
		{"", ""},
		{"pe2  Established 3\n", "pe2  \033[32mEstablished\033[0m 3\n"},
		{"Idle (admin)", "\033[31mIdle\033[0m (admin)"},
		{"NotIdle opened\n\n", "NotIdle opened\n\n"},
		{"NEIGHBOR  VRF\n", "\033[1mNEIGHBOR  VRF\033[0m\n"},
		{"VRF\n", "VRF\n"},
		{"AS 65000  X\n", "AS 65000  X\n"},
		{"   open\nopen", "   \033[32mopen\033[0m\n\033[32mopen\033[0m"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *painted = cli_colour(rows[i].text);
		cr_expect_str_eq(painted, rows[i].painted, "row %zu: %s", i, painted);
		free(painted);
	}
}

Test(output, a_line_is_split_at_blanks_but_not_in_quotes)
{
	static const struct {
		const char *line;
		int n;
		const char *words[4];
	} rows[] = {
		{"", 0, {NULL}},
		{"  \t ", 0, {NULL}},
		{"show bgp", 2, {"show", "bgp"}},
		{" a  'b c' \"d 'e\" ", 3, {"a", "b c", "d 'e"}},
		{"a 'b", -1, {NULL}},
		{"x\"\"y ''", 2, {"xy", ""}},
		{"1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", -1, {NULL}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char line[128], *words[CLI_LINE_WORDS];
		snprintf(line, sizeof(line), "%s", rows[i].line);
		int n = cli_shell_split(line, words);
		cr_expect_eq(n, rows[i].n, "row %zu: %d", i, n);
		for (int k = 0; k < n && n == rows[i].n; k++)
			cr_expect_str_eq(words[k], rows[i].words[k], "row %zu: %s", i, words[k]);
	}
}

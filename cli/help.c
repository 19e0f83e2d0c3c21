#include "cli/help.h"

#include <string.h>

#include "cli/table.h"
#include "cli/words.h"
#include "lib/check.h"
#include "lib/text.h"

#define HELP_LEFT 38 /* columns before what a command does */

static const struct {
	const char *words, *help;
} help_options[] = {
	{"-j, --json", "JSON: answers, orders and errors too"},
	{"-w, --watch [SECONDS]", "again, every 2 or so many seconds"},
	{"    --no-pager", "not through $PAGER, whatever its length"},
	{"-s, --socket SOCKET", "of the daemon"},
	{"-h, --help", "of the words before it"},
	{"-V, --version", "of this program"},
};

static const char *const help_exits[] = {
	[CLI_OK] = "done",
	[CLI_NO] = "not there, or not possible",
	[CLI_USAGE] = "not understood",
	[CLI_NO_DAEMON] = "no daemon at the socket, or it may not be asked",
	[CLI_FAILED] = "what was checked does not hold",
};

char *cli_help_syntax(const struct cli_row *row, char out[CLI_SYNTAX_MAX])
{
	struct text t = text_of(out, CLI_SYNTAX_MAX);
	bool rest = row->argument && strcmp(row->argument, CLI_REST) == 0;

	text_add(&t, "%s", row->words);
	if (row->argument && !rest)
		text_add(&t, " [%s]", row->argument);
	if (row->also)
		text_add(&t, " [%s]", row->also);
	if (row->takes)
		text_add(&t, " %s", row->takes);
	return out;
}

static void help_line(const char *left, const char *help, FILE *to)
{
	if (strlen(left) > HELP_LEFT - 4)
		fprintf(to, "  %s\n%*s%s\n", left, HELP_LEFT, "", help);
	else
		fprintf(to, "  %-*s  %s\n", HELP_LEFT - 4, left, help);
}

static void help_row(const struct cli_row *row, FILE *to)
{
	char syntax[CLI_SYNTAX_MAX];

	help_line(cli_help_syntax(row, syntax), row->help, to);
}

static void help_values(const struct cli_row *row, FILE *to)
{
	char word[CLI_WORD_MAX];

	for (int k = 0; cli_words_at(row, k, word); k++) {
		const struct cli_kind *kind =
			cli_words_is_kind(word) ? cli_kind(word, strlen(word)) : NULL;
		if (kind)
			fprintf(to, "  %-21s  %s%s%s\n", word, kind->help, kind->words ? ": " : "",
				kind->words ? kind->words : "");
	}
}

/* One command in full. */
static void help_command(const struct cli_row *row, FILE *to)
{
	const char *exits = cli_row_exits(row);
	char syntax[CLI_SYNTAX_MAX];

	fprintf(to, "usage: ravelin %s\n\n  %s\n\n", cli_help_syntax(row, syntax), row->help);
	help_values(row, to);
	for (const char *at = row->options; at && *at; at += strspn(at, " ")) {
		fprintf(to, "  %.*s\n", (int)strcspn(at, " "), at);
		at += strcspn(at, " ");
	}
	for (size_t i = 0; i < ARRAY_LEN(help_options); i++)
		fprintf(to, "  %-21s  %s\n", help_options[i].words, help_options[i].help);
	fputs("\nexit status:\n", to);
	for (; *exits; exits += strspn(exits, " ")) {
		fprintf(to, "  %c  %s\n", *exits, help_exits[*exits - '0']);
		exits++;
	}
}

static void help_all(FILE *to)
{
	const struct cli_row *row;

	fputs("usage: ravelin COMMAND [OPTION ...]\n\n"
	      "Words may be cut as long as it is plain what is meant: ravelin sh bg sum\n\n",
		to);
	for (size_t i = 0; (row = cli_row(i)); i++)
		if (row->help)
			help_row(row, to);
	fputc('\n', to);
	for (size_t i = 0; i < ARRAY_LEN(help_options); i++)
		help_line(help_options[i].words, help_options[i].help, to);
	fputs("\nravelin COMMAND --help: its values, its options, its exit status\n"
	      "socket: " CLI_SOCKET ", if -s names no other\n"
	      "exit status: 0 done, 1 not there or not possible, 2 not understood,\n"
	      "3 no daemon at the socket, 4 what was checked does not hold\n",
		to);
}

int cli_help(int n, char *const *argv, FILE *to)
{
	const struct cli_row *row, *only = NULL;
	struct cli_typed typed;
	char why[CLI_WHY_MAX];
	size_t found = 0;

	for (size_t i = 0; n > 0 && (row = cli_row(i)); i++) {
		if (row->help && cli_words_lead_to(n, argv, row)) {
			only = row;
			found++;
		}
	}
	if (found > 1 && cli_words_find(n, argv, &typed, why, sizeof(why)))
		only = typed.row;
	else if (found > 1)
		only = NULL;
	if (n == 0)
		help_all(to);
	else if (only)
		help_command(only, to);
	if (only && found > 1)
		fputs("\nand:\n", to);
	for (size_t i = 0; found > 1 && (row = cli_row(i)); i++)
		if (row->help && row != only && cli_words_lead_to(n, argv, row))
			help_row(row, to);
	return n == 0 || found > 0 ? CLI_OK : CLI_USAGE;
}

static json_t *help_split(const char *text)
{
	json_t *list = json_array();

	for (; text && *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		json_array_append_new(list, json_stringn(text, len));
		text += len;
	}
	return list;
}

json_t *cli_help_json(int n, char *const *argv)
{
	json_t *list = json_array();
	char syntax[CLI_SYNTAX_MAX];
	const struct cli_row *row;

	for (size_t i = 0; (row = cli_row(i)); i++)
		if (row->help && cli_words_lead_to(n, argv, row))
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:s, s:s?, s:o, s:o}", "words", row->words,
					"syntax", cli_help_syntax(row, syntax), "help", row->help,
					"path", row->path, "options", help_split(row->options),
					"exits", help_split(cli_row_exits(row))));
	return json_pack("{s:o}", "commands", list);
}

int cli_help_say(const struct cli *cli, int n, char *const *words)
{
	if (cli->json)
		return cli_print_json(cli_help_json(n, words));
	return cli_help(n, words, stdout) == CLI_OK
		       ? CLI_OK
		       : cli_fail_usage(cli, "there is no such command");
}

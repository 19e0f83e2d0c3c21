#include "cli/complete.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/http.h"
#include "cli/table.h"
#include "cli/words.h"
#include "lib/check.h"

static const struct {
	const char *option, *help;
	bool takes; /* a value, in the next word */
} complete_options[] = {
	{"--json", "JSON"},
	{"--watch", "again and again"},
	{"--no-pager", "not through $PAGER"},
	{"--socket", "of the daemon", true},
	{"--help", "of these words"},
	{"--version", "of this program"},
	{"-s", NULL, true},
	{CLI_CONFIRM_WITHIN, NULL, true},
};

static void complete_offer(const char *word, const char *help, const char *typed, FILE *to)
{
	if (strncmp(word, typed, strlen(typed)) == 0)
		fprintf(to, "%s\t%s\n", word, help ? help : "");
}

/* What the daemon knows of such values; without a daemon, or if it does not answer at once, nothing. */
static void complete_ask(
	const struct cli *cli, const struct cli_kind *kind, const char *typed, FILE *to)
{
	struct cli_answer answer = {0};
	size_t i;
	json_t *o;

	if (cli_http_ask_briefly(cli->socket, kind->path, &answer) < 0)
		return;
	json_t *all = answer.status == 200 ? json_loadb(answer.body, answer.len, 0, NULL) : NULL;
	json_array_foreach(json_object_get(all, kind->list), i, o)
	{
		char *name = cli_text_of(json_object_get(o, kind->member));
		complete_offer(name, "", typed, to);
		free(name);
	}
	json_decref(all);
	cli_http_free(&answer);
}

static void complete_value(const struct cli *cli, const char *name, const char *typed, FILE *to)
{
	const struct cli_kind *kind = cli_kind(name, strlen(name));

	for (const char *at = kind ? kind->words : NULL; at && *at; at += strspn(at, " ")) {
		char word[CLI_WORD_MAX];
		size_t len = strcspn(at, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, at);
		complete_offer(word, kind->help, typed, to);
		at += len;
	}
	if (kind && kind->path)
		complete_ask(cli, kind, typed, to);
}

/* What a word at this place begins: the help of the row, if it leads to one alone. */
static const char *complete_help(int n, char *const *argv, char *word)
{
	char *with[CLI_WORDS_MAX + 1];
	const struct cli_row *row;
	const char *help = NULL;
	unsigned found = 0;

	memcpy(with, argv, (size_t)n * sizeof(*argv));
	with[n] = word;
	for (size_t i = 0; (row = cli_row(i)); i++) {
		if (!row->help || !cli_words_lead_to(n + 1, with, row))
			continue;
		help = row->help;
		found++;
	}
	return found == 1 ? help : NULL;
}

/* The options of a command alone; true: it is a program, and has no others. */
static bool complete_own(int n, char *const *argv, const char *typed, FILE *to)
{
	struct cli_typed found;
	char why[CLI_WHY_MAX];

	if (n == 0 || !cli_words_find(n, argv, &found, why, sizeof(why)))
		return false;
	for (const char *at = found.row->options; at && *at; at += strspn(at, " ")) {
		char option[CLI_WORD_MAX];
		snprintf(option, sizeof(option), "%.*s", (int)strcspn(at, " ="), at);
		if (*typed == '-')
			complete_offer(option, NULL, typed, to);
		at += strcspn(at, " ");
	}
	return found.row->argument && strcmp(found.row->argument, CLI_REST) == 0;
}

static void complete_options_of_all(const char *typed, FILE *to)
{
	for (size_t i = 0; i < ARRAY_LEN(complete_options); i++)
		if (complete_options[i].help)
			complete_offer(
				complete_options[i].option, complete_options[i].help, typed, to);
}

/* The words alone, without options and their values (a socket is used); false: the cursor is at such a value. */
static bool complete_words(
	struct cli *cli, int n, char *const *argv, char *words[CLI_WORDS_MAX], int *n_words)
{
	bool value = false;

	for (int i = 0; i < n && *n_words < CLI_WORDS_MAX; i++) {
		if (value)
			cli->socket = argv[i];
		if (value || argv[i][0] == '-') {
			bool takes = false;
			for (size_t k = 0; !value && k < ARRAY_LEN(complete_options); k++)
				takes |= complete_options[k].takes &&
					 strcmp(complete_options[k].option, argv[i]) == 0;
			value = takes;
			continue;
		}
		words[(*n_words)++] = argv[i];
	}
	return !value;
}

static bool complete_is_help(int n, char *const *words)
{
	struct cli_typed found;
	char why[CLI_WHY_MAX];

	return n > 0 && cli_words_find(1, words, &found, why, sizeof(why)) &&
	       found.row->does == CLI_HELP;
}

void cli_complete(const struct cli *as, int n, char *const *argv, FILE *to)
{
	char list[CLI_CHOICES][CLI_WORD_MAX], *words[CLI_WORDS_MAX + 1];
	const char *typed = n > 0 ? argv[n - 1] : "";
	struct cli own = *as, *cli = &own;
	int n_words = 0;

	if (!complete_words(cli, n > 0 ? n - 1 : 0, argv, words, &n_words))
		return;
	char **at = words;
	if (complete_is_help(n_words, words)) { /* of what is asked for */
		at++;
		n_words--;
	}
	if (complete_own(n_words, at, typed, to))
		return;
	if (*typed == '-') {
		complete_options_of_all(typed, to);
		return;
	}
	size_t choices = cli_words_next(n_words, at, list);
	for (size_t i = 0; i < choices; i++) {
		if (cli_words_is_kind(list[i]))
			complete_value(cli, list[i], typed, to);
		else
			complete_offer(list[i], complete_help(n_words, at, list[i]), typed, to);
	}
}

#include "cli/program.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/log.h"
#include "cli/mrt.h"
#include "cli/policy.h"
#include "cli/report.h"
#include "cli/web.h"
#include "cli/words.h"
#include "lab/lab.h"
#include "lib/complaint.h"

struct program {
	struct cli cli;
	int argc; /* with its name */
	char **argv;
	char whole[2][CLI_WORD_MAX]; /* its first words, if they were cut */
};

static bool word_is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "?") == 0;
}

static bool word_is_json(const char *word)
{
	return strcmp(word, "-j") == 0 || strcmp(word, "--json") == 0;
}

/* The words of the row in place of what was typed of them. */
static void program_put_whole(struct program *p, const struct cli_typed *typed)
{
	for (int k = 0; k < typed->n_words && k < 2; k++)
		if (cli_words_at(typed->row, k, p->whole[k]))
			p->argv[k] = p->whole[k];
}

/* Finds the program of a line. False: why says what was wrong. */
static bool program_find(struct program *p, struct cli_typed *typed, char *why, size_t cap)
{
	static char help[] = "help", option[] = "--help"; /* getopt wants them writable */
	char *with_help[] = {p->argv[0], help};

	if (p->argc > 1 && word_is_help(p->argv[1]) &&
		cli_words_find(2, with_help, typed, why, cap) && typed->n_words == 2)
		p->argv[1] = help;
	else if (p->argc > 1 && strcmp(p->argv[1], "?") == 0)
		p->argv[1] = option;
	if (p->argc > 1 && p->argv[1][0] == '-') /* its options may stand before its words */
		*typed = (struct cli_typed){.row = cli_words_program(p->argv[0]), .n_words = 1};
	else if (!cli_words_find(p->argc < 2 ? p->argc : 2, p->argv, typed, why, cap))
		return false;
	program_put_whole(p, typed);
	return true;
}

/* Takes every -j in words [from, to) out. */
static void program_take_json(struct program *p, int from, int to)
{
	int n = from;

	for (int i = from; i < p->argc; i++)
		if (i < to && word_is_json(p->argv[i]))
			p->cli.json = true;
		else
			p->argv[n++] = p->argv[i];
	p->argc = n < p->argc ? n : p->argc;
	p->argv[p->argc] = NULL;
}

/* What follows them is a command of somebody else. */
static bool program_runs_words(const struct cli_row *row)
{
	return strcmp(row->words, "lab exec") == 0 || strcmp(row->words, "lab shell") == 0;
}

static int program_completion(const struct program *p)
{
	if (p->argc > 1 && p->argv[1][0] == '-')
		return cli_help(1, p->argv, stdout);
	if (p->argc != 2)
		return cli_fail_usage(&p->cli, "one word too many");
	fputs(cli_complete_script(p->argv[1]), stdout);
	return CLI_OK;
}

static int program_run(struct program *p, const struct cli_row *row)
{
	switch (row->does) {
	case CLI_COMPLETION:
		return program_completion(p);
	case CLI_LAB:
		return lab_main(p->argc, p->argv, p->cli.json);
	case CLI_LOG:
		return cli_log(p->argc, p->argv, p->cli.json);
	case CLI_MRT:
		return cli_mrt(p->argc, p->argv, &p->cli);
	case CLI_REPORT:
		return cli_report(p->argc, p->argv, p->cli.json);
	case CLI_WEB:
		return cli_web(&p->cli, p->argc, p->argv);
	case CLI_POLICY:
		return cli_policy(p->argc, p->argv, p->cli.json);
	default:
		return cli_audit(p->argc, p->argv, p->cli.socket, p->cli.json);
	}
}

/* Without who says it, which a line of text begins with. */
static const char *program_why(const char *text)
{
	static const char *const who[] = {"ravelin: ", "lab: "};

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
		if (strncmp(text, who[i], strlen(who[i])) == 0)
			return text + strlen(who[i]);
	return text;
}

/* What it complains of is its error, in JSON as any; a result that it has printed stays alone on standard output. */
static int program_run_json(struct program *p, const struct cli_row *row)
{
	complaint_keep();
	opterr = 0; /* getopt's own words would be no JSON */
	int status = program_run(p, row);
	char *why = complaint_take(), *usage = strstr(why, "\nusage:");

	if (usage) /* what is wrong was said before it */
		*usage = '\0';
	if (*why && (status == CLI_OK || status == CLI_FAILED))
		fprintf(stderr, "%s\n", why);
	else if (strncmp(why, "usage:", 6) == 0)
		cli_fail(true, status, "not understood; `ravelin %s --help` says what it takes",
			p->argv[0]);
	else if (*why)
		cli_fail(true, status, "%s", program_why(why));
	free(why);
	return status;
}

/* In JSON it is the table's; else each program has words of its own. */
static bool program_is_help(const struct program *p)
{
	return p->argc > 1 &&
	       (word_is_help(p->argv[p->argc - 1]) || strcmp(p->argv[1], "help") == 0);
}

int cli_program(const struct cli *cli, int argc, char **argv, bool help)
{
	struct program p = {.cli = *cli, .argc = argc, .argv = argv};
	struct cli_typed typed;
	char why[CLI_WHY_MAX];

	if (help)
		return cli_help_say(&p.cli, 1, p.argv);
	while (p.argc > 1 && word_is_json(p.argv[1]))
		program_take_json(&p, 1, 2);
	bool found = program_find(&p, &typed, why, sizeof(why));
	if (!found || !program_runs_words(typed.row))
		program_take_json(&p, 1, p.argc);
	if (!found)
		return cli_fail_usage(&p.cli, why);
	if (!p.cli.json)
		return program_run(&p, typed.row);
	return program_is_help(&p) ? cli_help_say(&p.cli, 1, p.argv)
				   : program_run_json(&p, typed.row);
}

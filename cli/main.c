/* ravelin: the operator's one-shot command. Asks the daemon over its unix socket, prints, exits. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/monitor.h"
#include "cli/program.h"
#include "cli/shell.h"
#include "cli/words.h"
#include "config.h"
#include "lib/text.h"

#define MAIN_WATCH_S   "2"
#define MAIN_WATCH_MAX 3600

#define MAIN_CONFIRM_MAX_S 86400

struct main_line { /* as it was typed */
	struct cli cli;
	bool help, version, complete;
	int n; /* words, without the options between them */
	char *words[CLI_WORDS_MAX];
	int argc; /* what a program of its own reads, with its name */
	char **argv;
};

static int main_usage(const struct main_line *m, const char *why)
{
	return cli_fail_usage(&m->cli, why);
}

enum { MAIN_NO_PAGER = 256, MAIN_COMPLETE, MAIN_CONFIRM };

/* Its seconds, joined to it or in the next word. False: they are none. */
static bool main_watch(struct main_line *m, const char *joined, const char *next)
{
	bool apart = !joined && next && *next && strspn(next, "0123456789") == strlen(next);
	const char *text = joined ? joined : apart ? next : MAIN_WATCH_S;
	uint64_t seconds;

	optind += apart;
	if (!text_parse_u64(text, MAIN_WATCH_MAX, &seconds) || seconds == 0)
		return false;
	m->cli.watch_s = (unsigned)seconds;
	return true;
}

static bool main_confirm(struct main_line *m, const char *text)
{
	uint64_t seconds;

	if (!text_parse_time(text, MAIN_CONFIRM_MAX_S, &seconds) || seconds == 0)
		return false;
	m->cli.confirm_s = (unsigned)seconds;
	return true;
}

/* Options may stand before, between and after the words, but what follows a program of its own is that one's. */
static int main_parse(int argc, char **argv, struct main_line *m)
{
	static const struct option options[] = {
		{"socket", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{"watch", optional_argument, NULL, 'w'},
		{"no-pager", no_argument, NULL, MAIN_NO_PAGER},
		{"complete", no_argument, NULL, MAIN_COMPLETE},
		{&CLI_CONFIRM_WITHIN[2], required_argument, NULL, MAIN_CONFIRM},
		{0},
	};

	for (;;) {
		int c = getopt_long(argc, argv, "+s:jhVw::", options, NULL);
		if (c == 's')
			m->cli.socket = optarg;
		else if (c == 'j')
			m->cli.json = true;
		else if (c == 'h')
			m->help = true;
		else if (c == 'V')
			m->version = true;
		else if (c == MAIN_NO_PAGER)
			m->cli.no_pager = true;
		else if (c == 'w' && !main_watch(m, optarg, argv[optind]))
			return main_usage(m, "--watch takes seconds, 1 to 3600");
		else if (c == MAIN_CONFIRM && !main_confirm(m, optarg))
			return main_usage(m,
				CLI_CONFIRM_WITHIN " takes a time as 60s, 5m or 1h, a day at most");
		else if (c == 'w' || c == MAIN_CONFIRM)
			continue;
		else if (c == MAIN_COMPLETE) {
			m->complete = true;
			break;
		} else if (c != -1)
			return main_usage(m, "unknown option, or one without its value");
		else if (optind >= argc)
			return CLI_OK;
		else if (m->n == CLI_WORDS_MAX)
			return main_usage(m, "too many words");
		else if (m->n == 0 && cli_words_program(argv[optind]))
			break;
		else
			m->words[m->n++] = argv[optind++];
	}
	m->argc = argc - optind;
	m->argv = argv + optind;
	return CLI_OK;
}

static int main_words(struct main_line *m)
{
	struct cli_typed typed;
	char why[CLI_WHY_MAX];

	if (m->n > 0 && strcmp(m->words[m->n - 1], "?") == 0) {
		m->help = true;
		m->n--;
	}
	if (m->help)
		return cli_help_say(&m->cli, m->n, m->words);
	if (m->n == 0) {
		cli_help(0, NULL, stderr);
		return CLI_USAGE;
	}
	if (!cli_words_find(m->n, m->words, &typed, why, sizeof(why)))
		return main_usage(m, why);
	if (m->cli.confirm_s && !typed.row->options)
		return main_usage(m, "only reload takes " CLI_CONFIRM_WITHIN);
	if (typed.row->does == CLI_HELP)
		return cli_help_say(&m->cli, m->n - 1, m->words + 1);
	if (typed.row->does == CLI_MONITOR)
		return cli_monitor(&m->cli, &typed);
	return cli_ask(&m->cli, &typed);
}

/* One line: the program's arguments, or what was typed at its prompt. */
static int main_run(int argc, char **argv)
{
	struct main_line m = {.cli = {.socket = CLI_SOCKET}};

	optind = 0; /* a line is read after another */
	int status = main_parse(argc, argv, &m);
	if (status != CLI_OK)
		return status;
	if (m.version)
		return printf("ravelin %s\n", PACKAGE_VERSION) < 0;
	if (m.complete)
		cli_complete(&m.cli, m.argc, m.argv, stdout);
	if (m.complete)
		return CLI_OK;
	bool nothing = !m.argv && m.n == 0 && !m.help;
	if (nothing && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 &&
		cli_shell(&m.cli, main_run) == CLI_OK)
		return CLI_OK;
	return m.argv ? cli_program(&m.cli, m.argc, m.argv, m.help) : main_words(&m);
}

int main(int argc, char **argv)
{
	return main_run(argc, argv);
}

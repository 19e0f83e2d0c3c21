#include "cli/shell.h"

#include "config.h"

#ifdef HAVE_LIBEDIT

#include <errno.h>
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/complete.h"
#include "cli/http.h"
#include "cli/words.h"
#include "lib/check.h"

#define SHELL_HISTORY 500

struct shell {
	const struct cli *cli;
	cli_shell_run_fn *run;
	EditLine *edit;
	History *history;
	char prompt[300];
	char file[512]; /* of the history; "": none */
};

static char *shell_prompt(EditLine *edit)
{
	struct shell *s = NULL;

	el_get(edit, EL_CLIENTDATA, &s);
	return s->prompt;
}

/* The candidates for what stands before the cursor, one a line with what they mean; the caller frees it. */
static char *shell_candidates(struct shell *s, char *line, bool open_word)
{
	char *words[CLI_LINE_WORDS + 1], *out = NULL, none[] = "";
	size_t len = 0;
	int n = cli_shell_split(line, words);
	FILE *to = open_memstream(&out, &len);

	CHECK(to != NULL);
	if (n >= 0) {
		if (!open_word || n == 0)
			words[n++] = none;
		cli_complete(s->cli, n, words, to);
	}
	CHECK(fclose(to) == 0);
	return out;
}

/* How many octets all of the candidates begin with, and how many there are. */
static size_t shell_common(const char *candidates, size_t *count)
{
	size_t common = strcspn(candidates, "\t\n");

	*count = 0;
	for (const char *at = candidates; *at; at += strcspn(at, "\n") + 1, ++*count) {
		size_t k = 0, max = strcspn(at, "\t\n");
		while (k < common && k < max && at[k] == candidates[k])
			k++;
		common = k;
	}
	return common;
}

/* Tab: puts in what is certain; else lists. */
static unsigned char shell_tab(EditLine *edit, int ch)
{
	const LineInfo *info = el_line(edit);
	size_t len = (size_t)(info->cursor - info->buffer), count;
	char *line = strndup(info->buffer, len), more[CLI_WORD_MAX * 8];
	bool open_word = len > 0 && line[len - 1] != ' ';
	size_t word = len;
	struct shell *s = NULL;

	(void)ch;
	CHECK(line != NULL);
	while (word > 0 && line[word - 1] != ' ')
		word--;
	el_get(edit, EL_CLIENTDATA, &s);
	char *candidates = shell_candidates(s, line, open_word);
	size_t common = shell_common(candidates, &count), typed = len - word;
	unsigned char done = CC_ERROR;
	if (count > 0 && (common > typed || count == 1)) {
		snprintf(more, sizeof(more), "%.*s%s", (int)(common > typed ? common - typed : 0),
			candidates + typed, count == 1 ? " " : "");
		done = el_insertstr(edit, more) == 0 ? CC_REFRESH : CC_ERROR;
	} else if (count > 1) {
		printf("\n%s", candidates);
		done = CC_REDISPLAY;
	}
	free(candidates);
	free(line);
	return done;
}

/* "?" shows what can follow, as on other routers. */
static unsigned char shell_ask(EditLine *edit, int ch)
{
	const LineInfo *info = el_line(edit);
	size_t len = (size_t)(info->cursor - info->buffer);
	char *line = strndup(info->buffer, len);
	bool open_word = len > 0 && line && line[len - 1] != ' ';
	struct shell *s = NULL;

	(void)ch;
	CHECK(line != NULL);
	el_get(edit, EL_CLIENTDATA, &s);
	char *candidates = shell_candidates(s, line, open_word);
	printf("?\n%s", candidates);
	free(candidates);
	free(line);
	return CC_REDISPLAY;
}

/* In a process of its own: whatever the command does, and ^C, end it and not the shell. */
static void shell_line(struct shell *s, char *line)
{
	char *words[CLI_LINE_WORDS], socket[] = "-s";
	char *argv[CLI_LINE_WORDS + 4] = {"ravelin", socket, (char *)s->cli->socket};
	int n = cli_shell_split(line, words), status;

	if (n < 0) {
		fputs("ravelin: a quote has no end, or there are too many words\n", stderr);
		return;
	}
	if (n == 0)
		return;
	memcpy(argv + 3, words, (size_t)n * sizeof(*words));
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		exit(s->run(n + 3, argv));
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		continue;
}

/* Makes a directory and those above it. */
static bool shell_make_dir(char *path)
{
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return false;
		*at = '/';
	}
	return true;
}

/* Where state is (XDG Base Directory Specification); "": nowhere. */
static void shell_history_file(char *out, size_t cap)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = state && *state == '/' ? snprintf(out, cap, "%s/ravelin/history", state)
		: home && *home == '/' ? snprintf(out, cap, "%s/.local/state/ravelin/history", home)
				       : -1;

	if (n < 0 || (size_t)n >= cap)
		*out = '\0';
}

static void shell_history_load(struct shell *s)
{
	HistEvent event;

	shell_history_file(s->file, sizeof(s->file));
	if (*s->file)
		history(s->history, &event, H_LOAD, s->file);
}

/* Written beside and renamed: of two prompts the last one that ends is remembered, whole. */
static void shell_history_save(struct shell *s)
{
	char beside[sizeof(s->file) + 8];
	HistEvent event;

	if (!*s->file || !shell_make_dir(s->file))
		return;
	snprintf(beside, sizeof(beside), "%s.%u", s->file, (unsigned)getpid());
	mode_t mask = umask(077);
	if (history(s->history, &event, H_SAVE, beside) < 0 || rename(beside, s->file) < 0)
		unlink(beside);
	umask(mask);
}

static void shell_open(struct shell *s)
{
	HistEvent event;

	s->edit = el_init("ravelin", stdin, stdout, stderr);
	s->history = history_init();
	CHECK(s->edit != NULL && s->history != NULL);
	snprintf(s->prompt, sizeof(s->prompt), "ravelin> ");
	history(s->history, &event, H_SETSIZE, SHELL_HISTORY);
	history(s->history, &event, H_SETUNIQUE, 1);
	shell_history_load(s);
	el_set(s->edit, EL_CLIENTDATA, s);
	el_set(s->edit, EL_PROMPT, shell_prompt);
	el_set(s->edit, EL_EDITOR, "emacs");
	el_set(s->edit, EL_HIST, history, s->history);
	el_set(s->edit, EL_ADDFN, "ravelin-complete", "completes a word", shell_tab);
	el_set(s->edit, EL_ADDFN, "ravelin-ask", "lists what can follow", shell_ask);
	el_set(s->edit, EL_BIND, "\t", "ravelin-complete", NULL);
	el_set(s->edit, EL_BIND, "?", "ravelin-ask", NULL);
	el_set(s->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(s->edit, EL_SETTY, "-d", "-isig", NULL); /* ^C while a line is typed is a key */
	el_set(s->edit, EL_BIND, "^C", "em-kill-line", NULL);
	el_source(s->edit, NULL);
}

/* That there is no daemon is said before the first line is typed in vain. */
static void shell_greet(const struct cli *cli)
{
	struct cli_answer answer = {0};
	int rc = cli_http_ask_briefly(cli->socket, "/v1/version", &answer);

	if (rc < 0)
		cli_fail_daemon(cli, -rc);
	cli_http_free(&answer);
}

int cli_shell(const struct cli *cli, cli_shell_run_fn *run)
{
	struct shell s = {.cli = cli, .run = run};
	const char *typed;
	HistEvent event;
	int len;

	signal(SIGINT, SIG_IGN);
	shell_open(&s);
	shell_greet(cli);
	while ((typed = el_gets(s.edit, &len)) != NULL && len > 0) {
		char *line = strdup(typed);
		CHECK(line != NULL);
		line[strcspn(line, "\n")] = '\0';
		bool ends = strcmp(line, "exit") == 0 || strcmp(line, "quit") == 0;
		if (*line && !ends) {
			history(s.history, &event, H_ENTER, line);
			shell_line(&s, line);
		}
		free(line);
		if (ends)
			break;
	}
	if (!typed)
		putchar('\n');
	shell_history_save(&s);
	el_end(s.edit);
	history_end(s.history);
	return CLI_OK;
}

#else

int cli_shell(const struct cli *cli, cli_shell_run_fn *run)
{
	(void)cli;
	(void)run;
	return CLI_USAGE;
}

#endif

#include "cli/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/http.h"
#include "cli/output.h"
#include "cli/table.h"
#include "lib/check.h"

#define ASK_TARGET_MAX 1536

/* What a renderer says of the argument, if there is none of it. */
static const char *ask_argument(const struct cli_typed *typed)
{
	for (int i = 0; i < typed->n_values; i++)
		if (typed->values[i].argument || typed->row->also)
			return typed->values[i].value;
	return NULL;
}

static void ask_fold(char **text, size_t *len)
{
	char *folded = NULL;
	FILE *to = open_memstream(&folded, len);

	CHECK(to != NULL);
	cli_print_folded(*text, to);
	CHECK(fclose(to) == 0);
	free(*text);
	*text = folded;
}

static int ask_render(const struct cli *cli, const struct cli_typed *typed, const json_t *answer)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	CHECK(to != NULL);
	int status = typed->row->render(answer, to) == 0 ? CLI_OK : CLI_NO;
	CHECK(fclose(to) == 0);
	if (!typed->row->wide)
		ask_fold(&text, &len);
	if (!cli_output(cli, text, len))
		status = CLI_NO;
	free(text);
	return status;
}

static int ask_print(const struct cli *cli, const struct cli_typed *typed, struct cli_answer *a)
{
	const char *asked = ask_argument(typed);
	json_error_t error;

	if (a->status != 200)
		return cli_fail_refused(cli, a);
	if (cli->json)
		return cli_output(cli, a->body, a->len) ? CLI_OK : CLI_NO;
	json_t *answer = json_loadb(a->body, a->len, 0, &error);
	if (!answer)
		return cli_fail(false, CLI_NO, "the answer is not JSON: %s", error.text);
	if (asked)
		json_object_set_new(answer, "asked", json_string(asked));
	int status = ask_render(cli, typed, answer);
	json_decref(answer);
	return status;
}

/* What is asked again and again. */
struct ask_watch {
	bool shown; /* an answer */
	bool gone;  /* the daemon, which was said */
};

/* A screen in place of the last one; in a pipe a block behind it. */
static void ask_begin_again(const struct cli *cli, const struct ask_watch *w)
{
	if (isatty(STDOUT_FILENO) == 1)
		fputs("\033[H\033[2J", stdout);
	else if (w->shown && !cli->json)
		fputc('\n', stdout);
}

/* w: NULL, or of a question that is asked again: while there is no daemon its last answer stays in view. */
static int ask_once(const struct cli *cli, const struct cli_typed *typed, const char *target,
	struct ask_watch *w)
{
	struct cli_answer answer = {0};
	int rc = cli_http_ask(
		cli->socket, typed->row->does == CLI_ORDER ? "POST" : "GET", target, &answer);
	bool said = w && w->gone;

	if (w && rc == 0) {
		ask_begin_again(cli, w);
		w->shown = true;
	}
	if (w)
		w->gone = rc < 0;
	if (rc < 0)
		return said ? CLI_NO_DAEMON : cli_fail_daemon(cli, -rc);
	int status = ask_print(cli, typed, &answer);
	cli_http_free(&answer);
	return status;
}

/* Until somebody ends it: a daemon that restarts is seen to come back. What is not understood is not asked twice. */
static int ask_watch(const struct cli *cli, const struct cli_typed *typed, const char *target)
{
	struct ask_watch w = {0};
	int status = CLI_OK;

	while (status != CLI_USAGE) {
		status = ask_once(cli, typed, target, &w);
		if (fflush(stdout) != 0)
			return CLI_NO;
		nanosleep(&(struct timespec){.tv_sec = cli->watch_s}, NULL);
	}
	return status;
}

int cli_ask(const struct cli *cli, const struct cli_typed *typed)
{
	char target[ASK_TARGET_MAX], why[CLI_WHY_MAX];

	if (!cli_words_target(typed, target, sizeof(target), why, sizeof(why)))
		return cli_fail(cli->json, CLI_USAGE, "%s", why);
	if (cli->confirm_s)
		snprintf(target, sizeof(target), "%s?confirm=%u", typed->row->path, cli->confirm_s);
	if (cli->watch_s && typed->row->does == CLI_ORDER)
		return cli_fail(cli->json, CLI_USAGE, "an order is not given again and again");
	if (cli->watch_s)
		return ask_watch(cli, typed, target);
	return ask_once(cli, typed, target, NULL);
}

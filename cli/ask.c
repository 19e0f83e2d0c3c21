#include "cli/ask.h"

#include <stdio.h>

#include "cli/http.h"

#define ASK_TARGET_MAX 1536

/* The optional argument, for what a renderer says of it. */
static const char *ask_argument(const struct cli_typed *typed)
{
	for (int i = 0; i < typed->n_values; i++)
		if (typed->values[i].argument || typed->row->also)
			return typed->values[i].value;
	return NULL;
}

static int ask_refused(const struct cli *cli, const struct cli_answer *a)
{
	json_t *answer = json_loadb(a->body, a->len, 0, NULL);
	const char *why = json_string_value(json_object_get(answer, "error"));
	int status = cli_fail(cli->json, a->status == 400 ? CLI_USAGE : CLI_NO, "%s (HTTP %d)",
		why ? why : "refused", a->status);

	json_decref(answer);
	return status;
}

static int ask_print(
	const struct cli *cli, const struct cli_typed *typed, const struct cli_answer *a)
{
	const char *asked = ask_argument(typed);
	json_error_t error;

	if (a->status != 200)
		return ask_refused(cli, a);
	if (cli->json)
		return fwrite(a->body, 1, a->len, stdout) == a->len ? CLI_OK : CLI_NO;
	json_t *answer = json_loadb(a->body, a->len, 0, &error);
	if (!answer)
		return cli_fail(false, CLI_NO, "the answer is not JSON: %s", error.text);
	if (asked)
		json_object_set_new(answer, "asked", json_string(asked));
	int status = typed->row->render(answer, stdout) == 0 ? CLI_OK : CLI_NO;
	json_decref(answer);
	return status;
}

int cli_ask(const struct cli *cli, const struct cli_typed *typed)
{
	const char *method = typed->row->does == CLI_ORDER ? "POST" : "GET";
	char target[ASK_TARGET_MAX], why[CLI_WHY_MAX];
	struct cli_answer answer = {0};

	if (!cli_words_target(typed, target, sizeof(target), why, sizeof(why)))
		return cli_fail(cli->json, CLI_USAGE, "%s", why);
	int rc = cli_http_ask(cli->socket, method, target, &answer);
	if (rc < 0)
		return cli_fail_daemon(cli, -rc);
	int status = ask_print(cli, typed, &answer);
	cli_http_free(&answer);
	return fflush(stdout) == 0 ? status : CLI_NO;
}

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lib/check.h"

int cli_fail(bool json, int status, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	CHECK(vasprintf(&text, fmt, ap) >= 0);
	va_end(ap);
	if (json) {
		json_t *o = json_pack("{s:s, s:i}", "error", text, "exit", status);
		if (o) /* not if it is no UTF-8 */
			json_dumpf(o, stdout, JSON_COMPACT);
		puts(o ? "" : "{\"error\":\"not UTF-8\"}");
		json_decref(o);
	} else {
		fprintf(stderr, "ravelin: %s\n", text);
	}
	free(text);
	return status;
}

int cli_fail_usage(const struct cli *cli, const char *why)
{
	return cli_fail(cli->json, CLI_USAGE, "%s; `ravelin help` lists all", why);
}

int cli_fail_refused(const struct cli *cli, struct cli_answer *a)
{
	json_t *answer = json_loadb(a->body, a->len, 0, NULL);
	const char *why = json_string_value(json_object_get(answer, "error"));
	const json_t *lines = json_object_get(answer, "messages");
	int status = cli_fail(cli->json, a->status == 400 ? CLI_USAGE : CLI_NO, "%s (HTTP %d)",
		why ? why : "refused", a->status);

	for (size_t i = 0; !cli->json && i < json_array_size(lines); i++)
		fprintf(stderr, "%s\n", json_string_value(json_array_get(lines, i)));
	json_decref(answer);
	cli_http_free(a);
	return status;
}

int cli_print_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
	return fflush(stdout) == 0 ? CLI_OK : CLI_NO;
}

int cli_fail_daemon(const struct cli *cli, int error)
{
	const char *remedy = error == ENOENT || error == ECONNREFUSED
				     ? "; no ravelind is running there; another socket: -s "
				       "RUN-DIR/ravelin.sock"
			     : error == EACCES ? "; ravelin.yaml says who may, under api"
					       : "";

	return cli_fail(cli->json, CLI_NO_DAEMON, "%s: %s%s", cli->socket, strerror(error), remedy);
}

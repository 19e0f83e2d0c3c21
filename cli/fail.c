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

int cli_fail_daemon(const struct cli *cli, int error)
{
	const char *remedy = error == ENOENT || error == ECONNREFUSED
				     ? "; no ravelind is running there; another socket: -s "
				       "RUN-DIR/ravelin.sock"
			     : error == EACCES ? "; ravelin.yaml says who may, under api"
					       : "";

	return cli_fail(cli->json, CLI_NO_DAEMON, "%s: %s%s", cli->socket, strerror(error), remedy);
}

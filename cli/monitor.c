#include "cli/monitor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/fetch.h"

#define MONITOR_TARGET_MAX 256

struct monitor_lines {
	bool inside; /* a line has begun */
};

/* A cli_sink_fn. Empty lines are what the daemon says when there is nothing to say. */
static int monitor_take(void *arg, const char *octets, size_t len)
{
	struct monitor_lines *l = arg;

	for (size_t i = 0; i < len; i++) {
		if (octets[i] != '\n' || l->inside)
			putchar(octets[i]);
		l->inside = octets[i] != '\n';
	}
	return fflush(stdout) == 0 ? 0 : -errno;
}

int cli_monitor(const struct cli *cli, const struct cli_typed *typed)
{
	char target[MONITOR_TARGET_MAX], why[CLI_WHY_MAX];
	struct monitor_lines lines = {0};
	struct cli_answer answer;

	if (!cli_words_target(typed, target, sizeof(target), why, sizeof(why)))
		return cli_fail(cli->json, CLI_USAGE, "%s", why);
	int rc = cli_fetch(cli->socket, target, monitor_take, &lines, &answer);
	if (rc == 0 && answer.status != 200)
		return cli_fail_refused(cli, &answer);
	if (rc == -ENOENT || rc == -ECONNREFUSED || rc == -EACCES)
		return cli_fail_daemon(cli, -rc);
	return cli_fail(cli->json, CLI_NO, "%s: the daemon tells no more%s%s", cli->socket,
		rc < 0 ? ": " : "", rc < 0 ? strerror(-rc) : "");
}

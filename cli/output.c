#include "cli/output.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/colour.h"

#define OUTPUT_PAGER "less -FRX"
#define OUTPUT_ROWS  24

static unsigned output_rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row
									       : OUTPUT_ROWS;
}

static unsigned output_lines(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

/* False: there is no such program. */
static bool output_page(const char *text, size_t len)
{
	const char *pager = getenv("PAGER");

	signal(SIGPIPE, SIG_IGN); /* who has seen enough ends it */
	fflush(stdout);
	FILE *to = popen(pager && *pager ? pager : OUTPUT_PAGER, "we");
	if (!to)
		return false;
	fwrite(text, 1, len, to);
	int status = pclose(to);
	signal(SIGPIPE, SIG_DFL);
	return status != 127 << 8; /* of a shell that has not found it */
}

bool cli_output(const struct cli *cli, const char *text, size_t len)
{
	const char *no_colour = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO) == 1;
	char *painted = NULL;

	if (terminal && !cli->json && !(no_colour && *no_colour)) {
		text = painted = cli_colour(text);
		len = strlen(text);
	}
	bool done = terminal && !cli->no_pager && !cli->watch_s &&
		    output_lines(text, len) >= output_rows() && output_page(text, len);
	if (!done)
		done = fwrite(text, 1, len, stdout) == len;
	done = fflush(stdout) == 0 && done;
	free(painted);
	return done;
}

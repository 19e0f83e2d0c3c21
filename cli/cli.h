/* What was asked of this run of the program, apart from the command itself; and how it says no. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

#include "cli/command.h"

struct cli {
	const char *socket;
	bool json;
	bool no_pager;
	unsigned watch_s; /* ask again after so many seconds; 0: once */
};

/* Says why it is not done, and returns status: a line on standard error; with json {"error": .., "exit": ..} on standard output. */
int cli_fail(bool json, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The daemon at the socket did not answer: error is of errno. */
int cli_fail_daemon(const struct cli *cli, int error);

#endif

/* What was asked of this run of the program, apart from the command itself; and how it says no. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/command.h"
#include "cli/http.h"

struct cli {
	const char *socket;
	bool json;
	bool no_pager;
	unsigned watch_s;   /* ask again after so many seconds; 0: once */
	unsigned confirm_s; /* CLI_CONFIRM_WITHIN; 0: not given */
};

/* Says why it is not done, and returns status: a line on standard error; with json {"error": .., "exit": ..} on standard output. */
int cli_fail(bool json, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* For machines, on standard output; takes the reference. CLI_OK, or CLI_NO if it was not taken. */
int cli_print_json(json_t *o);

/* The words are not understood. CLI_USAGE. */
int cli_fail_usage(const struct cli *cli, const char *why);

/*
 * The daemon refused it: why, and line by line what there is to say besides (of a configuration that has errors). Takes the answer.
 * What it has not understood (HTTP 400) is CLI_USAGE, the rest CLI_NO.
 */
int cli_fail_refused(const struct cli *cli, struct cli_answer *a);

/* The daemon at the socket did not answer: error is of errno. */
int cli_fail_daemon(const struct cli *cli, int error);

#endif

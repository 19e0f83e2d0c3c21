/* Help out of the table of commands: all of it, what some words lead to, one command in full; for people or as JSON. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <jansson.h>
#include <stdio.h>

#include "cli/cli.h"

#define CLI_SOCKET "/run/ravelin/ravelin.sock"

/* "explain PREFIX [vrf VRF]"; out of cap octets, cut if it is longer. */
#define CLI_SYNTAX_MAX 128
char *cli_help_syntax(const struct cli_row *row, char out[CLI_SYNTAX_MAX]);

/* What argv[0..n) leads to; n 0: everything. CLI_OK, or CLI_USAGE: to nothing. */
int cli_help(int n, char *const *argv, FILE *to);

/* {"commands": [{"words": .., "syntax": .., "help": .., "options": [..], "exits": [..]}]} */
json_t *cli_help_json(int n, char *const *argv);

/* Help on standard output, for people or machines. The exit status. */
int cli_help_say(const struct cli *cli, int n, char *const *argv);

#endif

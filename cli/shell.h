/*
 * ravelin without arguments on a terminal: a prompt that takes the commands of the table, with libedit's history and completion.
 * Only where the program was built with libedit.
 */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "cli/cli.h"

#define CLI_LINE_WORDS 32

/* Splits a line at blanks, "..." and '...' kept together, in place. How many words, or -1: a quote has no end, or there are too many. Pure. */
int cli_shell_split(char *line, char *words[CLI_LINE_WORDS]);

/* What runs a line: the arguments of the program behind its own name. */
typedef int cli_shell_run_fn(int argc, char **argv);

/* Until `exit`, `quit` or the end of the input. CLI_USAGE where there is no libedit. */
int cli_shell(const struct cli *cli, cli_shell_run_fn *run);

#endif

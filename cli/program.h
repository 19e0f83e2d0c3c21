/* Commands that read what follows their words themselves: audit, policy, mrt, report, lab, web, completion. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>

#include "cli/cli.h"

/* argv[0] is its first word, or the beginning of it. help: what it takes is asked for. The exit status. */
int cli_program(const struct cli *cli, int argc, char **argv, bool help);

#endif

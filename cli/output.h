/* Where an answer goes: as it is into a pipe or file; to a terminal in colour (not with NO_COLOR), and a page at a time. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"

/* False: not all of it was taken. */
bool cli_output(const struct cli *cli, const char *text, size_t len);

#endif

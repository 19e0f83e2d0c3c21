/* One command of the daemon's: its question or order over the socket, and the answer, printed. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/cli.h"
#include "cli/words.h"

/* An enum cli_exit. */
int cli_ask(const struct cli *cli, const struct cli_typed *typed);

#endif

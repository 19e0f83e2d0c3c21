/* ravelin monitor: what happens, as the daemon tells it (/v1/events), one JSON object a line. */
#ifndef CLI_MONITOR_H
#define CLI_MONITOR_H

#include "cli/cli.h"
#include "cli/words.h"

/* Until the daemon ends it, or somebody ends this: an enum cli_exit. */
int cli_monitor(const struct cli *cli, const struct cli_typed *typed);

#endif

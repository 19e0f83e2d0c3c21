/* `ravelin report ...`: what a run of attacks left on disk. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>

/* argv[0] is "report". Exit status: as of ravelin. */
int cli_report(int argc, char **argv, bool json);

#endif

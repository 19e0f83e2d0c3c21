/* `ravelin mrt ...`: what the router holds, as MRT files (RFC 6396), with the rights of who asks. */
#ifndef CLI_MRT_H
#define CLI_MRT_H

#include "cli/cli.h"

/* argv[0] is "mrt". The exit status, as of ravelin itself. */
int cli_mrt(int argc, char **argv, const struct cli *cli);

#endif

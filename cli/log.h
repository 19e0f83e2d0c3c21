/* `ravelin log ...`: whether a security log is whole. */
#ifndef CLI_LOG_H
#define CLI_LOG_H

#include <stdbool.h>

/* argv[0] is "log". Exit status: 0 whole, 1 a file cannot be read, 2 not understood, 4 something is wrong with it. */
int cli_log(int argc, char **argv, bool json);

#endif

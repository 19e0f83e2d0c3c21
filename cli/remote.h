/* Those that the daemon itself connects to: a monitoring station, an RPKI cache. */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include <jansson.h>
#include <stdio.h>

/* Its name, and below it where it is and what went wrong last, which the member failure says. */
void cli_print_remote(const json_t *remote, const char *failure, FILE *out);

#endif

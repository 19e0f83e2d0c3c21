/* ravelin audit: the kernel as it is, against what is intended. */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include <stdbool.h>

/* argv[0] is "audit". socket and json: what stood before it. The exit status. */
int cli_audit(int argc, char **argv, const char *socket, bool json);

#endif

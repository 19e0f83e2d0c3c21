/*
 * ravelin neighbor WHO ORDER ...: what was typed as a request of the API. Pure.
 *
 *   reset [TEXT]   shutdown [TEXT]   enable   refresh [in|out] [FAMILY]   graceful-shutdown on|off
 */
#ifndef CLI_NEIGHBOR_H
#define CLI_NEIGHBOR_H

#include <stddef.h>
#include <stdio.h>

#include "cli/show.h"

#define CLI_TEXT_MAX 255 /* octets (RFC 9003 2) */

/* argv[0] is WHO. The path and query to POST to in out, or NULL: why says what was wrong and what there is. */
char *cli_neighbor_target(
	int n, char *const *argv, char *out, size_t cap, char *why, size_t why_cap);

/* Prints the orders that there are, one a line. */
void cli_neighbor_help(FILE *to);

/* The answer to an order: who carried it out. */
cli_render_fn cli_render_order;

#endif

/* `ravelin mrt updates`: what neighbours say, into files as long as it runs. */
#ifndef CLI_MRT_UPDATES_H
#define CLI_MRT_UPDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/cli.h"

/* argv[0] is "updates". The exit status. */
int mrt_updates(int argc, char **argv, const struct cli *cli);

/* "15m", "90s", "1h": seconds; 0 if it is none of these, or longer than a day. Pure. */
unsigned mrt_rotate_parse(const char *text);

/* The whole records at the head of octets (RFC 6396 2): how many octets of the first; 0: it is not whole. *at_s: its time. Pure. */
size_t mrt_record_split(const uint8_t *octets, size_t len, uint32_t *at_s);

#endif

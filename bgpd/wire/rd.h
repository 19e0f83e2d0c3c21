/*
 * Route distinguishers (RFC 4364 4.2) and route targets (RFC 4360 4, RFC 5668 2): text and octets.
 *
 *   "65000:1"  type 0 / 0x0002   AS(2) : number(4)
 *   "192.0.2.1:1"  type 1 / 0x0102   address(4) : number(2)
 *   "4200000000:1"  type 2 / 0x0202   AS(4) : number(2)      (also "65000L:1" to force 4 octets)
 */
#ifndef BGPD_WIRE_RD_H
#define BGPD_WIRE_RD_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_RD_STRLEN 32

/* The 8 octets as one big-endian number. False if the text is not one of the three forms or out of range. */
bool wire_rd_parse(const char *text, uint64_t *out);
char *wire_rd_print(
	uint64_t rd, char *out); /* WIRE_RD_STRLEN; an unknown type as 0x and 16 hex digits */

/* A route target as the 8-octet extended community. */
bool wire_rt_parse(const char *text, uint64_t *out);
char *wire_rt_print(uint64_t rt, char *out);

/* Types 0x00, 0x01, 0x02 (transitive) with sub-type 0x02. */
bool wire_rt_is(uint64_t ext_community);

#endif

/* Community lists of struct wire_attrs: standard (RFC 1997), extended (RFC 4360 2), large (RFC 8092 3). */
#ifndef BGPD_WIRE_COMM_H
#define BGPD_WIRE_COMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"

#define WIRE_COMM_NO_EXPORT	      0xffffff01u
#define WIRE_COMM_NO_ADVERTISE	      0xffffff02u
#define WIRE_COMM_NO_EXPORT_SUBCONFED 0xffffff03u
#define WIRE_COMM_NO_PEER	      0xffffff04u /* RFC 3765 */
#define WIRE_COMM_GRACEFUL_SHUTDOWN   0xffff0000u /* RFC 8326 5 */
#define WIRE_COMM_BLACKHOLE	      0xffff029au /* RFC 7999 5 */
#define WIRE_COMM_LLGR_STALE	      0xffff0006u /* RFC 9494 4.6 */
#define WIRE_COMM_NO_LLGR	      0xffff0007u

/* Lists of 4, 8 and 12 octets an entry, borrowed; the decoder has checked their lengths. i < count, or it is our bug. */
unsigned wire_comm_count(struct wire_span communities);
uint32_t wire_comm_at(struct wire_span communities, unsigned i);
bool wire_comm_has(struct wire_span communities, uint32_t community);

unsigned wire_extcomm_count(struct wire_span ext);
uint64_t wire_extcomm_at(struct wire_span ext, unsigned i); /* the 8 octets, big-endian */
bool wire_extcomm_has(struct wire_span ext, uint64_t ec);
bool wire_extcomm_is_soo(uint64_t ec);	      /* a site of origin (RFC 4360 5) */
bool wire_extcomm_is_transitive(uint64_t ec); /* across an AS border (RFC 4360 2) */

/* "65000:1 no-export", "rt:65000:1 soo:... 0x...", "64496:1:2"; cut with "..." if cap is too small. */
char *wire_comm_print(struct wire_span communities, char *out, size_t cap);
char *wire_extcomm_print(struct wire_span ext, char *out, size_t cap);
char *wire_large_print(struct wire_span large, char *out, size_t cap);

#endif

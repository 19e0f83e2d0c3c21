/*
 * /v1/mrt/updates: what neighbours say, as MRT (BGP4MP_ET; RFC 6396 4.4, RFC 8050) while they say it: every message, whole, and every change
 * of a session's state; of one neighbour, or of all; with what they are told, if that is asked for.
 *
 * Nothing is kept while nobody reads. For each reader up to UPDATES_OCTETS_MAX wait; one that does not follow is told no more: what it
 * has taken until then is whole. Pure: the shell says the time and carries the octets.
 */
#ifndef BGPD_MGMT_UPDATES_H
#define BGPD_MGMT_UPDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPDATES_OCTETS_MAX  (4u << 20)
#define UPDATES_READERS_MAX 8u

struct core_peer;
struct router;
struct mgmt_updates;
struct mgmt_update_reader;

/* Listens to the router while somebody reads. Must go before the router does. */
struct mgmt_updates *mgmt_updates_new(struct router *r);
void mgmt_updates_free(struct mgmt_updates *u); /* after its readers */

/* Whether somebody reads: then the shell says the time before each step of the router. Microseconds since 1970. */
bool mgmt_updates_wanted(const struct mgmt_updates *u);
void mgmt_updates_set_time(struct mgmt_updates *u, uint64_t wall_us);

/* Whether there is something new for readers since the last call. */
bool mgmt_updates_news(struct mgmt_updates *u);

/* From now on. peer: of this one only; NULL: of all. sent: what it is told, too. NULL: too many read. */
struct mgmt_update_reader *mgmt_update_reader_new(
	struct mgmt_updates *u, const struct core_peer *peer, bool sent);
void mgmt_update_reader_free(struct mgmt_update_reader *reader);

/* The next octets, the reader's until the next call; *len 0: there are none yet. False: these are the last, it was too slow. */
bool mgmt_update_reader_next(struct mgmt_update_reader *reader, const char **octets, size_t *len);

/* Octets that it has not taken: of one that ends, those that it misses. */
size_t mgmt_update_reader_waiting(const struct mgmt_update_reader *reader);

/* "all", or the neighbour's name. */
const char *mgmt_update_reader_name(const struct mgmt_update_reader *reader);

#endif

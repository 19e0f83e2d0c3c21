/*
 * /v1/events: what happens, told while it happens, one JSON object a line.
 *
 *   {"event":"session_down","time":"..","peer":"pe2","reason":".."}        notes of the log; those with a peer: EVENTS_NEIGHBORS
 *   {"event":"route_best","time":"..","family":"vpnv4","vrf":null,"rd":"..","prefix":"..","next_hop":"..","from":"..","was":{..}}
 *   {"event":"route_gone",..,"was":{..}}                                   best paths of every table: EVENTS_ROUTES
 *   {"event":"guard_drop","time":"..","port":"..","reason":"..",..}        as in /v1/guard/drops: EVENTS_DROPS
 *   {"event":"lost","count":12}                                            so many were not told to this reader, which was too slow
 *
 * Or as Server-Sent Events (HTML Living Standard, 9.2): "event: NAME", "data: " and that object, and an empty line. No id: nothing is kept
 * for a reader that comes again.
 *
 * Nothing is kept while nobody reads. What waits for readers is bounded in lines and in octets; a reader that is too slow loses
 * the oldest and is told how many: it costs the others nothing. Pure: the shell says the time and carries the octets.
 */
#ifndef BGPD_MGMT_EVENTS_H
#define BGPD_MGMT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENTS_LINES_MAX   4096u
#define EVENTS_OCTETS_MAX  (2u << 20)
#define EVENTS_READERS_MAX 24u

enum events_what {
	EVENTS_NEIGHBORS = 1,
	EVENTS_ROUTES = 2,
	EVENTS_DROPS = 4,
	EVENTS_OTHERS = 8, /* notes of nobody in particular */
	EVENTS_ALL = 15
};

struct router;
struct mgmt_events;
struct mgmt_reader;

/* Looks at the router's changes while somebody reads EVENTS_ROUTES. Must go before the router does. */
struct mgmt_events *mgmt_events_new(struct router *r);
void mgmt_events_free(struct mgmt_events *e); /* after its readers */

bool mgmt_events_wanted(const struct mgmt_events *e); /* somebody reads: worth the calls below */
void mgmt_events_set_time(struct mgmt_events *e, uint64_t wall_ms);
void mgmt_events_note(struct mgmt_events *e, const char *event, const char *text); /* EFF_NOTE */
void mgmt_events_drop(struct mgmt_events *e); /* the router has a new sample: core_guards_recent */

/* Whether something was told since the last call: readers are to be woken. */
bool mgmt_events_news(struct mgmt_events *e);

/* "neighbors", "routes", "drops"; NULL: all. 0: there is no such kind. */
unsigned mgmt_events_named(const char *what);

/* From now on. NULL: there are EVENTS_READERS_MAX already. */
struct mgmt_reader *mgmt_reader_new(struct mgmt_events *e, unsigned what);
void mgmt_reader_free(struct mgmt_reader *reader);
void mgmt_reader_set_sse(struct mgmt_reader *reader); /* before the first line is read */

/* The next lines, borrowed until the next call; *len 0: nothing has happened. */
void mgmt_reader_next(struct mgmt_reader *reader, const char **text, size_t *len);

#endif

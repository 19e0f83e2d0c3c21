/*
 * How many lines of one kind a log takes: what a stranger can cause must not fill a disk. Pure: time is an argument.
 *
 * A token bucket for each event and subject, which is the first of peer=, port=, vrf=, neighbor=, station=, cache= in its text, and a wider one
 * for each event whatever the subject, since some subjects are a stranger's choice (the places of a range of neighbors). What does
 * not pass is counted, and the counts are told: when nothing was held for LOG_RATE_QUIET_MS, or LOG_RATE_TELL_MS after the first.
 */
#ifndef LIB_LOGRATE_H
#define LIB_LOGRATE_H

#include <stdbool.h>
#include <stdint.h>

#define LOG_RATE_PER_MINUTE 20 /* lines of one event and subject, unless configured */
#define LOG_RATE_BURST	    50 /* at once */
#define LOG_RATE_WIDER                                                                             \
	64u /* the bucket of an event holds so many times as much, and fills so many times as fast */
#define LOG_RATE_BUCKETS     1024u
#define LOG_RATE_QUIET_MS    2000u
#define LOG_RATE_TELL_MS     30000u
#define LOG_RATE_EVENT_MAX   32 /* octets of an event's name, and its end */
#define LOG_RATE_SUBJECT_MAX 64

struct log_limits {
	unsigned per_minute; /* 0: no limit at all */
	unsigned burst;
};

struct log_held { /* lines that were not written */
	char event[LOG_RATE_EVENT_MAX];
	char subject[LOG_RATE_SUBJECT_MAX]; /* "peer=a"; "": none, or of several subjects */
	uint64_t count;
};

struct log_rate;

struct log_rate *log_rate_new(struct log_limits limits);
void log_rate_free(struct log_rate *r);				 /* NULL is harmless */
void log_rate_set(struct log_rate *r, struct log_limits limits); /* from here on */

/* Whether a line may be written. If not, it is counted. text: key=value pairs. */
bool log_rate_take(struct log_rate *r, const char *event, const char *text, uint64_t now_ms);

/* Takes out one count that is due; all: due or not. False: there is none. */
bool log_rate_tell(struct log_rate *r, uint64_t now_ms, bool all, struct log_held *out);

/* Some lines are held, and will have to be told of. */
bool log_rate_holds(const struct log_rate *r);

#endif

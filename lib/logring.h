/* The last lines of a log, for who asks: bounded, the oldest goes first. Pure. */
#ifndef LIB_LOGRING_H
#define LIB_LOGRING_H

#include <stddef.h>

#define LOG_RING_LINES 1000u
#define LOG_RING_LATE  64u
#define LOG_RING_TIME  24u

struct log_ring;

struct log_ring *log_ring_new(void);
void log_ring_free(struct log_ring *ring); /* NULL is harmless */

/* Copied, without an end of line. */
void log_ring_add(struct log_ring *ring, const char *line, size_t len);

/*
 * A line of another process, which may come late: stands where its time says, among the last LOG_RING_LATE. Lines begin with their time in one
 * form of LOG_RING_TIME octets (lib/log.h).
 */
void log_ring_merge(struct log_ring *ring, const char *line, size_t len);

/* The i-th, oldest first; NULL past the newest. */
const char *log_ring_get(const struct log_ring *ring, size_t i);

#endif

/* The last lines of a log, for who asks: bounded, the oldest goes first. Pure. */
#ifndef LIB_LOGRING_H
#define LIB_LOGRING_H

#include <stddef.h>

#define LOG_RING_LINES 1000u

struct log_ring;

struct log_ring *log_ring_new(void);
void log_ring_free(struct log_ring *ring); /* NULL is harmless */

/* Copied, without an end of line. */
void log_ring_add(struct log_ring *ring, const char *line, size_t len);

/* The i-th, oldest first; NULL past the newest. */
const char *log_ring_get(const struct log_ring *ring, size_t i);

#endif

/* Deadline heap over timers that live inside their owners; the caller supplies the time. */
#ifndef LIB_TIMERQ_H
#define LIB_TIMERQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMERQ_NEVER UINT64_MAX

struct timer {
	uint64_t at_ms;	 /* deadline on the caller's monotonic clock */
	size_t heap_pos; /* 1-based; 0 = not set */
};

struct timerq {
	struct timer **heap;
	size_t n, cap;
};

void timerq_init(struct timerq *q);
void timerq_fini(struct timerq *q);

/* Sets or moves. The timer is borrowed until it fires or is deleted. */
void timerq_add(struct timerq *q, struct timer *t, uint64_t at_ms);
void timerq_del(struct timerq *q, struct timer *t); /* harmless if not set */

static inline bool timer_is_set(const struct timer *t)
{
	return t->heap_pos != 0;
}

/* The nearest deadline in ms, TIMERQ_NEVER if none. */
uint64_t timerq_next(const struct timerq *q);

/* Removes and returns a timer whose deadline is not after now, earliest first; NULL if none is due. */
struct timer *timerq_pop(struct timerq *q, uint64_t now_ms);

#endif

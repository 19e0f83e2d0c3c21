/* Turning a libevent loop until something holds, with a deadline and without sleeping. */
#ifndef TESTS_UNIT_IO_TURN_H
#define TESTS_UNIT_IO_TURN_H

#include <stdbool.h>

struct event_base;

typedef bool turn_fn(void *arg);

/* True as soon as fn(arg) is; false after ms milliseconds. */
bool turn_until(struct event_base *base, turn_fn *fn, void *arg, unsigned ms);

#endif

/* Turning a libevent loop until something holds, with a deadline and without sleeping. */
#ifndef TESTS_UNIT_IO_TURN_H
#define TESTS_UNIT_IO_TURN_H

#include <stdbool.h>

struct event_base;
struct io_conns;

typedef bool turn_fn(void *arg);

/* True as soon as fn(arg) is; false after ms milliseconds. */
bool turn_until(struct event_base *base, turn_fn *fn, void *arg, unsigned ms);

/* The same where there are connections: each turn reads and writes them, as bgpd/io/loop.c does. */
bool turn_conns_until(
	struct event_base *base, struct io_conns *conns, turn_fn *fn, void *arg, unsigned ms);

/* One turn of these, without waiting. */
void turn_conns(struct event_base *base, struct io_conns *conns);

#endif

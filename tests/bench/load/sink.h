/*
 * What one receiver holds: a tag a route, their number and an order-independent digest.
 *
 * Reads UPDATEs by itself, not with bgpd/wire: a fault of our codec must not hide behind itself.
 */
#ifndef TESTS_BENCH_LOAD_SINK_H
#define TESTS_BENCH_LOAD_SINK_H

#include "tests/bench/load/model.h"

struct sink {
	const struct model *model;
	uint32_t *held; /* tag of route i, 0: not held */
	uint32_t n_held;
	uint64_t digest;
	uint64_t updates, announced, withdrawn; /* received */
	uint64_t foreign;			/* prefixes that nobody has announced */
	bool malformed;
};

void sink_init(struct sink *s, const struct model *m);
void sink_fini(struct sink *s);
void sink_clear(struct sink *s); /* the session is over: nothing is held */

/* The body of an UPDATE. False if it is malformed. */
bool sink_update(struct sink *s, const uint8_t *body, size_t len);

#endif

/*
 * A run as text: one line per input, in order, so that it can be recorded (ravelind --record) and replayed, and one
 * line per effect to compare with.
 *
 *   seed 42
 *   1000 start                                              now_ms, then what came in
 *   1003 accept conn=1 remote=10.0.0.3 local=10.0.0.1
 *   1003 recv conn=1 data=ffff...
 *   1004 work budget=1000                                   router_work()
 *   1010 fib conn=0 record=4000... # nexthop                a FIB record (mplsfwd/fibmsg.h); the comment is for people
 *   1011 admin peer=2 action=reset text=7570 families=1     what an operator ordered; text in octets
 *
 *   < send conn=1 data=ffff...                              effects stand below the input that caused them
 *   < note session_up peer=pe2 as=65000
 */
#ifndef BGPD_CORE_RECORD_H
#define BGPD_CORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/core/effect.h"
#include "bgpd/core/event.h"
#include "lib/arena.h"

enum core_line_kind { CORE_LINE_SEED, CORE_LINE_EVENT, CORE_LINE_WORK };

struct core_line {
	enum core_line_kind kind;
	uint64_t now_ms;
	uint64_t seed;
	unsigned budget;
	struct event ev; /* data and text borrow the arena */
};

/* Octets that a line needs at most, the final NUL included. */
size_t core_line_size(const struct core_line *line);

/* Writes a line without newline; out holds core_line_size(). Returns its length. */
size_t core_event_print(const struct core_line *line, char *out, size_t cap);

/* Reads one. False if malformed, or the arena is full. */
bool core_event_parse(const char *text, struct core_line *out, struct arena *arena);

/* "< ..." lines: the same for effects; core_effect_size() octets. */
size_t core_effect_size(const struct effect *e);
size_t core_effect_print(const struct effect *e, char *out, size_t cap);

#endif

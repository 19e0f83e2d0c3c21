/* Legitimate traffic beside a flood: echo requests at a steady pace, and how many came back. */
#ifndef TESTS_BENCH_FLOOD_ECHO_H
#define TESTS_BENCH_FLOOD_ECHO_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"

#define FLOOD_ECHO_MS	   10	/* between two requests */
#define FLOOD_ECHO_LATE_MS 1000 /* an answer after that is none */
#define FLOOD_ECHO_MAX	   8192 /* requests that are told apart */

struct flood_echo {
	int fd; /* -1: there is none */
	struct ip_addr to;
	uint64_t at_ms;			   /* the last request's time; 0: none was sent */
	uint16_t seq;			   /* of the next one */
	uint64_t asked_ms[FLOOD_ECHO_MAX]; /* by sequence number; 0: answered, or not sent */
	unsigned sent, answered;
	uint64_t worst_ms;
};

/* In the calling thread's network namespace. False: no socket. */
bool flood_echo_open(struct flood_echo *e, const struct ip_addr *from, const struct ip_addr *to);

/* Counts from now on; answers to what was asked before do not count. */
void flood_echo_begin(struct flood_echo *e);

/* Sends a request if it is time. */
void flood_echo_due(struct flood_echo *e, uint64_t now_ms);

/* Takes the answers that are there. */
void flood_echo_read(struct flood_echo *e, uint64_t now_ms);

#endif

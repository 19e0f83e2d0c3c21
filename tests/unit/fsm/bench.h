/* A peer on the bench: brought into any state, fed inputs, its outputs read as one line of words. */
#ifndef TESTS_UNIT_FSM_BENCH_H
#define TESTS_UNIT_FSM_BENCH_H

#include "bgpd/fsm/peer.h"

struct bench {
	struct fsm_peer p;
	struct fsm_outputs out;
	uint64_t now_ms;
	char words
		[256]; /* outputs of the last step but notes: "send-open", "send-5/1", "close", "up", "down" ... */
};

/* Ours: AS 65000, id 10.0.0.2; theirs: AS 65001, id 10.0.0.1 (lower) unless the test says otherwise. */
void bench_init(struct bench *b);

/* Brings slot into a state by the ordinary way (FSM_CONNECT: outbound only). */
void bench_reach(struct bench *b, enum fsm_slot slot, enum fsm_state state);

const char *bench_step(struct bench *b, const struct fsm_input *in);
const char *bench_simple(struct bench *b, enum fsm_input_kind kind, enum fsm_slot slot);
const char *bench_open(struct bench *b, enum fsm_slot slot, const struct wire_open *open);
const char *bench_msg(struct bench *b, enum fsm_slot slot, enum wire_msg_type type);
const char *bench_timer(struct bench *b, uint64_t at_ms);

struct wire_open bench_their_open(void);

#endif

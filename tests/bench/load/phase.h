/* The benchmark as a value: its sessions, and what is asked of the subject one phase after the other. */
#ifndef TESTS_BENCH_LOAD_PHASE_H
#define TESTS_BENCH_LOAD_PHASE_H

#include "tests/bench/load/session.h"
#include "tests/bench/load/subject.h"

struct bench {
	struct load load;
	bool is_floor;
	int pid;
	const char *reload;
	enum model_spoil spoil;
	unsigned n_senders, n_slow, n_idle;
	uint32_t community; /* that a reloaded policy adds */
	bool drains;	    /* the last phase is on, and there is a slow receiver */
	uint64_t timeout_ns;
	unsigned n_receivers, n_now; /* configured (and one more for `late`); taking part */
	uint32_t generation, added;
	struct subject_use idle;
	unsigned n_wrong;
};

static inline struct session *sender(struct bench *b, unsigned k)
{
	return &b->load.list[k];
}

/* Behind the configured ones stands the late one. */
static inline struct session *receiver(struct bench *b, unsigned i)
{
	return &b->load.list[b->n_senders + i];
}

static inline struct session *slow(struct bench *b, unsigned i)
{
	return receiver(b, b->n_receivers + 1 + i);
}

/* Of the other family: neither announces nor receives. */
static inline struct session *idler(struct bench *b, unsigned i)
{
	return slow(b, b->n_slow + i);
}

/* The floor: what sends to receiver i. */
static inline struct session *source(struct bench *b, unsigned i)
{
	return i ? idler(b, b->n_idle + i - 1) : sender(b, 0);
}

/* Whether all sessions that take part are there. */
bool bench_is_up(const struct bench *b);

/* Until the subject does nothing any more, at most limit_ns; when it last did something, 0 if it still does. */
uint64_t bench_wait_rest(struct bench *b, uint64_t limit_ns);

/* Runs one phase and prints its figures; what is wrong is told on standard error and counted. False: no such phase. */
bool bench_run_phase(struct bench *b, const char *name);

#endif

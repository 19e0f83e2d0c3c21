/*
 * The routers that malformed input is put to: how each is started, asked and made ready for the next session; a row each. Rows and questions are
 * in malformed_ask.c, processes in malformed_dut.c.
 */
#ifndef LAB_ATTACKS_MALFORMED_DUT_H
#define LAB_ATTACKS_MALFORMED_DUT_H

#include "lab/run.h"

#define MALFORMED_PROCESSES_MAX 8

struct malformed_dut;

/* 1: the router holds this prefix ("10.0.1.0/24") as a route that it may use; 0: it does not; -1: it does not answer. */
typedef int malformed_holds_fn(struct malformed_dut *d, const char *prefix);

/* Takes a connection of this address again, now: whatever the router makes somebody wait for whose session failed. */
typedef void malformed_again_fn(struct malformed_dut *d, const char *address);

struct malformed_router {
	const char *name;    /* of --pe */
	const char *program; /* NULL: of this build */
	const char *package; /* that brings it */
	const char *start;   /* shell; its last word is exec */
	const char *version; /* shell that prints it */
	unsigned
		addresses; /* of the attacker that are its neighbours: 192.168.0.2 and so on, used in turn */
	const char *password;
	malformed_holds_fn *holds;
	malformed_again_fn *again;
};

const struct malformed_router *malformed_router_find(const char *name);

/* One that runs. */
struct malformed_dut {
	const struct malformed_router *router;
	struct lab_run *run;
	unsigned node;
	pid_t process
		[MALFORMED_PROCESSES_MAX]; /* the first is what was started, the others its children */
	unsigned n_processes;
	unsigned turn; /* of the addresses */
};

/* Started, and answers. 0 or -errno. */
int malformed_dut_start(struct malformed_dut *d);
void malformed_dut_stop(struct malformed_dut *d);

/* One of the processes ended. Looks again for `ms` while none has. */
bool malformed_dut_died(struct malformed_dut *d, unsigned ms);

/* Shell in the router's node; its exit status. */
int malformed_dut_shell(struct malformed_dut *d, const char *line, char *out, size_t cap);

/* holds() until it says what is wanted, at most ms; false as well if it has died. */
bool malformed_dut_until(struct malformed_dut *d, const char *prefix, bool wanted, unsigned ms);

/* The end of what it printed: the last words of one that died. */
void malformed_dut_words(const struct malformed_dut *d, char *out, size_t cap);

/* "192.168.0.3": the next one in turn. */
void malformed_dut_address(struct malformed_dut *d, char *out, size_t cap);

#endif

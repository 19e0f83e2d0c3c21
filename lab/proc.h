/* Processes in nodes: run one and wait for it, or keep one running. The lab is PID 1 there and reaps the orphans. */
#ifndef LAB_PROC_H
#define LAB_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lab/ns.h"

#define LAB_PROCS_MAX 256

struct lab_procs {
	struct {
		pid_t pid; /* 0: free */
		int status;
		bool ended;
	} p[LAB_PROCS_MAX];
	char path
		[1024]; /* PATH for what is run: ours first, so that nodes find this build's programs */
};

struct lab_stdio {
	int in, out, err; /* -1: /dev/null */
	bool tty;	  /* out is a terminal: make it the controlling one */
};

/* The pid, or -errno. It leads its own session. */
pid_t lab_proc_spawn(struct lab_procs *ps, const struct lab_ns *ns, char *const argv[],
	const struct lab_stdio *io);

/* A child that calls fn, in the caller's namespaces, and ends with what it says. The pid, or -errno. It leads its own session. */
pid_t lab_proc_call(struct lab_procs *ps, int (*fn)(void *arg), void *arg);

/* Collects every child that ended, ours and orphans. */
void lab_proc_reap(struct lab_procs *ps);

/* True once it ended, with its wait status; it is then forgotten. */
bool lab_proc_ended(struct lab_procs *ps, pid_t pid, int *status);

/* Waits until it ended or deadline_ms (CLOCK_MONOTONIC) is past: then it is killed and -ETIMEDOUT returned. */
int lab_proc_wait(struct lab_procs *ps, pid_t pid, unsigned long long deadline_ms, int *status);

/*
 * Runs a line of shell (argv NULL) or a program, input on its stdin; its output, cut at cap, in out.
 * The exit status, 128 + signal, or -errno.
 */
struct lab_run_args {
	const char *line;
	char *const *argv;
	const char *input;
	char *out; /* stdout and stderr; may be NULL */
	size_t cap;
	unsigned timeout_ms;
};
int lab_proc_run(struct lab_procs *ps, const struct lab_ns *ns, const struct lab_run_args *a);

unsigned long long lab_now_ms(void); /* CLOCK_MONOTONIC */

#endif

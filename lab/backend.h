/*
 * Where a lab runs: in namespaces of this kernel, or in user-mode Linux. Either way in a PID namespace of its own
 * whose first process dies with us, however we die, and takes everything else along.
 */
#ifndef LAB_BACKEND_H
#define LAB_BACKEND_H

#include <stdbool.h>
#include <sys/types.h>

enum lab_backend_kind { LAB_BACKEND_AUTO, LAB_BACKEND_NETNS, LAB_BACKEND_UML };

struct lab_backend {
	enum lab_backend_kind kind;
	pid_t pid;     /* what to kill; 0: ended */
	int channel;   /* to the inside */
	int console;   /* what the inside says besides: its stderr, or the console of its kernel */
	char *scratch; /* to be removed at the end; NULL: gone by itself */
	char tail[2048]; /* the end of what the console said */
	size_t n_tail;
};

/* Decides, and says in one line of text which and why. False: neither can be had; text says why. */
bool lab_backend_choose(enum lab_backend_kind *kind, char *text, size_t cap);

/* 0 or -errno. self: absolute path of this program, which is PID 1 in user-mode Linux. */
int lab_backend_start(struct lab_backend *b, enum lab_backend_kind kind, const char *self);

/* Reads what the console says into the tail. False at its end. */
bool lab_backend_console(struct lab_backend *b);

/* Gives it grace_ms to end by itself, then kills it, and waits until all of it is gone. Its wait status. */
int lab_backend_stop(struct lab_backend *b, unsigned grace_ms);

/* "netns" or "uml". False: neither. */
bool lab_backend_named(const char *name, enum lab_backend_kind *out);

#endif

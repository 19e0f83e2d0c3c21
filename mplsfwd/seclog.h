/*
 * The security log: a file of lines that are tied to one another (lib/chain.h), which this process alone writes. Lines of bgpd come over the
 * pair: one that was taken over can have untrue lines written from then on, it cannot touch those that stand there.
 *
 * Opened to append only, mode 0600, locked: so chattr +a suits it. On the disk within a second of being written. Where a line cannot be
 * written (the disk is full) the router runs on, the log proper says so, and when it can be again a line says how many are not there. The log
 * proper is told the head (seq, hash) now and then: whoever sends it to another machine has there what `ravelin log verify --head` wants.
 */
#ifndef MPLSFWD_SECLOG_H
#define MPLSFWD_SECLOG_H

#include "lib/chain.h"
#include "lib/log.h"

struct fwd_seclog {
	const struct log *log;
	char *path; /* NULL: there is none */
	int fd;	    /* -1: not open */
	struct chain chain;
	struct sha256 torn;    /* of lines that were written in part, ... */
	bool is_torn, in_line; /* ... if there are; the last one has no end yet */
	bool resumes;	       /* the next line is the first of a run */
	const char *begins;    /* the next line is a beginning, and why; NULL: it is not */
	uint64_t lost;	       /* lines that could not be written, since the last that could */
	int error;	       /* why */
	bool unsynced;
	uint64_t told; /* the seq of the last head in the log proper */
};

void fwd_seclog_init(struct fwd_seclog *s, const struct log *log);

/* 0, or -errno (logged). NULL closes. The same path again: looks whether it still names our file, and goes on in the new one if it was rotated. */
int fwd_seclog_open(struct fwd_seclog *s, const char *path);

/* text: "peer=a ..." or "". Nothing without a file. */
void fwd_seclog_add(struct fwd_seclog *s, const char *proc, enum log_level level, const char *event,
	const char *text);

/* To the disk. */
void fwd_seclog_sync(struct fwd_seclog *s);

/* The head into the log proper, if there are lines since it was last told. */
void fwd_seclog_tell(struct fwd_seclog *s);

/* With a last line that says so. */
void fwd_seclog_close(struct fwd_seclog *s);

#endif

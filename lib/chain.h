/*
 * Lines that are tied to one another, for the security log: none can be changed, removed, inserted or moved without its showing. Pure.
 *
 *   seq=17 time=2026-11-21T10:00:00.123Z proc=bgpd level=info event=session_up peer=a ... hash=<64 digits>
 *
 * hash: SHA-256, in lower case, over the 64 digits of the line before and then this line's octets up to, without, " hash=". A line's
 * sequence number is that of the one before and 1. The first line of a file has event=security_log_begun and prev=<64 digits>: the hash of
 * the last line of the file before, or zeros. What was torn (a crash, a full disk) stays: the line after it has
 * event=security_log_resumed and torn=<64 digits>, the SHA-256 of what there is of it, without the last end of line.
 *
 * What that proves: a file holds all that was written up to a line whose hash is known from elsewhere, unchanged. What it does not: who has the
 * rights to write the file can make up another one from the beginning, and can cut off its end.
 */
#ifndef LIB_CHAIN_H
#define LIB_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/sha256.h"

#define CHAIN_DIGITS   64
#define CHAIN_BODY_MAX 1400 /* octets of a line without seq and hash */
#define CHAIN_LINE_MAX 1536 /* ... with them, and its end */

#define CHAIN_BEGUN   "security_log_begun"
#define CHAIN_RESUMED "security_log_resumed"
#define CHAIN_CLOSED  "security_log_closed"

struct chain {
	uint64_t seq; /* of the last line */
	char head[CHAIN_DIGITS + 1];
};

/* Zeros, seq 0: of no line yet. */
void chain_init(struct chain *c);

/* body ("time=... event=... ") as the next line, with its end; c is then of it. Octets below space become spaces, what is too long is cut. */
size_t chain_seal(struct chain *c, const char *body, char out[CHAIN_LINE_MAX]);

/* The digits of what was added; s is then used up. */
void chain_digits(struct sha256 *s, char out[CHAIN_DIGITS + 1]);

enum chain_fault {
	CHAIN_FINE,
	CHAIN_MALFORMED, /* no lines of a chain, and the next one does not speak of them */
	CHAIN_CHANGED,	 /* the number is right, the hash is not: this line or the one before */
	CHAIN_MISSING,	 /* lines before this one are not there */
	CHAIN_MOVED, /* the number is not above that of the line before: inserted, repeated or in another place */
	CHAIN_HEADLESS, /* the first line of a file is not the beginning of one */
	CHAIN_SPLIT,	/* a new beginning that is not tied to what stands before it */
	CHAIN_TORN,	/* the last line has no end */
};

struct chain_check {
	struct chain at;
	uint64_t lines, first_seq;
	bool begun;  /* at is of some line */
	bool fresh;  /* the next line is the first of its file */
	bool inside; /* begins within a file: the first line is taken as it is */
	bool closed; /* the last line ends a run */
	uint64_t torn,
		torn_from; /* lines before that are none of a chain; the first one's number */
	struct sha256 torn_octets;
	char first_prev[CHAIN_DIGITS + 1]; /* that the first line of all names */
};

void chain_check_init(struct chain_check *k);

/* What follows is of the next file. */
void chain_check_file(struct chain_check *k);

/*
 * The next line, without its end. After a fault goes on from this line as it stands. CHAIN_MALFORMED is said of lines *before* this one,
 * from torn_from on: only this one tells whether they were torn.
 */
enum chain_fault chain_check_line(struct chain_check *k, const char *line, size_t len);

/* At the end of a file; rest: octets behind the last end of line. */
enum chain_fault chain_check_end(struct chain_check *k, size_t rest);

/* The value of a key of a line, as it stands, up to a blank; 0: not there. What is in quotes is passed over. */
size_t chain_value(const char *line, size_t len, const char *key, const char **out);

const char *chain_fault_text(enum chain_fault f);

#endif

/*
 * Vectors: a text file of messages and what has to come out of them (tests/vectors/README.md says the format). Read by the unit tests and,
 * those of catalogue.vec, by the lab's malformed-input group.
 */
#ifndef LAB_ATTACKS_VECTOR_H
#define LAB_ATTACKS_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/ctx.h"

#define VECTOR_OCTETS_MAX 65535
#define VECTOR_FIELDS_MAX 24
#define VECTOR_LINE_MAX	  400

struct vector {
	char source[VECTOR_LINE_MAX]; /* where it comes from */
	char name[VECTOR_LINE_MAX];
	char type[16]; /* "message", "open", "update", "notification", "refresh" */
	struct wire_ctx ctx;
	uint8_t octets[VECTOR_OCTETS_MAX];
	size_t len;
	char expect[VECTOR_LINE_MAX];  /* as show_fault() prints it */
	char session[VECTOR_LINE_MAX]; /* what a router does; "" if nobody is to ask one */
	char also
		[VECTOR_LINE_MAX]; /* what another may do as well, words of `session` separated by commas */
	char regression[VECTOR_LINE_MAX]; /* rows of the list of regressions: "R46 R52" */
	char field[VECTOR_FIELDS_MAX][VECTOR_LINE_MAX];
	char absent[VECTOR_FIELDS_MAX][VECTOR_LINE_MAX];
	unsigned fields, absents;
	int line; /* of its name */
};

typedef void vector_fn(const struct vector *v, void *arg);

/* Calls fn for each vector of a file and returns how many; -1, with a message on stderr, if the file is wrong. */
int vector_each(const char *path, vector_fn *fn, void *arg);

/* Hex digits, blanks anywhere; returns octets written, -1 if malformed or too long. */
int vector_parse_hex(const char *text, uint8_t *out, size_t cap);

#endif

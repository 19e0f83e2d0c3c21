/* The table of what can be asked, and finding in it what was typed. Pure. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stddef.h>

#include "cli/show.h"

struct cli_row {
	const char *words; /* "show bgp summary" */
	const char *path;  /* of the API */
	const char *
		argument; /* what an optional last word names: becomes ?name=; NULL if there is none */
	cli_render_fn *render;
	const char *help;
	const char *key; /* of the argument in the query; NULL: "name" */
	const char *
		also; /* a word that may follow the argument, with its value: "vrf"; then the argument must be there */
};

struct cli_asked { /* borrowed from argv; NULL: not there */
	const char *argument;
	const char *also; /* the value */
};

/* NULL past the last row. */
const struct cli_row *cli_words_row(size_t i);

/*
 * Finds the row of argv[0..n), and what stands behind its words. NULL if there is none: why (cap
 * octets) says what was wrong and what may have been meant.
 */
const struct cli_row *cli_words_find(
	int n, char *const *argv, struct cli_asked *asked, char *why, size_t cap);

/* A value of a query, percent-encoded (RFC 3986 2.1). */
struct text;
void cli_words_encode(struct text *t, const char *value);

/* path, path?name=ARGUMENT or path?name=ARGUMENT&also=VALUE, percent-encoded (RFC 3986 2.1). NULL (out of cap) or out. */
char *cli_words_target(
	const struct cli_row *row, const struct cli_asked *asked, char *out, size_t cap);

#endif

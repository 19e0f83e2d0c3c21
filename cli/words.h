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
};

/* NULL past the last row. */
const struct cli_row *cli_words_row(size_t i);

/*
 * Finds the row of argv[0..n). *argument is the optional last word or NULL. NULL if there is none: why (cap
 * octets) says what was wrong and what may have been meant.
 */
const struct cli_row *cli_words_find(
	int n, char *const *argv, const char **argument, char *why, size_t cap);

/* A value of a query, percent-encoded (RFC 3986 2.1). */
struct text;
void cli_words_encode(struct text *t, const char *value);

/* path or path?name=ARGUMENT, percent-encoded (RFC 3986 2.1). NULL (out of cap) or out. */
char *cli_words_target(const struct cli_row *row, const char *argument, char *out, size_t cap);

#endif

/* What is wrong with a configuration: collected while it is read, sorted by position, printed with a caret. */
#ifndef CONF_DIAG_H
#define CONF_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/arena.h"

#define CONF_DIAG_MAX                                                                              \
	100 /* a file that is not a configuration at all need not be proven so line by line */

/* A place in the source, in octets. */
struct conf_at {
	size_t off;
	size_t len;
};

enum conf_level { CONF_WARNING, CONF_ERROR };

/* One file of a text that was put together of several. */
struct conf_part {
	const char *file;
	size_t from; /* the octet that it begins with */
};

struct conf_diag {
	struct arena arena;
	const char *text; /* borrowed */
	size_t text_len;
	struct conf_part *parts; /* ascending, the first from 0; in the arena */
	unsigned n_parts;
	struct conf_msg *msgs; /* CONF_DIAG_MAX of them, in the arena */
	unsigned n, errors;
	unsigned said; /* n, and those that were there already */
	bool full;     /* something was not recorded for lack of room */
};

/* Borrows the parts' names and the text until conf_diag_fini. */
void conf_diag_init(struct conf_diag *d, const struct conf_part *parts, unsigned n_parts,
	const char *text, size_t text_len);
void conf_diag_fini(struct conf_diag *d);

/* One sentence: what is wrong; what to do. Untrusted text in it must have gone through conf_diag_quote. */
void conf_diag_add(struct conf_diag *d, enum conf_level level, struct conf_at at, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));

/* The text in double quotes, escaped, cut if it is long. Owned by the arena. */
const char *conf_diag_quote(struct conf_diag *d, const char *text, size_t len);

/* Which part a place is in. */
unsigned conf_diag_part(const struct conf_diag *d, struct conf_at at);

/* Zero-based line and column (in characters) of a part to a place of one octet, clamped to the text. */
struct conf_at conf_diag_at(const struct conf_diag *d, unsigned part, size_t line, size_t column);

/* "FILE:LINE:COL" of a place that a message about another one names. Owned by the arena. */
const char *conf_diag_where(struct conf_diag *d, struct conf_at at);

/* Octets of the UTF-8 character at s; 0 if it is none, or a control character of the upper half (U+0080-9F). */
size_t conf_diag_utf8_len(const uint8_t *s, size_t left);

/*
 * Everything, in the order of the file:
 *   FILE:LINE:COL: error: message
 *       source line          (a password in it is starred out)
 *       ^~~~~
 */
void conf_diag_print(struct conf_diag *d, FILE *out);

#endif

/* Columns that fit what stands in them, for terminals: nothing wraps, nothing that a peer sent reaches it raw. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define CLI_WIDTH 80 /* of a terminal */

struct cli_table;

/*
 * heads: one a column; a leading '>' stands numbers to the right, a leading '~' lets cells be cut (shown as `~`) where a line would
 * be wider than CLI_WIDTH. Borrowed, static.
 */
struct cli_table *cli_table_new(const char *const *heads, unsigned n);
void cli_table_free(struct cli_table *t);

/* The next cell, row by row. Copied; control characters are escaped. NULL and "" are shown as "-". */
void cli_table_add(struct cli_table *t, const char *text);
void cli_table_addf(struct cli_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The member of an object: strings and numbers as they are, true and false as yes and no, a list with blanks. */
void cli_table_add_json(struct cli_table *t, const json_t *object, const char *key);

/* A number of packets: from CLI_MANY on in thousands (k), millions (M), ... */
#define CLI_MANY 10000000
void cli_table_add_count(struct cli_table *t, long long n);

/* ... at most max characters of it; a cut is shown as `~`. */
void cli_table_add_cut(struct cli_table *t, const json_t *object, const char *key, int max);

/* Head and rows; the last column is not padded. */
void cli_table_print(const struct cli_table *t, FILE *out);

/* A text in lines no wider than a terminal, cut at blanks where there are any, each four blanks in. */
void cli_print_wrapped(const char *text, FILE *out);

/* Lines, none wider than a terminal: of one that is, what is left stands further in below it. */
void cli_print_folded(const char *text, FILE *out);

/* "    NAME        value": indent blanks, the value from column left on, in as many lines as it takes. */
void cli_print_value(int indent, const char *name, int left, const char *value, FILE *out);

/* The same text as a cell, alone: in a malloc'ed string. */
char *cli_text_of(const json_t *value);

/* A new list in order of two members, numbers in names by their value: eth2 before eth10. NULL if it is none. */
json_t *cli_sorted(const json_t *list, const char *first, const char *then);

/* "45s", "12m30s", "3h05m", "2d03h". Returns out. */
char *cli_duration(long long seconds, char out[32]);

/* Prints each of a list with an empty line between them; takes the reference. 1, and none is said, if it is empty. */
int cli_print_each(
	json_t *list, void (*print)(const json_t *one, FILE *out), const char *none, FILE *out);

/* Members that an older or newer daemon may lack: "", 0, false. */
const char *cli_string(const json_t *object, const char *key);
long long cli_number(const json_t *object, const char *key);
bool cli_true(const json_t *object, const char *key);

#endif

/* What was typed, found in the table of commands (cli/command): whole words, or as much of them as is unmistakable. Pure. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"

#define CLI_WORD_MAX   32 /* octets of a word of the table, and its end */
#define CLI_WORDS_MAX  16 /* that can be typed */
#define CLI_CHOICES    64 /* words that can stand at one place: more than there are */
#define CLI_VALUES_MAX 4  /* of a row */
#define CLI_WHY_MAX    512

struct cli_typed { /* borrowed from argv */
	const struct cli_row *row;
	int n_words; /* of argv that belong to the row; with CLI_REST more may follow */
	int n_values;
	struct {
		char kind[CLI_WORD_MAX]; /* "PREFIX" */
		bool argument;		 /* the row's optional one */
		const char *value;
	} values[CLI_VALUES_MAX];
};

/* Finds argv[0..n). False: why (cap octets) says what was wrong, and what may have been meant. */
bool cli_words_find(int n, char *const *argv, struct cli_typed *typed, char *why, size_t cap);

/* What a row is typed as: the k-th word into out; false past the last. Optional ones come last. */
bool cli_words_at(const struct cli_row *row, int k, char out[CLI_WORD_MAX]);

/* What can stand behind argv[0..n), each once, kinds of values in capitals: how many. hidden rows are left out. */
size_t cli_words_next(int n, char *const *argv, char list[CLI_CHOICES][CLI_WORD_MAX]);

/* Whether argv[0..n) can be the beginning of the row, or the whole of it. */
bool cli_words_lead_to(int n, char *const *argv, const struct cli_row *row);

/* A row of those that read all that follows themselves, if word can only be their first one; NULL. */
const struct cli_row *cli_words_program(const char *word);

/* Whether it is a value's kind, "PREFIX", and no word to be typed. */
bool cli_words_is_kind(const char *word);

/* path?KEY=VALUE&..., percent-encoded (RFC 3986 2.1). NULL: why says what does not fit. */
char *cli_words_target(
	const struct cli_typed *typed, char *out, size_t cap, char *why, size_t why_cap);

#endif

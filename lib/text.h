/* Strict number parsing, a bounded string builder, and the edit distance behind "did you mean". */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decimal digits only, no sign, no blank, at most max, nothing after it. False leaves *out alone. */
bool text_parse_u64(const char *text, uint64_t max, uint64_t *out);

/* "90", "90s", "15m", "1h": the same, as seconds. */
bool text_parse_time(const char *text, uint64_t max_s, uint64_t *seconds);

/* Bounded builder over the caller's memory: always terminated, never past cap; full tells if it was cut. */
struct text {
	char *s;
	size_t len;
	size_t cap;
	bool full;
};

struct text text_of(char *s, size_t cap);
void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Copies with controls (those of Unicode too), quotes and backslashes escaped as \xHH or \": safe for logs and terminals. */
void text_add_escaped(struct text *t, const void *octets, size_t len);

/* The nearest of n words by edit distance, or NULL if none is near enough to be meant. */
const char *text_nearest(const char *word, const char *const *words, size_t n);

#endif

#include "lib/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"

#define TEXT_WORD_MAX 48

bool text_parse_u64(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint64_t d = (uint64_t)(*text - '0');
		if (d > max || v > (max - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

struct text text_of(char *s, size_t cap)
{
	CHECK(cap > 0);
	s[0] = '\0';
	return (struct text){.s = s, .cap = cap};
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(t->s + t->len, t->cap - t->len, fmt, ap);
	va_end(ap);
	CHECK(n >= 0);
	if ((size_t)n >= t->cap - t->len) {
		t->full = true;
		t->len = t->cap - 1;
		return;
	}
	t->len += (size_t)n;
}

void text_add_escaped(struct text *t, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len && !t->full; i++) {
		if (p[i] == '"' || p[i] == '\\')
			text_add(t, "\\%c", p[i]);
		else if (p[i] < 0x20 || p[i] == 0x7f)
			text_add(t, "\\x%02x", p[i]);
		else
			text_add(t, "%c", p[i]);
	}
}

static size_t text_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t row[TEXT_WORD_MAX + 1];

	if (la > TEXT_WORD_MAX || lb > TEXT_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diag = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t up = row[j];
			size_t best = diag + (a[i - 1] != b[j - 1]);
			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diag = up;
		}
	}
	return row[lb];
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t limit = strlen(word) / 3 + 1;

	for (size_t i = 0; i < n; i++) {
		size_t d = text_distance(word, words[i]);
		if (d <= limit) {
			best = words[i];
			limit = d ? d - 1 : 0;
			if (d == 0)
				break;
		}
	}
	return best;
}

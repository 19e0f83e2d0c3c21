#include "lib/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"

#define TEXT_WORD_MAX	48
#define TEXT_NUMBER_MAX 24

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

bool text_parse_time(const char *text, uint64_t max_s, uint64_t *seconds)
{
	size_t digits = strspn(text, "0123456789");
	char number[TEXT_NUMBER_MAX];
	uint64_t unit = text[digits] == 'm' ? 60 : text[digits] == 'h' ? 3600 : 1;

	if (digits >= sizeof(number) || strchr("smh", text[digits]) == NULL ||
		(text[digits] && text[digits + 1]))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!text_parse_u64(number, max_s / unit, seconds))
		return false;
	*seconds *= unit;
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

/* Octets of UTF-8 that do something to a terminal and show nothing: C1 controls, line separators, change of direction. */
static size_t text_control_octets(const uint8_t *p, size_t left)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (left >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;
	if (left < 3 || p[0] != 0xe2)
		return 0;
	bool line_or_bidi = p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae;
	bool isolate = p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
	return line_or_bidi || isolate ? 3 : 0;
}

void text_add_escaped(struct text *t, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len && !t->full; i++) {
		size_t n = text_control_octets(p + i, len - i);

		if (p[i] == '"' || p[i] == '\\')
			text_add(t, "\\%c", p[i]);
		else if (n == 0)
			text_add(t, "%c", p[i]);
		for (; n > 0; n--, i += n > 0)
			text_add(t, "\\x%02x", p[i]);
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

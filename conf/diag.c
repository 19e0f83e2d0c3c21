#include "conf/diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define DIAG_ARENA_CAP	   (1u << 20)
#define DIAG_MESSAGE_MAX   400
#define DIAG_QUOTE_MAX	   48  /* octets of somebody's text repeated in a message */
#define DIAG_WHERE_MAX	   200 /* octets of FILE:LINE:COL in a message */
#define DIAG_LINE_MAX	   160 /* octets of a source line that are shown */
#define DIAG_LINE_LEAD_MAX 120 /* octets before the caret that are shown of a long line */

struct conf_msg {
	struct conf_at at;
	enum conf_level level;
	unsigned order;
	const char *text;
};

void conf_diag_init(struct conf_diag *d, const struct conf_part *parts, unsigned n_parts,
	const char *text, size_t text_len)
{
	*d = (struct conf_diag){.text = text, .text_len = text_len, .n_parts = n_parts};
	arena_init(&d->arena, DIAG_ARENA_CAP);
	d->parts = arena_copy(&d->arena, parts, n_parts * sizeof(*parts));
	CHECK(d->parts != NULL);
	d->msgs = arena_alloc(&d->arena, CONF_DIAG_MAX * sizeof(*d->msgs));
	CHECK(d->msgs != NULL);
}

void conf_diag_fini(struct conf_diag *d)
{
	arena_fini(&d->arena);
}

/* The same of the same place: a value that several aliases name. */
static bool diag_has(
	const struct conf_diag *d, enum conf_level level, struct conf_at at, const char *text)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->msgs[i].level == level && d->msgs[i].at.off == at.off &&
			strcmp(d->msgs[i].text, text) == 0)
			return true;
	return false;
}

void conf_diag_add(
	struct conf_diag *d, enum conf_level level, struct conf_at at, const char *fmt, ...)
{
	char buf[DIAG_MESSAGE_MAX];
	va_list ap;

	d->errors += level == CONF_ERROR;
	if (d->said == CONF_DIAG_MAX) {
		d->full = true;
		return;
	}
	d->said++;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (at.off > d->text_len)
		at.off = d->text_len;
	if (diag_has(d, level, at, buf))
		return;
	const char *text = arena_copy(&d->arena, buf, strlen(buf) + 1);
	CHECK(text != NULL);
	d->msgs[d->n] = (struct conf_msg){.at = at, .level = level, .order = d->n, .text = text};
	d->n++;
}

const char *conf_diag_quote(struct conf_diag *d, const char *text, size_t len)
{
	char buf[DIAG_QUOTE_MAX * 4 + 8];
	struct text t = text_of(buf, sizeof(buf));
	bool cut = len > DIAG_QUOTE_MAX;

	/* Past CONF_DIAG_MAX nothing is recorded, so the arena need not hold it either. */
	if (d->said == CONF_DIAG_MAX)
		return "";
	text_add(&t, "\"");
	text_add_escaped(&t, text, cut ? DIAG_QUOTE_MAX : len);
	text_add(&t, cut ? "...\"" : "\"");
	const char *copy = arena_copy(&d->arena, buf, t.len + 1);
	return copy ? copy : "";
}

static bool diag_starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

unsigned conf_diag_part(const struct conf_diag *d, struct conf_at at)
{
	unsigned i = d->n_parts - 1;

	while (i > 0 && d->parts[i].from > at.off)
		i--;
	return i;
}

struct conf_at conf_diag_at(const struct conf_diag *d, unsigned part, size_t line, size_t column)
{
	size_t off = d->parts[part].from;

	while (line > 0 && off < d->text_len) {
		const char *nl = memchr(d->text + off, '\n', d->text_len - off);
		off = nl ? (size_t)(nl - d->text) + 1 : d->text_len;
		line--;
	}
	while (off < d->text_len && d->text[off] != '\n' &&
		(column > 0 || !diag_starts_character(d->text[off]))) {
		column -= diag_starts_character(d->text[off]);
		off++;
		if (column == 0)
			break;
	}
	return (struct conf_at){.off = off, .len = 1};
}

static int diag_cmp(const void *a, const void *b)
{
	const struct conf_msg *x = a, *y = b;

	if (x->at.off != y->at.off)
		return x->at.off < y->at.off ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* The end of a scalar that begins at i: the closing quote, or what ends a plain one. */
static size_t diag_scalar_end(const char *line, size_t len, size_t i)
{
	char quote = line[i];

	if (quote == '"' || quote == '\'') {
		for (i++; i < len && line[i] != quote; i++)
			i += quote == '"' && line[i] == '\\' && i + 1 < len;
		return i < len ? i + 1 : len;
	}
	while (i < len && !strchr(",}", line[i]) &&
		!(line[i] == ' ' && i + 1 < len && line[i + 1] == '#'))
		i++;
	return i;
}

/*
 * Stars out the value of every key that begins like "password", misspelled ones too, but for password-file.
 * By the letters and not by the parsed nodes: it must also hold in a file that does not parse.
 */
static void diag_hide_passwords(char *line, size_t len)
{
	for (size_t i = 0; i + 3 < len; i++) {
		if (strncasecmp(line + i, "pas", 3) != 0 ||
			(i > 0 && isalnum((unsigned char)line[i - 1])))
			continue;
		size_t word = i;
		while (i < len && isalpha((unsigned char)line[i]))
			i++;
		if (i - word == 7 && strncmp(line + word, "passive", 7) == 0)
			continue;
		while (i < len && strchr("\"' \t", line[i]))
			i++;
		if (i >= len || line[i] != ':')
			continue;
		for (i++; i < len && (line[i] == ' ' || line[i] == '\t');)
			i++;
		if (i >= len)
			return;
		size_t end = diag_scalar_end(line, len, i);
		memset(line + i, '*', end - i);
		i = end;
	}
}

struct diag_line {
	const char *file;
	size_t from, to; /* octets of the source */
	size_t number;	 /* from 1 */
};

static struct diag_line diag_line_of(const struct conf_diag *d, size_t off)
{
	const struct conf_part *part = &d->parts[conf_diag_part(d, (struct conf_at){.off = off})];
	struct diag_line l = {.file = part->file, .from = part->from, .number = 1};

	for (size_t i = part->from; i < off; i++) {
		if (d->text[i] == '\n') {
			l.number++;
			l.from = i + 1;
		}
	}
	const char *nl = off < d->text_len ? memchr(d->text + off, '\n', d->text_len - off) : NULL;
	l.to = nl ? (size_t)(nl - d->text) : d->text_len;
	if (l.to > l.from && d->text[l.to - 1] == '\r')
		l.to--;
	return l;
}

static size_t diag_characters(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += diag_starts_character(s[i]);
	return n;
}

size_t conf_diag_utf8_len(const uint8_t *s, size_t left)
{
	size_t n = s[0] < 0x80	 ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;

	if (n == 0 || n > left || (s[0] == 0xc2 && s[1] < 0xa0))
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Control octets would move a terminal's cursor or worse. */
static void diag_make_printable(char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = conf_diag_utf8_len((const uint8_t *)s + i, len - i);
		if (s[i] == '\t')
			s[i] = ' ';
		else if (n == 0 || (n == 1 && ((uint8_t)s[i] < 0x20 || s[i] == 0x7f)))
			s[i] = '?';
		i += n ? n : 1;
	}
}

const char *conf_diag_where(struct conf_diag *d, struct conf_at at)
{
	char buf[DIAG_WHERE_MAX];

	if (d->said == CONF_DIAG_MAX)
		return "";
	if (at.off > d->text_len)
		at.off = d->text_len;
	struct diag_line l = diag_line_of(d, at.off);
	size_t caret = at.off > l.to ? l.to : at.off;
	snprintf(buf, sizeof(buf), "%s:%zu:%zu", l.file, l.number,
		diag_characters(d->text + l.from, caret - l.from) + 1);
	const char *copy = arena_copy(&d->arena, buf, strlen(buf) + 1);
	return copy ? copy : "";
}

static void diag_print_source(
	const struct conf_diag *d, const struct diag_line *l, struct conf_at at, FILE *out)
{
	size_t len = l->to - l->from, caret = at.off > l->to ? len : at.off - l->from;
	char *line = malloc(len + 1);

	CHECK(line != NULL);
	memcpy(line, d->text + l->from, len);
	diag_hide_passwords(line, len);
	diag_make_printable(line, len);
	size_t skip = caret > DIAG_LINE_LEAD_MAX ? caret - DIAG_LINE_LEAD_MAX : 0;
	size_t show = len - skip > DIAG_LINE_MAX ? DIAG_LINE_MAX : len - skip;
	size_t marked = at.len < skip + show - caret ? at.len : skip + show - caret;
	size_t lead = diag_characters(line + skip, caret - skip);
	size_t waves = diag_characters(line + caret, marked);
	fprintf(out, "    %.*s\n    %*s^", (int)show, line + skip, (int)lead, "");
	for (size_t i = 1; i < waves; i++)
		fputc('~', out);
	fputc('\n', out);
	free(line);
}

void conf_diag_print(struct conf_diag *d, FILE *out)
{
	static const char *const names[] = {[CONF_WARNING] = "warning", [CONF_ERROR] = "error"};

	qsort(d->msgs, d->n, sizeof(*d->msgs), diag_cmp);
	for (unsigned i = 0; i < d->n; i++) {
		const struct conf_msg *m = &d->msgs[i];
		struct diag_line l = diag_line_of(d, m->at.off);
		size_t caret = m->at.off > l.to ? l.to : m->at.off;
		fprintf(out, "%s:%zu:%zu: %s: %s\n", l.file, l.number,
			diag_characters(d->text + l.from, caret - l.from) + 1, names[m->level],
			m->text);
		diag_print_source(d, &l, m->at, out);
	}
	if (d->full)
		fprintf(out, "%s: %s: more than %d messages; the rest is not shown\n",
			d->parts[0].file, names[d->errors ? CONF_ERROR : CONF_WARNING],
			CONF_DIAG_MAX);
}

#include "cli/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define TABLE_GAP	2   /* blanks between columns */
#define TABLE_CUT_MIN	3   /* characters that stay of a cell */
#define TABLE_FIELD_MAX 400 /* octets of what cli_table_addf makes */

struct cli_table {
	const char *const *heads;
	unsigned n; /* columns */
	char **cells;
	size_t n_cells, cap;
};

struct cli_table *cli_table_new(const char *const *heads, unsigned n)
{
	struct cli_table *t = calloc(1, sizeof(*t));

	CHECK(t != NULL && n > 0);
	t->heads = heads;
	t->n = n;
	return t;
}

void cli_table_free(struct cli_table *t)
{
	for (size_t i = 0; i < t->n_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	free(t);
}

/* Control characters, those of the upper half (U+0080-9F) too, as \xHH: a terminal obeys either. */
static char *table_escape(const char *s)
{
	size_t cap = strlen(s) * 4 + 1;
	char *out = malloc(cap);

	CHECK(out != NULL);
	struct text t = text_of(out, cap);
	for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
		if (*p < 0x20 || *p == 0x7f) {
			text_add(&t, "\\x%02x", *p);
		} else if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) {
			text_add(&t, "\\x%02x", p[1]);
			p++;
		} else {
			text_add(&t, "%c", *p);
		}
	}
	return out;
}

static void table_take(struct cli_table *t, char *cell)
{
	if (t->n_cells == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->cells = realloc(t->cells, t->cap * sizeof(*t->cells));
		CHECK(t->cells != NULL);
	}
	t->cells[t->n_cells++] = cell;
}

void cli_table_add(struct cli_table *t, const char *text)
{
	table_take(t, table_escape(text && *text ? text : "-"));
}

void cli_table_addf(struct cli_table *t, const char *fmt, ...)
{
	char field[TABLE_FIELD_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(field, sizeof(field), fmt, ap);
	va_end(ap);
	cli_table_add(t, field);
}

static char *table_list(const json_t *list)
{
	char *all = strdup("");
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		char *one = cli_text_of(item), *both = NULL;
		CHECK(all != NULL && asprintf(&both, "%s%s%s", all, i ? " " : "", one) >= 0);
		free(all);
		free(one);
		all = both;
	}
	CHECK(all != NULL);
	if (*all)
		return all;
	free(all);
	return strdup("-");
}

char *cli_text_of(const json_t *value)
{
	char *text = NULL;

	if (json_is_integer(value))
		CHECK(asprintf(&text, "%" JSON_INTEGER_FORMAT, json_integer_value(value)) >= 0);
	else if (json_is_boolean(value))
		text = strdup(json_is_true(value) ? "yes" : "no");
	else if (json_is_array(value))
		text = table_list(value);
	else if (json_is_string(value) && json_string_length(value) > 0)
		text = table_escape(json_string_value(value));
	else
		text = strdup("-");
	CHECK(text != NULL);
	return text;
}

void cli_table_add_json(struct cli_table *t, const json_t *object, const char *key)
{
	table_take(t, cli_text_of(json_object_get(object, key)));
}

static int table_width(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static bool table_is_right(const struct cli_table *t, unsigned column)
{
	return t->heads[column][0] == '>';
}

static bool table_is_cut(const struct cli_table *t, unsigned column)
{
	return t->heads[column][0] == '~';
}

static const char *table_cell(const struct cli_table *t, size_t row, unsigned column)
{
	size_t i = (row - 1) * t->n + column;

	if (row == 0)
		return t->heads[column] + (table_is_right(t, column) || table_is_cut(t, column));
	return i < t->n_cells ? t->cells[i] : "";
}

/* Octets of its first n characters. */
static int table_octets(const char *s, int n)
{
	const char *at = s;

	for (; *at && n > 0; n--)
		for (at++; ((unsigned char)*at & 0xc0) == 0x80;)
			at++;
	return (int)(at - s);
}

static void table_print_cell(const char *cell, int width, bool right, bool last, FILE *out)
{
	int pad = width - table_width(cell);

	if (pad < 0)
		fprintf(out, "%.*s~", table_octets(cell, width - 1), cell);
	else if (right)
		fprintf(out, "%*s%s", pad, "", cell);
	else
		fprintf(out, "%s%*s", cell, last ? 0 : pad, "");
}

static void table_print_row(const struct cli_table *t, size_t row, const int *widths, FILE *out)
{
	for (unsigned c = 0; c < t->n; c++) {
		bool last = c + 1 == t->n;

		table_print_cell(table_cell(t, row, c), widths[c], table_is_right(t, c), last, out);
		fprintf(out, "%*s", last ? 0 : TABLE_GAP, "");
	}
	fputc('\n', out);
}

/* The widest of those that may be cut gives way, again and again. */
static void table_fit(const struct cli_table *t, int *widths)
{
	int all = TABLE_GAP * ((int)t->n - 1);

	for (unsigned c = 0; c < t->n; c++)
		all += widths[c];
	for (; all > CLI_WIDTH; all--) {
		int *widest = NULL;
		for (unsigned c = 0; c < t->n; c++)
			if (table_is_cut(t, c) && widths[c] > TABLE_CUT_MIN &&
				(!widest || widths[c] > *widest))
				widest = &widths[c];
		if (!widest)
			return;
		--*widest;
	}
}

void cli_table_print(const struct cli_table *t, FILE *out)
{
	size_t rows = 1 + (t->n_cells + t->n - 1) / t->n;
	int *widths = calloc(t->n, sizeof(*widths));

	CHECK(widths != NULL);
	for (size_t r = 0; r < rows; r++) {
		for (unsigned c = 0; c < t->n; c++) {
			int w = table_width(table_cell(t, r, c));
			widths[c] = w > widths[c] ? w : widths[c];
		}
	}
	table_fit(t, widths);
	for (size_t r = 0; r < rows; r++)
		table_print_row(t, r, widths, out);
	free(widths);
}

struct table_sorted {
	json_t *item;
	const char *first, *then;
};

static int table_compare(const void *a, const void *b)
{
	const struct table_sorted *x = a, *y = b;
	int order = strverscmp(cli_string(x->item, x->first), cli_string(y->item, y->first));

	return order ? order
		     : strverscmp(cli_string(x->item, x->then), cli_string(y->item, y->then));
}

json_t *cli_sorted(const json_t *list, const char *first, const char *then)
{
	size_t n = json_array_size(list), i;
	struct table_sorted *rows = calloc(n + 1, sizeof(*rows));
	json_t *out = json_is_array(list) ? json_array() : NULL, *item;

	CHECK(rows != NULL);
	json_array_foreach(list, i, item) rows[i] = (struct table_sorted){item, first, then};
	qsort(rows, n, sizeof(*rows), table_compare);
	for (i = 0; i < n; i++)
		json_array_append(out, rows[i].item);
	free(rows);
	return out;
}

char *cli_duration(long long s, char out[32])
{
	if (s < 60)
		snprintf(out, 32, "%llds", s);
	else if (s < 3600)
		snprintf(out, 32, "%lldm%02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(out, 32, "%lldh%02lldm", s / 3600, s / 60 % 60);
	else
		snprintf(out, 32, "%lldd%02lldh", s / 86400, s / 3600 % 24);
	return out;
}

const char *cli_string(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

long long cli_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool cli_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void cli_table_add_cut(struct cli_table *t, const json_t *p, const char *key, int max)
{
	char *text = cli_text_of(json_object_get(p, key)), *at = text;
	int n = 0;

	for (; *at; at++) {
		n += ((unsigned char)*at & 0xc0) != 0x80;
		if (n == max && at[1]) {
			cli_table_addf(t, "%.*s~", (int)(at - text), text);
			free(text);
			return;
		}
	}
	cli_table_add(t, text);
	free(text);
}

/* Octets of what a line takes: as many characters, at a blank where there is one, or less if that is all. */
static size_t fold_at(const char *text, size_t max)
{
	size_t n = 0, blank = 0, chars = 0;

	for (; text[n] && text[n] != '\n'; n++) {
		chars += ((unsigned char)text[n] & 0xc0) != 0x80;
		if (chars > max)
			return text[n] == ' ' ? n : blank > 0 ? blank : n;
		if (text[n] == ' ' && n > 0 && text[n - 1] != ' ')
			blank = n;
	}
	return n;
}

/* The rest of it in lines of its own, each so many blanks in. */
static void fold_rest(const char *text, int left, FILE *out)
{
	while (*text && *text != '\n') {
		text += *text == ' ';
		size_t n = fold_at(text, (size_t)(CLI_WIDTH - left));
		fprintf(out, "\n%*s%.*s", left, "", (int)n, text);
		text += n;
	}
	fputc('\n', out);
}

void cli_print_wrapped(const char *text, FILE *out)
{
	size_t n = fold_at(text, CLI_WIDTH - 4);

	fprintf(out, "    %.*s", (int)n, text);
	fold_rest(text + n, 4, out);
}

void cli_print_value(int indent, const char *name, int left, const char *value, FILE *out)
{
	size_t n = fold_at(value, (size_t)(CLI_WIDTH - left));

	fprintf(out, "%*s%-*s%.*s", indent, "", left - indent, name, (int)n, value);
	fold_rest(value + n, left, out);
}

void cli_print_folded(const char *text, FILE *out)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		size_t n = fold_at(text, CLI_WIDTH);
		fprintf(out, "%.*s", (int)n, text);
		fold_rest(text + n, (int)strspn(text, " ") % (CLI_WIDTH / 2) + 4, out);
	}
}

void cli_table_add_count(struct cli_table *t, long long n)
{
	static const char units[] = " kMGTPE";
	const char *unit = units;

	if (n < CLI_MANY) {
		cli_table_addf(t, "%lld", n);
		return;
	}
	for (; n >= CLI_MANY / 1000 && unit[1]; unit++)
		n /= 1000;
	cli_table_addf(t, "%lld%c", n, *unit);
}

int cli_print_each(
	json_t *list, void (*print)(const json_t *one, FILE *out), const char *none, FILE *out)
{
	int status = json_array_size(list) == 0;
	const json_t *one;
	size_t i;

	if (status)
		fprintf(out, "%s\n", none);
	json_array_foreach(list, i, one)
	{
		if (i)
			fputc('\n', out);
		print(one, out);
	}
	json_decref(list);
	return status;
}

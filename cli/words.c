#include "cli/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define WORDS_ROWS 128 /* more than there are */

struct words_walk { /* rows that what was typed so far may lead to */
	bool alive[WORDS_ROWS];
};

/* The k-th blank-separated word of a text; false past the last, *k is then less by how many there were. */
static bool word_cut(const char *text, int *k, char out[CLI_WORD_MAX])
{
	for (; text && *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		if ((*k)-- == 0) {
			snprintf(out, CLI_WORD_MAX, "%.*s", (int)len, text);
			return true;
		}
		text += len;
	}
	return false;
}

static bool row_is_program(const struct cli_row *row)
{
	return row->argument && strcmp(row->argument, CLI_REST) == 0;
}

bool cli_words_at(const struct cli_row *row, int k, char out[CLI_WORD_MAX])
{
	return word_cut(row->words, &k, out) ||
	       (!row_is_program(row) && word_cut(row->argument, &k, out)) ||
	       word_cut(row->also, &k, out);
}

bool cli_words_is_kind(const char *word)
{
	return isupper((unsigned char)*word) != 0;
}

static int row_n_words(const struct cli_row *row)
{
	char word[CLI_WORD_MAX];
	int k = WORDS_ROWS;

	(void)word_cut(row->words, &k, word);
	return WORDS_ROWS - k;
}

/* May end here, after n words. */
static bool row_is_whole(const struct cli_row *row, int n)
{
	char word[CLI_WORD_MAX];
	int must = row_n_words(row);

	return n == must ||
	       (n > must && !cli_words_at(row, n, word) && cli_words_at(row, n - 1, word));
}

/* The words, no values, that can stand at place k, each once. */
static size_t walk_choices(const struct words_walk *w, int k, bool kinds, bool hidden,
	char list[CLI_CHOICES][CLI_WORD_MAX])
{
	const struct cli_row *row;
	size_t n = 0;

	for (size_t i = 0; (row = cli_row(i)) && n < CLI_CHOICES; i++) {
		if (!w->alive[i] || (!row->help && !hidden) || !cli_words_at(row, k, list[n]) ||
			(!kinds && cli_words_is_kind(list[n])))
			continue;
		bool known = false;
		for (size_t j = 0; j < n; j++)
			known |= strcmp(list[j], list[n]) == 0;
		n += !known;
	}
	return n;
}

/* Only rows with this at place k stay; NULL: with a value there. */
static bool walk_keep(struct words_walk *w, int k, const char *choice)
{
	char word[CLI_WORD_MAX];
	const struct cli_row *row;
	bool any = false;

	for (size_t i = 0; (row = cli_row(i)); i++) {
		bool is = w->alive[i] && cli_words_at(row, k, word) &&
			  (choice ? strcmp(word, choice) == 0 : cli_words_is_kind(word));
		w->alive[i] = is;
		any |= is;
	}
	return any;
}

enum words_step { WORDS_TAKEN, WORDS_AMBIGUOUS, WORDS_UNKNOWN };

/* One more word. A whole one goes before the beginning of others, and either before a value. */
static enum words_step walk_step(struct words_walk *w, int k, const char *typed)
{
	char list[CLI_CHOICES][CLI_WORD_MAX];
	size_t n = walk_choices(w, k, false, true, list), len = strlen(typed), found = 0;
	const char *choice = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], typed) == 0) {
			walk_keep(w, k, list[i]);
			return WORDS_TAKEN;
		}
	}
	n = walk_choices(w, k, false, false, list);
	for (size_t i = 0; i < n && len > 0; i++) {
		if (strncmp(list[i], typed, len) == 0) {
			choice = list[i];
			found++;
		}
	}
	if (found > 1)
		return WORDS_AMBIGUOUS;
	struct words_walk before = *w;
	if (walk_keep(w, k, choice))
		return WORDS_TAKEN;
	*w = before;
	return WORDS_UNKNOWN;
}

/* A row of which only CLI_REST is left; NULL: none. */
static const struct cli_row *walk_program(const struct words_walk *w, int k)
{
	const struct cli_row *row;

	for (size_t i = 0; (row = cli_row(i)); i++)
		if (w->alive[i] && row_is_program(row) && row_n_words(row) == k)
			return row;
	return NULL;
}

static const struct cli_row *walk_whole(const struct words_walk *w, int k)
{
	const struct cli_row *row;

	for (size_t i = 0; (row = cli_row(i)); i++)
		if (w->alive[i] && row_is_whole(row, k))
			return row;
	return NULL;
}

/* How far argv[0..n) is understood: n, less, or what the words of a program take. */
static int walk_all(struct words_walk *w, int n, char *const *argv, enum words_step *step)
{
	int k = 0;

	for (size_t i = 0; cli_row(i); i++)
		w->alive[i] = i < WORDS_ROWS;
	*step = WORDS_TAKEN;
	for (; k < n && !walk_program(w, k); k++)
		if ((*step = walk_step(w, k, argv[k])) != WORDS_TAKEN)
			break;
	return k;
}

static void say_list(struct text *t, char list[CLI_CHOICES][CLI_WORD_MAX], size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(t, "%s %s", i ? "," : "", list[i]);
}

static void say_ambiguous(const struct words_walk *w, int k, const char *typed, struct text *t)
{
	char list[CLI_CHOICES][CLI_WORD_MAX];
	size_t n = walk_choices(w, k, false, false, list), kept = 0;

	for (size_t i = 0; i < n; i++)
		if (strncmp(list[i], typed, strlen(typed)) == 0)
			memmove(list[kept++], list[i], CLI_WORD_MAX);
	text_add(t, "ambiguous word \"%s\":", typed);
	say_list(t, list, kept);
}

/* typed NULL: there is no more. */
static void say_unknown(const struct words_walk *w, int k, const char *typed, struct text *t)
{
	char list[CLI_CHOICES][CLI_WORD_MAX];
	const char *near[CLI_CHOICES];
	size_t n = walk_choices(w, k, true, false, list), n_near = 0;
	bool is_text = k > 0 && walk_whole(w, k) && walk_whole(w, k)->argument &&
		       strcmp(walk_whole(w, k)->argument, "TEXT") == 0;

	if (n == 0) {
		text_add(t, "\"%s\" is one word too many%s", typed ? typed : "",
			is_text ? "; put the text in quotes" : "");
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!cli_words_is_kind(list[i]))
			near[n_near++] = list[i];
	const char *meant = typed ? text_nearest(typed, near, n_near) : NULL;
	if (typed)
		text_add(t, "unknown word \"%s\"", typed);
	else
		text_add(t, "something is missing");
	if (meant) {
		text_add(t, "; did you mean \"%s\"?", meant);
		return;
	}
	text_add(t, n == 1 ? ":" : "; one of:");
	say_list(t, list, n);
}

static void typed_fill(struct cli_typed *typed, char *const *argv)
{
	char word[CLI_WORD_MAX];
	int must = row_n_words(typed->row);

	for (int k = 0; k < typed->n_words && cli_words_at(typed->row, k, word); k++) {
		int i = typed->n_values;

		if (!cli_words_is_kind(word) || i == CLI_VALUES_MAX)
			continue;
		typed->values[i].argument = k >= must && typed->row->argument;
		typed->values[i].value = argv[k];
		memcpy(typed->values[i].kind, word, CLI_WORD_MAX);
		typed->n_values++;
	}
}

bool cli_words_find(int n, char *const *argv, struct cli_typed *typed, char *why, size_t cap)
{
	struct words_walk walk = {0};
	enum words_step step;
	struct text said = text_of(why, cap);
	int k = walk_all(&walk, n, argv, &step);

	*typed = (struct cli_typed){.n_words = k};
	if (step == WORDS_AMBIGUOUS) {
		say_ambiguous(&walk, k, argv[k], &said);
		return false;
	}
	if (step == WORDS_UNKNOWN) {
		say_unknown(&walk, k, argv[k], &said);
		return false;
	}
	typed->row = walk_program(&walk, k);
	if (!typed->row)
		typed->row = walk_whole(&walk, k);
	if (!typed->row) {
		say_unknown(&walk, k, NULL, &said);
		return false;
	}
	typed_fill(typed, argv);
	return true;
}

size_t cli_words_next(int n, char *const *argv, char list[CLI_CHOICES][CLI_WORD_MAX])
{
	struct words_walk walk = {0};
	enum words_step step;
	int k = walk_all(&walk, n, argv, &step);

	return k == n && step == WORDS_TAKEN ? walk_choices(&walk, n, true, false, list) : 0;
}

bool cli_words_lead_to(int n, char *const *argv, const struct cli_row *row)
{
	struct words_walk walk = {0};
	enum words_step step;
	int k = walk_all(&walk, n, argv, &step);

	for (size_t i = 0; step == WORDS_TAKEN && k == n && cli_row(i); i++)
		if (cli_row(i) == row)
			return walk.alive[i];
	return false;
}

const struct cli_row *cli_words_program(const char *word)
{
	struct words_walk walk = {0};
	enum words_step step;
	const struct cli_row *row, *found = NULL;
	char *argv[] = {(char *)word};

	if (walk_all(&walk, 1, argv, &step) != 1)
		return NULL;
	for (size_t i = 0; (row = cli_row(i)); i++) {
		if (walk.alive[i] && (!row_is_program(row) || row->does == CLI_HELP))
			return NULL;
		found = walk.alive[i] ? row : found;
	}
	return found;
}

static void value_encode(struct text *t, const char *value)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (const char *p = value; *p; p++) {
		if (strchr(plain, *p))
			text_add(t, "%c", *p);
		else
			text_add(t, "%%%02X", (unsigned char)*p);
	}
}

/* The one of a kind's words that begins with value. False: none, or several. */
static bool value_whole(const struct cli_kind *kind, const char *value, char out[CLI_WORD_MAX])
{
	char word[CLI_WORD_MAX];
	unsigned found = 0;
	int k = 0;

	for (int at = 0; k = at, word_cut(kind->words, &k, word); at++) {
		if (strncmp(word, value, strlen(value)) != 0)
			continue;
		memcpy(out, word, CLI_WORD_MAX);
		found++;
		if (strcmp(word, value) == 0)
			return true;
	}
	return found == 1;
}

char *cli_words_target(
	const struct cli_typed *typed, char *out, size_t cap, char *why, size_t why_cap)
{
	struct text t = text_of(out, cap), said = text_of(why, why_cap);
	char separator = '?', whole[CLI_WORD_MAX];

	text_add(&t, "%s", typed->row->path);
	for (int i = 0; i < typed->n_values; i++) {
		const char *value = typed->values[i].value, *name = typed->values[i].kind;
		const struct cli_kind *kind = cli_kind(name, strlen(name));
		const char *key = kind && kind->key ? kind->key : "name";

		if (typed->values[i].argument && typed->row->key)
			key = typed->row->key;
		if (kind && kind->max && strlen(value) > kind->max) {
			text_add(&said, "the %s is %zu octets long; at most %zu", key,
				strlen(value), kind->max);
			return NULL;
		}
		if (!*value)
			continue;
		if (kind && kind->words) {
			if (!value_whole(kind, value, whole)) {
				text_add(&said, "\"%s\" is none of: %s", value, kind->words);
				return NULL;
			}
			value = whole;
		}
		text_add(&t, "%c%s=", separator, key);
		value_encode(&t, value);
		separator = '&';
	}
	if (t.full)
		text_add(&said, "that is too long to be asked for");
	return t.full ? NULL : out;
}

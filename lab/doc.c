/* A YAML file being read strictly: known keys only, every error with file:line:col, source line and caret. */
#include "lab/doc.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plain.h"
#include "lib/check.h"
#include "lib/text.h"

#define DOC_MAX (1 << 20)

static void doc_caret(struct lab_doc *d, int line, int column)
{
	const char *at = d->text, *end;

	for (; line > 1 && at; line--) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return;
	end = strchrnul(at, '\n');
	fprintf(d->diag, "    %.*s\n    ", (int)(end - at), at);
	for (int i = 1; i < column; i++)
		fputc(at + i - 1 < end && at[i - 1] == '\t' ? '\t' : ' ', d->diag);
	fputs("^\n", d->diag);
}

static void doc_say(struct lab_doc *d, int line, int column, const char *message)
{
	d->errors++;
	if (line < 1) {
		fprintf(d->diag, "%s: error: %s\n", d->name, message);
		return;
	}
	fprintf(d->diag, "%s:%d:%d: error: %s\n", d->name, line, column, message);
	doc_caret(d, line, column);
}

/* Where a node begins: collections have no token of their own, their first scalar has. */
static const struct fy_mark *doc_mark(struct fy_node *node)
{
	while (node && fy_node_get_type(node) != FYNT_SCALAR) {
		if (fy_node_is_sequence(node)) {
			node = fy_node_sequence_get_by_index(node, 0);
		} else {
			struct fy_node_pair *pair = fy_node_mapping_get_by_index(node, 0);

			node = pair ? fy_node_pair_key(pair) : NULL;
		}
	}
	return node ? fy_token_start_mark(fy_node_get_scalar_token(node)) : NULL;
}

void lab_doc_error(struct lab_doc *d, struct fy_node *at, const char *fmt, ...)
{
	const struct fy_mark *mark = at ? doc_mark(at) : NULL;
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	doc_say(d, mark ? mark->line + 1 : 0, mark ? mark->column + 1 : 0, message);
}

/* libfyaml's own words go nowhere: what it collected is printed by us. */
static void doc_silent(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
}

static void doc_syntax(struct lab_doc *d, struct fy_diag *diag)
{
	struct fy_diag_error *e;
	void *it = NULL;

	while ((e = fy_diag_errors_iterate(diag, &it)))
		doc_say(d, e->line, e->column, e->msg);
	if (!d->errors)
		doc_say(d, 0, 0, "this is not YAML");
}

bool lab_doc_parse(struct lab_doc *d, const char *name, const char *text, size_t len, FILE *diag)
{
	struct fy_diag_cfg dcfg;
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG};

	*d = (struct lab_doc){
		.name = strdup(name), .text = strndup(text, len), .len = len, .diag = diag};
	CHECK(d->name && d->text);
	fy_diag_cfg_default(&dcfg);
	dcfg.fp = NULL;
	dcfg.output_fn = doc_silent;
	cfg.diag = fy_diag_create(&dcfg);
	CHECK(cfg.diag);
	fy_diag_set_collect_errors(cfg.diag, true);
	d->yaml = fy_document_build_from_string(&cfg, d->text, d->len);
	if (!d->yaml)
		doc_syntax(d, cfg.diag);
	else if (!fy_node_is_mapping(fy_document_root(d->yaml)))
		doc_say(d, 1, 1, "expected a mapping (key: value)");
	fy_diag_destroy(cfg.diag);
	return !d->errors;
}

bool lab_doc_open(struct lab_doc *d, const char *file, FILE *diag)
{
	FILE *f = fopen(file, "re");
	char *text;
	size_t len;
	bool ok;

	*d = (struct lab_doc){0};
	if (!f) {
		fprintf(diag, "%s: error: %s\n", file, strerror(errno));
		return false;
	}
	text = malloc(DOC_MAX);
	CHECK(text);
	len = fread(text, 1, DOC_MAX, f);
	fclose(f);
	if (len == DOC_MAX) {
		fprintf(diag, "%s: error: more than %d octets\n", file, DOC_MAX);
		free(text);
		return false;
	}
	ok = lab_doc_parse(d, file, text, len, diag);
	free(text);
	return ok;
}

void lab_doc_close(struct lab_doc *d)
{
	if (d->yaml)
		fy_document_destroy(d->yaml);
	free(d->name);
	free(d->text);
	*d = (struct lab_doc){0};
}

struct fy_node *lab_doc_root(const struct lab_doc *d)
{
	return fy_document_root(d->yaml);
}

static void doc_check_key(
	struct lab_doc *d, struct fy_node *key, const char *what, const char *const *keys, size_t n)
{
	const char *name = fy_node_get_scalar0(key), *near;

	for (size_t i = 0; name && i < n; i++)
		if (!strcmp(name, keys[i]))
			return;
	near = name ? text_nearest(name, keys, n) : NULL;
	if (near)
		lab_doc_error(
			d, key, "unknown key \"%s\" in %s; did you mean \"%s\"?", name, what, near);
	else
		lab_doc_error(d, key, "unknown key \"%s\" in %s", name ? name : "?", what);
}

bool lab_doc_keys(
	struct lab_doc *d, struct fy_node *map, const char *what, const char *const *keys, size_t n)
{
	struct fy_node_pair *pair;
	unsigned before = d->errors;
	void *it = NULL;

	if (!map || !fy_node_is_mapping(map)) {
		lab_doc_error(d, map, "%s must be a mapping (key: value)", what);
		return false;
	}
	while ((pair = fy_node_mapping_iterate(map, &it)))
		doc_check_key(d, fy_node_pair_key(pair), what, keys, n);
	return d->errors == before;
}

struct fy_node *lab_doc_get(struct fy_node *map, const char *key)
{
	if (!map || !fy_node_is_mapping(map))
		return NULL;
	return fy_node_mapping_lookup_by_string(map, key, FY_NT);
}

int lab_doc_count(struct fy_node *seq)
{
	return seq && fy_node_is_sequence(seq) ? fy_node_sequence_item_count(seq) : 0;
}

struct fy_node *lab_doc_item(struct fy_node *seq, int i)
{
	return fy_node_sequence_get_by_index(seq, i);
}

struct fy_node *lab_doc_list(struct lab_doc *d, struct fy_node *map, const char *key)
{
	struct fy_node *node = lab_doc_get(map, key);

	if (!node || lab_doc_count(node))
		return node;
	lab_doc_error(d, doc_mark(node) ? node : map, "%s must be a list of at least one", key);
	return NULL;
}

/* The scalar as it is written, if it is in quotes or not as wanted; else NULL. */
static const char *doc_scalar(struct fy_node *node, bool plain)
{
	if (!node || !fy_node_is_scalar(node) || (fy_node_get_style(node) == FYNS_PLAIN) != plain)
		return NULL;
	return fy_node_get_scalar0(node);
}

const char *lab_doc_text(struct lab_doc *d, struct fy_node *node, const char *what)
{
	const char *quoted = doc_scalar(node, false), *plain = doc_scalar(node, true);
	const char *text = quoted ? quoted : plain;

	if (!text || !*text) {
		lab_doc_error(d, node, "%s must be a word or a quoted string", what);
		return NULL;
	}
	if (plain && !lab_plain_is_text(plain)) {
		lab_doc_error(d, node, "%s must be a string: write \"%s\", in quotes", what, plain);
		return NULL;
	}
	return text;
}

const char *lab_doc_field(struct lab_doc *d, struct fy_node *map, const char *key, bool needed)
{
	struct fy_node *node = lab_doc_get(map, key);

	if (node)
		return lab_doc_text(d, node, key);
	if (needed)
		lab_doc_error(d, map, "\"%s\" is missing here", key);
	return NULL;
}

unsigned lab_doc_number(
	struct lab_doc *d, struct fy_node *map, const char *key, unsigned max, unsigned fallback)
{
	struct fy_node *node = lab_doc_get(map, key);
	const char *text = doc_scalar(node, true);
	uint64_t value = fallback;

	if (node && (!text || !text_parse_u64(text, max, &value)))
		lab_doc_error(d, doc_mark(node) ? node : map, "%s must be a number from 0 to %u",
			key, max);
	return value;
}

bool lab_doc_flag(struct lab_doc *d, struct fy_node *map, const char *key)
{
	struct fy_node *node = lab_doc_get(map, key);
	const char *text = doc_scalar(node, true);

	if (node && (!text || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)))
		lab_doc_error(d, doc_mark(node) ? node : map, "%s must be true or false", key);
	return text && !strcmp(text, "true");
}

/* `include`: files whose settings stand behind those of the one that names them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define INCLUDE_PATH_MAX 4096

/* A text that grows by files. */
struct include_text {
	char *text;
	size_t len;
	struct conf_part *parts;
	unsigned n, errors;
};

/* It was followed before anything else was read. */
void conf_parse_include(struct conf_loader *l, const struct conf_value *v, void *into)
{
	(void)l;
	(void)v;
	(void)into;
}

static void include_add(struct conf_loader *l, struct include_text *t, const char *file,
	const char *octets, size_t len)
{
	t->text = realloc(t->text, t->len + len + 2);
	CHECK(t->text != NULL);
	t->parts[t->n].from = t->len;
	t->parts[t->n].file = arena_copy(&l->conf->arena, file, strlen(file) + 1);
	CHECK(t->parts[t->n].file != NULL);
	t->n++;
	memcpy(t->text + t->len, octets, len);
	t->len += len;
	if (t->len && t->text[t->len - 1] != '\n')
		t->text[t->len++] = '\n';
	t->text[t->len] = '\0';
}

/* Markers of a document's begin and end: all files together are one. */
static void include_hide_markers(char *text, size_t len)
{
	for (char *line = text, *end = text + len; line < end;) {
		if (strncmp(line, "---", 3) == 0 || strncmp(line, "...", 3) == 0)
			*line = '#';
		line = memchr(line, '\n', (size_t)(end - line));
		if (!line)
			return;
		line++;
	}
}

static void include_file(
	struct conf_loader *l, struct include_text *t, struct conf_at at, const char *path)
{
	const char *octets;

	for (unsigned i = 0; i < t->n; i++)
		if (strcmp(t->parts[i].file, path) == 0)
			return; /* two patterns meet */
	if (t->n == CONF_INCLUDES_MAX) {
		conf_error(l, at, "include names more than %u files", CONF_INCLUDES_MAX);
		return;
	}
	ssize_t n = conf_files_read(l->files, path, CONF_TEXT_MAX, CONF_FILE_REGULAR, &octets);
	if (n < 0) {
		conf_error(l, at, "%s cannot be read: %s", conf_check_quote(l, path),
			n == -EINVAL ? "not a regular file" : strerror((int)-n));
		return;
	}
	if (t->len + (size_t)n > CONF_TEXT_MAX) {
		conf_error(l, at, "the files together have more than %u octets", CONF_TEXT_MAX);
		return;
	}
	include_add(l, t, path, octets, (size_t)n);
}

static void include_pattern(
	struct conf_loader *l, struct include_text *t, const struct conf_value *v)
{
	char path[INCLUDE_PATH_MAX];
	const char *pattern = conf_value_string(l, v, 1, CONF_SCALAR_MAX), *match;

	if (!pattern)
		return;
	if (!conf_files_path(l->conf->file, pattern, path, sizeof(path))) {
		conf_error(l, v->at, "include: the path is too long");
		return;
	}
	if (!strpbrk(path, "*?[")) {
		include_file(l, t, v->at, path);
		return;
	}
	for (size_t i = 0; (match = conf_files_match(l->files, path, i)) != NULL; i++)
		include_file(l, t, v->at, match);
}

char *conf_include(struct conf_loader *l, const struct conf_value *root, struct conf_part **parts,
	unsigned *n_parts, size_t *len)
{
	struct include_text t = {0};
	struct conf_value v, item;
	void *iter = NULL;
	unsigned n;

	if (!conf_map_find(l, root, "include", &v))
		return NULL;
	t.parts = calloc(CONF_INCLUDES_MAX + 1, sizeof(*t.parts));
	CHECK(t.parts != NULL);
	include_add(l, &t, l->conf->file, l->diag.text, l->diag.text_len);
	if (!conf_value_is_list(&v))
		include_pattern(l, &t, &v);
	else if (conf_list_count(l, &v, CONF_INCLUDES_MAX, &n))
		while (conf_list_next(l, &v, &iter, &item))
			include_pattern(l, &t, &item);
	include_hide_markers(t.text, t.len);
	*parts = t.parts;
	*n_parts = t.n;
	*len = t.len;
	return t.text;
}

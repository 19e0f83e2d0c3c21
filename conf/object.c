#include "conf/object.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define OBJECT_NAME_MAX 128
#define OBJECT_PATH_MAX 512 /* two names, and words */
#define OBJECT_HIDDEN	"***"

struct object_list {
	struct conf_loader *l;
	struct conf_object *list;
	unsigned n, cap;
};

/* --- a node as JSON --- */

static void json_node(FILE *out, struct fy_node *node);

static struct fy_node *object_target(struct fy_node *node)
{
	return node && fy_node_is_alias(node) ? fy_node_resolve_alias(node) : node;
}

static void json_string(FILE *out, const char *s, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			fputc('\\', out);
		if ((unsigned char)s[i] < 0x20)
			fprintf(out, "\\u%04x", s[i]);
		else
			fputc(s[i], out);
	}
	fputc('"', out);
}

static void json_scalar(FILE *out, struct fy_node *node)
{
	size_t len = 0;
	const char *s = fy_node_get_scalar(node, &len);

	if (conf_node_is_literal(node))
		fprintf(out, "%.*s", (int)len, s);
	else
		json_string(out, s ? s : "", len);
}

static void json_list(FILE *out, struct fy_node *list)
{
	const char *before = "";
	struct fy_node *item;
	void *iter = NULL;

	fputc('[', out);
	while ((item = fy_node_sequence_iterate(list, &iter)) != NULL) {
		fputs(before, out);
		json_node(out, item);
		before = ", ";
	}
	fputc(']', out);
}

struct json_pair {
	const char *key;
	size_t len;
	struct fy_node *value;
};

static int json_pair_cmp(const void *a, const void *b)
{
	const struct json_pair *x = a, *y = b;
	int order = memcmp(x->key, y->key, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static bool json_pair_is(const struct json_pair *p, const char *key)
{
	return p->len == strlen(key) && memcmp(p->key, key, p->len) == 0;
}

static bool is_skipped(const struct json_pair *p, const char *const *skip)
{
	for (; skip && *skip; skip++)
		if (json_pair_is(p, *skip))
			return true;
	return false;
}

/* skip: keys that are left out, NULL behind the last; or NULL. */
static void json_map(FILE *out, struct fy_node *map, const char *const *skip)
{
	unsigned n = 0, cap = (unsigned)fy_node_mapping_item_count(map);
	struct json_pair *pairs = calloc(cap + 1, sizeof(*pairs));
	const char *before = "";
	struct fy_node_pair *pair;
	void *iter = NULL;

	CHECK(pairs != NULL);
	while (n < cap && (pair = fy_node_mapping_iterate(map, &iter)) != NULL) {
		struct json_pair *p = &pairs[n];

		p->key = fy_node_get_scalar(object_target(fy_node_pair_key(pair)), &p->len);
		p->value = fy_node_pair_value(pair);
		n += p->key && !is_skipped(p, skip);
	}
	qsort(pairs, n, sizeof(*pairs), json_pair_cmp);
	fputc('{', out);
	for (unsigned i = 0; i < n; i++) {
		fputs(before, out);
		json_string(out, pairs[i].key, pairs[i].len);
		fputs(": ", out);
		if (json_pair_is(&pairs[i], "password"))
			fputs("\"" OBJECT_HIDDEN "\"", out);
		else
			json_node(out, pairs[i].value);
		before = ", ";
	}
	fputc('}', out);
	free(pairs);
}

static void json_node(FILE *out, struct fy_node *node)
{
	node = object_target(node);
	if (!node)
		fputs("null", out);
	else if (fy_node_is_sequence(node))
		json_list(out, node);
	else if (fy_node_is_mapping(node))
		json_map(out, node, NULL);
	else
		json_scalar(out, node);
}

/* --- objects --- */

/* Owned by the configuration. */
static const char *object_json(struct object_list *o, struct fy_node *map, const char *const *skip)
{
	char *json = NULL;
	size_t len;
	FILE *out = open_memstream(&json, &len);

	CHECK(out != NULL);
	json_map(out, map, skip);
	CHECK(fclose(out) == 0);
	const char *copy = arena_copy(&o->l->conf->arena, json, len + 1);
	CHECK(copy != NULL);
	free(json);
	return copy;
}

static bool is_neighbor(const char *path)
{
	return strncmp(path, "neighbors/", 10) == 0 || strstr(path, "/neighbors/");
}

static void object_add(struct object_list *o, const char *path, struct fy_node *map)
{
	static const char *const below[] = {"neighbors", NULL};
	static const char *const remotes[] = {"caches", "stations", NULL};
	static const char *const policy[] = {"export", "graceful-shutdown", "hygiene", "import",
		"keep-rejected", "max-prefix", "selective", NULL};

	if (o->n == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 16;
		o->list = realloc(o->list, o->cap * sizeof(*o->list));
		CHECK(o->list != NULL);
	}
	o->list[o->n++] =
		(struct conf_object){.path = arena_copy(&o->l->conf->arena, path, strlen(path) + 1),
			.json = object_json(o, map, strchr(path, '/') ? below : remotes),
			.made = is_neighbor(path) ? object_json(o, map, policy) : NULL};
	CHECK(o->list[o->n - 1].path != NULL);
}

static struct fy_node *object_get(struct fy_node *map, const char *key)
{
	return object_target(fy_node_mapping_lookup_by_string(map, key, SIZE_MAX));
}

/* What an entry of a list is called: by its name, or what it has instead. */
static bool object_name(struct fy_node *map, char *out, size_t cap)
{
	static const char *const keys[] = {"name", "address", "range"};
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct fy_node *v = object_get(map, keys[i]);
		const char *s = v ? fy_node_get_scalar(v, &len) : NULL;

		if (!s)
			continue;
		snprintf(out, cap, "%.*s", (int)len, s);
		return true;
	}
	return false;
}

/* Entries of a list, and of the lists of neighbors in them. */
static void object_entries(struct object_list *o, const char *path, struct fy_node *list)
{
	char name[OBJECT_NAME_MAX], whole[OBJECT_PATH_MAX];
	struct fy_node *item, *neighbors;
	void *iter = NULL;

	while ((item = fy_node_sequence_iterate(list, &iter)) != NULL) {
		struct text t = text_of(whole, sizeof(whole));

		item = object_target(item);
		if (!item || !fy_node_is_mapping(item) || !object_name(item, name, sizeof(name)))
			continue;
		text_add(&t, "%s/%s", path, name);
		object_add(o, whole, item);
		neighbors = object_get(item, "neighbors");
		text_add(&t, "/neighbors");
		if (neighbors && fy_node_is_sequence(neighbors))
			object_entries(o, whole, neighbors);
	}
}

/* A mapping, and the entries of a list of caches or stations in it. Where it has nothing besides them, they are all that there is of it. */
static void object_section(struct object_list *o, const char *key, struct fy_node *map)
{
	static const char *const lists[] = {"rpki/caches", "bmp/stations"};

	object_add(o, key, map);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t len = strlen(key);
		bool is_its = strncmp(lists[i], key, len) == 0 && lists[i][len] == '/';
		struct fy_node *list = is_its ? object_get(map, lists[i] + len + 1) : NULL;

		if (!list || !fy_node_is_sequence(list))
			continue;
		o->n -= strcmp(o->list[o->n - 1].json, "{}") == 0;
		object_entries(o, lists[i], list);
	}
}

static int object_cmp(const void *a, const void *b)
{
	const struct conf_object *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void conf_objects_make(struct conf_loader *l, struct fy_node *root)
{
	struct object_list o = {.l = l};
	struct fy_node_pair *pair;
	void *iter = NULL;

	while ((pair = fy_node_mapping_iterate(root, &iter)) != NULL) {
		struct fy_node *v = object_target(fy_node_pair_value(pair));
		const char *key = fy_node_get_scalar0(object_target(fy_node_pair_key(pair)));

		if (v && fy_node_is_mapping(v))
			object_section(&o, key, v);
		else if (v && fy_node_is_sequence(v))
			object_entries(&o, key, v);
	}
	if (o.n)
		qsort(o.list, o.n, sizeof(*o.list), object_cmp);
	l->conf->objects = conf_alloc(l, (o.n + 1) * sizeof(*o.list));
	if (o.n)
		memcpy(l->conf->objects, o.list, o.n * sizeof(*o.list));
	l->conf->n_objects = o.n;
	free(o.list);
}

const struct conf_object *conf_object_find(const struct conf *c, const char *path)
{
	const struct conf_object key = {.path = path};

	return c->n_objects ? bsearch(&key, c->objects, c->n_objects, sizeof(key), object_cmp)
			    : NULL;
}

void conf_diff(const struct conf *a, const struct conf *b, conf_diff_fn *fn, void *arg)
{
	const struct conf_object *had = a->objects, *has = b->objects;
	const struct conf_object *had_end = had + a->n_objects, *has_end = has + b->n_objects;

	while (had < had_end || has < has_end) {
		int order = has == has_end ? -1 : had == had_end ? 1 : strcmp(had->path, has->path);

		if (order < 0) {
			fn(arg, had->path, had, NULL);
			had++;
		} else if (order > 0) {
			fn(arg, has->path, NULL, has);
			has++;
		} else {
			if (strcmp(had->json, has->json) != 0)
				fn(arg, has->path, had, has);
			had++;
			has++;
		}
	}
}

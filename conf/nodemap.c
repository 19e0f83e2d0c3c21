#include "conf/node.h"

#include <libfyaml.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define MAP_WORD_MAX 32 /* octets of an unknown key that is compared with ours */

const struct conf_key *conf_keys_at(const struct conf_keys *keys, unsigned i)
{
	for (unsigned s = 0; s < keys->n_shared; s++) {
		const struct conf_keys *shared = keys->shared[s]();
		if (i < shared->n)
			return &shared->keys[i];
		i -= shared->n;
	}
	return i < keys->n ? &keys->keys[i] : NULL;
}

static bool map_same(const char *a, const char *b, size_t len)
{
	return strncmp(a, b, len) == 0 && a[len] == '\0';
}

static bool map_stray_key(struct conf_loader *l, const struct conf_keys *keys, struct conf_at at,
	const char *name, size_t len)
{
	for (unsigned i = 0; i < keys->n_strays; i++) {
		const struct conf_stray *stray = &keys->strays[i];
		if (!map_same(stray->name, name, len))
			continue;
		conf_error(
			l, at, "%s does not belong in %s: %s", stray->name, keys->what, stray->why);
		return true;
	}
	return false;
}

static void map_unknown_key(struct conf_loader *l, const struct conf_keys *keys, struct conf_at at,
	const char *name, size_t len)
{
	const char *names[CONF_KEYS_MAX];
	char word[MAP_WORD_MAX + 1];
	const struct conf_key *key;
	const char *near = NULL;
	unsigned n = 0;

	if (map_stray_key(l, keys, at, name, len))
		return;
	while ((key = conf_keys_at(keys, n)) != NULL)
		names[n++] = key->name;
	if (len < sizeof(word) && !memchr(name, '\0', len)) {
		memcpy(word, name, len);
		word[len] = '\0';
		near = text_nearest(word, names, n);
	}
	const char *quoted = conf_diag_quote(&l->diag, name, len);
	if (near)
		conf_error(l, at, "unknown key %s in %s; did you mean \"%s\"?", quoted, keys->what,
			near);
	else if (len == 2 && memcmp(name, "<<", 2) == 0)
		conf_error(l, at, "merge keys are not in YAML 1.2; use an alias for a whole value");
	else
		conf_error(l, at, "unknown key %s in %s; see ravelin.yaml(5)", quoted, keys->what);
}

/* The index of a key in its table, CONF_KEYS_MAX if it is none of them. */
/* The place of name in a table; n if it is not there. */
static unsigned map_find_in(const struct conf_key *keys, unsigned n, const char *name, size_t len)
{
	unsigned i = 0;

	while (i < n && (keys[i].name[0] != name[0] || !map_same(keys[i].name, name, len)))
		i++;
	return i;
}

/* As conf_keys_at() counts. */
static unsigned map_find_key(const struct conf_keys *keys, const char *name, size_t len)
{
	unsigned before = 0;

	for (unsigned s = 0; len && s < keys->n_shared; s++) {
		const struct conf_keys *shared = keys->shared[s]();
		unsigned i = map_find_in(shared->keys, shared->n, name, len);
		if (i < shared->n)
			return before + i;
		before += shared->n;
	}
	unsigned i = len ? map_find_in(keys->keys, keys->n, name, len) : keys->n;
	return i < keys->n ? before + i : CONF_KEYS_MAX;
}

/* What a mapping is read through, and what has been seen of it. */
struct map_run {
	const struct conf_keys *keys;
	struct conf_at at;
	uint64_t seen;
	struct conf_at *places; /* or NULL */
	void *into;
};

/* It was put into that of another file (conf_map_join). */
static bool map_is_joined(
	const struct conf_loader *l, const struct map_run *run, struct fy_node_pair *pair)
{
	struct fy_node *value = fy_node_pair_value(pair);

	return run->keys->joined && l->diag.n_parts > 1 && value && fy_node_is_sequence(value) &&
	       fy_node_sequence_is_empty(value);
}

static void map_parse_pair(struct conf_loader *l, struct map_run *run, struct fy_node_pair *pair)
{
	const struct conf_keys *keys = run->keys;
	struct conf_value k = conf_value_of(l, fy_node_pair_key(pair), run->at, keys->what);
	size_t len = 0;
	const char *name =
		k.node && fy_node_is_scalar(k.node) ? fy_node_get_scalar(k.node, &len) : NULL;

	if (!name) {
		conf_error(l, k.at, "a key of %s must be a word", keys->what);
		return;
	}
	unsigned i = map_find_key(keys, name, len);
	if (i == CONF_KEYS_MAX) {
		map_unknown_key(l, keys, k.at, name, len);
		return;
	}
	const struct conf_key *key = conf_keys_at(keys, i);
	if (run->seen & 1ull << i && map_is_joined(l, run, pair))
		return;
	if (run->seen & 1ull << i) {
		conf_error(l, k.at, "duplicate key \"%s\" in %s; keep one", key->name, keys->what);
		return;
	}
	run->seen |= 1ull << i;
	struct conf_value v = conf_value_of(l, fy_node_pair_value(pair), k.at, key->name);
	bool dangling = fy_node_pair_value(pair) &&
			!v.node; /* an alias to nothing, or the budget: already said */
	if (dangling)
		return;
	if (run->places)
		run->places[i] = v.at;
	key->parse(l, &v, run->into);
}

struct conf_at conf_place_get(
	const struct conf_keys *keys, const struct conf_at *places, const char *key)
{
	unsigned i = map_find_key(keys, key, strlen(key));

	return i < CONF_KEYS_MAX ? places[i] : (struct conf_at){0};
}

bool conf_map_find(
	struct conf_loader *l, const struct conf_value *v, const char *key, struct conf_value *out)
{
	struct fy_node_pair *pair = conf_value_is_map(v) ? fy_node_mapping_lookup_pair_by_string(
								   v->node, key, strlen(key))
							 : NULL;

	if (!pair || !fy_node_pair_value(pair))
		return false;
	*out = conf_value_of(l, fy_node_pair_value(pair), v->at, key);
	return out->node != NULL;
}

static void map_move(struct fy_node *to, struct fy_node *from)
{
	struct fy_node *item;

	while ((item = fy_node_sequence_get_by_index(from, 0)) != NULL) {
		CHECK(fy_node_sequence_remove(from, item) == item);
		CHECK(fy_node_sequence_append(to, item) == 0);
	}
}

void conf_map_join(struct conf_loader *l, const struct conf_value *v)
{
	struct {
		struct fy_node *list;
		unsigned part;
	} first[CONF_KEYS_MAX] = {0};
	const struct conf_keys *keys = conf_keys_get(0);
	void *iter = NULL;
	struct fy_node_pair *pair;

	while (conf_value_is_map(v) && (pair = fy_node_mapping_iterate(v->node, &iter)) != NULL) {
		size_t len = 0;
		const char *name = fy_node_get_scalar(fy_node_pair_key(pair), &len);
		unsigned i = name ? map_find_key(keys, name, len) : CONF_KEYS_MAX;
		struct fy_node *value = fy_node_pair_value(pair);
		unsigned part = conf_diag_part(&l->diag,
			conf_node_place(&l->diag, fy_node_pair_key(pair), (struct conf_at){0}));

		if (i == CONF_KEYS_MAX || !value || !fy_node_is_sequence(value))
			continue;
		if (!first[i].list) {
			first[i].list = value;
			first[i].part = part;
		} else if (first[i].part != part) {
			map_move(first[i].list, value);
		}
	}
}

bool conf_value_is_map(const struct conf_value *v)
{
	return v->node && fy_node_is_mapping(v->node);
}

bool conf_value_is_list(const struct conf_value *v)
{
	return v->node && fy_node_is_sequence(v->node);
}

void conf_map_parse_places(struct conf_loader *l, const struct conf_value *v,
	const struct conf_keys *keys, void *into, struct conf_at *places)
{
	struct map_run run = {.keys = keys, .at = v->at, .places = places, .into = into};
	void *iter = NULL;
	struct fy_node_pair *pair;
	const struct conf_key *key;

	if (!conf_value_is_map(v)) {
		conf_error(l, v->at, "%s must be a mapping of keys to values", keys->what);
		return;
	}
	while (!l->budget_said && (pair = fy_node_mapping_iterate(v->node, &iter)) != NULL)
		map_parse_pair(l, &run, pair);
	for (unsigned i = 0; (key = conf_keys_at(keys, i)) != NULL; i++) {
		CHECK(i < CONF_KEYS_MAX);
		if (key->required && !(run.seen & 1ull << i))
			conf_error(l, v->at, "%s needs the key \"%s\"", keys->what, key->name);
	}
}

void conf_map_parse(
	struct conf_loader *l, const struct conf_value *v, const struct conf_keys *keys, void *into)
{
	conf_map_parse_places(l, v, keys, into, NULL);
}

bool conf_list_count(struct conf_loader *l, const struct conf_value *v, unsigned max, unsigned *n)
{
	if (!v->node || !fy_node_is_sequence(v->node)) {
		conf_error(l, v->at, "%s must be a list", v->key);
		return false;
	}
	int count = fy_node_sequence_item_count(v->node);
	if (count < 0 || (unsigned)count > max) {
		conf_error(l, v->at, "%s has %d entries; at most %u", v->key, count, max);
		return false;
	}
	if ((unsigned)count > l->budget) {
		l->budget = 0;
		conf_value_of(l, v->node, v->at, v->key);
		return false;
	}
	*n = (unsigned)count;
	return true;
}

bool conf_list_next(
	struct conf_loader *l, const struct conf_value *v, void **iter, struct conf_value *out)
{
	struct fy_node *node;

	while (!l->budget_said && (node = fy_node_sequence_iterate(v->node, iter)) != NULL) {
		*out = conf_value_of(l, node, v->at, v->key);
		if (out->node)
			return true;
	}
	return false;
}

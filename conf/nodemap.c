#include "conf/node.h"

#include <libfyaml.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

static void map_unknown_key(struct conf_loader *l, const struct conf_keys *keys, struct conf_at at,
	const char *name, size_t len)
{
	const char *names[CONF_KEYS_MAX];
	char word[CONF_KEYS_MAX + 1];
	const char *near = NULL;

	for (unsigned i = 0; i < keys->n; i++)
		names[i] = keys->keys[i].name;
	if (len < sizeof(word) && !memchr(name, '\0', len)) {
		memcpy(word, name, len);
		word[len] = '\0';
		near = text_nearest(word, names, keys->n);
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

static const struct conf_key *map_find_key(
	const struct conf_keys *keys, const char *name, size_t len)
{
	for (unsigned i = 0; i < keys->n; i++)
		if (strlen(keys->keys[i].name) == len && memcmp(keys->keys[i].name, name, len) == 0)
			return &keys->keys[i];
	return NULL;
}

static void map_parse_pair(struct conf_loader *l, const struct conf_keys *keys,
	struct fy_node_pair *pair, struct conf_at map_at, uint32_t *seen, void *into)
{
	struct conf_value k = conf_value_of(l, fy_node_pair_key(pair), map_at, keys->what);
	size_t len = 0;
	const char *name =
		k.node && fy_node_is_scalar(k.node) ? fy_node_get_scalar(k.node, &len) : NULL;

	if (!name) {
		conf_error(l, k.at, "a key of %s must be a word", keys->what);
		return;
	}
	const struct conf_key *key = map_find_key(keys, name, len);
	if (!key) {
		map_unknown_key(l, keys, k.at, name, len);
		return;
	}
	uint32_t bit = 1u << (key - keys->keys);
	if (*seen & bit) {
		conf_error(l, k.at, "duplicate key \"%s\" in %s; keep one", key->name, keys->what);
		return;
	}
	*seen |= bit;
	struct conf_value v = conf_value_of(l, fy_node_pair_value(pair), k.at, key->name);
	bool dangling = fy_node_pair_value(pair) &&
			!v.node; /* an alias to nothing, or the budget: already said */
	if (!dangling)
		key->parse(l, &v, into);
}

void conf_map_parse(
	struct conf_loader *l, const struct conf_value *v, const struct conf_keys *keys, void *into)
{
	uint32_t seen = 0;
	void *iter = NULL;
	struct fy_node_pair *pair;

	CHECK(keys->n <= CONF_KEYS_MAX);
	if (!v->node || !fy_node_is_mapping(v->node)) {
		conf_error(l, v->at, "%s must be a mapping of keys to values", keys->what);
		return;
	}
	while (!l->budget_said && (pair = fy_node_mapping_iterate(v->node, &iter)) != NULL)
		map_parse_pair(l, keys, pair, v->at, &seen, into);
	for (unsigned i = 0; i < keys->n; i++)
		if (keys->keys[i].required && !(seen & 1u << i))
			conf_error(l, v->at, "%s needs the key \"%s\"", keys->what,
				keys->keys[i].name);
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

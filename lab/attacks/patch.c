/* One change of a configuration, in YAML: walk to the key, put the value there. */
#include "lab/attacks/protection.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define PART_MAX 64

/* One step of a key: "ports[name=eth2]". */
struct part {
	char name[PART_MAX];
	char by[PART_MAX], is[PART_MAX]; /* "name", "eth2"; "" where there are no brackets */
};

static bool patch_word(const char **at, const char *stop, char out[PART_MAX])
{
	size_t n = strcspn(*at, stop);

	if (!n || n >= PART_MAX)
		return false;
	memcpy(out, *at, n);
	out[n] = 0;
	*at += n;
	return true;
}

/* The next step, and past the dot behind it. False: the key makes no sense. */
static bool patch_part(const char **at, struct part *p)
{
	*p = (struct part){0};
	if (!patch_word(at, ".[", p->name))
		return false;
	if (**at == '[') {
		++*at;
		if (!patch_word(at, "=", p->by) || *(*at)++ != '=' || !patch_word(at, "]", p->is) ||
			*(*at)++ != ']')
			return false;
	}
	if (**at == '.')
		return *++*at != 0;
	return !**at;
}

static struct fy_node *patch_item(struct fy_node *list, const struct part *p)
{
	int n = list && fy_node_is_sequence(list) ? fy_node_sequence_item_count(list) : 0;

	for (int i = 0; i < n; i++) {
		struct fy_node *item = fy_node_sequence_get_by_index(list, i);
		struct fy_node *key = fy_node_is_mapping(item)
					      ? fy_node_mapping_lookup_by_string(item, p->by, FY_NT)
					      : NULL;
		const char *text = key && fy_node_is_scalar(key) ? fy_node_get_scalar0(key) : NULL;

		if (text && !strcmp(text, p->is))
			return item;
	}
	return NULL;
}

static bool patch_put(
	struct fy_document *doc, struct fy_node *map, const char *name, struct fy_node *value)
{
	struct fy_node_pair *pair = fy_node_mapping_lookup_pair_by_string(map, name, FY_NT);
	struct fy_node *key;

	if (pair)
		return !fy_node_pair_set_value(pair, value);
	key = fy_node_create_scalar_copy(doc, name, FY_NT);
	return key && !fy_node_mapping_append(map, key, value);
}

/* The mapping that the step leads to; made where there is none. */
static struct fy_node *patch_enter(
	struct fy_document *doc, struct fy_node *map, const struct part *p)
{
	struct fy_node *next = fy_node_mapping_lookup_by_string(map, p->name, FY_NT);

	if (*p->by)
		return patch_item(next, p);
	if (!next) {
		next = fy_node_create_mapping(doc);
		if (!next || !patch_put(doc, map, p->name, next))
			return NULL;
	}
	return fy_node_is_mapping(next) ? next : NULL;
}

/* Another item in place of one of a list, or none. */
static bool patch_item_leaf(
	struct fy_document *doc, struct fy_node *map, const struct part *p, const char *value)
{
	struct fy_node *list = fy_node_mapping_lookup_by_string(map, p->name, FY_NT);
	struct fy_node *item = patch_item(list, p);
	struct fy_node *node = *value ? fy_node_build_from_string(doc, value, FY_NT) : NULL;

	if (!item || (*value && !node)) {
		fy_node_free(node);
		return false;
	}
	fy_node_free(fy_node_sequence_remove(list, item));
	return !node || !fy_node_sequence_append(list, node);
}

static bool patch_leaf(
	struct fy_document *doc, struct fy_node *map, const struct part *p, const char *value)
{
	struct fy_node *node;

	if (*p->by)
		return patch_item_leaf(doc, map, p, value);
	if (!*value) {
		/* what is asked by is taken over only if it is found */
		if (!fy_node_mapping_lookup_pair_by_string(map, p->name, FY_NT))
			return false;
		node = fy_node_mapping_remove_by_key(
			map, fy_node_create_scalar_copy(doc, p->name, FY_NT));
		fy_node_free(node);
		return true;
	}
	node = fy_node_build_from_string(doc, value, FY_NT);
	return node && patch_put(doc, map, p->name, node);
}

static bool patch_apply(
	struct fy_document *doc, const char *key, const char *value, char *err, size_t cap)
{
	struct fy_node *map = fy_document_root(doc);
	const char *at = key;
	struct part p = {0};

	while (map && fy_node_is_mapping(map)) {
		if (!patch_part(&at, &p)) {
			snprintf(err, cap, "%s: not understood", key);
			return false;
		}
		if (!*at) {
			bool ok = patch_leaf(doc, map, &p, value);

			if (!ok)
				snprintf(err, cap, "%s: \"%s\" cannot be put there", key, value);
			return ok;
		}
		map = patch_enter(doc, map, &p);
	}
	snprintf(err, cap, "%s: there is no %s%s%s%s%s%s", key, p.name, *p.by ? "[" : "", p.by,
		*p.by ? "=" : "", p.is, *p.by ? "]" : "");
	return false;
}

char *attack_protection_patch(
	const char *text, const char *key, const char *value, char *err, size_t cap)
{
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET};
	struct fy_document *doc = fy_document_build_from_string(&cfg, text, FY_NT);
	char *out = NULL;

	if (!doc || !fy_document_root(doc) || !fy_node_is_mapping(fy_document_root(doc)))
		snprintf(err, cap, "the configuration is no YAML mapping");
	else if (patch_apply(doc, key, value, err, cap))
		out = fy_emit_document_to_string(doc, FYECF_WIDTH_INF | FYECF_MODE_ORIGINAL);
	fy_document_destroy(doc);
	return out;
}

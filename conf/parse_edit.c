/* What a rule of a policy sets on a route that it matches, in the order of the file. */
#include <string.h>

#include "bgpd/policy/pattern.h"
#include "conf/loader.h"
#include "lib/check.h"

#define EDIT_PREPEND_MAX 10

static struct pol_edit *edit_add(struct conf_rule_parse *p, enum pol_edit_kind kind)
{
	CHECK(p->n_edits < CONF_EDITS_MAX);
	struct pol_edit *e = &p->edits[p->n_edits++];

	*e = (struct pol_edit){.kind = kind};
	return e;
}

static void edit_local_pref(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = edit_add(into, POL_EDIT_LOCAL_PREF);
	uint64_t n;

	if (conf_value_number(l, v, 0, UINT32_MAX, &n))
		e->number = (uint32_t)n;
}

static void edit_med(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = edit_add(into, POL_EDIT_MED);
	const char *s = conf_value_text(l, v, "a number, or none");
	uint64_t n;

	if (s && strcmp(s, "none") == 0)
		e->kind = POL_EDIT_MED_DEL;
	else if (s && conf_value_number(l, v, 0, UINT32_MAX, &n))
		e->number = (uint32_t)n;
}

static void prepend_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = into;

	conf_parse_as(l, v, &e->number);
}

static void prepend_times(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, EDIT_PREPEND_MAX, &n))
		e->times = (uint8_t)n;
}

const struct conf_keys *conf_keys_prepend(void)
{
	static const struct conf_key keys[] = {
		{"as", false, prepend_as},
		{"times", false, prepend_times},
	};
	static const struct conf_keys table = {.path = "policies.rules.set.prepend",
		.what = "prepend",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void edit_prepend(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = edit_add(into, POL_EDIT_PREPEND);

	e->times = 1;
	conf_map_parse(l, v, conf_keys_prepend(), e);
}

static void edit_next_hop(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_edit *e = edit_add(into, POL_EDIT_NEXT_HOP);

	conf_value_addr(l, v, &e->addr);
}

static void community_add_one(
	struct conf_loader *l, const struct conf_value *v, struct conf_rule_parse *p)
{
	struct pol_set_community c;

	if (!conf_parse_community(l, v, &c))
		return;
	if (!pol_pattern_is_exact(&c)) {
		conf_value_bad(l, v, "a community to add: * stands for any number; write one");
		return;
	}
	struct pol_edit *e = edit_add(p, POL_EDIT_COMMUNITY_ADD);
	e->community_kind = c.len == 4	 ? POL_COMMUNITY
			    : c.len == 8 ? POL_COMMUNITY_EXT
					 : POL_COMMUNITY_LARGE;
	memcpy(e->community, c.value, sizeof(c.value));
	memcpy(e->neighbor_as, c.neighbor_as, sizeof(c.neighbor_as));
}

static void community_add(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_ADDS_MAX, &n))
		return;
	while (conf_list_next(l, v, &iter, &item))
		community_add_one(l, &item, into);
}

static void community_delete(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_rule_parse *p = into;

	edit_add(p, POL_EDIT_COMMUNITY_DEL);
	conf_parse_set_ref(l, v, p, POL_SET_COMMUNITIES, ~((int)p->n_edits - 1));
}

const struct conf_keys *conf_keys_edit_community(void)
{
	static const struct conf_key keys[] = {
		{"add", false, community_add},
		{"delete", false, community_delete},
	};
	static const struct conf_keys table = {.path = "policies.rules.set.community",
		.what = "community",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void edit_community(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_edit_community(), into);
}

const struct conf_keys *conf_keys_edits(void)
{
	static const struct conf_key keys[] = {
		{"local-pref", false, edit_local_pref},
		{"med", false, edit_med},
		{"prepend", false, edit_prepend},
		{"community", false, edit_community},
		{"next-hop", false, edit_next_hop},
	};
	static const struct conf_keys table = {
		.path = "policies.rules.set", .what = "set", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_edits(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_edits(), into);
}

/* Access lists with RFC 8519's names: lists and their entries. What an entry matches is read by parse_ace.c. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

struct acl_pair {
	struct acl_list *list;
	struct conf_acl_site *site;
};

static void ace_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	*p->at = v->at;
	p->ace->name = conf_value_string(l, v, 1, CONF_ACL_NAME_MAX);
}

static void action_forwarding(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {
		{"accept", ACL_FORWARDING_ACCEPT}, {"drop", ACL_FORWARDING_DROP}};
	struct conf_ace_parse *p = into;
	const char *s = conf_value_text(l, v, "accept or drop");
	int word;

	if (s && strcmp(s, "reject") == 0)
		conf_error(l, v->at,
			"forwarding: reject is not there: an answer would tell the sender of the "
			"rule; write drop");
	else if (s && conf_value_word(l, v, words, ARRAY_LEN(words),
			      "an action; write accept or drop", &word))
		p->ace->forwarding = (enum acl_forwarding)word;
}

static void action_logging(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"log-none", false}, {"log-syslog", true}};
	struct conf_ace_parse *p = into;
	int word;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a way to log; write log-syslog or log-none", &word))
		p->ace->log = word;
}

const struct conf_keys *conf_keys_actions(void)
{
	static const struct conf_key keys[] = {
		{"forwarding", true, action_forwarding},
		{"logging", false, action_logging},
	};
	static const struct conf_keys table = {
		.path = "acls.aces.actions", .what = "actions", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static void ace_actions(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_actions(), into);
}

const struct conf_keys *conf_keys_ace(void)
{
	static const struct conf_key keys[] = {
		{"name", true, ace_name},
		{"matches", false, conf_parse_matches},
		{"actions", true, ace_actions},
	};
	static const struct conf_stray strays[] = {
		{"statistics", "every entry is counted; ask with: ravelin show guard"},
	};
	static const struct conf_keys table = {.path = "acls.aces",
		.what = "an entry of an access list",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

static void acl_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct acl_pair *p = into;

	p->site->name = v->at;
	p->list->name = conf_value_string(l, v, 1, CONF_ACL_NAME_MAX);
}

/* RFC 8519 4.1: the identities of acl-base. */
static void acl_type(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const char *const others[] = {"ipv6-acl-type", "eth-acl-type",
		"mixed-eth-ipv4-acl-type", "mixed-eth-ipv6-acl-type",
		"mixed-eth-ipv4-ipv6-acl-type"};
	const char *s = conf_value_text(l, v, "a type of list");

	if (!s || strcmp(s, "ipv4-acl-type") == 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (strcmp(s, others[i]) != 0)
			continue;
		conf_error(l, v->at,
			"type: %s is not there: lists are of IPv4, and a guarded port lets in "
			"nothing else but ARP; write ipv4-acl-type, or leave type out",
			others[i]);
		return;
	}
	conf_value_bad(l, v, "a type of access list (RFC 8519 4.1); write ipv4-acl-type");
}

static void acl_aces(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct acl_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, ACL_RULES_MAX, &n))
		return;
	if (n == 0)
		conf_error(l, v->at, "aces is empty; a list needs an entry");
	p->list->aces = conf_alloc(l, n * sizeof(*p->list->aces));
	p->site->aces = conf_alloc(l, n * sizeof(*p->site->aces));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = p->list->n_aces++;
		struct conf_ace_parse ace = {.ace = &p->list->aces[i], .at = &p->site->aces[i]};
		*ace.at = item.at;
		conf_ace_defaults(ace.ace);
		conf_map_parse(l, &item, conf_keys_ace(), &ace);
	}
}

const struct conf_keys *conf_keys_acl(void)
{
	static const struct conf_key keys[] = {
		{"name", true, acl_name},
		{"type", false, acl_type},
		{"aces", true, acl_aces},
	};
	static const struct conf_keys table = {
		.path = "acls", .what = "an access list", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_acls(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_ACLS_MAX, &n))
		return;
	l->conf->acls = conf_alloc(l, n * sizeof(*l->conf->acls));
	l->acls = conf_alloc(l, n * sizeof(*l->acls));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = l->conf->n_acls++;
		struct acl_pair p = {.list = &l->conf->acls[i], .site = &l->acls[i]};
		p.site->name = item.at;
		conf_map_parse(l, &item, conf_keys_acl(), &p);
	}
}

void conf_parse_acl_names(
	struct conf_loader *l, const struct conf_value *v, struct conf_acl_refs *refs)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_ACL_REFS_MAX, &n))
		return;
	refs->names = conf_alloc(l, n * sizeof(*refs->names));
	refs->at = conf_alloc(l, n * sizeof(*refs->at));
	while (conf_list_next(l, v, &iter, &item)) {
		refs->at[refs->n] = item.at;
		refs->names[refs->n] = conf_value_string(l, &item, 1, CONF_ACL_NAME_MAX);
		if (refs->names[refs->n])
			refs->n++;
	}
}

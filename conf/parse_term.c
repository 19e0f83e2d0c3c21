/* What a rule of a policy matches: terms, all of which must hold, and those under `not`, none of which may. */
#include <string.h>

#include "bgpd/wire/family.h"
#include "conf/loader.h"
#include "lib/check.h"

#define TERM_LENGTH_MAX 32 /* of an IPv4 prefix */

/* What each key becomes; what it looks things up in, or how far its range goes. */
static const struct term_row {
	const char *key;
	enum pol_term_kind kind;
	enum pol_set_kind set;
	uint32_t max;
} term_rows[] = {
	{"prefix", POL_TERM_PREFIX, POL_SET_PREFIXES, 0},
	{"length", POL_TERM_LENGTH, 0, TERM_LENGTH_MAX},
	{"family", POL_TERM_FAMILY, 0, 0},
	{"neighbor-as", POL_TERM_NEIGHBOR_AS, POL_SET_NUMBERS, 0},
	{"neighbor", POL_TERM_NEIGHBOR, POL_SET_ADDRESSES, 0},
	{"origin-as", POL_TERM_ORIGIN_AS, POL_SET_NUMBERS, 0},
	{"first-as", POL_TERM_FIRST_AS, POL_SET_NUMBERS, 0},
	{"first-as-is-neighbor", POL_TERM_FIRST_AS_IS_NEIGHBOR, 0, 0},
	{"as-path", POL_TERM_AS_PATH, POL_SET_NUMBERS, 0},
	{"as-path-length", POL_TERM_AS_PATH_LENGTH, 0, UINT16_MAX},
	{"community", POL_TERM_COMMUNITY, POL_SET_COMMUNITIES, 0},
	{"communities", POL_TERM_COMMUNITY_COUNT, 0, UINT16_MAX},
	{"next-hop", POL_TERM_NEXT_HOP, POL_SET_ADDRESSES, 0},
	{"next-hop-is-neighbor", POL_TERM_NEXT_HOP_IS_NEIGHBOR, 0, 0},
	{"rpki", POL_TERM_ROV, 0, 0},
	{"aspa", POL_TERM_ASPA, 0, 0},
	{"local-pref", POL_TERM_LOCAL_PREF, 0, UINT32_MAX},
	{"med", POL_TERM_MED, 0, UINT32_MAX},
	{"origin", POL_TERM_ORIGIN, 0, 0},
};

/* The row of the key that is being read. */
static const struct term_row *term_row(const struct conf_value *v)
{
	unsigned i = 0;

	while (i < ARRAY_LEN(term_rows) && strcmp(term_rows[i].key, v->key) != 0)
		i++;
	CHECK(i < ARRAY_LEN(term_rows));
	return &term_rows[i];
}

static struct pol_term *term_add(struct conf_rule_parse *p, enum pol_term_kind kind)
{
	CHECK(p->n_terms < CONF_TERMS_MAX);
	struct pol_term *t = &p->terms[p->n_terms++];

	*t = (struct pol_term){.kind = kind, .negate = p->negate};
	return t;
}

static void term_set(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const struct term_row *row = term_row(v);
	struct conf_rule_parse *p = into;

	term_add(p, row->kind);
	conf_parse_set_ref(l, v, p, row->set, (int)p->n_terms - 1);
}

static void term_range(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const struct term_row *row = term_row(v);
	struct pol_term *t = term_add(into, row->kind);

	conf_parse_span(l, v, row->max, &t->from, &t->to);
}

/* False asks for the opposite. */
static void term_flag(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct pol_term *t = term_add(into, term_row(v)->kind);
	bool on;

	if (conf_value_bool(l, v, &on))
		t->negate ^= !on;
}

static void term_word(struct conf_loader *l, const struct conf_value *v, void *into,
	const struct conf_word *words, size_t n, const char *wanted)
{
	struct pol_term *t = term_add(into, term_row(v)->kind);
	int word;

	if (conf_value_word(l, v, words, n, wanted, &word))
		t->from = t->to = (uint32_t)word;
}

static void term_family(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"ipv4-unicast", WIRE_IPV4_UNICAST},
		{"vpnv4", WIRE_VPNV4}, {"rt-constraint", WIRE_RT_CONSTRAINT}};

	term_word(l, v, into, words, ARRAY_LEN(words),
		"a family; write ipv4-unicast, vpnv4 or rt-constraint");
}

static void term_rpki(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"valid", POL_ROV_VALID},
		{"invalid", POL_ROV_INVALID}, {"not-found", POL_ROV_NOT_FOUND},
		{"unknown", POL_ROV_UNKNOWN}};

	term_word(l, v, into, words, ARRAY_LEN(words),
		"a state of origin validation (RFC 6811 2); write valid, invalid, not-found or "
		"unknown");
}

static void term_aspa(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"valid", POL_ASPA_VALID},
		{"invalid", POL_ASPA_INVALID}, {"unknown", POL_ASPA_UNKNOWN},
		{"none", POL_ASPA_NONE}};

	term_word(l, v, into, words, ARRAY_LEN(words),
		"a state of a path's verification; write valid, invalid, unknown or none");
}

static void term_origin(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"igp", WIRE_ORIGIN_IGP}, {"egp", WIRE_ORIGIN_EGP},
		{"incomplete", WIRE_ORIGIN_INCOMPLETE}};

	term_word(l, v, into, words, ARRAY_LEN(words),
		"an origin (RFC 4271 5.1.1); write igp, egp or incomplete");
}

static const struct conf_keys *term_keys(void)
{
	static const struct conf_key keys[] = {
		{"prefix", false, term_set},
		{"length", false, term_range},
		{"family", false, term_family},
		{"neighbor-as", false, term_set},
		{"neighbor", false, term_set},
		{"origin-as", false, term_set},
		{"first-as", false, term_set},
		{"first-as-is-neighbor", false, term_flag},
		{"as-path", false, term_set},
		{"as-path-length", false, term_range},
		{"community", false, term_set},
		{"communities", false, term_range},
		{"next-hop", false, term_set},
		{"next-hop-is-neighbor", false, term_flag},
		{"rpki", false, term_rpki},
		{"aspa", false, term_aspa},
		{"local-pref", false, term_range},
		{"med", false, term_range},
		{"origin", false, term_origin},
	};
	static const struct conf_keys table = {.keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

#define TERM_SHARED                                                                                \
	{                                                                                          \
		term_keys                                                                          \
	}

const struct conf_keys *conf_keys_not(void)
{
	static const struct conf_stray strays[] = {
		{"not", "twice not is yes; write it outside"},
	};
	static conf_keys_table *const shared[] = TERM_SHARED;
	static const struct conf_keys table = {.path = "policies.rules.match.not",
		.what = "not",
		.shared = shared,
		.n_shared = ARRAY_LEN(shared),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

static void match_not(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_rule_parse *p = into;

	p->negate = true;
	conf_map_parse(l, v, conf_keys_not(), p);
	p->negate = false;
}

const struct conf_keys *conf_keys_match(void)
{
	static const struct conf_key keys[] = {
		{"not", false, match_not},
	};
	static conf_keys_table *const shared[] = TERM_SHARED;
	static const struct conf_keys table = {.path = "policies.rules.match",
		.what = "match",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.shared = shared,
		.n_shared = ARRAY_LEN(shared)};

	return &table;
}

void conf_parse_match(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_rule_parse *p = into;
	unsigned errors = l->diag.errors;

	conf_map_parse(l, v, conf_keys_match(), p);
	if (p->n_terms == 0 && l->diag.errors == errors)
		conf_error(l, v->at, "match is empty; leave it out for a rule that always matches");
}

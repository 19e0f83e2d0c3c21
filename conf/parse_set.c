/* Sets that policies look things up in: prefixes, AS numbers, communities, addresses. */
#include <string.h>

#include "bgpd/policy/pattern.h"
#include "bgpd/policy/set.h"
#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

struct set_parse {
	struct conf_named *site;
	unsigned kinds; /* how many lists were given */
	enum pol_set_kind kind;
	unsigned n;
	struct pol_set_prefix *prefixes; /* of addresses too */
	struct pol_set_range *ranges;
	struct pol_set_community *communities;
};

static void set_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct set_parse *p = into;
	const char *name = conf_value_string(l, v, 1, CONF_POLICY_NAME_MAX);

	p->site->at = v->at;
	if (name)
		p->site->name = name;
}

/* Begins one of the four lists; false if there is nothing to read. */
static bool set_begin(struct conf_loader *l, const struct conf_value *v, struct set_parse *p,
	enum pol_set_kind kind, unsigned *n)
{
	if (!conf_list_count(l, v, CONF_SET_MAX, n))
		return false;
	if (p->kinds++)
		conf_error(l, v->at, "a set is of one kind; make %s a set of its own", v->key);
	p->kind = kind;
	p->n = 0;
	return p->kinds == 1;
}

/* "ge N le N" behind a prefix, either left out. */
static bool prefix_lengths(
	struct conf_loader *l, const struct conf_value *v, char *rest, struct pol_set_prefix *e)
{
	bool ge = false, le = false;
	uint64_t n;

	for (char *save, *word = strtok_r(rest, " ", &save); word;
		word = strtok_r(NULL, " ", &save)) {
		bool is_ge = strcmp(word, "ge") == 0;
		char *number = strtok_r(NULL, " ", &save);

		if ((!is_ge && strcmp(word, "le") != 0) || (is_ge ? ge : le) || !number ||
			!text_parse_u64(number, 32, &n)) {
			conf_value_bad(l, v,
				"a prefix and lengths up to 32; write it as \"198.51.100.0/22 ge "
				"23 le "
				"24\"");
			return false;
		}
		*(is_ge ? &e->from : &e->to) = (uint8_t)n;
		*(is_ge ? &ge : &le) = true;
	}
	if (ge && !le)
		e->to = 32;
	if (e->from < e->prefix.len || e->to < e->prefix.len) {
		conf_error(l, v->at, "%s: nothing in a /%u is shorter than %u; write %s %u or more",
			v->key, e->prefix.len, e->prefix.len, e->from < e->prefix.len ? "ge" : "le",
			e->prefix.len);
		return false;
	}
	if (e->from > e->to) {
		conf_error(l, v->at, "%s: ge %u le %u runs backwards; write ge %u le %u", v->key,
			e->from, e->to, e->to, e->from);
		return false;
	}
	return true;
}

static void set_prefix(struct conf_loader *l, const struct conf_value *v, struct set_parse *p)
{
	const char *s = conf_value_text(l, v, "a prefix");
	struct pol_set_prefix e;
	char text[64], *rest;
	bool host_bits = false;

	if (!s)
		return;
	snprintf(text, sizeof(text), "%s", s);
	rest = text + strcspn(text, " ");
	if (*rest)
		*rest++ = '\0';
	if (strlen(s) >= sizeof(text) || !ip_prefix_parse(text, &e.prefix, &host_bits)) {
		conf_value_bad(l, v,
			host_bits
				? "a prefix: it has host bits set; write them as 0"
				: "a prefix; write it as 192.0.2.0/24, or \"192.0.2.0/24 le 32\"");
		return;
	}
	if (e.prefix.addr.af != IP_V4) {
		conf_value_bad(l, v, "an IPv4 prefix; IPv6 is not carried");
		return;
	}
	e.from = e.to = e.prefix.len;
	if (prefix_lengths(l, v, rest, &e))
		p->prefixes[p->n++] = e;
}

static void set_prefixes(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct set_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!set_begin(l, v, p, POL_SET_PREFIXES, &n))
		return;
	p->prefixes = conf_alloc(l, n * sizeof(*p->prefixes));
	while (conf_list_next(l, v, &iter, &item))
		set_prefix(l, &item, p);
}

static void set_addresses(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct set_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!set_begin(l, v, p, POL_SET_ADDRESSES, &n))
		return;
	p->prefixes = conf_alloc(l, n * sizeof(*p->prefixes));
	while (conf_list_next(l, v, &iter, &item)) {
		struct pol_set_prefix e = {.prefix.len = 32, .from = 32, .to = 32};
		const char *s = conf_value_text(l, &item, "an address");
		bool is_prefix = s && strchr(s, '/');

		if (is_prefix ? conf_value_prefix(l, &item, false, &e.prefix)
			      : s && conf_value_addr(l, &item, &e.prefix.addr))
			p->prefixes[p->n++] = e;
	}
}

bool conf_parse_span(struct conf_loader *l, const struct conf_value *v, uint32_t max,
	uint32_t *from, uint32_t *to)
{
	static const char wanted[] = "a number, or a range as 1-9";
	const char *s = conf_value_text(l, v, wanted), *dash = s ? strchr(s, '-') : NULL;
	uint64_t lo, hi;
	char first[11];

	if (!s)
		return false;
	if (!dash || dash == s) {
		if (!conf_value_number(l, v, 0, max, &lo))
			return false;
		*from = *to = (uint32_t)lo;
		return true;
	}
	snprintf(first, sizeof(first), "%.*s", (int)(dash - s), s);
	if (dash - s >= (long)sizeof(first) || !text_parse_u64(first, UINT32_MAX, &lo) ||
		!text_parse_u64(dash + 1, UINT32_MAX, &hi)) {
		conf_value_bad(l, v, wanted);
		return false;
	}
	if (lo > hi)
		conf_error(l, v->at, "%s: %ju-%ju runs backwards; write %ju-%ju", v->key,
			(uintmax_t)lo, (uintmax_t)hi, (uintmax_t)hi, (uintmax_t)lo);
	else if (hi > max)
		conf_error(l, v->at, "%s is out of range; from 0 to %u", v->key, max);
	*from = (uint32_t)lo;
	*to = (uint32_t)hi;
	return lo <= hi && hi <= max;
}

static void set_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct set_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!set_begin(l, v, p, POL_SET_NUMBERS, &n))
		return;
	p->ranges = conf_alloc(l, n * sizeof(*p->ranges));
	while (conf_list_next(l, v, &iter, &item))
		if (conf_parse_span(
			    l, &item, UINT32_MAX, &p->ranges[p->n].from, &p->ranges[p->n].to))
			p->n++;
}

bool conf_parse_community(
	struct conf_loader *l, const struct conf_value *v, struct pol_set_community *out)
{
	const char *s = conf_value_text(l, v, "a community");

	if (s && strchr(s, ':'))
		s = conf_value_quoted(l, v);
	if (!s)
		return false;
	if (pol_pattern_parse(s, out))
		return true;
	conf_value_bad(l, v,
		"a community; write \"65000:1\", \"65000:1:2\" (RFC 8092), \"rt:65000:1\" (RFC "
		"4360) "
		"or blackhole, with * or peer-as in place of a number");
	return false;
}

static void set_communities(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct set_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!set_begin(l, v, p, POL_SET_COMMUNITIES, &n))
		return;
	p->communities = conf_alloc(l, n * sizeof(*p->communities));
	while (conf_list_next(l, v, &iter, &item))
		if (conf_parse_community(l, &item, &p->communities[p->n]))
			p->n++;
}

const struct conf_keys *conf_keys_set(void)
{
	static const struct conf_key keys[] = {
		{"name", true, set_name},
		{"prefixes", false, set_prefixes},
		{"as", false, set_as},
		{"communities", false, set_communities},
		{"addresses", false, set_addresses},
	};
	static const struct conf_keys table = {
		.path = "sets", .what = "a set", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static const struct pol_set *set_make(struct conf_loader *l, const struct set_parse *p)
{
	struct arena *a = &l->conf->arena;
	const char *name = p->site->name;

	switch (p->kind) {
	case POL_SET_PREFIXES:
		return pol_set_new_prefixes(a, name, p->prefixes, p->n);
	case POL_SET_NUMBERS:
		return pol_set_new_numbers(a, name, p->ranges, p->n);
	case POL_SET_COMMUNITIES:
		return pol_set_new_communities(a, name, p->communities, p->n);
	case POL_SET_ADDRESSES:
		break;
	}
	return pol_set_new_addresses(a, name, p->prefixes, p->n);
}

static void set_parse(struct conf_loader *l, const struct conf_value *v)
{
	struct set_parse p = {.site = &l->sets[l->n_sets++]};
	unsigned errors = l->diag.errors;

	*p.site = (struct conf_named){.name = "", .at = v->at};
	conf_map_parse(l, v, conf_keys_set(), &p);
	if (conf_value_is_map(v) && p.kinds == 0 && l->diag.errors == errors)
		conf_error(l, v->at, "a set needs a list: prefixes, as, communities or addresses");
	if (p.kinds != 1)
		return;
	p.site->what = set_make(l, &p);
	CHECK(p.site->what != NULL);
}

void conf_parse_sets(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_SETS_MAX, &n))
		return;
	l->sets = arena_alloc(&l->places, n * sizeof(*l->sets));
	CHECK(l->sets != NULL);
	while (conf_list_next(l, v, &iter, &item))
		set_parse(l, &item);
}

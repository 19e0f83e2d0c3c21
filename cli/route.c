#include "cli/route.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/policy/pattern.h"
#include "lib/check.h"
#include "lib/text.h"

#define ROUTE_TEXT_MAX 8192

typedef bool route_word_fn(struct cli_route *r, const char *value);

bool cli_route_add_as(struct cli_route *r, uint32_t as)
{
	uint8_t *at = r->path + 2 + 4 * (size_t)r->path[1];

	if (r->path[1] == CLI_ROUTE_PATH_MAX)
		return false;
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(as >> 8 * (3 - i));
	r->path[0] = 2; /* AS_SEQUENCE */
	r->path[1]++;
	r->attrs.as_path = (struct wire_span){r->path, (uint16_t)(2 + 4 * r->path[1])};
	return true;
}

static bool word_as_path(struct cli_route *r, const char *value)
{
	uint64_t as;

	return text_parse_u64(value, UINT32_MAX, &as) && cli_route_add_as(r, (uint32_t)as);
}

static bool word_next_hop(struct cli_route *r, const char *value)
{
	return ip_addr_parse(value, &r->attrs.next_hop);
}

/* Of any kind: the text says which. */
static bool word_community(struct cli_route *r, const char *value)
{
	struct wire_attrs *a = &r->attrs;
	struct pol_set_community c;

	if (!pol_pattern_parse(value, &c) || !pol_pattern_is_exact(&c) || c.neighbor_as[0] ||
		c.neighbor_as[1] || c.neighbor_as[2])
		return false;
	uint8_t *list = c.len == 4 ? r->communities : c.len == 8 ? r->extended : r->large;
	struct wire_span *span = c.len == 4   ? &a->communities
				 : c.len == 8 ? &a->ext_communities
					      : &a->large_communities;
	if (span->len == c.len * CLI_ROUTE_LIST_MAX)
		return false;
	memcpy(list + span->len, c.value, c.len);
	*span = (struct wire_span){list, (uint16_t)(span->len + c.len)};
	a->present |= c.len == 4   ? WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES)
		      : c.len == 8 ? WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES)
				   : WIRE_ATTR_BIT(WIRE_ATTR_LARGE_COMMUNITIES);
	return true;
}

static bool word_med(struct cli_route *r, const char *value)
{
	uint64_t n;

	if (!text_parse_u64(value, UINT32_MAX, &n))
		return false;
	r->attrs.med = (uint32_t)n;
	r->attrs.present |= WIRE_ATTR_BIT(WIRE_ATTR_MED);
	return true;
}

static bool word_local_pref(struct cli_route *r, const char *value)
{
	uint64_t n;

	if (!text_parse_u64(value, UINT32_MAX, &n))
		return false;
	r->attrs.local_pref = (uint32_t)n;
	r->attrs.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	return true;
}

/* Which of four names; 4 if none. */
static unsigned name_find(const char *value, const char *const names[4])
{
	unsigned i = 0;

	while (i < 4 && (!names[i] || strcmp(value, names[i]) != 0))
		i++;
	return i;
}

static bool word_origin(struct cli_route *r, const char *value)
{
	static const char *const names[4] = {"igp", "egp", "incomplete"};

	r->attrs.origin = (uint8_t)name_find(value, names);
	return r->attrs.origin < 4;
}

static bool word_rpki(struct cli_route *r, const char *value)
{
	static const char *const names[4] = {[POL_ROV_UNKNOWN] = "unknown",
		[POL_ROV_NOT_FOUND] = "not-found",
		[POL_ROV_VALID] = "valid",
		[POL_ROV_INVALID] = "invalid"};

	r->rov = (enum pol_rov)name_find(value, names);
	return (unsigned)r->rov < 4;
}

static bool word_aspa(struct cli_route *r, const char *value)
{
	static const char *const names[4] = {[POL_ASPA_NONE] = "none",
		[POL_ASPA_UNKNOWN] = "unknown",
		[POL_ASPA_VALID] = "valid",
		[POL_ASPA_INVALID] = "invalid"};

	r->aspa = (enum pol_aspa)name_find(value, names);
	return (unsigned)r->aspa < 4;
}

static const struct route_word {
	const char *word, *wanted;
	route_word_fn *take;
	bool many;
} route_words[] = {
	{"as-path", "an AS number (at most 255 of them)", word_as_path, true},
	{"next-hop", "an address", word_next_hop, false},
	{"community", "a community (at most 128 of a kind)", word_community, true},
	{"large", "a large community as 65000:1:2", word_community, true},
	{"extended", "an extended community as rt:65000:1", word_community, true},
	{"med", "a number", word_med, false},
	{"local-pref", "a number", word_local_pref, false},
	{"origin", "igp, egp or incomplete", word_origin, false},
	{"rpki", "valid, invalid, not-found or unknown", word_rpki, false},
	{"aspa", "valid, invalid, unknown or none", word_aspa, false},
};

static const struct route_word *word_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(route_words); i++)
		if (strcmp(word, route_words[i].word) == 0)
			return &route_words[i];
	return NULL;
}

static bool word_unknown(const char *word, char *why, size_t cap)
{
	const char *names[ARRAY_LEN(route_words)];
	struct text t = text_of(why, cap);

	for (size_t i = 0; i < ARRAY_LEN(route_words); i++)
		names[i] = route_words[i].word;
	const char *near = text_nearest(word, names, ARRAY_LEN(names));
	text_add(&t, "\"");
	text_add_escaped(&t, word, strlen(word));
	text_add(&t, "\" is nothing of a route");
	if (near)
		text_add(&t, "; did you mean \"%s\"?", near);
	return false;
}

static bool value_bad(
	const struct route_word *w, const char *value, bool given, char *why, size_t cap)
{
	struct text t = text_of(why, cap);

	text_add(&t, "%s needs %s", w->word, w->wanted);
	if (given) {
		text_add(&t, ", not \"");
		text_add_escaped(&t, value, strlen(value));
		text_add(&t, "\"");
	}
	return false;
}

static bool words_parse(struct cli_route *r, char *words, char *why, size_t cap)
{
	const struct route_word *now = NULL;
	bool taken = false;

	for (char *save, *s = strtok_r(words, " ", &save); s; s = strtok_r(NULL, " ", &save)) {
		const struct route_word *next = word_find(s);
		if (now && !taken && next)
			return value_bad(now, s, true, why, cap);
		if (next) {
			now = next;
			taken = false;
		} else if (!now || (taken && !now->many)) {
			return word_unknown(s, why, cap);
		} else if (!now->take(r, s)) {
			return value_bad(now, s, true, why, cap);
		} else {
			taken = true;
		}
	}
	return !now || taken || value_bad(now, "", false, why, cap);
}

bool cli_route_parse(struct cli_route *r, const char *text, char *why, size_t cap)
{
	char words[ROUTE_TEXT_MAX];
	size_t len = strcspn(text, " ");
	char prefix[IP_PREFIX_STRLEN];
	struct text t = text_of(why, cap);
	bool host_bits = false;

	memset(r, 0, sizeof(*r));
	r->nlri.label = WIRE_LABEL_NONE;
	r->attrs.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH);
	snprintf(prefix, sizeof(prefix), "%.*s", (int)(len < sizeof(prefix) ? len : 0), text);
	if (!ip_prefix_parse(prefix, &r->nlri.prefix, &host_bits)) {
		text_add(&t, "a route begins with its prefix, as 198.51.100.0/24%s",
			host_bits ? "; this one has host bits set" : "");
		return false;
	}
	if (strlen(text) >= sizeof(words)) {
		text_add(&t, "that route is too long");
		return false;
	}
	snprintf(words, sizeof(words), "%s", text + len);
	return words_parse(r, words, why, cap);
}

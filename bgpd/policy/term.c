/* Terms of a rule: one row a kind. */
#include "bgpd/policy/term.h"

#include <stdio.h>

#include "bgpd/policy/set.h"
#include "bgpd/wire/aspath.h"
#include "lib/check.h"

#define LOCAL_PREF_DEFAULT 100

typedef bool term_fn(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a);

static bool between(const struct pol_term *t, uint32_t n)
{
	return n >= t->from && n <= t->to;
}

static struct wire_span path_of(const struct wire_attrs *a)
{
	return wire_attrs_has(a, WIRE_ATTR_AS_PATH) ? a->as_path : (struct wire_span){0};
}

static bool term_prefix(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->nlri && pol_set_has_prefix(t->set, &s->nlri->prefix);
}

static bool term_length(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->nlri && between(t, s->nlri->prefix.len);
}

static bool term_family(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->family == t->from;
}

static bool term_neighbor_as(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return pol_set_has_number(t->set, s->neighbor_as);
}

static bool term_neighbor(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return pol_set_has_address(t->set, &s->neighbor);
}

static bool term_origin_as(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	uint32_t as = wire_aspath_origin(path_of(a));

	return as && pol_set_has_number(t->set, as);
}

static bool term_first_as(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	uint32_t as = wire_aspath_first(path_of(a));

	return as && pol_set_has_number(t->set, as);
}

static bool term_first_is_neighbor(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->neighbor_as && wire_aspath_first(path_of(a)) == s->neighbor_as;
}

static bool term_as_path(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	struct wire_span rest = path_of(a);
	struct wire_segment seg;

	while (wire_segment_next(&rest, &seg))
		for (unsigned i = 0; i < seg.n; i++)
			if (pol_set_has_number(t->set, wire_segment_as(&seg, i)))
				return true;
	return false;
}

static bool term_as_path_length(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return between(t, wire_aspath_length(path_of(a)));
}

static bool term_community(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return pol_set_has_community(t->set, a, s->neighbor_as);
}

static bool term_community_count(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	uint32_t n = 0;

	for (unsigned len = 4; len <= 12; len += 4)
		n += pol_community_list(a, (uint8_t)len).len / len;
	return between(t, n);
}

static bool term_next_hop(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return pol_set_has_address(t->set, &a->next_hop);
}

static bool term_next_hop_is_neighbor(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return ip_addr_equal(&a->next_hop, &s->neighbor);
}

static bool term_rov(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->rov == t->from;
}

static bool term_aspa(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return s->aspa == t->from;
}

static bool term_local_pref(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return between(
		t, wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF) ? a->local_pref : LOCAL_PREF_DEFAULT);
}

static bool term_med(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return between(t, wire_attrs_has(a, WIRE_ATTR_MED) ? a->med : 0);
}

static bool term_origin(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return a->origin == t->from;
}

enum term_operand { OPERAND_NONE, OPERAND_SET, OPERAND_RANGE, OPERAND_NUMBER };

static const struct {
	const char *name; /* as in a configuration */
	term_fn *match;
	unsigned needs;
	enum term_operand operand;
} terms[POL_TERMS] = {
	[POL_TERM_PREFIX] = {"prefix", term_prefix, POL_NEEDS_PREFIX, OPERAND_SET},
	[POL_TERM_LENGTH] = {"length", term_length, POL_NEEDS_PREFIX, OPERAND_RANGE},
	[POL_TERM_FAMILY] = {"family", term_family, 0, OPERAND_NUMBER},
	[POL_TERM_NEIGHBOR_AS] = {"neighbor-as", term_neighbor_as, POL_NEEDS_NEIGHBOR, OPERAND_SET},
	[POL_TERM_NEIGHBOR] = {"neighbor", term_neighbor, POL_NEEDS_NEIGHBOR, OPERAND_SET},
	[POL_TERM_ORIGIN_AS] = {"origin-as", term_origin_as, 0, OPERAND_SET},
	[POL_TERM_FIRST_AS] = {"first-as", term_first_as, 0, OPERAND_SET},
	[POL_TERM_FIRST_AS_IS_NEIGHBOR] = {"first-as-is-neighbor", term_first_is_neighbor,
		POL_NEEDS_NEIGHBOR, OPERAND_NONE},
	[POL_TERM_AS_PATH] = {"as-path", term_as_path, 0, OPERAND_SET},
	[POL_TERM_AS_PATH_LENGTH] = {"as-path-length", term_as_path_length, 0, OPERAND_RANGE},
	[POL_TERM_COMMUNITY] = {"community", term_community, 0, OPERAND_SET},
	[POL_TERM_COMMUNITY_COUNT] = {"communities", term_community_count, 0, OPERAND_RANGE},
	[POL_TERM_NEXT_HOP] = {"next-hop", term_next_hop, 0, OPERAND_SET},
	[POL_TERM_NEXT_HOP_IS_NEIGHBOR] = {"next-hop-is-neighbor", term_next_hop_is_neighbor,
		POL_NEEDS_NEIGHBOR, OPERAND_NONE},
	[POL_TERM_ROV] = {"rpki", term_rov, POL_NEEDS_ROV | POL_NEEDS_PREFIX, OPERAND_NUMBER},
	[POL_TERM_ASPA] = {"aspa", term_aspa, POL_NEEDS_ASPA, OPERAND_NUMBER},
	[POL_TERM_LOCAL_PREF] = {"local-pref", term_local_pref, 0, OPERAND_RANGE},
	[POL_TERM_MED] = {"med", term_med, 0, OPERAND_RANGE},
	[POL_TERM_ORIGIN] = {"origin", term_origin, 0, OPERAND_NUMBER},
};

bool pol_term_match(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a)
{
	return terms[t->kind].match(t, s, a) != t->negate;
}

unsigned pol_term_needs(const struct pol_term *t)
{
	return terms[t->kind].needs | (t->set && t->set->needs_neighbor ? POL_NEEDS_NEIGHBOR : 0);
}

static const char *number_name(const struct pol_term *t)
{
	static const char *const rov[] = {"unknown", "not-found", "valid", "invalid"},
				 *const aspa[] = {"none", "unknown", "valid", "invalid"},
				 *const origin[] = {"igp", "egp", "incomplete"};

	if (t->kind == POL_TERM_FAMILY)
		return wire_family_get((enum wire_family)t->from)->name;
	if (t->kind == POL_TERM_ROV && t->from < ARRAY_LEN(rov))
		return rov[t->from];
	if (t->kind == POL_TERM_ASPA && t->from < ARRAY_LEN(aspa))
		return aspa[t->from];
	return t->kind == POL_TERM_ORIGIN && t->from < ARRAY_LEN(origin) ? origin[t->from] : "?";
}

void pol_term_print(const struct pol_term *t, char *out, size_t cap)
{
	const char *not = t->negate ? "not " : "", *name = terms[t->kind].name;

	switch (terms[t->kind].operand) {
	case OPERAND_SET:
		snprintf(out, cap, "%s%s %s", not, name, t->set->name);
		break;
	case OPERAND_RANGE:
		if (t->from == t->to)
			snprintf(out, cap, "%s%s %u", not, name, t->from);
		else
			snprintf(out, cap, "%s%s %u-%u", not, name, t->from, t->to);
		break;
	case OPERAND_NUMBER:
		snprintf(out, cap, "%s%s %s", not, name, number_name(t));
		break;
	default:
		snprintf(out, cap, "%s%s", not, name);
	}
}

/* Named sets: what a policy's terms look things up in. */
#include "bgpd/policy/set.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 3

/* --- prefixes: ascending, each with the number (plus 1) of the nearest entry that encloses it --- */

static int prefix_cmp(const struct ip_prefix *a, const struct ip_prefix *b)
{
	int c = ip_addr_cmp(&a->addr, &b->addr);

	return c ? c : a->len - b->len;
}

static int entry_cmp(const void *a, const void *b)
{
	const struct pol_set_prefix *x = a, *y = b;
	int c = prefix_cmp(&x->prefix, &y->prefix);

	return c ? c : x->from - y->from;
}

static bool encloses(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
	return outer->len <= inner->len && ip_prefix_contains(outer, &inner->addr);
}

static void parents_find(const struct pol_set_prefix *list, unsigned n, uint32_t *parent)
{
	for (unsigned i = 0; i < n; i++) {
		uint32_t up = i; /* the entry before, plus 1 */

		while (up && !encloses(&list[up - 1].prefix, &list[i].prefix))
			up = parent[up - 1];
		parent[i] = up;
	}
}

static const struct pol_set *set_new(struct arena *a, const struct pol_set *like)
{
	return arena_copy(a, like, sizeof *like);
}

static const struct pol_set *set_new_cover(struct arena *a, const char *name,
	const struct pol_set_prefix *list, unsigned n, enum pol_set_kind kind)
{
	struct pol_set_prefix *copy = arena_copy(a, list, n * sizeof *list);
	uint32_t *parent = arena_alloc(a, n * sizeof *parent);

	if (!copy || !parent)
		return NULL;
	for (unsigned i = 0; kind == POL_SET_ADDRESSES && i < n; i++)
		copy[i].from = copy[i].to = ip_af_bits(copy[i].prefix.addr.af);
	if (n)
		qsort(copy, n, sizeof *copy, entry_cmp);
	parents_find(copy, n, parent);
	return set_new(
		a, &(struct pol_set){
			   .name = name, .kind = kind, .n = n, .prefixes = copy, .index = parent});
}

const struct pol_set *pol_set_new_prefixes(
	struct arena *a, const char *name, const struct pol_set_prefix *list, unsigned n)
{
	return set_new_cover(a, name, list, n, POL_SET_PREFIXES);
}

const struct pol_set *pol_set_new_addresses(
	struct arena *a, const char *name, const struct pol_set_prefix *list, unsigned n)
{
	return set_new_cover(a, name, list, n, POL_SET_ADDRESSES);
}

/* The number (plus 1) of the last entry that does not come behind p. */
static uint32_t prefix_before(const struct pol_set *s, const struct ip_prefix *p)
{
	uint32_t low = 0, high = s->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (prefix_cmp(&s->prefixes[mid].prefix, p) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool pol_set_has_prefix(const struct pol_set *s, const struct ip_prefix *p)
{
	const uint32_t *parent = s->index;

	for (uint32_t i = prefix_before(s, p); i; i = parent[i - 1]) {
		const struct pol_set_prefix *e = &s->prefixes[i - 1];

		if (p->len >= e->from && p->len <= e->to && encloses(&e->prefix, p))
			return true;
	}
	return false;
}

bool pol_set_has_address(const struct pol_set *s, const struct ip_addr *a)
{
	return pol_set_has_prefix(s, &(struct ip_prefix){.addr = *a, .len = ip_af_bits(a->af)});
}

/* --- numbers --- */

static int range_cmp(const void *a, const void *b)
{
	const struct pol_set_range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Ascending; those that touch or overlap become one. How many are left. */
static unsigned ranges_merge(struct pol_set_range *list, unsigned n)
{
	unsigned last = 0;

	if (n == 0)
		return 0;
	qsort(list, n, sizeof *list, range_cmp);
	for (unsigned i = 1; i < n; i++) {
		bool touches = list[last].to == UINT32_MAX || list[i].from <= list[last].to + 1;

		if (!touches)
			list[++last] = list[i];
		else if (list[i].to > list[last].to)
			list[last].to = list[i].to;
	}
	return last + 1;
}

const struct pol_set *pol_set_new_numbers(
	struct arena *a, const char *name, const struct pol_set_range *list, unsigned n)
{
	struct pol_set_range *copy = arena_copy(a, list, n * sizeof *list);

	if (!copy)
		return NULL;
	n = ranges_merge(copy, n);
	return set_new(a,
		&(struct pol_set){.name = name, .kind = POL_SET_NUMBERS, .n = n, .ranges = copy});
}

bool pol_set_has_number(const struct pol_set *s, uint32_t number)
{
	unsigned low = 0, high = s->n;

	while (low < high) {
		unsigned mid = low + (high - low) / 2;

		if (s->ranges[mid].to < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->n && s->ranges[low].from <= number;
}

/* --- communities --- */

const struct pol_set *pol_set_new_communities(
	struct arena *a, const char *name, const struct pol_set_community *list, unsigned n)
{
	struct pol_set_community *copy = arena_copy(a, list, n * sizeof *list);
	bool needs = false;

	if (!copy)
		return NULL;
	for (unsigned i = 0; i < n; i++)
		for (unsigned f = 0; f < FIELDS_MAX; f++)
			needs |= copy[i].neighbor_as[f];
	return set_new(a, &(struct pol_set){.name = name,
				  .kind = POL_SET_COMMUNITIES,
				  .n = n,
				  .needs_neighbor = needs,
				  .communities = copy});
}

static bool octets_match(const struct pol_set_community *c, const uint8_t *octets)
{
	for (unsigned i = 0; i < c->len; i++)
		if ((octets[i] ^ c->value[i]) & c->mask[i])
			return false;
	return true;
}

bool pol_set_community_match(
	const struct pol_set_community *c, const uint8_t *octets, uint32_t neighbor_as)
{
	struct pol_community_fields at = pol_community_fields(c->len);

	if (!octets_match(c, octets))
		return false;
	for (unsigned f = 0; f < at.n; f++) {
		uint32_t value = 0;

		if (!c->neighbor_as[f])
			continue;
		for (unsigned i = 0; i < at.len[f]; i++)
			value = value << 8 | octets[at.at[f] + i];
		if (value != neighbor_as)
			return false;
	}
	return true;
}

struct pol_community_fields pol_community_fields(uint8_t len)
{
	static const struct pol_community_fields of2 = {2, {0, 2}, {2, 2}},
						 of4 = {2, {2, 4}, {2, 4}},
						 of3 = {3, {0, 4, 8}, {4, 4, 4}};

	return len == 4 ? of2 : len == 8 ? of4 : of3;
}

struct wire_span pol_community_list(const struct wire_attrs *a, uint8_t len)
{
	const struct {
		enum wire_attr_code code;
		struct wire_span list;
	} of = len == 4	  ? (typeof(of)){WIRE_ATTR_COMMUNITIES, a->communities}
	       : len == 8 ? (typeof(of)){WIRE_ATTR_EXT_COMMUNITIES, a->ext_communities}
			  : (typeof(of)){WIRE_ATTR_LARGE_COMMUNITIES, a->large_communities};

	return wire_attrs_has(a, of.code) ? of.list : (struct wire_span){0};
}

bool pol_set_has_community(
	const struct pol_set *s, const struct wire_attrs *a, uint32_t neighbor_as)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct pol_set_community *c = &s->communities[i];
		struct wire_span list = pol_community_list(a, c->len);

		for (unsigned k = 0; list.p && k + c->len <= list.len; k += c->len)
			if (pol_set_community_match(c, list.p + k, neighbor_as))
				return true;
	}
	return false;
}

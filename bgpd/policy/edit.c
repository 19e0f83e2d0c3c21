/* Edits of a rule: one row a kind. */
#include "bgpd/policy/edit.h"

#include <string.h>

#include "bgpd/policy/lists.h"
#include "bgpd/policy/set.h"
#include "bgpd/wire/aspath.h"
#include "lib/wbuf.h"

typedef bool edit_fn(const struct pol_edit *e, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena);

static const struct {
	uint8_t len;
	enum wire_attr_code code;
} kinds[] = {
	[POL_COMMUNITY] = {4, WIRE_ATTR_COMMUNITIES},
	[POL_COMMUNITY_LARGE] = {12, WIRE_ATTR_LARGE_COMMUNITIES},
	[POL_COMMUNITY_EXT] = {8, WIRE_ATTR_EXT_COMMUNITIES},
};

static void list_set(struct wire_attrs *a, enum wire_attr_code code, struct wire_span list)
{
	struct wire_span *of = code == WIRE_ATTR_COMMUNITIES	   ? &a->communities
			       : code == WIRE_ATTR_EXT_COMMUNITIES ? &a->ext_communities
								   : &a->large_communities;

	*of = list;
	if (list.len)
		a->present |= WIRE_ATTR_BIT(code);
	else
		pol_attr_del(a, code);
}

static bool edit_local_pref(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	a->local_pref = e->number;
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	return true;
}

static bool edit_med(const struct pol_edit *e, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena)
{
	a->med = e->number;
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_MED);
	return true;
}

static bool edit_med_del(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	pol_attr_del(a, WIRE_ATTR_MED);
	return true;
}

static bool edit_prepend(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	struct wire_span path =
		wire_attrs_has(a, WIRE_ATTR_AS_PATH) ? a->as_path : (struct wire_span){0};
	uint32_t as = e->number ? e->number : s->exporting ? s->local_as : s->neighbor_as;

	/* behind a route server the path begins with the client that it came from (RFC 7947 2.2.2) */
	if (e->first_as && wire_aspath_first(path))
		as = wire_aspath_first(path);
	path = wire_aspath_prepend(path, as, e->times, arena);
	if (!path.len)
		return false;
	a->as_path = path;
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH);
	return true;
}

/* The community with the neighbour's AS in the fields that want it. False: it does not fit. */
static bool community_fill(const struct pol_edit *e, uint32_t as, uint8_t out[12])
{
	uint8_t len = kinds[e->community_kind].len;
	struct pol_community_fields at = pol_community_fields(len);

	memcpy(out, e->community, len);
	for (unsigned f = 0; f < at.n; f++) {
		if (!e->neighbor_as[f])
			continue;
		if (at.len[f] == 2 && as > UINT16_MAX)
			return false;
		for (unsigned i = 0; i < at.len[f]; i++)
			out[at.at[f] + i] = (uint8_t)(as >> 8 * (at.len[f] - 1 - i));
	}
	return true;
}

static bool list_has(struct wire_span list, const uint8_t *octets, uint8_t len)
{
	for (unsigned k = 0; k + len <= list.len; k += len)
		if (!memcmp(list.p + k, octets, len))
			return true;
	return false;
}

static bool edit_community_add(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	uint8_t len = kinds[e->community_kind].len, octets[12];
	struct wire_span have = pol_community_list(a, len);
	size_t cap = (size_t)have.len + len;
	struct wbuf w;

	/* a four-octet AS in a field of two: such a community means nobody, so it is left out */
	if (!community_fill(e, s->neighbor_as, octets) || list_has(have, octets, len))
		return true;
	if (cap > UINT16_MAX)
		return false;
	w = wbuf_of(arena_alloc(arena, cap), cap);
	if (!w.base)
		return false;
	wbuf_put(&w, have.p, have.len);
	wbuf_put(&w, octets, len);
	list_set(a, kinds[e->community_kind].code,
		(struct wire_span){.p = w.base, .len = (uint16_t)w.len});
	return true;
}

static bool is_deleted(
	const struct pol_set *set, const uint8_t *octets, uint8_t len, uint32_t neighbor_as)
{
	for (unsigned i = 0; i < set->n; i++)
		if (set->communities[i].len == len &&
			pol_set_community_match(&set->communities[i], octets, neighbor_as))
			return true;
	return false;
}

static bool kind_delete(const struct pol_edit *e, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena, enum pol_community_kind kind)
{
	uint8_t len = kinds[kind].len;
	struct wire_span have = pol_community_list(a, len);
	struct wbuf w = wbuf_of(have.len ? arena_alloc(arena, have.len) : NULL, have.len);

	if (!have.len)
		return true;
	if (!w.base)
		return false;
	for (unsigned k = 0; k + len <= have.len; k += len)
		if (!is_deleted(e->set, have.p + k, len, s->neighbor_as))
			wbuf_put(&w, have.p + k, len);
	list_set(a, kinds[kind].code, (struct wire_span){.p = w.base, .len = (uint16_t)w.len});
	return true;
}

static bool edit_community_del(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	return kind_delete(e, s, a, arena, POL_COMMUNITY) &&
	       kind_delete(e, s, a, arena, POL_COMMUNITY_LARGE) &&
	       kind_delete(e, s, a, arena, POL_COMMUNITY_EXT);
}

static bool edit_next_hop(const struct pol_edit *e, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena)
{
	a->next_hop = e->addr;
	return true;
}

bool pol_edit_apply(const struct pol_edit *e, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena)
{
	static edit_fn *const edits[POL_EDITS] = {
		[POL_EDIT_LOCAL_PREF] = edit_local_pref,
		[POL_EDIT_MED] = edit_med,
		[POL_EDIT_MED_DEL] = edit_med_del,
		[POL_EDIT_PREPEND] = edit_prepend,
		[POL_EDIT_COMMUNITY_ADD] = edit_community_add,
		[POL_EDIT_COMMUNITY_DEL] = edit_community_del,
		[POL_EDIT_NEXT_HOP] = edit_next_hop,
	};

	return edits[e->kind](e, s, a, arena);
}

unsigned pol_edit_needs(const struct pol_edit *e)
{
	bool needs = e->set && e->set->needs_neighbor;

	if (e->kind == POL_EDIT_MED || e->kind == POL_EDIT_MED_DEL)
		return POL_NEEDS_MED;
	if (e->kind == POL_EDIT_NEXT_HOP)
		return POL_NEEDS_NEXT_HOP;

	for (unsigned f = 0; f < 3; f++)
		needs |= e->kind == POL_EDIT_COMMUNITY_ADD && e->neighbor_as[f];
	return needs ? POL_NEEDS_NEIGHBOR : 0;
}

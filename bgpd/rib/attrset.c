#include "bgpd/rib/attrset.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "lib/hash.h"

#define ATTRSETS_CAP_MIN  64
#define AGGREGATOR_OCTETS 8
#define OTC_OCTETS	  4

/* Attributes that are not kept: they belong to a message, and the next hop is kept apart from its bit. */
#define ATTRS_OF_MESSAGE                                                                           \
	(WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MP_REACH) |                   \
		WIRE_ATTR_BIT(WIRE_ATTR_MP_UNREACH) | WIRE_ATTR_BIT(WIRE_ATTR_AS4_PATH) |          \
		WIRE_ATTR_BIT(WIRE_ATTR_AS4_AGGREGATOR))

/* What is hashed and compared: everything from here on, and what it was edited from. */
#define ATTRSET_VALUE offsetof(struct rib_attrset, present)

void rib_attrsets_init(struct rib_attrsets *s, uint64_t seed)
{
	*s = (struct rib_attrsets){.seed = seed};
}

void rib_attrsets_fini(struct rib_attrsets *s)
{
	CHECK(s->n == 0);
	free(s->slots);
	free(s->hashes);
	free(s->scratch);
	*s = (struct rib_attrsets){.seed = s->seed};
}

static size_t next_hop_octets(uint8_t af)
{
	return ip_af_bits(af) / 8;
}

/* What stands in data between the next hop and the lists: of attributes that few routes have. */
static size_t rare_octets(uint64_t present)
{
	return (present & WIRE_ATTR_BIT(WIRE_ATTR_AGGREGATOR) ? AGGREGATOR_OCTETS : 0) +
	       (present & WIRE_ATTR_BIT(WIRE_ATTR_OTC) ? OTC_OCTETS : 0);
}

static size_t attrset_data_octets(const struct rib_attrset *set)
{
	size_t n = next_hop_octets(set->next_hop_af) + rare_octets(set->present);

	for (unsigned i = 0; i < RIB_LISTS; i++)
		n += set->len[i];
	return n;
}

static size_t attrset_value_octets(const struct rib_attrset *set)
{
	return sizeof(*set) - ATTRSET_VALUE + attrset_data_octets(set);
}

static const enum wire_attr_code list_codes[RIB_LISTS] = {
	[RIB_LIST_AS_PATH] = WIRE_ATTR_AS_PATH,
	[RIB_LIST_COMMUNITIES] = WIRE_ATTR_COMMUNITIES,
	[RIB_LIST_EXT_COMMUNITIES] = WIRE_ATTR_EXT_COMMUNITIES,
	[RIB_LIST_LARGE_COMMUNITIES] = WIRE_ATTR_LARGE_COMMUNITIES,
	[RIB_LIST_CLUSTER_LIST] = WIRE_ATTR_CLUSTER_LIST,
};

static struct wire_span attrs_list(const struct wire_attrs *a, enum rib_attr_list which)
{
	if (which == RIB_LIST_UNKNOWN)
		return a->unknown;
	if (!wire_attrs_has(a, list_codes[which]))
		return (struct wire_span){0};
	switch (which) {
	case RIB_LIST_AS_PATH:
		return a->as_path;
	case RIB_LIST_COMMUNITIES:
		return a->communities;
	case RIB_LIST_EXT_COMMUNITIES:
		return a->ext_communities;
	case RIB_LIST_LARGE_COMMUNITIES:
		return a->large_communities;
	case RIB_LIST_CLUSTER_LIST:
		return a->cluster_list;
	default:
		UNREACHABLE();
	}
}

static void attrset_fill_head(struct rib_attrset *set, const struct wire_attrs *a)
{
	struct wire_span path = attrs_list(a, RIB_LIST_AS_PATH);

	*set = (struct rib_attrset){.refs = 1,
		.present = a->present & ~ATTRS_OF_MESSAGE,
		.next_hop_af = a->next_hop.af,
		.neighbour_as = wire_aspath_first(path),
		.as_path_len = (uint16_t)wire_aspath_length(path)};
	if (wire_attrs_has(a, WIRE_ATTR_ORIGIN))
		set->origin = a->origin & 3u;
	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		set->last_resort = wire_comm_has(a->communities, WIRE_COMM_LLGR_STALE);
	if (wire_attrs_has(a, WIRE_ATTR_MED))
		set->med = a->med;
	if (wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF))
		set->local_pref = a->local_pref;
	if (wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID))
		set->originator_id = a->originator_id;
	for (unsigned i = 0; i < RIB_LISTS; i++)
		set->len[i] = attrs_list(a, i).len;
}

static uint8_t *put_octets(uint8_t *at, const void *from, size_t n)
{
	if (n == 0)
		return at;
	CHECK(from != NULL);
	memcpy(at, from, n);
	return at + n;
}

/* Different originals make different hashes, however alike policy makes them. */
static uint32_t attrset_hash(const struct rib_attrsets *s, const struct rib_attrset *set)
{
	uint32_t h = (uint32_t)hash_octets(&set->present, attrset_value_octets(set), s->seed);

	if (set->received)
		h = (h ^ set->received->hash) * 0x9e3779b1u;
	return h ? h : 1; /* 0 says that a slot is free */
}

/* The candidate, in the scratch memory: what the set would be if it were new. */
static const struct rib_attrset *attrset_build(
	struct rib_attrsets *s, const struct wire_attrs *a, struct rib_attrset *received)
{
	struct rib_attrset head;

	attrset_fill_head(&head, a);
	size_t octets = sizeof(head) + attrset_data_octets(&head);
	if (octets > s->scratch_octets) {
		s->scratch = realloc(s->scratch, octets * 2);
		CHECK(s->scratch != NULL);
		s->scratch_octets = octets * 2;
	}
	struct rib_attrset *set = s->scratch;
	*set = head;
	set->received = received;
	uint8_t *at = put_octets(set->data, a->next_hop.o, next_hop_octets(a->next_hop.af));
	if (wire_attrs_has(a, WIRE_ATTR_AGGREGATOR)) {
		at = put_octets(at, &a->aggregator_as, sizeof(a->aggregator_as));
		at = put_octets(at, &a->aggregator_id, sizeof(a->aggregator_id));
	}
	if (wire_attrs_has(a, WIRE_ATTR_OTC))
		at = put_octets(at, &a->otc, sizeof(a->otc));
	for (unsigned i = 0; i < RIB_LISTS; i++)
		at = put_octets(at, attrs_list(a, i).p, set->len[i]);
	set->hash = attrset_hash(s, set);
	return set;
}

static bool attrset_same(const struct rib_attrset *a, const struct rib_attrset *b)
{
	/* equal heads make equal sizes, so the data is compared only when the heads are */
	return a->hash == b->hash && a->received == b->received &&
	       memcmp(&a->present, &b->present, sizeof(*a) - ATTRSET_VALUE) == 0 &&
	       memcmp(a->data, b->data, attrset_data_octets(a)) == 0;
}

static uint32_t slot_home(const struct rib_attrsets *s, uint32_t hash)
{
	return (uint32_t)((uint64_t)hash * s->cap >> 32);
}

static uint32_t slot_next(const struct rib_attrsets *s, uint32_t i)
{
	return i + 1 == s->cap ? 0 : i + 1;
}

/* The slot of an equal set, or the free slot where it belongs. */
static uint32_t attrset_slot(const struct rib_attrsets *s, const struct rib_attrset *like)
{
	uint32_t i = slot_home(s, like->hash);

	while (s->hashes[i] && (s->hashes[i] != like->hash || !attrset_same(s->slots[i], like)))
		i = slot_next(s, i);
	return i;
}

static void slot_put(struct rib_attrsets *s, uint32_t i, uint32_t hash, struct rib_attrset *set)
{
	s->hashes[i] = hash;
	s->slots[i] = set;
}

static void attrsets_grow(struct rib_attrsets *s)
{
	struct rib_attrsets old = *s;

	s->cap = old.cap ? old.cap + old.cap / 2 : ATTRSETS_CAP_MIN;
	s->slots = malloc(s->cap * sizeof(*s->slots));
	s->hashes = calloc(s->cap, sizeof(*s->hashes));
	CHECK(s->slots != NULL && s->hashes != NULL);
	for (uint32_t k = 0; k < old.cap; k++) {
		if (!old.hashes[k])
			continue;
		uint32_t i = slot_home(s, old.hashes[k]);
		while (s->hashes[i])
			i = slot_next(s, i);
		slot_put(s, i, old.hashes[k], old.slots[k]);
	}
	free(old.slots);
	free(old.hashes);
}

struct rib_attrset *rib_attrset_get_edited(
	struct rib_attrsets *s, const struct wire_attrs *a, struct rib_attrset *received)
{
	const struct rib_attrset *like = attrset_build(s, a, received);

	CHECK(!received || !received->received);
	if (s->n + 1 > s->cap / 5 * 4)
		attrsets_grow(s);
	uint32_t i = attrset_slot(s, like);
	if (s->hashes[i])
		return rib_attrset_ref(s->slots[i]);

	size_t octets = sizeof(*like) + attrset_data_octets(like);
	struct rib_attrset *set = malloc(octets);
	CHECK(set != NULL);
	memcpy(set, like, octets);
	if (received)
		rib_attrset_ref(received);
	slot_put(s, i, set->hash, set);
	s->octets += octets;
	if (++s->n > s->peak)
		s->peak = s->n;
	return set;
}

struct rib_attrset *rib_attrset_get(struct rib_attrsets *s, const struct wire_attrs *a)
{
	return rib_attrset_get_edited(s, a, NULL);
}

struct rib_attrset *rib_attrset_ref(struct rib_attrset *set)
{
	CHECK(set->refs > 0 && set->refs < UINT32_MAX);
	set->refs++;
	return set;
}

static uint32_t slots_between(const struct rib_attrsets *s, uint32_t from, uint32_t to)
{
	return to >= from ? to - from : to + s->cap - from;
}

/* Closes the gap at slot i, so that no probe sequence ever meets a hole before its goal. */
static void attrsets_close(struct rib_attrsets *s, uint32_t i)
{
	for (uint32_t j = slot_next(s, i); s->hashes[j]; j = slot_next(s, j)) {
		uint32_t home = slot_home(s, s->hashes[j]);
		if (slots_between(s, home, j) < slots_between(s, i, j))
			continue;
		slot_put(s, i, s->hashes[j], s->slots[j]);
		i = j;
	}
	slot_put(s, i, 0, NULL);
}

void rib_attrset_unref(struct rib_attrsets *s, struct rib_attrset *set)
{
	struct rib_attrset *received = set->received;

	CHECK(set->refs > 0);
	if (--set->refs > 0)
		return;
	CHECK(set->nexthop == NULL);
	uint32_t i = slot_home(s, set->hash);
	while (s->hashes[i] != set->hash || s->slots[i] != set)
		i = slot_next(s, i);
	attrsets_close(s, i);
	s->n--;
	s->octets -= sizeof(*set) + attrset_data_octets(set);
	free(set);
	if (received)
		rib_attrset_unref(s, received);
}

struct ip_addr rib_attrset_next_hop(const struct rib_attrset *set)
{
	struct ip_addr a = {.af = set->next_hop_af};

	memcpy(a.o, set->data, next_hop_octets(set->next_hop_af));
	return a;
}

struct wire_span rib_attrset_list(const struct rib_attrset *set, enum rib_attr_list which)
{
	const uint8_t *at =
		set->data + next_hop_octets(set->next_hop_af) + rare_octets(set->present);

	for (unsigned i = 0; i < which; i++)
		at += set->len[i];
	return (struct wire_span){.p = at, .len = set->len[which]};
}

void rib_attrset_view(const struct rib_attrset *set, struct wire_attrs *out)
{
	*out = (struct wire_attrs){.present = set->present,
		.next_hop = rib_attrset_next_hop(set),
		.origin = set->origin,
		.med = set->med,
		.local_pref = set->local_pref,
		.originator_id = set->originator_id,
		.as_path = rib_attrset_list(set, RIB_LIST_AS_PATH),
		.communities = rib_attrset_list(set, RIB_LIST_COMMUNITIES),
		.ext_communities = rib_attrset_list(set, RIB_LIST_EXT_COMMUNITIES),
		.large_communities = rib_attrset_list(set, RIB_LIST_LARGE_COMMUNITIES),
		.cluster_list = rib_attrset_list(set, RIB_LIST_CLUSTER_LIST),
		.unknown = rib_attrset_list(set, RIB_LIST_UNKNOWN)};
	if (set->next_hop_af != IP_NONE)
		out->present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	const uint8_t *at = set->data + next_hop_octets(set->next_hop_af);
	if (set->present & WIRE_ATTR_BIT(WIRE_ATTR_AGGREGATOR)) {
		memcpy(&out->aggregator_as, at, sizeof(out->aggregator_as));
		memcpy(&out->aggregator_id, at + sizeof(out->aggregator_as),
			sizeof(out->aggregator_id));
		at += AGGREGATOR_OCTETS;
	}
	if (set->present & WIRE_ATTR_BIT(WIRE_ATTR_OTC))
		memcpy(&out->otc, at, sizeof(out->otc));
}

void rib_attrsets_count(const struct rib_attrsets *s, struct pool *out)
{
	*out = (struct pool){.name = "attribute sets",
		.size = sizeof(struct rib_attrset),
		.live = s->n,
		.peak = s->peak,
		.slab_octets = s->octets + s->cap * (sizeof(*s->slots) + sizeof(*s->hashes))};
}

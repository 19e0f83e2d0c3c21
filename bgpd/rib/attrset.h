/*
 * Interned path attributes: equal attributes are one object, so that equality is pointer equality and a million
 * routes share what they have in common. Found by a keyed hash (a peer cannot choose collisions), refcounted.
 *
 * What the decision process reads stands decoded in the head; the lists stay in wire form behind it.
 *
 * Attributes that were edited on their way in remember those that they were made of: so routes can be judged anew and shown as they came
 * (Adj-RIB-In, RFC 4271 3.2) without a table of their own. That is part of which set it is, and neither sent nor decided by.
 */
#ifndef BGPD_RIB_ATTRSET_H
#define BGPD_RIB_ATTRSET_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "lib/pool.h"

struct rib_nexthop;

enum rib_attr_list {
	RIB_LIST_AS_PATH,
	RIB_LIST_COMMUNITIES,
	RIB_LIST_EXT_COMMUNITIES,
	RIB_LIST_LARGE_COMMUNITIES,
	RIB_LIST_CLUSTER_LIST,
	RIB_LIST_UNKNOWN,
	RIB_LISTS
};

struct rib_attrset {
	uint32_t refs;
	uint32_t hash;
	struct rib_attrset *
		received; /* what import policy made this of, one reference; NULL: it is as it was received */
	struct rib_nexthop
		*nexthop;      /* while some path needs it resolved (rib_nexthop_use), else NULL */
	uint64_t present;      /* WIRE_ATTR_BIT()s */
	uint32_t local_pref;   /* 0 unless present */
	uint32_t med;	       /* 0 unless present (RFC 4271 9.1.2.2 c) */
	uint32_t neighbour_as; /* first of AS_PATH, 0 if empty or a set */
	uint32_t originator_id;
	uint16_t as_path_len; /* as RFC 4271 9.1.2.2 a counts */
	uint8_t origin : 2;
	uint8_t last_resort : 1; /* LLGR_STALE is among the communities (RFC 9494 4.3) */
	uint8_t spare : 5;
	uint8_t next_hop_af;	 /* enum ip_af; the address is the first thing in data */
	uint16_t len[RIB_LISTS]; /* octets of each list in data */
	uint8_t data[]; /* next hop, aggregator(8) and OTC(4) if present, then the lists in order */
};

struct rib_attrsets { /* the set of them; a member of struct rib_store */
	uint64_t seed;
	struct rib_attrset **slots; /* open addressing, home is hash * cap >> 32 */
	uint32_t *hashes; /* of the slots, 0: free; a search looks at sets of its own hash only */
	uint32_t n, cap;
	uint32_t peak;
	size_t octets; /* of the sets, slots not included */
	void *scratch; /* where a candidate is built */
	size_t scratch_octets;
};

void rib_attrsets_init(struct rib_attrsets *s, uint64_t seed);
void rib_attrsets_fini(struct rib_attrsets *s); /* aborts if any set is still referenced */

/*
 * The set equal to *a, with one more reference, which the caller owns. Copies what *a borrows.
 * Canonical: fields whose bit is not in present are ignored, next_hop always counts.
 */
struct rib_attrset *rib_attrset_get(struct rib_attrsets *s, const struct wire_attrs *a);

/* The same, edited from `received` (borrowed; itself as it was received); NULL: from none. */
struct rib_attrset *rib_attrset_get_edited(
	struct rib_attrsets *s, const struct wire_attrs *a, struct rib_attrset *received);

struct rib_attrset *rib_attrset_ref(struct rib_attrset *set);

/*
 * Frees at the last reference, and gives back its one to what was received. A next hop in use must be given back first: only
 * rib_store_unref_attrs() calls this.
 */
void rib_attrset_unref(struct rib_attrsets *s, struct rib_attrset *set);

/* Asks for the memory that the last rib_attrset_unref() of set will need. */
__attribute__((always_inline)) static inline void rib_attrset_prefetch(
	const struct rib_attrsets *s, const struct rib_attrset *set)
{
	const uint64_t home = (uint64_t)set->hash * s->cap >> 32;

	__builtin_prefetch(&s->hashes[home]);
	__builtin_prefetch(&s->slots[home]);
}

/* As they came: of a set that was edited, those that it was made of; else itself. Borrowed. */
static inline struct rib_attrset *rib_attrset_received(struct rib_attrset *set)
{
	return set->received ? set->received : set;
}

/* The same attributes as a value; its spans borrow the set. */
void rib_attrset_view(const struct rib_attrset *set, struct wire_attrs *out);
struct ip_addr rib_attrset_next_hop(const struct rib_attrset *set);
struct wire_span rib_attrset_list(const struct rib_attrset *set, enum rib_attr_list which);

void rib_attrsets_count(const struct rib_attrsets *s, struct pool *out);

#endif

/* Named sets: what a policy's terms look things up in. Made once, read only, one arena. Lookups cost a few cache lines however large the set is. */
#ifndef BGPD_POLICY_SET_H
#define BGPD_POLICY_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "lib/arena.h"
#include "lib/prefix.h"

enum pol_set_kind { POL_SET_PREFIXES, POL_SET_NUMBERS, POL_SET_COMMUNITIES, POL_SET_ADDRESSES };

struct pol_set_prefix {
	struct ip_prefix prefix;
	uint8_t from, to; /* lengths, both included */
};

struct pol_set_range {
	uint32_t from, to;
};

/* One community pattern. Of 4 octets (RFC 1997), 8 (RFC 4360) or 12 (RFC 8092), in network order. */
struct pol_set_community {
	uint8_t len;
	uint8_t value[12], mask[12];
	bool neighbor_as
		[3]; /* this field (RFC 1997: 2 x 2 octets; RFC 8092: 3 x 4) is compared with the neighbour's AS */
};

/* Where the fields stand that an operator writes with colons between them: of 2 + 2, (type) 2 + 4, 4 + 4 + 4 octets. */
struct pol_community_fields {
	unsigned n;
	uint8_t at[3], len[3];
};

struct pol_set {
	const char *name;
	enum pol_set_kind kind;
	unsigned n;
	bool needs_neighbor;		       /* a community pattern does */
	const struct pol_set_prefix *prefixes; /* sorted for lookup: owner's business */
	const struct pol_set_range *ranges;    /* ascending, disjoint */
	const struct pol_set_community *communities;
	const void *index; /* of prefixes */
};

/* Copies, sorts, merges into the arena. NULL if the arena is full. */
const struct pol_set *pol_set_new_prefixes(
	struct arena *a, const char *name, const struct pol_set_prefix *list, unsigned n);
/* Prefixes of addresses, whole ones of length 32: from and to are not looked at. */
const struct pol_set *pol_set_new_addresses(
	struct arena *a, const char *name, const struct pol_set_prefix *list, unsigned n);
const struct pol_set *pol_set_new_numbers(
	struct arena *a, const char *name, const struct pol_set_range *list, unsigned n);
const struct pol_set *pol_set_new_communities(
	struct arena *a, const char *name, const struct pol_set_community *list, unsigned n);

bool pol_set_has_prefix(const struct pol_set *s, const struct ip_prefix *p);
bool pol_set_has_number(const struct pol_set *s, uint32_t number);
bool pol_set_has_address(const struct pol_set *s, const struct ip_addr *a);
bool pol_set_has_community(
	const struct pol_set *s, const struct wire_attrs *a, uint32_t neighbor_as); /* any */

/* One community, c->len octets of it. */
bool pol_set_community_match(
	const struct pol_set_community *c, const uint8_t *octets, uint32_t neighbor_as);

struct pol_community_fields pol_community_fields(uint8_t len); /* 4, 8 or 12 */

/* The attribute that holds communities of this length; empty if it is not there. */
struct wire_span pol_community_list(const struct wire_attrs *a, uint8_t len);

#endif

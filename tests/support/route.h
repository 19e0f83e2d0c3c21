/* Routes for tests of rib, policy, out and vrf: attributes, prefixes and random numbers in one line each. */
#ifndef TESTS_SUPPORT_ROUTE_H
#define TESTS_SUPPORT_ROUTE_H

#include <string.h>

#include "bgpd/rib/store.h"
#include "bgpd/wire/aspath.h"

static inline uint32_t test_random(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)((*state >> 16) % below);
}

/* A value that keeps its lists itself: shape of AS_PATH is one sequence. */
struct test_attrs {
	struct wire_attrs a;
	uint8_t path[2 + 4 * 8];
	uint8_t ext[8 * 8];
	uint8_t communities[4 * 4];
};

static inline void test_put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* next_hop in host order, 0 for none; origin IGP; n_as AS numbers, at most 8. */
static inline void test_attrs_init(
	struct test_attrs *t, uint32_t next_hop, const uint32_t *as, unsigned n_as)
{
	memset(t, 0, sizeof(*t));
	t->a.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH);
	if (next_hop)
		t->a.next_hop = ip_addr_v4(next_hop);
	if (n_as == 0)
		return;
	t->path[0] = WIRE_AS_SEQUENCE;
	t->path[1] = (uint8_t)n_as;
	for (unsigned i = 0; i < n_as; i++)
		test_put32(t->path + 2 + 4 * i, as[i]);
	t->a.as_path = (struct wire_span){.p = t->path, .len = (uint16_t)(2 + 4 * n_as)};
}

static inline void test_attrs_ext(struct test_attrs *t, uint64_t ext)
{
	uint16_t at = t->a.ext_communities.len;

	test_put32(t->ext + at, (uint32_t)(ext >> 32));
	test_put32(t->ext + at + 4, (uint32_t)ext);
	t->a.ext_communities = (struct wire_span){.p = t->ext, .len = (uint16_t)(at + 8)};
	t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
}

static inline void test_attrs_community(struct test_attrs *t, uint32_t community)
{
	uint16_t at = t->a.communities.len;

	test_put32(t->communities + at, community);
	t->a.communities = (struct wire_span){.p = t->communities, .len = (uint16_t)(at + 4)};
	t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
}

static inline void test_attrs_local_pref(struct test_attrs *t, uint32_t v)
{
	t->a.local_pref = v;
	t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
}

static inline void test_attrs_med(struct test_attrs *t, uint32_t v)
{
	t->a.med = v;
	t->a.present |= WIRE_ATTR_BIT(WIRE_ATTR_MED);
}

/* Route target 65000:n, type 0x0002. */
static inline uint64_t test_rt(uint32_t n)
{
	return UINT64_C(0x0002) << 48 | UINT64_C(65000) << 32 | n;
}

static inline struct wire_nlri test_nlri(uint64_t rd, uint32_t addr, uint8_t len)
{
	struct wire_nlri n = {.rd = rd, .label = WIRE_LABEL_NONE};

	n.prefix.addr = ip_addr_v4(addr);
	n.prefix.len = len;
	return n;
}

static inline uint16_t test_peer(
	struct rib_store *st, uint16_t vrf, uint32_t router_id, uint32_t addr, bool ebgp)
{
	struct rib_source s = {.kind = RIB_PEER,
		.vrf = vrf,
		.origin = vrf,
		.ebgp = ebgp,
		.router_id = router_id,
		.addr = ip_addr_v4(addr)};

	return rib_source_add(st, &s);
}

/* Interns, adds or replaces, gives the set back. */
static inline enum rib_result test_announce(struct rib_table *t, const struct wire_nlri *n,
	uint16_t source, const struct wire_attrs *a, uint32_t label)
{
	struct rib_route r = {.source = source, .label = label};

	r.attrs = rib_store_get_attrs(t->store, a);
	enum rib_result res = rib_table_add(t, n, &r);
	rib_store_unref_attrs(t->store, r.attrs);
	return res;
}

static inline enum rib_result test_withdraw(
	struct rib_table *t, const struct wire_nlri *n, uint16_t source)
{
	struct rib_route r = {.source = source};

	return rib_table_del(t, n, &r);
}

/* Runs the change queue dry without consumers. */
static inline void test_settle(struct rib_store *st)
{
	struct rib_change c;
	unsigned budget = UINT32_MAX;

	while (rib_change_next(st, &budget, &c))
		rib_change_done(st, &c);
}

#endif

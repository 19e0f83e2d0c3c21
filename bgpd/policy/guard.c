#include "bgpd/policy/guard.h"

#include "bgpd/policy/lists.h"
#include "bgpd/policy/steering.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"

#define LABEL_RESERVED_MAX 15 /* RFC 3032 2.1 */
#define NET_THIS	   0u
#define NET_LOOPBACK	   127u
#define NET_MULTICAST	   224u /* and class E above it */

static void strip_ext_communities(struct wire_attrs *a, struct pol_counts *c)
{
	if (!wire_attrs_has(a, WIRE_ATTR_EXT_COMMUNITIES))
		return;
	for (unsigned i = 0; i < wire_extcomm_count(a->ext_communities); i++) {
		if (wire_rt_is(wire_extcomm_at(a->ext_communities, i)))
			c->rts_stripped++;
		else
			c->ecs_stripped++;
	}
	pol_attr_del(a, WIRE_ATTR_EXT_COMMUNITIES);
	a->ext_communities = (struct wire_span){0};
}

static void strip_internal(struct wire_attrs *a)
{
	pol_attr_del(a, WIRE_ATTR_LOCAL_PREF);
	pol_attr_del(a, WIRE_ATTR_ORIGINATOR_ID);
	pol_attr_del(a, WIRE_ATTR_CLUSTER_LIST);
	a->cluster_list = (struct wire_span){0};
}

/* The first and the last address of a link are nobody's, but for links of two addresses (RFC 3021 2.1). */
static bool is_host_of(const struct ip_prefix *subnet, const struct ip_addr *a)
{
	if (a->af != IP_V4 || !ip_prefix_contains(subnet, a))
		return false;
	if (subnet->len >= 31)
		return true;
	uint32_t mask = subnet->len ? UINT32_MAX >> subnet->len : UINT32_MAX;
	uint32_t host = ip_addr_get_v4(a) & mask;
	return host != 0 && host != mask;
}

static bool is_sibling(const struct pol_peer *p, const struct ip_addr *a)
{
	for (unsigned i = 0; i < p->n_siblings; i++)
		if (ip_addr_equal(&p->siblings[i], a))
			return true;
	return false;
}

static bool next_hop_is_good(const struct pol_peer *p, const struct ip_addr *nh)
{
	if (p->allow & POL_ALLOW_NEXT_HOP)
		return true;
	if (ip_addr_is_martian(nh) || ip_addr_equal(nh, &p->local))
		return false;
	if (p->route_server_client && nh->af == p->addr.af)
		return ip_addr_equal(nh, &p->addr) || is_sibling(p, nh);
	if (p->local_as == p->peer_as || p->subnet.addr.af == IP_NONE)
		return true;
	return ip_addr_equal(nh, &p->addr) || is_host_of(&p->subnet, nh);
}

static bool is_ebgp(const struct pol_peer *p)
{
	return p->local_as != p->peer_as;
}

/* RFC 9234 5: OTC is for unicast. */
static enum pol_role role_in(const struct pol_peer *p, enum wire_family f)
{
	return is_ebgp(p) && f == WIRE_IPV4_UNICAST ? p->role : POL_ROLE_NONE;
}

/* RFC 7947 2.2.2.1: a route server does not put itself in front. */
static bool first_as_counts(const struct pol_peer *p)
{
	return is_ebgp(p) && p->role != POL_ROLE_RS_CLIENT && !(p->allow & POL_ALLOW_FIRST_AS);
}

static bool has_cluster(const struct wire_attrs *a, uint32_t cluster)
{
	return wire_attrs_has(a, WIRE_ATTR_CLUSTER_LIST) && wire_comm_has(a->cluster_list, cluster);
}

static enum pol_verdict path_judge(const struct pol_peer *p, const struct wire_attrs *a)
{
	if (!p->allow_as_set && wire_aspath_has_set(a->as_path))
		return POL_AS_SET;
	if (wire_aspath_count(a->as_path, p->local_as) > p->allow_own_as)
		return POL_AS_LOOP;
	if (first_as_counts(p) && wire_aspath_first(a->as_path) != p->peer_as)
		return POL_FIRST_AS;
	return POL_ACCEPT;
}

static enum pol_verdict attrs_judge(const struct pol_peer *p, const struct wire_attrs *a)
{
	if (p->routes != POL_ROUTES_ALL)
		return p->routes == POL_ROUTES_UNSAID ? POL_NO_POLICY : POL_BY_POLICY;
	if (!is_ebgp(p) && wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID) &&
		a->originator_id == p->local_id)
		return POL_ORIGINATOR;
	if (!is_ebgp(p) && has_cluster(a, p->cluster_id))
		return POL_CLUSTER;
	return path_judge(p, a);
}

static bool is_no_site(uint64_t ec)
{
	return !wire_extcomm_is_soo(ec);
}

/* What an external neighbour may not set goes, and what it asks for by a community is done. */
static void clean(
	const struct pol_peer *p, struct wire_attrs *a, struct arena *arena, struct pol_counts *c)
{
	if (is_ebgp(p))
		strip_internal(a);
	if (p->in_vrf && !(p->allow & POL_ALLOW_STEERING))
		c->steering_stripped += pol_steering_strip(a, arena);
	if (p->in_vrf && !p->keep_ce_rts)
		strip_ext_communities(a, c);
	if (is_ebgp(p) && wire_attrs_has(a, WIRE_ATTR_COMMUNITIES) &&
		wire_comm_has(a->communities, WIRE_COMM_GRACEFUL_SHUTDOWN)) {
		a->present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a->local_pref = 0;
		c->graceful_shutdowns++;
	}
}

static bool add_site(const struct pol_peer *p, struct wire_attrs *a, struct arena *arena)
{
	return !p->site_of_origin || (pol_extcomm_strip(a, is_no_site, arena) &&
					     pol_extcomm_add(a, p->site_of_origin, arena));
}

static enum pol_verdict take(const struct pol_peer *p, enum wire_family f, struct wire_attrs *a,
	struct arena *arena, struct pol_counts *c)
{
	if (!pol_role_import(role_in(p, f), p->peer_as, a))
		return POL_LEAK;
	clean(p, a, arena, c);
	return add_site(p, a, arena) ? POL_ACCEPT : POL_RESOURCES;
}

static enum pol_verdict verdict_count(enum pol_verdict v, struct pol_counts *c)
{
	if (v != POL_ACCEPT)
		c->refused[v]++;
	return v;
}

enum pol_verdict pol_guard_attrs(const struct pol_peer *p, enum wire_family f, struct wire_attrs *a,
	struct arena *arena, struct pol_counts *c)
{
	enum pol_verdict v = attrs_judge(p, a);

	if (v == POL_ACCEPT && !next_hop_is_good(p, &a->next_hop))
		v = POL_NEXT_HOP;
	if (v == POL_ACCEPT)
		v = take(p, f, a, arena, c);
	return verdict_count(v, c);
}

bool pol_guard_asks_blackhole(const struct pol_peer *p, const struct wire_attrs *a)
{
	return p->accept_blackhole && is_ebgp(p) && wire_attrs_has(a, WIRE_ATTR_COMMUNITIES) &&
	       wire_comm_has(a->communities, WIRE_COMM_BLACKHOLE);
}

enum pol_verdict pol_guard_blackhole(const struct pol_peer *p, enum wire_family f,
	struct wire_attrs *a, struct arena *arena, struct pol_counts *c)
{
	enum pol_verdict v = attrs_judge(p, a);

	if (v == POL_ACCEPT)
		v = take(p, f, a, arena, c);
	if (v == POL_ACCEPT && !pol_comm_add(a, WIRE_COMM_NO_EXPORT, arena))
		v = POL_RESOURCES;
	a->next_hop = p->addr;
	return verdict_count(v, c);
}

static bool prefix_is_martian(const struct ip_prefix *p)
{
	unsigned net = p->addr.o[0];

	if (net >= NET_MULTICAST)
		return true;
	return (net == NET_THIS || net == NET_LOOPBACK) && p->len >= 8;
}

static bool label_is_good(enum wire_family f, uint32_t label)
{
	return !wire_family_get(f)->labelled ||
	       (label != WIRE_LABEL_NONE && label > LABEL_RESERVED_MAX);
}

enum pol_verdict pol_guard_nlri(const struct pol_peer *p, enum wire_family f,
	const struct wire_nlri *n, struct pol_counts *c)
{
	enum pol_verdict v = POL_ACCEPT;

	if (f == WIRE_RT_CONSTRAINT)
		v = POL_ACCEPT; /* what looks like an address is an AS */
	else if (!(p->allow & POL_ALLOW_MARTIANS) && prefix_is_martian(&n->prefix))
		v = POL_MARTIAN_NLRI;
	else if (!label_is_good(f, n->label))
		v = POL_LABEL;
	c->refused[v]++;
	return v;
}

const char *pol_verdict_name(enum pol_verdict v)
{
	static const char *const names[POL_VERDICTS] = {
		[POL_ACCEPT] = "accept",
		[POL_NO_POLICY] = "no-import-policy",
		[POL_BY_POLICY] = "import-policy",
		[POL_AS_SET] = "as-set",
		[POL_AS_LOOP] = "as-loop",
		[POL_FIRST_AS] = "first-as",
		[POL_ORIGINATOR] = "originator",
		[POL_CLUSTER] = "cluster",
		[POL_LEAK] = "leak",
		[POL_NEXT_HOP] = "next-hop",
		[POL_MARTIAN_NLRI] = "martian-nlri",
		[POL_LABEL] = "label",
		[POL_RESOURCES] = "resources",
	};

	CHECK(v < POL_VERDICTS);
	return names[v];
}

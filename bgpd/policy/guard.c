#include "bgpd/policy/guard.h"

#include "bgpd/policy/steering.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"

#define LABEL_RESERVED_MAX 15 /* RFC 3032 2.1 */
#define NET_THIS	   0u
#define NET_LOOPBACK	   127u
#define NET_MULTICAST	   224u /* and class E above it */

static void attrs_remove(struct wire_attrs *a, enum wire_attr_code code)
{
	a->present &= ~(WIRE_ATTR_BIT(code) | WIRE_ATTR_PARTIAL(code));
}

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
	attrs_remove(a, WIRE_ATTR_EXT_COMMUNITIES);
	a->ext_communities = (struct wire_span){0};
}

static void strip_internal(struct wire_attrs *a)
{
	attrs_remove(a, WIRE_ATTR_LOCAL_PREF);
	attrs_remove(a, WIRE_ATTR_ORIGINATOR_ID);
	attrs_remove(a, WIRE_ATTR_CLUSTER_LIST);
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

static bool next_hop_is_good(const struct pol_peer *p, const struct ip_addr *nh)
{
	if (ip_addr_is_martian(nh) || ip_addr_equal(nh, &p->local))
		return false;
	if (p->local_as == p->peer_as || p->subnet.addr.af == IP_NONE)
		return true;
	return ip_addr_equal(nh, &p->addr) || is_host_of(&p->subnet, nh);
}

static enum pol_verdict attrs_judge(const struct pol_peer *p, const struct wire_attrs *a)
{
	bool ebgp = p->local_as != p->peer_as;

	if (wire_aspath_contains(a->as_path, p->local_as))
		return POL_AS_LOOP;
	if (ebgp && wire_aspath_first(a->as_path) != p->peer_as)
		return POL_FIRST_AS;
	if (!ebgp && wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID) && a->originator_id == p->local_id)
		return POL_ORIGINATOR;
	return next_hop_is_good(p, &a->next_hop) ? POL_ACCEPT : POL_NEXT_HOP;
}

enum pol_verdict pol_guard_attrs(
	const struct pol_peer *p, struct wire_attrs *a, struct arena *arena, struct pol_counts *c)
{
	enum pol_verdict v = attrs_judge(p, a);

	if (v != POL_ACCEPT) {
		c->refused[v]++;
		return v;
	}
	if (p->local_as != p->peer_as)
		strip_internal(a);
	if (p->in_vrf)
		c->steering_stripped += pol_steering_strip(a, arena);
	if (p->in_vrf && !p->keep_ce_rts)
		strip_ext_communities(a, c);
	return POL_ACCEPT;
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

enum pol_verdict pol_guard_nlri(enum wire_family f, const struct wire_nlri *n, struct pol_counts *c)
{
	enum pol_verdict v = POL_ACCEPT;

	if (prefix_is_martian(&n->prefix))
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
		[POL_AS_LOOP] = "as-loop",
		[POL_FIRST_AS] = "first-as",
		[POL_ORIGINATOR] = "originator",
		[POL_NEXT_HOP] = "next-hop",
		[POL_MARTIAN_NLRI] = "martian-nlri",
		[POL_LABEL] = "label",
	};

	CHECK(v < POL_VERDICTS);
	return names[v];
}

/* Netlink notifications and dumps -> structs, bounded. */
#include <linux/lwtunnel.h>
#include <linux/mpls.h>
#include <linux/mpls_iptunnel.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/rbuf.h"
#include "mplsfwd/nlroute.h"

#define ATTR_TYPE_MASK 0x3fff /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */

/* One attribute; false at the end or, with r bad, where it is malformed. */
static bool attr_get(struct rbuf *r, uint16_t *type, struct rbuf *value)
{
	struct nlattr a;

	if (!rbuf_ok(r) || !rbuf_left(r))
		return false;
	const uint8_t *p = rbuf_get(r, sizeof(a));
	if (!p)
		return false;
	memcpy(&a, p, sizeof(a));
	if (a.nla_len < sizeof(a)) {
		r->bad = true;
		return false;
	}
	*value = rbuf_sub(r, a.nla_len - sizeof(a));
	size_t pad = NLA_ALIGN(a.nla_len) - a.nla_len;
	if (rbuf_ok(r))
		rbuf_get(r, pad < rbuf_left(r) ? pad
					       : rbuf_left(r)); /* the last may lack its padding */
	*type = a.nla_type & ATTR_TYPE_MASK;
	return rbuf_ok(r);
}

/* A number in host order; the wrong size marks r bad. */
static uint32_t value_u32(struct rbuf *v, struct rbuf *r)
{
	uint32_t n = 0;
	const uint8_t *p = rbuf_left(v) == sizeof(n) ? rbuf_get(v, sizeof(n)) : NULL;

	if (p)
		memcpy(&n, p, sizeof(n));
	else
		r->bad = true;
	return n;
}

static uint16_t value_u16(struct rbuf *v, struct rbuf *r)
{
	uint16_t n = 0;
	const uint8_t *p = rbuf_left(v) == sizeof(n) ? rbuf_get(v, sizeof(n)) : NULL;

	if (p)
		memcpy(&n, p, sizeof(n));
	else
		r->bad = true;
	return n;
}

static uint32_t value_be32(struct rbuf *v, struct rbuf *r)
{
	if (rbuf_left(v) != 4)
		r->bad = true;
	return rbuf_get_u32(v);
}

static void value_addr(struct rbuf *v, struct rbuf *r, struct ip_addr *out)
{
	size_t n = rbuf_left(v);

	*out = (struct ip_addr){.af = n == 4 ? IP_V4 : n == 16 ? IP_V6 : IP_NONE};
	if (out->af == IP_NONE)
		r->bad = true;
	else
		memcpy(out->o, rbuf_get(v, n), n);
}

/* via: family(2, host order) address */
static void value_via(struct rbuf *v, struct rbuf *r, struct ip_addr *out)
{
	if (rbuf_get(v, sizeof(uint16_t)))
		value_addr(v, r, out);
	else
		r->bad = true;
}

/* What is known of one next hop while its attributes are read: the type may stand after the encapsulation. */
struct hop_reader {
	struct fwd_nl_hop hop;
	uint16_t encap_type;
	struct rbuf encap;
};

static void labels_get(struct rbuf *stack, struct fwd_nl_hop *h)
{
	while (rbuf_left(stack) >= 4) {
		uint32_t label = rbuf_get_u32(stack) >> MPLS_LS_LABEL_SHIFT;

		if (h->n_labels == FIB_LABELS_MAX) {
			h->too_deep = true;
			return;
		}
		h->labels[h->n_labels++] = label;
	}
}

static bool hop_finish(struct hop_reader *h, unsigned flags)
{
	uint16_t type;
	struct rbuf v;

	h->hop.dead = flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN);
	if (h->encap_type != LWTUNNEL_ENCAP_NONE && h->encap_type != LWTUNNEL_ENCAP_MPLS)
		h->hop.too_deep = true;
	if (h->encap_type != LWTUNNEL_ENCAP_MPLS)
		return true;
	while (attr_get(&h->encap, &type, &v))
		if (type == MPLS_IPTUNNEL_DST)
			labels_get(&v, &h->hop);
	return rbuf_ok(&h->encap);
}

/* An attribute of a next hop, in a route or in RTA_MULTIPATH. */
static void hop_attr(struct hop_reader *h, uint16_t type, struct rbuf *v, struct rbuf *r)
{
	switch (type) {
	case RTA_OIF:
		h->hop.oif = value_u32(v, r);
		break;
	case RTA_GATEWAY:
		value_addr(v, r, &h->hop.gateway);
		break;
	case RTA_VIA:
		value_via(v, r, &h->hop.gateway);
		break;
	case RTA_ENCAP_TYPE:
		h->encap_type = value_u16(v, r);
		break;
	case RTA_ENCAP:
		h->encap = *v;
		break;
	default:
		break;
	}
}

/* multipath: n x { rtnexthop(8, its length counts its attributes) attributes } */
static void multipath_get(struct rbuf *v, struct rbuf *r, struct fwd_nl_route *out)
{
	while (rbuf_ok(r) && rbuf_left(v) >= sizeof(struct rtnexthop)) {
		struct rtnexthop nh;
		struct hop_reader h = {0};
		uint16_t type;
		struct rbuf value;

		memcpy(&nh, rbuf_get(v, sizeof(nh)), sizeof(nh));
		if (nh.rtnh_len < sizeof(nh) || nh.rtnh_len - sizeof(nh) > rbuf_left(v)) {
			r->bad = true;
			return;
		}
		struct rbuf attrs = rbuf_sub(v, nh.rtnh_len - sizeof(nh));
		size_t pad = RTNH_ALIGN(nh.rtnh_len) - nh.rtnh_len;
		rbuf_get(v, pad < rbuf_left(v) ? pad : rbuf_left(v));
		h.hop.oif = (uint32_t)nh.rtnh_ifindex;
		while (attr_get(&attrs, &type, &value))
			hop_attr(&h, type, &value, r);
		if (!rbuf_ok(&attrs) || !hop_finish(&h, nh.rtnh_flags))
			r->bad = true;
		if (out->n_hops < FWD_NL_HOPS)
			out->hops[out->n_hops++] = h.hop;
	}
}

/* The message's own header checked; *body is what follows it. Its type, or 0. */
static uint16_t header_get(const void *msg, size_t len, struct rbuf *body)
{
	struct nlmsghdr h;

	if (len < sizeof(h))
		return 0;
	memcpy(&h, msg, sizeof(h));
	if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len)
		return 0;
	*body = rbuf_of((const uint8_t *)msg + sizeof(h), h.nlmsg_len - sizeof(h));
	return h.nlmsg_type;
}

static void dst_get(struct rbuf *v, struct rbuf *r, struct fwd_nl_route *out)
{
	uint32_t dst = value_be32(v, r);

	if (out->family == AF_MPLS)
		out->label = dst >> MPLS_LS_LABEL_SHIFT;
	else
		out->addr = dst;
}

static void route_attr(uint16_t type, struct rbuf *v, struct rbuf *r, struct hop_reader *h,
	struct fwd_nl_route *out)
{
	switch (type) {
	case RTA_DST:
		dst_get(v, r, out);
		break;
	case RTA_TABLE:
		out->table = value_u32(v, r);
		break;
	case RTA_PRIORITY:
		out->metric = value_u32(v, r);
		break;
	case RTA_NH_ID:
		out->nhid = value_u32(v, r);
		break;
	case RTA_MULTIPATH:
		multipath_get(v, r, out);
		break;
	default:
		hop_attr(h, type, v, r);
		break;
	}
}

bool fwd_nl_get_route(const void *msg, size_t len, struct fwd_nl_route *out)
{
	struct rbuf r = {0}, v;
	struct rtmsg m;
	struct hop_reader h = {0};
	uint16_t type = header_get(msg, len, &r);

	*out = (struct fwd_nl_route){.del = type == RTM_DELROUTE};
	if ((type != RTM_NEWROUTE && type != RTM_DELROUTE) || rbuf_left(&r) < sizeof(m))
		return false;
	memcpy(&m, rbuf_get(&r, sizeof(m)), sizeof(m));
	if (m.rtm_family != AF_INET && m.rtm_family != AF_MPLS)
		return false;
	if (m.rtm_dst_len > (m.rtm_family == AF_INET ? 32 : 20))
		return false;
	out->family = m.rtm_family;
	out->type = m.rtm_type;
	out->protocol = m.rtm_protocol;
	out->table = m.rtm_table;
	out->len = m.rtm_family == AF_INET ? m.rtm_dst_len : 0;
	while (attr_get(&r, &type, &v))
		route_attr(type, &v, &r, &h, out);
	if (!hop_finish(&h, m.rtm_flags))
		return false;
	if (!out->n_hops && (h.hop.oif || h.hop.gateway.af != IP_NONE))
		out->hops[out->n_hops++] = h.hop;
	return rbuf_ok(&r);
}

/* group: n x nexthop_grp(8) */
static void group_get(struct rbuf *v, struct fwd_nl_nexthop *out)
{
	struct nexthop_grp g;

	while (out->n_members < FWD_NL_HOPS && rbuf_left(v) >= sizeof(g)) {
		memcpy(&g, rbuf_get(v, sizeof(g)), sizeof(g));
		out->members[out->n_members++] = g.id;
	}
}

static void nexthop_attr(uint16_t type, struct rbuf *v, struct rbuf *r, struct hop_reader *h,
	struct fwd_nl_nexthop *out)
{
	switch (type) {
	case NHA_ID:
		out->id = value_u32(v, r);
		break;
	case NHA_GROUP:
		group_get(v, out);
		break;
	case NHA_BLACKHOLE:
		out->blackhole = true;
		break;
	case NHA_OIF:
		h->hop.oif = value_u32(v, r);
		break;
	case NHA_GATEWAY:
		value_addr(v, r, &h->hop.gateway);
		break;
	case NHA_ENCAP_TYPE:
		h->encap_type = value_u16(v, r);
		break;
	case NHA_ENCAP:
		h->encap = *v;
		break;
	default:
		break;
	}
}

bool fwd_nl_get_nexthop(const void *msg, size_t len, struct fwd_nl_nexthop *out)
{
	struct rbuf r = {0}, v;
	struct nhmsg m;
	struct hop_reader h = {0};
	uint16_t type = header_get(msg, len, &r);

	*out = (struct fwd_nl_nexthop){.del = type == RTM_DELNEXTHOP};
	if ((type != RTM_NEWNEXTHOP && type != RTM_DELNEXTHOP) || rbuf_left(&r) < sizeof(m))
		return false;
	memcpy(&m, rbuf_get(&r, sizeof(m)), sizeof(m));
	out->protocol = m.nh_protocol;
	while (attr_get(&r, &type, &v))
		nexthop_attr(type, &v, &r, &h, out);
	if (!rbuf_ok(&r) || !hop_finish(&h, m.nh_flags) || !out->id)
		return false;
	out->hop = h.hop;
	return true;
}

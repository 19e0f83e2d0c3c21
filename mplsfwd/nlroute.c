#include <linux/lwtunnel.h>
#include <linux/mpls.h>
#include <linux/mpls_iptunnel.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/check.h"
#include "mplsfwd/nlroute.h"

#define PIPE_TTL 255 /* RFC 3443 5.4: a fixed TTL, so that the core's length does not show */

static const uint8_t zeroes[NLMSG_ALIGNTO];

static void attr_put(struct wbuf *w, uint16_t type, const void *data, size_t len)
{
	struct nlattr a = {.nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type};

	wbuf_put(w, &a, sizeof(a));
	wbuf_put(w, data, len);
	wbuf_put(w, zeroes, NLA_ALIGN(len) - len);
}

static void attr_put_u32(struct wbuf *w, uint16_t type, uint32_t v)
{
	attr_put(w, type, &v, sizeof(v));
}

/* Addresses and label stack entries stand in network order, unlike all else in netlink. */
static void attr_put_be32(struct wbuf *w, uint16_t type, uint32_t v)
{
	uint8_t o[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	attr_put(w, type, o, sizeof(o));
}

static uint32_t lse(uint32_t label, bool bottom)
{
	return label << MPLS_LS_LABEL_SHIFT | (bottom ? 1u << MPLS_LS_S_SHIFT : 0);
}

struct nl_kind {
	uint16_t type;	/* RTM_* */
	uint16_t flags; /* besides NLM_F_REQUEST */
};

static const struct nl_kind kinds[FWD_OP_N] = {
	[FWD_OP_LABEL_ADD] = {RTM_NEWROUTE, NLM_F_CREATE}, /* and EXCL or REPLACE */
	[FWD_OP_LABEL_DEL] = {RTM_DELROUTE, 0},
	[FWD_OP_NH_ADD] = {RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL},
	[FWD_OP_NH_REPLACE] = {RTM_NEWNEXTHOP, NLM_F_REPLACE}, /* ENOENT if the kernel lost it */
	[FWD_OP_NH_DEL] = {RTM_DELNEXTHOP, 0},
	[FWD_OP_ROUTE_SET] = {RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE},
	[FWD_OP_ROUTE_DEL] = {RTM_DELROUTE, 0},
};

static void label_put(struct wbuf *w, const struct fwd_op *op)
{
	struct rtmsg m = {.rtm_family = AF_MPLS,
		.rtm_dst_len = 20,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = FWD_PROTO,
		.rtm_type = RTN_UNICAST};
	uint8_t propagate = op->ttl_uniform;

	wbuf_put(w, &m, sizeof(m));
	attr_put_be32(w, RTA_DST, lse(op->label, true));
	if (op->kind == FWD_OP_LABEL_DEL)
		return;
	attr_put_u32(w, RTA_OIF, op->oif);
	attr_put(w, RTA_TTL_PROPAGATE, &propagate, sizeof(propagate));
}

/* encap: { dst: label stack, outermost first, S on the last; ttl: for the pipe model } */
static void encap_put(struct wbuf *w, const struct fwd_op *op)
{
	const struct fwd_path *p = &op->path;
	uint16_t type = LWTUNNEL_ENCAP_MPLS;
	uint8_t ttl = PIPE_TTL, stack[4 * (FIB_LABELS_MAX + 1)];
	struct wbuf s = wbuf_of(stack, sizeof(stack));

	CHECK(p->n_labels <= FIB_LABELS_MAX);
	for (unsigned i = 0; i < p->n_labels; i++)
		wbuf_put_u32(&s, lse(p->labels[i], false));
	wbuf_put_u32(&s, lse(op->label, true));

	attr_put(w, NHA_ENCAP_TYPE, &type, sizeof(type));
	size_t ttl_len = op->ttl_uniform ? 0 : NLA_HDRLEN + NLA_ALIGN(sizeof(ttl));
	struct nlattr nest = {.nla_len = (uint16_t)(NLA_HDRLEN + NLA_HDRLEN + s.len + ttl_len),
		.nla_type = NHA_ENCAP | NLA_F_NESTED};
	wbuf_put(w, &nest, sizeof(nest));
	attr_put(w, MPLS_IPTUNNEL_DST, stack, s.len);
	if (!op->ttl_uniform)
		attr_put(w, MPLS_IPTUNNEL_TTL, &ttl, sizeof(ttl));
}

static void nexthop_put(struct wbuf *w, const struct fwd_op *op)
{
	const struct ip_addr *gw = &op->path.gateway;
	struct nhmsg m = {.nh_family = AF_INET, .nh_protocol = FWD_PROTO};

	if (op->kind == FWD_OP_NH_DEL) {
		m = (struct nhmsg){.nh_family = AF_UNSPEC}; /* the kernel wants nothing else set */
		wbuf_put(w, &m, sizeof(m));
		attr_put_u32(w, NHA_ID, op->nhid);
		return;
	}
	if (!op->blackhole && gw->af == IP_V6)
		m.nh_family = AF_INET6;
	else if (!op->blackhole) /* the core's own route vouches for it: links may be unnumbered */
		m.nh_flags = RTNH_F_ONLINK;
	wbuf_put(w, &m, sizeof(m));
	attr_put_u32(w, NHA_ID, op->nhid);
	if (op->blackhole) {
		attr_put(w, NHA_BLACKHOLE, NULL, 0);
		return;
	}
	attr_put_u32(w, NHA_OIF, op->path.oif);
	attr_put(w, NHA_GATEWAY, gw->o, ip_af_bits(gw->af) / 8);
	encap_put(w, op);
}

static void route_put(struct wbuf *w, const struct fwd_op *op)
{
	bool del = op->kind == FWD_OP_ROUTE_DEL;
	struct rtmsg m = {.rtm_family = AF_INET,
		.rtm_dst_len = op->len,
		.rtm_protocol = FWD_PROTO,
		.rtm_scope = del ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
		.rtm_type = del		    ? RTN_UNSPEC
			    : op->blackhole ? RTN_BLACKHOLE
					    : RTN_UNICAST};

	wbuf_put(w, &m, sizeof(m));
	attr_put_u32(w, RTA_TABLE, op->table);
	if (m.rtm_dst_len)
		attr_put_be32(w, RTA_DST, op->addr);
	attr_put_u32(w, RTA_PRIORITY, FWD_METRIC);
	if (del)
		return;
	if (op->nhid) {
		attr_put_u32(w, RTA_NH_ID, op->nhid);
	} else if (!op->blackhole) {
		attr_put_be32(w, RTA_GATEWAY, op->gateway);
		attr_put_u32(w, RTA_OIF, op->oif);
	}
}

void fwd_nl_put_op(struct wbuf *w, const struct fwd_op *op, uint32_t seq, uint16_t flags)
{
	CHECK(op->kind < FWD_OP_N);
	const struct nl_kind *k = &kinds[op->kind];
	struct nlmsghdr h = {.nlmsg_type = k->type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | k->flags | flags),
		.nlmsg_seq = seq};
	size_t at = w->len;

	if (op->kind == FWD_OP_LABEL_ADD)
		h.nlmsg_flags |= op->replace ? NLM_F_REPLACE : NLM_F_EXCL;
	wbuf_put(w, &h, sizeof(h));
	switch (op->kind) {
	case FWD_OP_LABEL_ADD:
	case FWD_OP_LABEL_DEL:
		label_put(w, op);
		break;
	case FWD_OP_NH_ADD:
	case FWD_OP_NH_REPLACE:
	case FWD_OP_NH_DEL:
		nexthop_put(w, op);
		break;
	default:
		route_put(w, op);
		break;
	}
	if (!wbuf_ok(w))
		return;
	h.nlmsg_len = (uint32_t)(w->len - at);
	memcpy(w->base + at, &h, sizeof(h));
}

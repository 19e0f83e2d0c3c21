/* Rules, routes, labels and nexthop objects. */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "audit/collect.h"
#include "mplsfwd/ctl.h"
#include "mplsfwd/nlroute.h"

static enum audit_rule_action rule_action(const struct fib_rule_hdr *r, struct nlattr **a)
{
	if (a[FRA_L3MDEV] && nla_get_u8(a[FRA_L3MDEV]))
		return AUDIT_RULE_L3MDEV;
	if (r->action == FR_ACT_TO_TBL)
		return AUDIT_RULE_TABLE;
	if (r->action == FR_ACT_BLACKHOLE || r->action == FR_ACT_UNREACHABLE ||
		r->action == FR_ACT_PROHIBIT)
		return AUDIT_RULE_REFUSE;
	return AUDIT_RULE_OTHER;
}

static void rule_see(void *arg, const struct nlmsghdr *h)
{
	const struct fib_rule_hdr *r = nlmsg_data(h);
	struct nlattr *a[FRA_MAX + 1];

	if (h->nlmsg_type != RTM_NEWRULE ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*r), a, FRA_MAX, NULL) < 0)
		return;
	struct audit_rule *u = audit_snapshot_add_rule(arg);
	u->af = r->family == AF_INET6 ? IP_V6 : IP_V4;
	u->pref = a[FRA_PRIORITY] ? nla_get_u32(a[FRA_PRIORITY]) : 0;
	u->table = a[FRA_TABLE] ? nla_get_u32(a[FRA_TABLE]) : r->table;
	u->protocol = a[FRA_PROTOCOL] ? nla_get_u8(a[FRA_PROTOCOL]) : 0;
	u->action = (uint8_t)rule_action(r, a);
	if (a[FRA_IIFNAME])
		nla_strlcpy(u->iif, a[FRA_IIFNAME], sizeof(u->iif));
	u->narrow = r->src_len || r->dst_len || r->tos || a[FRA_FWMARK] || a[FRA_OIFNAME] ||
		    a[FRA_UID_RANGE] || a[FRA_IP_PROTO] || a[FRA_SPORT_RANGE] ||
		    a[FRA_DPORT_RANGE] || a[FRA_TUN_ID] || (r->flags & FIB_RULE_INVERT);
}

static void hop_add(struct audit_snapshot *s, const struct fwd_nl_hop *from)
{
	struct audit_hop *h = audit_snapshot_add_hop(s);

	h->oif = from->oif;
	h->gateway = from->gateway;
	h->n_labels = from->n_labels < AUDIT_LABELS_MAX ? from->n_labels : AUDIT_LABELS_MAX;
	memcpy(h->labels, from->labels, h->n_labels * sizeof(h->labels[0]));
}

static uint8_t type_of(uint8_t rtn)
{
	switch (rtn) {
	case RTN_UNICAST:
		return AUDIT_UNICAST;
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_ANYCAST:
	case RTN_MULTICAST:
		return AUDIT_LOCAL;
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
		return AUDIT_REFUSED;
	default:
		return AUDIT_OTHER;
	}
}

static void route_see(void *arg, const struct nlmsghdr *h)
{
	struct audit_snapshot *s = arg;
	struct fwd_nl_route r;

	if (h->nlmsg_type != RTM_NEWROUTE || !fwd_nl_get_route(h, h->nlmsg_len, &r))
		return;
	struct audit_route *t = audit_snapshot_add_route(s);
	t->kind = r.family == AF_MPLS ? AUDIT_MPLS : AUDIT_IPV4;
	t->type = type_of(r.type);
	t->protocol = r.protocol;
	t->table = r.table;
	t->prefix = (struct ip_prefix){ip_addr_v4(r.addr), r.len};
	t->label = r.label;
	t->metric = r.metric;
	t->nhid = r.nhid;
	t->first_hop = (uint32_t)s->n_hops;
	t->n_hops = r.n_hops;
	for (unsigned i = 0; i < r.n_hops; i++)
		hop_add(s, &r.hops[i]);
}

/* IPv6 defaults: how a VRF's table ends. */
static void default_see(void *arg, const struct nlmsghdr *h)
{
	const struct rtmsg *m = nlmsg_data(h);
	struct audit_snapshot *s = arg;
	struct nlattr *a[RTA_MAX + 1];

	if (h->nlmsg_type != RTM_NEWROUTE || m->rtm_family != AF_INET6 || m->rtm_dst_len ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*m), a, RTA_MAX, NULL) < 0)
		return;
	struct audit_route *t = audit_snapshot_add_route(s);
	t->kind = AUDIT_IPV6;
	t->type = type_of(m->rtm_type);
	t->protocol = m->rtm_protocol;
	t->table = a[RTA_TABLE] ? nla_get_u32(a[RTA_TABLE]) : m->rtm_table;
	t->prefix.addr.af = IP_V6;
	t->metric = a[RTA_PRIORITY] ? nla_get_u32(a[RTA_PRIORITY]) : 0;
	t->first_hop = (uint32_t)s->n_hops;
	if (a[RTA_OIF]) {
		struct audit_hop *hop = audit_snapshot_add_hop(s);
		hop->oif = nla_get_u32(a[RTA_OIF]);
		t->n_hops = 1;
	}
}

static void nexthop_see(void *arg, const struct nlmsghdr *h)
{
	struct audit_snapshot *s = arg;
	struct fwd_nl_nexthop n;

	if (!fwd_nl_get_nexthop(h, h->nlmsg_len, &n) || n.del)
		return;
	struct audit_nexthop *new = audit_snapshot_add_nexthop(s);
	new->id = n.id;
	new->protocol = n.protocol;
	new->blackhole = n.blackhole;
	for (; new->n_members < n.n_members &&new->n_members < 16; new->n_members++)
		new->members[new->n_members] = n.members[new->n_members];
	new->first_hop = (uint32_t)s->n_hops;
	if (!n.n_members && !n.blackhole) {
		new->n_hops = 1;
		hop_add(s, &n.hop);
	}
}

int audit_collect_routes(struct audit_snapshot *s, struct fwd_ctl *c)
{
	int err = fwd_ctl_dump(c, RTM_GETROUTE, AF_INET, route_see, s);

	if (err)
		return err;
	/* what follows, a kernel may lack */
	fwd_ctl_dump(c, RTM_GETROUTE, AF_MPLS, route_see, s);
	fwd_ctl_dump(c, RTM_GETROUTE, AF_INET6, default_see, s);
	fwd_ctl_dump(c, RTM_GETNEXTHOP, AF_UNSPEC, nexthop_see, s);
	s->rules_known[0] = fwd_ctl_dump(c, RTM_GETRULE, AF_INET, rule_see, s) == 0;
	size_t before = s->n_rules;
	s->rules_known[1] =
		fwd_ctl_dump(c, RTM_GETRULE, AF_INET6, rule_see, s) == 0 && s->n_rules > before;
	return 0;
}

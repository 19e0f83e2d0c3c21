#include "mplsfwd/ctl.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/socket.h>

#include "mplsfwd/nlroute.h"

static int errno_of(int nlerr)
{
	switch (-nlerr) {
	case 0:
		return 0;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_EXIST:
		return -EEXIST;
	default:
		return -EIO;
	}
}

int fwd_ctl_open(struct fwd_ctl *c)
{
	c->sk = nl_socket_alloc();
	if (!c->sk)
		return -ENOMEM;
	int err = nl_connect(c->sk, NETLINK_ROUTE);
	if (err) {
		nl_socket_free(c->sk);
		c->sk = NULL;
	}
	return errno_of(err);
}

void fwd_ctl_close(struct fwd_ctl *c)
{
	if (c->sk)
		nl_socket_free(c->sk);
	c->sk = NULL;
}

static int request_send(struct fwd_ctl *c, struct nl_msg *msg, int flags, uint32_t *seq)
{
	nl_complete_msg(c->sk, msg);
	struct nlmsghdr *h = nlmsg_hdr(msg);
	h->nlmsg_flags |= NLM_F_REQUEST | flags;
	*seq = h->nlmsg_seq;
	ssize_t n = send(nl_socket_get_fd(c->sk), h, h->nlmsg_len, 0);
	int err = n < 0 ? -errno : 0;
	nlmsg_free(msg);
	return err;
}

/*
 * Reads until the answer to seq is complete: an error, the end of a dump or, with single, one message.
 * libnl maps errno to fewer values of its own; the kernel's are wanted, so the answers are read here.
 */
static int answer_get(struct fwd_ctl *c, uint32_t seq, bool single, fwd_ctl_fn *fn, void *arg)
{
	uint8_t buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		ssize_t n = recv(nl_socket_get_fd(c->sk), buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		int left = (int)n;
		for (struct nlmsghdr *h = (void *)buf; nlmsg_ok(h, left);
			h = nlmsg_next(h, &left)) {
			if (h->nlmsg_seq != seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)nlmsg_data(h))->error;
			if (h->nlmsg_type == NLMSG_DONE) /* of a dump, with how it ended */
				return nlmsg_datalen(h) >= (int)sizeof(int) ? *(int *)nlmsg_data(h)
									    : 0;
			if (fn)
				fn(arg, h);
			if (single)
				return 0;
		}
	}
}

int fwd_ctl_do(struct fwd_ctl *c, struct nl_msg *msg)
{
	uint32_t seq;
	int err = request_send(c, msg, NLM_F_ACK, &seq);
	return err ? err : answer_get(c, seq, false, NULL, NULL);
}

int fwd_ctl_get(struct fwd_ctl *c, struct nl_msg *msg, fwd_ctl_fn *fn, void *arg)
{
	uint32_t seq;
	int err = request_send(c, msg, 0, &seq);
	return err ? err : answer_get(c, seq, true, fn, arg);
}

int fwd_ctl_dump_msg(struct fwd_ctl *c, struct nl_msg *msg, fwd_ctl_fn *fn, void *arg)
{
	uint32_t seq;
	int err = request_send(c, msg, NLM_F_DUMP, &seq);
	return err ? err : answer_get(c, seq, false, fn, arg);
}

int fwd_ctl_dump(struct fwd_ctl *c, int type, uint8_t family, fwd_ctl_fn *fn, void *arg)
{
	uint8_t head[32] = {family}; /* every head begins with it */
	struct nl_msg *m = nlmsg_alloc_simple(type, 0);

	if (!m)
		return -ENOMEM;
	size_t len = type == RTM_GETLINK      ? sizeof(struct ifinfomsg)
		     : type == RTM_GETADDR    ? sizeof(struct ifaddrmsg)
		     : type == RTM_GETNEXTHOP ? sizeof(struct nhmsg)
					      : sizeof(struct rtmsg);
	nlmsg_append(m, head, len, NLMSG_ALIGNTO);
	return fwd_ctl_dump_msg(c, m, fn, arg);
}

static struct nl_msg *msg_new(int type, int flags, const void *head, size_t len)
{
	struct nl_msg *m = nlmsg_alloc_simple(type, flags);
	if (m && nlmsg_append(m, (void *)head, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(m);
		m = NULL;
	}
	return m;
}

static struct nl_msg *link_new(int type, int flags, int ifindex)
{
	struct ifinfomsg i = {.ifi_family = AF_UNSPEC, .ifi_index = ifindex};
	return msg_new(type, flags, &i, sizeof(i));
}

/* RTM_NEWLINK ignores the alias of a device that it makes: it is set by a second request. */
static int link_alias(struct fwd_ctl *c, const char *name, const char *alias)
{
	struct nl_msg *m = link_new(RTM_NEWLINK, 0, 0);
	if (!m)
		return -ENOMEM;
	nla_put_string(m, IFLA_IFNAME, name);
	nla_put_string(m, IFLA_IFALIAS, alias);
	return fwd_ctl_do(c, m);
}

int fwd_ctl_vrf_add(struct fwd_ctl *c, const char *name, uint32_t table)
{
	struct nl_msg *m = link_new(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	if (!m)
		return -ENOMEM;
	nla_put_string(m, IFLA_IFNAME, name);
	struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO);
	nla_put_string(m, IFLA_INFO_KIND, "vrf");
	struct nlattr *data = nla_nest_start(m, IFLA_INFO_DATA);
	nla_put_u32(m, IFLA_VRF_TABLE, table);
	nla_nest_end(m, data);
	nla_nest_end(m, info);
	int err = fwd_ctl_do(c, m);
	return err ? err : link_alias(c, name, FWD_CTL_ALIAS);
}

int fwd_ctl_veth_add(struct fwd_ctl *c, const char *name, const char *peer)
{
	struct ifinfomsg i = {0};
	struct nl_msg *m = link_new(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	if (!m)
		return -ENOMEM;
	nla_put_string(m, IFLA_IFNAME, name);
	struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO);
	nla_put_string(m, IFLA_INFO_KIND, "veth");
	struct nlattr *data = nla_nest_start(m, IFLA_INFO_DATA);
	struct nlattr *other = nla_nest_start(m, VETH_INFO_PEER);
	nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO);
	nla_put_string(m, IFLA_IFNAME, peer);
	nla_nest_end(m, other);
	nla_nest_end(m, data);
	nla_nest_end(m, info);
	return fwd_ctl_do(c, m);
}

int fwd_ctl_link_del(struct fwd_ctl *c, int ifindex)
{
	struct nl_msg *m = link_new(RTM_DELLINK, 0, ifindex);
	return m ? fwd_ctl_do(c, m) : -ENOMEM;
}

int fwd_ctl_link_up(struct fwd_ctl *c, int ifindex, bool up)
{
	struct ifinfomsg i = {
		.ifi_index = ifindex, .ifi_flags = up ? IFF_UP : 0, .ifi_change = IFF_UP};
	struct nl_msg *m = msg_new(RTM_NEWLINK, 0, &i, sizeof(i));
	return m ? fwd_ctl_do(c, m) : -ENOMEM;
}

int fwd_ctl_link_master(struct fwd_ctl *c, int ifindex, int master)
{
	struct nl_msg *m = link_new(RTM_NEWLINK, 0, ifindex);
	if (!m)
		return -ENOMEM;
	nla_put_u32(m, IFLA_MASTER, (uint32_t)master);
	return fwd_ctl_do(c, m);
}

static int family_of(uint8_t af)
{
	return af == IP_V6 ? AF_INET6 : AF_INET;
}

static int addr_do(struct fwd_ctl *c, int type, int flags, int ifindex, const struct ip_prefix *p)
{
	struct ifaddrmsg a = {
		.ifa_family = family_of(p->addr.af), .ifa_prefixlen = p->len, .ifa_index = ifindex};
	int len = ip_af_bits(p->addr.af) / 8;
	struct nl_msg *m = msg_new(type, flags, &a, sizeof(a));
	if (!m)
		return -ENOMEM;
	nla_put(m, IFA_LOCAL, len, p->addr.o);
	nla_put(m, IFA_ADDRESS, len, p->addr.o);
	if (p->addr.af == IP_V6)
		nla_put_u32(m, IFA_FLAGS, IFA_F_NODAD); /* usable the moment the port is up */
	return fwd_ctl_do(c, m);
}

int fwd_ctl_addr_add(struct fwd_ctl *c, int ifindex, const struct ip_prefix *prefix)
{
	return addr_do(c, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, ifindex, prefix);
}

int fwd_ctl_addr_del(struct fwd_ctl *c, int ifindex, const struct ip_prefix *prefix)
{
	return addr_do(c, RTM_DELADDR, 0, ifindex, prefix);
}

int fwd_ctl_rule_local(struct fwd_ctl *c, bool add, uint8_t af, uint32_t pref, uint8_t proto)
{
	struct fib_rule_hdr r = {
		.family = family_of(af), .table = RT_TABLE_LOCAL, .action = FR_ACT_TO_TBL};
	struct nl_msg *m = msg_new(add ? RTM_NEWRULE : RTM_DELRULE,
		add ? NLM_F_CREATE | NLM_F_EXCL : 0, &r, sizeof(r));
	if (!m)
		return -ENOMEM;
	nla_put_u32(m, FRA_PRIORITY, pref);
	nla_put_u32(m, FRA_TABLE, RT_TABLE_LOCAL);
	if (add)
		nla_put_u8(m, FRA_PROTOCOL, proto);
	return fwd_ctl_do(c, m);
}

int fwd_ctl_rule_l3mdev(struct fwd_ctl *c, uint8_t af, uint32_t pref)
{
	struct fib_rule_hdr r = {.family = family_of(af), .action = FR_ACT_TO_TBL};
	struct nl_msg *m = msg_new(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &r, sizeof(r));
	if (!m)
		return -ENOMEM;
	nla_put_u32(m, FRA_PRIORITY, pref);
	nla_put_u8(m, FRA_L3MDEV, 1);
	nla_put_u8(m, FRA_PROTOCOL, RTPROT_KERNEL);
	return fwd_ctl_do(c, m);
}

int fwd_ctl_rule_iif(struct fwd_ctl *c, bool add, uint8_t af, uint32_t pref, const char *name)
{
	struct fib_rule_hdr r = {.family = family_of(af), .action = FR_ACT_UNREACHABLE};
	struct nl_msg *m = msg_new(add ? RTM_NEWRULE : RTM_DELRULE,
		add ? NLM_F_CREATE | NLM_F_EXCL : 0, &r, sizeof(r));
	if (!m)
		return -ENOMEM;
	nla_put_u32(m, FRA_PRIORITY, pref);
	nla_put_string(m, FRA_IIFNAME, name);
	nla_put_u8(m, FRA_PROTOCOL, FWD_PROTO);
	return fwd_ctl_do(c, m);
}

static struct nl_msg *neigh_new(
	int type, int flags, int ifindex, const struct ip_addr *addr, uint16_t state)
{
	struct ndmsg n = {
		.ndm_family = family_of(addr->af), .ndm_ifindex = ifindex, .ndm_state = state};
	struct nl_msg *m = msg_new(type, flags, &n, sizeof(n));
	if (m)
		nla_put(m, NDA_DST, ip_af_bits(addr->af) / 8, addr->o);
	return m;
}

int fwd_ctl_neigh(
	struct fwd_ctl *c, bool add, int ifindex, const struct ip_addr *addr, const uint8_t mac[6])
{
	struct nl_msg *m = add ? neigh_new(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, ifindex,
					 addr, NUD_PERMANENT)
			       : neigh_new(RTM_DELNEIGH, 0, ifindex, addr, 0);
	if (!m)
		return -ENOMEM;
	if (add)
		nla_put(m, NDA_LLADDR, 6, mac);
	return fwd_ctl_do(c, m);
}

struct neigh_picture {
	const uint8_t *mac;
	bool same;
};

static void neigh_see(void *arg, const struct nlmsghdr *h)
{
	struct neigh_picture *p = arg;
	const struct ndmsg *n = nlmsg_data(h);
	struct nlattr *a[NDA_MAX + 1];

	if (h->nlmsg_type != RTM_NEWNEIGH ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*n), a, NDA_MAX, NULL) < 0)
		return;
	p->same = n->ndm_state & NUD_PERMANENT && a[NDA_LLADDR] && nla_len(a[NDA_LLADDR]) == 6 &&
		  memcmp(nla_data(a[NDA_LLADDR]), p->mac, 6) == 0;
}

bool fwd_ctl_neigh_is(
	struct fwd_ctl *c, int ifindex, const struct ip_addr *addr, const uint8_t mac[6])
{
	struct neigh_picture p = {.mac = mac};
	struct nl_msg *m = neigh_new(RTM_GETNEIGH, 0, ifindex, addr, 0);

	return m && fwd_ctl_get(c, m, neigh_see, &p) == 0 && p.same;
}

static void unreachable_see(void *arg, const struct nlmsghdr *h)
{
	const struct rtmsg *r = nlmsg_data(h);
	struct nlattr *a[RTA_MAX + 1];
	struct {
		uint32_t table;
		bool there;
	} *want = arg;

	if (h->nlmsg_type != RTM_NEWROUTE || r->rtm_dst_len || r->rtm_type != RTN_UNREACHABLE ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*r), a, RTA_MAX, NULL) < 0)
		return;
	if (a[RTA_TABLE] && nla_get_u32(a[RTA_TABLE]) == want->table && a[RTA_PRIORITY] &&
		nla_get_u32(a[RTA_PRIORITY]) == FWD_GUARD_METRIC)
		want->there = true;
}

/* With strict checking the kernel itself leaves out what is not of this table and type. */
int fwd_ctl_unreachable_find(struct fwd_ctl *c, uint8_t af, uint32_t table, bool *there)
{
	struct {
		uint32_t table;
		bool there;
	} want = {table, false};
	struct rtmsg r = {.rtm_family = family_of(af),
		.rtm_type = RTN_UNREACHABLE,
		.rtm_protocol = FWD_PROTO};
	struct nl_msg *m = msg_new(RTM_GETROUTE, NLM_F_DUMP, &r, sizeof(r));
	int fd = nl_socket_get_fd(c->sk), on = 1, off = 0;
	uint32_t seq;

	if (!m)
		return -ENOMEM;
	nla_put_u32(m, RTA_TABLE, table);
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	int err = request_send(c, m, NLM_F_DUMP, &seq);
	err = err ? err : answer_get(c, seq, false, unreachable_see, &want);
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &off, sizeof(off));
	*there = want.there;
	return err == -ENOENT ? 0 : err; /* no such table yet */
}

static int unreachable_do(struct fwd_ctl *c, int type, int flags, uint8_t af, uint32_t table)
{
	struct rtmsg r = {.rtm_family = family_of(af),
		.rtm_protocol = FWD_PROTO,
		.rtm_type = RTN_UNREACHABLE};
	struct nl_msg *m = msg_new(type, flags, &r, sizeof(r));
	if (!m)
		return -ENOMEM;
	nla_put_u32(m, RTA_TABLE, table);
	nla_put_u32(m, RTA_PRIORITY, FWD_GUARD_METRIC);
	return fwd_ctl_do(c, m);
}

int fwd_ctl_unreachable(struct fwd_ctl *c, bool add, uint8_t af, uint32_t table)
{
	return add ? unreachable_do(c, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, af, table)
		   : unreachable_do(c, RTM_DELROUTE, 0, af, table);
}

int fwd_ctl_unreachable_force(struct fwd_ctl *c, uint8_t af, uint32_t table)
{
	return unreachable_do(c, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, af, table);
}

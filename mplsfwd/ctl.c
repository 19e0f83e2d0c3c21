#include "mplsfwd/ctl.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
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

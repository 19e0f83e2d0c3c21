#include "mplsfwd/nlwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <linux/filter.h>
#include <linux/if_link.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"
#include "mplsfwd/nlroute.h"

#define WATCH_RCVBUF (8 << 20)

static void *grow(void *list, unsigned *cap, unsigned n, size_t size)
{
	if (n < *cap)
		return list;
	*cap = *cap ? *cap * 2 : 16;
	list = realloc(list, *cap * size);
	CHECK(list);
	return list;
}

const struct fwd_link *fwd_watch_at(const struct fwd_watch *w, uint32_t ifindex)
{
	for (unsigned i = 0; i < w->n_links; i++)
		if (w->links[i].ifindex == ifindex)
			return &w->links[i];
	return NULL;
}

const struct fwd_link *fwd_watch_find(const struct fwd_watch *w, const char *name)
{
	for (unsigned i = 0; i < w->n_links; i++)
		if (strcmp(w->links[i].name, name) == 0)
			return &w->links[i];
	return NULL;
}

static void addrs_drop(struct fwd_watch *w, uint32_t ifindex, const struct ip_prefix *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < w->n_addrs; i++)
		if (w->addrs[i].ifindex != ifindex ||
			(p && !ip_prefix_equal(&w->addrs[i].prefix, p)))
			w->addrs[kept++] = w->addrs[i];
	w->n_addrs = kept;
}

static void link_del(struct fwd_watch *w, uint32_t ifindex)
{
	for (unsigned i = 0; i < w->n_links; i++) {
		if (w->links[i].ifindex != ifindex)
			continue;
		w->links[i] = w->links[--w->n_links];
		addrs_drop(w, ifindex, NULL);
		w->pending |= FWD_WATCH_LINKS | FWD_WATCH_ROUTES;
		w->calls->link_gone(w->arg, ifindex);
		return;
	}
}

/* What the kind of a device says: a VRF's table, a VLAN's number. */
static void kind_see(struct fwd_link *l, struct nlattr *linkinfo, struct nlattr *parent)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *data[IFLA_VLAN_MAX + 1];

	_Static_assert(IFLA_VLAN_MAX >= IFLA_VRF_MAX, "room for either kind's attributes");
	if (!linkinfo || nla_parse_nested(info, IFLA_INFO_MAX, linkinfo, NULL) < 0)
		return;
	if (!info[IFLA_INFO_KIND] || !info[IFLA_INFO_DATA] ||
		nla_parse_nested(data, IFLA_VLAN_MAX, info[IFLA_INFO_DATA], NULL) < 0)
		return;
	if (nla_strcmp(info[IFLA_INFO_KIND], "vrf") == 0 && data[IFLA_VRF_TABLE]) {
		l->vrf_table = nla_get_u32(data[IFLA_VRF_TABLE]);
	} else if (nla_strcmp(info[IFLA_INFO_KIND], "vlan") == 0 && data[IFLA_VLAN_ID] && parent) {
		l->vid = nla_get_u16(data[IFLA_VLAN_ID]);
		l->parent = nla_get_u32(parent);
	}
}

static uint32_t xdp_of(struct nlattr *xdp)
{
	struct nlattr *a[IFLA_XDP_MAX + 1];

	if (!xdp || nla_parse_nested(a, IFLA_XDP_MAX, xdp, NULL) < 0 || !a[IFLA_XDP_PROG_ID])
		return 0;
	return nla_get_u32(a[IFLA_XDP_PROG_ID]);
}

static bool link_equal(const struct fwd_link *a, const struct fwd_link *b)
{
	return a->master == b->master && a->vrf_table == b->vrf_table && a->flags == b->flags &&
	       a->parent == b->parent && a->vid == b->vid && a->xdp == b->xdp &&
	       a->ours == b->ours && memcmp(a->mac, b->mac, sizeof(a->mac)) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

static void link_put(struct fwd_watch *w, const struct fwd_link *l)
{
	struct fwd_link *old = (struct fwd_link *)fwd_watch_at(w, l->ifindex);

	if (!old) {
		w->links = grow(w->links, &w->cap_links, w->n_links, sizeof(*w->links));
		w->links[w->n_links++] = *l;
		w->pending |= FWD_WATCH_LINKS | FWD_WATCH_ROUTES;
		return;
	}
	if (link_equal(old, l))
		return;
	bool lost = fwd_link_is_up(old) && !fwd_link_is_up(l);
	*old = *l;
	w->pending |= FWD_WATCH_LINKS | FWD_WATCH_ROUTES;
	if (lost)
		w->calls->link_gone(w->arg, l->ifindex);
}

static void link_see(struct fwd_watch *w, const struct nlmsghdr *h)
{
	struct nlattr *a[IFLA_MAX + 1];
	const struct ifinfomsg *i = nlmsg_data(h);
	struct fwd_link l = {0};

	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(*i), a, IFLA_MAX, NULL) < 0)
		return;
	if (i->ifi_family != AF_UNSPEC) /* a bridge's word about its port */
		return;
	if (h->nlmsg_type == RTM_DELLINK) {
		link_del(w, (uint32_t)i->ifi_index);
		return;
	}
	l.ifindex = (uint32_t)i->ifi_index;
	l.flags = i->ifi_flags;
	l.master = a[IFLA_MASTER] ? nla_get_u32(a[IFLA_MASTER]) : 0;
	kind_see(&l, a[IFLA_LINKINFO], a[IFLA_LINK_NETNSID] ? NULL : a[IFLA_LINK]);
	l.xdp = xdp_of(a[IFLA_XDP]);
	if (a[IFLA_ADDRESS] && nla_len(a[IFLA_ADDRESS]) == sizeof(l.mac))
		memcpy(l.mac, nla_data(a[IFLA_ADDRESS]), sizeof(l.mac));
	l.ours = a[IFLA_IFALIAS] && nla_strcmp(a[IFLA_IFALIAS], FWD_CTL_ALIAS) == 0;
	if (a[IFLA_IFNAME])
		nla_strlcpy(l.name, a[IFLA_IFNAME], sizeof(l.name));
	link_put(w, &l);
}

static void addr_see(struct fwd_watch *w, const struct nlmsghdr *h)
{
	struct nlattr *a[IFA_MAX + 1];
	const struct ifaddrmsg *i = nlmsg_data(h);
	struct fwd_address new = {.prefix.addr.af = IP_V4};

	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(*i), a, IFA_MAX, NULL) < 0)
		return;
	if (i->ifa_family != AF_INET || !a[IFA_LOCAL] || nla_len(a[IFA_LOCAL]) != 4)
		return;
	new.ifindex = i->ifa_index;
	new.prefix.len = i->ifa_prefixlen;
	memcpy(new.prefix.addr.o, nla_data(a[IFA_LOCAL]), 4);
	addrs_drop(w, new.ifindex, &new.prefix);
	w->pending |= FWD_WATCH_LINKS;
	if (h->nlmsg_type == RTM_DELADDR)
		return;
	w->addrs = grow(w->addrs, &w->cap_addrs, w->n_addrs, sizeof(*w->addrs));
	w->addrs[w->n_addrs++] = new;
}

/* What a VRF's table must end in stands at a metric of its own. */
static void default_see(struct fwd_watch *w, const struct nlmsghdr *h)
{
	const struct rtmsg *r = nlmsg_data(h);
	struct nlattr *a[RTA_MAX + 1];
	bool del = h->nlmsg_type == RTM_DELROUTE;

	w->pending |= FWD_WATCH_RULES;
	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(*r), a, RTA_MAX, NULL) < 0)
		return;
	if (!a[RTA_TABLE] || !a[RTA_PRIORITY] || nla_get_u32(a[RTA_PRIORITY]) != FWD_GUARD_METRIC)
		return;
	if (del == (r->rtm_type == RTN_UNREACHABLE))
		w->calls->default_lost(
			w->arg, nla_get_u32(a[RTA_TABLE]), del ? "deleted" : "another route");
}

static void route_see(struct fwd_watch *w, const struct nlmsghdr *h)
{
	const struct rtmsg *r = nlmsg_data(h);

	if (!r->rtm_dst_len && r->rtm_family != AF_MPLS)
		default_see(w, h);
	if (r->rtm_protocol != FWD_PROTO) {
		if (r->rtm_family == AF_INET)
			w->pending |= FWD_WATCH_ROUTES;
	} else if (h->nlmsg_type == RTM_DELROUTE && r->rtm_family != AF_INET6) {
		w->pending |= FWD_WATCH_FIB;
		w->calls->lost(w->arg, h);
	}
}

static void nexthop_see(struct fwd_watch *w, const struct nlmsghdr *h)
{
	const struct nhmsg *n = nlmsg_data(h);

	if (n->nh_protocol != FWD_PROTO) {
		w->pending |= FWD_WATCH_ROUTES;
	} else if (h->nlmsg_type == RTM_DELNEXTHOP) {
		w->pending |= FWD_WATCH_FIB;
		w->calls->lost(w->arg, h);
	}
}

static void msg_see(void *arg, const struct nlmsghdr *h)
{
	struct fwd_watch *w = arg;

	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		link_see(w, h);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		addr_see(w, h);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		route_see(w, h);
		break;
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		nexthop_see(w, h);
		break;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		w->pending |= FWD_WATCH_RULES;
		break;
	case RTM_NEWNETCONF:
		w->pending |= FWD_WATCH_INPUT;
		break;
	case RTM_NEWTFILTER:
	case RTM_DELTFILTER:
	case RTM_NEWQDISC:
	case RTM_DELQDISC:
		w->pending |= FWD_WATCH_FILTERS;
		break;
	default:
		break;
	}
}

static int dump_all(struct fwd_watch *w)
{
	w->n_links = w->n_addrs = 0;
	int err = fwd_ctl_dump(w->ctl, RTM_GETLINK, AF_UNSPEC, msg_see, w);
	return err ? err : fwd_ctl_dump(w->ctl, RTM_GETADDR, AF_INET, msg_see, w);
}

/* Notifications were dropped: which links were down meanwhile nobody knows, so all count as having been. */
static void overrun(struct fwd_watch *w)
{
	w->overruns++;
	log_line(w->log, LOG_WARN_, "kernel_events_lost",
		"count=%llu why=\"dumping everything again\"", (unsigned long long)w->overruns);
	unsigned n = w->n_links;
	uint32_t *were = calloc(n + 1, sizeof(*were));
	CHECK(were);
	for (unsigned i = 0; i < n; i++)
		were[i] = w->links[i].ifindex;
	int err = dump_all(w);
	if (err)
		log_line(w->log, LOG_ERROR_, "kernel_dump_failed", "error=\"%s\"", strerror(-err));
	for (unsigned i = 0; i < n; i++)
		w->calls->link_gone(w->arg, were[i]);
	free(were);
	w->pending |= FWD_WATCH_ALL;
}

void fwd_watch_drain(struct fwd_watch *w)
{
	uint8_t buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		ssize_t n = recv(w->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == ENOBUFS) {
			overrun(w);
			continue;
		}
		if (n <= 0)
			break;
		int left = (int)n;
		for (struct nlmsghdr *h = (void *)buf; nlmsg_ok(h, left); h = nlmsg_next(h, &left))
			msg_see(w, h);
	}
	if (w->pending && w->ev)
		event_active(w->ev, EV_READ, 0);
}

static void readable(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_watch *w = arg;

	fwd_watch_drain(w);
	unsigned bits = w->pending;
	w->pending = 0;
	if (bits)
		w->calls->changed(w->arg, bits);
}

/*
 * Octets of a notification: nlmsg_type at 4 and nlmsg_pid, whose request it was, at 12 (host order); then, after 16,
 * rtmsg (family 0, dst_len 1, table 4, protocol 5) or nhmsg (protocol 2). Of routes pass: default routes, our
 * protocol's, and IPv4's of the main table; neither of the first two if they are the echo of our own work.
 */
static int filter_set(int fd, uint32_t fib_port, uint32_t ctl_port)
{
	enum { ROUTE = 6, OBJECT = 14, WHOSE = 16, DROP = 19, PASS = 20 };
#define AT(n)	       BPF_STMT(BPF_LD | BPF_B | BPF_ABS, n)
#define IF(i, k, y, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, (y) - (i)-1, (n) - (i)-1)
	struct sock_filter f[] = {
		[0] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
		[1] = IF(1, htons(RTM_NEWROUTE), ROUTE, 2),
		[2] = IF(2, htons(RTM_DELROUTE), ROUTE, 3),
		[3] = IF(3, htons(RTM_NEWNEXTHOP), OBJECT, 4),
		[4] = IF(4, htons(RTM_DELNEXTHOP), OBJECT, PASS),
		[5] = BPF_STMT(BPF_RET | BPF_K, 0),
		[ROUTE] = AT(17),
		[7] = IF(7, 0, WHOSE, 8),
		[8] = AT(21),
		[9] = IF(9, FWD_PROTO, WHOSE, 10),
		[10] = AT(16),
		[11] = IF(11, AF_INET, 12, DROP),
		[12] = AT(20),
		[13] = IF(13, RT_TABLE_MAIN, PASS, DROP),
		[OBJECT] = AT(18),
		[15] = IF(15, FWD_PROTO, WHOSE, PASS),
		[WHOSE] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12),
		[17] = IF(17, htonl(fib_port), DROP, 18),
		[18] = IF(18, htonl(ctl_port), DROP, PASS),
		[DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
		[PASS] = BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	};
#undef AT
#undef IF
	struct sock_fprog prog = {.len = ARRAY_LEN(f), .filter = f};
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ? -errno : 0;
}

int fwd_watch_open(struct fwd_watch *w, struct event_base *base, struct fwd_ctl *ctl,
	uint32_t fib_port, const struct log *log, const struct fwd_watch_calls *calls, void *arg)
{
	static const int groups[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE,
		RTNLGRP_IPV6_ROUTE, RTNLGRP_MPLS_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE,
		RTNLGRP_NEXTHOP, RTNLGRP_MPLS_NETCONF, RTNLGRP_IPV4_NETCONF, RTNLGRP_TC};
	const struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	int size = WATCH_RCVBUF;

	*w = (struct fwd_watch){.log = log, .calls = calls, .arg = arg, .ctl = ctl};
	w->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (w->fd < 0)
		return -errno;
	if (setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	int err = filter_set(w->fd, fib_port, nl_socket_get_local_port(ctl->sk));
	/* without an address of its own it is taken for the sender and skipped (Linux before 6.2) */
	if (!err && bind(w->fd, (const struct sockaddr *)&self, sizeof(self)))
		err = -errno;
	for (unsigned i = 0; !err && i < ARRAY_LEN(groups); i++)
		if (setsockopt(w->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(int)))
			err = -errno;
	if (!err)
		err = dump_all(w);
	w->pending = 0;
	if (err)
		return err;
	w->ev = event_new(base, w->fd, EV_READ | EV_PERSIST, readable, w);
	CHECK(w->ev && event_add(w->ev, NULL) == 0);
	return 0;
}

void fwd_watch_close(struct fwd_watch *w)
{
	if (w->ev)
		event_free(w->ev);
	if (w->fd >= 0)
		close(w->fd);
	free(w->links);
	free(w->addrs);
	*w = (struct fwd_watch){.fd = -1};
}

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

static uint32_t vrf_table_of(struct nlattr *linkinfo)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *data[IFLA_VRF_MAX + 1];

	if (!linkinfo || nla_parse_nested(info, IFLA_INFO_MAX, linkinfo, NULL) < 0)
		return 0;
	if (!info[IFLA_INFO_KIND] || nla_strcmp(info[IFLA_INFO_KIND], "vrf") ||
		!info[IFLA_INFO_DATA])
		return 0;
	if (nla_parse_nested(data, IFLA_VRF_MAX, info[IFLA_INFO_DATA], NULL) < 0)
		return 0;
	return data[IFLA_VRF_TABLE] ? nla_get_u32(data[IFLA_VRF_TABLE]) : 0;
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
	if (memcmp(old, l, sizeof(*l)) == 0)
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
	struct fwd_link l;

	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(*i), a, IFLA_MAX, NULL) < 0)
		return;
	if (i->ifi_family != AF_UNSPEC) /* a bridge's word about its port */
		return;
	if (h->nlmsg_type == RTM_DELLINK) {
		link_del(w, (uint32_t)i->ifi_index);
		return;
	}
	memset(&l, 0, sizeof(l)); /* compared as octets */
	l.ifindex = (uint32_t)i->ifi_index;
	l.flags = i->ifi_flags;
	l.master = a[IFLA_MASTER] ? nla_get_u32(a[IFLA_MASTER]) : 0;
	l.vrf_table = vrf_table_of(a[IFLA_LINKINFO]);
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
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		w->pending |= FWD_WATCH_ROUTES;
		break;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		w->pending |= FWD_WATCH_RULES;
		break;
	case RTM_NEWNETCONF:
		w->pending |= FWD_WATCH_INPUT;
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
 * Routes pass only if they are of the main table and not ours, nexthop objects only if not ours; all else passes.
 * Octets of a notification: nlmsg_type at 4 (host order), then, after 16, rtmsg (table 4, protocol 5) or nhmsg
 * (protocol 2).
 */
static int filter_set(int fd)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWNEXTHOP), 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELNEXTHOP), 3, 0),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 20),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RT_TABLE_MAIN, 2, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 18),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FWD_PROTO, 2, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 21),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FWD_PROTO, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	};
	struct sock_fprog prog = {.len = ARRAY_LEN(f), .filter = f};
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ? -errno : 0;
}

int fwd_watch_open(struct fwd_watch *w, struct event_base *base, struct fwd_ctl *ctl,
	const struct log *log, const struct fwd_watch_calls *calls, void *arg)
{
	static const int groups[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE,
		RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_NEXTHOP, RTNLGRP_MPLS_NETCONF};
	const struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	int size = WATCH_RCVBUF;

	*w = (struct fwd_watch){.log = log, .calls = calls, .arg = arg, .ctl = ctl};
	w->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (w->fd < 0)
		return -errno;
	if (setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	int err = filter_set(w->fd);
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

/* What the kernel of a node really holds: IPv4 routes of any table, the MPLS table, per-port MPLS counters. */
#include "lab/table.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/lwtunnel.h>
#include <linux/mpls.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/check.h"

static void *table_grow(void *array, unsigned n, size_t size)
{
	void *p = n % 32 ? array : realloc(array, (n + 32) * size);

	CHECK(p);
	return p;
}

/* A label stack as the kernel writes it: RFC 3032 2.1 entries, bottom bit on the last. */
static unsigned table_stack(const struct nlattr *a, uint32_t *out)
{
	const struct mpls_label *l = nla_data(a);
	unsigned n = nla_len(a) / sizeof *l;

	n = n > LAB_STACK_MAX ? LAB_STACK_MAX : n;
	for (unsigned i = 0; i < n; i++)
		out[i] = ntohl(l[i].entry) >> MPLS_LS_LABEL_SHIFT;
	return n;
}

static void table_via(const struct nlattr *a, struct ip_addr *out)
{
	const struct rtvia *via = nla_data(a);
	uint32_t v4;

	if (nla_len(a) < (int)(sizeof *via + 4) || via->rtvia_family != AF_INET)
		return;
	memcpy(&v4, via->rtvia_addr, 4);
	*out = ip_addr_v4(ntohl(v4));
}

static void table_hop(struct nlattr **tb, struct lab_route *r, const struct lab_table *t, int oif)
{
	struct nlattr *encap[MPLS_IPTUNNEL_MAX + 1];

	if (tb[RTA_OIF])
		oif = nla_get_u32(tb[RTA_OIF]);
	for (unsigned i = 0; i < t->n_devices; i++)
		if (t->devices[i].ifindex == oif)
			memcpy(r->dev, t->devices[i].name, sizeof r->dev);
	if (tb[RTA_GATEWAY] && nla_len(tb[RTA_GATEWAY]) == 4)
		r->via = ip_addr_v4(ntohl(nla_get_u32(tb[RTA_GATEWAY])));
	if (tb[RTA_VIA])
		table_via(tb[RTA_VIA], &r->via);
	if (tb[RTA_NEWDST])
		r->n_stack = table_stack(tb[RTA_NEWDST], r->stack);
	if (tb[RTA_ENCAP] && tb[RTA_ENCAP_TYPE] &&
		nla_get_u16(tb[RTA_ENCAP_TYPE]) == LWTUNNEL_ENCAP_MPLS &&
		!nla_parse_nested(encap, MPLS_IPTUNNEL_MAX, tb[RTA_ENCAP], NULL) &&
		encap[MPLS_IPTUNNEL_DST])
		r->n_stack = table_stack(encap[MPLS_IPTUNNEL_DST], r->stack);
}

/* Of several next hops the first stands for all: the lab's topologies have one path. */
static void table_multipath(struct nlattr *a, struct lab_route *r, const struct lab_table *t)
{
	struct rtnexthop *nh = nla_data(a);
	struct nlattr *tb[RTA_MAX + 1];

	if (nla_len(a) < (int)sizeof *nh)
		return;
	if (!nla_parse(
		    tb, RTA_MAX, (struct nlattr *)RTNH_DATA(nh), nh->rtnh_len - sizeof *nh, NULL))
		table_hop(tb, r, t, nh->rtnh_ifindex);
}

static int table_route(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct lab_table *t = arg;
	struct nlattr *tb[RTA_MAX + 1];
	struct rtmsg *rtm = nlmsg_data(h);
	struct lab_route r = {0};
	uint32_t v4 = 0;

	if (h->nlmsg_type != RTM_NEWROUTE || nlmsg_parse(h, sizeof *rtm, tb, RTA_MAX, NULL) < 0)
		return NL_OK;
	r.table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	r.type = rtm->rtm_type;
	r.protocol = rtm->rtm_protocol;
	r.metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	if (rtm->rtm_family == AF_MPLS) {
		if (!tb[RTA_DST] || !table_stack(tb[RTA_DST], &r.label))
			return NL_OK;
	} else {
		if (tb[RTA_DST] && nla_len(tb[RTA_DST]) == 4)
			v4 = nla_get_u32(tb[RTA_DST]);
		r.dst = (struct ip_prefix){.addr = ip_addr_v4(ntohl(v4)), .len = rtm->rtm_dst_len};
	}
	table_hop(tb, &r, t, 0);
	if (tb[RTA_MULTIPATH])
		table_multipath(tb[RTA_MULTIPATH], &r, t);
	t->routes = table_grow(t->routes, t->n_routes, sizeof *t->routes);
	t->routes[t->n_routes++] = r;
	return NL_OK;
}

static uint32_t table_vrf(struct nlattr *linkinfo)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *data[IFLA_VRF_MAX + 1];

	if (nla_parse_nested(info, IFLA_INFO_MAX, linkinfo, NULL) < 0 || !info[IFLA_INFO_KIND] ||
		strcmp(nla_get_string(info[IFLA_INFO_KIND]), "vrf") != 0 || !info[IFLA_INFO_DATA] ||
		nla_parse_nested(data, IFLA_VRF_MAX, info[IFLA_INFO_DATA], NULL) < 0 ||
		!data[IFLA_VRF_TABLE])
		return 0;
	return nla_get_u32(data[IFLA_VRF_TABLE]);
}

static int table_device(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct lab_table *t = arg;
	struct nlattr *tb[IFLA_MAX + 1];
	struct ifinfomsg *ifi = nlmsg_data(h);
	struct lab_device d = {0};

	if (h->nlmsg_type != RTM_NEWLINK || nlmsg_parse(h, sizeof *ifi, tb, IFLA_MAX, NULL) < 0 ||
		!tb[IFLA_IFNAME])
		return NL_OK;
	d.ifindex = ifi->ifi_index;
	snprintf(d.name, sizeof d.name, "%s", nla_get_string(tb[IFLA_IFNAME]));
	d.vrf_table = tb[IFLA_LINKINFO] ? table_vrf(tb[IFLA_LINKINFO]) : 0;
	t->devices = table_grow(t->devices, t->n_devices, sizeof *t->devices);
	t->devices[t->n_devices++] = d;
	return NL_OK;
}

/* One request, its answers to fn. */
static int table_ask(struct nl_sock *s, int type, int flags, const void *head, size_t len,
	nl_recvmsg_msg_cb_t fn, void *arg)
{
	int err;

	nl_socket_modify_cb(s, NL_CB_VALID, NL_CB_CUSTOM, fn, arg);
	err = nl_send_simple(s, type, flags, (void *)head, len);
	if (err >= 0)
		err = nl_recvmsgs_default(s);
	return err < 0 ? -EIO : 0;
}

static struct nl_sock *table_open(const struct lab_ns *base, const struct lab_ns *in)
{
	struct nl_sock *s = nl_socket_alloc();
	int err;

	CHECK(s);
	err = lab_ns_enter_net(in) ? -1 : nl_connect(s, NETLINK_ROUTE);
	CHECK(!lab_ns_enter_net(base));
	if (err >= 0)
		return s;
	nl_socket_free(s);
	return NULL;
}

int lab_table_read(
	struct lab_table *t, const struct lab_ns *base, const struct lab_ns *in, int family)
{
	struct nl_sock *s = table_open(base, in);
	struct ifinfomsg ifi = {.ifi_family = AF_UNSPEC};
	struct rtmsg rtm = {.rtm_family = family};
	int err;

	*t = (struct lab_table){0};
	if (!s)
		return -EIO;
	err = table_ask(s, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof ifi, table_device, t);
	err = err ? err : table_ask(s, RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof rtm, table_route, t);
	nl_socket_free(s);
	return err;
}

void lab_table_fini(struct lab_table *t)
{
	free(t->routes);
	free(t->devices);
	*t = (struct lab_table){0};
}

uint32_t lab_table_of(const struct lab_table *t, const char *vrf)
{
	if (!vrf)
		return RT_TABLE_MAIN;
	for (unsigned i = 0; i < t->n_devices; i++)
		if (!strcmp(t->devices[i].name, vrf))
			return t->devices[i].vrf_table;
	return 0;
}

const struct lab_route *lab_table_find(
	const struct lab_table *t, uint32_t table, const struct ip_prefix *p)
{
	const struct lab_route *best = NULL;

	for (unsigned i = 0; i < t->n_routes; i++) {
		const struct lab_route *r = &t->routes[i];

		if (r->table == table && ip_prefix_equal(&r->dst, p) &&
			(!best || r->metric < best->metric))
			best = r;
	}
	return best;
}

const struct lab_route *lab_table_pop(const struct lab_table *t, const char *dev)
{
	for (unsigned i = 0; i < t->n_routes; i++)
		if (!strcmp(t->routes[i].dev, dev) && !t->routes[i].n_stack && !t->routes[i].via.af)
			return &t->routes[i];
	return NULL;
}

const char *lab_table_protocol(uint8_t protocol, char buf[8])
{
	static const struct {
		uint8_t protocol;
		const char *name;
	} names[] = {{RTPROT_KERNEL, "kernel"}, {RTPROT_BOOT, "boot"}, {RTPROT_STATIC, "static"},
		{RTPROT_ZEBRA, "zebra"}, {RTPROT_BGP, "bgp"}, {RTPROT_OSPF, "ospf"}, {193, "ldp"},
		{82, "ravelin"}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].protocol == protocol)
			return names[i].name;
	snprintf(buf, 8, "%u", protocol);
	return buf;
}

static int table_stats(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct nlattr *tb[IFLA_STATS_MAX + 1], *af[AF_MPLS + 1], *mpls[MPLS_STATS_LINK + 1];
	struct mpls_link_stats stats;
	struct lab_mpls_stats *out = arg;

	if (h->nlmsg_type != RTM_NEWSTATS ||
		nlmsg_parse(h, sizeof(struct if_stats_msg), tb, IFLA_STATS_MAX, NULL) < 0 ||
		!tb[IFLA_STATS_AF_SPEC] ||
		nla_parse_nested(af, AF_MPLS, tb[IFLA_STATS_AF_SPEC], NULL) < 0 || !af[AF_MPLS] ||
		nla_parse_nested(mpls, MPLS_STATS_LINK, af[AF_MPLS], NULL) < 0 ||
		!mpls[MPLS_STATS_LINK] || nla_len(mpls[MPLS_STATS_LINK]) < (int)sizeof stats)
		return NL_OK;
	memcpy(&stats, nla_data(mpls[MPLS_STATS_LINK]), sizeof stats);
	*out = (struct lab_mpls_stats){.dropped = stats.rx_dropped,
		.errors = stats.rx_errors,
		.noroute = stats.rx_noroute};
	return NL_OK;
}

int lab_table_mpls_stats(
	const struct lab_ns *base, const struct lab_ns *in, int ifindex, struct lab_mpls_stats *out)
{
	struct if_stats_msg ask = {
		.ifindex = ifindex, .filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_AF_SPEC)};
	struct nl_sock *s = table_open(base, in);
	int err;

	out->dropped = UINT64_MAX;
	if (!s)
		return -EIO;
	err = table_ask(s, RTM_GETSTATS, 0, &ask, sizeof ask, table_stats, out);
	nl_socket_free(s);
	return err ? err : out->dropped == UINT64_MAX ? -ENODATA : 0;
}

int lab_table_mpls_dropped(
	const struct lab_ns *base, const struct lab_ns *in, int ifindex, uint64_t *out)
{
	struct lab_mpls_stats stats;
	int err = lab_table_mpls_stats(base, in, ifindex, &stats);

	*out = stats.dropped;
	return err;
}

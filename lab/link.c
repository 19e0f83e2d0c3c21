/* The wires of a run: veth pairs between the nodes' namespaces, and the few settings the kernel needs for them. */
#include "lab/link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/check.h"

#define PLATFORM_LABELS "100000"

static void link_put_end(struct nl_msg *m, const struct lab_end *end, const struct lab_ns *ns)
{
	NLA_PUT_STRING(m, IFLA_IFNAME, end->port);
	NLA_PUT_U32(m, IFLA_NET_NS_FD, ns[end->node].net);
	return;
nla_put_failure:
	UNREACHABLE();
}

static struct nl_msg *link_veth(const struct lab_link *l, const struct lab_ns *ns)
{
	struct nl_msg *m = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg ifi = {.ifi_family = AF_UNSPEC};
	struct nlattr *info, *data, *peer;

	CHECK(m && !nlmsg_append(m, &ifi, sizeof ifi, NLMSG_ALIGNTO));
	link_put_end(m, &l->end[0], ns);
	info = nla_nest_start(m, IFLA_LINKINFO);
	CHECK(info && !nla_put_string(m, IFLA_INFO_KIND, "veth"));
	data = nla_nest_start(m, IFLA_INFO_DATA);
	peer = data ? nla_nest_start(m, VETH_INFO_PEER) : NULL;
	CHECK(peer && !nlmsg_append(m, &ifi, sizeof ifi, NLMSG_ALIGNTO));
	link_put_end(m, &l->end[1], ns);
	nla_nest_end(m, peer);
	nla_nest_end(m, data);
	nla_nest_end(m, info);
	return m;
}

static int link_error(const char *what, const char *name, int err)
{
	fprintf(stderr, "lab: %s %s: %s\n", what, name, strerror(-err));
	return err;
}

static int link_send(struct nl_sock *s, struct nl_msg *m)
{
	int err = nl_send_sync(s, m); /* frees m */

	return err < 0 ? (err == -NLE_OPNOTSUPP ? -EOPNOTSUPP : -EIO) : 0;
}

int lab_link_wire(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns)
{
	struct nl_sock *s = nl_socket_alloc();
	int err = s && nl_connect(s, NETLINK_ROUTE) >= 0 ? 0 : -EIO;

	for (unsigned i = 0; !err && i < t->n_links; i++) {
		err = link_send(s, link_veth(&t->links[i], ns));
		if (err)
			link_error("link", t->links[i].end[0].port, err);
	}
	nl_socket_free(s);
	return err;
}

static int link_flags_up(int fd, const char *port)
{
	struct ifreq ifr = {0};

	strncpy(ifr.ifr_name, port, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFFLAGS, &ifr) < 0)
		return -errno;
	ifr.ifr_flags |= IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &ifr) < 0 ? -errno : 0;
}

static bool link_ours_to_raise(
	const struct lab_topo *t, const struct lab_link *l, const struct lab_end *end)
{
	return l->role == LAB_LINK_CORE || t->nodes[end->node].role != LAB_ROLE_PE;
}

static int link_node_up(const struct lab_topo *t, unsigned node, int fd)
{
	int err = link_flags_up(fd, "lo");

	for (unsigned i = 0; !err && i < t->n_links; i++)
		for (int k = 0; !err && k < 2; k++)
			if (t->links[i].end[k].node == node &&
				link_ours_to_raise(t, &t->links[i], &t->links[i].end[k]))
				err = link_flags_up(fd, t->links[i].end[k].port);
	return err;
}

int lab_link_up(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns)
{
	int err = 0;

	for (unsigned i = 0; !err && i < t->n_nodes; i++) {
		int fd = lab_ns_socket(base, &ns[i], AF_INET, SOCK_DGRAM, 0);

		err = fd < 0 ? fd : link_node_up(t, i, fd);
		if (fd >= 0)
			close(fd);
		if (err)
			link_error("ports of", t->nodes[i].name, err);
	}
	return err;
}

static int link_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return link_error("open", path, -errno);
	if (write(fd, value, strlen(value)) < 0)
		err = link_error("write", path, -errno);
	close(fd);
	return err;
}

/* In the node's network namespace: /proc/sys/net is that of whoever looks. */
static int link_router(const struct lab_topo *t, unsigned node)
{
	int err = link_sysctl("/proc/sys/net/ipv4/ip_forward", "1");

	err = err ? err : link_sysctl("/proc/sys/net/mpls/platform_labels", PLATFORM_LABELS);
	for (unsigned i = 0; !err && i < t->n_links; i++) {
		for (int k = 0; !err && k < 2; k++) {
			const struct lab_end *end = &t->links[i].end[k];
			char path[96];

			if (end->node != node || t->links[i].role != LAB_LINK_CORE)
				continue;
			snprintf(path, sizeof path, "/proc/sys/net/mpls/conf/%s/input", end->port);
			err = link_sysctl(path, "1");
		}
	}
	return err;
}

int lab_link_sysctls(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns)
{
	int err = 0;

	for (unsigned i = 0; !err && i < t->n_nodes; i++) {
		if (t->nodes[i].role == LAB_ROLE_CE || t->nodes[i].config)
			continue;
		err = lab_ns_enter_net(&ns[i]);
		err = err ? err : link_router(t, i);
		CHECK(!lab_ns_enter_net(base));
	}
	return err;
}

int lab_link_find(const struct lab_ns *base, const struct lab_ns *in, const char *port,
	int *ifindex, uint8_t mac[6])
{
	int fd = lab_ns_socket(base, in, AF_INET, SOCK_DGRAM, 0), err = 0;
	struct ifreq ifr = {0};

	if (fd < 0)
		return fd;
	strncpy(ifr.ifr_name, port, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr) < 0)
		err = -errno;
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	if (!err && ioctl(fd, SIOCGIFINDEX, &ifr) < 0)
		err = -errno;
	*ifindex = ifr.ifr_ifindex;
	close(fd);
	return err;
}

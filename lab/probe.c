/* Can this kernel carry the lab itself? Found by trying in a network namespace that is thrown away. */
#include "lab/probe.h"

#include <errno.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/text.h"

enum { NO_NAMESPACE = 1, NO_VRF = 2, NO_MPLS = 4, NO_ENCAP = 8 };

static bool probe_vrf(struct nl_sock *s)
{
	struct nl_msg *m = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg ifi = {.ifi_family = AF_UNSPEC};
	struct nlattr *info, *data;

	CHECK(m && !nlmsg_append(m, &ifi, sizeof ifi, NLMSG_ALIGNTO) &&
		!nla_put_string(m, IFLA_IFNAME, "probe"));
	info = nla_nest_start(m, IFLA_LINKINFO);
	CHECK(info && !nla_put_string(m, IFLA_INFO_KIND, "vrf"));
	data = nla_nest_start(m, IFLA_INFO_DATA);
	CHECK(data && !nla_put_u32(m, IFLA_VRF_TABLE, 1001));
	nla_nest_end(m, data);
	nla_nest_end(m, info);
	return nl_send_sync(s, m) >= 0;
}

static bool probe_encap(struct nl_sock *s)
{
	struct nl_msg *m = nlmsg_alloc_simple(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	struct rtmsg rtm = {.rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST};
	uint32_t dst = htonl(0xcb007101), stack = htonl(100 << 12 | 1 << 8); /* 203.0.113.1 */
	struct nlattr *encap;

	CHECK(m && !nlmsg_append(m, &rtm, sizeof rtm, NLMSG_ALIGNTO) &&
		!nla_put(m, RTA_DST, 4, &dst) && !nla_put_u32(m, RTA_OIF, if_nametoindex("lo")) &&
		!nla_put_u16(m, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_MPLS));
	encap = nla_nest_start(m, RTA_ENCAP);
	CHECK(encap && !nla_put(m, MPLS_IPTUNNEL_DST, sizeof stack, &stack));
	nla_nest_end(m, encap);
	return nl_send_sync(s, m) >= 0;
}

static bool probe_lo_up(void)
{
	struct ifreq ifr = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &ifr);

	if (fd >= 0)
		close(fd);
	return ok;
}

static int probe_child(void)
{
	struct nl_sock *s;
	int missing = 0;

	if (unshare(CLONE_NEWNET) < 0 || !probe_lo_up())
		return NO_NAMESPACE;
	s = nl_socket_alloc();
	if (!s || nl_connect(s, NETLINK_ROUTE) < 0)
		return NO_NAMESPACE;
	if (!probe_vrf(s))
		missing |= NO_VRF;
	if (access("/proc/sys/net/mpls/platform_labels", W_OK) < 0)
		missing |= NO_MPLS;
	if (!probe_encap(s))
		missing |= NO_ENCAP;
	nl_socket_free(s);
	return missing;
}

bool lab_probe_kernel(char *why, size_t cap)
{
	struct text x = text_of(why, cap);
	int status = 0, missing;
	pid_t pid = fork();

	if (!pid)
		_exit(probe_child());
	missing = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)
			  ? WEXITSTATUS(status)
			  : NO_NAMESPACE;
	if (missing & NO_NAMESPACE)
		text_add(&x, "network namespaces need root here");
	if (missing & NO_VRF)
		text_add(&x, "this kernel makes no VRF devices (modprobe vrf)");
	if (missing & (NO_MPLS | NO_ENCAP))
		text_add(&x, "%sforwards no MPLS (modprobe -a mpls_router mpls_iptunnel)",
			missing & NO_VRF ? " and " : "this kernel ");
	return !missing;
}

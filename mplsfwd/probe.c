#include "mplsfwd/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/msg.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acl/load.h"
#include "lib/check.h"
#include "mplsfwd/ctl.h"
#include "mplsfwd/md5.h"
#include "mplsfwd/sysctl.h"

#define PROBE_VRF   "rvprobe"
#define PROBE_PORT  "rvp0"
#define PROBE_PEER  "rvp1"
#define PROBE_TABLE 4242
#define PROBE_LABEL 900

static const struct fwd_probe_row rows[FWD_PROBE_N] = {
	[FWD_PROBE_ADMIN] = {"net-admin", "may change the network here (CAP_NET_ADMIN)",
		"sudo ravelind --probe", true},
	[FWD_PROBE_NETNS] = {"netns", "may make network namespaces", "sudo ravelind --probe",
		false},
	[FWD_PROBE_SYSCTL] = {"sysctl", "/proc/sys/net can be written",
		"mount -o remount,rw /proc/sys", true},
	[FWD_PROBE_VRF] = {"vrf", "VRF devices, and ports in them (CONFIG_NET_VRF)", "modprobe vrf",
		true},
	[FWD_PROBE_MPLS] = {"mpls-router", "a label popped into a VRF (CONFIG_MPLS_ROUTING)",
		"modprobe mpls_router", true},
	[FWD_PROBE_INPUT] = {"mpls-input", "labels refused or accepted port by port",
		"modprobe mpls_router", true},
	[FWD_PROBE_ENCAP] = {"mpls-iptunnel", "routes that push two labels (CONFIG_MPLS_IPTUNNEL)",
		"modprobe mpls_iptunnel", true},
	[FWD_PROBE_NEXTHOP] = {"nexthop-objects", "nexthop objects that push labels", NULL, false},
	[FWD_PROBE_MD5] = {"tcp-md5", "TCP-MD5 keys for a prefix (CONFIG_TCP_MD5SIG)", NULL, true},
	[FWD_PROBE_MD5_VRF] = {"tcp-md5-vrf", "TCP-MD5 keys that hold in one VRF only",
		"modprobe vrf", true},
	[FWD_PROBE_GUARD] = {"ebpf-guard",
		"the ports' guard: eBPF at tc ingress (CONFIG_BPF_SYSCALL, NET_SCH_INGRESS, "
		"NET_CLS_BPF)",
		"modprobe -a sch_ingress cls_bpf", true},
	[FWD_PROBE_SOURCE] = {"vrf-source",
		"ICMP errors sent into a VPN hide the core's addresses (RFC 4381 3.2)",
		"Linux 6.11, or 6.1 from 6.1.103 on", false},
	[FWD_PROBE_GTSM] = {"gtsm", "a minimum TTL for TCP (IP_MINTTL)", NULL, true},
};

struct probe {
	struct fwd_ctl ctl;
	int vrf, port;		/* ifindexes, 0: could not be made */
	int error[FWD_PROBE_N]; /* 0 ok, < 0 -errno, > 0 not tried */
};

static struct nl_msg *route_new(struct rtmsg r, uint32_t table)
{
	struct nl_msg *m = nlmsg_alloc_simple(RTM_NEWROUTE, NLM_F_CREATE);
	CHECK(m);
	r.rtm_protocol = RTPROT_BOOT;
	r.rtm_type = RTN_UNICAST;
	nlmsg_append(m, &r, sizeof(r), NLMSG_ALIGNTO);
	if (r.rtm_family != AF_MPLS) /* there is one table of labels, and no attribute for it */
		nla_put_u32(m, RTA_TABLE, table);
	return m;
}

/* Two labels, 100 over 200: RFC 3032 section 2.1 entries. */
static void put_encap(struct nl_msg *m, int type_attr, int encap_attr)
{
	const uint32_t stack[2] = {htonl(100u << 12), htonl(200u << 12 | 0x100)};

	nla_put_u16(m, type_attr, LWTUNNEL_ENCAP_MPLS);
	struct nlattr *n = nla_nest_start(m, encap_attr);
	nla_put(m, MPLS_IPTUNNEL_DST, sizeof(stack), stack);
	nla_nest_end(m, n);
}

static int try_vrf(struct probe *p)
{
	int err = fwd_ctl_vrf_add(&p->ctl, PROBE_VRF, PROBE_TABLE);
	if (err)
		return err;
	p->vrf = (int)if_nametoindex(PROBE_VRF);
	fwd_ctl_link_up(&p->ctl, p->vrf, true);
	return p->port ? fwd_ctl_link_master(&p->ctl, p->port, p->vrf) : 0;
}

static int try_mpls(struct probe *p)
{
	uint32_t label = htonl(PROBE_LABEL << 12 | 0x100);
	int err = fwd_sysctl_set("net/mpls/platform_labels", PROBE_LABEL + 1);
	if (err)
		return err;
	struct nl_msg *m = route_new(
		(struct rtmsg){
			.rtm_family = AF_MPLS, .rtm_dst_len = 20, .rtm_table = RT_TABLE_MAIN},
		RT_TABLE_MAIN);
	nla_put(m, RTA_DST, 4, &label);
	nla_put_u32(m, RTA_OIF, (uint32_t)(p->vrf ? p->vrf : 1));
	return fwd_ctl_do(&p->ctl, m);
}

static int try_input(struct probe *p)
{
	uint32_t v;

	if (!p->port)
		return 1;
	int err = fwd_sysctl_set("net/mpls/conf/" PROBE_PORT "/input", 1);
	err = err ? err : fwd_sysctl_get("net/mpls/conf/" PROBE_PORT "/input", &v);
	return err ? err : v == 1 ? 0 : -EIO;
}

static int try_encap(struct probe *p)
{
	const struct ip_prefix addr = {ip_addr_v4(0xc6120001), 30}; /* 198.18.0.1/30 */
	uint32_t gw = htonl(0xc6120002), dst = htonl(0xc0000200);

	if (!p->port)
		return 1;
	fwd_ctl_link_up(&p->ctl, p->port, true);
	int err = fwd_ctl_addr_add(&p->ctl, p->port, &addr);
	if (err)
		return err;
	struct nl_msg *m = route_new((struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 24},
		p->vrf ? PROBE_TABLE : RT_TABLE_MAIN);
	nla_put(m, RTA_DST, 4, &dst);
	nla_put(m, RTA_GATEWAY, 4, &gw);
	nla_put_u32(m, RTA_OIF, (uint32_t)p->port);
	put_encap(m, RTA_ENCAP_TYPE, RTA_ENCAP);
	return fwd_ctl_do(&p->ctl, m);
}

static int try_nexthop(struct probe *p)
{
	struct nhmsg h = {.nh_family = AF_INET};
	uint32_t gw = htonl(0xc6120002);

	if (!p->port)
		return 1;
	struct nl_msg *m = nlmsg_alloc_simple(RTM_NEWNEXTHOP, NLM_F_CREATE);
	CHECK(m);
	nlmsg_append(m, &h, sizeof(h), NLMSG_ALIGNTO);
	nla_put_u32(m, NHA_ID, 1);
	nla_put(m, NHA_GATEWAY, 4, &gw);
	nla_put_u32(m, NHA_OIF, (uint32_t)p->port);
	put_encap(m, NHA_ENCAP_TYPE, NHA_ENCAP);
	return fwd_ctl_do(&p->ctl, m);
}

static int try_md5(int vrf)
{
	const struct ip_prefix peer = {ip_addr_v4(0xc6120002), 32};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err = fwd_md5_set(fd, &peer, vrf, (const uint8_t *)"test", 4);

	close(fd);
	return err;
}

static int try_gtsm(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err = fwd_gtsm_set(fd, IP_V4, 1);

	close(fd);
	return err;
}

/* A closed port's program, attached and read back. */
static int try_guard(const struct probe *p)
{
	struct acl_consts c = {.ifindex = (uint32_t)p->port, .role = ACL_ROLE_CLOSED};
	enum acl_xdp_mode xdp;
	struct acl_loader *l;
	struct acl_prog *prog;

	if (!p->port || p->error[FWD_PROBE_ADMIN]) /* in a user namespace nobody may */
		return 1;
	int err = acl_loader_new(&l);
	if (err)
		return err;
	err = acl_prog_load(l, &c, NULL, &prog);
	if (!err) {
		err = acl_prog_attach(prog, c.ifindex, ACL_XDP_OFF, &xdp);
		if (!err && acl_prog_check(prog) != ACL_STANDS)
			err = -EOPNOTSUPP;
		acl_prog_free(prog);
	}
	acl_loader_free(l);
	return err;
}

static void source_seen(void *arg, const struct nlmsghdr *h)
{
	struct nlattr *a = nlmsg_find_attr((struct nlmsghdr *)h, sizeof(struct rtmsg), RTA_PREFSRC);

	if (h->nlmsg_type == RTM_NEWROUTE && a && nla_len(a) == sizeof(uint32_t))
		*(uint32_t *)arg = ntohl(nla_get_u32(a));
}

/*
 * A VRF's route over a port that is not in it, as towards another PE: which source has what the kernel itself sends? Before
 * July 2024 (6807352353561187a718e87204458999dbcbba1b) the port's.
 */
static int try_source(struct probe *p)
{
	const struct ip_prefix of_vrf = {ip_addr_v4(0xc6120005), 32}, /* 198.18.0.5 */
		of_core = {ip_addr_v4(0xc6120009), 30};
	uint32_t dst = htonl(0xc6336400), source = 0; /* 198.51.100.0 */
	int core = (int)if_nametoindex(PROBE_PEER);

	if (!p->vrf || !core)
		return 1;
	int err = fwd_ctl_addr_add(&p->ctl, p->vrf, &of_vrf);
	err = err ? err : fwd_ctl_addr_add(&p->ctl, core, &of_core);
	if (err)
		return err;
	struct rtmsg r = {.rtm_family = AF_INET, .rtm_dst_len = 24, .rtm_scope = RT_SCOPE_LINK};
	struct nl_msg *m = route_new(r, PROBE_TABLE);
	nla_put(m, RTA_DST, sizeof(dst), &dst);
	nla_put_u32(m, RTA_OIF, (uint32_t)core);
	if ((err = fwd_ctl_do(&p->ctl, m)))
		return err;
	m = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	CHECK(m);
	r = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 32};
	nlmsg_append(m, &r, sizeof(r), NLMSG_ALIGNTO);
	nla_put(m, RTA_DST, sizeof(dst), &dst);
	nla_put_u32(m, RTA_OIF, (uint32_t)p->vrf);
	err = fwd_ctl_get(&p->ctl, m, source_seen, &source);
	return err ? err : source == ip_addr_get_v4(&of_vrf.addr) ? 0 : -EADDRNOTAVAIL;
}

/* A namespace to try things in; without privilege, in a user namespace of our own. */
static int netns_enter(void)
{
	char map[64];

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	int n = snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)geteuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, map, (size_t)n) != n)
		n = -1;
	close(fd);
	return n < 0 ? -EPERM : 0;
}

/* Whether a change would be allowed here: deleting a link that cannot exist says EPERM or ENODEV. */
static int try_admin(void)
{
	struct fwd_ctl c;
	int err = fwd_ctl_open(&c);
	if (err)
		return err;
	err = fwd_ctl_link_del(&c, INT32_MAX);
	fwd_ctl_close(&c);
	return err == -ENODEV ? 0 : err;
}

static void probe_child(struct probe *p)
{
	for (int i = 0; i < FWD_PROBE_N; i++)
		p->error[i] = 1;
	p->error[FWD_PROBE_ADMIN] = try_admin();
	p->error[FWD_PROBE_SYSCTL] =
		access("/proc/sys/net/ipv4/ip_forward", W_OK) && errno == EROFS ? -EROFS : 0;
	p->error[FWD_PROBE_MD5] = try_md5(0);
	p->error[FWD_PROBE_GTSM] = try_gtsm();
	p->error[FWD_PROBE_NETNS] = netns_enter();
	if (p->error[FWD_PROBE_NETNS] || fwd_ctl_open(&p->ctl))
		return;
	if (fwd_ctl_veth_add(&p->ctl, PROBE_PORT, PROBE_PEER) == 0)
		p->port = (int)if_nametoindex(PROBE_PORT);
	if (p->port)
		fwd_ctl_link_up(&p->ctl, (int)if_nametoindex(PROBE_PEER), true);
	p->error[FWD_PROBE_VRF] = try_vrf(p);
	p->error[FWD_PROBE_MPLS] = try_mpls(p);
	p->error[FWD_PROBE_INPUT] = try_input(p);
	p->error[FWD_PROBE_ENCAP] = try_encap(p);
	p->error[FWD_PROBE_NEXTHOP] = try_nexthop(p);
	p->error[FWD_PROBE_GUARD] = try_guard(p);
	p->error[FWD_PROBE_SOURCE] = try_source(p);
	p->error[FWD_PROBE_MD5_VRF] = p->vrf ? try_md5(p->vrf) : -ENODEV;
}

void fwd_probe(struct fwd_caps *out)
{
	struct probe p = {0};
	int pipe_fd[2];

	memcpy(out->rows, rows, sizeof(rows));
	CHECK(pipe2(pipe_fd, O_CLOEXEC) == 0);
	pid_t pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		probe_child(&p);
		ssize_t n = write(pipe_fd[1], p.error, sizeof(p.error));
		_exit(n != sizeof(p.error));
	}
	close(pipe_fd[1]);
	ssize_t n = read(pipe_fd[0], p.error, sizeof(p.error));
	close(pipe_fd[0]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	out->pe = true;
	for (int i = 0; i < FWD_PROBE_N; i++) {
		struct fwd_probe_row *r = &out->rows[i];
		r->tried = n == sizeof(p.error) && p.error[i] <= 0;
		r->ok = r->tried && p.error[i] == 0;
		r->error = r->tried ? -p.error[i] : 0;
		out->pe = out->pe && (r->ok || !r->needed);
	}
}

static void print_row(const struct fwd_probe_row *r, FILE *to)
{
	fprintf(to, "%-8s %-16s %s",
		r->ok	   ? "ok"
		: r->tried ? "missing"
			   : "unknown",
		r->name, r->what);
	if (!r->ok && r->tried)
		fprintf(to, ": %s", strerror(r->error));
	if (!r->ok && r->remedy)
		fprintf(to, "\n%-25s try: %s", "", r->remedy);
	fputc('\n', to);
}

static void print_json(const struct fwd_caps *caps, FILE *to)
{
	fprintf(to, "{\"pe\":%s,\"rows\":[", caps->pe ? "true" : "false");
	for (int i = 0; i < FWD_PROBE_N; i++) {
		const struct fwd_probe_row *r = &caps->rows[i];
		fprintf(to,
			"%s{\"name\":\"%s\",\"state\":\"%s\",\"needed\":%s,\"errno\":%d,"
			"\"remedy\":",
			i ? "," : "", r->name,
			r->ok	   ? "ok"
			: r->tried ? "missing"
				   : "unknown",
			r->needed ? "true" : "false", r->error);
		if (r->remedy && !r->ok)
			fprintf(to, "\"%s\"}", r->remedy);
		else
			fputs("null}", to);
	}
	fputs("]}\n", to);
}

void fwd_probe_print(const struct fwd_caps *caps, bool json, FILE *to)
{
	if (json) {
		print_json(caps, to);
		return;
	}
	for (int i = 0; i < FWD_PROBE_N; i++)
		print_row(&caps->rows[i], to);
	fputs(caps->pe ? "this kernel can be a PE\n" : "this kernel cannot be a PE as it stands\n",
		to);
}

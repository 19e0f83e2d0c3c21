/* Devices, their addresses, and what stands at their ingress. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "audit/collect.h"
#include "mplsfwd/ctl.h"

/* A program's name, by its number; "" where the kernel does not say. */
static void program_name(struct audit_program *p)
{
	union bpf_attr attr = {0};
	struct bpf_prog_info info = {0};

	attr.prog_id = p->id;
	int fd = (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));
	if (fd < 0)
		return;
	attr = (union bpf_attr){0};
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uint64_t)(uintptr_t)&info;
	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) == 0)
		snprintf(p->name, sizeof(p->name), "%.*s", (int)sizeof(p->name) - 1, info.name);
	close(fd);
}

static void info_see(struct audit_link *l, struct nlattr *linkinfo)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *data[64];

	if (!linkinfo || nla_parse_nested(info, IFLA_INFO_MAX, linkinfo, NULL) < 0 ||
		!info[IFLA_INFO_KIND])
		return;
	nla_strlcpy(l->kind, info[IFLA_INFO_KIND], sizeof(l->kind));
	if (!info[IFLA_INFO_DATA] || nla_parse_nested(data, 63, info[IFLA_INFO_DATA], NULL) < 0)
		return;
	if (strcmp(l->kind, "vrf") == 0 && data[IFLA_VRF_TABLE])
		l->vrf_table = nla_get_u32(data[IFLA_VRF_TABLE]);
	if (strcmp(l->kind, "vlan") == 0 && data[IFLA_VLAN_ID])
		l->vid = nla_get_u16(data[IFLA_VLAN_ID]);
}

static void xdp_see(struct audit_link *l, struct nlattr *xdp)
{
	struct nlattr *a[IFLA_XDP_MAX + 1];

	if (!xdp || nla_parse_nested(a, IFLA_XDP_MAX, xdp, NULL) < 0)
		return;
	const int ids[] = {
		IFLA_XDP_PROG_ID, IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID};
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && !l->xdp.id; i++)
		if (a[ids[i]])
			l->xdp.id = nla_get_u32(a[ids[i]]);
	if (l->xdp.id)
		program_name(&l->xdp);
}

static void link_see(void *arg, const struct nlmsghdr *h)
{
	const struct ifinfomsg *i = nlmsg_data(h);
	struct nlattr *a[IFLA_MAX + 1];

	if (h->nlmsg_type != RTM_NEWLINK ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*i), a, IFLA_MAX, NULL) < 0)
		return;
	struct audit_link *l = audit_snapshot_add_link(arg);
	l->ifindex = (uint32_t)i->ifi_index;
	l->flags = i->ifi_flags;
	l->master = a[IFLA_MASTER] ? nla_get_u32(a[IFLA_MASTER]) : 0;
	if (a[IFLA_LINK] && !a[IFLA_LINK_NETNSID])
		l->lower = nla_get_u32(a[IFLA_LINK]);
	l->ours = a[IFLA_IFALIAS] && nla_strcmp(a[IFLA_IFALIAS], FWD_CTL_ALIAS) == 0;
	if (a[IFLA_IFNAME])
		nla_strlcpy(l->name, a[IFLA_IFNAME], sizeof(l->name));
	if (a[IFLA_ADDRESS] && nla_len(a[IFLA_ADDRESS]) == (int)sizeof(l->mac))
		memcpy(l->mac, nla_data(a[IFLA_ADDRESS]), sizeof(l->mac));
	info_see(l, a[IFLA_LINKINFO]);
	xdp_see(l, a[IFLA_XDP]);
}

static void address_see(void *arg, const struct nlmsghdr *h)
{
	const struct ifaddrmsg *i = nlmsg_data(h);
	struct nlattr *a[IFA_MAX + 1];

	if (h->nlmsg_type != RTM_NEWADDR ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*i), a, IFA_MAX, NULL) < 0)
		return;
	struct nlattr *own = a[IFA_LOCAL] ? a[IFA_LOCAL] : a[IFA_ADDRESS];
	uint8_t af = i->ifa_family == AF_INET ? IP_V4 : i->ifa_family == AF_INET6 ? IP_V6 : IP_NONE;
	if (!own || af == IP_NONE || nla_len(own) != ip_af_bits(af) / 8)
		return;
	struct audit_address *new = audit_snapshot_add_address(arg);
	new->ifindex = i->ifa_index;
	new->prefix = (struct ip_prefix){.addr.af = af, .len = i->ifa_prefixlen};
	memcpy(new->prefix.addr.o, nla_data(own), (size_t)nla_len(own));
}

/* A filter is told once for itself and once for what it holds (handle): the one with a handle counts. */
static void filter_see(void *arg, const struct nlmsghdr *h)
{
	struct audit_snapshot *s = arg;
	const struct tcmsg *t = nlmsg_data(h);
	struct nlattr *a[TCA_MAX + 1], *o[TCA_BPF_MAX + 1];

	if (h->nlmsg_type != RTM_NEWTFILTER || !t->tcm_handle ||
		nlmsg_parse((struct nlmsghdr *)h, sizeof(*t), a, TCA_MAX, NULL) < 0 || !a[TCA_KIND])
		return;
	struct audit_filter *f = audit_snapshot_add_filter(s);
	f->ifindex = (uint32_t)t->tcm_ifindex;
	f->pref = t->tcm_info >> 16;
	nla_strlcpy(f->kind, a[TCA_KIND], sizeof(f->kind));
	if (strcmp(f->kind, "bpf") || !a[TCA_OPTIONS] ||
		nla_parse_nested(o, TCA_BPF_MAX, a[TCA_OPTIONS], NULL) < 0)
		return;
	if (o[TCA_BPF_NAME])
		nla_strlcpy(f->program.name, o[TCA_BPF_NAME], sizeof(f->program.name));
	if (o[TCA_BPF_ID]) {
		f->program.id = nla_get_u32(o[TCA_BPF_ID]);
		program_name(&f->program); /* what the kernel calls it, not what its loader did */
	}
}

static int filters_get(struct audit_snapshot *s, struct fwd_ctl *c, uint32_t ifindex)
{
	struct tcmsg t = {.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)};
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETTFILTER, 0);

	if (!m)
		return -ENOMEM;
	nlmsg_append(m, &t, sizeof(t), NLMSG_ALIGNTO);
	return fwd_ctl_dump_msg(c, m, filter_see, s);
}

int audit_collect_links(struct audit_snapshot *s, struct fwd_ctl *c)
{
	int err = fwd_ctl_dump(c, RTM_GETLINK, AF_UNSPEC, link_see, s);

	err = err ? err : fwd_ctl_dump(c, RTM_GETADDR, AF_UNSPEC, address_see, s);
	for (size_t i = 0; !err && i < s->n_links; i++)
		s->links[i].filters_known = filters_get(s, c, s->links[i].ifindex) == 0;
	return err;
}

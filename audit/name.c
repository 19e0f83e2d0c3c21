/* Names of things, as findings say them. */
#include <stdio.h>
#include <string.h>

#include "audit/check.h"

#define IS_UP 1u /* IFF_UP */

const char *audit_protocol_name(uint8_t protocol, char out[AUDIT_PROTOCOL_STRLEN])
{
	/* rtnetlink's numbers and iproute2's rt_protos; 82 is ours */
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = {{0, "hand (no number)"}, {1, "an ICMP redirect"}, {2, "the kernel"},
		{3, "hand (boot)"}, {4, "hand (static)"}, {9, "an IPv6 router (RA)"},
		{11, "zebra (FRR)"}, {12, "bird"}, {16, "dhcp"}, {42, "babel"}, {82, "ravelin"},
		{84, "OpenBGPD"}, {186, "bgp (FRR)"}, {187, "isis (FRR)"}, {188, "ospf (FRR)"},
		{189, "rip (FRR)"}, {192, "eigrp (FRR)"}, {193, "ldp (FRR)"}, {194, "sharp (FRR)"},
		{195, "pbr (FRR)"}, {196, "static (FRR)"}, {197, "openfabric (FRR)"},
		{198, "srte (FRR)"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == protocol)
			return names[i].name;
	snprintf(out, AUDIT_PROTOCOL_STRLEN, "protocol %u", protocol);
	return out;
}

const char *audit_device_name(const struct audit_snapshot *s, uint32_t ifindex)
{
	const struct audit_link *l = audit_link_at(s, ifindex);
	return l ? l->name : "no device";
}

const char *audit_role_name(enum audit_role role)
{
	static const char *const names[] = {[AUDIT_ROLE_UNKNOWN] = "unknown device",
		[AUDIT_ROLE_CORE] = "core port",
		[AUDIT_ROLE_ACCESS] = "access port",
		[AUDIT_ROLE_MANAGEMENT] = "management port",
		[AUDIT_ROLE_TRUNK] = "trunk of ports",
		[AUDIT_ROLE_VRF] = "VRF device",
		[AUDIT_ROLE_INERT] = "loopback"};
	return names[role];
}

static const char *const device_sysctls[AUDIT_DEVICE_SYSCTLS][2] = {
	[AUDIT_MPLS_INPUT] = {"net/mpls/conf/", "/input"},
	[AUDIT_FORWARDING] = {"net/ipv4/conf/", "/forwarding"},
	[AUDIT_RP_FILTER] = {"net/ipv4/conf/", "/rp_filter"},
	[AUDIT_ACCEPT_REDIRECTS] = {"net/ipv4/conf/", "/accept_redirects"},
	[AUDIT_SEND_REDIRECTS] = {"net/ipv4/conf/", "/send_redirects"},
	[AUDIT_SOURCE_ROUTE] = {"net/ipv4/conf/", "/accept_source_route"},
	[AUDIT_PROXY_ARP] = {"net/ipv4/conf/", "/proxy_arp"},
	[AUDIT_FORWARDING6] = {"net/ipv6/conf/", "/forwarding"},
};

const char *audit_sysctl_path(
	enum audit_device_sysctl i, const char *device, char out[AUDIT_SYSCTL_STRLEN])
{
	snprintf(out, AUDIT_SYSCTL_STRLEN, "%s%s%s", device_sysctls[i][0], device,
		device_sysctls[i][1]);
	return out;
}

const char *audit_sysctl_print(
	enum audit_device_sysctl i, const char *device, char out[AUDIT_SYSCTL_STRLEN])
{
	audit_sysctl_path(i, device, out);
	for (char *p = out; *p && !strchr(device, '.'); p++)
		if (*p == '/')
			*p = '.';
	return out;
}

const char *audit_sysctl_global(enum audit_sysctl i)
{
	static const char *const paths[AUDIT_SYSCTLS] = {
		[AUDIT_PLATFORM_LABELS] = "net/mpls/platform_labels",
		[AUDIT_TTL_PROPAGATE] = "net/mpls/ip_ttl_propagate",
		[AUDIT_IP_FORWARD] = "net/ipv4/ip_forward",
		[AUDIT_TCP_L3MDEV] = "net/ipv4/tcp_l3mdev_accept",
		[AUDIT_UDP_L3MDEV] = "net/ipv4/udp_l3mdev_accept",
		[AUDIT_RAW_L3MDEV] = "net/ipv4/raw_l3mdev_accept",
	};
	return paths[i];
}

/* include/linux/inetdevice.h: IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_ANDCONF, IN_DEV_RX_REDIRECTS */
int audit_sysctl_effective(
	const struct audit_snapshot *s, const struct audit_link *l, enum audit_device_sysctl i)
{
	int own = l->sysctl[i], all = s->all[i];

	if (own == AUDIT_ABSENT || all == AUDIT_ABSENT)
		return own;
	switch (i) {
	case AUDIT_RP_FILTER:
		return own > all ? own : all;
	case AUDIT_SEND_REDIRECTS:
	case AUDIT_PROXY_ARP:
		return own || all;
	case AUDIT_SOURCE_ROUTE:
		return own && all;
	case AUDIT_ACCEPT_REDIRECTS:
		return l->sysctl[AUDIT_FORWARDING] == 1 ? own && all : own || all;
	default:
		return own;
	}
}

char *audit_route_print(const struct audit_route *r, char out[AUDIT_ROUTE_STRLEN])
{
	char prefix[IP_PREFIX_STRLEN];

	if (r->kind == AUDIT_MPLS)
		snprintf(out, AUDIT_ROUTE_STRLEN, "label %u", r->label);
	else
		snprintf(out, AUDIT_ROUTE_STRLEN, "%s table %u",
			ip_prefix_print(&r->prefix, prefix), r->table);
	return out;
}

bool audit_link_is_up(const struct audit_link *l)
{
	return l->flags & IS_UP;
}

int audit_link_vrf(const struct audit_run *r, const struct audit_link *l)
{
	const struct audit_link *m = l->master ? audit_link_at(r->s, l->master) : NULL;
	return m && m->vrf_table ? audit_intent_vrf(r->in, m->name) : -1;
}

enum audit_role audit_role_at(const struct audit_run *r, uint32_t ifindex)
{
	const struct audit_link *l = audit_link_at(r->s, ifindex);
	return l ? r->roles[l - r->s->links] : AUDIT_ROLE_UNKNOWN;
}

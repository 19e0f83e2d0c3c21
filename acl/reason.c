#include "acl/reason.h"

#include <stddef.h>
#include <string.h>

struct reason {
	const char *name, *clause, *text;
};

static const struct reason reasons[ACL_REASONS] = {
	[ACL_PASS] = {"pass", "", "passed"},
	[ACL_PORT_NOT_BOUND] = {"port_not_bound", "RFC 4381 3.1", "port that is closed"},
	[ACL_MALFORMED] = {"malformed", "RFC 1812 5.2.2, RFC 1858 3",
		"packet cut short, or lengths that lie"},
	[ACL_L2_TAG_DEPTH] = {"l2_tag_depth", "RFC 4381 3.4",
		"more VLAN tags than are looked through"},
	[ACL_MPLS_NOT_ENABLED] = {"mpls_not_enabled", "RFC 4364 6, RFC 4381 3.4",
		"labelled packet from a customer"},
	[ACL_L2_VLAN_NOT_AGREED] = {"l2_vlan_not_agreed", "RFC 4381 6",
		"VLAN that is not this port's"},
	[ACL_L2_PRIO_TAG] = {"l2_prio_tag", "RFC 4381 6", "priority tag (VID 0)"},
	[ACL_MAC_SPOOF] = {"mac_spoof", "RFC 4381 6",
		"MAC address of a group, of ours or of another neighbour as the source"},
	[ACL_RA_FROM_CE] = {"ra_from_ce", "RFC 6105 3", "IPv6 router advertisement or redirect"},
	[ACL_DHCP_SERVER] = {"dhcp_server", "RFC 2131 7",
		"DHCP server's message from where there is none"},
	[ACL_ETHERTYPE_NOT_ALLOWED] = {"ethertype_not_allowed", "RFC 4381 6",
		"neither IPv4 nor ARP"},
	[ACL_ARP_SPOOF] = {"arp_spoof", "RFC 4381 6", "ARP sender that is not who it says"},
	[ACL_MARTIAN] = {"martian", "RFC 1812 5.3.7", "address that no packet on a link may have"},
	[ACL_IP_OPTIONS] = {"ip_options", "RFC 7126 4",
		"IP options that route, record, or go to the router"},
	[ACL_ICMP_REDIRECT] = {"icmp_redirect", "RFC 1812 4.3.3.2", "ICMP redirect"},
	[ACL_ARP_TARGET] = {"arp_target", "RFC 4381 3.2",
		"ARP request for an address that is not ours"},
	[ACL_URPF] = {"urpf", "RFC 2827 3, RFC 3704 2",
		"source that does not belong behind this port"},
	[ACL_INFRA_DST] = {"infra_dst", "RFC 4381 3.2", "packet to the provider's infrastructure"},
	[ACL_TUNNEL_ENDPOINT] = {"tunnel_endpoint", "RFC 4023 8, RFC 7510 6",
		"tunnel to us or to the infrastructure"},
	[ACL_FRAG_TO_CTRL] = {"frag_to_ctrl", "RFC 6192 3", "fragment to the router itself"},
	[ACL_GTSM] = {"gtsm", "RFC 5082 3", "neighbour's packet that came from farther away"},
	[ACL_CTRL_ACL] = {"ctrl_acl", "RFC 4381 3.3, RFC 6192 3",
		"packet to the router itself that nobody asked for"},
	[ACL_CTRL_RATE] = {"ctrl_rate", "RFC 6192 3", "too many packets to the router itself"},
	[ACL_ARP_RATE] = {"arp_rate", "RFC 6192 3", "too many ARP packets"},
	[ACL_ICMP_RATE] = {"icmp_rate", "RFC 6192 3", "too many ICMP packets to the router itself"},
	[ACL_FLOW_RATE] = {"flow_rate", "RFC 6192 3",
		"too many new connections to the router itself"},
	[ACL_LABEL_RESERVED] = {"label_reserved", "RFC 4364 10, RFC 3032 2.1",
		"reserved label, or a stack where one label must be"},
	[ACL_LABEL_NOT_DISTRIBUTED] = {"label_not_distributed", "RFC 4364 10, RFC 4364 13.1",
		"label that this neighbour was not given"},
	[ACL_RULE_DROP] = {"rule_drop", "RFC 8519 4.1", "dropped by an own rule"},
};

static const struct reason *reason_of(enum acl_reason r)
{
	static const struct reason unknown = {"?", "?", "?"};

	return (unsigned)r < ACL_REASONS ? &reasons[r] : &unknown;
}

const char *acl_reason_name(enum acl_reason r)
{
	return reason_of(r)->name;
}

const char *acl_reason_clause(enum acl_reason r)
{
	return reason_of(r)->clause;
}

const char *acl_reason_text(enum acl_reason r)
{
	return reason_of(r)->text;
}

enum acl_reason acl_reason_find(const char *name)
{
	for (unsigned r = 0; r < ACL_REASONS; r++)
		if (strcmp(reasons[r].name, name) == 0)
			return (enum acl_reason)r;
	return ACL_REASONS;
}

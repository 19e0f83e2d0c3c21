#include <criterion/criterion.h>

#include "acl/reason.h"
#include "lib/check.h"
#include "tests/unit/acl/shots.h"

#define IP    ACL_ETH_IPV4
#define ARP   ACL_ETH_ARP
#define IPV6  ACL_ETH_IPV6
#define MPLS  ACL_ETH_MPLS
#define MCAST ACL_ETH_MPLS_MULTICAST
#define TAG(vid)                                                                                   \
	{                                                                                          \
		ACL_ETH_VLAN, vid                                                                  \
	}
#define QTAG(vid)                                                                                  \
	{                                                                                          \
		0x88a8, vid                                                                        \
	}
#define TO_US .src = CE, .dst = PE
#define TCP   .protocol = ACL_IP_TCP
#define ICMP  .protocol = ACL_IP_ICMP

/* What a shot at an access port comes to; and, if off is not 0, what with that protection switched off. */
struct step {
	const char *name;
	struct shot shot;
	enum acl_reason want;
	unsigned off;
	enum acl_reason then;
};

static const struct step l2_steps[] = {
	{"1: nothing special", {0}, ACL_PASS, 0, 0},
	{"1: eight tags",
		{.tags = {TAG(0), QTAG(0), {0x9100, 0}, {0x9200, 0}, {0x9300, 0}, TAG(0), TAG(0),
			 TAG(0)}},
		ACL_L2_PRIO_TAG, ACL_OFF_TAGS, ACL_PASS},
	{"1: nine tags",
		{.tags = {TAG(0), QTAG(0), {0x9100, 0}, {0x9200, 0}, {0x9300, 0}, TAG(0), TAG(0),
			 TAG(0), TAG(0)}},
		ACL_L2_TAG_DEPTH, ACL_OFF_TAGS, ACL_L2_TAG_DEPTH},
	{"2: labelled", {.type = MPLS, .labels = {100}}, ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: upstream-assigned", {.type = MCAST, .labels = {100}}, ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: explicit null to the core", {.type = MPLS, .labels = {SHOT_NULL}, .dst = INFRA},
		ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: IPv6 explicit null", {.type = MPLS, .labels = {2}}, ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: router alert, entropy, two labels", {.type = MPLS, .labels = {1, 7, 100, 200}},
		ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: one priority tag", {.type = MPLS, .tags = {TAG(0)}, .labels = {100}},
		ACL_MPLS_NOT_ENABLED, ACL_OFF_TAGS, ACL_MPLS_NOT_ENABLED},
	{"2: two", {.type = MPLS, .tags = {TAG(0), TAG(0)}, .labels = {100}}, ACL_MPLS_NOT_ENABLED,
		ACL_OFF_TAGS, ACL_MPLS_NOT_ENABLED},
	{"2: three", {.type = MPLS, .tags = {TAG(0), TAG(0), TAG(0)}, .labels = {100}},
		ACL_MPLS_NOT_ENABLED, ACL_OFF_TAGS, ACL_MPLS_NOT_ENABLED},
	{"2: 88a8 and 8100", {.type = MPLS, .tags = {QTAG(0), TAG(0)}, .labels = {100}},
		ACL_MPLS_NOT_ENABLED, ACL_OFF_TAGS, ACL_MPLS_NOT_ENABLED},
	{"2: multicast behind 9100", {.type = MCAST, .tags = {{0x9100, 0}}, .labels = {100}},
		ACL_MPLS_NOT_ENABLED, ACL_OFF_TAGS, ACL_MPLS_NOT_ENABLED},
	{"2: foreign VLAN", {.type = MPLS, .tags = {TAG(5)}, .labels = {100}}, ACL_MPLS_NOT_ENABLED,
		0, 0},
	{"2: eight tags",
		{.type = MPLS,
			.tags = {TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0)},
			.labels = {100}},
		ACL_MPLS_NOT_ENABLED, 0, 0},
	{"2: nine tags",
		{.type = MPLS,
			.tags = {TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0), TAG(0),
				TAG(0)},
			.labels = {100}},
		ACL_L2_TAG_DEPTH, ACL_OFF_TAGS, ACL_L2_TAG_DEPTH},
	{"3: VLAN", {.tags = {TAG(5)}}, ACL_L2_VLAN_NOT_AGREED, ACL_OFF_TAGS,
		ACL_L2_VLAN_NOT_AGREED},
	{"3: VLAN that a trunk would carry", {.tags = {TAG(100)}}, ACL_L2_VLAN_NOT_AGREED, 0, 0},
	{"3: VLAN 4095", {.tags = {TAG(4095)}}, ACL_L2_VLAN_NOT_AGREED, 0, 0},
	{"3: VLAN 1 of 9200", {.tags = {{0x9200, 1}}}, ACL_L2_VLAN_NOT_AGREED, 0, 0},
	{"3: priority tag over a VLAN", {.tags = {TAG(0), TAG(5)}}, ACL_L2_VLAN_NOT_AGREED,
		ACL_OFF_TAGS, ACL_L2_VLAN_NOT_AGREED},
	{"3: priority tag, with a priority", {.tags = {TAG(0xe000)}}, ACL_L2_PRIO_TAG, ACL_OFF_TAGS,
		ACL_PASS},
	{"3: priority tags", {.tags = {QTAG(0), TAG(0)}}, ACL_L2_PRIO_TAG, ACL_OFF_TAGS, ACL_PASS},
	{"4: from a group", {.mac = SHOT_GROUP}, ACL_MAC_SPOOF, 0, 0},
	{"4: from everybody", {.mac = SHOT_BROADCAST}, ACL_MAC_SPOOF, 0, 0},
	{"4: from us", {.mac = SHOT_OURS}, ACL_MAC_SPOOF, 0, 0},
	{"4: from another", {.mac = SHOT_CE_2}, ACL_PASS, 0, 0},
	{"5: router advertisement", {.type = IPV6, .protocol = 58, .icmp_type = 134},
		ACL_RA_FROM_CE, 0, 0},
	{"5: IPv6 redirect", {.type = IPV6, .protocol = 58, .icmp_type = 137}, ACL_RA_FROM_CE, 0,
		0},
	{"5: neighbour solicitation", {.type = IPV6, .protocol = 58, .icmp_type = 135},
		ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
	{"5: DHCPv6 server", {.type = IPV6, .protocol = 17, .sport = 547, .dport = 546},
		ACL_DHCP_SERVER, ACL_OFF_DHCP, ACL_ETHERTYPE_NOT_ALLOWED},
	{"5: DHCPv6 client", {.type = IPV6, .protocol = 17, .sport = 546, .dport = 547},
		ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
	{"5: IPv6, TCP from 547", {.type = IPV6, .protocol = 6, .sport = 547},
		ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
	{"5: pause", {.type = 0x8808}, ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
	{"5: LLDP", {.type = 0x88cc}, ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
	{"5: spanning tree (a length)", {.type = 38}, ACL_ETHERTYPE_NOT_ALLOWED, 0, 0},
};

static const struct step ip_steps[] = {
	{"6: padding", {.padding = 26}, ACL_PASS, 0, 0},
	{"6: version 6", {.first = 0x65}, ACL_MALFORMED, 0, 0},
	{"6: header of 16 octets", {.first = 0x44}, ACL_MALFORMED, 0, 0},
	{"6: header longer than the packet", {.first = 0x4f}, ACL_MALFORMED, 0, 0},
	{"6: header longer than the total length", {.first = 0x46, .lie = -8, .padding = 20},
		ACL_MALFORMED, 0, 0},
	{"6: total length one too long", {.lie = 1}, ACL_MALFORMED, 0, 0},
	{"6: ... which padding covers", {.lie = 1, .padding = 1}, ACL_PASS, 0, 0},
	{"6: total length below the header", {.lie = -9}, ACL_MALFORMED, 0, 0},
	{"6: from 0.0.0.0", {.src = ZERO_ADDR}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 0.0.0.1", {.src = 1}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 127.0.0.1", {.src = 0x7f000001}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 126.255.255.255", {.src = 0x7effffff}, ACL_URPF, 0, 0},
	{"6: from 169.254.1.1", {.src = 0xa9fe0101}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 169.253.1.1", {.src = 0xa9fd0101}, ACL_URPF, 0, 0},
	{"6: from 169.255.1.1", {.src = 0xa9ff0101}, ACL_URPF, 0, 0},
	{"6: from 224.0.0.1", {.src = 0xe0000001}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 223.255.255.255", {.src = 0xdfffffff}, ACL_URPF, 0, 0},
	{"6: from 240.0.0.1", {.src = 0xf0000001}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: from 255.255.255.255", {.src = 0xffffffff}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_URPF},
	{"6: to 0.0.0.0", {.dst = ZERO_ADDR}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"6: to 127.0.0.1", {.dst = 0x7f000001}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"6: to 169.254.169.254", {.dst = 0xa9fea9fe}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"6: to 240.0.0.1", {.dst = 0xf0000001}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"6: to 255.255.255.254", {.dst = 0xfffffffe}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"6: to 255.255.255.255 is to the router", {.dst = 0xffffffff}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"6: loose source route", {SHOT_OPTS("\x83\x07\x04\x0a\xff\x00\x03\x00")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: strict source route", {SHOT_OPTS("\x89\x07\x04\x0a\xff\x00\x03\x00")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: record route", {SHOT_OPTS("\x07\x07\x04\x00\x00\x00\x00\x00")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: timestamp", {SHOT_OPTS("\x44\x08\x05\x00\x00\x00\x00\x00")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: source route behind others", {SHOT_OPTS("\x01\x94\x04\x00\x00\x01\x83\x03\x04")},
		ACL_IP_OPTIONS, ACL_OFF_OPTIONS, ACL_PASS},
	{"6: source route behind the end", {SHOT_OPTS("\x01\x00\x83\x03\x04")}, ACL_PASS, 0, 0},
	{"6: source route in another's octets", {SHOT_OPTS("\x94\x06\x83\x03\x04\x00")}, ACL_PASS,
		0, 0},
	{"6: router alert in transit", {SHOT_OPTS("\x94\x04\x00\x00")}, ACL_PASS, 0, 0},
	{"6: option of length 0", {SHOT_OPTS("\x94\x00\x00\x00")}, ACL_IP_OPTIONS, ACL_OFF_OPTIONS,
		ACL_PASS},
	{"6: option of length 1", {SHOT_OPTS("\x94\x01\x00\x00")}, ACL_IP_OPTIONS, ACL_OFF_OPTIONS,
		ACL_PASS},
	{"6: option without length", {SHOT_OPTS("\x01\x01\x01\x94")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: option beyond the header", {SHOT_OPTS("\x94\x05\x00\x00")}, ACL_IP_OPTIONS,
		ACL_OFF_OPTIONS, ACL_PASS},
	{"6: forty octets of them",
		{SHOT_OPTS("\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
			   "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
			   "\x01\x01\x01\x83\x03\x04")},
		ACL_IP_OPTIONS, ACL_OFF_OPTIONS, ACL_PASS},
	{"6: UDP of 7 octets", {.cut = 1}, ACL_MALFORMED, 0, 0},
	{"6: ... and padding", {.cut = 1, .padding = 20}, ACL_MALFORMED, 0, 0},
	{"6: ... in a later fragment", {.cut = 1, .fragment = 2}, ACL_PASS, 0, 0},
	{"6: ... in a first fragment", {.cut = 1, .fragment = MORE_FRAGS}, ACL_MALFORMED, 0, 0},
	{"6: TCP of 19 octets", {TCP, .cut = 1}, ACL_MALFORMED, 0, 0},
	{"6: TCP of 20 octets", {TCP}, ACL_PASS, 0, 0},
	{"6: first fragment with 8 octets of TCP", {TCP, .cut = 12, .fragment = MORE_FRAGS},
		ACL_MALFORMED, 0, 0},
	{"6: fragment over TCP's flags", {TCP, .fragment = 1}, ACL_MALFORMED, 0, 0},
	{"6: fragment behind them", {TCP, .fragment = 3}, ACL_PASS, 0, 0},
	{"6: fragment of UDP with offset 1", {.fragment = 1}, ACL_PASS, 0, 0},
	{"6: ICMP of 7 octets", {ICMP, .cut = 1}, ACL_MALFORMED, 0, 0},
	{"6: ICMP of 8 octets", {ICMP}, ACL_PASS, 0, 0},
	{"6: other protocol without payload", {.protocol = 50, .cut = 8}, ACL_PASS, 0, 0},
	{"6: to a DHCP client", {.sport = 1, .dport = 68}, ACL_DHCP_SERVER, ACL_OFF_DHCP, ACL_PASS},
	{"6: reply to a relay", {.sport = 67, .dport = 67, .data = 2}, ACL_DHCP_SERVER,
		ACL_OFF_DHCP, ACL_PASS},
	{"6: reply that a relay passes on", {.sport = 67, .dport = 2000, .data = 2},
		ACL_DHCP_SERVER, ACL_OFF_DHCP, ACL_PASS},
	{"6: request of a relay", {.sport = 67, .dport = 67, .data = 1}, ACL_PASS, 0, 0},
	{"6: from 67 without a payload", {.sport = 67, .dport = 67, .padding = 4}, ACL_PASS, 0, 0},
	{"6: from 68", {.sport = 68, .dport = 67, .data = 2}, ACL_PASS, 0, 0},
	{"6: TCP to 68", {TCP, .dport = 68}, ACL_PASS, 0, 0},
	{"6: 68 in a later fragment", {.dport = 68, .fragment = 5}, ACL_PASS, 0, 0},
	{"6: DHCP reply as a first fragment", {.dport = 68, .fragment = MORE_FRAGS},
		ACL_DHCP_SERVER, ACL_OFF_DHCP, ACL_PASS},
	{"6: DHCP reply behind a tag", {.tags = {TAG(0)}, .dport = 68}, ACL_L2_PRIO_TAG,
		ACL_OFF_TAGS, ACL_DHCP_SERVER},
	{"6: redirect", {ICMP, .icmp_type = 5}, ACL_ICMP_REDIRECT, ACL_OFF_REDIRECT, ACL_PASS},
	{"6: redirect to us", {ICMP, .icmp_type = 5, TO_US}, ACL_ICMP_REDIRECT, ACL_OFF_REDIRECT,
		ACL_CTRL_ACL},
	{"6: source quench", {ICMP, .icmp_type = 4}, ACL_PASS, 0, 0},
	{"6: 5 in a later fragment of ICMP", {ICMP, .icmp_type = 5, .fragment = 9}, ACL_PASS, 0, 0},
};

static const struct step arp_steps[] = {
	{"7: request", {.type = ARP}, ACL_PASS, 0, 0},
	{"7: reply", {.type = ARP, .operation = 2}, ACL_PASS, 0, 0},
	{"7: padding", {.type = ARP, .padding = 18}, ACL_PASS, 0, 0},
	{"7: RARP", {.type = ARP, .operation = 3}, ACL_MALFORMED, ACL_OFF_ARP, ACL_MALFORMED},
	{"7: 27 octets", {.type = ARP, .cut = 1}, ACL_MALFORMED, ACL_OFF_ARP, ACL_MALFORMED},
	{"7: another hardware", {.type = ARP, .arp_break = 2}, ACL_MALFORMED, 0, 0},
	{"7: another protocol", {.type = ARP, .arp_break = 3}, ACL_MALFORMED, 0, 0},
	{"7: hardware length", {.type = ARP, .arp_break = 5}, ACL_MALFORMED, 0, 0},
	{"7: protocol length", {.type = ARP, .arp_break = 6}, ACL_MALFORMED, 0, 0},
	{"7: operation 256 and more", {.type = ARP, .arp_break = 7}, ACL_MALFORMED, 0, 0},
	{"7: says another MAC", {.type = ARP, .sender = SHOT_CE_2}, ACL_ARP_SPOOF, ACL_OFF_ARP,
		ACL_PASS},
	{"8a: probe for our address", {.type = ARP, .src = ZERO_ADDR}, ACL_PASS, 0, 0},
	{"8a: probe for another", {.type = ARP, .src = ZERO_ADDR, .dst = CE}, ACL_ARP_TARGET,
		ACL_OFF_ARP, ACL_PASS},
	{"8a: announcement", {.type = ARP, .src = CE, .dst = CE}, ACL_PASS, 0, 0},
	{"8a: announcement as a reply", {.type = ARP, .src = CE, .dst = CE, .operation = 2},
		ACL_PASS, 0, 0},
	{"8a: announces our address", {.type = ARP, .src = PE, .dst = PE}, ACL_ARP_SPOOF,
		ACL_OFF_ARP, ACL_PASS},
	{"8a: a host behind the link asks", {.type = ARP, .src = HERE}, ACL_PASS, 0, 0},
	{"8a: before its route is known", {.type = ARP, .src = NOBODY}, ACL_PASS, 0, 0},
	{"8a: it asks for another", {.type = ARP, .src = NOBODY, .dst = CE}, ACL_ARP_TARGET,
		ACL_OFF_ARP, ACL_PASS},
	{"8a: it answers", {.type = ARP, .src = HERE, .operation = 2}, ACL_ARP_SPOOF, ACL_OFF_ARP,
		ACL_PASS},
	{"8a: it announces itself", {.type = ARP, .src = NOBODY, .dst = NOBODY}, ACL_ARP_SPOOF,
		ACL_OFF_ARP, ACL_PASS},
	{"8a: asks for the core", {.type = ARP, .dst = INFRA}, ACL_ARP_TARGET, ACL_OFF_ARP,
		ACL_PASS},
	{"8a: asks for a neighbour", {.type = ARP, .dst = CE_2}, ACL_ARP_TARGET, ACL_OFF_ARP,
		ACL_PASS},
};

static const struct step destination_steps[] = {
	{"8b: from us", {.src = PE}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_PASS},
	{"8b: from us to us", {.src = PE, .dst = PE}, ACL_MARTIAN, ACL_OFF_MARTIANS, ACL_CTRL_ACL},
	{"8b: from nowhere", {.src = NOBODY}, ACL_URPF, 0, 0},
	{"8b: from another site", {.src = THERE, .dst = HERE}, ACL_URPF, 0, 0},
	{"8b: from the core", {.src = INFRA}, ACL_URPF, 0, 0},
	{"8b: to the core", {.dst = INFRA}, ACL_INFRA_DST, ACL_OFF_INFRASTRUCTURE, ACL_PASS},
	{"8b: ping to the core", {ICMP, .icmp_type = 8, .dst = INFRA}, ACL_INFRA_DST,
		ACL_OFF_INFRASTRUCTURE, ACL_PASS},
	{"8b: to a customer with the core's number", {.dst = REUSED}, ACL_PASS, 0, 0},
	{"8b: GRE to the core", {.protocol = 47, .dst = INFRA}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_TUNNELS, ACL_INFRA_DST},
	{"8b: ... other protection", {.protocol = 47, .dst = INFRA}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_INFRASTRUCTURE, ACL_TUNNEL_ENDPOINT},
	{"8b: ... both", {.protocol = 47, .dst = INFRA}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_INFRASTRUCTURE | ACL_OFF_TUNNELS, ACL_PASS},
	{"8b: GRE between customers", {.protocol = 47}, ACL_PASS, 0, 0},
	{"8b: MPLS-in-IP to the core", {.protocol = 137, .dst = INFRA}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_TUNNELS, ACL_INFRA_DST},
	{"8b: MPLS-in-UDP to the core", {.dport = 6635, .dst = INFRA}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_TUNNELS, ACL_INFRA_DST},
	{"8b: GRE to us", {.protocol = 47, TO_US}, ACL_TUNNEL_ENDPOINT, ACL_OFF_TUNNELS,
		ACL_CTRL_ACL},
	{"8b: ... anything else may come", {.protocol = 47, TO_US}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_CONTROL, ACL_TUNNEL_ENDPOINT},
	{"8b: ... both", {.protocol = 47, TO_US}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_CONTROL | ACL_OFF_TUNNELS, ACL_PASS},
	{"8b: GRE in a later fragment", {.protocol = 47, TO_US, .fragment = 8}, ACL_TUNNEL_ENDPOINT,
		ACL_OFF_TUNNELS, ACL_FRAG_TO_CTRL},
	{"8b: MPLS-in-IP to us", {.protocol = 137, TO_US}, ACL_TUNNEL_ENDPOINT, ACL_OFF_TUNNELS,
		ACL_CTRL_ACL},
	{"8b: MPLS-in-UDP to us", {.dport = 6635, TO_US}, ACL_TUNNEL_ENDPOINT, ACL_OFF_TUNNELS,
		ACL_CTRL_ACL},
	{"8b: MPLS-in-DTLS to us", {.dport = 6636, TO_US}, ACL_TUNNEL_ENDPOINT, ACL_OFF_TUNNELS,
		ACL_CTRL_ACL},
	{"8b: UDP to 6634", {.dport = 6634, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: TCP to 6635", {TCP, .dport = 6635, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: first fragment to us", {TO_US, ICMP, .icmp_type = 8, .fragment = MORE_FRAGS},
		ACL_FRAG_TO_CTRL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: later fragment to us", {TO_US, ICMP, .icmp_type = 8, .fragment = 100},
		ACL_FRAG_TO_CTRL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: what must not be fragmented", {TO_US, ICMP, .icmp_type = 8, .fragment = DONT_FRAG},
		ACL_PASS, 0, 0},
	{"8b: BGP in a fragment", {TO_US, TCP, .dport = 179, .ttl = 255, .fragment = MORE_FRAGS},
		ACL_FRAG_TO_CTRL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: fragment in transit", {.fragment = MORE_FRAGS}, ACL_PASS, 0, 0},
	{"8b: router alert to us", {TO_US, ICMP, .icmp_type = 8, SHOT_OPTS("\x94\x04\x00\x00")},
		ACL_IP_OPTIONS, ACL_OFF_OPTIONS, ACL_PASS},
	{"8b: no operation to us", {TO_US, ICMP, .icmp_type = 8, SHOT_OPTS("\x01\x01\x01\x01")},
		ACL_IP_OPTIONS, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: IGMP to a group",
		{.src = CE,
			.dst = 0xe0000016,
			.protocol = 2,
			.ttl = 1,
			SHOT_OPTS("\x94\x04\x00\x00")},
		ACL_IP_OPTIONS, ACL_OFF_OPTIONS, ACL_CTRL_ACL},
	{"8b: BGP to us", {TO_US, TCP, .dport = 179, .ttl = 255}, ACL_PASS, 0, 0},
	{"8b: BGP from its port", {TO_US, TCP, .sport = 179, .ttl = 255}, ACL_PASS, 0, 0},
	{"8b: BGP from farther", {TO_US, TCP, .dport = 179, .ttl = 254}, ACL_GTSM, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: BGP of another neighbour", {.src = CE_2, .dst = PE, TCP, .dport = 179, .ttl = 255},
		ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: BGP from the site", {.dst = PE, TCP, .dport = 179, .ttl = 255}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: UDP to 179", {TO_US, .dport = 179, .ttl = 255}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: LDP", {TO_US, TCP, .dport = 646, .ttl = 255}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: LDP hello", {.src = CE, .dst = 0xe0000002, .sport = 646, .dport = 646, .ttl = 1},
		ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: OSPF hello", {.src = CE, .dst = ALL_OSPF, .protocol = 89, .ttl = 1}, ACL_PASS, 0, 0},
	{"8b: OSPF to us, of another router", {.src = CE_2, .dst = PE, .protocol = 89, .ttl = 1},
		ACL_PASS, 0, 0},
	{"8b: OSPF of no router on the link", {.dst = ALL_OSPF, .protocol = 89, .ttl = 1},
		ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: RIP", {.src = CE, .dst = 0xe0000009, .sport = 520, .dport = 520, .ttl = 1}, ACL_PASS,
		0, 0},
	{"8b: from RIP's port to another",
		{.src = CE, .dst = 0xe0000009, .sport = 520, .dport = 521, .ttl = 1}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: VRRP", {.src = CE, .dst = 0xe0000012, .protocol = 112, .ttl = 255}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: BFD", {TO_US, .dport = 3784, .ttl = 255}, ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: mDNS", {.src = CE, .dst = 0xe00000fb, .dport = 5353}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: 239.255.255.255", {.src = CE, .dst = 0xefffffff}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: ping to us", {ICMP, .icmp_type = 8, .dst = PE}, ACL_PASS, 0, 0},
	{"8b: answer to us", {ICMP, .icmp_type = 0, .dst = PE}, ACL_PASS, 0, 0},
	{"8b: packet too big, for BGP", {ICMP, .icmp_type = 3, TO_US}, ACL_PASS, 0, 0},
	{"8b: time exceeded", {ICMP, .icmp_type = 11, TO_US}, ACL_PASS, 0, 0},
	{"8b: parameter problem", {ICMP, .icmp_type = 12, TO_US}, ACL_PASS, 0, 0},
	{"8b: source quench", {ICMP, .icmp_type = 4, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: router solicitation", {ICMP, .icmp_type = 10, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: timestamp request", {ICMP, .icmp_type = 13, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: address mask request", {ICMP, .icmp_type = 17, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: ICMP type 40, which is 8 modulo 32", {ICMP, .icmp_type = 40, TO_US}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: ICMP type 32, which is 0", {ICMP, .icmp_type = 32, TO_US}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: ping to a group", {ICMP, .icmp_type = 8, .dst = 0xe0000001}, ACL_CTRL_ACL,
		ACL_OFF_CONTROL, ACL_PASS},
	{"8b: SSH", {TCP, .dport = 22, TO_US}, ACL_CTRL_ACL, ACL_OFF_CONTROL, ACL_PASS},
	{"8b: traceroute to us", {.dport = 33434, TO_US, .ttl = 1}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: to our broadcast address", {.dst = BROADCAST}, ACL_CTRL_ACL, ACL_OFF_CONTROL,
		ACL_PASS},
	{"8b: to the CE's neighbour", {.dst = CE_2}, ACL_PASS, 0, 0},
};

static unsigned seen[ACL_REASONS];

static void check_step(const struct step *s)
{
	uint8_t frame[SHOT_MAX];
	struct acl_port p;
	size_t len = shot_make(&s->shot, frame);

	shot_port(&p, ACL_ROLE_ACCESS);
	enum acl_reason got = shot_judge(&p, frame, len).reason;
	cr_expect_eq(got, s->want, "%s: %s, not %s", s->name, acl_reason_name(got),
		acl_reason_name(s->want));
	seen[got]++;
	if (s->off) {
		p.consts.off = (uint16_t)s->off;
		got = shot_judge(&p, frame, len).reason;
		cr_expect_eq(got, s->then, "%s, switched off: %s, not %s", s->name,
			acl_reason_name(got), acl_reason_name(s->then));
	}
	/* Cut anywhere, it is never better; with every protection off it is read all the same. */
	for (size_t cut = 0; cut < len; cut++) {
		p.consts.off = 0;
		got = shot_judge(&p, frame, cut).reason;
		if (cut + s->shot.padding < len)
			cr_expect_neq(got, ACL_PASS, "%s, cut at %zu", s->name, cut);
		p.consts.off = UINT16_MAX;
		shot_judge(&p, frame, cut);
		p.consts.labels = ACL_LABELS_ADVERTISED;
		shot_judge(&p, frame, cut);
		p.consts.labels = ACL_LABELS_NONE;
	}
	acl_port_fini(&p);
}

#define CHECK_STEPS(list)                                                                          \
	do {                                                                                       \
		for (size_t i = 0; i < ARRAY_LEN(list); i++)                                       \
			check_step(&(list)[i]);                                                    \
	} while (0)

Test(steps, frames)
{
	CHECK_STEPS(l2_steps);
}

Test(steps, ipv4)
{
	CHECK_STEPS(ip_steps);
}

Test(steps, arp)
{
	CHECK_STEPS(arp_steps);
}

Test(steps, destinations)
{
	CHECK_STEPS(destination_steps);
}

Test(steps, every_reason_of_an_access_port_without_limits_and_tables_has_a_step)
{
	static const enum acl_reason elsewhere[] = {ACL_PORT_NOT_BOUND, ACL_CTRL_RATE, ACL_ARP_RATE,
		ACL_ICMP_RATE, ACL_FLOW_RATE, ACL_LABEL_RESERVED, ACL_LABEL_NOT_DISTRIBUTED,
		ACL_RULE_DROP};
	bool not_here[ACL_REASONS] = {false};

	CHECK_STEPS(l2_steps);
	CHECK_STEPS(ip_steps);
	CHECK_STEPS(arp_steps);
	CHECK_STEPS(destination_steps);
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
		not_here[elsewhere[i]] = true;
	for (unsigned r = 0; r < ACL_REASONS; r++)
		cr_expect_eq(seen[r] == 0, not_here[r], "%s", acl_reason_name(r));
}

/* XDP does steps 0 to 7: whatever decides there must not depend on tables, buckets or rules. */
Test(steps, what_is_stateless_says_so)
{
	static const struct {
		const struct step *list;
		size_t n;
	} all[] = {{l2_steps, ARRAY_LEN(l2_steps)}, {ip_steps, ARRAY_LEN(ip_steps)},
		{arp_steps, ARRAY_LEN(arp_steps)},
		{destination_steps, ARRAY_LEN(destination_steps)}};
	uint8_t frame[SHOT_MAX];
	struct acl_port p, bare;

	shot_port(&p, ACL_ROLE_ACCESS);
	acl_port_init(&bare);
	bare.consts = p.consts;
	bare.consts.n_services = 0;
	bare.consts.n_rules = 1;
	bare.consts.rules[0] = (struct acl_rule){.ttl_hi = UINT8_MAX, .len_hi = UINT16_MAX};
	for (size_t i = 0; i < ACL_BUCKETS; i++)
		bare.consts.police[i].interval_ns = 1;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		for (size_t k = 0; k < all[i].n; k++) {
			size_t len = shot_make(&all[i].list[k].shot, frame);
			struct acl_verdict v = shot_judge(&p, frame, len);
			struct acl_verdict b = shot_judge(&bare, frame, len);
			cr_expect_eq(v.stateless, b.stateless);
			cr_expect(!v.stateless || v.reason == b.reason, "%s", all[i].list[k].name);
			cr_expect(!v.stateless || v.reason < ACL_ARP_TARGET, "%s",
				all[i].list[k].name);
			cr_expect(v.reason < ACL_ARP_TARGET || !v.stateless);
			cr_expect(v.reason != ACL_PASS || !v.stateless);
		}
	acl_port_fini(&p);
}

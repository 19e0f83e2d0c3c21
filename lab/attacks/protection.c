/* What can be switched off, one thing at a time. */
#include "lab/attacks/protection.h"

#include "lib/check.h"

#define CE_X	       "vrfs[name=vrf-a].neighbors[name=ce-x]"
#define FRR_CE_X(line) "vtysh -c 'configure terminal' -c 'router bgp 65000 vrf vrf-a' -c '" line "'"
#define FRR_CORE(line) "vtysh -c 'configure terminal' -c 'router bgp 65000' -c '" line "'"
#define FRR_IPV4       "address-family ipv4 unicast' -c '"
#define FRR_VPN	       "address-family ipv4 vpn' -c '"

/* mplsfwd, which would put right what is switched off; bgpd, its child, goes on. */
#define HOLD		 "kill -STOP $(cat /run/ravelin/ravelin.pid)"
#define RELEASE		 "kill -CONT $(cat /run/ravelin/ravelin.pid)"
#define SET(file, value) "echo " value " >/proc/sys/net/" file

/* A second route, better than the right one and with its labels, whose TTL is the packet's. */
#define UNIFORM                                                                                    \
	"labels=$(ip nexthop show id $(ip route show table 1001 172.16.2.0/24 | "                  \
	"sed -n 's/.*nhid \\([0-9]*\\).*/\\1/p') | sed -n 's/.*encap mpls "                        \
	"*\\([0-9/]*\\).*/\\1/p'); "                                                               \
	"ip route add 172.16.2.0/24 table 1001 metric 1 encap mpls $labels via inet 10.0.1.2 dev " \
	"eth1"
#define L3MDEV(on)                                                                                 \
	"for i in tcp udp raw; do echo " on " >/proc/sys/net/ipv4/${i}_l3mdev_accept; done"
#define BROADCAST(on)                                                                              \
	"for i in all eth2 vrf-a; do echo " on " >/proc/sys/net/ipv4/conf/$i/bc_forwarding; done"

/* The other VPN's way to the same prefix. */
#define STRAY                                                                                      \
	"ip route add 172.16.2.0/24 table 1001 metric 1 nhid $(ip route show table 1002 "          \
	"172.16.2.0/24 | "                                                                         \
	"sed -n 's/.*nhid \\([0-9]*\\).*/\\1/p')"
#define FRR_VRF_A_IPV4(line)                                                                       \
	"vtysh -c 'configure terminal' -c 'router bgp 65000 vrf vrf-a' -c 'address-family ipv4 "   \
	"unicast' -c '" line "'"

static const struct attack_protection rows[ATTACK_OFF_N] = {
	[ATTACK_OFF_NONE] = {.name = "none"},
	[ATTACK_OFF_LABELS] = {.name = "label guard",
		.key = "ports[name=eth2].accept-labels",
		.value = "true",
		.frr_off = {"echo 1 >/proc/sys/net/mpls/conf/eth2/input"},
		.frr_on = {"echo 0 >/proc/sys/net/mpls/conf/eth2/input"}},
	[ATTACK_OFF_SOURCE] = {.name = "source guard",
		.key = "ports[name=eth2].guard.source",
		.value = "\"off\""},
	[ATTACK_OFF_CONTROL_PLANE] = {.name = "control plane guard",
		.key = "ports[name=eth2].guard.allow",
		.value = "[control-plane]"},
	[ATTACK_OFF_ROUTE_TARGETS] = {.name = "route target stripping",
		.key = "vrfs[name=vrf-a].neighbors[name=ce-x].keep-ce-route-targets",
		.value = "true"},
	[ATTACK_OFF_MD5] = {.name = "TCP-MD5",
		.key = CE_X ".password",
		.value = "",
		.frr_off = {FRR_CE_X("no neighbor 192.168.4.2 password CeXSecret")},
		.frr_on = {FRR_CE_X("neighbor 192.168.4.2 password CeXSecret")}},
	/* 254 hops: from nearly anywhere. Guard and socket ask for the same. */
	[ATTACK_OFF_GTSM] = {.name = "GTSM",
		.key = CE_X ".gtsm",
		.value = "254",
		.frr_off = {FRR_CE_X("neighbor 192.168.4.2 ttl-security hops 254")},
		.frr_on = {FRR_CE_X("neighbor 192.168.4.2 ttl-security hops 1")}},
	[ATTACK_OFF_POLICERS] = {.name = "rate limits",
		.key = "ports[name=eth4].guard.police",
		.value = "{control: 0, arp: 0, icmp: 0, new-flows: 0}"},
	[ATTACK_OFF_MAX_PREFIX] = {.name = "limit of prefixes of a neighbour",
		.key = CE_X ".max-prefix",
		.value = "",
		.frr_off = {FRR_CE_X(FRR_IPV4 "no neighbor 192.168.4.2 maximum-prefix")},
		.frr_on = {FRR_CE_X(FRR_IPV4 "neighbor 192.168.4.2 maximum-prefix 1000")}},
	[ATTACK_OFF_MAX_ROUTES] = {.name = "limit of routes of a VRF",
		.key = "vrfs[name=vrf-a].max-routes",
		.value = ""},
	[ATTACK_OFF_ROLE] = {.name = "role of a neighbour",
		.key = CE_X ".role",
		.value = "",
		.frr_off = {FRR_CE_X("no neighbor 192.168.4.2 local-role provider")},
		.frr_on = {FRR_CE_X("neighbor 192.168.4.2 local-role provider")}},
	[ATTACK_OFF_AS_LOOP] = {.name = "look for the own AS in paths",
		.key = CE_X ".allow-own-as",
		.value = "10",
		.frr_off = {FRR_CE_X(FRR_IPV4 "neighbor 192.168.4.2 allowas-in 10")},
		.frr_on = {FRR_CE_X(FRR_IPV4 "no neighbor 192.168.4.2 allowas-in")}},
	[ATTACK_OFF_AS_SET] = {.name = "refusal of AS_SET",
		.key = CE_X ".allow-as-set",
		.value = "true",
		.frr_off = {FRR_CE_X("no bgp reject-as-sets")},
		.frr_on = {FRR_CE_X("bgp reject-as-sets")}},
	[ATTACK_OFF_IMPORT_POLICY] = {.name = "need of an import policy",
		.key = "neighbors[name=new].import",
		.value = "accept-all",
		.frr_off = {FRR_CORE("no bgp ebgp-requires-policy")},
		.frr_on = {FRR_CORE("bgp ebgp-requires-policy")}},
	[ATTACK_OFF_FIRST_AS] = {.name = "check of the first AS",
		.key = CE_X ".allow",
		.value = "[first-as]",
		.frr_off = {FRR_CE_X("no neighbor 192.168.4.2 enforce-first-as")},
		.frr_on = {FRR_CE_X("neighbor 192.168.4.2 enforce-first-as")}},
	[ATTACK_OFF_NEXT_HOP] = {.name = "check of next hops",
		.key = CE_X ".allow",
		.value = "[next-hop]"},
	[ATTACK_OFF_MARTIAN_NLRI] = {.name = "refusal of martian prefixes",
		.key = CE_X ".allow",
		.value = "[martians]"},
	[ATTACK_OFF_STEERING] = {.name = "stripping of attributes that steer",
		.key = CE_X ".allow",
		.value = "[steering]"},
	[ATTACK_OFF_BLACKHOLES] = {.name = "ownership of what is blackholed",
		.key = CE_X ".allow",
		.value = "[blackholes]"},
	[ATTACK_OFF_FAMILIES] = {.name = "families that were agreed",
		.key = "neighbors[name=asbr].families",
		.value = "[ipv4-unicast, vpnv4, rt-constraint]",
		.frr_off = {FRR_CORE(FRR_VPN "neighbor 10.0.1.2 activate")},
		.frr_on = {FRR_CORE(FRR_VPN "no neighbor 10.0.1.2 activate")}},
	/* Two layers of one protection: what the list of martians lets in, the source check would still refuse. */
	[ATTACK_OFF_MARTIANS] = {.name = "martian sources",
		.key = "ports[name=eth2].guard",
		.value = "{source: \"off\", allow: [martians]}",
		.off = {"echo 1 >/proc/sys/net/ipv4/conf/eth2/accept_local",
			"echo 1 >/proc/sys/net/ipv4/conf/eth2/route_localnet"},
		.on = {"echo 0 >/proc/sys/net/ipv4/conf/eth2/accept_local",
			"echo 0 >/proc/sys/net/ipv4/conf/eth2/route_localnet"},
		.frr_off = {"echo 1 >/proc/sys/net/ipv4/conf/eth2/accept_local",
			"echo 1 >/proc/sys/net/ipv4/conf/eth2/route_localnet"},
		.frr_on = {"echo 0 >/proc/sys/net/ipv4/conf/eth2/accept_local",
			"echo 0 >/proc/sys/net/ipv4/conf/eth2/route_localnet"}},
	[ATTACK_OFF_BINDINGS] = {.name = "bindings of address and MAC",
		.key = "ports[name=eth6].guard.static-neighbors",
		.value = ""},
	/* turned round: what is legitimate, the control drops */
	[ATTACK_OFF_FEASIBLE] = {.name = "feasible paths",
		.key = "ports[name=eth4].guard.source",
		.value = "strict",
		.frr_off = {"echo 1 >/proc/sys/net/ipv4/conf/eth4/rp_filter"},
		.frr_on = {"echo 0 >/proc/sys/net/ipv4/conf/eth4/rp_filter"}},
	[ATTACK_OFF_UNBOUND] = {.name = "no binding, no way",
		.off = {"ip -f mpls route add 90000 dev vrf-b"},
		.on = {"ip -f mpls route del 90000 dev vrf-b"},
		.frr_off = {"ip -f mpls route add 90000 dev vrf-b"},
		.frr_on = {"ip -f mpls route del 90000 dev vrf-b"}},
	[ATTACK_OFF_OTHER_AS] = {.name = "labels that a neighbor was told",
		.key = "ports[name=eth7].labels",
		.value = "all"},
	/* the topology has the device, as if an operator had left it behind: what keeps its frames out is that nobody agreed on it */
	[ATTACK_OFF_VLAN] = {.name = "agreed VLANs",
		.key = "ports[name=eth9].name",
		.value = "eth5.40",
		.frr_off = {"ip link add link eth5 name eth5.40 type vlan id 40",
			"ip link set eth5.40 up", "echo 1 >/proc/sys/net/mpls/conf/eth5.40/input"},
		.frr_on = {"ip link del eth5.40"}},
	/* what it does not guard it leaves as it is: IPv6, say, where another run had switched it off */
	[ATTACK_OFF_GUARD] = {.name = "guard",
		.key = "ports[name=eth2].guard",
		.value = "\"off\"",
		/* a router that was killed leaves behind no IPv6, nothing learned by it, and the guard itself */
		.off = {SET("ipv6/conf/eth2/accept_dad", "0"),
			SET("ipv6/conf/eth2/disable_ipv6", "0"),
			SET("ipv6/conf/eth2/accept_ra", "1"),
			"ip link set eth2 xdp off; tc qdisc del dev eth2 clsact 2>&- || :"}},
	[ATTACK_OFF_LAN_LABELS] = {.name = "label guard of the shared LAN",
		.key = "ports[name=eth4].accept-labels",
		.value = "true",
		.frr_off = {"echo 1 >/proc/sys/net/mpls/conf/eth4/input"},
		.frr_on = {"echo 0 >/proc/sys/net/mpls/conf/eth4/input"}},
	[ATTACK_OFF_LAN_ARP] = {.name = "ARP guard of the shared LAN",
		.key = "ports[name=eth4].guard.allow",
		.value = "[arp]"},
	[ATTACK_OFF_PIPE] = {.name = "TTL in the pipe model",
		.off = {HOLD, SET("mpls/ip_ttl_propagate", "1"), UNIFORM},
		.on = {"ip route del 172.16.2.0/24 table 1001 metric 1",
			SET("mpls/ip_ttl_propagate", "0"), RELEASE},
		.frr_off = {SET("mpls/ip_ttl_propagate", "1")},
		.frr_on = {SET("mpls/ip_ttl_propagate", "0")}},
	[ATTACK_OFF_ICMP_RATE] = {.name = "rate limit of ICMP errors",
		.off = {SET("ipv4/icmp_ratelimit", "0")},
		.on = {SET("ipv4/icmp_ratelimit", "1000")},
		.frr_off = {SET("ipv4/icmp_ratelimit", "0")},
		.frr_on = {SET("ipv4/icmp_ratelimit", "1000")}},
	[ATTACK_OFF_VRF_SOURCE] = {.name = "no address of the core in a VRF",
		.off = {"ip addr add 10.255.0.1/32 dev vrf-a"},
		.on = {"ip addr del 10.255.0.1/32 dev vrf-a"},
		.frr_off = {"ip addr add 10.255.0.1/32 dev vrf-a"},
		.frr_on = {"ip addr del 10.255.0.1/32 dev vrf-a"}},
	/* guard and kernel ask for the same: that the address is this link's */
	[ATTACK_OFF_ARP_TARGET] = {.name = "whom ARP may ask for",
		.key = "ports[name=eth2].guard.allow",
		.value = "[arp]",
		.off = {HOLD, SET("ipv4/conf/eth2/arp_ignore", "0")},
		.on = {SET("ipv4/conf/eth2/arp_ignore", "1"), RELEASE}},
	/* source routes are the kernel's to refuse as well */
	[ATTACK_OFF_IP_OPTIONS] = {.name = "IP options",
		.key = "ports[name=eth2].guard.allow",
		.value = "[ip-options]",
		.whole = true,
		.off = {HOLD, "for i in all eth2 vrf-a; do " SET(
				      "ipv4/conf/$i/accept_source_route", "1") "; done"},
		.on = {"for i in all eth2 vrf-a; do " SET(
			       "ipv4/conf/$i/accept_source_route", "0") "; done",
			RELEASE},
		.frr_off = {"for i in all eth2 vrf-a; do " SET(
			"ipv4/conf/$i/accept_source_route", "1") "; done"},
		.frr_on = {"for i in all eth2 vrf-a; do " SET(
			"ipv4/conf/$i/accept_source_route", "0") "; done"}},
	[ATTACK_OFF_VRF_ID] = {.name = "BGP identifier of the VRF's own",
		.key = "vrfs[name=vrf-a].id",
		.value = "10.255.0.1",
		.frr_off = {FRR_CE_X("bgp router-id 10.255.0.1")},
		.frr_on = {FRR_CE_X("bgp router-id 192.168.1.1")}},
	/* the guard drops what the VRF would not find: both keep customers from the core's numbers */
	[ATTACK_OFF_INFRASTRUCTURE] = {.name = "the core's addresses",
		.key = "ports[name=eth2].guard.allow",
		.value = "[infrastructure]",
		.whole = true,
		.off = {HOLD, "ip rule add pref 10 lookup main"},
		.on = {"ip rule del pref 10", RELEASE},
		.frr_off = {"ip rule add pref 10 lookup main"},
		.frr_on = {"ip rule del pref 10"}},
	[ATTACK_OFF_DHCP] = {.name = "DHCP guard",
		.key = "ports[name=eth2].guard.dhcp-server",
		.value = "true"},
	[ATTACK_OFF_REDIRECTS] = {.name = "redirect guard",
		.key = "ports[name=eth2].guard.allow",
		.value = "[redirects]"},
	[ATTACK_OFF_BROADCAST] = {.name = "no directed broadcasts",
		.off = {BROADCAST("1")},
		.on = {BROADCAST("0")},
		.frr_off = {BROADCAST("1")},
		.frr_on = {BROADCAST("0")}},
	[ATTACK_OFF_WHO] = {.name = "neighbours by address and AS",
		.key = CE_X,
		.value = "{range: 192.168.4.0/29, limit: 4, as: external, name: ce-x, password: "
			 "CeXSecret, "
			 "gtsm: 1, max-prefix: 1000}",
		.frr_off = {FRR_CE_X("neighbor 192.168.4.2 remote-as external")},
		.frr_on = {FRR_CE_X("neighbor 192.168.4.2 remote-as 65104")}},
	[ATTACK_OFF_HOLD] = {.name = "hold timer",
		.key = CE_X ".hold-time",
		.value = "0",
		.frr_off = {FRR_CE_X("neighbor 192.168.4.2 timers 0 0")},
		.frr_on = {FRR_CE_X("no neighbor 192.168.4.2 timers")}},
	/*
	 * One protection in two layers: the guard of customer B's port, and the kernel's setting, which who watches it would put
	 * back at once: so he is stopped.
	 */
	[ATTACK_OFF_VRF_SOCKETS] = {.name = "the core's sockets are of no VRF",
		.key = "ports[name=eth3].guard.allow",
		.value = "[control-plane]",
		.off = {HOLD, L3MDEV("1")},
		.on = {L3MDEV("0"), RELEASE},
		.frr_off = {L3MDEV("1")},
		.frr_on = {L3MDEV("0")}},
	/* One filter of what is for the router itself, in two steps: what is no tunnel to the first is nothing allowed to the second. */
	[ATTACK_OFF_TUNNELS] = {.name = "tunnels to the router",
		.key = "ports[name=eth2].guard.allow",
		.value = "[tunnels, control-plane]"},
	[ATTACK_OFF_KEY] = {.name = "a key that is no word",
		.key = "vrfs[name=vrf-a].neighbors[name=ce-a1].password",
		.value = "cisco123",
		.frr_off = {FRR_CE_X("neighbor 192.168.1.2 password cisco123")},
		.frr_on = {FRR_CE_X("neighbor 192.168.1.2 password CeASecret")}},
	[ATTACK_OFF_TABLES] = {.name = "a table for each VPN",
		.off = {STRAY},
		.on = {"ip route del 172.16.2.0/24 table 1001 metric 1"},
		.frr_off = {STRAY},
		.frr_on = {"ip route del 172.16.2.0/24 table 1001 metric 1"}},
	[ATTACK_OFF_VRF_LOOKUP] = {.name = "the VRF's table and no other",
		.off = {"ip rule add pref 10 lookup main"},
		.on = {"ip rule del pref 10"},
		.frr_off = {"ip rule add pref 10 lookup main"},
		.frr_on = {"ip rule del pref 10"}},
	/* what a network manager does that is told to bring ports up */
	[ATTACK_OFF_BOOT_ORDER] = {.name = "order of a port's coming up",
		.off = {"touch /run/early; pace=0.02; (while [ -e /run/early ]; do ip rule del "
			"pref 1500 iif "
			"eth2; "
			"ip link set eth2 up; " SET(
				"ipv4/conf/eth2/forwarding", "1") "; sleep $pace; done) "
								  ">/run/early.log 2>&1 &"},
		.on = {"rm -f /run/early"}},
	[ATTACK_OFF_PORT_RULE] = {.name = "rule of a port without a VRF",
		.off = {HOLD, "ip rule del pref 1500 iif eth2"},
		.on = {RELEASE}},
	[ATTACK_OFF_IMPORT] = {.name = "import by route target",
		.key = "vrfs[name=vrf-a].import",
		.value = "[\"65000:101\", \"65000:102\"]",
		.frr_off = {FRR_VRF_A_IPV4("rt vpn import 65000:101 65000:102")},
		.frr_on = {FRR_VRF_A_IPV4("rt vpn import 65000:101")}},
};

const struct attack_protection *attack_protection_find(enum attack_off off)
{
	return off < ATTACK_OFF_N ? &rows[off] : &rows[ATTACK_OFF_NONE];
}

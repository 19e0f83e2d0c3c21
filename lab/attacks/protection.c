/* What can be switched off, one thing at a time. */
#include "lab/attacks/protection.h"

#include "lib/check.h"

#define CE_X	       "vrfs[name=vrf-a].neighbors[name=ce-x]"
#define FRR_CE_X(line) "vtysh -c 'configure terminal' -c 'router bgp 65000 vrf vrf-a' -c '" line "'"
#define FRR_CORE(line) "vtysh -c 'configure terminal' -c 'router bgp 65000' -c '" line "'"
#define FRR_IPV4       "address-family ipv4 unicast' -c '"

static const struct attack_protection rows[ATTACK_OFF_N] = {
	[ATTACK_OFF_NONE] = {.name = "none"},
	[ATTACK_OFF_LABELS] = {.name = "label guard",
		.key = "ports[name=eth2].accept-labels",
		.value = "true"},
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
};

const struct attack_protection *attack_protection_find(enum attack_off off)
{
	return off < ATTACK_OFF_N ? &rows[off] : &rows[ATTACK_OFF_NONE];
}

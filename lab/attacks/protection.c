/* What can be switched off, one thing at a time. */
#include "lab/attacks/protection.h"

#include "lib/check.h"

#define CE_X	       "vrfs[name=vrf-a].neighbors[name=ce-x]"
#define FRR_CE_X(line) "vtysh -c 'configure terminal' -c 'router bgp 65000 vrf vrf-a' -c '" line "'"

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
		.key = "vrfs[name=vrf-a].neighbors[address=192.168.1.2].keep-ce-route-targets",
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
};

const struct attack_protection *attack_protection_find(enum attack_off off)
{
	return off < ATTACK_OFF_N ? &rows[off] : &rows[ATTACK_OFF_NONE];
}

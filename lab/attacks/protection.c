/* What can be switched off, one thing at a time. */
#include "lab/attacks/protection.h"

#include "lib/check.h"

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
};

const struct attack_protection *attack_protection_find(enum attack_off off)
{
	return off < ATTACK_OFF_N ? &rows[off] : &rows[ATTACK_OFF_NONE];
}

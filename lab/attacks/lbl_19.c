/* MPLS in IP, in UDP with and without a checksum and with DTLS's port, and in what else carries frames over UDP. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/tunnelled.h"
#include "lib/check.h"

#include <stdio.h>

#define ARRIVE_MS 500

static void lbl_19_launch(struct attack_stage *st, struct attack_impact *out)
{
	/* as many of what the guard knows as tunnels as of what it does not, and takes for packets to the router */
	static const enum tunnelled_kind kinds[] = {TUNNELLED_IP, TUNNELLED_UDP, TUNNELLED_UDP_BARE,
		TUNNELLED_DTLS, TUNNELLED_VXLAN, TUNNELLED_GENEVE, TUNNELLED_VXLAN,
		TUNNELLED_GENEVE};
	struct tunnelled t = {.src = "192.168.1.2", .dst = "192.168.1.1"};

	if (!tunnelled_ends(st, out))
		return;
	t.label = attack_label(st, "vrf-b");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		t.kind = kinds[i];
		tunnelled_send(st, out, &t);
	}
	out->counted = out->sent / 2;
	out->partial = true;
	out->hit = attack_arrived(st, "ce-b1:eth1", 1, ARRIVE_MS);
	snprintf(
		out->observed, sizeof out->observed, "%u of %u came to ce-b1", out->hit, out->sent);
}

const struct attack *attack_lbl_19(void)
{
	static const struct attack row = {
		.id = "LBL-19",
		.title = "a label in IP, in UDP, in VXLAN-GPE and in Geneve",
		.clause = "RFC 4023 8.2, RFC 7510 6, RFC 4381 3.4",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "tunnel_endpoint", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_TUNNELS,
		.launch = lbl_19_launch,
	};

	return &row;
}

/* A frame with another VPN's label from a customer's port: the PE takes no labelled packet from a CE. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

#define FRAMES 5

static void lbl_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	int label = attack_label(st, "vrf-b");
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth2", to);
	attack_mac(st, "ce-a1:eth1", from);
	for (unsigned i = 1; i <= FRAMES && !out->error; i++) {
		frame_begin(&f, to, from);
		frame_label(&f, label, 0, true, 64);
		frame_ip(&f, &(struct frame_ip){
				     .src = "172.16.66.66", .dst = "172.16.1.1", .protocol = 17});
		frame_udp(&f, 4000, 7);
		frame_nonce(&f, st->nonce, i);
		frame_end(&f);
		out->error = attack_send(st, "ce-a1:eth1", f.octets, f.len);
		out->sent++;
	}
	out->hit = attack_arrived(st, "ce-b1:eth1", FRAMES, 1000);
}

const struct attack *attack_lbl_01(void)
{
	static const struct attack row = {
		.id = "LBL-01",
		.title = "a frame with the label of another VPN",
		.clause = "RFC 4381 3.4, RFC 4364 13.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-b1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_01_launch,
	};

	return &row;
}

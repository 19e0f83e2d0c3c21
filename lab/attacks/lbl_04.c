/* Explicit null: whatever it is put on is routed in the core's table, out of the VRF. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define FRAMES 3
#define ICMP   1
#define ECHO   8

/* To the PE's own loopback: an echo request in a core router's name, so that the answer, with the nonce, is seen there. */
static void lbl_04_echo(struct attack_stage *st, struct attack_impact *out)
{
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth2", to);
	attack_mac(st, "ce-a1:eth1", from);
	frame_begin(&f, to, from);
	frame_label(&f, 0, 0, true, 64);
	frame_ip(&f, &(struct frame_ip){.src = "10.0.1.2", .dst = "10.255.0.1", .protocol = ICMP});
	frame_icmp(&f, ECHO, 0, 0);
	frame_nonce(&f, st->nonce, out->sent + 1);
	frame_end(&f);
	out->error = out->error ? out->error : attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

static void lbl_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

	l.ip.dst = "10.255.0.2";
	for (unsigned i = 0; i < FRAMES; i++) {
		labelled_send(st, out, &l);
		lbl_04_echo(st, out);
	}
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_04(void)
{
	static const struct attack row = {
		.id = "LBL-04",
		.title = "explicit null (label 0) to a core router and to the PE",
		.clause = "RFC 4364 6, RFC 3032 2.1, RFC 4381 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_04_launch,
	};

	return &row;
}

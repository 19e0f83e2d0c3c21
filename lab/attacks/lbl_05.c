/* IPv6 explicit null: the same way out of the VRF, if the core has IPv6; and both nulls over the other version. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/labelled.h"

#define ICMPV6 58
#define ECHO   128
#define FRAMES 3

/* To the PE's own core address, in the name of a core router, which sees the answer. */
static void lbl_05_echo(struct attack_stage *st, struct attack_impact *out, uint32_t label)
{
	uint8_t to[6], from[6];
	struct frame f;

	attack_mac(st, "pe1:eth2", to);
	attack_mac(st, "ce-a1:eth1", from);
	frame_begin(&f, to, from);
	frame_label(&f, label, 0, true, 64);
	frame_ip6(&f, "fd00:1::2", "fd00:1::1", ICMPV6, 64);
	frame_icmp(&f, ECHO, 0, 0);
	frame_nonce(&f, st->nonce, out->sent + 1);
	frame_end(&f);
	out->error = out->error ? out->error : attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

static void lbl_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct labelled l = {.from = "ce-a1:eth1", .into = "pe1:eth2", .n_stack = 1};

	l.stack[0] = 2;
	l.ip.dst = "10.255.0.2";
	for (unsigned i = 0; i < FRAMES; i++) {
		lbl_05_echo(st, out, 2);
		lbl_05_echo(st, out, 0);
		labelled_send(st, out, &l);
	}
	out->partial = true;
	labelled_arrived(st, out);
}

const struct attack *attack_lbl_05(void)
{
	static const struct attack row = {
		.id = "LBL-05",
		.title = "IPv6 explicit null (label 2) over IPv6 and IPv4, and label 0 over IPv6",
		.clause = "RFC 3032 2.1, RFC 4364 6, RFC 4381 3.2",
		.attacker = "ce-a1:eth1",
		.target = "p1:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "mpls_not_enabled", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_LABELS,
		.launch = lbl_05_launch,
	};

	return &row;
}

/* Fragments and router alert to the router: dropped before anything is put together or looked at (RFC 6192, RFC 6398). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <netinet/in.h>
#include <string.h>

#define WHOLE  10 /* with router alert */
#define HALVES 5  /* in two fragments each: as many frames */
#define MORE   0x2000
#define DATA   32 /* octets of an echo, its nonce in the first half */

static int cpl_11_reply(const uint8_t *ip, size_t len, void *arg)
{
	unsigned head = len ? (ip[0] & 15) * 4u : 0;

	return len >= head + 8 && ip[head] == 0 ? ip[head + 7] : -1;
}

static void cpl_11_alert(struct attack_stage *st, struct attack_impact *out, uint16_t seq)
{
	struct frame_ip ip = {.src = "172.16.1.1",
		.dst = "192.168.1.1",
		.protocol = IPPROTO_ICMP,
		.n_options = 4,
		.options = {148, 4, 0, 0}};
	struct frame f;

	router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
	frame_ip(&f, &ip);
	frame_icmp(&f, 8, 0, seq);
	frame_nonce(&f, st->nonce, seq);
	router_send(st, &f, "ce-a1:eth1", out);
}

/* An echo request written whole, sent as two fragments. */
static void cpl_11_halves(struct attack_stage *st, struct attack_impact *out, uint16_t seq)
{
	struct frame whole, f;

	frame_begin(&whole, (const uint8_t[6]){0}, (const uint8_t[6]){0});
	frame_ip(&whole,
		&(struct frame_ip){
			.src = "172.16.1.1", .dst = "192.168.1.1", .protocol = IPPROTO_ICMP});
	frame_icmp(&whole, 8, 0, seq);
	frame_nonce(&whole, st->nonce, seq);
	frame_octets(&whole, (const uint8_t[DATA - 18]){0}, DATA - 18);
	frame_end(&whole);
	for (unsigned half = 0; half < 2; half++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){.src = "172.16.1.1",
				     .dst = "192.168.1.1",
				     .protocol = IPPROTO_ICMP,
				     .id = (uint16_t)(700 + seq),
				     .fragment = half ? 3 : MORE});
		frame_octets(&f, whole.octets + 34 + (half ? 24 : 0), half ? DATA + 8 - 24 : 24);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->sent--; /* one stimulus */
}

static void cpl_11_launch(struct attack_stage *st, struct attack_impact *out)
{
	const struct ear_conf raw = {.type = SOCK_RAW, .protocol = IPPROTO_ICMP};
	struct ear ear = {0};

	out->error = ear_open(&ear, st, "ce-a1", &raw);
	for (uint16_t i = 1; i <= WHOLE && !out->error; i++)
		cpl_11_alert(st, out, i);
	for (uint16_t i = 1; i <= HALVES && !out->error; i++)
		cpl_11_halves(st, out, (uint16_t)(WHOLE + i));
	out->counted = WHOLE;
	out->hit = ear_heard(&ear, st, WHOLE + HALVES, 500, cpl_11_reply, NULL);
	ear_close(&ear);
}

const struct attack *attack_cpl_11(void)
{
	static const struct attack row = {
		.id = "CPL-11",
		.title = "fragments and router alert to the router",
		.clause = "RFC 6192 3, RFC 6398 5, RFC 4381 3.3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "none is answered",
		.counter = {{ATTACK_GUARD, "eth2", "ip_options", ATTACK_EXACTLY},
			{ATTACK_GUARD, "eth2", "frag_to_ctrl", ATTACK_EXACTLY},
			{ATTACK_KERNEL, "pe1", "Ip:ReasmReqds", ATTACK_STILL}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cpl_11_launch,
		.legit = router_others_live,
	};

	return &row;
}

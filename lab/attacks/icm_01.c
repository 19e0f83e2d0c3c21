/* Redirects from a customer: to a host of its other site, and to the router itself (RFC 792). */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"

#include <netinet/in.h>

#define EACH	 5
#define REDIRECT 5
#define HOST	 1
#define INSTEAD	 0xac100142u /* 172.16.1.66 */

/* What is quoted: a packet of the victim's own, behind whose header the nonce stands where ports would. */
static void icm_01_redirect(struct attack_stage *st, struct attack_impact *out, const char *to,
	const uint8_t victim[4], uint16_t seq)
{
	uint8_t quoted[20] = {0x45, 0, 0, 46, 0, 1, 0, 0, 64, IPPROTO_UDP};
	struct frame f;

	for (unsigned i = 0; i < 4; i++)
		quoted[12 + i] = victim[i];
	quoted[16] = quoted[17] = quoted[18] = quoted[19] = 9;
	router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
	frame_ip(&f, &(struct frame_ip){.src = "172.16.1.1", .dst = to, .protocol = IPPROTO_ICMP});
	frame_icmp(&f, REDIRECT, HOST, INSTEAD);
	frame_octets(&f, quoted, sizeof quoted);
	frame_nonce(&f, st->nonce, seq);
	router_send(st, &f, "ce-a1:eth1", out);
}

static void icm_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t host[] = {172, 16, 2, 1}, router[] = {192, 168, 1, 1};

	out->partial =
		true; /* to the router none passes: its own rules let no redirect in either */
	for (uint16_t i = 0; i < EACH && !out->error; i++) {
		icm_01_redirect(st, out, "172.16.2.1", host, (uint16_t)(2 * i + 1));
		icm_01_redirect(st, out, "192.168.1.1", router, (uint16_t)(2 * i + 2));
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", EACH, 1000);
}

const struct attack *attack_icm_01(void)
{
	static const struct attack row = {
		.id = "ICM-01",
		.title = "ICMP redirects to a host of the other site and to the router",
		.clause = "RFC 4381 3.3, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives",
		.counter = {{ATTACK_GUARD, "eth2", "icmp_redirect", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_REDIRECTS,
		.launch = icm_01_launch,
	};

	return &row;
}

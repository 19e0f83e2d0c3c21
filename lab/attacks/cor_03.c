/* A packet too big for the PE's port: it says so with an address of the VPN. */
#include <errno.h>
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define PACKETS 3
#define DATA	1400
#define MTU	"1300"
#define DF	0x4000
#define ANSWERS 8

static bool cor_03_answered(struct attack_stage *st, void *arg)
{
	struct customer_answer a[ANSWERS];

	return customer_answers(st, "ce-a2:eth1", a, ANSWERS) >= *(const unsigned *)arg;
}

/* A wrong answer is a hit, and none as well: then the path's MTU is never found. */
static void cor_03_read(struct attack_stage *st, struct attack_impact *out)
{
	struct customer_answer a[ANSWERS];
	unsigned n = customer_answers(st, "ce-a2:eth1", a, ANSWERS), right = 0;

	for (unsigned i = 0; i < n; i++)
		right += a[i].type == 3 && a[i].code == 4 && a[i].mtu == 1300 && !a[i].extended &&
			 !customer_is_core(a[i].from);
	out->hit = right < out->sent ? out->sent - right : 0;
	snprintf(out->observed, sizeof out->observed,
		"%u answers, the first from %u.%u.%u.%u, MTU %u", n, n ? a[0].from >> 24 : 0,
		n ? a[0].from >> 16 & 255 : 0, n ? a[0].from >> 8 & 255 : 0,
		n ? a[0].from & 255 : 0, n ? a[0].mtu : 0);
}

static void cor_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {.from = "ce-a2:eth1",
		.octets = DATA,
		.ip = {.src = "172.16.2.1", .dst = "172.16.1.1", .fragment = DF}};
	unsigned want = PACKETS;

	if (attack_shell(st, "pe1", "ip link set eth2 mtu " MTU, NULL, 0))
		out->error = -EIO;
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	attack_until(st, cor_03_answered, &want, 500);
	cor_03_read(st, out);
	if (attack_shell(st, "pe1", "ip link set eth2 mtu 1500", NULL, 0))
		out->error = -EIO;
}

const struct attack *attack_cor_03(void)
{
	static const struct attack row = {
		.id = "COR-03",
		.title = "packets too big for the PE's port: who says so, and with which MTU",
		.clause = "RFC 4381 2.2, RFC 1191 4, RFC 3032 3.4",
		.attacker = "ce-a2:eth1",
		.target = "pe1",
		.passes = "answers come from an address of the VPN",
		.off = ATTACK_OFF_VRF_SOURCE,
		.mixed = true,
		.launch = cor_03_launch,
	};

	return &row;
}

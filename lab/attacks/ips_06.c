/* A site with two accesses sends by the one that is not the best: none of its packets may be taken for spoofed. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lab/attacks/speaker.h"

#define PACKETS 200
#define TRIES	10
#define TRY_MS	50

/* The site's other access: ce-a1 announces the prefix by a shorter path. */
static int ips_06_announce(struct speaker *s, struct attack_stage *st)
{
	static const uint8_t path[] = {2, 3, 0, 0, 0xfe, 0x50, 0, 0, 0xfe, 0x50, 0, 0, 0xfe, 0x50};
	const struct speaker_conf conf = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true};
	const struct speaker_route worse = {
		.prefix = "172.16.1.0/24", .path = path, .n_path = sizeof path};
	int err = speaker_dial(s, st, &conf, 5000);

	return err ? err : speaker_update(s, &worse);
}

/*
 * What is "sent" here is legitimate, and a "hit" is a false drop: strict reverse path, the control, drops all of it. It begins when
 * the first one has passed: what is announced is known at the port some milliseconds later.
 */
static void ips_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-x:eth1", .ip = {.src = "172.16.1.77", .dst = "172.16.2.1"}};
	unsigned first = 0;
	struct speaker s;

	out->error = ips_06_announce(&s, st);
	for (unsigned i = 0; i < TRIES && !out->error && !first; i++) {
		customer_send(st, out, &c);
		first = attack_arrived(st, "ce-a2:eth1", 1, TRY_MS);
	}
	for (unsigned i = 0; i < PACKETS; i++)
		customer_send(st, out, &c);
	out->hit = PACKETS + first -
		   attack_arrived(st, "ce-a2:eth1", PACKETS + first, first ? 500 : TRY_MS);
	out->sent = PACKETS;
	snprintf(out->observed, sizeof out->observed, "%u of %u legitimate packets were dropped",
		out->hit, out->sent);
	speaker_close(&s);
}

const struct attack *attack_ips_06(void)
{
	static const struct attack row = {
		.id = "IPS-06",
		.title = "a site with two accesses uses the one that is not the best: false drops",
		.clause = "RFC 3704 2.3, RFC 4381 3.4",
		.attacker = "ce-x:eth1",
		.target = "ce-a2:eth1",
		.passes = "all of it arrives",
		.off = ATTACK_OFF_FEASIBLE,
		.mixed = true,
		.launch = ips_06_launch,
	};

	return &row;
}

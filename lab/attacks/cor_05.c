/* IP options that ask everybody on the way for an address, for the time, or for another way. */
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"
#include "lib/check.h"

#define OPTIONS_AT 34 /* Ethernet and IPv4 */
#define CORE	   10

static const struct {
	uint8_t octets[16];
} cor_05_options[] = {
	{{7, 15, 4}},		      /* record route (RFC 791 3.1) */
	{{68, 12, 5, 1}},	      /* timestamp, with addresses */
	{{131, 7, 4, 172, 16, 2, 1}}, /* loose source and record route */
	{{137, 7, 4, 172, 16, 2, 1}}, /* strict: by no router that is not the next */
	{{1, 1, 1, 7, 11, 4}},	      /* record route behind padding */
};

/* An address of the core that was written into what arrived; 0: none. */
static uint32_t cor_05_recorded(const struct attack_stage *st)
{
	for (unsigned i = 0; i < st->sights.n_sights; i++) {
		const struct attack_sight *s = &st->sights.sight[i];
		const uint8_t *o = s->octets + OPTIONS_AT;

		if (!s->in || !s->ours || strcmp(st->sights.port[s->port].name, "ce-a2:eth1") != 0)
			continue;
		if (s->len > OPTIONS_AT + 8 && o[0] == 7 && o[3] == CORE)
			return (uint32_t)o[3] << 24 | o[4] << 16 | o[5] << 8 | o[6];
	}
	return 0;
}

/* Of the strict route nothing ever arrives: the next router is not on this one's link. So one hit is a success. */
static void cor_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .ip = {.src = "172.16.1.1", .dst = "172.16.2.1"}};
	uint32_t core;

	for (size_t i = 0; i < ARRAY_LEN(cor_05_options); i++) {
		memcpy(c.ip.options, cor_05_options[i].octets, 16);
		c.ip.n_options = 16;
		customer_send(st, out, &c);
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", out->sent - 1, 300);
	out->partial = true;
	core = cor_05_recorded(st);
	if (core)
		snprintf(out->observed, sizeof out->observed,
			"%u arrived; the core's address %u.%u.%u.%u is recorded in it", out->hit,
			core >> 24, core >> 16 & 255, core >> 8 & 255, core & 255);
	else
		snprintf(out->observed, sizeof out->observed, "%u arrived", out->hit);
}

const struct attack *attack_cor_05(void)
{
	static const struct attack row = {
		.id = "COR-05",
		.title = "record route, timestamp, loose and strict source route",
		.clause = "RFC 4381 2.2, RFC 4381 3.2, RFC 7126 4.3",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none arrives, nothing is recorded",
		.counter = {{ATTACK_GUARD, "eth2", "ip_options", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_IP_OPTIONS,
		.launch = cor_05_launch,
	};

	return &row;
}

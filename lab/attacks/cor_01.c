/* Traceroute by UDP, ICMP and TCP: the way through the core is one hop, however long the core is. */
#include <stdio.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/customer.h"

#define FAR	    UINT32_C(0xac100201) /* 172.16.2.1 */
#define HOPS_MAX    5
#define HOPS_HIDDEN 3 /* this PE, the other, the host: RFC 3443 (pipe) */
#define ANSWERS	    24
#define BGP	    179 /* its RST is seen */

static const enum customer_kind cor_01_kinds[] = {CUSTOMER_UDP, CUSTOMER_ECHO, CUSTOMER_SYN};
#define KINDS 3

struct cor_01_trace {
	unsigned far[KINDS];	     /* the least TTL that reached the host; 0: none */
	bool answered[HOPS_MAX + 1]; /* by anybody */
	unsigned core
		[KINDS]; /* answers that show one of the core's addresses, or labels (RFC 4950) */
};

/* Sequence numbers go by TTL, and in each TTL by kind. */
static void cor_01_read(struct attack_stage *st, struct cor_01_trace *t)
{
	struct customer_answer a[ANSWERS];
	unsigned n = customer_answers(st, "ce-a1:eth1", a, ANSWERS);

	*t = (struct cor_01_trace){0};
	for (unsigned i = 0; i < n; i++) {
		unsigned kind = (a[i].seq - 1u) % KINDS, ttl = (a[i].seq - 1u) / KINDS + 1;

		if (!a[i].seq || ttl > HOPS_MAX)
			continue;
		t->answered[ttl] = true;
		t->core[kind] += customer_is_core(a[i].from) || a[i].extended;
		if (a[i].from == FAR && (!t->far[kind] || ttl < t->far[kind]))
			t->far[kind] = ttl;
	}
}

/* Hops that do not answer are hops: they show how long the core is. */
static unsigned cor_01_silent(const struct cor_01_trace *t, unsigned kind)
{
	unsigned n = 0;

	for (unsigned ttl = 2; ttl < t->far[kind]; ttl++)
		n += !t->answered[ttl];
	return n;
}

static bool cor_01_complete(struct attack_stage *st, void *arg)
{
	struct cor_01_trace *t = arg;

	cor_01_read(st, t);
	return t->far[0] && t->far[1] && t->far[2] && t->answered[2];
}

static void cor_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct customer c = {
		.from = "ce-a1:eth1", .to = BGP, .ip = {.src = "172.16.1.1", .dst = "172.16.2.1"}};
	struct cor_01_trace t;

	for (c.ip.ttl = 1; c.ip.ttl <= HOPS_MAX; c.ip.ttl++) {
		for (unsigned k = 0; k < KINDS; k++) {
			c.kind = cor_01_kinds[k];
			customer_send(st, out, &c);
		}
	}
	attack_until(st, cor_01_complete, &t, 400);
	out->sent = KINDS;
	for (unsigned k = 0; k < KINDS; k++)
		out->hit +=
			t.core[k] || !t.far[k] || t.far[k] > HOPS_HIDDEN || cor_01_silent(&t, k);
	snprintf(out->observed, sizeof out->observed,
		"the host answers after %u (UDP), %u (ICMP), %u (TCP) hops, of which %u are "
		"silent; "
		"%u answers show the core",
		t.far[0], t.far[1], t.far[2], cor_01_silent(&t, 0),
		t.core[0] + t.core[1] + t.core[2]);
	attack_comment(st, "the far host after %u, %u, %u hops; the core would be more", t.far[0],
		t.far[1], t.far[2]);
}

const struct attack *attack_cor_01(void)
{
	static const struct attack row = {
		.id = "COR-01",
		.title = "traceroute by UDP, ICMP and TCP to another site",
		.clause = "RFC 4381 2.2, RFC 4381 3.2, RFC 3443 3",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "the core is no hop, and nobody of it answers",
		.off = ATTACK_OFF_PIPE,
		.mixed = true,
		.launch = cor_01_launch,
	};

	return &row;
}

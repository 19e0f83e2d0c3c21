#include "lab/attacks/router.h"

#include <poll.h>
#include <stdio.h>

#include "lab/attacks/reading.h"

#define POLL_MS	 5
#define PING_MS	 500
#define PING_MAX 8

void router_frame(struct attack_stage *st, struct frame *f, const char *from, const char *to)
{
	uint8_t there[6], here[6];

	attack_mac(st, to, there);
	attack_mac(st, from, here);
	frame_begin(f, there, here);
}

void router_send(
	struct attack_stage *st, struct frame *f, const char *from, struct attack_impact *out)
{
	int err;

	frame_end(f);
	err = attack_send(st, from, f->octets, f->len);
	if (err)
		out->error = err;
	out->sent++;
}

long long router_counter(struct attack_stage *st, const char *name)
{
	const struct attack_counter c = {
		.source = ATTACK_KERNEL, .at = st->run->topo.nodes[st->pe_node].name, .name = name};

	return attack_reading_get(st, &c);
}

unsigned router_counted(
	struct attack_stage *st, const char *name, long long before, unsigned by, unsigned ms)
{
	unsigned long long end = lab_now_ms() + ms;
	long long now = router_counter(st, name);

	while (now - before < by && lab_now_ms() < end) {
		poll(NULL, 0, POLL_MS);
		now = router_counter(st, name);
	}
	return now > before ? (unsigned)(now - before) : 0;
}

bool router_others_live(struct attack_stage *st, char *what, size_t cap)
{
	bool up = attack_session_up(st, "ce-a1", "192.168.1.2", "vrf-a"), answered = false;

	for (unsigned i = 0; i < PING_MAX && !answered; i++)
		answered = attack_ping(st, "ce-b1", "172.16.1.1", "172.16.2.1", PING_MS);
	snprintf(what, cap, "ce-a1's BGP session is %s; ce-b1 > ce-b2 is %s", up ? "up" : "down",
		answered ? "answered" : "not answered");
	return up && answered;
}

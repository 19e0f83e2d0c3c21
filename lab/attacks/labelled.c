#include "lab/attacks/labelled.h"

#include <errno.h>
#include <stdio.h>

#define NOBODY	  "172.16.66.66" /* no answer to it disturbs the counting */
#define VICTIM	  "172.16.1.1"
#define LABEL_TTL 64
#define ARRIVE_MS 1000
#define MORE_MS	  50 /* behind the first: all were sent before */
#define PORT_FROM 4000
#define PORT_INTO 7

static bool labelled_stack(struct frame *f, const struct labelled *l)
{
	uint8_t ttl = l->ttl_zero ? 0 : l->ttl ? l->ttl : LABEL_TTL;

	if (l->ethertype)
		frame_type(f, l->ethertype);
	for (unsigned i = 0; i < l->n_stack; i++) {
		if (l->stack[i] < 0)
			return false;
		frame_label(
			f, (uint32_t)l->stack[i], 0, i + 1 == l->n_stack && !l->bottomless, ttl);
	}
	return true;
}

bool labelled_make(struct attack_stage *st, struct attack_impact *out, const struct labelled *l,
	uint16_t seq, struct frame *f)
{
	struct frame_ip ip = l->ip;
	uint8_t to[6], from[6];

	if (!attack_mac(st, l->into, to) || !attack_mac(st, l->from, from)) {
		out->error = -ENODEV;
		return false;
	}
	ip.src = ip.src ? ip.src : NOBODY;
	ip.dst = ip.dst ? ip.dst : VICTIM;
	ip.protocol = ip.protocol ? ip.protocol : 17;
	frame_begin(f, l->to ? l->to : to, from);
	for (unsigned i = 0; i < LABELLED_TAGS_MAX && l->tag[i].tpid; i++)
		frame_tag(f, l->tag[i].tpid, l->tag[i].vid);
	if (!labelled_stack(f, l)) {
		out->error = -ENOENT;
		return false;
	}
	frame_ip(f, &ip);
	frame_udp(f, PORT_FROM, PORT_INTO);
	frame_nonce(f, st->nonce, seq);
	frame_end(f);
	return true;
}

void labelled_send(struct attack_stage *st, struct attack_impact *out, const struct labelled *l)
{
	struct frame f;

	if (out->error || !labelled_make(st, out, l, out->sent + 1, &f))
		return;
	out->error = attack_send(st, l->from, f.octets, f.len);
	out->sent += !out->error;
}

void labelled_arrived(struct attack_stage *st, struct attack_impact *out)
{
	const char *target = st->attack->target;

	out->hit = attack_arrived(st, target, out->partial ? 1 : out->sent, ARRIVE_MS);
	if (out->hit && out->partial)
		out->hit = attack_arrived(st, target, out->sent, MORE_MS);
	snprintf(out->observed, sizeof out->observed, "%u of %u frames came to %s", out->hit,
		out->sent, target);
}

#include "lab/attacks/customer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ETH_LEN	 14
#define IP_LEN	 20
#define ICMP_LEN 8
#define PORT_FROM                                                                                  \
	4000 /* and the sequence number: an answer of TCP carries nothing else that is known */
#define PORT_TO 7
#define SYN	2
#define CORE	10
#define DRAIN	16 /* behind XDP a frame takes a page of a socket's room */

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static const uint8_t customer_protocols[] = {
	[CUSTOMER_UDP] = IPPROTO_UDP, [CUSTOMER_ECHO] = IPPROTO_ICMP, [CUSTOMER_SYN] = IPPROTO_TCP};

static bool customer_ask(struct attack_stage *st, struct customer *c)
{
	const struct lab_topo *t = &st->run->topo;
	const struct lab_end *other;
	const struct lab_link *l;
	struct lab_end end;
	char name[40];

	if (!lab_topo_end(t, c->from, &end))
		return false;
	l = lab_topo_link(t, &end);
	other = &l->end[l->end[0].node == end.node && !strcmp(l->end[0].port, end.port)];
	snprintf(name, sizeof name, "%s:%s", t->nodes[other->node].name, other->port);
	c->asked = attack_mac(st, name, c->router) && attack_mac(st, c->from, c->own);
	return c->asked;
}

static void customer_data(struct frame *f, unsigned octets)
{
	static const uint8_t filling[64];

	for (; octets > sizeof filling; octets -= sizeof filling)
		frame_octets(f, filling, sizeof filling);
	frame_octets(f, filling, octets);
}

static void customer_below(struct frame *f, const struct customer *c, uint16_t seq)
{
	uint16_t to = c->to ? c->to : PORT_TO;

	if (c->kind == CUSTOMER_UDP)
		frame_udp(f, c->flow ? c->flow : PORT_FROM + seq, to);
	else if (c->kind == CUSTOMER_SYN)
		frame_tcp(f, PORT_FROM + seq, to, 1, 0, SYN, NULL, 0);
	else if (c->kind == CUSTOMER_ECHO)
		frame_icmp(f, 8, 0, (uint32_t)PORT_FROM << 16 | seq);
}

void customer_send(struct attack_stage *st, struct attack_impact *out, struct customer *c)
{
	struct frame_ip ip = c->ip;
	struct frame f;

	if (out->error)
		return;
	if (!c->asked && !customer_ask(st, c)) {
		out->error = -ENODEV;
		return;
	}
	frame_begin(&f, c->router, c->mac ? c->mac : c->own);
	if (c->kind != CUSTOMER_PLAIN)
		ip.protocol = customer_protocols[c->kind];
	frame_ip(&f, &ip);
	customer_below(&f, c, ++out->sent);
	frame_nonce(&f, st->nonce, out->sent);
	customer_data(&f, c->octets);
	frame_end(&f);
	out->error = attack_send(st, c->from, f.octets, f.len);
	if (!(out->sent % DRAIN))
		attack_sights_drain(&st->sights);
}

static bool customer_unlabelled(const struct attack_sight *s, void *arg)
{
	(void)arg;
	return s->ours && s->len > ETH_LEN && get16(s->octets + 12) == 0x0800;
}

unsigned customer_bare(struct attack_stage *st, unsigned want, unsigned ms)
{
	return attack_matched(st, "p1:eth1", want, ms, customer_unlabelled, NULL);
}

static bool customer_answer_parse(const struct attack_sight *s, struct customer_answer *out)
{
	const uint8_t *ip = s->octets + ETH_LEN, *below;
	size_t len = s->len - ETH_LEN, head;

	if (s->len < ETH_LEN + IP_LEN || get16(s->octets + 12) != 0x0800)
		return false;
	head = (ip[0] & 15) * 4;
	if (head < IP_LEN || len < head + ICMP_LEN)
		return false;
	below = ip + head;
	*out = (struct customer_answer){.seq = s->seq, .protocol = ip[9]};
	out->from = (uint32_t)get16(ip + 12) << 16 | get16(ip + 14);
	if (ip[9] == IPPROTO_TCP && !s->ours && get16(below + 2) > PORT_FROM) {
		out->seq = get16(below + 2) - PORT_FROM;
		return true;
	}
	if (!s->ours || ip[9] != IPPROTO_ICMP)
		return s->ours;
	out->type = below[0];
	out->code = below[1];
	out->extended = (below[0] == 3 || below[0] == 11) && below[5];
	out->mtu = below[0] == 3 && below[1] == 4 ? get16(below + 6) : 0;
	return true;
}

unsigned customer_answers(
	struct attack_stage *st, const char *port, struct customer_answer *out, unsigned n)
{
	unsigned k = 0;

	attack_sights_drain(&st->sights);
	for (unsigned i = 0; i < st->sights.n_sights && k < n; i++) {
		const struct attack_sight *s = &st->sights.sight[i];

		if (s->in && !strcmp(st->sights.port[s->port].name, port) &&
			customer_answer_parse(s, &out[k]))
			k++;
	}
	return k;
}

bool customer_is_core(uint32_t address)
{
	return address >> 24 == CORE;
}

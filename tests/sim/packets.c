#include "tests/sim/packets.h"

#include <string.h>

#include "lib/check.h"

#define HOPS_MAX 16

static bool across_link(struct sim *s, struct sim_node **n, uint16_t *port)
{
	for (unsigned i = 0; i < s->n_links; i++) {
		struct sim_link *l = &s->links[i];

		for (unsigned side = 0; side < 2; side++)
			if (l->node[side] == *n && l->port[side] == *port && l->up) {
				*n = l->node[!side];
				*port = l->port[!side];
				return true;
			}
	}
	return false;
}

/* The P routers: follow the transport label, the last but one takes it off (penultimate hop popping). */
static bool across_core(struct sim *s, struct sim_node **n, uint16_t *port, struct fwd_packet *p,
	struct sim_trip *trip)
{
	struct fwd_lse transport, vpn;

	if (p->protocol != FWD_ETH_MPLS || !fwd_packet_get_lse(p, &transport))
		return false;
	for (unsigned i = 0; i < s->n_lsps; i++) {
		const struct sim_lsp *l = &s->lsps[i];

		if (l->from != *n || l->label != transport.label || !l->up)
			continue;
		fwd_packet_pop_lse(p);
		CHECK(fwd_packet_get_lse(p, &vpn));
		trip->core_hops++;
		trip->core_labels[0] = transport.label;
		trip->core_labels[1] = vpn.label;
		*n = l->to;
		for (*port = 0; (*n)->conf->ports[*port].role != CONF_PORT_CORE;)
			++*port;
		return true;
	}
	return false;
}

static struct sim_trip travel(struct sim *s, struct sim_node *n, uint16_t port,
	struct fwd_packet *p, enum fwd_verdict verdict, struct fwd_trace why)
{
	struct sim_trip trip = {0};

	for (unsigned hop = 0; hop < HOPS_MAX; hop++) {
		trip.at = n;
		trip.verdict = verdict;
		trip.reason = why.reason;
		if (verdict != FWD_SEND)
			return trip;
		port = why.out_port;
		if (n->conf->ports[port].role == CONF_PORT_CORE
				? !across_core(s, &n, &port, p, &trip)
				: !across_link(s, &n, &port)) {
			trip.verdict = FWD_DROP; /* left by a port that leads nowhere */
			return trip;
		}
		verdict = fwd_pipeline(&n->fib.lfib, port, p, &why);
	}
	return trip;
}

static size_t make_ping(uint8_t *octets, size_t cap, struct ip_addr src, const char *dst)
{
	struct ip_addr to;
	struct fwd_ipv4 h = {.src = ip_addr_get_v4(&src), .ttl = 64, .protocol = 1};

	CHECK(ip_addr_parse(dst, &to));
	h.dst = ip_addr_get_v4(&to);
	return fwd_ipv4_put(octets, cap, &h, "ping", 4);
}

struct sim_trip sim_ping(struct sim *s, const char *from, const char *dst)
{
	struct sim_node *n = sim_node_find(s, from);
	struct fwd_packet p;
	struct fwd_trace why;
	uint8_t octets[64];
	size_t len = make_ping(octets, sizeof(octets), n->conf->ports[0].addresses[0].addr, dst);

	CHECK(fwd_packet_init(&p, FWD_ETH_IPV4, octets, len));
	enum fwd_verdict v = fwd_pipeline_output(&n->fib.lfib, 0, &p, &why);

	return travel(s, n, 0, &p, v, why);
}

struct sim_trip sim_inject(
	struct sim *s, const char *node, const char *port, uint32_t label, const char *dst)
{
	struct sim_node *n = sim_node_find(s, node);
	struct fwd_lse lse = {.label = label, .ttl = 64, .bottom = true};
	struct fwd_packet p;
	struct fwd_trace why;
	uint8_t octets[64];
	size_t len = make_ping(octets, sizeof(octets), ip_addr_v4(0xac100101), dst);
	uint16_t at = 0;

	while (strcmp(n->conf->ports[at].name, port))
		CHECK(++at < n->conf->n_ports);
	CHECK(fwd_packet_init(&p, FWD_ETH_IPV4, octets, len));
	CHECK(fwd_packet_push_lse(&p, &lse));
	p.protocol = FWD_ETH_MPLS;
	enum fwd_verdict v = fwd_pipeline(&n->fib.lfib, at, &p, &why);

	return travel(s, n, at, &p, v, why);
}

#include "mplsfwd/pipeline.h"

#include "lib/check.h"
#include "mplsfwd/dirty.h"

#define PIPE_TTL 255 /* what nlroute.c puts into the encapsulation */

static enum fwd_verdict drop(struct fwd_trace *why, enum fwd_reason r)
{
	why->reason = r;
	return FWD_DROP;
}

static void trace_init(struct fwd_trace *why)
{
	*why = (struct fwd_trace){.vrf = FWD_VRF_NONE, .out_port = UINT16_MAX};
}

/* Longest match among the routes in the kernel: one probe for each prefix length that the VRF has. */
static const struct fwd_route *route_find(const struct fwd_lfib *l, uint16_t vrf, uint32_t dst)
{
	for (int len = 32; len >= 0; len--) {
		if (!l->lens[vrf][len])
			continue;
		struct fwd_route key = {
			.vrf = vrf, .len = (uint8_t)len, .addr = dst & FWD_MASK(len)};
		uint32_t id = fwd_table_find(&l->routes, &key);
		const struct fwd_route *r = id ? fwd_route_at(l, id) : NULL;
		if (r && r->have.via != FWD_VIA_NONE && r->have.via != FWD_VIA_OTHER)
			return r;
	}
	return NULL;
}

/* Longest match among the connected prefixes of a VRF's ports that are up and bound. */
static const struct fwd_connected *connected_find(
	const struct fwd_lfib *l, uint16_t vrf, uint32_t dst)
{
	const struct fwd_connected *best = NULL;

	for (unsigned i = 0; i < l->n_connected; i++) {
		const struct fwd_connected *c = &l->connected[i];
		const struct fwd_port *port = &l->ports[c->port];

		if (l->conf->ports[c->port].vrf != vrf || !port->up || !port->bound)
			continue;
		if (!((dst ^ c->addr) & FWD_MASK(c->len)) && (!best || c->len > best->len))
			best = c;
	}
	return best;
}

static int port_by_ifindex(const struct fwd_lfib *l, uint32_t ifindex)
{
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		if (l->ports[i].ifindex == ifindex)
			return (int)i;
	return -1;
}

/* The kernel's push: every entry gets the IP TTL (uniform) or 255 (pipe). RFC 3443 5.1, 5.2. */
static enum fwd_verdict push_labels(const struct fwd_lfib *l, const struct fwd_pair *pair,
	struct fwd_packet *p, struct fwd_trace *why)
{
	struct fwd_ipv4 ip;

	if (pair->have != FWD_OBJECT_PATH || !fwd_packet_get_ipv4(p, &ip))
		return drop(why, FWD_UNRESOLVED);
	struct fwd_lse e = {
		.label = pair->label, .ttl = l->ttl_uniform ? ip.ttl : PIPE_TTL, .bottom = true};
	bool room = fwd_packet_push_lse(p, &e);
	e.bottom = false;
	for (unsigned i = pair->path.n_labels; room && i-- > 0;) {
		e.label = pair->path.labels[i];
		room = fwd_packet_push_lse(p, &e);
	}
	if (!room)
		return drop(why, FWD_TOO_BIG);
	why->pushed = (uint8_t)(pair->path.n_labels + 1);
	why->out_ifindex = pair->path.oif;
	why->gateway = pair->path.gateway;
	p->protocol = FWD_ETH_MPLS;
	int port = port_by_ifindex(l, pair->path.oif);
	if (port >= 0)
		why->out_port = (uint16_t)port;
	return FWD_SEND;
}

static enum fwd_verdict send_plain(
	const struct fwd_lfib *l, uint16_t port, uint32_t gateway, struct fwd_trace *why)
{
	if (!l->ports[port].up || !l->ports[port].bound)
		return drop(why, FWD_PORT_DOWN);
	why->out_port = port;
	why->out_ifindex = l->ports[port].ifindex;
	why->gateway = ip_addr_v4(gateway);
	return FWD_SEND;
}

static bool is_local(const struct fwd_lfib *l, uint16_t vrf, uint32_t dst)
{
	const struct fwd_connected *c = connected_find(l, vrf, dst);

	return c && c->addr == dst;
}

/* IP inside a VRF, its TTL already taken. A connected prefix wins at the same length (metric 0). */
static enum fwd_verdict vrf_send(const struct fwd_lfib *l, uint16_t vrf, uint32_t dst,
	struct fwd_packet *p, struct fwd_trace *why)
{
	const struct fwd_connected *c = connected_find(l, vrf, dst);
	const struct fwd_route *r = route_find(l, vrf, dst);

	if (c && (!r || c->len >= r->len)) {
		why->route = c->addr & FWD_MASK(c->len);
		why->route_len = c->len;
		return send_plain(l, c->port, dst, why);
	}
	if (!r)
		return drop(why, FWD_NO_ROUTE);
	why->route = r->addr;
	why->route_len = r->len;
	if (r->have.via == FWD_VIA_BLACKHOLE)
		return drop(why, FWD_BLACKHOLE);
	if (r->have.via == FWD_VIA_CE)
		return send_plain(l, r->have.port, r->have.ref, why);
	return push_labels(l, fwd_pair_at(l, r->have.ref), p, why);
}

static bool is_martian(uint32_t addr)
{
	struct ip_addr a = ip_addr_v4(addr);

	return ip_addr_is_martian(&a);
}

/* IP arrived in a VRF: local, or forwarded with the given TTL (what it will have when it leaves; < 1: dropped). */
static enum fwd_verdict vrf_input(const struct fwd_lfib *l, uint16_t vrf, struct fwd_packet *p,
	int ttl, const struct fwd_ipv4 *ip, struct fwd_trace *why)
{
	why->vrf = vrf;
	if (is_martian(ip->src) || is_martian(ip->dst))
		return drop(why, FWD_MARTIAN);
	if (is_local(l, vrf, ip->dst))
		return FWD_LOCAL;
	if (ttl < 1)
		return drop(why, FWD_IP_TTL);
	fwd_packet_set_ttl(p, (uint8_t)ttl);
	return vrf_send(l, vrf, ip->dst, p, why);
}

/* After the last pop: RFC 3443 5.3 (pipe: the inner TTL counts) or 5.1 (uniform: the label's does). */
static int exposed_ttl(const struct fwd_lfib *l, const struct fwd_lse *e, const struct fwd_ipv4 *ip)
{
	return (l->ttl_uniform ? e->ttl : ip->ttl) - 1;
}

static enum fwd_verdict label_to_vrf(const struct fwd_lfib *l, uint16_t vrf, struct fwd_packet *p,
	const struct fwd_lse *e, struct fwd_trace *why)
{
	struct fwd_ipv4 ip;

	if (!e->bottom)
		return drop(why, FWD_LABEL_NOT_BOTTOM);
	p->protocol = FWD_ETH_IPV4;
	if (!fwd_packet_get_ipv4(p, &ip))
		return drop(why, FWD_IP_MALFORMED);
	return vrf_input(l, vrf, p, exposed_ttl(l, e, &ip), &ip, why);
}

static uint16_t label_find(const struct fwd_lfib *l, uint32_t label)
{
	if (label < l->conf->label_min || label > l->conf->label_max)
		return FWD_VRF_NONE;
	return fwd_label_at(l, label - l->conf->label_min + 1)->have;
}

/* Explicit null at the bottom: the IP packet is the global table's, wherever it came from. */
static enum fwd_verdict null_to_global(const struct fwd_lfib *l, struct fwd_packet *p,
	const struct fwd_lse *e, struct fwd_trace *why)
{
	struct fwd_ipv4 ip;

	p->protocol = FWD_ETH_IPV4;
	if (!fwd_packet_get_ipv4(p, &ip))
		return drop(why, FWD_IP_MALFORMED);
	if (exposed_ttl(l, e, &ip) < 1)
		return drop(why, FWD_IP_TTL);
	fwd_packet_set_ttl(p, (uint8_t)exposed_ttl(l, e, &ip));
	return FWD_GLOBAL;
}

/*
 * RFC 3031 3.18: no binding, no forwarding. RFC 3032 2.1: reserved labels; explicit null may also stand above other
 * labels (RFC 4182 1). The platform's label space is one for all ports that accept labels: as in Linux.
 */
static enum fwd_verdict labelled(
	const struct fwd_lfib *l, struct fwd_packet *p, struct fwd_trace *why)
{
	struct fwd_lse e;

	for (;;) {
		if (!fwd_packet_get_lse(p, &e))
			return drop(why, FWD_STACK_CUT);
		why->label = e.label;
		if (e.ttl <= 1)
			return drop(why, FWD_MPLS_TTL);
		if (e.label != FWD_LABEL_V4NULL)
			break;
		fwd_packet_pop_lse(p);
		why->popped++;
		if (e.bottom)
			return null_to_global(l, p, &e, why);
	}
	if (e.label < FWD_LABEL_FIRST)
		return drop(why, FWD_LABEL_RESERVED);
	uint16_t vrf = label_find(l, e.label);
	if (vrf >= l->conf->n_vrfs)
		return drop(why, FWD_LABEL_UNKNOWN);
	fwd_packet_pop_lse(p);
	why->popped++;
	return label_to_vrf(l, vrf, p, &e, why);
}

static enum fwd_verdict ip_arrived(const struct fwd_lfib *l, const struct conf_port *port,
	struct fwd_packet *p, struct fwd_trace *why)
{
	struct fwd_ipv4 ip;

	if (!fwd_packet_get_ipv4(p, &ip))
		return drop(why, FWD_IP_MALFORMED);
	if (port->role == CONF_PORT_CORE)
		return FWD_GLOBAL;
	return vrf_input(l, (uint16_t)port->vrf, p, ip.ttl - 1, &ip, why);
}

enum fwd_verdict fwd_pipeline(
	const struct fwd_lfib *l, uint16_t port, struct fwd_packet *p, struct fwd_trace *why)
{
	CHECK(port < l->conf->n_ports);
	const struct conf_port *conf = &l->conf->ports[port];

	trace_init(why);
	if (!l->ports[port].ifindex || !l->ports[port].up)
		return drop(why, FWD_PORT_DOWN);
	if (conf->role == CONF_PORT_ACCESS && !l->ports[port].bound)
		return drop(why, FWD_PORT_NOT_BOUND);
	if (!fwd_packet_pop_tags(p))
		return drop(why, FWD_VLAN_NOT_AGREED);
	if (p->protocol == FWD_ETH_MPLS)
		return l->ports[port].labels ? labelled(l, p, why)
					     : drop(why, FWD_MPLS_NOT_ENABLED);
	if (p->protocol != FWD_ETH_IPV4)
		return drop(why, FWD_ETHERTYPE);
	return ip_arrived(l, conf, p, why);
}

enum fwd_verdict fwd_pipeline_output(
	const struct fwd_lfib *l, uint16_t vrf, struct fwd_packet *p, struct fwd_trace *why)
{
	struct fwd_ipv4 ip;

	CHECK(vrf < l->conf->n_vrfs);
	trace_init(why);
	why->vrf = vrf;
	if (p->protocol != FWD_ETH_IPV4 || !fwd_packet_get_ipv4(p, &ip))
		return drop(why, FWD_IP_MALFORMED);
	if (is_local(l, vrf, ip.dst))
		return FWD_LOCAL;
	return vrf_send(l, vrf, ip.dst, p, why);
}

const char *fwd_reason_name(enum fwd_reason r)
{
	static const char *const names[FWD_REASON_N] = {
		[FWD_OK] = "ok",
		[FWD_MPLS_NOT_ENABLED] = "mpls_not_enabled",
		[FWD_LABEL_UNKNOWN] = "label_unknown",
		[FWD_LABEL_RESERVED] = "label_reserved",
		[FWD_LABEL_NOT_BOTTOM] = "label_not_bottom",
		[FWD_MPLS_TTL] = "mpls_ttl",
		[FWD_STACK_CUT] = "label_stack_cut",
		[FWD_VLAN_NOT_AGREED] = "l2_vlan_not_agreed",
		[FWD_ETHERTYPE] = "ethertype_not_allowed",
		[FWD_PORT_NOT_BOUND] = "port_not_bound",
		[FWD_PORT_DOWN] = "port_down",
		[FWD_MARTIAN] = "martian",
		[FWD_IP_MALFORMED] = "ip_malformed",
		[FWD_IP_TTL] = "ip_ttl",
		[FWD_NO_ROUTE] = "no_route",
		[FWD_UNRESOLVED] = "next_hop_unresolved",
		[FWD_BLACKHOLE] = "blackhole",
		[FWD_TOO_BIG] = "too_big",
	};

	return r < FWD_REASON_N ? names[r] : "unknown";
}

const char *fwd_verdict_name(enum fwd_verdict v)
{
	static const char *const names[] = {
		[FWD_DROP] = "drop",
		[FWD_SEND] = "send",
		[FWD_LOCAL] = "local",
		[FWD_GLOBAL] = "global",
	};

	return v < ARRAY_LEN(names) ? names[v] : "unknown";
}

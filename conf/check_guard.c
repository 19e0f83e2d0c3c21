/* The guard against the rest of the configuration: what it cannot hold, and what it would not do as somebody may think. */
#include <string.h>

#include "bgpd/wire/family.h"
#include "conf/loader.h"
#include "lib/check.h"

/* --- infrastructure --- */

static bool guard_is_infrastructure(const struct conf *c, const struct ip_addr *a)
{
	for (unsigned i = 0; i < c->n_infrastructure; i++)
		if (ip_prefix_contains(&c->infrastructure[i], a))
			return true;
	return false;
}

static void guard_check_covered(
	struct conf_loader *l, struct conf_at at, const char *what, const struct ip_addr *a)
{
	char s[IP_ADDR_STRLEN];

	if (a->af == IP_V4 && !guard_is_infrastructure(l->conf, a))
		conf_warn(l, at,
			"%s %s is in no prefix of guard infrastructure: the guard does not keep "
			"customers' "
			"packets from it (RFC 4381 3.2); add its prefix",
			what, ip_addr_print(a, s));
}

/* Our own addresses in the core. */
static void guard_check_own(struct conf_loader *l)
{
	const struct conf *c = l->conf;
	struct ip_addr id = ip_addr_v4(c->id);

	if (c->id)
		guard_check_covered(l, l->id, "the router's id", &id);
	for (unsigned i = 0; i < c->n_peers; i++) {
		const struct conf_peer *p = &c->peers[i];
		if (p->vrf == CONF_VRF_NONE && p->slot == 0 && !ip_addr_equal(&p->local, &id))
			guard_check_covered(l, conf_peer_site_at(&l->peers[i], "local-address"),
				"our address", &p->local);
	}
	for (unsigned i = 0; i < c->n_ports; i++) {
		const struct conf_port *p = &c->ports[i];
		for (unsigned a = 0; p->role == CONF_PORT_CORE && a < p->n_addresses; a++)
			guard_check_covered(l, l->ports[i].addresses[a], "the core port's address",
				&p->addresses[a].addr);
	}
}

static bool guard_has_inside(const struct ip_prefix *outer, struct ip_prefix inner)
{
	ip_prefix_mask(&inner);
	return inner.addr.af == IP_V4 && inner.len >= outer->len &&
	       ip_prefix_contains(outer, &inner.addr);
}

/* A VPN's own link or route inside the prefix: *what says which, and the VPN. */
static bool guard_find_inside(const struct conf *c, const struct ip_prefix *infra,
	struct ip_prefix *inside, const char **vrf)
{
	for (unsigned i = 0; i < c->n_ports; i++) {
		const struct conf_port *p = &c->ports[i];
		for (unsigned a = 0; p->vrf != CONF_VRF_NONE && a < p->n_addresses; a++) {
			if (!guard_has_inside(infra, p->addresses[a]))
				continue;
			*inside = p->addresses[a];
			*vrf = c->vrfs[p->vrf].name;
			return true;
		}
	}
	for (unsigned i = 0; i < c->n_vrfs; i++) {
		for (unsigned s = 0; s < c->vrfs[i].n_statics; s++) {
			if (!guard_has_inside(infra, c->vrfs[i].statics[s].prefix))
				continue;
			*inside = c->vrfs[i].statics[s].prefix;
			*vrf = c->vrfs[i].name;
			return true;
		}
	}
	return false;
}

static void guard_check_infrastructure(struct conf_loader *l, unsigned i)
{
	const struct conf *c = l->conf;
	const struct ip_prefix *infra = &c->infrastructure[i];
	char text[IP_PREFIX_STRLEN];
	struct ip_prefix inside;
	const char *vrf;

	for (unsigned j = 0; j < i; j++) {
		if (!ip_prefix_equal(infra, &c->infrastructure[j]))
			continue;
		conf_error(l, l->infrastructure[i],
			"this prefix is in infrastructure already; keep one");
		return;
	}
	if (!guard_find_inside(c, infra, &inside, &vrf))
		return;
	ip_prefix_mask(&inside);
	conf_warn(l, l->infrastructure[i],
		"%s of VRF %s is inside: a VPN may use the core's numbers, so its own routes win "
		"and packets there pass (RFC 4381 2.1)",
		ip_prefix_print(&inside, text), vrf ? conf_check_quote(l, vrf) : "above");
}

/* --- static neighbours --- */

static void guard_check_static(struct conf_loader *l, unsigned port, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[port];
	const struct ip_addr *a = &p->guard.statics[i].addr;
	struct conf_at at = l->ports[port].statics[i].address;

	if (a->af == IP_NONE)
		return;
	for (unsigned j = 0; j < i; j++) {
		if (!ip_addr_equal(a, &p->guard.statics[j].addr))
			continue;
		conf_error(l, at, "this address has a static neighbor already; keep one");
		return;
	}
	if (conf_check_is_own(l, p->vrf, a))
		conf_error(l, at, "this is this router's own address; write the neighbor's");
	else if (p->n_addresses && !conf_port_is_on_link(p, a))
		conf_error(l, at,
			"this address is not on the port's link; write one of the prefix of its "
			"address");
}

static bool guard_is_static(const struct conf_guard *g, const struct ip_addr *a)
{
	for (unsigned i = 0; i < g->n_statics; i++)
		if (ip_addr_equal(&g->statics[i].addr, a))
			return true;
	return false;
}

/* With static neighbours nobody else is let in: also nobody whom the configuration counts on. */
static void guard_check_lacks(
	struct conf_loader *l, unsigned port, const struct ip_addr *a, const char *what)
{
	const struct conf_port *p = &l->conf->ports[port];
	char text[IP_ADDR_STRLEN];

	if (a->af == IP_V4 && conf_port_is_on_link(p, a) && !guard_is_static(&p->guard, a))
		conf_warn(l, l->ports[port].statics[0].address,
			"%s %s is on this link and not in static-neighbors: nothing is let in "
			"from it; add it with its mac",
			what, ip_addr_print(a, text));
}

static void guard_check_statics(struct conf_loader *l, unsigned i)
{
	const struct conf *c = l->conf;
	const struct conf_port *p = &c->ports[i];
	const struct conf_vrf *v = &c->vrfs[p->vrf];

	for (unsigned s = 0; s < p->guard.n_statics; s++)
		guard_check_static(l, i, s);
	for (unsigned k = 0; p->guard.n_statics && k < c->n_peers; k++)
		if (c->peers[k].vrf == p->vrf && !c->peers[k].dynamic)
			guard_check_lacks(l, i, &c->peers[k].addr, "neighbor");
	for (unsigned k = 0; p->guard.n_statics && k < v->n_statics; k++)
		guard_check_lacks(l, i, &v->statics[k].next_hop, "next-hop");
}

/* --- source addresses, services --- */

/* Whether a neighbour, or some of a range, is on the port's link. */
static bool guard_is_near(const struct conf_port *p, const struct conf_peer *peer)
{
	const struct ip_addr *a = peer->dynamic ? &peer->range.addr : &peer->addr;

	if (conf_port_is_on_link(p, a))
		return true;
	for (unsigned k = 0; peer->dynamic && k < p->n_addresses; k++)
		if (ip_prefix_contains(&peer->range, &p->addresses[k].addr))
			return true;
	return false;
}

static void guard_mark_near(struct conf_loader *l, unsigned peer)
{
	for (unsigned i = 0; i < l->conf->n_ports && !l->peers[peer].on_link; i++)
		l->peers[peer].on_link = l->conf->ports[i].vrf == l->conf->peers[peer].vrf &&
					 guard_is_near(&l->conf->ports[i], &l->conf->peers[peer]);
}

/* BGP neighbours that are let in through a port: those of its VRF but for those that are on the link of another. */
static unsigned guard_count_peers(const struct conf_loader *l, const struct conf_port *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->conf->n_peers; i++) {
		const struct conf_peer *peer = &l->conf->peers[i];
		n += peer->vrf == p->vrf && peer->slot == 0 &&
		     (!l->peers[i].on_link || guard_is_near(p, peer));
	}
	return n;
}

static unsigned guard_bits(unsigned bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

static void guard_check_services(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];
	unsigned links = p->n_addresses ? p->n_addresses : 1;
	unsigned peers = guard_count_peers(l, p);

	if (p->guard.source == ACL_SOURCE_FEASIBLE && peers == 0)
		conf_warn(l, l->ports[i].source,
			"no neighbor of this VRF announces anything on this port, so feasible is "
			"the same as "
			"strict; leave source out");
	unsigned n = peers + links * guard_bits(p->guard.protocols);
	if (n > ACL_SERVICES_MAX)
		conf_error(l, l->ports[i].name,
			"%u neighbors and protocols reach the router through this port; the "
			"guard holds %d: put neighbors into a range, or on another port",
			n, ACL_SERVICES_MAX);
}

static void guard_check_port(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];

	if (p->role != CONF_PORT_ACCESS || p->vrf == CONF_VRF_NONE)
		return;
	if (p->guard.disabled) {
		conf_warn(l, l->ports[i].guard,
			"without its guard this port lets in whatever the kernel takes: any "
			"source address, any packet to the router, floods (RFC 4381 2.3, 3.2, "
			"3.3); for laboratories only");
		return;
	}
	guard_check_statics(l, i);
	guard_check_services(l, i);
}

/* --- labels from another AS --- */

static bool guard_takes_labels(const struct conf *c, const struct conf_peer *p)
{
	return p->vrf == CONF_VRF_NONE && p->slot == 0 && conf_peer_is_external(c, p) &&
	       p->families & WIRE_FAMILY_BIT(WIRE_VPNV4);
}

/* RFC 4364 10: a label that was not told to the neighbour must not be taken from it. */
static void guard_check_inter_as(struct conf_loader *l, unsigned peer)
{
	const struct conf *c = l->conf;
	const struct conf_peer *p = &c->peers[peer];
	const struct ip_addr *a = p->dynamic ? &p->range.addr : &p->addr;
	unsigned all = 0, other = 0, at = 0;

	for (unsigned i = 0; i < c->n_ports; i++) {
		const struct conf_port *port = &c->ports[i];
		if (port->role != CONF_PORT_CORE)
			continue;
		if (conf_port_is_on_link(port, a)) {
			all = port->labels == ACL_LABELS_ALL;
			other = !all;
			at = i;
			break;
		}
		all += port->labels == ACL_LABELS_ALL;
		other += port->labels != ACL_LABELS_ALL;
		at = i;
	}
	if (!all || other)
		return;
	const char *name = p->name ? conf_check_quote(l, p->name) : "a neighbor";
	struct conf_at place = l->ports[at].labels.len ? l->ports[at].labels : l->ports[at].role;
	conf_warn(l, place,
		"%s is in another AS and can send into every VPN of this router: labels that were "
		"not told it are taken as well (RFC 4364 10); write labels: advertised%s",
		name, p->dynamic ? ", and its address in place of range" : "");
}

/* Nothing is ever told to anybody there, so nothing labelled gets through. Who may be any of a range is not looked for. */
static void guard_check_advertised(struct conf_loader *l, unsigned i)
{
	const struct conf *c = l->conf;
	const struct conf_port *p = &c->ports[i];

	if (p->role != CONF_PORT_CORE || p->labels != ACL_LABELS_ADVERTISED || !p->n_addresses)
		return;
	for (unsigned k = 0; k < c->n_peers; k++) {
		const struct conf_peer *peer = &c->peers[k];
		if (peer->vrf == CONF_VRF_NONE && !peer->dynamic &&
			peer->families & WIRE_FAMILY_BIT(WIRE_VPNV4) &&
			conf_port_is_on_link(p, &peer->addr))
			return;
	}
	conf_warn(l, l->ports[i].labels,
		"no neighbor with vpnv4 and an address is on this link, so no label is told there "
		"and every "
		"labelled packet is dropped; labels: none says the same, labels: all is for our "
		"own core");
}

void conf_check_guard(struct conf_loader *l)
{
	if (l->conf->n_infrastructure)
		guard_check_own(l);
	for (unsigned i = 0; i < l->conf->n_infrastructure; i++)
		guard_check_infrastructure(l, i);
	for (unsigned i = 0; i < l->conf->n_peers; i++)
		guard_mark_near(l, i);
	for (unsigned i = 0; i < l->conf->n_ports; i++) {
		guard_check_port(l, i);
		guard_check_advertised(l, i);
	}
	for (unsigned i = 0; i < l->conf->n_peers; i++)
		if (guard_takes_labels(l->conf, &l->conf->peers[i]))
			guard_check_inter_as(l, i);
}

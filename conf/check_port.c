/* Ports: what goes with their role, and with each other. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

/* Turns the name of the port's VRF into its index; with the name unknown the port stays without one. */
static void port_check_vrf(struct conf_loader *l, unsigned i)
{
	const struct conf_port_site *site = &l->ports[i];
	const char *names[CONF_VRFS_MAX];
	unsigned n = 0;

	for (unsigned v = 0; v < l->conf->n_vrfs; v++) {
		if (conf_check_same(site->vrf_name, l->conf->vrfs[v].name)) {
			l->conf->ports[i].vrf = (int)v;
			return;
		}
		if (l->conf->vrfs[v].name)
			names[n++] = l->conf->vrfs[v].name;
	}
	const char *near = text_nearest(site->vrf_name, names, n);
	if (near)
		conf_error(l, site->vrf, "there is no VRF %s; did you mean %s?",
			conf_check_quote(l, site->vrf_name), conf_check_quote(l, near));
	else
		conf_error(l, site->vrf, "there is no VRF %s; define it under vrfs",
			conf_check_quote(l, site->vrf_name));
}

/* A key that does not go with a role. */
struct stray {
	enum conf_port_role role;
	size_t at; /* of its place in struct conf_port_site */
	const char *say;
};

#define MANAGEMENT "a management port is left alone: "

static const struct stray *port_strays(size_t *n)
{
	static const struct stray strays[] = {
		{CONF_PORT_CORE, offsetof(struct conf_port_site, vrf),
			"a core port has no VRF; write role: access, or leave vrf out"},
		{CONF_PORT_CORE, offsetof(struct conf_port_site, accept_labels),
			"a core port always accepts labels; leave the key out"},
		{CONF_PORT_CORE, offsetof(struct conf_port_site, guard),
			"guard is for ports towards customers; on a core port labels: advertised "
			"or none, "
			"and acl, say what is let in"},
		{CONF_PORT_ACCESS, offsetof(struct conf_port_site, labels),
			"no labels are let in from a customer; labels is for core ports, leave it "
			"out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, vrf),
			MANAGEMENT "it is in no VRF; write role: access, or leave vrf out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, accept_labels),
			MANAGEMENT "no labels are accepted from it; leave the key out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, labels),
			MANAGEMENT "no labels are accepted from it; leave the key out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, guard),
			MANAGEMENT "it has no guard; write role: access, or leave guard out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, acl),
			MANAGEMENT "access lists are not tried there; leave acl out"},
		{CONF_PORT_MANAGEMENT, offsetof(struct conf_port_site, address),
			MANAGEMENT "its addresses are set by whoever manages it; leave address "
				   "out"},
	};

	*n = ARRAY_LEN(strays);
	return strays;
}

static void port_check_role(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];
	const struct conf_port_site *site = &l->ports[i];
	size_t n;
	const struct stray *strays = port_strays(&n);

	if (!site->role_known)
		return;
	if (p->role == CONF_PORT_ACCESS && !site->vrf.len)
		conf_error(l, site->role,
			"an access port needs the key \"vrf\": it belongs to one customer");
	for (size_t s = 0; s < n; s++) {
		struct conf_at at;
		memcpy(&at, (const char *)site + strays[s].at, sizeof(at));
		if (p->role == strays[s].role && at.len)
			conf_error(l, at, "%s", strays[s].say);
	}
	if (p->role == CONF_PORT_ACCESS && p->accept_labels)
		conf_warn(l, site->accept_labels,
			"whoever is behind this port can send into every VPN of this "
			"router by "
			"labelling packets "
			"(RFC 4381 3.4, RFC 4364 13.1); for laboratories only");
}

static void port_check_addresses(struct conf_loader *l, unsigned i, unsigned j)
{
	const struct conf_port *p = &l->conf->ports[i], *q = &l->conf->ports[j];

	for (unsigned a = 0; p->vrf == q->vrf && a < p->n_addresses; a++)
		for (unsigned b = 0; b < (i == j ? a : q->n_addresses); b++)
			if (ip_addr_equal(&p->addresses[a].addr, &q->addresses[b].addr))
				conf_error(l, l->ports[i].addresses[a],
					"this address is on a port of the same VRF "
					"already; keep "
					"one");
}

static void port_check(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];

	port_check_role(l, i);
	for (unsigned j = 0; j < i; j++) {
		if (!conf_check_same(p->name, l->conf->ports[j].name))
			continue;
		conf_error(l, l->ports[i].name, "port %s is listed twice; it has one role",
			conf_check_quote(l, p->name));
		break;
	}
	for (unsigned j = 0; j <= i; j++)
		port_check_addresses(l, i, j);
}

void conf_check_ports(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		if (l->ports[i].vrf_name && l->conf->ports[i].role == CONF_PORT_ACCESS)
			port_check_vrf(l, i);
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		port_check(l, i);
}

bool conf_port_is_on_link(const struct conf_port *p, const struct ip_addr *a)
{
	for (unsigned k = 0; k < p->n_addresses; k++) {
		struct ip_prefix net = p->addresses[k];
		ip_prefix_mask(&net);
		if (ip_prefix_contains(&net, a))
			return true;
	}
	return false;
}

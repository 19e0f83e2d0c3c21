/* What only the whole configuration tells: names that meet, numbers given twice, sessions that cannot be. */
#include <string.h>

#include "conf/loader.h"
#include "lib/text.h"

bool conf_check_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

const char *conf_check_quote(struct conf_loader *l, const char *s)
{
	return conf_diag_quote(&l->diag, s, strlen(s));
}

static void check_vrf_against(struct conf_loader *l, unsigned i, unsigned j)
{
	const struct conf_vrf *v = &l->conf->vrfs[i], *before = &l->conf->vrfs[j];

	if (conf_check_same(v->name, before->name))
		conf_error(l, l->vrfs[i].name, "there is a VRF %s already; names are unique",
			conf_check_quote(l, v->name));
	if (v->table && v->table == before->table)
		conf_error(l, l->vrfs[i].table,
			"table %u is already that of VRF %s; each VRF needs a kernel table of its "
			"own",
			v->table, before->name ? conf_check_quote(l, before->name) : "above");
	if (v->rd && v->rd == before->rd)
		conf_error(l, l->vrfs[i].rd,
			"this rd is already that of VRF %s; the same prefix of both would be one "
			"VPN route "
			"(RFC 4364 4.1)",
			before->name ? conf_check_quote(l, before->name) : "above");
}

/* An own address inside a VRF (or the core): that of a port. */
bool conf_check_is_own(const struct conf_loader *l, int vrf, const struct ip_addr *a)
{
	for (unsigned i = 0; i < l->conf->n_ports; i++) {
		const struct conf_port *p = &l->conf->ports[i];
		for (unsigned k = 0; p->vrf == vrf && k < p->n_addresses; k++)
			if (ip_addr_equal(&p->addresses[k].addr, a))
				return true;
	}
	return false;
}

/* Whether some port of the VRF has a as a neighbor on its link. Ports without addresses may get some later. */
static bool check_is_on_link(const struct conf_loader *l, int vrf, const struct ip_addr *a)
{
	for (unsigned i = 0; i < l->conf->n_ports; i++) {
		const struct conf_port *p = &l->conf->ports[i];
		if (p->vrf != vrf)
			continue;
		if (p->n_addresses == 0)
			return true;
		for (unsigned k = 0; k < p->n_addresses; k++) {
			struct ip_prefix net = p->addresses[k];
			ip_prefix_mask(&net);
			if (ip_prefix_contains(&net, a))
				return true;
		}
	}
	return false;
}

static void check_static(struct conf_loader *l, unsigned vrf, unsigned i)
{
	const struct conf_vrf *v = &l->conf->vrfs[vrf];
	const struct conf_static *s = &v->statics[i];

	for (unsigned j = 0; j < i && s->prefix.addr.af != IP_NONE; j++) {
		if (ip_prefix_equal(&s->prefix, &v->statics[j].prefix)) {
			conf_error(l, l->vrfs[vrf].prefixes[i],
				"this prefix has a route already; keep one");
			break;
		}
	}
	if (s->next_hop.af == IP_NONE)
		return;
	if (conf_check_is_own(l, (int)vrf, &s->next_hop))
		conf_error(l, l->vrfs[vrf].next_hops[i],
			"next-hop is this router's own address; write the address of the CE");
	else if (!check_is_on_link(l, (int)vrf, &s->next_hop))
		conf_warn(l, l->vrfs[vrf].next_hops[i],
			"next-hop is on no link of this VRF; the route stays out of the kernel "
			"until it is");
}

static void check_vrf(struct conf_loader *l, unsigned i)
{
	const struct conf_vrf *v = &l->conf->vrfs[i];

	for (unsigned j = 0; j < i; j++)
		check_vrf_against(l, i, j);
	for (unsigned p = 0; p < l->conf->n_ports; p++) {
		if (!conf_check_same(v->name, l->conf->ports[p].name))
			continue;
		conf_error(l, l->vrfs[i].name,
			"VRF %s would be a network device with the name of a port; rename "
			"the VRF",
			conf_check_quote(l, v->name));
		break;
	}
	for (unsigned s = 0; s < v->n_statics; s++)
		check_static(l, i, s);
}

/* Turns the name of the port's VRF into its index; with the name unknown the port stays without one. */
static void check_port_vrf(struct conf_loader *l, unsigned i)
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

static void check_port_role(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];
	const struct conf_port_site *site = &l->ports[i];

	if (!site->role_known)
		return;
	if (p->role == CONF_PORT_ACCESS && !site->vrf.len)
		conf_error(l, site->role,
			"an access port needs the key \"vrf\": it belongs to one customer");
	if (p->role == CONF_PORT_CORE && site->vrf.len)
		conf_error(l, site->vrf,
			"a core port has no VRF; write role: access, or leave vrf out");
	if (p->role == CONF_PORT_CORE && site->accept_labels.len)
		conf_error(l, site->accept_labels,
			"a core port always accepts labels; leave the key out");
	if (p->role == CONF_PORT_ACCESS && p->accept_labels)
		conf_warn(l, site->accept_labels,
			"whoever is behind this port can send into every VPN of this "
			"router by "
			"labelling packets "
			"(RFC 4381 3.4, RFC 4364 13.1); for laboratories only");
}

static void check_port_addresses(struct conf_loader *l, unsigned i, unsigned j)
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

static void check_port(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];

	check_port_role(l, i);
	for (unsigned j = 0; j < i; j++) {
		if (!conf_check_same(p->name, l->conf->ports[j].name))
			continue;
		conf_error(l, l->ports[i].name, "port %s is listed twice; it has one role",
			conf_check_quote(l, p->name));
		break;
	}
	for (unsigned j = 0; j <= i; j++)
		check_port_addresses(l, i, j);
}

/* A label per VRF that exports; without one its routes are never announced. */
static void check_labels(struct conf_loader *l)
{
	const struct conf *c = l->conf;
	unsigned have = c->label_max - c->label_min + 1, need = 0;

	for (unsigned i = 0; i < c->n_vrfs; i++)
		need += c->vrfs[i].n_export_rts > 0;
	if (have < need)
		conf_error(l, l->labels, "%u label%s for %u VRFs that export; each needs one", have,
			have == 1 ? "" : "s", need);
}

void conf_check(struct conf_loader *l)
{
	if (!l->conf->cluster_id)
		l->conf->cluster_id = l->conf->id;
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		if (l->ports[i].vrf_name && l->conf->ports[i].role != CONF_PORT_CORE)
			check_port_vrf(l, i);
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		check_port(l, i);
	for (unsigned i = 0; i < l->conf->n_vrfs; i++)
		check_vrf(l, i);
	conf_check_peers(l);
	check_labels(l);
}

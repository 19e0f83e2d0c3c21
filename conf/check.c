/* What only the whole configuration tells: names that meet, numbers given twice, sessions that cannot be. */
#include <string.h>

#include "conf/loader.h"

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
		if (p->n_addresses == 0 || conf_port_is_on_link(p, a))
			return true;
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
	conf_check_ports(l);
	for (unsigned i = 0; i < l->conf->n_vrfs; i++)
		check_vrf(l, i);
	conf_check_policies(l);
	conf_check_peers(l);
	conf_check_acls(l);
	conf_check_guard(l);
	conf_check_api(l);
	check_labels(l);
}

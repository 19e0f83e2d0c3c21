#include "audit/intent.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "acl/abi.h"
#include "audit/array.h"
#include "conf/model.h"
#include "lib/check.h"

#define TABLE_MAIN  254
#define IS_LOOPBACK 0x8u /* IFF_LOOPBACK */

void audit_intent_init(struct audit_intent *in)
{
	*in = (struct audit_intent){0};
}

void audit_intent_fini(struct audit_intent *in)
{
	free(in->ports);
	free(in->vrfs);
	free(in->peers);
	free(in->labels);
	free(in->claims);
	*in = (struct audit_intent){0};
}

struct audit_port *audit_intent_add_port(
	struct audit_intent *in, const char *name, enum audit_role role)
{
	in->ports = audit_array_add(in->ports, &in->n_ports, sizeof(*in->ports));
	struct audit_port *p = &in->ports[in->n_ports - 1];
	p->role = (uint8_t)role;
	p->vrf = -1;
	snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

struct audit_vrf *audit_intent_add_vrf(struct audit_intent *in, const char *name, uint32_t table)
{
	in->vrfs = audit_array_add(in->vrfs, &in->n_vrfs, sizeof(*in->vrfs));
	struct audit_vrf *v = &in->vrfs[in->n_vrfs - 1];
	v->table = table;
	snprintf(v->name, sizeof(v->name), "%s", name);
	return v;
}

struct audit_peer *audit_intent_add_peer(struct audit_intent *in)
{
	in->peers = audit_array_add(in->peers, &in->n_peers, sizeof(*in->peers));
	return &in->peers[in->n_peers - 1];
}

struct audit_label *audit_intent_add_label(struct audit_intent *in)
{
	in->labels = audit_array_add(in->labels, &in->n_labels, sizeof(*in->labels));
	return &in->labels[in->n_labels - 1];
}

struct audit_claim *audit_intent_add_claim(struct audit_intent *in)
{
	in->claims = audit_array_add(in->claims, &in->n_claims, sizeof(*in->claims));
	return &in->claims[in->n_claims - 1];
}

static int claim_cmp(const void *a, const void *b)
{
	const struct audit_claim *x = a, *y = b;
	int c = (x->vrf > y->vrf) - (x->vrf < y->vrf);

	c = c ? c : ip_addr_cmp(&x->prefix.addr, &y->prefix.addr);
	return c ? c : (x->prefix.len > y->prefix.len) - (x->prefix.len < y->prefix.len);
}

void audit_intent_sort(struct audit_intent *in)
{
	if (in->n_claims)
		qsort(in->claims, in->n_claims, sizeof(*in->claims), claim_cmp);
}

bool audit_intent_claims(const struct audit_intent *in, int vrf, const struct ip_prefix *prefix)
{
	struct audit_claim key = {.vrf = vrf, .prefix = *prefix};
	return in->n_claims && bsearch(&key, in->claims, in->n_claims, sizeof(key), claim_cmp);
}

const struct audit_port *audit_intent_port(const struct audit_intent *in, const char *name)
{
	for (size_t i = 0; i < in->n_ports; i++)
		if (strcmp(in->ports[i].name, name) == 0)
			return &in->ports[i];
	return NULL;
}

int audit_intent_vrf(const struct audit_intent *in, const char *name)
{
	for (size_t i = 0; i < in->n_vrfs; i++)
		if (strcmp(in->vrfs[i].name, name) == 0)
			return (int)i;
	return -1;
}

int audit_intent_table(const struct audit_intent *in, uint32_t table)
{
	for (size_t i = 0; i < in->n_vrfs; i++)
		if (in->vrfs[i].table == table)
			return (int)i;
	return -1;
}

static void conf_port_add(struct audit_intent *in, const struct conf_port *c)
{
	static const uint8_t roles[] = {[CONF_PORT_CORE] = AUDIT_ROLE_CORE,
		[CONF_PORT_ACCESS] = AUDIT_ROLE_ACCESS,
		[CONF_PORT_MANAGEMENT] = AUDIT_ROLE_MANAGEMENT};
	struct audit_port *p = audit_intent_add_port(in, c->name, roles[c->role]);

	p->vrf = c->vrf;
	p->accept_labels = c->accept_labels;
	p->no_labels = c->role == CONF_PORT_CORE && c->labels == ACL_LABELS_NONE;
	p->guarded = c->role == CONF_PORT_ACCESS && !c->guard.disabled;
	p->source_checked = p->guarded && c->guard.source != ACL_SOURCE_OFF;
	if (c->vrf >= 0)
		in->vrfs[c->vrf].n_ports++;
}

static void conf_peer_add(struct audit_intent *in, const struct conf_peer *c)
{
	struct audit_peer *p;

	if (c->dynamic && c->slot)
		return; /* a range is one neighbour here */
	p = audit_intent_add_peer(in);
	snprintf(p->name, sizeof(p->name), "%s", c->name);
	p->who = c->dynamic ? c->range : (struct ip_prefix){c->addr, ip_af_bits(c->addr.af)};
	p->vrf = c->vrf == CONF_VRF_NONE ? -1 : c->vrf;
	p->password = c->password_len;
	p->served = p->who.addr.af == IP_V4;
}

void audit_intent_add_conf(struct audit_intent *in, const struct conf *conf)
{
	for (unsigned i = 0; i < conf->n_vrfs; i++)
		audit_intent_add_vrf(in, conf->vrfs[i].name, conf->vrfs[i].table);
	for (unsigned i = 0; i < conf->n_ports; i++)
		conf_port_add(in, &conf->ports[i]);
	for (unsigned i = 0; i < conf->n_peers; i++)
		conf_peer_add(in, &conf->peers[i]);
	in->unknown_open = conf->unknown_ports_open;
	in->ranges = true;
	in->label_min = conf->label_min;
	in->label_max = conf->label_max;
}

/* Only a router of the core is talked to with labels or an IGP. */
static bool leads_into_core(const struct audit_snapshot *s, uint32_t ifindex)
{
	for (size_t i = 0; i < s->n_routes; i++) {
		const struct audit_route *r = &s->routes[i];
		bool igp = r->kind == AUDIT_IPV4 && r->table == TABLE_MAIN &&
			   (r->protocol == 187 || r->protocol == 188 || r->protocol == 193);
		for (uint32_t k = 0; k < r->n_hops; k++) {
			const struct audit_hop *h = &s->hops[r->first_hop + k];
			if (h->oif == ifindex && (igp || (r->kind == AUDIT_IPV4 && h->n_labels)))
				return true;
		}
	}
	return false;
}

void audit_intent_add_host(struct audit_intent *in, const struct audit_snapshot *s)
{
	in->of_host = true;
	for (size_t i = 0; i < s->n_links; i++)
		if (s->links[i].vrf_table && audit_intent_vrf(in, s->links[i].name) < 0)
			audit_intent_add_vrf(in, s->links[i].name, s->links[i].vrf_table);
	for (size_t i = 0; i < s->n_links; i++) {
		const struct audit_link *l = &s->links[i];
		const struct audit_link *m = l->master ? audit_link_at(s, l->master) : NULL;
		if (l->vrf_table || (l->flags & IS_LOOPBACK) || audit_intent_port(in, l->name))
			continue;
		if (m && m->vrf_table) {
			struct audit_port *p =
				audit_intent_add_port(in, l->name, AUDIT_ROLE_ACCESS);
			p->vrf = audit_intent_vrf(in, m->name);
			p->guarded = p->source_checked = audit_guard_find(s, l);
			in->vrfs[p->vrf].n_ports++;
		} else if (!l->master &&
			   (l->sysctl[AUDIT_MPLS_INPUT] == 1 || leads_into_core(s, l->ifindex))) {
			audit_intent_add_port(in, l->name, AUDIT_ROLE_CORE);
		}
	}
}

static bool carries_port(
	const struct audit_intent *in, const struct audit_snapshot *s, const struct audit_link *l)
{
	const struct audit_link *m = l->master ? audit_link_at(s, l->master) : NULL;

	if (m && !m->vrf_table && audit_intent_port(in, m->name))
		return true; /* of a bond or bridge that is a port */
	for (size_t i = 0; i < s->n_links; i++)
		if (s->links[i].lower == l->ifindex && s->links[i].vid &&
			audit_intent_port(in, s->links[i].name))
			return true;
	return false;
}

enum audit_role audit_intent_role(
	const struct audit_intent *in, const struct audit_snapshot *s, const struct audit_link *l)
{
	static const char *const inert[] = {"dummy", "ifb", "nlmon"};
	const struct audit_port *p = audit_intent_port(in, l->name);

	if (p)
		return p->role;
	if (l->vrf_table)
		return AUDIT_ROLE_VRF;
	if (l->flags & IS_LOOPBACK)
		return AUDIT_ROLE_INERT;
	for (size_t i = 0; i < sizeof(inert) / sizeof(inert[0]); i++)
		if (strcmp(l->kind, inert[i]) == 0)
			return AUDIT_ROLE_INERT;
	return carries_port(in, s, l) ? AUDIT_ROLE_TRUNK : AUDIT_ROLE_UNKNOWN;
}

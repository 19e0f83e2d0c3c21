/* Neighbors against each other, against the ports, and what nobody should run without knowing. */
#include <string.h>

#include "bgpd/wire/family.h"
#include "conf/loader.h"

struct conf_at conf_peer_site_at(const struct conf_peer_site *site, const char *key)
{
	struct conf_at at = conf_place_get(site->keys, site->places, key);

	return at.len ? at : site->whole;
}

bool conf_peer_site_has(const struct conf_peer_site *site, const char *key)
{
	return conf_place_get(site->keys, site->places, key).len > 0;
}

bool conf_peer_is_external(const struct conf *c, const struct conf_peer *p)
{
	return c->as && (p->as ? p->as != c->as : p->dynamic);
}

bool conf_peer_is_internal(const struct conf *c, const struct conf_peer *p)
{
	return p->as && p->as == c->as;
}

/* The place of what names the neighbor: its address, or its range. */
static struct conf_at check_who(const struct conf_loader *l, unsigned i)
{
	return conf_peer_site_at(&l->peers[i], l->conf->peers[i].dynamic ? "range" : "address");
}

static void check_peer_secret(struct conf_loader *l, unsigned i)
{
	const struct conf_peer *p = &l->conf->peers[i];
	bool here = conf_peer_site_has(&l->peers[i], "password");
	bool in_file = conf_peer_site_has(&l->peers[i], "password-file");

	if (here && in_file)
		conf_error(l, conf_peer_site_at(&l->peers[i], "password-file"),
			"password and password-file are both given; keep one");
	if (here || in_file || !conf_peer_is_external(l->conf, p))
		return;
	if (p->vrf != CONF_VRF_NONE)
		conf_warn(l, check_who(l, i),
			"session with a customer without password: anyone on the link can "
			"end or "
			"impersonate it "
			"(RFC 4381 3.3); set password");
	else if (p->families & WIRE_FAMILY_BIT(WIRE_VPNV4))
		conf_warn(l, check_who(l, i),
			"session with another AS without password: its VPN routes can be forged "
			"(RFC 4364 13.2); set password");
	else
		conf_warn(l, check_who(l, i),
			"session with another AS without password: anyone on the path can end or "
			"impersonate it (RFC 4272 2); set password");
}

/* RFC 8212 2. An AS that leaks what it heard needs no attacker: it is what no policy does. */
static void check_peer_policy(struct conf_loader *l, unsigned i)
{
	struct conf_peer *p = &l->conf->peers[i];

	if (conf_peer_is_internal(l->conf, p)) {
		p->import = p->import == CONF_POLICY_NONE ? CONF_POLICY_ACCEPT_ALL : p->import;
		p->export = p->export == CONF_POLICY_NONE ? CONF_POLICY_ACCEPT_ALL : p->export;
	}
	if (p->slot > 0 || p->vrf != CONF_VRF_NONE || !conf_peer_is_external(l->conf, p))
		return;
	bool no_import = !conf_peer_site_has(&l->peers[i], "import");
	bool no_export = !conf_peer_site_has(&l->peers[i], "export");
	if (no_import && no_export)
		conf_warn(l, check_who(l, i),
			"session with another AS without import and export: no route is taken from "
			"it "
			"or told it (RFC 8212 2); set import: accept-all and export: accept-all");
	else if (no_import)
		conf_warn(l, check_who(l, i),
			"session with another AS without import: no route of it is taken (RFC 8212 "
			"2); "
			"set import: accept-all, or import: refuse-all to say so");
	else if (no_export)
		conf_warn(l, check_who(l, i),
			"session with another AS without export: no route is told it (RFC 8212 2); "
			"set "
			"export: accept-all, or export: refuse-all to say so");
}

static bool check_ranges_overlap(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return a->addr.af == IP_V4 && b->addr.af == IP_V4 &&
	       (ip_prefix_contains(a, &b->addr) || ip_prefix_contains(b, &a->addr));
}

static void check_peer_against(struct conf_loader *l, unsigned i, unsigned j)
{
	const struct conf_peer *p = &l->conf->peers[i], *before = &l->conf->peers[j];

	if (before->slot > 0)
		return;
	if (p->vrf == before->vrf && p->addr.af != IP_NONE &&
		ip_addr_equal(&p->addr, &before->addr))
		conf_error(l, check_who(l, i),
			"this neighbor is %s already; an address is one session",
			p->vrf == CONF_VRF_NONE ? "in the core" : "in this VRF");
	if (p->vrf == before->vrf && p->dynamic && before->dynamic &&
		check_ranges_overlap(&p->range, &before->range))
		conf_error(l, check_who(l, i),
			"this range overlaps one %s; a neighbor must be of one range",
			p->vrf == CONF_VRF_NONE ? "in the core" : "in this VRF");
	if (conf_peer_site_has(&l->peers[i], "name") && conf_peer_site_has(&l->peers[j], "name") &&
		conf_check_same(p->name, before->name))
		conf_error(l, conf_peer_site_at(&l->peers[i], "name"),
			"there is a neighbor %s already; names are unique",
			conf_check_quote(l, p->name));
}

static void check_peer_customer(struct conf_loader *l, unsigned i)
{
	const struct conf_peer *p = &l->conf->peers[i];

	if (conf_peer_is_internal(l->conf, p))
		conf_error(l, conf_peer_site_at(&l->peers[i], "as"),
			"AS %u is this router's own; iBGP with a customer (RFC 6368) is "
			"not "
			"supported",
			p->as);
	if (!p->max_prefix.max)
		conf_warn(l, check_who(l, i),
			"customer without max-prefix: its routes can fill the memory that all "
			"VPNs of this "
			"router share (RFC 4381 2.3); set max-prefix");
	if (p->keep_ce_rts)
		conf_warn(l, conf_peer_site_at(&l->peers[i], "keep-ce-route-targets"),
			"this customer chooses the VPNs that its routes go to (RFC 4364 "
			"4.3.1 says "
			"strip)");
}

static void check_peer(struct conf_loader *l, unsigned i)
{
	const struct conf_peer *p = &l->conf->peers[i];

	for (unsigned j = 0; j < i; j++)
		check_peer_against(l, i, j);
	if (p->addr.af != IP_NONE &&
		(ip_addr_equal(&p->addr, &p->local) || conf_check_is_own(l, p->vrf, &p->addr)))
		conf_error(l, check_who(l, i),
			"this is this router's own address; write the neighbor's");
	if (p->vrf != CONF_VRF_NONE)
		check_peer_customer(l, i);
	conf_check_peer_rules(l, i);
	check_peer_secret(l, i);
}

void conf_check_peers(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->conf->n_peers; i++) {
		check_peer_policy(l, i);
		if (l->conf->peers[i].slot == 0)
			check_peer(l, i);
	}
}

/* What the settings of one neighbor say together: one row a contradiction. */
#include <string.h>

#include "bgpd/policy/hygiene.h"
#include "bgpd/policy/selective.h"
#include "bgpd/wire/family.h"
#include "conf/loader.h"
#include "lib/check.h"

struct rule {
	bool (*broken)(const struct conf *c, const struct conf_peer *p);
	enum conf_level level;
	const char *key; /* whose place is shown */
	const char *say;
};

static bool rule_speaks(const struct conf_peer *p, enum wire_family f)
{
	return p->families & WIRE_FAMILY_BIT(f);
}

static bool rule_role_internal(const struct conf *c, const struct conf_peer *p)
{
	return p->role != CONF_ROLE_NONE && conf_peer_is_internal(c, p);
}

static bool rule_strict_alone(const struct conf *c, const struct conf_peer *p)
{
	return p->role_strict && p->role == CONF_ROLE_NONE;
}

static bool rule_reflects_external(const struct conf *c, const struct conf_peer *p)
{
	return p->reflector_client && conf_peer_is_external(c, p);
}

static bool rule_serves_internal(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && conf_peer_is_internal(c, p);
}

/* RFC 9234 4.1: who serves is rs. With the client's role the pair is refused, or all is taken for a leak. */
static bool rule_serves_as_client(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && p->role != CONF_ROLE_NONE && p->role != CONF_ROLE_RS;
}

static bool rule_reflects_imported_only(const struct conf *c, const struct conf_peer *p)
{
	return p->reflector_client && rule_speaks(p, WIRE_VPNV4) &&
	       c->retain == CONF_RETAIN_IMPORTED;
}

static bool rule_serves_no_ipv4(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && p->families && !rule_speaks(p, WIRE_IPV4_UNICAST);
}

static bool rule_serves_and_rewrites(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && p->next_hop == CONF_NEXT_HOP_SELF;
}

static bool rule_serves_and_overrides(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && p->as_override;
}

static bool rule_overrides_internal(const struct conf *c, const struct conf_peer *p)
{
	return p->as_override && conf_peer_is_internal(c, p);
}

static bool rule_unchanged_in_vrf(const struct conf *c, const struct conf_peer *p)
{
	return p->vrf != CONF_VRF_NONE && p->next_hop == CONF_NEXT_HOP_UNCHANGED;
}

static bool rule_long_lived_alone(const struct conf *c, const struct conf_peer *p)
{
	return p->restart.long_lived_s && !p->restart.helper && !p->restart.restarter;
}

static bool rule_constraint_alone(const struct conf *c, const struct conf_peer *p)
{
	return rule_speaks(p, WIRE_RT_CONSTRAINT) && !rule_speaks(p, WIRE_VPNV4);
}

static bool rule_null_without_vpn(const struct conf *c, const struct conf_peer *p)
{
	return p->implicit_null && p->families && !rule_speaks(p, WIRE_VPNV4);
}

static bool rule_null_of_range(const struct conf *c, const struct conf_peer *p)
{
	return p->implicit_null && p->dynamic;
}

static bool rule_gives_up_early(const struct conf *c, const struct conf_peer *p)
{
	return p->send_hold_s && p->send_hold_s < p->hold_s;
}

static bool rule_policy_of_vpn(const struct conf *c, const struct conf_peer *p)
{
	return p->import == CONF_POLICY_PROGRAM && rule_speaks(p, WIRE_VPNV4);
}

/* Whoever asks it on export needs the answer at each change of it, for each of the routes told. */
static bool rule_validates_export(const struct conf *c, const struct conf_peer *p)
{
	return p->export_chain.needs & (POL_NEEDS_ROV | POL_NEEDS_ASPA);
}

static bool rule_next_hop_of_vpn(const struct conf *c, const struct conf_peer *p)
{
	return p->export_chain.needs & POL_NEEDS_NEXT_HOP && rule_speaks(p, WIRE_VPNV4);
}

static bool rule_has_hygiene(const struct conf_peer *p)
{
	return p->import_chain.n > 0 &&
	       strcmp(p->import_chain.list[0]->name, POL_HYGIENE_NAME) == 0;
}

static bool rule_hygiene_of_internal(const struct conf *c, const struct conf_peer *p)
{
	return rule_has_hygiene(p) && conf_peer_is_internal(c, p);
}

static bool rule_hygiene_without_ipv4(const struct conf *c, const struct conf_peer *p)
{
	return rule_has_hygiene(p) && p->families && !rule_speaks(p, WIRE_IPV4_UNICAST);
}

static bool rule_is_selective(const struct conf_peer *p)
{
	return p->export_chain.n > 0 &&
	       strcmp(p->export_chain.list[0]->name, POL_SELECTIVE_NAME) == 0;
}

static bool rule_selects_for_others(const struct conf *c, const struct conf_peer *p)
{
	return rule_is_selective(p) && !p->route_server_client;
}

/* What one client asks not to be told to this one is told all the same. */
static bool rule_selects_for_some(const struct conf *c, const struct conf_peer *p)
{
	if (!p->route_server_client || rule_is_selective(p) || p->export != CONF_POLICY_ACCEPT_ALL)
		return false;
	for (unsigned i = 0; i < c->n_peers; i++)
		if (rule_is_selective(&c->peers[i]))
			return true;
	return false;
}

/* RFC 7948 4.3: the others have no other place to look at what a client announces. */
static bool rule_serves_unfiltered(const struct conf *c, const struct conf_peer *p)
{
	return p->route_server_client && conf_peer_is_external(c, p) &&
	       p->import == CONF_POLICY_ACCEPT_ALL && p->import_chain.n == 0;
}

static const struct rule *rules_get(unsigned *n)
{
	static const struct rule rules[] = {
		{rule_role_internal, CONF_ERROR, "role",
			"role is for neighbors in another AS (RFC 9234 4.1); leave it out"},
		{rule_strict_alone, CONF_ERROR, "role-strict",
			"role-strict needs role: what we are to the neighbor (RFC 9234 4.2)"},
		{rule_reflects_external, CONF_ERROR, "reflector-client",
			"reflector-client is for neighbors in our own AS (RFC 4456 6); for another "
			"one "
			"there is route-server-client"},
		{rule_serves_internal, CONF_ERROR, "route-server-client",
			"route-server-client is for neighbors in another AS (RFC 7947 2); for our "
			"own "
			"there is reflector-client"},
		{rule_serves_as_client, CONF_ERROR, "role",
			"role says what this router is: to a route-server-client it is rs "
			"(RFC 9234 4.1); write role: rs"},
		{rule_reflects_imported_only, CONF_WARNING, "reflector-client",
			"with retain: imported nothing is reflected but VPN routes that a VRF here "
			"imports; leave retain out to keep all"},
		{rule_serves_no_ipv4, CONF_ERROR, "route-server-client",
			"route-server-client is about ipv4-unicast; add that to families"},
		{rule_serves_and_rewrites, CONF_ERROR, "next-hop",
			"a route server passes next hops on as they are (RFC 7947 2.2.1); leave "
			"next-hop "
			"out"},
		{rule_serves_and_overrides, CONF_ERROR, "as-override",
			"a route server passes AS paths on as they are (RFC 7947 2.2.2); leave "
			"as-override out"},
		{rule_overrides_internal, CONF_ERROR, "as-override",
			"as-override is for neighbors in another AS; leave it out"},
		{rule_unchanged_in_vrf, CONF_ERROR, "next-hop",
			"a customer cannot reach the next hops of the core; write self, or leave "
			"next-hop out"},
		{rule_long_lived_alone, CONF_ERROR, "graceful-restart",
			"long-lived-stale-time needs helper: true or restarter: true"},
		{rule_constraint_alone, CONF_ERROR, "families",
			"rt-constraint says which VPN routes are wanted (RFC 4684 4); add vpnv4"},
		{rule_null_without_vpn, CONF_ERROR, "implicit-null",
			"implicit-null is about VPN routes; this neighbor does not speak vpnv4"},
		{rule_null_of_range, CONF_ERROR, "implicit-null",
			"implicit-null is about routes through one address; write address in place "
			"of "
			"range"},
		{rule_policy_of_vpn, CONF_ERROR, "import",
			"policies are for ipv4-unicast, VPN routes would go in around them; take "
			"vpnv4 "
			"out of families, or write accept-all"},
		{rule_validates_export, CONF_ERROR, "export",
			"rpki and aspa are asked where a route comes in; have a policy of import "
			"add a "
			"community there, and match that"},
		{rule_next_hop_of_vpn, CONF_ERROR, "export",
			"the label of a VPN route belongs to the next hop that gave it; take set: "
			"next-hop out of the policy, or vpnv4 out of families"},
		{rule_hygiene_of_internal, CONF_ERROR, "hygiene",
			"hygiene is for neighbors in another AS: in ours paths begin with somebody "
			"else; leave it out"},
		{rule_hygiene_without_ipv4, CONF_ERROR, "hygiene",
			"hygiene is about ipv4-unicast; add that to families, or leave it out"},
		{rule_selects_for_others, CONF_ERROR, "selective",
			"selective is for a route server's clients: other neighbors see our own AS "
			"in front; set route-server-client: true, or leave it out"},
		{rule_selects_for_some, CONF_WARNING, "route-server-client",
			"another client has selective and this one has not: who asks by community "
			"not to be told to it is told to it all the same; set selective: true"},
		{rule_serves_unfiltered, CONF_WARNING, "import",
			"all that this client announces is told to the others, bogons and their "
			"own prefixes too (RFC 7948 4.3); set hygiene: true, or name a policy in "
			"import"},
		{rule_gives_up_early, CONF_WARNING, "send-hold-time",
			"send-hold-time is shorter than hold-time: a neighbor that is only slow "
			"loses "
			"the session before its hold timer would end it (RFC 9687)"},
	};

	*n = ARRAY_LEN(rules);
	return rules;
}

void conf_check_peer_rules(struct conf_loader *l, unsigned i)
{
	unsigned n;
	const struct rule *rules = rules_get(&n);

	for (unsigned r = 0; r < n; r++)
		if (rules[r].broken(l->conf, &l->conf->peers[i]))
			conf_diag_add(&l->diag, rules[r].level,
				conf_peer_site_at(&l->peers[i], rules[r].key), "%s", rules[r].say);
}

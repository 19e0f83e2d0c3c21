#include "bgpd/core/policy.h"

#include <assert.h>
#include <stdlib.h>

#include "lib/check.h"
#include "lib/log.h"

static_assert((int)POL_ROLE_PROVIDER == (int)CONF_ROLE_PROVIDER &&
		      (int)POL_ROLE_PEER == (int)CONF_ROLE_PEER &&
		      (int)POL_ROLE_NONE == (int)CONF_ROLE_NONE,
	"roles are numbers of RFC 9234 4.1 in both");

/* RFC 8212 2 speaks of external neighbours; those of a VRF have its targets for a policy. */
static enum pol_routes routes_of(const struct core_peer *p, enum conf_policy policy)
{
	bool asked = p->fsm.ctx.ebgp && !core_peer_in_vrf(p);

	if (policy == CONF_POLICY_NONE)
		return asked ? POL_ROUTES_UNSAID : POL_ROUTES_ALL;
	return policy == CONF_POLICY_REFUSE_ALL ? POL_ROUTES_NONE : POL_ROUTES_ALL;
}

/* RFC 7948 4.8: other routers of the same AS, which a route server's client may name as next hop. */
static unsigned siblings_find(const struct router *r, struct core_peer *p)
{
	unsigned n = 0;

	free(p->siblings);
	p->siblings = NULL;
	if (!p->conf->route_server_client)
		return 0;
	p->siblings = calloc(r->conf->n_peers, sizeof(*p->siblings));
	CHECK(p->siblings != NULL);
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct conf_peer *c = &r->conf->peers[i];

		if (c->as == p->as && c->vrf == p->conf->vrf && !c->dynamic)
			p->siblings[n++] = c->addr;
	}
	return n;
}

void core_policy_learn(const struct router *r, struct core_peer *p, struct ip_addr local)
{
	const struct conf_peer *c = p->conf;

	p->policy = (struct pol_peer){
		.local_as = r->conf->as,
		.peer_as = p->as,
		.local_id = r->conf->id,
		.cluster_id = r->conf->cluster_id,
		.local = local,
		.addr = p->addr,
		.in_vrf = core_peer_in_vrf(p),
		.keep_ce_rts = c->keep_ce_rts,
		.route_server_client = c->route_server_client,
		.allow_as_set = c->allow_as_set,
		.accept_blackhole = c->accept_blackhole,
		.allow_own_as = c->allow_own_as,
		.allow = c->allow,
		.routes = routes_of(p, c->import),
		.role = (enum pol_role)c->role,
		.site_of_origin = c->site_of_origin,
	};
	p->policy.n_siblings = siblings_find(r, p);
	p->policy.siblings = p->siblings;
}

void core_policy_fini(struct core_peer *p)
{
	free(p->siblings);
	p->siblings = NULL;
}

static bool has_clients(const struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->conf->peers[i].reflector_client)
			return true;
	return false;
}

struct pol_receiver core_policy_receiver(
	const struct router *r, const struct core_peer *p, enum wire_family f, struct ip_addr local)
{
	static const enum pol_next_hop next_hops[] = {
		[CONF_NEXT_HOP_DEFAULT] = POL_NEXT_HOP_DEFAULT,
		[CONF_NEXT_HOP_SELF] = POL_NEXT_HOP_SELF,
		[CONF_NEXT_HOP_UNCHANGED] = POL_NEXT_HOP_UNCHANGED,
	};
	const struct conf_peer *c = p->conf;
	uint16_t vrf = core_peer_in_vrf(p) ? (uint16_t)c->vrf : RIB_VRF_CORE;
	struct pol_receiver to = pol_receiver_of(f, vrf, &p->fsm.ctx, local);

	to.reflector_client = c->reflector_client;
	to.reflects = has_clients(r);
	to.route_server_client = c->route_server_client && to.ebgp;
	to.graceful_shutdown = p->graceful_shutdown;
	to.long_lived = p->fsm.open.restart.sent && p->fsm.open.restart.long_lived &&
			p->conf->restart.long_lived_s;
	to.routes = routes_of(p, c->export);
	to.next_hop = next_hops[c->next_hop];
	if (to.ebgp && f == WIRE_IPV4_UNICAST)
		to.role = (enum pol_role)c->role;
	to.cluster_id = r->conf->cluster_id;
	to.override_as = c->as_override && to.ebgp ? p->as : 0;
	to.site_of_origin = c->site_of_origin;
	return to;
}

bool core_policy_exports(const struct core_peer *p, enum wire_family f)
{
	return p->conf->export_chain.n > 0 && !core_peer_in_vrf(p) && f != WIRE_RT_CONSTRAINT;
}

void core_policy_note(struct core_run *run, const struct core_peer *p)
{
	static const char *const why[] = {
		[POL_ROUTES_UNSAID] = "not configured (RFC 8212)",
		[POL_ROUTES_NONE] = "refuse-all",
	};
	enum pol_routes in = p->policy.routes, out = routes_of(p, p->conf->export);

	if (in != POL_ROUTES_ALL)
		effect_note(run->fx, LOG_WARN_, "import_policy", "peer=%s routes=none why=\"%s\"",
			p->name, why[in]);
	if (out != POL_ROUTES_ALL)
		effect_note(run->fx, LOG_WARN_, "export_policy", "peer=%s routes=none why=\"%s\"",
			p->name, why[out]);
	if (p->conf->next_hop == CONF_NEXT_HOP_SELF && !p->fsm.ctx.ebgp &&
		p->fsm.ctx.families & WIRE_FAMILY_BIT(WIRE_VPNV4))
		effect_note(run->fx, LOG_WARN_, "next_hop_self",
			"peer=%s family=vpnv4 why=\"a label belongs to the next hop that gave it\"",
			p->name);
}

/* /v1/bgp/summary and /v1/bgp/neighbors. */
#include <string.h>

#include "bgpd/core/restart.h"
#include "bgpd/mgmt/show.h"

json_int_t mgmt_peer_received_prefixes(const struct router *r, const struct core_peer *p)
{
	return p->source == RIB_SOURCE_NONE ? 0
					    : rib_source_paths(rib_source_get(r->store, p->source));
}

json_int_t mgmt_peer_sent_prefixes(const struct router *r, const struct core_peer *p)
{
	json_int_t n = 0;

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		n += out_set_count(&r->out, p->index, f);
	return n;
}

/* Why a neighbour without a session stays without; null if nothing holds it back. */
static json_t *peer_held_by(const struct core_peer *p)
{
	if (p->admin_down)
		return json_string("admin");
	if (p->limit.stopped)
		return json_string("max-prefix");
	return p->fsm.blocked ? json_string("blocked") : json_null();
}

static json_t *peer_summary(const struct mgmt_ask *q, const struct core_peer *p)
{
	const struct conf_peer *c = p->conf;
	uint64_t since = q->now_ms > p->fsm.since_ms ? q->now_ms - p->fsm.since_ms : 0;
	json_t *o = json_object();

	mgmt_set(o, "name", mgmt_json_text(p->name));
	mgmt_set(o, "address", mgmt_json_addr(&p->addr));
	mgmt_set(o, "vrf", mgmt_json_vrf(q->r->conf, c->vrf));
	mgmt_set(o, "range", p->conf->dynamic ? mgmt_json_prefix(&p->conf->range) : json_null());
	mgmt_set(o, "as", json_integer(p->as));
	mgmt_set(o, "state", json_string(fsm_state_name(fsm_peer_state(&p->fsm))));
	mgmt_set(o, "held_by", peer_held_by(p));
	mgmt_set(o, "since_s", json_integer((json_int_t)(since / 1000)));
	mgmt_set(o, "prefixes_received", json_integer(mgmt_peer_received_prefixes(q->r, p)));
	mgmt_set(o, "stale", json_integer((json_int_t)core_restart_stale(q->r, p)));
	mgmt_set(o, "prefixes_sent", json_integer(mgmt_peer_sent_prefixes(q->r, p)));
	mgmt_set(o, "md5", json_boolean(c->password_len > 0));
	mgmt_set(o, "gtsm", json_integer(c->gtsm_hops));
	mgmt_set(o, "note", mgmt_peer_note(c));
	mgmt_set(o, "reason", mgmt_json_text(p->fsm.reason));
	mgmt_set(o, "md5_mismatch", json_integer((json_int_t)p->count.md5_mismatch));
	return o;
}

/* Places of a range that nobody has are none of the neighbours. */
static bool peer_is_there(const struct core_peer *p)
{
	return p->addr.af != IP_NONE;
}

json_t *mgmt_show_summary(const struct mgmt_ask *q)
{
	const struct conf *c = q->r->conf;
	struct ip_addr id = ip_addr_v4(c->id);
	json_t *peers = json_array(), *o = json_object();

	for (unsigned i = 0; i < c->n_peers; i++)
		if (peer_is_there(&q->r->peers[i]))
			json_array_append_new(peers, peer_summary(q, &q->r->peers[i]));
	mgmt_set(o, "name", mgmt_json_text(c->router_name));
	mgmt_set(o, "as", json_integer(c->as));
	mgmt_set(o, "router_id", mgmt_json_addr(&id));
	mgmt_set(o, "peers", peers);
	return o;
}

/* As configured, and what the session negotiated of it. */
static json_t *peer_timers(const struct core_peer *p, bool up)
{
	json_t *o = json_object();

	mgmt_set(o, "hold_s", json_integer(p->conf->hold_s));
	mgmt_set(o, "send_hold_s", json_integer(p->conf->send_hold_s));
	mgmt_set(o, "connect_retry_s", json_integer(p->conf->connect_retry_s));
	mgmt_set(o, "negotiated_hold_s", up ? json_integer(p->fsm.hold_ms / 1000) : json_null());
	mgmt_set(o, "negotiated_keepalive_s",
		up ? json_integer(p->fsm.keepalive_ms / 1000) : json_null());
	return o;
}

static json_t *peer_counters(const struct core_peer *p)
{
	const struct fsm_peer *f = &p->fsm;
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{"established", f->established_count},
		{"failures_in_a_row", f->failures},
		{"opens_in", f->opens_in},
		{"opens_out", f->opens_out},
		{"updates_in", f->updates_in},
		{"keepalives_in", f->keepalives_in},
		{"keepalives_out", f->keepalives_out},
		{"refreshes_in", f->refreshes_in},
		{"notifications_in", f->notifications_in},
		{"notifications_out", f->notifications_out},
		{"send_hold_expired", f->send_holds},
		{"routes_left_out", p->limit.left_out},
		{"treated_as_withdraw", p->count.treated_as_withdraw},
		{"attributes_discarded", p->count.attrs_discarded},
		{"route_targets_stripped", p->count.policy.rts_stripped},
		{"not_retained", p->count.policy.not_retained},
		{"other_extended_communities_stripped", p->count.policy.ecs_stripped},
		{"steering_attributes_stripped", p->count.policy.steering_stripped},
		{"graceful_shutdowns", p->count.policy.graceful_shutdowns},
		{"blackholes", p->count.policy.blackholes},
	};
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		mgmt_set(o, rows[i].name, json_integer((json_int_t)rows[i].value));
	return o;
}

/* Why routes were refused; only reasons that there were. */
static json_t *peer_refused(const struct core_peer *p)
{
	json_t *o = json_object();

	for (unsigned v = 0; v < POL_VERDICTS; v++)
		if (v != POL_ACCEPT && p->count.policy.refused[v])
			mgmt_set(o, pol_verdict_name(v),
				json_integer((json_int_t)p->count.policy.refused[v]));
	return o;
}

static json_t *peer_all(const struct mgmt_ask *q, const struct core_peer *p)
{
	bool up = fsm_peer_state(&p->fsm) == FSM_ESTABLISHED;
	json_t *o = peer_summary(q, p);

	mgmt_set(o, "local_address", mgmt_json_addr(&p->conf->local));
	mgmt_set(o, "families", mgmt_json_families(p->conf->families));
	mgmt_set(o, "passive", json_boolean(p->conf->passive));
	mgmt_set(o, "blocked", json_boolean(p->fsm.blocked));
	mgmt_set(o, "max_prefix",
		p->conf->max_prefix.max ? json_integer(p->conf->max_prefix.max) : json_null());
	mgmt_set(o, "keep_ce_route_targets", json_boolean(p->conf->keep_ce_rts));
	mgmt_set(o, "timers", peer_timers(p, up));
	mgmt_set(o, "sent", mgmt_peer_sent(p));
	mgmt_set(o, "received", up ? mgmt_peer_received(p) : json_null());
	mgmt_set(o, "negotiated", up ? mgmt_peer_agreed(p) : json_null());
	mgmt_set(o, "policy", mgmt_peer_policy(p));
	mgmt_set(o, "limit", mgmt_peer_limit(q, p));
	mgmt_set(o, "restart", mgmt_peer_restart(q, p));
	mgmt_set(o, "counters", peer_counters(p));
	mgmt_set(o, "refused", peer_refused(p));
	return o;
}

/* By name or by address: the same address may stand in several VRFs. */
bool mgmt_peer_is(const struct core_peer *p, const char *name)
{
	char addr[IP_ADDR_STRLEN];

	if (!peer_is_there(p))
		return false;
	return !name || strcmp(name, p->name) == 0 || strcmp(name, p->conf->name) == 0 ||
	       strcmp(name, ip_addr_print(&p->addr, addr)) == 0;
}

const struct core_peer *mgmt_peer_find(const struct router *r, const char *name)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (mgmt_peer_is(&r->peers[i], name))
			return &r->peers[i];
	return NULL;
}

json_t *mgmt_show_neighbors(const struct mgmt_ask *q)
{
	json_t *peers = json_array(), *o = json_object();

	for (unsigned i = 0; i < q->r->conf->n_peers; i++)
		if (mgmt_peer_is(&q->r->peers[i], q->name))
			json_array_append_new(peers, peer_all(q, &q->r->peers[i]));
	bool found = !q->name || json_array_size(peers) > 0;
	mgmt_set(o, "peers", peers);
	if (found)
		return o;
	json_decref(o);
	return NULL;
}

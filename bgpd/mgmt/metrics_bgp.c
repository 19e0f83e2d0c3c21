/* Metrics of neighbours: of their sessions, and of each family of routes that they are configured for. */
#include <inttypes.h>
#include <stdio.h>

#include "bgpd/mgmt/metrics.h"
#include "bgpd/mgmt/show.h"

struct peer_labels {
	char local_as[16], as[16], addr[IP_ADDR_STRLEN];
	struct metric_label list[9]; /* afi and safi are the last two, and may be cut off */
};

static const struct metric_label *peer_labels(const struct metric_out *o, const struct core_peer *p,
	const char *more, const char *value, struct peer_labels *l)
{
	unsigned n = 0;

	snprintf(l->local_as, sizeof(l->local_as), "%" PRIu32, o->r->conf->as);
	snprintf(l->as, sizeof(l->as), "%" PRIu32, p->as);
	l->list[n++] = (struct metric_label){"vrf", mgmt_metric_vrf(o, p->conf->vrf)};
	l->list[n++] = (struct metric_label){"local_as", l->local_as};
	l->list[n++] = (struct metric_label){"peer", ip_addr_print(&p->addr, l->addr)};
	l->list[n++] = (struct metric_label){"peer_as", l->as};
	l->list[n++] = (struct metric_label){"peer_desc", p->name};
	if (more)
		l->list[n++] = (struct metric_label){more, value};
	l->list[n] = (struct metric_label){NULL, NULL};
	return l->list;
}

/* Places of a range that nobody has, and of whom a reload took away, are none of the neighbours. */
static const struct core_peer *peer(const struct metric_out *o, unsigned i)
{
	return o->r->peers[i].addr.af == IP_NONE ? NULL : &o->r->peers[i];
}

static unsigned peers(const struct metric_out *o)
{
	return o->r->conf->n_peers;
}

static void peer_row(struct metric_out *o, unsigned i)
{
	const struct core_peer *p = peer(o, i);
	struct peer_labels l;

	if (p)
		mgmt_metric(o, mgmt_metric_suffix(o), o->family->peer(o, p),
			peer_labels(o, p, NULL, NULL, &l));
}

static unsigned peers_routes(const struct metric_out *o)
{
	return o->r->conf->n_peers * WIRE_FAMILIES;
}

static void route_row(struct metric_out *o, unsigned i)
{
	const struct core_peer *p = peer(o, i / WIRE_FAMILIES);
	enum wire_family f = i % WIRE_FAMILIES;
	struct peer_labels l;

	if (!p || !(p->conf->families & WIRE_FAMILY_BIT(f)))
		return;
	(void)peer_labels(o, p, "afi", mgmt_metric_afi(f), &l);
	l.list[6] = (struct metric_label){"safi", mgmt_metric_safi(f)};
	l.list[7] = (struct metric_label){NULL, NULL};
	mgmt_metric(o, mgmt_metric_suffix(o), o->family->route(o, p, f), l.list);
}

/* --- of a session --- */

static bool is_up(const struct core_peer *p)
{
	return fsm_peer_state(&p->fsm) == FSM_ESTABLISHED;
}

static uint64_t session_up(const struct metric_out *o, const struct core_peer *p)
{
	return is_up(p);
}

static uint64_t n_established(const struct metric_out *o, const struct core_peer *p)
{
	return p->fsm.established_count;
}

static uint64_t n_received(const struct metric_out *o, const struct core_peer *p)
{
	const struct fsm_peer *f = &p->fsm;

	return f->opens_in + f->updates_in + f->keepalives_in + f->refreshes_in +
	       f->notifications_in;
}

static uint64_t n_sent(const struct metric_out *o, const struct core_peer *p)
{
	return p->count.messages_out;
}

static void kinds_row(struct metric_out *o, unsigned i)
{
	const struct core_peer *p = peer(o, i);
	struct peer_labels l;

	if (!p)
		return;
	const struct {
		const char *kind;
		uint64_t n;
	} kinds[] = {{"open", p->fsm.opens_in}, {"update", p->fsm.updates_in},
		{"notification", p->fsm.notifications_in}, {"keepalive", p->fsm.keepalives_in},
		{"route-refresh", p->fsm.refreshes_in}};
	for (unsigned k = 0; k < ARRAY_LEN(kinds); k++)
		mgmt_metric(o, "_total", kinds[k].n, peer_labels(o, p, "type", kinds[k].kind, &l));
}

static void limit_row(struct metric_out *o, unsigned i)
{
	const struct core_peer *p = peer(o, i);
	struct peer_labels l;

	if (p && p->conf->max_prefix.max)
		mgmt_metric(o, "", p->conf->max_prefix.max, peer_labels(o, p, NULL, NULL, &l));
}

static uint64_t all_received(const struct metric_out *o, const struct core_peer *p)
{
	return (uint64_t)mgmt_peer_received_prefixes(o->r, p);
}

static uint64_t n_left_out(const struct metric_out *o, const struct core_peer *p)
{
	return p->limit.left_out;
}

static uint64_t n_as_withdraw(const struct metric_out *o, const struct core_peer *p)
{
	return p->count.treated_as_withdraw;
}

/* Only reasons that there were. */
static void refused_row(struct metric_out *o, unsigned i)
{
	const struct core_peer *p = peer(o, i);
	struct peer_labels l;

	for (unsigned v = 0; p && v < POL_VERDICTS; v++)
		if (v != POL_ACCEPT && p->count.policy.refused[v])
			mgmt_metric(o, "_total", p->count.policy.refused[v],
				peer_labels(o, p, "reason", pol_verdict_name(v), &l));
}

/* --- of a family of routes, as frr_exporter has them --- */

static uint64_t state(const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return p->admin_down ? 2 : is_up(p);
}

static uint64_t uptime(const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return is_up(p) && o->now_ms > p->fsm.since_ms ? (o->now_ms - p->fsm.since_ms) / 1000 : 0;
}

static uint64_t received(const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return n_received(o, p);
}

static uint64_t sent(const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return n_sent(o, p);
}

static uint64_t prefixes_received(
	const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return p->source == RIB_SOURCE_NONE ? 0 : rib_source_get(o->r->store, p->source)->paths[f];
}

static uint64_t prefixes_advertised(
	const struct metric_out *o, const struct core_peer *p, enum wire_family f)
{
	return out_set_count(&o->r->out, p->index, f);
}

const struct metric_family mgmt_metrics_bgp[] = {
	{"ravelin_bgp_session_up", "gauge", NULL, "1 if the session is established", peers,
		peer_row, session_up},
	{"ravelin_bgp_sessions_established", "counter", NULL, "times that it was", peers, peer_row,
		n_established},
	{"ravelin_bgp_messages_received", "counter", NULL, "messages of the neighbor, by type",
		peers, kinds_row},
	{"ravelin_bgp_messages_sent", "counter", NULL, "messages to the neighbor", peers, peer_row,
		n_sent},
	{"ravelin_bgp_prefixes", "gauge", NULL, "routes of the neighbor, as its limit counts them",
		peers, peer_row, all_received},
	{"ravelin_bgp_prefix_limit", "gauge", NULL, "max-prefix of the neighbor, if it has one",
		peers, limit_row},
	{"ravelin_bgp_routes_left_out", "counter", NULL, "routes above that limit", peers, peer_row,
		n_left_out},
	{"ravelin_bgp_routes_refused", "counter", NULL, "routes not taken, by reason", peers,
		refused_row},
	{"ravelin_bgp_updates_treated_as_withdraw", "counter", NULL,
		"malformed UPDATEs whose routes were taken for gone (RFC 7606)", peers, peer_row,
		n_as_withdraw},
	{"ravelin_bgp_peer_state", "gauge", NULL,
		"2: shut down by an operator, 1: established, 0: down", peers_routes, route_row,
		.route = state},
	{"ravelin_bgp_peer_uptime_seconds", "gauge", "seconds",
		"how long the session has been established; 0 if it is not", peers_routes,
		route_row, .route = uptime},
	{"ravelin_bgp_peer_message_received", "counter", NULL,
		"messages of the session, in each of its families", peers_routes, route_row,
		.route = received},
	{"ravelin_bgp_peer_message_sent", "counter", NULL,
		"messages of the session, in each of its families", peers_routes, route_row,
		.route = sent},
	{"ravelin_bgp_peer_prefixes_received", "gauge", NULL,
		"prefixes that the neighbor announces", peers_routes, route_row,
		.route = prefixes_received},
	{"ravelin_bgp_peer_prefixes_advertised", "gauge", NULL,
		"prefixes that the neighbor was told", peers_routes, route_row,
		.route = prefixes_advertised},
	{0},
};

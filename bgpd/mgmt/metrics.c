#include "bgpd/mgmt/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "acl/reason.h"
#include "bgpd/core/bmp.h"
#include "bgpd/core/guards.h"
#include "bgpd/core/rpki.h"
#include "bgpd/mgmt/show.h"
#include "config.h"
#include "lib/check.h"

#define VALUE_MAX 512 /* octets of a label's value, escaped */

struct out { /* grows */
	char *s;
	size_t len, cap;
	const struct router *r;
	const char *name; /* of the family */
};

static void add(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct out *o, const char *fmt, ...)
{
	va_list ap;

	for (;;) {
		va_start(ap, fmt);
		int n = vsnprintf(o->s + o->len, o->cap - o->len, fmt, ap);
		va_end(ap);
		CHECK(n >= 0);
		if ((size_t)n < o->cap - o->len) {
			o->len += (size_t)n;
			return;
		}
		o->cap = o->cap * 2 + (size_t)n;
		o->s = realloc(o->s, o->cap);
		CHECK(o->s != NULL);
	}
}

char *mgmt_metrics_escape(const char *text, char *out, size_t cap)
{
	size_t n = 0;

	CHECK(cap > 0);
	for (; *text && n + 2 < cap; text++) {
		if (*text == '\\' || *text == '"' || *text == '\n')
			out[n++] = '\\';
		out[n++] = *text == '\n' ? 'n' : *text;
	}
	out[n] = '\0';
	return out;
}

struct label {
	const char *name, *value;
};

/* suffix: "_total" of a counter, "_info", or "". Labels end with a name of NULL. */
static void sample(struct out *o, const char *suffix, uint64_t value, const struct label *labels)
{
	char escaped[VALUE_MAX];
	const char *before = "{";

	add(o, "%s%s", o->name, suffix);
	for (; labels->name; labels++, before = ",")
		add(o, "%s%s=\"%s\"", before, labels->name,
			mgmt_metrics_escape(labels->value, escaped, sizeof(escaped)));
	add(o, "%s %" PRIu64 "\n", *before == ',' ? "}" : "", value);
}

#define LABELS(...) ((const struct label[]){__VA_ARGS__, {NULL, NULL}})
#define NO_LABELS   ((const struct label[]){{NULL, NULL}})

static const char *vrf_name(const struct router *r, int vrf)
{
	return vrf == CONF_VRF_NONE ? "" : r->conf->vrfs[vrf].name;
}

/* --- the guard --- */

typedef void port_samples(struct out *o, unsigned port);

static void each_port(struct out *o, port_samples *fn)
{
	for (unsigned i = 0; i < o->r->conf->n_ports; i++)
		fn(o, i);
}

/* Every reason of a customer's port, so that the first packet of a kind is an increase and not a new line. */
static void port_packets(struct out *o, unsigned port)
{
	const struct conf_port *c = &o->r->conf->ports[port];
	const uint64_t *counts = o->r->ports[port].guard.counts;

	for (unsigned i = 0; i < ACL_REASONS; i++)
		if (c->role == CONF_PORT_ACCESS || i == ACL_PASS || counts[i])
			sample(o, "_total", counts[i],
				LABELS({"port", c->name}, {"vrf", vrf_name(o->r, c->vrf)},
					{"reason", acl_reason_name(i)}));
}

static void guard_packets(struct out *o)
{
	each_port(o, port_packets);
}

static void port_rules(struct out *o, unsigned port)
{
	const struct core_guard *g = &o->r->ports[port].guard;
	const struct acl_list *list;
	const struct acl_ace *ace;

	for (unsigned i = 0; i < g->n_rules && core_guards_ace(o->r->conf, port, i, &list, &ace);
		i++)
		sample(o, "_total", g->rules[i],
			LABELS({"port", o->r->conf->ports[port].name}, {"acl", list->name},
				{"ace", ace->name}, {"action", mgmt_ace_action(ace)}));
}

static void guard_rule_packets(struct out *o)
{
	each_port(o, port_rules);
}

static void port_open(struct out *o, unsigned port)
{
	const struct conf_port *c = &o->r->conf->ports[port];

	if (c->role != CONF_PORT_MANAGEMENT)
		sample(o, "", o->r->ports[port].guard.state == FIB_GUARD_OPEN,
			LABELS({"port", c->name}));
}

static void guard_port_open(struct out *o)
{
	each_port(o, port_open);
}

static void port_drifts(struct out *o, unsigned port)
{
	sample(o, "_total", o->r->ports[port].guard.drifts,
		LABELS({"port", o->r->conf->ports[port].name}));
}

static void guard_drifts(struct out *o)
{
	each_port(o, port_drifts);
}

static void guard_unknown(struct out *o)
{
	sample(o, "", o->r->guards->n_unknown + o->r->guards->unknown_left_out, NO_LABELS);
}

static void guard_samples(struct out *o)
{
	sample(o, "_total", o->r->guards->n_drops, NO_LABELS);
}

/* --- the kernel's counters --- */

static void mpls_counter(struct out *o, size_t offset)
{
	for (unsigned i = 0; i < o->r->conf->n_ports; i++) {
		const char *at = (const char *)&o->r->ports[i].mpls + offset;

		sample(o, "_total", *(const uint64_t *)at,
			LABELS({"port", o->r->conf->ports[i].name}));
	}
}

static void mpls_rx(struct out *o)
{
	mpls_counter(o, offsetof(struct fib_mpls_stats, rx_packets));
}

static void mpls_rx_dropped(struct out *o)
{
	mpls_counter(o, offsetof(struct fib_mpls_stats, rx_dropped));
}

static void mpls_rx_errors(struct out *o)
{
	mpls_counter(o, offsetof(struct fib_mpls_stats, rx_errors));
}

static void mpls_rx_noroute(struct out *o)
{
	mpls_counter(o, offsetof(struct fib_mpls_stats, rx_noroute));
}

static void mpls_tx(struct out *o)
{
	mpls_counter(o, offsetof(struct fib_mpls_stats, tx_packets));
}

static void tcp_md5(struct out *o)
{
	const struct fib_tcp_stats *t = &o->r->tcp;

	sample(o, "_total", t->md5_not_found, LABELS({"why", "not_found"}));
	sample(o, "_total", t->md5_unexpected, LABELS({"why", "unexpected"}));
	sample(o, "_total", t->md5_failure, LABELS({"why", "failure"}));
}

static void tcp_ttl(struct out *o)
{
	sample(o, "_total", o->r->tcp.min_ttl_drop, NO_LABELS);
}

/* --- BGP --- */

typedef uint64_t peer_value(const struct router *r, const struct core_peer *p);

static void each_peer(struct out *o, const char *suffix, peer_value *fn)
{
	for (unsigned i = 0; i < o->r->conf->n_peers; i++) {
		const struct core_peer *p = &o->r->peers[i];

		if (p->addr.af != IP_NONE)
			sample(o, suffix, fn(o->r, p),
				LABELS({"peer", p->name}, {"vrf", vrf_name(o->r, p->conf->vrf)}));
	}
}

static uint64_t is_up(const struct router *r, const struct core_peer *p)
{
	return fsm_peer_state(&p->fsm) == FSM_ESTABLISHED;
}

static uint64_t n_established(const struct router *r, const struct core_peer *p)
{
	return p->fsm.established_count;
}

static uint64_t n_received(const struct router *r, const struct core_peer *p)
{
	return (uint64_t)mgmt_peer_received_prefixes(r, p);
}

static uint64_t n_sent(const struct router *r, const struct core_peer *p)
{
	uint64_t n = 0;

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		n += out_set_count(&r->out, p->index, f);
	return n;
}

static uint64_t n_updates(const struct router *r, const struct core_peer *p)
{
	return p->fsm.updates_in;
}

static void bgp_up(struct out *o)
{
	each_peer(o, "", is_up);
}

static void bgp_established(struct out *o)
{
	each_peer(o, "_total", n_established);
}

static void bgp_received(struct out *o)
{
	each_peer(o, "", n_received);
}

static void bgp_sent(struct out *o)
{
	each_peer(o, "", n_sent);
}

static void bgp_updates(struct out *o)
{
	each_peer(o, "_total", n_updates);
}

typedef uint64_t station_value(const struct core_bmp_station *s);

static void each_station(struct out *o, const char *suffix, station_value *fn)
{
	const struct core_bmp *b = o->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++)
		sample(o, suffix, fn(&b->stations[i]),
			LABELS({"station", b->stations[i].conf->name}));
}

static uint64_t n_station_up(const struct core_bmp_station *s)
{
	return s->phase == CORE_BMP_UP;
}

static uint64_t n_station_octets(const struct core_bmp_station *s)
{
	return s->octets;
}

static uint64_t n_station_waiting(const struct core_bmp_station *s)
{
	return s->queue_octets;
}

static uint64_t n_station_overruns(const struct core_bmp_station *s)
{
	return s->overruns;
}

static void bmp_up(struct out *o)
{
	each_station(o, "", n_station_up);
}

static void bmp_octets(struct out *o)
{
	each_station(o, "_total", n_station_octets);
}

static void bmp_waiting(struct out *o)
{
	each_station(o, "", n_station_waiting);
}

static void bmp_overruns(struct out *o)
{
	each_station(o, "_total", n_station_overruns);
}

/* --- caches --- */

typedef uint64_t cache_value(const struct rpki_cache_status *s);

static void each_cache(struct out *o, const char *suffix, cache_value *fn)
{
	const struct core_rpki *k = o->r->rpki;
	struct rpki_cache_status s;

	for (unsigned i = 0; k && i < k->n_caches; i++) {
		rpki_cache_show(k->caches[i].cache, &s);
		sample(o, suffix, fn(&s),
			LABELS({"cache", o->r->conf->remotes[k->caches[i].remote].name}));
	}
}

static uint64_t is_synced(const struct rpki_cache_status *s)
{
	return s->state == RPKI_SYNCED;
}

static void rpki_synced(struct out *o)
{
	each_cache(o, "", is_synced);
}

static uint64_t n_roas(const struct rpki_cache_status *s)
{
	return s->roas;
}

static void rpki_roas(struct out *o)
{
	each_cache(o, "", n_roas);
}

static uint64_t n_aspas(const struct rpki_cache_status *s)
{
	return s->aspas;
}

static void rpki_aspas(struct out *o)
{
	each_cache(o, "", n_aspas);
}

static uint64_t n_errors(const struct rpki_cache_status *s)
{
	return s->errors;
}

static void rpki_errors(struct out *o)
{
	each_cache(o, "_total", n_errors);
}

static void build(struct out *o)
{
	sample(o, "_info", 1, LABELS({"version", PACKAGE_VERSION}));
}

struct family {
	const char *name, *type, *help;
	void (*samples)(struct out *o);
};

static const struct family families[] = {
	{"ravelin_build", "info", "the daemon that answers", build},
	{"ravelin_guard_packets", "counter", "packets by port and what became of them",
		guard_packets},
	{"ravelin_guard_rule_packets", "counter", "packets that an own rule matched",
		guard_rule_packets},
	{"ravelin_guard_port_open", "gauge", "1 if the port is as it must be and lets packets in",
		guard_port_open},
	{"ravelin_guard_drifts", "counter",
		"times that a port was closed because something changed", guard_drifts},
	{"ravelin_guard_unknown_ports", "gauge", "devices that the configuration does not know",
		guard_unknown},
	{"ravelin_guard_samples", "counter", "dropped packets of which octets were kept",
		guard_samples},
	{"ravelin_mpls_rx_packets", "counter", "labelled packets that the kernel took", mpls_rx},
	{"ravelin_mpls_rx_dropped", "counter", "labelled packets that the kernel dropped",
		mpls_rx_dropped},
	{"ravelin_mpls_rx_errors", "counter", "labelled packets that were malformed",
		mpls_rx_errors},
	{"ravelin_mpls_rx_noroute", "counter", "labelled packets of which nobody knew the label",
		mpls_rx_noroute},
	{"ravelin_mpls_tx_packets", "counter", "labelled packets sent", mpls_tx},
	{"ravelin_tcp_md5_refused", "counter", "TCP segments without the agreed key (RFC 2385)",
		tcp_md5},
	{"ravelin_tcp_ttl_refused", "counter", "TCP segments from too far away (RFC 5082)",
		tcp_ttl},
	{"ravelin_bgp_session_up", "gauge", "1 if the session is established", bgp_up},
	{"ravelin_bgp_sessions_established", "counter", "times that it was", bgp_established},
	{"ravelin_bgp_prefixes_received", "gauge", "prefixes that the neighbor announces",
		bgp_received},
	{"ravelin_bgp_prefixes_sent", "gauge", "prefixes that the neighbor was told", bgp_sent},
	{"ravelin_bgp_updates_received", "counter", "UPDATE messages", bgp_updates},
	{"ravelin_rpki_cache_synced", "gauge", "1 if the cache is connected and has said all",
		rpki_synced},
	{"ravelin_rpki_roas", "gauge", "ROA payloads of the cache in force", rpki_roas},
	{"ravelin_rpki_aspas", "gauge", "ASPAs of the cache in force", rpki_aspas},
	{"ravelin_rpki_errors", "counter", "sessions that ended through a fault of the cache",
		rpki_errors},
	{"ravelin_bmp_station_up", "gauge", "1 if the BMP station is connected", bmp_up},
	{"ravelin_bmp_sent_octets", "counter", "octets that the station was sent", bmp_octets},
	{"ravelin_bmp_waiting_octets", "gauge", "octets that wait for the station", bmp_waiting},
	{"ravelin_bmp_overruns", "counter", "times that it was given up because it read too slowly",
		bmp_overruns},
};

char *mgmt_metrics(const struct router *r, size_t *len)
{
	struct out o = {.cap = 16384, .r = r};

	o.s = malloc(o.cap);
	CHECK(o.s != NULL);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		const struct family *f = &families[i];

		o.name = f->name;
		add(&o, "# TYPE %s %s\n# HELP %s %s\n", f->name, f->type, f->name, f->help);
		f->samples(&o);
	}
	add(&o, "# EOF\n");
	*len = o.len;
	return o.s;
}

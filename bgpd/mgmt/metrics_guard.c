/* Metrics of ports: the guard's, and the kernel's counters of labelled packets and of TCP. */
#include "acl/reason.h"
#include "bgpd/core/guards.h"
#include "bgpd/mgmt/metrics.h"
#include "bgpd/mgmt/show.h"

static unsigned ports(const struct metric_out *o)
{
	return o->r->conf->n_ports;
}

/* One that a reload took away keeps its place. */
static const struct conf_port *port(const struct metric_out *o, unsigned i)
{
	const struct conf_port *c = &o->r->conf->ports[i];

	return conf_port_is_gone(c) ? NULL : c;
}

/* Every reason of a customer's port, so that the first packet of a kind is an increase and not a new line. */
static void packets_row(struct metric_out *o, unsigned i)
{
	const struct conf_port *c = port(o, i);
	const uint64_t *counts = o->r->ports[i].guard.counts;

	for (unsigned n = 0; c && n < ACL_REASONS; n++)
		if (c->role == CONF_PORT_ACCESS || n == ACL_PASS || counts[n])
			mgmt_metric(o, "_total", counts[n],
				METRIC_LABELS({"port", c->name},
					{"vrf", mgmt_metric_vrf(o, c->vrf)},
					{"reason", acl_reason_name(n)}));
}

static void rules_row(struct metric_out *o, unsigned i)
{
	const struct core_guard *g = &o->r->ports[i].guard;
	const struct conf_port *c = port(o, i);
	const struct acl_list *list;
	const struct acl_ace *ace;

	for (unsigned n = 0; c && n < g->n_rules && core_guards_ace(o->r->conf, i, n, &list, &ace);
		n++)
		mgmt_metric(o, "_total", g->rules[n],
			METRIC_LABELS({"port", c->name}, {"acl", list->name}, {"ace", ace->name},
				{"action", mgmt_ace_action(ace)}));
}

static void open_row(struct metric_out *o, unsigned i)
{
	const struct conf_port *c = port(o, i);

	if (c && c->role != CONF_PORT_MANAGEMENT)
		mgmt_metric(o, "", o->r->ports[i].guard.state == FIB_GUARD_OPEN,
			METRIC_LABELS({"port", c->name}, {"vrf", mgmt_metric_vrf(o, c->vrf)},
				{"role", mgmt_port_role(c)}));
}

static void drifts_row(struct metric_out *o, unsigned i)
{
	const struct conf_port *c = port(o, i);

	if (c)
		mgmt_metric(
			o, "_total", o->r->ports[i].guard.drifts, METRIC_LABELS({"port", c->name}));
}

static void unknown_row(struct metric_out *o, unsigned i)
{
	mgmt_metric(
		o, "", o->r->guards->n_unknown + o->r->guards->unknown_left_out, METRIC_NO_LABELS);
}

static void samples_row(struct metric_out *o, unsigned i)
{
	mgmt_metric(o, "_total", o->r->guards->n_drops, METRIC_NO_LABELS);
}

static void mpls_row(struct metric_out *o, unsigned i)
{
	const struct conf_port *c = port(o, i);
	const char *at = (const char *)&o->r->ports[i].mpls + o->family->offset;

	if (c)
		mgmt_metric(o, "_total", *(const uint64_t *)(const void *)at,
			METRIC_LABELS({"port", c->name}));
}

static void md5_row(struct metric_out *o, unsigned i)
{
	const struct fib_tcp_stats *t = &o->r->tcp;

	mgmt_metric(o, "_total", t->md5_not_found, METRIC_LABELS({"why", "not_found"}));
	mgmt_metric(o, "_total", t->md5_unexpected, METRIC_LABELS({"why", "unexpected"}));
	mgmt_metric(o, "_total", t->md5_failure, METRIC_LABELS({"why", "failure"}));
}

static void ttl_row(struct metric_out *o, unsigned i)
{
	mgmt_metric(o, "_total", o->r->tcp.min_ttl_drop, METRIC_NO_LABELS);
}

#define KERNEL(member) .offset = offsetof(struct fib_mpls_stats, member)

const struct metric_family mgmt_metrics_guard[] = {
	{"ravelin_guard_packets", "counter", NULL, "packets by port and what became of them", ports,
		packets_row},
	{"ravelin_guard_rule_packets", "counter", NULL, "packets that an own rule matched", ports,
		rules_row},
	{"ravelin_guard_port_open", "gauge", NULL,
		"1 if the port is as it must be and lets packets in", ports, open_row},
	{"ravelin_guard_drifts", "counter", NULL,
		"times that a port was closed because something changed", ports, drifts_row},
	{"ravelin_guard_unknown_ports", "gauge", NULL,
		"devices that the configuration does not know", .row = unknown_row},
	{"ravelin_guard_samples", "counter", NULL, "dropped packets of which octets were kept",
		.row = samples_row},
	{"ravelin_mpls_rx_packets", "counter", NULL, "labelled packets that the kernel took", ports,
		mpls_row, KERNEL(rx_packets)},
	{"ravelin_mpls_rx_dropped", "counter", NULL, "labelled packets that the kernel dropped",
		ports, mpls_row, KERNEL(rx_dropped)},
	{"ravelin_mpls_rx_errors", "counter", NULL, "labelled packets that were malformed", ports,
		mpls_row, KERNEL(rx_errors)},
	{"ravelin_mpls_rx_noroute", "counter", NULL,
		"labelled packets of which nobody knew the label", ports, mpls_row,
		KERNEL(rx_noroute)},
	{"ravelin_mpls_tx_packets", "counter", NULL, "labelled packets sent", ports, mpls_row,
		KERNEL(tx_packets)},
	{"ravelin_tcp_md5_refused", "counter", NULL,
		"TCP segments without the agreed key (RFC 2385)", .row = md5_row},
	{"ravelin_tcp_ttl_refused", "counter", NULL, "TCP segments from too far away (RFC 5082)",
		.row = ttl_row},
	{0},
};

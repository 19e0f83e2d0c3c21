/* /v1/mpls: labels, the transport to each next hop, and what the edge refused. */
#include "bgpd/mgmt/show.h"

static json_t *mpls_labels(const struct router *r)
{
	const struct vrf_labelpool *pool = &r->vrfs.labels;
	json_t *list = json_array();

	for (unsigned i = 0; i < r->vrfs.n; i++) {
		const struct vrf *v = &r->vrfs.list[i];
		if (v->label_state == VRF_LABEL_NONE)
			continue;
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:s}", "label", mgmt_json_label(v->label),
				      "vrf", mgmt_json_text(v->conf.name), "state",
				      vrf_label_state_name(v->label_state)));
	}
	for (size_t i = 0; i < pool->rest_n; i++) {
		const struct vrf_labelpool_rest *rest =
			&pool->rest[(pool->rest_head + i) % pool->rest_cap];
		json_array_append_new(list, json_pack("{s:i, s:n, s:s}", "label", (int)rest->label,
						    "vrf", "state", "quarantine"));
	}
	return list;
}

static json_t *mpls_next_hops(const struct router *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < r->n_nexthops; i++) {
		const struct core_nexthop *h = &r->nexthops[i];
		json_t *labels = json_array(), *o = json_object();
		for (unsigned k = 0; k < h->n_labels && k < FIB_LABELS_MAX; k++)
			json_array_append_new(labels, json_integer(h->labels[k]));
		mgmt_set(o, "address", mgmt_json_addr(&h->addr));
		mgmt_set(o, "reachable", json_boolean(h->reachable));
		mgmt_set(o, "labels", labels);
		mgmt_set(o, "metric", h->reachable ? json_integer(h->metric) : json_null());
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *mpls_port_stats(const struct fib_mpls_stats *s)
{
	json_t *o = json_object();

	mgmt_set(o, "rx_packets", json_integer((json_int_t)s->rx_packets));
	mgmt_set(o, "rx_dropped", json_integer((json_int_t)s->rx_dropped));
	mgmt_set(o, "rx_errors", json_integer((json_int_t)s->rx_errors));
	mgmt_set(o, "rx_noroute", json_integer((json_int_t)s->rx_noroute));
	mgmt_set(o, "tx_packets", json_integer((json_int_t)s->tx_packets));
	return o;
}

static json_t *mpls_ports(const struct router *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < r->conf->n_ports; i++) {
		const struct conf_port *c = &r->conf->ports[i];
		const struct core_port *p = &r->ports[i];
		if (conf_port_is_gone(c))
			continue;
		json_t *o = json_object();
		mgmt_set(o, "name", mgmt_json_text(c->name));
		mgmt_set(o, "role", json_string(mgmt_port_role(c)));
		mgmt_set(o, "vrf", mgmt_json_vrf(r->conf, c->vrf));
		mgmt_set(o, "present", json_boolean(p->flags & FIB_PORT_PRESENT));
		mgmt_set(o, "up", json_boolean(p->flags & FIB_PORT_UP));
		mgmt_set(o, "bound", json_boolean(p->flags & FIB_PORT_BOUND));
		mgmt_set(o, "accepts_labels", json_boolean(p->flags & FIB_PORT_LABELS));
		mgmt_set(o, "corrected", json_boolean(p->flags & FIB_PORT_CORRECTED));
		mgmt_set(o, "mpls", mpls_port_stats(&p->mpls));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *mpls_tcp(const struct fib_tcp_stats *s)
{
	json_t *o = json_object();

	mgmt_set(o, "md5_not_found", json_integer((json_int_t)s->md5_not_found));
	mgmt_set(o, "md5_unexpected", json_integer((json_int_t)s->md5_unexpected));
	mgmt_set(o, "md5_failure", json_integer((json_int_t)s->md5_failure));
	mgmt_set(o, "min_ttl_drop", json_integer((json_int_t)s->min_ttl_drop));
	return o;
}

json_t *mgmt_show_mpls(const struct mgmt_ask *q)
{
	json_t *o = json_object();

	mgmt_set(o, "labels", mpls_labels(q->r));
	mgmt_set(o, "next_hops", mpls_next_hops(q->r));
	mgmt_set(o, "ports", mpls_ports(q->r));
	mgmt_set(o, "tcp", mpls_tcp(&q->r->tcp));
	return o;
}

/* What is shown at the end, asked from the routers and the kernels: nothing here comes from a configuration. */
#include "lab/observe.h"

#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/api.h"
#include "lab/frr.h"
#include "lib/check.h"

static const char *seen_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "-";
}

static bool seen_bgp(const struct lab_run *r, unsigned node)
{
	const struct lab_node *n = &r->topo.nodes[node];
	bool bgp = n->config;

	for (unsigned i = 0; i < n->n_daemons; i++)
		bgp |= !strcmp(n->daemons[i], "bgpd");
	return bgp;
}

static json_t *table_event(const char *title, json_t *columns, json_t *rows)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "ev", "table", "title", title, "columns", columns,
		"rows", rows);
}

static void row_add(json_t *rows, json_t *row)
{
	CHECK(row && !json_array_append_new(rows, row));
}

/* FRR's "RT:65000:101 RT:65000:102" */
static json_t *frr_targets(const json_t *path)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(path, "extendedCommunity"), "string"));
	char *copy = strdup(text ? text : ""), *save = NULL;
	json_t *out = json_array();

	CHECK(copy && out);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		if (!strncmp(w, "RT:", 3))
			json_array_append_new(out, json_string(w + 3));
	free(copy);
	return out;
}

/* The details of one prefix: the table's own output has neither labels nor communities. */
static void frr_vpn_detail(const char *node, const char *rd, const char *prefix, json_t *out)
{
	char command[160];
	json_t *answer, *path;
	size_t i;

	snprintf(command, sizeof command, "show bgp ipv4 vpn rd %s %s json", rd, prefix);
	answer = lab_frr_ask(node, "bgpd", command);
	json_array_foreach(
		json_object_get(json_object_get(answer, rd) ? json_object_get(answer, rd) : answer,
			"paths"),
		i, path)
	{
		json_t *hop = json_array_get(json_object_get(path, "nexthops"), 0);
		json_t *label = json_object_get(path, "remoteLabel");

		json_array_append_new(
			out, json_pack("{s:s, s:s, s:O?, s:s, s:o, s:b}", "rd", rd, "prefix",
				     prefix, "label", label, "next_hop", seen_text(hop, "ip"),
				     "route_targets", frr_targets(path), "best",
				     json_is_object(json_object_get(path, "bestpath"))));
	}
	json_decref(answer);
}

static json_t *frr_vpn(const char *node)
{
	json_t *answer = lab_frr_ask(node, "bgpd", "show bgp ipv4 vpn json");
	json_t *rds = json_object_get(json_object_get(answer, "routes"), "routeDistinguishers"),
	       *prefixes, *paths;
	json_t *out = answer ? json_array() : NULL;
	const char *rd, *prefix;

	json_object_foreach(rds, rd, prefixes) json_object_foreach(prefixes, prefix, paths)
		frr_vpn_detail(node, rd, prefix, out);
	json_decref(answer);
	return out;
}

json_t *lab_observe_vpn(const struct lab_run *r, unsigned node)
{
	const struct lab_node *n = &r->topo.nodes[node];
	json_t *answer, *routes;

	if (!n->config)
		return frr_vpn(n->name);
	answer = lab_api_get(n->name, "/v1/bgp/vpnv4");
	routes = json_incref(json_object_get(answer, "routes"));
	json_decref(answer);
	return routes;
}

static bool show_vpn(struct lab_run *r)
{
	json_t *rows = json_array(), *routes, *v;
	bool ok = true;
	size_t i;

	for (unsigned n = 0; n < r->topo.n_nodes; n++) {
		if (r->topo.nodes[n].role != LAB_ROLE_PE || !seen_bgp(r, n))
			continue;
		routes = lab_observe_vpn(r, n);
		ok &= routes != NULL;
		json_array_foreach(routes, i, v)
		{
			char label[16] = "-", targets[128];
			struct text x = text_of(targets, sizeof targets);
			json_t *rts = json_object_get(v, "route_targets");

			if (json_is_integer(json_object_get(v, "label")))
				snprintf(label, sizeof label, "%lld",
					json_integer_value(json_object_get(v, "label")));
			for (size_t k = 0; k < json_array_size(rts); k++)
				text_add(&x, "%s%s", k ? " " : "",
					json_string_value(json_array_get(rts, k)));
			row_add(rows, json_pack("[s,s,s,s,s,s]", r->topo.nodes[n].name,
					      seen_text(v, "rd"), seen_text(v, "prefix"), label,
					      targets, seen_text(v, "next_hop")));
		}
		json_decref(routes);
	}
	lab_event(r, table_event("VPN-IPv4 routes",
			     json_pack("[s,s,s,s,s,s]", "router", "RD", "prefix", "label",
				     "route targets", "next hop"),
			     rows));
	return ok;
}

static bool sessions_ravelin(const char *node, json_t *rows)
{
	json_t *answer = lab_api_get(node, "/v1/bgp/summary"), *p;
	size_t i;

	json_array_foreach(json_object_get(answer, "peers"), i, p)
	{
		char got[48];

		snprintf(got, sizeof got, "%lld in, %lld out",
			json_integer_value(json_object_get(p, "prefixes_received")),
			json_integer_value(json_object_get(p, "prefixes_sent")));
		row_add(rows, json_pack("[s,s,s,s,s,s]", node, seen_text(p, "name"),
				      seen_text(p, "vrf"), seen_text(p, "state"),
				      json_is_true(json_object_get(p, "md5")) ? "MD5" : "-", got));
	}
	json_decref(answer);
	return answer != NULL;
}

static bool sessions_frr(const char *node, json_t *rows)
{
	json_t *answer = lab_frr_ask(node, "bgpd", "show bgp vrf all neighbors json"), *vrf, *p;
	const char *name, *addr;

	json_object_foreach(answer, name, vrf) json_object_foreach(vrf, addr, p)
	{
		json_t *family, *got = json_object_get(p, "addressFamilyInfo");
		long long in = 0, out = 0;
		const char *key;
		char text[48];

		if (!json_is_object(p) || !json_object_get(p, "bgpState"))
			continue;
		json_object_foreach(got, key, family)
		{
			in += json_integer_value(json_object_get(family, "acceptedPrefixCounter"));
			out += json_integer_value(json_object_get(family, "sentPrefixCounter"));
		}
		snprintf(text, sizeof text, "%lld in, %lld out", in, out);
		row_add(rows,
			json_pack("[s,s,s,s,s,s]", node, addr, strcmp(name, "default") ? name : "-",
				seen_text(p, "bgpState"),
				json_is_true(json_object_get(p, "authenticationEnabled")) ||
						json_integer_value(
							json_object_get(p, "authenticationEnabled"))
					? "MD5"
					: "-",
				text));
	}
	json_decref(answer);
	return answer != NULL;
}

static bool show_sessions(struct lab_run *r)
{
	json_t *rows = json_array();
	bool ok = true;

	for (unsigned n = 0; n < r->topo.n_nodes; n++) {
		const char *name = r->topo.nodes[n].name;

		if (seen_bgp(r, n))
			ok &= r->topo.nodes[n].config ? sessions_ravelin(name, rows)
						      : sessions_frr(name, rows);
	}
	lab_event(r, table_event("BGP sessions",
			     json_pack("[s,s,s,s,s,s]", "router", "neighbour", "VRF", "state",
				     "key", "prefixes"),
			     rows));
	return ok;
}

static void observe_stack(const struct lab_route *route, struct text *out)
{
	for (unsigned i = 0; i < route->n_stack; i++)
		text_add(out, "%s%u", i ? "/" : "", route->stack[i]);
}

void lab_observe_route(const struct lab_route *route, struct text *out)
{
	char addr[IP_ADDR_STRLEN], number[8];

	if (route->type == RTN_UNREACHABLE)
		text_add(out, "unreachable ");
	if (route->via.af)
		text_add(out, "via %s ", ip_addr_print(&route->via, addr));
	if (*route->dev)
		text_add(out, "dev %s ", route->dev);
	text_add(out, "proto %s", lab_table_protocol(route->protocol, number));
	if (route->n_stack) {
		text_add(out, ", pushes ");
		observe_stack(route, out);
	}
}

static void vrf_rows(
	const char *node, const struct lab_table *t, const struct lab_device *d, json_t *rows)
{
	for (unsigned i = 0; i < t->n_routes; i++) {
		const struct lab_route *route = &t->routes[i];
		char prefix[IP_PREFIX_STRLEN], how[160];
		struct text x = text_of(how, sizeof how);

		if (route->table != d->vrf_table || route->type == RTN_LOCAL ||
			route->type == RTN_BROADCAST)
			continue;
		lab_observe_route(route, &x);
		row_add(rows, json_pack("[s,s,s,s]", node, d->name,
				      ip_prefix_print(&route->dst, prefix), how));
	}
}

static bool show_vrf(struct lab_run *r)
{
	json_t *rows = json_array();
	bool ok = true;

	for (unsigned n = 0; n < r->topo.n_nodes; n++) {
		struct lab_table t;

		if (r->topo.nodes[n].role != LAB_ROLE_PE)
			continue;
		ok &= !lab_table_read(&t, &r->base, &r->ns[n], AF_INET);
		for (unsigned i = 0; i < t.n_devices; i++)
			if (t.devices[i].vrf_table)
				vrf_rows(r->topo.nodes[n].name, &t, &t.devices[i], rows);
		lab_table_fini(&t);
	}
	lab_event(r, table_event("kernel VRF tables",
			     json_pack("[s,s,s,s]", "router", "VRF", "prefix", "route"), rows));
	return ok;
}

static bool show_mpls(struct lab_run *r)
{
	json_t *rows = json_array();
	bool ok = true;

	for (unsigned n = 0; n < r->topo.n_nodes; n++) {
		struct lab_table t;

		if (r->topo.nodes[n].role == LAB_ROLE_CE)
			continue;
		ok &= !lab_table_read(&t, &r->base, &r->ns[n], AF_MPLS);
		for (unsigned i = 0; i < t.n_routes; i++) {
			const struct lab_route *m = &t.routes[i];
			char how[160], addr[IP_ADDR_STRLEN], number[8], label[12];
			struct text x = text_of(how, sizeof how);

			snprintf(label, sizeof label, "%u", m->label);
			text_add(&x, "%s", m->n_stack ? "swap " : "pop");
			observe_stack(m, &x);
			if (m->via.af)
				text_add(&x, " via %s", ip_addr_print(&m->via, addr));
			text_add(&x, " dev %s proto %s", m->dev,
				lab_table_protocol(m->protocol, number));
			row_add(rows, json_pack("[s,s,s]", r->topo.nodes[n].name, label, how));
		}
		lab_table_fini(&t);
	}
	lab_event(r, table_event("kernel MPLS tables",
			     json_pack("[s,s,s]", "router", "label", "action"), rows));
	return ok;
}

bool lab_observe_show(struct lab_run *r, enum lab_show_kind what)
{
	static bool (*const show[LAB_SHOW_N])(struct lab_run *) = {
		[LAB_SHOW_SESSIONS] = show_sessions,
		[LAB_SHOW_VPN_ROUTES] = show_vpn,
		[LAB_SHOW_VRF_TABLES] = show_vrf,
		[LAB_SHOW_MPLS_TABLE] = show_mpls,
	};

	return show[what](r);
}

/* The object of the answer of a port, or of a device that is none; borrowed; NULL: it is not there. */
static const json_t *guard_find(const json_t *answer, const char *port)
{
	static const char *const lists[] = {"ports", "unknown"};
	json_t *p;
	size_t i;

	for (size_t k = 0; k < ARRAY_LEN(lists); k++)
		json_array_foreach(json_object_get(answer, lists[k]), i,
			p) if (!strcmp(seen_text(p, "name"), port)) return p;
	return NULL;
}

long long lab_observe_guard(const char *node, const char *port, const char *reason)
{
	json_t *answer = lab_api_get(node, "/v1/guard");
	const json_t *packets = json_object_get(guard_find(answer, port), "packets");
	const json_t *n = json_object_get(packets, reason);
	long long dropped =
		n ? json_integer_value(n) : 0; /* a reason that never was is not shown */

	dropped = packets ? dropped : -1;
	json_decref(answer);
	return dropped;
}

void lab_observe_guard_state(const char *node, const char *port, char *out, size_t cap)
{
	json_t *answer = lab_api_get(node, "/v1/guard");
	const json_t *p = guard_find(answer, port);

	snprintf(out, cap, "%s", p ? seen_text(p, "state") : "");
	json_decref(answer);
}

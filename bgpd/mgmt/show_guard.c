/* /v1/guard: what stands between each customer and us, what it has dropped, and what it was told to. */
#include "bgpd/mgmt/show.h"

#include <string.h>

#include "acl/describe.h"
#include "acl/reason.h"
#include "bgpd/core/guards.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "lib/text.h"

const char *mgmt_port_role(const struct conf_port *c)
{
	static const char *const names[] = {[CONF_PORT_CORE] = "core",
		[CONF_PORT_ACCESS] = "access",
		[CONF_PORT_MANAGEMENT] = "management"};

	return names[c->role];
}

static const char *guard_state_name(uint8_t state)
{
	static const char *const names[] = {[FIB_GUARD_NONE] = "off",
		[FIB_GUARD_CLOSED] = "closed",
		[FIB_GUARD_OPEN] = "open",
		[FIB_GUARD_FAILED] = "failed"};

	return state < ARRAY_LEN(names) ? names[state] : "?";
}

static const char *guard_xdp_name(uint8_t mode)
{
	static const char *const names[] = {[ACL_XDP_AUTO] = "auto",
		[ACL_XDP_NATIVE] = "native",
		[ACL_XDP_GENERIC] = "generic",
		[ACL_XDP_OFF] = "off"};

	return mode < ARRAY_LEN(names) ? names[mode] : "?";
}

static json_t *guard_source(const struct conf_port *c)
{
	static const char *const names[] = {[ACL_SOURCE_OFF] = "off",
		[ACL_SOURCE_STRICT] = "strict",
		[ACL_SOURCE_FEASIBLE] = "feasible"};

	return c->role == CONF_PORT_ACCESS ? json_string(names[c->guard.source]) : json_null();
}

static json_t *guard_labels(const struct conf_port *c)
{
	static const char *const names[] = {[ACL_LABELS_NONE] = "none",
		[ACL_LABELS_ALL] = "all",
		[ACL_LABELS_ADVERTISED] = "advertised"};

	if (c->role == CONF_PORT_ACCESS)
		return json_string(c->accept_labels ? "all" : "none");
	return c->role == CONF_PORT_CORE ? json_string(names[c->labels]) : json_null();
}

/* What passed, and every reason that a packet was dropped for. */
static json_t *guard_counts(const uint64_t counts[ACL_REASONS_MAX])
{
	json_t *o = json_object();

	mgmt_set(o, "passed", json_integer((json_int_t)counts[ACL_PASS]));
	for (unsigned i = ACL_PASS + 1; i < ACL_REASONS; i++)
		if (counts[i])
			mgmt_set(o, acl_reason_name(i), json_integer((json_int_t)counts[i]));
	return o;
}

/* The clauses of those reasons, so that a table can say them: reasons are this program's, not the reader's. */
static json_t *guard_clauses(const uint64_t counts[ACL_REASONS_MAX])
{
	json_t *o = json_object();

	for (unsigned i = ACL_PASS + 1; i < ACL_REASONS; i++)
		if (counts[i])
			mgmt_set(o, acl_reason_name(i), json_string(acl_reason_clause(i)));
	return o;
}

static void guard_set_ace(json_t *o, const struct acl_list *list, const struct acl_ace *ace)
{
	mgmt_set(o, "acl", list ? mgmt_json_text(list->name) : json_null());
	mgmt_set(o, "ace", ace ? mgmt_json_text(ace->name) : json_null());
}

static json_t *guard_rules(const struct router *r, unsigned port)
{
	const struct core_guard *g = &r->ports[port].guard;
	const struct acl_list *list;
	const struct acl_ace *ace;
	json_t *rules = json_array();

	for (unsigned i = 0; i < g->n_rules && core_guards_ace(r->conf, port, i, &list, &ace);
		i++) {
		json_t *o = json_object();

		guard_set_ace(o, list, ace);
		mgmt_set(o, "action", json_string(mgmt_ace_action(ace)));
		mgmt_set(o, "matched-packets", json_integer((json_int_t)g->rules[i]));
		json_array_append_new(rules, o);
	}
	return rules;
}

const char *mgmt_ace_action(const struct acl_ace *ace)
{
	return ace->forwarding == ACL_FORWARDING_DROP ? "drop" : "accept";
}

static json_t *guard_port(const struct router *r, unsigned i)
{
	const struct conf_port *c = &r->conf->ports[i];
	const struct core_guard *g = &r->ports[i].guard;
	json_t *o = json_object();

	mgmt_set(o, "name", mgmt_json_text(c->name));
	mgmt_set(o, "role", json_string(mgmt_port_role(c)));
	mgmt_set(o, "vrf", mgmt_json_vrf(r->conf, c->vrf));
	mgmt_set(o, "state", json_string(guard_state_name(g->state)));
	mgmt_set(o, "drifted", *g->drifted ? mgmt_json_text(g->drifted) : json_null());
	mgmt_set(o, "drifts", json_integer(g->drifts));
	mgmt_set(o, "xdp", json_string(guard_xdp_name(g->xdp)));
	mgmt_set(o, "source", guard_source(c));
	mgmt_set(o, "labels", guard_labels(c));
	mgmt_set(o, "packets", guard_counts(g->counts));
	mgmt_set(o, "clauses", guard_clauses(g->counts));
	mgmt_set(o, "rules", guard_rules(r, i));
	return o;
}

static json_t *guard_unknown(const struct core_guards *g)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < g->n_unknown; i++) {
		json_t *o = json_object();

		mgmt_set(o, "name", mgmt_json_text(g->unknown[i].name));
		mgmt_set(o, "state", json_string(guard_state_name(g->unknown[i].state)));
		mgmt_set(o, "packets", guard_counts(g->unknown[i].counts));
		mgmt_set(o, "clauses", guard_clauses(g->unknown[i].counts));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *guard_totals(const struct router *r)
{
	uint64_t counts[ACL_REASONS_MAX] = {0}, drifts = 0;
	json_t *o = json_object();
	unsigned open = 0, known = 0;

	for (unsigned i = 0; i < r->conf->n_ports; i++) {
		const struct core_guard *g = &r->ports[i].guard;

		for (unsigned k = 0; k < ACL_REASONS; k++)
			counts[k] += g->counts[k];
		drifts += g->drifts;
		known += !conf_port_is_gone(&r->conf->ports[i]);
		open += g->state == FIB_GUARD_OPEN;
	}
	mgmt_set(o, "ports", json_integer(known));
	mgmt_set(o, "open", json_integer(open));
	mgmt_set(o, "drifts", json_integer((json_int_t)drifts));
	mgmt_set(o, "unknown_left_out", json_integer(r->guards->unknown_left_out));
	mgmt_set(o, "packets", guard_counts(counts));
	return o;
}

json_t *mgmt_show_guard(const struct mgmt_ask *q)
{
	const struct router *r = q->r;
	json_t *ports = json_array(), *o = json_object();

	for (unsigned i = 0; i < r->conf->n_ports; i++)
		if (!conf_port_is_gone(&r->conf->ports[i]) &&
			(!q->name || strcmp(q->name, r->conf->ports[i].name) == 0))
			json_array_append_new(ports, guard_port(r, i));
	if (q->name && json_array_size(ports) == 0) {
		json_decref(ports);
		json_decref(o);
		return NULL;
	}
	mgmt_set(o, "ports", ports);
	if (q->name)
		return o;
	mgmt_set(o, "unknown", guard_unknown(r->guards));
	mgmt_set(o, "totals", guard_totals(r));
	return o;
}

/* --- drops --- */

static json_t *guard_hex(const struct fib_drop *d)
{
	char out[2 * FIB_DROP_OCTETS + 1];
	struct text t = text_of(out, sizeof(out));

	for (unsigned i = 0; i < d->cap && i < FIB_DROP_OCTETS; i++)
		text_add(&t, "%02x", d->octets[i]);
	return json_string(out);
}

json_t *mgmt_json_drop(const struct router *r, const struct core_drop *d)
{
	bool known = d->port < r->conf->n_ports;
	const struct acl_list *list = NULL;
	const struct acl_ace *ace = NULL;
	char decoded[ACL_DESCRIBE_MAX];
	json_t *o = json_object();

	if (d->rule == ACL_RULE_NONE || !core_guards_ace(r->conf, d->port, d->rule, &list, &ace))
		list = NULL;
	mgmt_set(o, "time", mgmt_json_time(d->drop.time_ms));
	mgmt_set(o, "port", mgmt_json_text(known ? r->conf->ports[d->port].name : d->name));
	mgmt_set(o, "reason", json_string(acl_reason_name(d->reason)));
	guard_set_ace(o, list, ace);
	mgmt_set(o, "clause", json_string(acl_reason_clause(d->reason)));
	mgmt_set(o, "xdp", json_boolean(d->drop.xdp));
	mgmt_set(o, "length", json_integer(d->drop.len));
	mgmt_set(o, "octets", guard_hex(&d->drop));
	mgmt_set(o, "decoded", json_string(acl_describe(d->drop.octets, d->drop.cap, decoded)));
	return o;
}

json_t *mgmt_show_drops(const struct mgmt_ask *q)
{
	json_t *list = json_array();
	unsigned n = 0;

	while (core_guards_recent(q->r, n))
		n++;
	while (n > 0)
		json_array_append_new(list, mgmt_json_drop(q->r, core_guards_recent(q->r, --n)));
	return json_pack("{s:I, s:o}", "seen", (json_int_t)q->r->guards->n_drops, "drops", list);
}

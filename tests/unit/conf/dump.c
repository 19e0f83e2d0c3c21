/* Prints what became of a configuration, field by field, for tests/unit/conf/defaults.py. */
#include <inttypes.h>
#include <stdio.h>

#include "conf/load.h"

static void text(const char *name, const char *s)
{
	printf(" %s=%s", name, s ? s : "-");
}

static void number(const char *name, uint64_t n)
{
	printf(" %s=%" PRIu64, name, n);
}

static void addr(const char *name, const struct ip_addr *a)
{
	char s[IP_ADDR_STRLEN];

	printf(" %s=%s", name, a->af == IP_NONE ? "-" : ip_addr_print(a, s));
}

#define T(p, f) text(#f, (p)->f)
#define N(p, f) number(#f, (uint64_t)(p)->f)

static void dump_router(const struct conf *c)
{
	T(c, router_name);
	N(c, as);
	N(c, id);
	N(c, cluster_id);
	N(c, retain);
	T(c, user);
	T(c, run_dir);
	N(c, label_min);
	N(c, label_max);
	N(c, label_quarantine_s);
	N(c, n_infrastructure);
	N(c, unknown_ports_open);
	N(c, xdp);
	T(c, guard_pin);
	N(c, samples_per_s);
	T(&c->log, security);
	N(&c->log, rate);
	N(&c->log, burst);
}

static void dump_guard(const struct conf_guard *g)
{
	const struct conf_rate *const rates[] = {&g->control, &g->arp, &g->icmp, &g->new_flows};

	N(g, disabled);
	N(g, source);
	N(g, off);
	N(g, protocols);
	N(g, n_statics);
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		N(rates[i], rate);
		N(rates[i], burst);
	}
}

static void dump_port(const struct conf_port *p)
{
	T(p, name);
	N(p, role);
	N(p, vrf);
	N(p, n_addresses);
	N(p, labels);
	N(p, n_acls);
	N(p, accept_labels);
	dump_guard(&p->guard);
}

static void dump_limit(const struct conf_limit *l)
{
	N(l, max);
	N(l, warn_percent);
	N(l, action);
	N(l, restart_s);
}

static void dump_vrf(const struct conf_vrf *v)
{
	T(v, name);
	N(v, table);
	N(v, rd);
	N(v, id);
	N(v, n_import_rts);
	N(v, n_export_rts);
	N(v, n_statics);
	N(v, redistribute);
	N(v, n_acls);
	dump_limit(&v->max_routes);
}

static void dump_restart(const struct conf_restart *r)
{
	N(r, restarter);
	N(r, helper);
	N(r, time_s);
	N(r, stale_s);
	N(r, long_lived_s);
}

static void dump_session(const struct conf_peer *p)
{
	T(p, name);
	addr("addr", &p->addr);
	addr("local", &p->local);
	N(p, as);
	N(p, dynamic);
	N(p, slot);
	N(p, vrf);
	N(p, families);
	N(p, password_len);
	N(p, gtsm_hops);
	N(p, passive);
	N(p, implicit_null);
	N(p, keep_ce_rts);
	N(p, hold_s);
	N(p, connect_retry_s);
	N(p, send_hold_s);
	N(p, no_extended_messages);
	N(p, extended_next_hop);
	N(p, add_path_receive);
	N(p, add_path_send);
	N(p, role);
	N(p, role_strict);
	dump_limit(&p->max_prefix);
	dump_restart(&p->restart);
}

static void dump_policy(const struct conf_peer *p)
{
	N(p, import);
	N(p, export);
	N(&p->import_chain, n);
	N(&p->export_chain, n);
	N(p, keep_rejected);
	N(p, reflector_client);
	N(p, route_server_client);
	N(p, next_hop);
	N(p, as_override);
	N(p, allow_own_as);
	N(p, allow_as_set);
	N(p, site_of_origin);
	N(p, graceful_shutdown);
	N(p, accept_blackhole);
	N(p, allow);
	N(p, advertisement_interval_s);
}

static void dump_remote(const struct conf_remote *r)
{
	T(r, name);
	N(r, kind);
	addr("addr", &r->addr);
	N(r, port);
	N(r, tls);
	T(r, tls_ca);
	T(r, tls_cert);
	T(r, tls_key);
	T(r, tls_name);
	N(r, retry_s);
	N(r, refresh_s);
	N(r, expire_s);
	N(r, max_records);
	N(r, routes);
	N(r, statistics_s);
}

static void dump_ports(const struct acl_ports *p)
{
	N(p, op);
	N(p, port);
	N(p, upper);
}

static void dump_acl(const struct acl_list *l)
{
	T(l, name);
	for (unsigned i = 0; i < l->n_aces; i++) {
		T(&l->aces[i], name);
		N(&l->aces[i], forwarding);
		N(&l->aces[i], log);
		dump_ports(&l->aces[i].source_port);
		dump_ports(&l->aces[i].destination_port);
	}
}

static void dump_program(const struct pol_program *p)
{
	T(p, name);
	N(p, accept);
	for (unsigned i = 0; i < p->n_rules; i++) {
		T(&p->rules[i], name);
		N(&p->rules[i], n_terms);
		N(&p->rules[i], action);
		N(&p->rules[i], reason);
		for (unsigned k = 0; k < p->rules[i].n_edits; k++) {
			N(&p->rules[i].edits[k], kind);
			N(&p->rules[i].edits[k], number);
			N(&p->rules[i].edits[k], times);
		}
	}
}

static void dump_api(const struct conf_api *a)
{
	N(a, read_only_given);
	N(&a->read_only.users, n);
	N(&a->read_only.groups, n);
	N(&a->read_write.users, n);
	N(&a->read_write.groups, n);
	N(a, n_listen);
	N(&a->tls_read_write, n);
}

int main(int argc, char **argv)
{
	struct conf *c = argc == 2 ? conf_load(argv[1], stderr) : NULL;

	if (!c)
		return 1;
	dump_router(c);
	dump_api(&c->api);
	for (unsigned i = 0; i < c->n_acls; i++)
		dump_acl(&c->acls[i]);
	for (unsigned i = 0; i < c->n_policies; i++)
		dump_program(&c->policies[i]);
	for (unsigned i = 0; i < c->n_ports; i++)
		dump_port(&c->ports[i]);
	for (unsigned i = 0; i < c->n_vrfs; i++)
		dump_vrf(&c->vrfs[i]);
	for (unsigned i = 0; i < c->n_peers; i++) {
		dump_session(&c->peers[i]);
		dump_policy(&c->peers[i]);
	}
	for (unsigned i = 0; i < c->n_remotes; i++)
		dump_remote(&c->remotes[i]);
	putchar('\n');
	conf_free(c);
	return 0;
}

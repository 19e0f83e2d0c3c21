/* What nobody has flagged, counted by who put it there. */
#include <string.h>

#include "acl/load_prog.h"
#include "audit/check.h"

#define TABLE_MAIN  254
#define TABLE_LOCAL 255
#define OURS	    82

static void ports(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		if (audit_is_flagged(r, AUDIT_PORTS, i))
			continue;
		if (r->roles[i] == AUDIT_ROLE_UNKNOWN)
			audit_explain(r, AUDIT_PORTS, "%s",
				!audit_link_is_up(l)	    ? "unknown, down"
				: audit_guard_find(r->s, l) ? "unknown, closed by ravelin guard"
				: r->in->unknown_open	    ? "unknown, left alone"
							    : "unknown, does not forward");
		else
			audit_explain(r, AUDIT_PORTS, "%s", audit_role_name(r->roles[i]));
	}
}

static void rules(struct audit_run *r)
{
	char who[AUDIT_PROTOCOL_STRLEN];

	for (size_t i = 0; i < r->s->n_rules; i++)
		if (!audit_is_flagged(r, AUDIT_RULES, i))
			audit_explain(r, AUDIT_RULES, "%s",
				audit_protocol_name(r->s->rules[i].protocol, who));
}

static void vrfs(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_vrfs; i++)
		if (!audit_is_flagged(r, AUDIT_VRFS, i))
			audit_explain(r, AUDIT_VRFS, "%s", r->in->of_host ? "found" : "configured");
}

static void routes(struct audit_run *r)
{
	char who[AUDIT_PROTOCOL_STRLEN];

	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		const char *by = audit_protocol_name(t->protocol, who);
		bool mpls = t->kind == AUDIT_MPLS;
		if (audit_is_flagged(r, mpls ? AUDIT_LABELS : AUDIT_ROUTES, i))
			continue;
		if (mpls)
			audit_explain(r, AUDIT_LABELS, "%s", by);
		else if (audit_intent_table(r->in, t->table) >= 0)
			audit_explain(r, AUDIT_ROUTES, "VPN: %s", by);
		else if (t->table == TABLE_MAIN || t->table == TABLE_LOCAL)
			audit_explain(r, AUDIT_ROUTES, "core: %s", by);
		else
			audit_explain(r, AUDIT_ROUTES, "other table: %s", by);
	}
}

/* Sysctls that are flagged are not among the numbered objects: those that were looked at, less the flagged ones. */
static void settings(struct audit_run *r)
{
	unsigned seen = 0, access = 0;

	for (int i = 0; i < AUDIT_SYSCTLS; i++)
		seen += r->s->sysctl[i] != AUDIT_ABSENT;
	for (size_t i = 0; i < r->s->n_links; i++)
		for (int k = 0; r->roles[i] == AUDIT_ROLE_ACCESS && k < AUDIT_DEVICE_SYSCTLS; k++)
			access += r->s->links[i].sysctl[k] != AUDIT_ABSENT &&
				  k != AUDIT_MPLS_INPUT && k != AUDIT_FORWARDING &&
				  k != AUDIT_FORWARDING6; /* counted as ports */
	seen += access;
	unsigned flagged = r->n_flagged[AUDIT_SETTINGS];
	for (unsigned i = flagged; i < seen; i++)
		audit_explain(r, AUDIT_SETTINGS, "as they must be");
}

static void sessions(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		if (!audit_is_flagged(r, AUDIT_SESSIONS, i))
			audit_explain(r, AUDIT_SESSIONS, "%s%s",
				*k->program ? k->program : "a program",
				k->n_keys ? ", signed" : "");
	}
}

static void guards(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_filters; i++) {
		const struct audit_filter *f = &r->s->filters[i];
		const struct audit_link *l = audit_link_at(r->s, f->ifindex);
		if (!l || audit_is_flagged(r, AUDIT_GUARDS, (size_t)(l - r->s->links)))
			continue;
		if (strcmp(f->program.name, ACL_TC_NAME) == 0)
			audit_explain(r, AUDIT_GUARDS, "ravelin guard");
		else if (f->program.id)
			audit_explain(r, AUDIT_GUARDS, "tc program %s", f->program.name);
		else
			audit_explain(r, AUDIT_GUARDS, "tc filter %s", f->kind);
	}
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_program *x = &r->s->links[i].xdp;
		if (!x->id || audit_is_flagged(r, AUDIT_GUARDS, i))
			continue;
		if (strcmp(x->name, ACL_XDP_NAME) == 0)
			audit_explain(r, AUDIT_GUARDS, "ravelin guard, XDP");
		else
			audit_explain(r, AUDIT_GUARDS, "XDP program %s", x->name);
	}
}

void audit_explain_all(struct audit_run *r)
{
	ports(r);
	rules(r);
	vrfs(r);
	routes(r);
	settings(r);
	sessions(r);
	guards(r);
}

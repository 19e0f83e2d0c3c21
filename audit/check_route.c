/* Routes: none leaves its VPN, none of a customer is in the core's table, and the kernel has what the daemon says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "lib/check.h"

#define TABLE_MAIN   254
#define OURS	     82 /* protocol, and metric, of what we install */
#define GUARD_METRIC 4278198272u

static const char *vrf_name(const struct audit_run *r, uint32_t table)
{
	int i = audit_intent_table(r->in, table);
	return i < 0 ? "-" : r->in->vrfs[i].name;
}

/* The table whose VRF the device belongs to, or is; 0: none. */
static uint32_t table_of(const struct audit_run *r, const struct audit_link *l)
{
	const struct audit_link *m = l->master ? audit_link_at(r->s, l->master) : NULL;
	return l->vrf_table ? l->vrf_table : m ? m->vrf_table : 0;
}

static char *del_command(const struct audit_run *r, const struct audit_route *t, char out[160])
{
	char prefix[IP_PREFIX_STRLEN], vrf[40] = "";

	if (t->table != TABLE_MAIN)
		snprintf(vrf, sizeof(vrf), " vrf %s", vrf_name(r, t->table));
	snprintf(out, 160, "ip %sroute del %s%s metric %u proto %u",
		t->kind == AUDIT_IPV6 ? "-6 " : "", ip_prefix_print(&t->prefix, prefix), vrf,
		t->metric, t->protocol);
	return out;
}

static struct audit_finding *flag(struct audit_run *r, size_t i)
{
	char name[AUDIT_ROUTE_STRLEN], who[AUDIT_PROTOCOL_STRLEN], cmd[160];
	const struct audit_route *t = &r->s->routes[i];
	struct audit_finding *f = audit_flag(r, i, "%s", audit_route_print(t, name));

	audit_who(f, "%s", audit_protocol_name(t->protocol, who));
	audit_mend(f, "%s", del_command(r, t, cmd));
	return f;
}

/* Says how a hop of a VRF's route leaves the VPN; false: it does not. */
static bool leaks(struct audit_run *r, size_t i, const struct audit_hop *h)
{
	const struct audit_route *t = &r->s->routes[i];
	const struct audit_link *l = h->oif ? audit_link_at(r->s, h->oif) : NULL;
	const char *vrf = vrf_name(r, t->table);

	if (!l || audit_role_at(r, h->oif) == AUDIT_ROLE_INERT)
		return false;
	uint32_t to = table_of(r, l);
	if (to == t->table && h->n_labels)
		audit_what(flag(r, i), "sends labelled packets to a customer (%s)", l->name);
	else if (to && to != t->table)
		audit_what(flag(r, i), "leads from VRF %s into VRF %s (%s)", vrf, vrf_name(r, to),
			l->name);
	else if (!to && !h->n_labels)
		audit_what(flag(r, i),
			"leads from VRF %s into the core by %s, without a label: its packets are "
			"the core's own there",
			vrf, l->name);
	else
		return false;
	return true;
}

static void leak(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		if (t->kind == AUDIT_MPLS || t->type != AUDIT_UNICAST ||
			audit_intent_table(r->in, t->table) < 0)
			continue;
		for (uint32_t k = 0; k < t->n_hops; k++)
			if (leaks(r, i, &r->s->hops[t->first_hop + k]))
				break;
	}
}

static void in_main(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		if (t->kind == AUDIT_MPLS || t->table != TABLE_MAIN || t->type != AUDIT_UNICAST)
			continue;
		for (uint32_t k = 0; k < t->n_hops; k++) {
			const struct audit_link *l =
				audit_link_at(r->s, r->s->hops[t->first_hop + k].oif);
			if (!l || !table_of(r, l))
				continue;
			audit_what(flag(r, i),
				"a customer's route in the core's table, by %s of VRF %s", l->name,
				vrf_name(r, table_of(r, l)));
			break;
		}
	}
}

static void unexplained(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		bool known = t->protocol == 2 || t->protocol == OURS;
		if (r->in->of_host) /* whatever daemon this host runs, but nobody's hand */
			known = t->protocol != 3 && t->protocol != 0;
		if (t->kind == AUDIT_MPLS || t->type != AUDIT_UNICAST || known ||
			audit_intent_table(r->in, t->table) < 0 ||
			audit_is_flagged(r, AUDIT_ROUTES, i))
			continue;
		audit_what(
			flag(r, i), "nobody explains this route of VRF %s", vrf_name(r, t->table));
	}
}

/* --- what the daemon says against what stands --- */

static bool is_claimable(const struct audit_route *t)
{
	return t->kind == AUDIT_IPV4 && t->protocol == OURS && t->metric != GUARD_METRIC;
}

static void stale(struct audit_run *r)
{
	for (size_t i = 0; r->in->daemon && i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		int vrf = audit_intent_table(r->in, t->table);
		if (!is_claimable(t) || vrf < 0 || audit_intent_claims(r->in, vrf, &t->prefix) ||
			audit_is_flagged(r, AUDIT_ROUTES, i))
			continue;
		audit_what(flag(r, i),
			"carries our protocol number, and the daemon knows nothing of it in VRF %s",
			vrf_name(r, t->table));
	}
}

static int claim_cmp(const void *a, const void *b)
{
	const struct audit_claim *x = a, *y = b;
	int c = (x->vrf > y->vrf) - (x->vrf < y->vrf);

	c = c ? c : ip_addr_cmp(&x->prefix.addr, &y->prefix.addr);
	return c ? c : (x->prefix.len > y->prefix.len) - (x->prefix.len < y->prefix.len);
}

/* Its device and ports are as they must be: else missing routes are their consequence, and said there. */
static bool is_whole(const struct audit_run *r, int vrf)
{
	const struct audit_vrf *v = &r->in->vrfs[vrf];
	const struct audit_link *d = audit_link_find(r->s, v->name);

	if (!d || d->vrf_table != v->table || !audit_link_is_up(d))
		return false;
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_port *p = &r->in->ports[i];
		const struct audit_link *l = p->vrf == vrf ? audit_link_find(r->s, p->name) : NULL;
		if (p->vrf == vrf && (!l || l->master != d->ifindex || !audit_link_is_up(l)))
			return false;
	}
	return true;
}

static void missing(struct audit_run *r)
{
	size_t n = 0;

	if (!r->in->daemon || !r->in->n_claims)
		return;
	struct audit_claim *is = calloc(r->s->n_routes + 1, sizeof(*is));
	CHECK(is);
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		int vrf = audit_intent_table(r->in, t->table);
		if (t->kind == AUDIT_IPV4 && vrf >= 0 && t->type != AUDIT_LOCAL &&
			t->metric != GUARD_METRIC)
			is[n++] = (struct audit_claim){vrf, t->prefix};
	}
	qsort(is, n, sizeof(*is), claim_cmp);
	for (size_t i = 0; i < r->in->n_claims; i++) {
		const struct audit_claim *c = &r->in->claims[i];
		char prefix[IP_PREFIX_STRLEN];
		if (bsearch(c, is, n, sizeof(*is), claim_cmp) || !is_whole(r, c->vrf))
			continue;
		struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s table %u",
			ip_prefix_print(&c->prefix, prefix), r->in->vrfs[c->vrf].table);
		audit_who(f, "whoever deleted it");
		audit_what(f, "the daemon says that it is in VRF %s, and it is not",
			r->in->vrfs[c->vrf].name);
		audit_mend(f, "# ravelind puts it back at once; if it did not: start it again");
	}
	free(is);
}

const struct audit_check *audit_checks_route(size_t *n)
{
	static const struct audit_check rows[] = {
		{"route-leak", "R4381-2.1c", "RFC 4381 2.1, RFC 4364 11",
			"no route leads out of its VPN but by a label", leak, AUDIT_ROUTES,
			AUDIT_CRITICAL},
		{"route-core", "R4381-2.1e", "RFC 4381 2.1, RFC 4364 7",
			"no customer's route is in the core's table", in_main, AUDIT_ROUTES,
			AUDIT_CRITICAL},
		{"route-stale", "R4381-2.1c", "RFC 4381 2.1",
			"what carries our number is claimed by the daemon", stale, AUDIT_ROUTES,
			AUDIT_CRITICAL},
		{"route-unknown", "R4381-2.1c", "RFC 4381 2.1",
			"no route of a VPN that nobody explains", unexplained, AUDIT_ROUTES,
			AUDIT_WARNING},
		{"route-missing", "R4381-2.1f", "RFC 4381 2.1",
			"what the daemon has installed is there", missing, AUDIT_ROUTES,
			AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

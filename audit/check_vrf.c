/* VRF devices and how their tables end. */
#include <string.h>

#include "audit/check.h"

static void device(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_vrfs; i++) {
		const struct audit_vrf *v = &r->in->vrfs[i];
		const struct audit_link *l = audit_link_find(r->s, v->name);
		if (l && l->vrf_table == v->table && audit_link_is_up(l))
			continue;
		struct audit_finding *f = audit_flag(r, i, "%s", v->name);
		if (!l) {
			audit_who(f, "whoever deleted the device, or nobody made it");
			audit_what(f, "there is no such VRF device: its ports, if they are up, "
				      "are in the core's table");
			audit_mend(f, "ip link add %s type vrf table %u && ip link set %s up",
				v->name, v->table, v->name);
		} else if (l->vrf_table != v->table) {
			audit_who(f, "whoever made the device");
			audit_what(f, "has table %u instead of %u", l->vrf_table, v->table);
			audit_mend(f,
				"ip link del %s && ip link add %s type vrf table %u && ip link set "
				"%s up",
				v->name, v->name, v->table, v->name);
		} else {
			f->severity = AUDIT_WARNING;
			audit_who(f, "whoever took it down");
			audit_what(f, "down: its customers have no router");
			audit_mend(f, "ip link set %s up", v->name);
		}
	}
}

static void stranger(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		if (!l->vrf_table || audit_intent_vrf(r->in, l->name) >= 0)
			continue;
		if (audit_intent_table(r->in, l->vrf_table) >= 0)
			continue; /* shares a table: another check */
		struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s", l->name);
		audit_who(f, "%s", l->ours ? "a run of ravelind that crashed" : "not ravelind");
		audit_what(f, "a VRF device (table %u) that the configuration does not know",
			l->vrf_table);
		audit_mend(f, "ip link del %s", l->name);
	}
}

static void shared(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++)
		for (size_t k = i + 1; r->s->links[i].vrf_table && k < r->s->n_links; k++) {
			const struct audit_link *a = &r->s->links[i], *b = &r->s->links[k];
			if (a->vrf_table != b->vrf_table)
				continue;
			if (audit_intent_vrf(r->in, a->name) >= 0 &&
				(r->in->of_host || audit_intent_vrf(r->in, b->name) < 0)) {
				const struct audit_link *t = a; /* the stranger, or the later */
				a = b;
				b = t;
			}
			struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s", a->name);
			audit_who(f, "whoever made the device");
			audit_what(f, "has table %u, and so has %s: two VPNs share one table",
				a->vrf_table, b->name);
			audit_mend(f, "ip link del %s", a->name);
		}
}

static bool ends(const struct audit_run *r, uint8_t kind, uint32_t table)
{
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		if (t->kind == kind && t->table == table && !t->prefix.len &&
			t->type == AUDIT_REFUSED)
			return true;
	}
	return false;
}

static void ending(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_vrfs; i++) {
		const struct audit_vrf *v = &r->in->vrfs[i];
		const struct audit_link *l = audit_link_find(r->s, v->name);
		for (int k = AUDIT_IPV4; l && k <= AUDIT_IPV6; k++) {
			if (!r->s->rules_known[k] || ends(r, (uint8_t)k, v->table))
				continue;
			struct audit_finding *f =
				audit_flag(r, i, "%s %s", v->name, k ? "IPv6" : "IPv4");
			audit_who(f, "whoever deleted it, or nobody");
			audit_what(f,
				"table %u has no unreachable default: what the VPN does not "
				"know is looked up in the core's table",
				v->table);
			audit_mend(f, "ip %sroute add unreachable default metric 4278198272 vrf %s",
				k ? "-6 " : "", v->name);
			if (k == AUDIT_IPV6) /* nothing routes IPv6 here unless somebody does */
				f->severity = AUDIT_WARNING;
		}
	}
}

static void empty(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_vrfs; i++) {
		const struct audit_vrf *v = &r->in->vrfs[i];
		const struct audit_link *l = audit_link_find(r->s, v->name);
		bool any = !l || (!v->n_ports && !r->in->of_host) || !audit_link_is_up(l);
		for (size_t k = 0; !any && k < r->s->n_links; k++)
			any = r->s->links[k].master == l->ifindex;
		for (size_t k = 0; !any && k < r->in->n_ports; k++)
			any = r->in->ports[k].vrf == (int)i; /* that one is reported */
		if (any)
			continue;
		struct audit_finding *f = audit_flag(r, i, "%s", v->name);
		audit_who(f, "whoever made it");
		audit_what(f, "a VRF device without ports: a customer that left?");
		audit_mend(f, "ip link del %s", v->name);
	}
}

const struct audit_check *audit_checks_vrf(size_t *n)
{
	static const struct audit_check rows[] = {
		{"vrf-device", "R4381-2.1a", "RFC 4381 2.1, RFC 4364 3.1",
			"every VRF has its device, table and state", device, AUDIT_VRFS,
			AUDIT_CRITICAL},
		{"vrf-unknown", "R4381-5.1", "RFC 4381 5.1", "no VRF that nobody has ordered",
			stranger, AUDIT_VRFS, AUDIT_WARNING},
		{"vrf-table", "R4381-2.1a", "RFC 4381 2.1, RFC 4364 3.1",
			"every VRF has a table of its own", shared, AUDIT_VRFS, AUDIT_CRITICAL},
		{"vrf-default", "R4381-2.1f", "RFC 4381 2.1", "a VRF's table ends in unreachable",
			ending, AUDIT_VRFS, AUDIT_CRITICAL},
		{"vrf-empty", "R4381-5.1", "RFC 4381 5.1", "a VRF has ports", empty, AUDIT_VRFS,
			AUDIT_NOTE},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

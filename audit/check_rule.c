/* The policy rules: their order, the safety net of each access port, and rules that nobody explains. */
#include <string.h>

#include "audit/check.h"

#define TABLE_DEFAULT 253
#define TABLE_MAIN    254
#define TABLE_LOCAL   255
#define OURS	      82 /* protocol */

static bool is_local(const struct audit_rule *u)
{
	return u->action == AUDIT_RULE_TABLE && u->table == TABLE_LOCAL && !u->narrow && !*u->iif;
}

static const char *family(const struct audit_rule *u)
{
	return u->af == IP_V6 ? "IPv6" : "IPv4";
}

/* UINT32_MAX: there is none */
static uint32_t l3mdev_pref(const struct audit_run *r, uint8_t af)
{
	uint32_t pref = UINT32_MAX;

	for (size_t i = 0; i < r->s->n_rules; i++) {
		const struct audit_rule *u = &r->s->rules[i];
		if (u->af == af && u->action == AUDIT_RULE_L3MDEV && u->pref < pref)
			pref = u->pref;
	}
	return pref;
}

static void order(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_rules; i++) {
		const struct audit_rule *u = &r->s->rules[i];
		char who[AUDIT_PROTOCOL_STRLEN];
		const char *six = u->af == IP_V6 ? "-6 " : "";
		bool late = false;
		if (!is_local(u) || u->pref > l3mdev_pref(r, u->af) || !r->in->n_vrfs ||
			l3mdev_pref(r, u->af) == UINT32_MAX)
			continue;
		for (size_t k = 0; k < r->s->n_rules; k++)
			late |= r->s->rules[k].af == u->af && is_local(&r->s->rules[k]) &&
				r->s->rules[k].pref > l3mdev_pref(r, u->af);
		struct audit_finding *f = audit_flag(r, i, "%s rule %u", family(u), u->pref);
		audit_who(f, "%s", audit_protocol_name(u->protocol, who));
		audit_what(f, "`local` before the rule of the VRFs: a customer reaches every "
			      "address of this router, those of the core included");
		if (late)
			audit_mend(f, "ip %srule del pref %u", six, u->pref);
		else
			audit_mend(f,
				"ip %srule add pref 32765 lookup local && ip %srule del pref %u",
				six, six, u->pref);
		if (u->af == IP_V6 && r->in->of_host)
			f->severity = AUDIT_WARNING;
	}
}

static void l3mdev(struct audit_run *r)
{
	for (unsigned family = IP_V4; family <= IP_V6; family++) {
		uint8_t af = (uint8_t)family;
		if (!r->in->n_vrfs || !r->s->rules_known[af - 1] ||
			l3mdev_pref(r, af) != UINT32_MAX)
			continue;
		struct audit_finding *f = audit_flag(
			r, AUDIT_NO_OBJECT, "%s l3mdev rule", af == IP_V6 ? "IPv6" : "IPv4");
		audit_who(f, "whoever deleted it");
		audit_what(f, "missing: no VRF's table is ever looked at, all customers are "
			      "routed in the core's");
		audit_mend(f, "ip %srule add l3mdev pref 1000 protocol kernel",
			af == IP_V6 ? "-6 " : "");
	}
}

static bool net_stands(const struct audit_run *r, uint8_t af, const char *port)
{
	uint32_t after = l3mdev_pref(r, af) == UINT32_MAX ? 0 : l3mdev_pref(r, af);

	for (size_t i = 0; i < r->s->n_rules; i++) {
		const struct audit_rule *u = &r->s->rules[i];
		if (u->af == af && u->action == AUDIT_RULE_REFUSE && strcmp(u->iif, port) == 0 &&
			!u->narrow && u->pref > after && u->pref < 32765)
			return true;
	}
	return false;
}

static void net(struct audit_run *r)
{
	for (size_t i = 0; !r->in->of_host && i < r->in->n_ports; i++) {
		const struct audit_port *p = &r->in->ports[i];
		bool wanted = p->role == AUDIT_ROLE_ACCESS && p->guarded;
		for (unsigned family = IP_V4; wanted && family <= IP_V6; family++) {
			uint8_t af = (uint8_t)family;
			if (!r->s->rules_known[af - 1] || net_stands(r, af, p->name))
				continue;
			struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s %s", p->name,
				af == IP_V6 ? "IPv6" : "IPv4");
			audit_who(f, "whoever deleted it");
			audit_what(f,
				"no rule `iif %s unreachable`: should the port ever be "
				"without its VRF, it is in the core's table",
				p->name);
			audit_mend(f, "ip %srule add pref 1500 iif %s unreachable protocol 82",
				af == IP_V6 ? "-6 " : "", p->name);
		}
	}
}

static bool is_default(const struct audit_rule *u)
{
	if (u->action == AUDIT_RULE_L3MDEV)
		return true;
	if (u->action != AUDIT_RULE_TABLE || u->narrow || *u->iif)
		return false;
	return is_local(u) || (u->table == TABLE_MAIN && u->pref == 32766) ||
	       (u->table == TABLE_DEFAULT && u->pref == 32767);
}

static void unexplained(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_rules; i++) {
		const struct audit_rule *u = &r->s->rules[i];
		char who[AUDIT_PROTOCOL_STRLEN];
		int vrf = u->action == AUDIT_RULE_TABLE ? audit_intent_table(r->in, u->table) : -1;
		if (is_default(u) || u->action == AUDIT_RULE_REFUSE || u->protocol == OURS)
			continue;
		if (!r->in->n_vrfs)
			continue;
		struct audit_finding *f = audit_flag(r, i, "%s rule %u", family(u), u->pref);
		audit_who(f, "%s", audit_protocol_name(u->protocol, who));
		if (vrf >= 0)
			audit_what(f,
				"looks %s%s up in the table of VRF %s: a way into that VPN past "
				"its ports",
				*u->iif ? "packets of " : "packets", u->iif, r->in->vrfs[vrf].name);
		else
			audit_what(f, "nobody explains this rule (table %u%s%s)", u->table,
				*u->iif ? ", iif " : "", u->iif);
		if (vrf < 0 && u->pref > l3mdev_pref(r, u->af))
			f->severity = AUDIT_WARNING;
		audit_mend(f, "ip %srule del pref %u", u->af == IP_V6 ? "-6 " : "", u->pref);
	}
}

const struct audit_check *audit_checks_rule(size_t *n)
{
	static const struct audit_check rows[] = {
		{"rule-order", "R4381-2.1b", "RFC 4381 2.1, RFC 4364 3.1",
			"a VRF's table is looked at before the router's own addresses", order,
			AUDIT_RULES, AUDIT_CRITICAL},
		{"rule-l3mdev", "R4364-3.1", "RFC 4364 3.1", "there is a rule for the VRFs", l3mdev,
			AUDIT_RULES, AUDIT_CRITICAL},
		{"rule-net", "R4364-3.1", "RFC 4364 3.1",
			"the kernel itself closes a port that lost its VRF", net, AUDIT_RULES,
			AUDIT_WARNING},
		{"rule-unknown", "R4381-2.1c", "RFC 4381 2.1, RFC 4364 11",
			"no rule that nobody explains", unexplained, AUDIT_RULES, AUDIT_CRITICAL},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

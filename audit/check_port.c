/* Devices: what each is for, and whether it is that. */
#include <string.h>

#include "audit/check.h"

static const struct audit_link *end(const struct audit_run *r)
{
	return r->s->links + r->s->n_links;
}

static size_t number(const struct audit_run *r, const struct audit_link *l)
{
	return (size_t)(l - r->s->links);
}

static enum audit_role role(const struct audit_run *r, const struct audit_link *l)
{
	return r->roles[number(r, l)];
}

static bool is_tunnel(const struct audit_link *l)
{
	static const char *const kinds[] = {"gre", "gretap", "erspan", "ipip", "sit", "ip6tnl",
		"ip6gre", "ip6gretap", "vti", "vti6", "vxlan", "geneve", "bareudp"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(l->kind, kinds[i]) == 0)
			return true;
	return false;
}

static void labels(struct audit_run *r)
{
	char name[AUDIT_SYSCTL_STRLEN];

	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		const struct audit_port *p = audit_intent_port(r->in, l->name);
		enum audit_role is = role(r, l);
		if (l->sysctl[AUDIT_MPLS_INPUT] != 1 || is == AUDIT_ROLE_INERT || is_tunnel(l) ||
			(is == AUDIT_ROLE_CORE && !(p && p->no_labels)))
			continue;
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_sysctl_print(AUDIT_MPLS_INPUT, l->name, name);
		audit_who(f, "whoever set %s", name);
		audit_what(f,
			"%s accepts labelled packets: any label of this router, that of "
			"every "
			"other VPN and 0 (the core's own table) included",
			audit_role_name(is));
		audit_mend(f, "sysctl -w %s=0", name);
		if (p && p->accept_labels) {
			f->severity = AUDIT_WARNING;
			audit_who(f, "the configuration (accept-labels)");
			audit_mend(f,
				"# take accept-labels from port %s and start ravelind "
				"again",
				l->name);
		}
	}
}

/* Of an access port that is there: in its VRF, or why not. */
static void binding(struct audit_run *r)
{
	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		const struct audit_port *p = audit_intent_port(r->in, l->name);
		const struct audit_link *m = l->master ? audit_link_at(r->s, l->master) : NULL;
		if (!p || p->role != AUDIT_ROLE_ACCESS || p->vrf < 0)
			continue;
		const char *want = r->in->vrfs[p->vrf].name;
		if (m && strcmp(m->name, want) == 0)
			continue;
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_mend(f, "ip link set dev %s master %s", l->name, want);
		if (m && m->vrf_table) {
			audit_who(f, "whoever enslaved it");
			audit_what(f, "in VRF %s instead of %s: one customer is in another's VPN",
				m->name, want);
		} else if (m) {
			audit_who(f, "whoever enslaved it");
			audit_what(f,
				"under %s (%s) instead of VRF %s: frames pass to its other "
				"ports "
				"without the router",
				m->name, *m->kind ? m->kind : "a device", want);
		} else if (audit_link_is_up(l)) {
			audit_who(f, "whoever released it, or brought it up too early");
			audit_what(f,
				"up, and in no VRF instead of %s: what comes in is routed "
				"in the core's table",
				want);
		} else {
			f->severity = AUDIT_WARNING;
			audit_who(f, "nobody has enslaved it yet");
			audit_what(f, "down, and in no VRF instead of %s", want);
		}
	}
}

static void missing(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_port *p = &r->in->ports[i];
		if (audit_link_find(r->s, p->name))
			continue;
		struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s", p->name);
		audit_who(f, "the configuration names it");
		audit_what(f, "no such device: whatever is plugged in there is not this port");
		audit_mend(f, "ip link show    # find its new name, and put that into ports");
	}
}

static bool is_closed(const struct audit_run *r, const struct audit_link *l)
{
	return audit_guard_find(r->s, l);
}

/* Stands on an access port of the configuration, and is none itself. */
static const struct audit_link *stands_on(const struct audit_run *r, const struct audit_link *l)
{
	const struct audit_link *lower = l->lower ? audit_link_at(r->s, l->lower) : NULL;
	const struct audit_port *p = lower ? audit_intent_port(r->in, lower->name) : NULL;

	return p && p->role == AUDIT_ROLE_ACCESS && !audit_intent_port(r->in, l->name) ? lower
										       : NULL;
}

static void unknown(struct audit_run *r)
{
	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		if (role(r, l) != AUDIT_ROLE_UNKNOWN || !audit_link_is_up(l) || is_tunnel(l) ||
			r->in->unknown_open || is_closed(r, l) || stands_on(r, l) ||
			l->sysctl[AUDIT_FORWARDING] == 0)
			continue;
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_who(f, "nobody has said what it is for");
		audit_what(f, r->in->of_host
				      ? "up and forwarding, in no VRF, without labels or an IGP: "
					"what comes in is routed in the core's table"
				      : "up and forwarding, and not in the configuration: what "
					"comes in is routed in the core's table");
		audit_mend(f, "ip link set dev %s down", l->name);
	}
}

static void tunnels(struct audit_run *r)
{
	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		bool labelled = l->sysctl[AUDIT_MPLS_INPUT] == 1;
		bool bound = audit_link_vrf(r, l) >= 0;
		if (!is_tunnel(l) || !(labelled || bound || audit_link_is_up(l)) ||
			(!r->in->of_host && audit_intent_port(r->in, l->name)))
			continue;
		if (role(r, l) == AUDIT_ROLE_CORE && !bound && r->in->of_host && !labelled)
			continue;
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_who(f, "whoever made the tunnel (%s)", l->kind);
		audit_what(f,
			labelled ? "a tunnel that accepts labelled packets: whoever can "
				   "forge its outer source is inside every VPN"
			: bound	 ? "a tunnel into VRF %s: whoever can forge its outer "
				   "source "
				   "is inside that VPN"
				 : "a tunnel into the core's table%s",
			bound ? r->in->vrfs[audit_link_vrf(r, l)].name : "");
		f->severity = labelled || bound ? AUDIT_CRITICAL : AUDIT_WARNING;
		audit_mend(f, "ip link del dev %s", l->name);
	}
}

static void ipv6(struct audit_run *r)
{
	char name[AUDIT_SYSCTL_STRLEN];

	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		if (role(r, l) != AUDIT_ROLE_ACCESS || l->sysctl[AUDIT_FORWARDING6] != 1)
			continue;
		if (r->in->of_host && !audit_guard_find(r->s, l)) {
			bool routed =
				false; /* a default of its VRF means that IPv6 is served there */
			const struct audit_link *m = audit_link_at(r->s, l->master);
			for (size_t i = 0; m && i < r->s->n_routes; i++)
				routed |= r->s->routes[i].kind == AUDIT_IPV6 &&
					  r->s->routes[i].table == m->vrf_table &&
					  r->s->routes[i].type == AUDIT_UNICAST;
			if (routed)
				continue;
		}
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_sysctl_print(AUDIT_FORWARDING6, l->name, name);
		audit_who(f, "whoever set %s", name);
		audit_what(f, "forwards IPv6, which nothing here routes or checks");
		audit_mend(f, "sysctl -w %s=0", name);
	}
}

static void vlan(struct audit_run *r)
{
	for (const struct audit_link *l = r->s->links; l < end(r); l++) {
		const struct audit_link *lower = stands_on(r, l);
		if (!lower || !audit_link_is_up(l) || is_closed(r, l))
			continue;
		struct audit_finding *f = audit_flag(r, number(r, l), "%s", l->name);
		audit_who(f, "whoever made it (%s)", *l->kind ? l->kind : "a device");
		audit_what(f,
			"stands on access port %s and is not in the configuration: its "
			"customer "
			"reaches it with a tag (VID %u)",
			lower->name, l->vid);
		audit_mend(f, "ip link del dev %s", l->name);
	}
}

const struct audit_check *audit_checks_port(size_t *n)
{
	static const struct audit_check rows[] = {
		{"port-labels", "R4381-2.4a", "RFC 4381 2.4, RFC 4364 6",
			"labels are accepted from the core alone", labels, AUDIT_PORTS,
			AUDIT_CRITICAL},
		{"port-binding", "R4364-3.1", "RFC 4364 3.1, RFC 4381 2.1",
			"an access port is in its VRF, and nowhere else", binding, AUDIT_PORTS,
			AUDIT_CRITICAL},
		{"port-missing", "R4381-4.2a", "RFC 4381 4.2",
			"every port of the configuration is there", missing, AUDIT_PORTS,
			AUDIT_WARNING},
		{"port-unknown", "R4364-3.1", "RFC 4364 3.1, RFC 4381 2.3",
			"no device that nobody knows forwards", unknown, AUDIT_PORTS,
			AUDIT_CRITICAL},
		{"port-vlan", "R4364-3.2", "RFC 4364 3.2, RFC 4381 2.4",
			"no VLAN of an access port but those agreed", vlan, AUDIT_PORTS,
			AUDIT_CRITICAL},
		{"port-tunnel", "R4364-6b", "RFC 4364 6, RFC 4023 8.2",
			"no tunnel ends here that nobody has ordered", tunnels, AUDIT_PORTS,
			AUDIT_CRITICAL},
		{"port-ipv6", "R4381-2.3a", "RFC 4381 2.3",
			"no forwarding of a protocol that is not routed", ipv6, AUDIT_PORTS,
			AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

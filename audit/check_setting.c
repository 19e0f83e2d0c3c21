/* Sysctls, of the router and of its access ports. */
#include <stdio.h>
#include <string.h>

#include "audit/check.h"

static void dotted(const char *path, char out[AUDIT_SYSCTL_STRLEN])
{
	size_t i;

	for (i = 0; path[i] && i + 1 < AUDIT_SYSCTL_STRLEN; i++)
		out[i] = (char)(path[i] == '/' ? '.' : path[i]);
	out[i] = '\0';
}

static struct audit_finding *flag(struct audit_run *r, enum audit_sysctl i, int64_t want)
{
	char name[AUDIT_SYSCTL_STRLEN];

	dotted(audit_sysctl_global(i), name);
	struct audit_finding *f =
		audit_flag(r, AUDIT_NO_OBJECT, "%s=%lld", name, (long long)r->s->sysctl[i]);
	audit_who(f, "whoever set it, or nobody");
	audit_mend(f, "sysctl -w %s=%lld", name, (long long)want);
	return f;
}

static void platform_labels(struct audit_run *r)
{
	int64_t is = r->s->sysctl[AUDIT_PLATFORM_LABELS];

	if (is == AUDIT_ABSENT) {
		struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "net.mpls");
		audit_who(f, "the kernel");
		audit_what(f, "it has no MPLS");
		audit_mend(f, "modprobe -a mpls_router mpls_iptunnel");
	} else if (r->in->ranges && is <= r->in->label_max) {
		struct audit_finding *f = flag(r, AUDIT_PLATFORM_LABELS, r->in->label_max + 1);
		audit_what(f, "smaller than our label range %u-%u: labels above are refused",
			r->in->label_min, r->in->label_max);
	} else if (!r->in->ranges && is == 0 && r->in->n_vrfs) {
		struct audit_finding *f = flag(r, AUDIT_PLATFORM_LABELS, 1048575);
		audit_what(f, "no label can be installed");
	}
}

static void ttl(struct audit_run *r)
{
	if (r->s->sysctl[AUDIT_TTL_PROPAGATE] <= 0)
		return;
	struct audit_finding *f = flag(r, AUDIT_TTL_PROPAGATE, 0);
	audit_what(f, "customers count the core's hops with traceroute");
}

static void forward(struct audit_run *r)
{
	if (r->s->sysctl[AUDIT_IP_FORWARD] != 0)
		return;
	audit_what(flag(r, AUDIT_IP_FORWARD, 1), "this router forwards nothing");
}

static const char *exposed(const struct audit_run *r, char out[160])
{
	unsigned n = 0;
	const struct audit_socket *first = NULL;

	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		if (!k->listening || k->ifindex)
			continue;
		first = first ? first : k;
		n++;
	}
	if (first)
		snprintf(out, 160, ": %u now, such as %s on port %u", n,
			*first->program ? first->program : "a program", first->local_port);
	else
		*out = '\0';
	return out;
}

static void l3mdev(struct audit_run *r)
{
	char more[160] = "";
	static const struct {
		enum audit_sysctl i;
		const char *what;
		enum audit_severity severity;
	} rows[] = {{AUDIT_TCP_L3MDEV, "TCP listeners of the core take connections of every VRF",
			    AUDIT_CRITICAL},
		{AUDIT_UDP_L3MDEV, "UDP sockets of the core hear every VRF, MPLS in UDP included",
			AUDIT_CRITICAL},
		{AUDIT_RAW_L3MDEV, "raw sockets of the core (OSPF, VRRP) hear every VRF",
			AUDIT_WARNING}};

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		if (r->s->sysctl[rows[k].i] <= 0 || !r->in->n_vrfs)
			continue;
		struct audit_finding *f = flag(r, rows[k].i, 0);
		f->severity = (uint8_t)rows[k].severity;
		if (rows[k].i == AUDIT_TCP_L3MDEV)
			exposed(r, more);
		audit_what(f, "%s%s", rows[k].what, rows[k].i == AUDIT_TCP_L3MDEV ? more : "");
	}
}

/* --- of each access port --- */

static bool is_access(const struct audit_run *r, const struct audit_link *l)
{
	return r->roles[l - r->s->links] == AUDIT_ROLE_ACCESS;
}

static const struct audit_port *guarded(const struct audit_run *r, const struct audit_link *l)
{
	const struct audit_port *p = audit_intent_port(r->in, l->name);
	return p && p->guarded && audit_guard_find(r->s, l) ? p : NULL;
}

/* want: the value that is right. The command sets "all" as well where the kernel ORs it in. */
static struct audit_finding *device_flag(
	struct audit_run *r, const struct audit_link *l, enum audit_device_sysctl i, int want)
{
	char own[AUDIT_SYSCTL_STRLEN], all[AUDIT_SYSCTL_STRLEN];

	audit_sysctl_print(i, l->name, own);
	audit_sysctl_print(i, "all", all);
	struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "%s=%d", own, l->sysctl[i]);
	if ((want == 0 && r->s->all[i] > 0) || (want == 1 && r->s->all[i] > 1))
		audit_mend(f, "sysctl -w %s=0 %s=%d", all, own, want);
	else
		audit_mend(f, "sysctl -w %s=%d", own, want);
	audit_who(f, "whoever set it, or nobody");
	return f;
}

static void redirects(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		if (!is_access(r, l))
			continue;
		if (audit_sysctl_effective(r->s, l, AUDIT_ACCEPT_REDIRECTS) > 0 && !guarded(r, l))
			audit_what(device_flag(r, l, AUDIT_ACCEPT_REDIRECTS, 0),
				"this customer may change the router's routes by ICMP redirects");
		if (audit_sysctl_effective(r->s, l, AUDIT_SEND_REDIRECTS) > 0)
			audit_what(device_flag(r, l, AUDIT_SEND_REDIRECTS, 0),
				"the router tells this customer better ways: what it knows, and "
				"work for its processor that the customer orders");
	}
}

static void source_route(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		if (is_access(r, l) && !guarded(r, l) &&
			audit_sysctl_effective(r->s, l, AUDIT_SOURCE_ROUTE) > 0)
			audit_what(device_flag(r, l, AUDIT_SOURCE_ROUTE, 0),
				"this customer chooses the way of its packets (source routes)");
	}
}

static void proxy_arp(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		if (is_access(r, l) && audit_sysctl_effective(r->s, l, AUDIT_PROXY_ARP) > 0)
			audit_what(device_flag(r, l, AUDIT_PROXY_ARP, 0),
				"answers ARP for everything that it can route: the network's "
				"shape, to be had for asking");
	}
}

static void source(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_links; i++) {
		const struct audit_link *l = &r->s->links[i];
		const struct audit_port *p = audit_intent_port(r->in, l->name);
		int is = audit_sysctl_effective(r->s, l, AUDIT_RP_FILTER);
		if (!is_access(r, l) || is == 1 || is == AUDIT_ABSENT)
			continue;
		if (guarded(r, l) && p->source_checked)
			continue;
		if (p && p->guarded && p->source_checked)
			continue; /* the guard is missing: one finding for that */
		audit_what(device_flag(r, l, AUDIT_RP_FILTER, 1),
			is == 2 ? "only loosely checked where packets come from: any source that "
				  "is routed somewhere passes"
				: "nobody checks whether the source of a packet belongs behind "
				  "this port: neither the kernel (rp_filter) nor a guard program");
	}
}

static void newborn(struct audit_run *r)
{
	if (r->in->of_host || r->in->unknown_open || r->s->born[AUDIT_FORWARDING] != 1)
		return;
	struct audit_finding *f =
		audit_flag(r, AUDIT_NO_OBJECT, "net.ipv4.conf.default.forwarding=1");
	audit_who(f, "net.ipv4.ip_forward=1 sets it as well");
	audit_what(f, "a device that is plugged in forwards into the core before anybody looks");
	audit_mend(f, "sysctl -w net.ipv4.conf.default.forwarding=0");
}

const struct audit_check *audit_checks_setting(size_t *n)
{
	static const struct audit_check rows[] = {
		{"labels-platform", "R4364-4.3.2a", "RFC 4364 4.3.2",
			"net.mpls.platform_labels holds our label range", platform_labels,
			AUDIT_SETTINGS, AUDIT_WARNING},
		{"core-hidden", "R4381-2.2a", "RFC 4381 2.2, RFC 3443 5",
			"the core does not show in a customer's traceroute", ttl, AUDIT_SETTINGS,
			AUDIT_WARNING},
		{"forwarding", "R4364-3.1", "RFC 1812 5.2.1", "the router forwards", forward,
			AUDIT_SETTINGS, AUDIT_WARNING},
		{"vrf-sockets", "R4381-2.3a", "RFC 4381 2.3",
			"sockets of the core hear no VRF (l3mdev_accept)", l3mdev, AUDIT_SETTINGS,
			AUDIT_CRITICAL},
		{"born-closed", "R4364-3.1", "RFC 4364 3.1", "a new device does not forward",
			newborn, AUDIT_SETTINGS, AUDIT_WARNING},
		{"port-redirects", "R4381-3.2", "RFC 4381 3.2, RFC 1812 5.2.7.2",
			"no ICMP redirects from or to customers", redirects, AUDIT_SETTINGS,
			AUDIT_WARNING},
		{"port-source-route", "R4381-3.2", "RFC 4381 3.2, RFC 6192 3",
			"no source-routed packets from customers", source_route, AUDIT_SETTINGS,
			AUDIT_WARNING},
		{"port-proxy-arp", "R4381-3.2c", "RFC 4381 3.2",
			"ARP is answered for our own addresses alone", proxy_arp, AUDIT_SETTINGS,
			AUDIT_WARNING},
		{"port-source", "R4381-3.4b", "RFC 4381 3.4, RFC 2827 3",
			"sources are checked, by the kernel or by the guard", source,
			AUDIT_SETTINGS, AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

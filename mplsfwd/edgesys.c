/* What the kernel has, against what it must have for a port to be open. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/edgestate.h"

typedef bool drift_fn(const struct fwd_edge *e, unsigned port, struct edge_drift *d);

static bool drift(struct edge_drift *d, const char *what, const char *was, const char *now)
{
	snprintf(d->what, sizeof(d->what), "%s", what);
	snprintf(d->was, sizeof(d->was), "%s", was);
	snprintf(d->now, sizeof(d->now), "%s", now);
	return true;
}

static const struct fwd_link *link_of(const struct fwd_edge *e, unsigned port)
{
	return fwd_watch_find(e->w.ports->watch, e->w.conf->ports[port].name);
}

static const char *link_name(const struct fwd_edge *e, uint32_t ifindex)
{
	const struct fwd_link *l = ifindex ? fwd_watch_at(e->w.ports->watch, ifindex) : NULL;
	return l ? l->name : "none";
}

static bool device_drift(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	const struct edge_device *g = &e->ports[port];
	const struct fwd_link *l = link_of(e, port);

	if (!l || l->ifindex != g->ifindex)
		return drift(d, "device", "there", l ? "another of this name" : "gone");
	if (memcmp(l->mac, g->consts.mac, sizeof(l->mac)) == 0)
		return false;
	drift(d, "mac", "", "");
	for (int i = 0; i < 6; i++) {
		snprintf(d->was + 3 * i, 4, "%02x%s", g->consts.mac[i], i < 5 ? ":" : "");
		snprintf(d->now + 3 * i, 4, "%02x%s", l->mac[i], i < 5 ? ":" : "");
	}
	return true;
}

static bool master_drift(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	const struct conf_port *c = &e->w.conf->ports[port];
	if (c->role != CONF_PORT_ACCESS)
		return false;
	const struct conf_vrf *v = &e->w.conf->vrfs[c->vrf];
	const struct fwd_link *l = link_of(e, port),
			      *vrf = fwd_watch_find(e->w.ports->watch, v->name);

	if (!vrf || vrf->vrf_table != v->table || !(vrf->flags & IFF_UP))
		return drift(d, "vrf", v->name,
			!vrf			     ? "deleted"
			: vrf->vrf_table != v->table ? "of another table"
						     : "down");
	return l->master != vrf->ifindex && drift(d, "master", v->name, link_name(e, l->master));
}

static bool rules_drift(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	const struct conf_port *c = &e->w.conf->ports[port];
	const char *fault =
		c->role == CONF_PORT_ACCESS ? fwd_rules_fault(e->w.rules, c->name) : NULL;

	return fault && drift(d, "rules", "stand", fault);
}

static bool settings_drift(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	struct fwd_guard_fault f;

	if (!fwd_guard_port_fault(e->w.ports->guard, port, &f))
		return false;
	drift(d, f.name, "", "");
	snprintf(d->was, sizeof(d->was), "%u", f.want);
	snprintf(d->now, sizeof(d->now), "%u", f.now);
	return true;
}

static bool neighbors_drift(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	const struct conf_guard *g = &e->w.conf->ports[port].guard;
	const struct fwd_link *l = link_of(e, port);
	char text[IP_ADDR_STRLEN];

	if (!(l->flags & IFF_UP)) /* the kernel forgets them */
		return false;
	for (unsigned i = 0; i < g->n_statics; i++)
		if (!fwd_ctl_neigh_is(e->w.ports->ctl, (int)l->ifindex, &g->statics[i].addr,
			    g->statics[i].mac))
			return drift(d, "neighbor", ip_addr_print(&g->statics[i].addr, text),
				"not permanent with its MAC address");
	return false;
}

bool edge_drift_program(const struct edge_device *g, struct edge_drift *d)
{
	static const char *const what[] = {[ACL_STANDS_NOT] = "program",
		[ACL_STANDS_OTHER] = "program",
		[ACL_STANDS_BEHIND] = "program",
		[ACL_STANDS_XDP_GONE] = "xdp",
		[ACL_STANDS_NO_DEVICE] = "device"};
	enum acl_standing s = acl_prog_check(g->prog);

	if (s == ACL_STANDS)
		return false;
	d->program = s != ACL_STANDS_XDP_GONE; /* tc is the authority, and stands */
	return drift(d, what[s], acl_standing_name(ACL_STANDS), acl_standing_name(s));
}

bool edge_drift_find(const struct fwd_edge *e, unsigned port, bool program, struct edge_drift *d)
{
	static drift_fn *const looks[] = {
		device_drift, master_drift, rules_drift, settings_drift, neighbors_drift};

	*d = (struct edge_drift){0};
	if (program && edge_drift_program(&e->ports[port], d))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		if (looks[i](e, port, d))
			return true;
	return false;
}

bool edge_default_stands(const struct fwd_edge *e, unsigned port, struct edge_drift *d)
{
	uint32_t table = e->w.conf->vrfs[e->w.conf->ports[port].vrf].table;

	for (int i = 0; i < FWD_RULES_FAMILIES; i++) {
		bool there = false;
		if (e->w.rules->absent[i])
			continue;
		int err =
			fwd_ctl_unreachable_find(e->w.ports->ctl, i ? IP_V6 : IP_V4, table, &there);
		if (err || !there)
			return !drift(d, "vrf-default", "unreachable",
				err ? strerror(-err)
				: i ? "no ipv6 default"
				    : "no ipv4 default");
	}
	return true;
}

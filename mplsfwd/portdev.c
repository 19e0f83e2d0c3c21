#include "mplsfwd/portdev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/edge.h"

void fwd_ports_init(struct fwd_ports *p, struct fwd_vrfs *vrfs, struct fwd_guard *guard)
{
	*p = (struct fwd_ports){.conf = vrfs->conf,
		.log = vrfs->log,
		.ctl = vrfs->ctl,
		.watch = vrfs->watch,
		.vrfs = vrfs,
		.guard = guard};
	p->state = calloc(p->conf->n_ports + 1, sizeof(*p->state));
	CHECK(p->state);
}

void fwd_ports_fini(struct fwd_ports *p)
{
	free(p->state);
	p->state = NULL;
}

static bool is_access(const struct conf_port *c)
{
	return c->role == CONF_PORT_ACCESS;
}

/* In the VRF it belongs to, and that VRF is guarded and usable. */
static bool in_place(const struct fwd_ports *p, const struct conf_port *c, const struct fwd_link *l)
{
	uint32_t vrf = p->vrfs->state[c->vrf].ifindex;
	return vrf && l->master == vrf && fwd_watch_at(p->watch, vrf);
}

void fwd_ports_secure(struct fwd_ports *p)
{
	for (unsigned i = 0; i < p->conf->n_ports; i++) {
		const struct conf_port *c = &p->conf->ports[i];
		const struct fwd_link *l = fwd_watch_find(p->watch, c->name);
		struct fwd_port_state *s = &p->state[i];
		if (!is_access(c) || !l || in_place(p, c, l))
			continue;
		/* at the first look the VRFs are not known yet: a crashed run's port may stay as it is */
		const struct fwd_link *m = l->master ? fwd_watch_at(p->watch, l->master) : NULL;
		if (m && m->vrf_table && strcmp(m->name, p->conf->vrfs[c->vrf].name) == 0 &&
			!s->ready)
			continue;
		if (s->ready && s->ifindex == l->ifindex)
			log_line(p->log, LOG_ERROR_, "port_escaped",
				"port=%s vrf=%s why=\"somebody took it out of its VRF: down until "
				"it is back\"",
				c->name, p->conf->vrfs[c->vrf].name);
		s->ready = false;
		if (l->flags & IFF_UP)
			fwd_ctl_link_up(p->ctl, (int)l->ifindex, false);
	}
}

static int addresses_add(struct fwd_ports *p, const struct conf_port *c, int ifindex)
{
	for (unsigned i = 0; i < c->n_addresses; i++) {
		int err = fwd_ctl_addr_add(p->ctl, ifindex, &c->addresses[i]);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static int fail(struct fwd_ports *p, const struct conf_port *c, const char *step, int err)
{
	log_line(p->log, LOG_ERROR_, "port_failed",
		"port=%s step=%s error=\"%s\" why=\"it stays down\"", c->name, step,
		strerror(-err));
	return err;
}

/* They go when the port goes down. */
static int neighbors_set(struct fwd_ports *p, const struct conf_port *c, int ifindex)
{
	for (unsigned i = 0; i < c->guard.n_statics; i++) {
		const struct conf_neighbor_mac *n = &c->guard.statics[i];
		int err = fwd_ctl_neigh(p->ctl, true, ifindex, &n->addr, n->mac);
		if (err)
			return fail(p, c, "static neighbor", err);
	}
	return 0;
}

static int enslave(struct fwd_ports *p, unsigned i, const struct fwd_link *l, int vrf)
{
	const struct conf_port *c = &p->conf->ports[i];
	int err = fwd_ctl_link_up(p->ctl, (int)l->ifindex, false);

	if (err)
		return fail(p, c, "down", err);
	err = fwd_guard_port_set(p->guard, i);
	if (err)
		return err;
	err = fwd_ctl_link_master(p->ctl, (int)l->ifindex, vrf);
	if (err)
		return fail(p, c, "enslave", err);
	p->state[i].enslaved = true;
	return 0;
}

static int access_bring(struct fwd_ports *p, unsigned i, const struct fwd_link *l)
{
	const struct conf_port *c = &p->conf->ports[i];
	int vrf = (int)p->vrfs->state[c->vrf].ifindex, ifindex = (int)l->ifindex;
	bool there = in_place(p, c, l);
	int err = fwd_edge_close(p->edge, i, l, there);

	if (!err && !vrf)
		return -ENODEV; /* said by vrfdev */
	if (!err && !there)
		err = enslave(p, i, l, vrf);
	else if (!err)
		err = fwd_guard_port_set(p->guard, i);
	if (err) {
		fwd_ctl_link_up(p->ctl, ifindex, false);
		return err;
	}
	p->state[i].enslaved |= p->vrfs->state[c->vrf].ours;
	err = addresses_add(p, c, ifindex);
	if (err)
		return fail(p, c, "address", err);
	err = fwd_ctl_link_up(p->ctl, ifindex, true);
	return err ? fail(p, c, "up", err) : neighbors_set(p, c, ifindex);
}

/* A core port's link belongs to whoever runs the IGP, unless the configuration gives it addresses. */
static int core_bring(struct fwd_ports *p, unsigned i, const struct fwd_link *l)
{
	const struct conf_port *c = &p->conf->ports[i];
	int err = fwd_edge_close(p->edge, i, l, true);

	err = err ? err : fwd_guard_port_set(p->guard, i);
	if (err || !c->n_addresses)
		return err;
	err = addresses_add(p, c, (int)l->ifindex);
	err = err ? err : fwd_ctl_link_up(p->ctl, (int)l->ifindex, true);
	return err ? fail(p, c, "address", err) : 0;
}

static bool port_check(struct fwd_ports *p, unsigned i)
{
	const struct conf_port *c = &p->conf->ports[i];
	const struct fwd_link *l = fwd_watch_find(p->watch, c->name);
	struct fwd_port_state *s = &p->state[i];

	if (!l || l->ifindex != s->ifindex) {
		if (s->ifindex) {
			log_line(p->log, LOG_WARN_, "port_gone", "port=%s", c->name);
			fwd_guard_port_gone(p->guard, i);
			fwd_edge_gone(p->edge, i);
		}
		*s = (struct fwd_port_state){.ifindex = l ? l->ifindex : 0};
	}
	bool pending = fwd_edge_is_pending(p->edge, i), was = s->ready;
	if (!l || (s->ready && !pending && (!is_access(c) || in_place(p, c, l))))
		return true;
	int err = is_access(c)		      ? access_bring(p, i, l)
		  : c->role == CONF_PORT_CORE ? core_bring(p, i, l)
					      : fwd_guard_port_set(p->guard, i);
	s->failed = err;
	s->ready = !err;
	if (!err && !was)
		log_line(p->log, LOG_INFO_, "port_ready", "port=%s role=%s vrf=%s", c->name,
			is_access(c)		    ? "access"
			: c->role == CONF_PORT_CORE ? "core"
						    : "management",
			is_access(c) ? p->conf->vrfs[c->vrf].name : "-");
	fwd_watch_drain(p->watch);
	return !err;
}

bool fwd_ports_check(struct fwd_ports *p)
{
	bool ok = true;

	for (unsigned i = 0; i < p->conf->n_ports; i++)
		ok = port_check(p, i) && ok;
	return ok;
}

void fwd_ports_guard(struct fwd_ports *p)
{
	for (unsigned i = 0; i < p->conf->n_ports; i++)
		if (p->state[i].ifindex)
			fwd_guard_port_check(p->guard, i);
}

uint8_t fwd_ports_look(const struct fwd_ports *p, unsigned port, struct fwd_port *out)
{
	const struct conf_port *c = &p->conf->ports[port];
	const struct fwd_link *l = fwd_watch_find(p->watch, c->name);
	uint8_t flags = 0;

	*out = (struct fwd_port){0};
	if (!l)
		return 0;
	out->ifindex = l->ifindex;
	out->up = fwd_link_is_up(l);
	out->bound = is_access(c) && p->state[port].ready && in_place(p, c, l);
	out->labels = fwd_guard_port_labels(p->guard, port);
	flags = FIB_PORT_PRESENT | (out->up ? FIB_PORT_UP : 0) | (out->bound ? FIB_PORT_BOUND : 0) |
		(out->labels ? FIB_PORT_LABELS : 0);
	return flags | (p->guard->ports[port].corrected ? FIB_PORT_CORRECTED : 0);
}

/* Takes off what the configuration has given it. */
static void belongings_del(struct fwd_ports *p, const struct conf_port *c, int ifindex)
{
	for (unsigned a = 0; a < c->n_addresses; a++)
		fwd_ctl_addr_del(p->ctl, ifindex, &c->addresses[a]);
	for (unsigned n = 0; n < c->guard.n_statics; n++)
		fwd_ctl_neigh(p->ctl, false, ifindex, &c->guard.statics[n].addr, NULL);
}

void fwd_ports_remove(struct fwd_ports *p)
{
	for (unsigned i = 0; i < p->conf->n_ports; i++) {
		int ifindex = (int)p->state[i].ifindex;
		if (!p->state[i].enslaved || !ifindex)
			continue;
		fwd_ctl_link_up(p->ctl, ifindex, false);
		belongings_del(p, &p->conf->ports[i], ifindex);
		fwd_ctl_link_master(p->ctl, ifindex, 0);
		p->state[i].ready = p->state[i].enslaved = false;
	}
}

void fwd_ports_release(struct fwd_ports *p, unsigned port, bool closed)
{
	const struct conf_port *c = &p->conf->ports[port];
	const struct fwd_link *l = fwd_watch_find(p->watch, c->name);
	int ifindex = l ? (int)l->ifindex : 0;

	if (l && is_access(c))
		fwd_ctl_link_up(p->ctl, ifindex, false);
	if (l)
		belongings_del(p, c, ifindex);
	if (l && is_access(c) && l->master)
		fwd_ctl_link_master(p->ctl, ifindex, 0);
	if (l)
		fwd_guard_port_release(p->guard, port, closed);
	p->state[port] = (struct fwd_port_state){0};
	log_line(p->log, LOG_INFO_, "port_released", "port=%s", c->name);
	fwd_watch_drain(p->watch);
}

void fwd_ports_reload(struct fwd_ports *p, const struct conf *conf)
{
	unsigned before = p->conf->n_ports;

	p->state = realloc(p->state, (conf->n_ports + 1) * sizeof(*p->state));
	CHECK(p->state);
	for (unsigned i = before; i < conf->n_ports; i++)
		p->state[i] = (struct fwd_port_state){0};
	p->conf = conf;
}

static bool has_address(const struct conf_port *c, const struct ip_prefix *a)
{
	for (unsigned i = 0; i < c->n_addresses; i++)
		if (ip_prefix_equal(&c->addresses[i], a))
			return true;
	return false;
}

static bool has_neighbor(const struct conf_port *c, const struct ip_addr *a)
{
	for (unsigned i = 0; i < c->guard.n_statics; i++)
		if (ip_addr_equal(&c->guard.statics[i].addr, a))
			return true;
	return false;
}

void fwd_ports_again(struct fwd_ports *p, unsigned port, const struct conf_port *was)
{
	const struct conf_port *c = &p->conf->ports[port];
	int ifindex = (int)p->state[port].ifindex;

	for (unsigned i = 0; ifindex && i < was->n_addresses; i++)
		if (!has_address(c, &was->addresses[i]))
			fwd_ctl_addr_del(p->ctl, ifindex, &was->addresses[i]);
	for (unsigned i = 0; ifindex && i < was->guard.n_statics; i++)
		if (!has_neighbor(c, &was->guard.statics[i].addr))
			fwd_ctl_neigh(p->ctl, false, ifindex, &was->guard.statics[i].addr, NULL);
	p->state[port].ready = false;
}

/* Devices that are no ports: what carries VLANs that are, and what nobody knows. */
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/edgestate.h"

/* The port of this name, or n_ports. */
static unsigned port_of(const struct fwd_edge *e, const char *name)
{
	unsigned i = 0;

	while (i < e->w.conf->n_ports && strcmp(e->w.conf->ports[i].name, name) != 0)
		i++;
	return i;
}

static bool is_configured(const struct fwd_edge *e, const char *name)
{
	return port_of(e, name) < e->w.conf->n_ports;
}

/* The VLANs of ports, of any role, that are on a device: false if there are none of customers. */
static bool vlans_of(
	const struct fwd_edge *e, const struct fwd_link *l, uint64_t vids[ACL_VIDS / 64])
{
	bool customers = false;

	memset(vids, 0, ACL_VIDS / 8);
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		const struct conf_port *c = &e->w.conf->ports[i];
		const struct fwd_link *v = fwd_watch_find(e->w.ports->watch, c->name);
		if (!v || v->parent != l->ifindex || v->vid >= ACL_VIDS)
			continue;
		vids[v->vid / 64] |= UINT64_C(1) << (v->vid % 64);
		customers |= fwd_guard_port_guarded(c);
	}
	return customers;
}

/* A port that is a bond, team or bridge takes its frames from its members. */
static bool feeds_a_port(const struct fwd_edge *e, const struct fwd_link *l)
{
	const struct fwd_link *m = l->master ? fwd_watch_at(e->w.ports->watch, l->master) : NULL;

	return m && !m->vrf_table && is_configured(e, m->name);
}

static struct edge_device *other_find(struct fwd_edge *e, uint32_t ifindex)
{
	for (unsigned i = 0; i < e->n_others; i++)
		if (e->others[i].ifindex == ifindex)
			return &e->others[i];
	return NULL;
}

static struct edge_device *other_add(struct fwd_edge *e, const struct fwd_link *l)
{
	e->others = realloc(e->others, (e->n_others + 1) * sizeof(*e->others));
	CHECK(e->others);
	struct edge_device *g = &e->others[e->n_others++];
	*g = (struct edge_device){.ifindex = l->ifindex};
	memcpy(g->name, l->name, sizeof(g->name));
	return g;
}

static bool other_set(struct fwd_edge *e, const struct fwd_link *l, const uint64_t *vids)
{
	struct edge_device *g = other_find(e, l->ifindex);
	struct acl_consts c;
	struct edge_drift d;

	g = g ? g : other_add(e, l);
	fwd_edgeplan_device(e->w.conf, l->ifindex, l->mac, vids, &c);
	bool same = g->prog && memcmp(&c, &g->consts, sizeof(c)) == 0;
	if (same && g->standing && !edge_drift_program(g, &d))
		return true;
	if (same && g->standing) {
		g->drifts++;
		log_line(e->w.log, LOG_ERROR_, "guard_drift",
			"port=%s what=%s was=\"%s\" now=\"%s\" why=\"put back\"", g->name, d.what,
			d.was, d.now);
	}
	fwd_rules_add(e->w.rules, l->name);
	int err = same ? 0 : edge_load(e, g, &c);
	if (!err) {
		acl_prog_open(g->prog, vids);
		err = edge_attach(e, g, false);
	}
	if (err) {
		fwd_ctl_link_up(e->w.ports->ctl, (int)l->ifindex, false);
		return false;
	}
	if (!same)
		log_line(e->w.log, vids ? LOG_INFO_ : LOG_WARN_,
			vids ? "guard_trunk" : "guard_unknown", "port=%s why=\"%s\"", g->name,
			vids ? "carries VLANs that are ports: only these are let in"
			     : "not in the configuration: closed");
	g->state = vids ? FIB_GUARD_OPEN : FIB_GUARD_CLOSED;
	edge_tell(e, g);
	return true;
}

static void other_del(struct fwd_edge *e, struct edge_device *g, bool there)
{
	unsigned port = port_of(e, g->name);

	if (there)
		acl_prog_detach(g->prog, g->ifindex);
	if (port == e->w.conf->n_ports || !fwd_guard_port_guarded(&e->w.conf->ports[port]))
		fwd_rules_del(e->w.rules, g->name);
	edge_forget(g);
	g->state = FIB_GUARD_NONE;
	edge_tell(e, g);
	*g = e->others[--e->n_others];
}

void edge_others_take(struct fwd_edge *e, struct edge_device *g)
{
	const struct fwd_link l = {.ifindex = g->ifindex};
	struct edge_device *o = other_add(e, &l);

	*o = *g;
	o->again = false;
	g->prog = NULL;
}

/* It has become a port that wants a program: what stands goes on, closed, until the port's own takes its place. */
static bool other_give(struct fwd_edge *e, struct edge_device *o)
{
	unsigned port = port_of(e, o->name);

	if (port == e->w.conf->n_ports || !fwd_edgeplan_wanted(e->w.conf, port) ||
		e->ports[port].prog)
		return false;
	struct edge_device *g = &e->ports[port];
	g->prog = o->prog;
	g->consts = o->consts;
	g->ifindex = o->ifindex;
	g->standing = o->standing;
	acl_prog_open(g->prog, false);
	o->prog = NULL;
	return true;
}

/* True: it has a program that fits; *ok false if it could not be given one. */
static bool other_check(struct fwd_edge *e, const struct fwd_link *l, bool *ok)
{
	uint64_t vids[ACL_VIDS / 64];

	if (l->flags & IFF_LOOPBACK || l->vrf_table || is_configured(e, l->name))
		return false;
	bool trunk = vlans_of(e, l, vids);
	if (!trunk && (!fwd_guard_closes_unknown(e->w.conf) || feeds_a_port(e, l)))
		return false;
	*ok = other_set(e, l, trunk ? vids : NULL) && *ok;
	return true;
}

/* Once: what a run before had there, and this one neither has nor replaces. */
static void orphans_remove(struct fwd_edge *e)
{
	const struct fwd_watch *w = e->w.ports->watch;

	for (unsigned i = 0; i < w->n_links && !e->orphans_gone; i++) {
		const struct fwd_link *l = &w->links[i];
		unsigned port = port_of(e, l->name);

		if (other_find(e, l->ifindex) || !acl_prog_found(l->ifindex) ||
			(port < e->w.conf->n_ports && fwd_edgeplan_wanted(e->w.conf, port)))
			continue;
		log_line(e->w.log, LOG_WARN_, "leftover_removed",
			"port=%s why=\"the guard of a crashed run\"", l->name);
		acl_prog_detach(NULL, l->ifindex);
	}
	e->orphans_gone = true;
}

bool edge_others_check(struct fwd_edge *e)
{
	const struct fwd_watch *w = e->w.ports->watch;
	bool ok = true;

	for (unsigned i = 0; i < e->n_others;) {
		const struct fwd_link *l = fwd_watch_at(w, e->others[i].ifindex);
		if (!l || is_configured(e, l->name))
			other_del(e, &e->others[i], l && !other_give(e, &e->others[i]));
		else
			i++;
	}
	for (unsigned i = 0; i < w->n_links; i++) {
		const struct fwd_link l = w->links[i];
		struct edge_device *g = other_find(e, l.ifindex);
		if (!other_check(e, &l, &ok) && g)
			other_del(e, g, true);
	}
	orphans_remove(e);
	return ok;
}

void edge_others_remove(struct fwd_edge *e)
{
	while (e->n_others)
		other_del(e, &e->others[0], true);
}

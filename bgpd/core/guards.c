#include "bgpd/core/guards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

/* The lists of a port in their order: its own, then its VRF's. NULL past the last. */
static const struct acl_list *list_at(const struct conf *c, const struct conf_port *p, unsigned i)
{
	const struct conf_vrf *v = p->vrf == CONF_VRF_NONE ? NULL : &c->vrfs[p->vrf];

	if (i < p->n_acls)
		return p->acls[i];
	i -= p->n_acls;
	return v && i < v->n_acls ? v->acls[i] : NULL;
}

bool core_guards_ace(const struct conf *c, unsigned port, unsigned rule,
	const struct acl_list **list, const struct acl_ace **ace)
{
	if (port >= c->n_ports)
		return false;
	for (unsigned i = 0; (*list = list_at(c, &c->ports[port], i)); i++) {
		if (rule < (*list)->n_aces) {
			*ace = &(*list)->aces[rule];
			return true;
		}
		rule -= (*list)->n_aces;
	}
	return false;
}

/* Of a port that has none. */
static void rules_make(struct router *r, unsigned port)
{
	struct core_guard *g = &r->ports[port].guard;
	const struct acl_list *l;

	g->n_rules = 0;
	for (unsigned k = 0; (l = list_at(r->conf, &r->conf->ports[port], k)); k++)
		g->n_rules += l->n_aces;
	g->rules = calloc(g->n_rules ? g->n_rules : 1, sizeof(*g->rules));
	CHECK(g->rules);
}

void core_guards_init(struct router *r)
{
	r->guards = calloc(1, sizeof(*r->guards));
	CHECK(r->guards);
	for (unsigned i = 0; i < r->conf->n_ports; i++)
		rules_make(r, i);
}

/* What is kept of a drop names the device, and a rule that is no more by no number. */
static void drops_reload(struct router *r, const struct conf *before, const uint8_t *ports)
{
	struct core_guards *g = r->guards;

	for (unsigned i = 0; i < CORE_DROPS_MAX && i < g->n_drops; i++) {
		struct core_drop *d = &g->drops[i];

		if (d->port >= before->n_ports || ports[d->port] == CONF_FATE_SAME)
			continue;
		snprintf(d->name, sizeof(d->name), "%s", before->ports[d->port].name);
		d->port = FIB_PORT_UNKNOWN;
	}
}

void core_guards_reload(
	struct core_run *run, const struct conf *before, const struct conf_change *change)
{
	struct router *r = run->r;

	drops_reload(r, before, change->ports);
	for (unsigned i = 0; i < r->conf->n_ports; i++) {
		enum conf_fate fate = change->ports[i];

		if (fate == CONF_FATE_SAME)
			continue;
		free(r->ports[i].guard.rules);
		if (fate == CONF_FATE_GONE)
			r->ports[i] = (struct core_port){0};
		rules_make(r, i);
	}
}

void core_guards_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_ports; i++)
		free(r->ports[i].guard.rules);
	free(r->guards);
}

static struct core_unknown *unknown_find(struct core_guards *g, const char *name)
{
	for (unsigned i = 0; i < g->n_unknown; i++)
		if (strcmp(g->unknown[i].name, name) == 0)
			return &g->unknown[i];
	return NULL;
}

static void unknown_put(struct core_guards *g, const struct fib_msg *m)
{
	struct core_unknown *u = unknown_find(g, m->name);

	if (m->guard == FIB_GUARD_NONE) {
		if (u)
			*u = g->unknown[--g->n_unknown];
		if (!g->n_unknown)
			g->unknown_left_out = 0;
		return;
	}
	if (!u && g->n_unknown == CORE_UNKNOWN_MAX) {
		g->unknown_left_out++;
		return;
	}
	if (!u)
		u = &g->unknown[g->n_unknown++];
	memcpy(u->name, m->name, sizeof(u->name));
	u->state = m->guard;
	u->drifts = m->guard_drifts;
	memset(u->counts, 0, sizeof(u->counts));
}

static struct core_guard *guard_of(const struct core_run *run, const struct event *ev)
{
	return ev->fib.port < run->r->conf->n_ports ? &run->r->ports[ev->fib.port].guard : NULL;
}

void core_guards_port(struct core_run *run, const struct event *ev)
{
	struct core_guard *g = guard_of(run, ev);
	const struct fib_msg *m = &ev->fib;

	if (m->port == FIB_PORT_UNKNOWN)
		unknown_put(run->r->guards, m);
	if (!g)
		return;
	g->state = m->guard;
	g->xdp = m->guard_xdp;
	g->drifts = m->guard_drifts;
	memcpy(g->drifted, m->name, sizeof(g->drifted));
	memset(g->counts, 0, sizeof(g->counts));
	memset(g->rules, 0, g->n_rules * sizeof(*g->rules));
}

void core_guards_count(struct core_run *run, const struct event *ev)
{
	struct core_guard *g = guard_of(run, ev);
	struct core_unknown *u = ev->fib.port == FIB_PORT_UNKNOWN
					 ? unknown_find(run->r->guards, ev->fib.name)
					 : NULL;

	if (ev->fib.guard_reason >= ACL_REASONS)
		return;
	if (g)
		g->counts[ev->fib.guard_reason] = ev->fib.guard_count;
	if (u)
		u->counts[ev->fib.guard_reason] = ev->fib.guard_count;
}

void core_guards_rule(struct core_run *run, const struct event *ev)
{
	struct core_guard *g = guard_of(run, ev);

	if (g && ev->fib.guard_rule < g->n_rules)
		g->rules[ev->fib.guard_rule] = ev->fib.guard_count;
}

void core_guards_drop(struct core_run *run, const struct event *ev)
{
	struct core_guards *g = run->r->guards;
	const struct fib_msg *m = &ev->fib;
	struct core_drop *d = &g->drops[g->n_drops++ % CORE_DROPS_MAX];

	*d = (struct core_drop){
		.drop = m->drop, .port = m->port, .rule = m->guard_rule, .reason = m->guard_reason};
	memcpy(d->name, m->name, sizeof(d->name));
	if (m->drop.cap)
		memcpy(d->octets, m->drop.octets, m->drop.cap);
	d->drop.octets = d->octets;
}

const struct core_drop *core_guards_recent(const struct router *r, unsigned i)
{
	const struct core_guards *g = r->guards;

	if (i >= CORE_DROPS_MAX || i >= g->n_drops)
		return NULL;
	return &g->drops[(g->n_drops - 1 - i) % CORE_DROPS_MAX];
}

/* The states of the guarded ports. What is read back is in edgesys.c, what is let in in edgesource.c. */
#include "mplsfwd/edge.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/edgestate.h"

bool fwd_edge_is_wanted(const struct conf *conf)
{
	for (unsigned i = 0; i < conf->n_ports; i++)
		if (fwd_edgeplan_wanted(conf, i))
			return true;
	return false;
}

static void on_samples(evutil_socket_t fd, short what, void *arg)
{
	edge_samples_read(arg);
}

/* Once a port wants a program. */
static int loader_open(struct fwd_edge *e)
{
	int err = e->loader ? 0 : acl_loader_new(&e->loader);

	if (err)
		log_line(e->w.log, LOG_ERROR_, "guard_unavailable",
			"error=\"%s\" why=\"this kernel or these privileges have no eBPF\" "
			"try=\"run as root, Linux 5.8 or later; or guard: off on every access "
			"port\"",
			strerror(-err));
	if (err || e->samples)
		return err;
	e->samples =
		event_new(e->w.base, acl_loader_fd(e->loader), EV_READ | EV_PERSIST, on_samples, e);
	CHECK(e->samples && event_add(e->samples, NULL) == 0);
	return 0;
}

int fwd_edge_open(
	struct fwd_edge **out, const struct fwd_edge_world *world, fwd_edge_fn *fn, void *arg)
{
	struct fwd_edge *e = calloc(1, sizeof(*e));

	CHECK(e);
	*e = (struct fwd_edge){.w = *world, .fn = fn, .arg = arg};
	e->ports = calloc(world->conf->n_ports + 1, sizeof(*e->ports));
	e->dirty = calloc(world->conf->n_vrfs + 1, sizeof(*e->dirty));
	CHECK(e->ports && e->dirty);
	for (unsigned i = 0; i < world->conf->n_ports; i++)
		strncpy(e->ports[i].name, world->conf->ports[i].name, IFNAMSIZ - 1);
	edge_sources_init(e);
	*out = e;
	return fwd_edge_is_wanted(world->conf) ? loader_open(e) : 0;
}

void fwd_edge_free(struct fwd_edge *e)
{
	if (!e)
		return;
	for (unsigned i = 0; i < e->w.conf->n_ports; i++)
		acl_prog_free(e->ports[i].prog);
	for (unsigned i = 0; i < e->n_others; i++)
		acl_prog_free(e->others[i].prog);
	if (e->samples)
		event_free(e->samples);
	edge_sources_fini(e);
	acl_loader_free(e->loader);
	free(e->ports);
	free(e->others);
	free(e->dirty);
	free(e);
}

static bool is_port(const struct fwd_edge *e, const struct edge_device *g)
{
	return g >= e->ports && g < e->ports + e->w.conf->n_ports;
}

static const struct conf_port *conf_of(const struct fwd_edge *e, const struct edge_device *g)
{
	return is_port(e, g) ? &e->w.conf->ports[g - e->ports] : NULL;
}

static bool is_access(const struct fwd_edge *e, const struct edge_device *g)
{
	const struct conf_port *c = conf_of(e, g);
	return c && c->role == CONF_PORT_ACCESS;
}

void edge_tell(struct fwd_edge *e, const struct edge_device *g)
{
	bool port = is_port(e, g);
	struct fib_msg m = {.type = FIB_GUARD_PORT,
		.port = port ? (uint16_t)(g - e->ports) : FIB_PORT_UNKNOWN,
		.guard = g->state,
		.guard_xdp = g->xdp,
		.guard_drifts = g->drifts};

	memcpy(m.name, port ? g->what : g->name, sizeof(m.name) - 1);
	e->fn(e->arg, &m);
}

static void state_set(struct fwd_edge *e, struct edge_device *g, enum fib_guard state)
{
	if (g->state == state)
		return;
	g->state = (uint8_t)state;
	edge_tell(e, g);
}

void edge_shut(struct fwd_edge *e, struct edge_device *g, const struct edge_drift *d)
{
	bool same = strcmp(g->what, d->what) == 0;

	if (g->prog)
		acl_prog_open(g->prog, false);
	if (d->program)
		g->standing = false;
	memcpy(g->what, d->what, sizeof(g->what));
	if (g->opened || !same)
		log_line(e->w.log, LOG_ERROR_, g->opened ? "guard_drift" : "guard_not_yet",
			"port=%s what=%s was=\"%s\" now=\"%s\" why=\"closed until it is as it must "
			"be\"",
			g->name, d->what, d->was, d->now);
	g->drifts += g->state == FIB_GUARD_OPEN;
	g->opened = g->again = false;
	state_set(e, g, FIB_GUARD_CLOSED);
}

void edge_forget(struct edge_device *g)
{
	struct edge_device was = *g;

	acl_prog_free(was.prog);
	*g = (struct edge_device){.drifts = was.drifts};
	memcpy(g->name, was.name, sizeof(g->name));
}

static int failed(struct fwd_edge *e, struct edge_device *g, const char *step, int err)
{
	char said[200] = "";
	const char *all = acl_loader_message(e->loader);
	size_t len = strlen(all);

	/* of a verifier's log the end says why */
	snprintf(
		said, sizeof(said), "%s", all + (len >= sizeof(said) ? len - sizeof(said) + 1 : 0));
	for (char *c = said; *c; c++)
		*c = *c == '\n' ? ';' : *c == '"' ? '\'' : *c;
	log_line(e->w.log, LOG_ERROR_, "guard_failed",
		"port=%s step=%s error=\"%s\" said=\"%s\" why=\"it stays closed\" try=\"modprobe "
		"-a "
		"sch_ingress cls_bpf\"",
		g->name, step, strerror(-err), said);
	state_set(e, g, FIB_GUARD_FAILED);
	return err;
}

/* For others to look at; nothing of ours rests on it. */
static void pin(struct fwd_edge *e, const struct edge_device *g)
{
	const char *dir = e->w.conf->guard_pin;
	int err = dir && is_port(e, g) ? acl_prog_pin(g->prog, dir, g->name) : 0;

	if (err)
		log_line(e->w.log, LOG_WARN_, "guard_not_pinned",
			"port=%s dir=\"%s\" error=\"%s\" try=\"mount -t bpf bpf /sys/fs/bpf\"",
			g->name, dir, strerror(-err));
}

static void unpin(struct fwd_edge *e, const struct edge_device *g)
{
	if (e->w.conf->guard_pin && g->prog && is_port(e, g))
		acl_prog_unpin(e->w.conf->guard_pin, g->name);
}

int edge_load(struct fwd_edge *e, struct edge_device *g, const struct acl_consts *c)
{
	struct acl_prog *new, *keep = g->prog && g->consts.role == c->role ? g->prog : NULL;
	int err = acl_prog_load(e->loader, c, keep, &new);

	if (err)
		return failed(e, g, "load", err);
	if (keep && memcmp(g->consts.rules, c->rules, sizeof(c->rules)) != 0)
		acl_prog_hits_clear(new); /* they counted others */
	acl_prog_free(g->prog);
	g->prog = new;
	g->consts = *c;
	g->ifindex = c->ifindex;
	g->standing = false;
	pin(e, g);
	return 0;
}

int edge_attach(struct fwd_edge *e, struct edge_device *g, bool may_wipe)
{
	enum acl_xdp_mode xdp = ACL_XDP_OFF;
	int err = 0;

	for (int i = 0; i < 1 + may_wipe; i++) {
		if (i) /* somebody's filter or XDP program is asked before ours */
			acl_device_wipe(g->ifindex);
		err = acl_prog_attach(g->prog, g->ifindex, e->w.conf->xdp, &xdp);
		g->standing = !err && acl_prog_check(g->prog) == ACL_STANDS;
		if (g->standing)
			break;
	}
	if (!err && !g->standing)
		err = -EBUSY;
	g->xdp = (uint8_t)xdp;
	return err ? failed(e, g, "attach", err) : 0;
}

int fwd_edge_close(struct fwd_edge *e, unsigned port, const struct fwd_link *l, bool in_place)
{
	struct edge_device *g = &e->ports[port];
	struct acl_consts c;

	if (!fwd_edgeplan_wanted(e->w.conf, port))
		return 0;
	int err = loader_open(e);
	if (err)
		return err;
	if (g->ifindex != l->ifindex)
		edge_forget(g);
	if (!fwd_edgeplan_consts(e->w.conf, port, l->ifindex, l->mac, &c))
		return failed(e, g, "plan", -E2BIG);
	c.xdp = e->w.conf->xdp != ACL_XDP_OFF;
	if (!g->prog || memcmp(&c, &g->consts, sizeof(c)) != 0)
		err = edge_load(e, g, &c);
	if (err)
		return err;
	if (g->standing && acl_prog_check(g->prog) == ACL_STANDS)
		return 0;
	/* a run before us has left it as it must be: what stands goes on until all has been read back */
	if (in_place && !g->drifts && g->state == FIB_GUARD_NONE && acl_prog_found(l->ifindex))
		return 0;
	bool may_wipe = is_access(e, g) && !(l->flags & IFF_UP);
	err = edge_attach(e, g, may_wipe);
	if (!err && !g->again)
		state_set(e, g, FIB_GUARD_CLOSED);
	return err;
}

bool fwd_edge_is_pending(const struct fwd_edge *e, unsigned port)
{
	return fwd_edgeplan_wanted(e->w.conf, port) &&
	       (e->ports[port].state != FIB_GUARD_OPEN || e->ports[port].again);
}

void fwd_edge_gone(struct fwd_edge *e, unsigned port)
{
	struct edge_device *g = &e->ports[port];

	if (!g->prog)
		return;
	unpin(e, g);
	edge_forget(g);
	g->state = FIB_GUARD_NONE;
	edge_tell(e, g);
}

/* Everything was read back. What was found in place is replaced now, open by open. */
static bool open_it(struct fwd_edge *e, struct edge_device *g)
{
	struct edge_drift d;

	acl_prog_open(g->prog, true);
	if (!g->standing && edge_attach(e, g, false)) {
		acl_prog_open(g->prog, false);
		return false;
	}
	if (edge_drift_program(g, &d)) {
		edge_shut(e, g, &d);
		return false;
	}
	log_line(e->w.log, LOG_INFO_, g->again ? "guard_replaced" : "guard_open",
		"port=%s xdp=%s drifts=%u", g->name,
		g->xdp == ACL_XDP_NATIVE    ? "native"
		: g->xdp == ACL_XDP_GENERIC ? "generic"
					    : "off",
		g->drifts);
	g->opened = true;
	g->again = false;
	g->what[0] = 0;
	state_set(e, g, FIB_GUARD_OPEN);
	return true;
}

static bool port_verify(struct fwd_edge *e, unsigned port)
{
	struct edge_device *g = &e->ports[port];
	struct edge_drift d = {.what = "tables"};

	if (!g->prog || !e->w.ports->state[port].ready)
		return !g->prog;
	int err = edge_tables_set(e, port);
	if (err)
		snprintf(d.now, sizeof(d.now), "%s", strerror(-err));
	if (!err && !edge_drift_find(e, port, g->standing, &d) &&
		(!is_access(e, g) || edge_default_stands(e, port, &d)))
		return open_it(e, g);
	edge_shut(e, g, &d);
	if (!g->standing && !d.program) /* found in place, and something is wrong after all */
		edge_attach(e, g, false);
	return false;
}

bool fwd_edge_verify(struct fwd_edge *e)
{
	bool ok = true;

	for (unsigned i = 0; i < e->w.conf->n_ports; i++)
		if (fwd_edge_is_pending(e, i) && e->w.ports->state[i].ifindex)
			ok = port_verify(e, i) && ok;
	return ok;
}

bool fwd_edge_look(struct fwd_edge *e)
{
	struct edge_drift d;
	bool any = false;

	if (!e->loader)
		return false;
	fwd_rules_look(e->w.rules);
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		struct edge_device *g = &e->ports[i];
		if (g->state != FIB_GUARD_OPEN || g->again || !edge_drift_find(e, i, true, &d))
			continue;
		edge_shut(e, g, &d);
		any = true;
		if (d.program && is_access(e, g)) /* nothing of ours looks at what comes in */
			fwd_ctl_link_up(e->w.ports->ctl, (int)g->ifindex, false);
	}
	return !edge_others_check(e) || any;
}

void fwd_edge_default_lost(struct fwd_edge *e, uint32_t table, const char *now)
{
	struct edge_drift d = {.what = "vrf-default", .was = "unreachable"};

	snprintf(d.now, sizeof(d.now), "%s", now);
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		const struct conf_port *c = &e->w.conf->ports[i];
		if (c->role == CONF_PORT_ACCESS && e->w.conf->vrfs[c->vrf].table == table &&
			e->ports[i].state == FIB_GUARD_OPEN)
			edge_shut(e, &e->ports[i], &d);
	}
}

static void counts_tell(struct fwd_edge *e, const struct edge_device *g)
{
	bool port = is_port(e, g);
	uint64_t n[ACL_REASONS_MAX];

	acl_prog_counters(g->prog, n);
	for (unsigned r = 0; r < ACL_REASONS; r++) {
		struct fib_msg m = {.type = FIB_GUARD_COUNT,
			.port = port ? (uint16_t)(g - e->ports) : FIB_PORT_UNKNOWN,
			.guard_reason = (uint8_t)r,
			.guard_count = n[r]};
		if (!port)
			memcpy(m.name, g->name, sizeof(m.name) - 1);
		if (n[r])
			e->fn(e->arg, &m);
	}
}

static void hits_tell(struct fwd_edge *e, unsigned port)
{
	const struct conf_port *c = &e->w.conf->ports[port];
	uint64_t hits[ACL_RULES_MAX];
	unsigned aces = 0;

	acl_prog_hits(e->ports[port].prog, hits);
	for (unsigned i = 0; i < c->n_acls; i++)
		aces += c->acls[i]->n_aces;
	for (unsigned i = 0; c->vrf != CONF_VRF_NONE && i < e->w.conf->vrfs[c->vrf].n_acls; i++)
		aces += e->w.conf->vrfs[c->vrf].acls[i]->n_aces;
	for (unsigned i = 0; i < aces && i < ACL_RULES_MAX; i++) {
		struct fib_msg m = {.type = FIB_GUARD_RULE,
			.port = (uint16_t)port,
			.guard_rule = (uint16_t)i,
			.guard_count = hits[i]};
		e->fn(e->arg, &m);
	}
}

void fwd_edge_stats(struct fwd_edge *e, bool counts)
{
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		edge_tell(e, &e->ports[i]);
		if (!counts || !e->ports[i].prog)
			continue;
		counts_tell(e, &e->ports[i]);
		hits_tell(e, i);
	}
	for (unsigned i = 0; i < e->n_others; i++) {
		edge_tell(e, &e->others[i]);
		if (counts && e->others[i].prog)
			counts_tell(e, &e->others[i]);
	}
}

void fwd_edge_release(struct fwd_edge *e, unsigned port)
{
	struct edge_device *g = &e->ports[port];

	if (!g->prog)
		return;
	acl_prog_open(g->prog, false);
	g->opened = g->again = false;
	state_set(e, g, FIB_GUARD_CLOSED);
}

/* The program on it must be another, or its tables. */
static bool differs(const struct fwd_edge *e, unsigned port)
{
	const struct edge_device *g = &e->ports[port];
	struct acl_consts c;

	if (!fwd_edgeplan_consts(e->w.conf, port, g->ifindex, g->consts.mac, &c))
		return true;
	c.xdp = e->w.conf->xdp != ACL_XDP_OFF;
	return memcmp(&c, &g->consts, sizeof(c)) != 0;
}

static void port_reload(struct fwd_edge *e, unsigned port, bool touched)
{
	struct edge_device *g = &e->ports[port];
	const struct conf_port *c = &e->w.conf->ports[port];
	bool wanted = fwd_edgeplan_wanted(e->w.conf, port);

	if (!fwd_guard_port_guarded(c))
		fwd_rules_del(e->w.rules, g->name); /* comes again for what is closed */
	if (g->prog && !wanted) {
		unpin(e, g);
		edge_others_take(e, g);
		*g = (struct edge_device){0};
		strncpy(g->name, c->name, IFNAMSIZ - 1);
		edge_tell(e, g);
	}
	if (conf_port_is_gone(c))
		*g = (struct edge_device){0};
	strncpy(g->name, c->name, IFNAMSIZ - 1);
	g->again = g->state == FIB_GUARD_OPEN && (touched || differs(e, port));
}

void fwd_edge_reload(struct fwd_edge *e, const struct conf *conf, const struct conf_change *change)
{
	unsigned ports = e->w.conf->n_ports;

	e->ports = realloc(e->ports, (conf->n_ports + 1) * sizeof(*e->ports));
	e->dirty = realloc(e->dirty, (conf->n_vrfs + 1) * sizeof(*e->dirty));
	CHECK(e->ports && e->dirty);
	memset(&e->ports[ports], 0, (conf->n_ports - ports) * sizeof(*e->ports));
	for (unsigned i = 0; i < conf->n_vrfs; i++) {
		e->dirty[i] = true;
		if (change->vrfs[i] == CONF_FATE_GONE)
			edge_sources_drop(e, i);
	}
	e->labels_dirty = true;
	e->w.conf = conf;
	if (fwd_edge_is_wanted(conf))
		(void)loader_open(e); /* without it nothing is opened: said, and tried again */
	for (unsigned i = 0; i < conf->n_ports; i++)
		port_reload(e, i, change->guard || change->ports[i] != CONF_FATE_SAME);
}

void fwd_edge_stop(struct fwd_edge *e)
{
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		struct edge_device *g = &e->ports[i];
		if (g->prog && g->ifindex)
			acl_prog_detach(g->prog, g->ifindex);
		unpin(e, g);
		edge_forget(g);
	}
	edge_others_remove(e);
}

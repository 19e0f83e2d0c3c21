/* What a port lets in: what CEs announced, labels that neighbours were told, and how tables follow them. */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/check.h"
#include "mplsfwd/edgestate.h"

#define SOURCES_MAX    4000000u /* as FWD_ROUTES_MAX: a compromised bgpd must not eat the host */
#define TOLD_MAX       1048576u /* every label there is */
#define SOURCE_KEY     12
#define TOLD_KEY       8
#define TABLES_WAIT_MS 10
#define TABLES_PART    10 /* looking at the tables takes at most a tenth of the time */

static uint64_t now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static bool checks_sources(const struct fwd_edge *e, unsigned vrf, enum acl_source how)
{
	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		const struct conf_port *c = &e->w.conf->ports[i];
		if (c->role == CONF_PORT_ACCESS && c->vrf == (int)vrf && c->guard.source >= how)
			return true;
	}
	return false;
}

static struct edge_source source_key(unsigned vrf, uint32_t addr, uint8_t len, uint32_t gateway)
{
	return (struct edge_source){
		.vrf = (uint16_t)vrf, .len = len, .addr = addr, .gateway = gateway};
}

static int source_apply(struct fwd_edge *e, const struct fib_msg *m)
{
	if (m->vrf >= e->w.conf->n_vrfs)
		return ENOENT;
	if (m->prefix.addr.af != IP_V4 || m->addr.af != IP_V4)
		return EAFNOSUPPORT;
	struct edge_source key = source_key(
		m->vrf, ip_addr_get_v4(&m->prefix.addr), m->prefix.len, ip_addr_get_v4(&m->addr));
	if (key.len > 32 || key.addr & ~FWD_MASK(key.len))
		return EINVAL;
	if (!checks_sources(e, m->vrf, ACL_SOURCE_FEASIBLE))
		return 0;
	uint32_t id = fwd_table_find(&e->sources, &key);
	e->dirty[m->vrf] = true;
	if (m->type == FIB_SOURCE_DEL) {
		if (id)
			fwd_table_del(&e->sources, id);
		return 0;
	}
	if (!id && e->sources.n >= SOURCES_MAX)
		return ENOSPC;
	id = id ? id : fwd_table_add(&e->sources, &key);
	struct edge_source *s = fwd_table_at(&e->sources, id);
	s->stale = s->found = 0;
	return 0;
}

static int label_apply(struct fwd_edge *e, const struct fib_msg *m)
{
	struct edge_told key = {.label = m->label, .peer = m->peer};

	if (m->label < e->w.conf->label_min || m->label > e->w.conf->label_max)
		return ERANGE;
	if (m->peer >= e->w.conf->n_peers)
		return ENOENT;
	uint32_t id = fwd_table_find(&e->told, &key);
	e->labels_dirty = true;
	if (m->type == FIB_LABEL_UNTELL) {
		if (id)
			fwd_table_del(&e->told, id);
		return 0;
	}
	if (!id && e->told.n >= TOLD_MAX)
		return ENOSPC;
	id = id ? id : fwd_table_add(&e->told, &key);
	((struct edge_told *)fwd_table_at(&e->told, id))->stale = 0;
	return 0;
}

int fwd_edge_apply(struct fwd_edge *e, const struct fib_msg *m)
{
	if (!e->loader)
		return 0;
	if (m->type == FIB_SOURCE_ADD || m->type == FIB_SOURCE_DEL)
		return source_apply(e, m);
	return m->type == FIB_LABEL_TELL || m->type == FIB_LABEL_UNTELL ? label_apply(e, m)
									: EOPNOTSUPP;
}

void fwd_edge_found(
	struct fwd_edge *e, uint32_t table, uint32_t addr, uint8_t len, uint32_t gateway)
{
	unsigned vrf = 0;

	while (vrf < e->w.conf->n_vrfs && e->w.conf->vrfs[vrf].table != table)
		vrf++;
	if (!e->loader || vrf == e->w.conf->n_vrfs || len > 32 || addr & ~FWD_MASK(len) ||
		e->sources.n >= SOURCES_MAX || !checks_sources(e, vrf, ACL_SOURCE_STRICT))
		return;
	struct edge_source key = source_key(vrf, addr, len, gateway);
	struct edge_source *s = fwd_table_at(&e->sources, fwd_table_add(&e->sources, &key));
	s->stale = s->found = 1;
}

void fwd_edge_restart(struct fwd_edge *e)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&e->sources, &pos)))
		((struct edge_source *)fwd_table_at(&e->sources, id))->stale = 1;
	for (pos = 0; (id = fwd_table_next(&e->told, &pos));)
		((struct edge_told *)fwd_table_at(&e->told, id))->stale = 1;
}

/* Deletes what of t is stale; where says how. Entries are collected first: a walk does not take a deletion. */
static void stale_del(struct fwd_table *t, size_t flag_at)
{
	uint32_t *ids = calloc(t->n + 1, sizeof(*ids)), pos = 0, id, n = 0;

	CHECK(ids);
	while ((id = fwd_table_next(t, &pos)))
		if (((const uint8_t *)fwd_table_at(t, id))[flag_at])
			ids[n++] = id;
	while (n)
		fwd_table_del(t, ids[--n]);
	free(ids);
}

void fwd_edge_sync(struct fwd_edge *e)
{
	stale_del(&e->sources, offsetof(struct edge_source, stale));
	stale_del(&e->told, offsetof(struct edge_told, stale));
	for (unsigned i = 0; i < e->w.conf->n_vrfs; i++)
		e->dirty[i] = true;
	e->labels_dirty = true;
}

void edge_sources_drop(struct fwd_edge *e, unsigned vrf)
{
	uint32_t *ids = calloc(e->sources.n + 1, sizeof(*ids)), pos = 0, id, n = 0;

	CHECK(ids);
	while ((id = fwd_table_next(&e->sources, &pos)))
		if (((const struct edge_source *)fwd_table_at(&e->sources, id))->vrf == vrf)
			ids[n++] = id;
	while (n)
		fwd_table_del(&e->sources, ids[--n]);
	free(ids);
}

/* Given to the caller. */
static struct fwd_edge_source *announced_list(const struct fwd_edge *e, unsigned vrf, size_t *n)
{
	struct fwd_edge_source *list = calloc(e->sources.n + 1, sizeof(*list));
	uint32_t pos = 0, id;

	CHECK(list);
	*n = 0;
	while ((id = fwd_table_next(&e->sources, &pos))) {
		const struct edge_source *s = fwd_table_at(&e->sources, id);
		if (s->vrf == vrf)
			list[(*n)++] = (struct fwd_edge_source){.vrf = s->vrf,
				.found = s->found,
				.prefix = {ip_addr_v4(s->addr), s->len},
				.gateway = ip_addr_v4(s->gateway)};
	}
	return list;
}

static int labels_set(struct fwd_edge *e, unsigned port)
{
	struct fwd_edge_label *told = calloc(e->told.n + 1, sizeof(*told));
	uint32_t pos = 0, id;
	unsigned n;
	size_t n_told = 0;

	CHECK(told);
	while ((id = fwd_table_next(&e->told, &pos))) {
		const struct edge_told *t = fwd_table_at(&e->told, id);
		told[n_told++] = (struct fwd_edge_label){t->label, (uint16_t)t->peer};
	}
	uint32_t *list = fwd_edgeplan_labels(e->w.lfib, port, told, n_told, &n);
	int err = acl_prog_labels(e->ports[port].prog, list, n);
	free(list);
	free(told);
	return err;
}

int edge_tables_set(struct fwd_edge *e, unsigned port)
{
	const struct conf_port *c = &e->w.conf->ports[port];
	struct acl_prog *prog = e->ports[port].prog;
	struct acl_lpm sources, destinations;
	size_t n;

	if (c->role != CONF_PORT_ACCESS)
		return c->labels == ACL_LABELS_ADVERTISED ? labels_set(e, port) : 0;
	struct fwd_edge_source *list = announced_list(e, (unsigned)c->vrf, &n);
	acl_lpm_init(&sources);
	acl_lpm_init(&destinations);
	fwd_edgeplan_tables(e->w.lfib, port, list, n, &sources, &destinations);
	int err = acl_prog_tables(prog, &sources, &destinations);
	if (!err && e->ports[port].state != FIB_GUARD_OPEN &&
		!acl_prog_tables_same(prog, &sources, &destinations))
		err = -EIO;
	acl_lpm_fini(&sources);
	acl_lpm_fini(&destinations);
	free(list);
	return err;
}

static void tables_follow(struct fwd_edge *e, unsigned port)
{
	struct edge_drift d = {.what = "tables", .was = "as routes are"};

	if (!e->ports[port].prog)
		return;
	int err = edge_tables_set(e, port);
	if (!err)
		return;
	snprintf(d.now, sizeof(d.now), "%s", strerror(-err));
	edge_shut(e, &e->ports[port], &d);
}

static void on_tables(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_edge *e = arg;
	uint64_t begun = now_ms();

	for (unsigned i = 0; i < e->w.conf->n_ports; i++) {
		const struct conf_port *c = &e->w.conf->ports[i];
		if (c->role == CONF_PORT_ACCESS && e->dirty[c->vrf])
			tables_follow(e, i);
	}
	memset(e->dirty, 0, e->w.conf->n_vrfs * sizeof(*e->dirty));
	e->tables_ms = (unsigned)(now_ms() - begun);
}

void fwd_edge_turn(struct fwd_edge *e)
{
	bool any = false;

	if (!e->loader)
		return;
	for (unsigned i = 0; i < e->w.conf->n_vrfs; i++) {
		e->dirty[i] |= fwd_lfib_changed_get(e->w.lfib, (uint16_t)i);
		any |= e->dirty[i];
	}
	/* a label works before the neighbour that is told has heard of it */
	for (unsigned i = 0; e->labels_dirty && i < e->w.conf->n_ports; i++)
		if (e->w.conf->ports[i].role == CONF_PORT_CORE &&
			e->w.conf->ports[i].labels == ACL_LABELS_ADVERTISED)
			tables_follow(e, i);
	e->labels_dirty = false;
	if (!any || event_pending(e->tables, EV_TIMEOUT, NULL))
		return;
	unsigned wait = e->tables_ms * TABLES_PART;
	wait = wait > TABLES_WAIT_MS ? wait : TABLES_WAIT_MS;
	event_add(e->tables, &(struct timeval){wait / 1000, (wait % 1000) * 1000});
}

void edge_sources_init(struct fwd_edge *e)
{
	fwd_table_init(&e->sources, sizeof(struct edge_source), SOURCE_KEY, e->w.seed);
	fwd_table_init(&e->told, sizeof(struct edge_told), TOLD_KEY, e->w.seed);
	e->tables = event_new(e->w.base, -1, 0, on_tables, e);
	CHECK(e->tables);
}

void edge_sources_fini(struct fwd_edge *e)
{
	event_free(e->tables);
	fwd_table_fini(&e->sources);
	fwd_table_fini(&e->told);
}

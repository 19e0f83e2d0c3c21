#include "bgpd/core/told.h"

#include <stdlib.h>

#include "bgpd/core/defer.h"
#include "lib/check.h"

static bool port_wants(const struct conf_port *p)
{
	return p->role == CONF_PORT_CORE && p->labels == ACL_LABELS_ADVERTISED;
}

/* RFC 4364 10: labels from a system only as far as they were distributed to that system. */
static void tell(void *arg, uint32_t peer, uint16_t source)
{
	struct core_run *run = arg;
	struct core_told *t = peer < run->r->conf->n_peers ? &run->r->peers[peer].told : NULL;
	uint16_t vrf = rib_source_get(run->r->store, source)->origin;

	if (!t || !t->on)
		return;
	t->again[vrf] = true;
	if (t->vrfs[vrf])
		return;
	t->vrfs[vrf] = true;
	effect_fib(run->fx, &(struct fib_msg){.type = FIB_LABEL_TELL,
				    .label = run->r->vrfs.list[vrf].label,
				    .peer = (uint16_t)peer});
}

static void untell(struct core_run *run, struct core_peer *p, unsigned vrf)
{
	if (!p->told.vrfs || !p->told.vrfs[vrf])
		return;
	p->told.vrfs[vrf] = false;
	effect_fib(run->fx, &(struct fib_msg){.type = FIB_LABEL_UNTELL,
				    .label = run->r->vrfs.list[vrf].label,
				    .peer = (uint16_t)p->index});
}

void core_told_init(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_ports; i++)
		if (port_wants(&r->conf->ports[i]))
			out_set_tell(&r->out, tell);
}

void core_told_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		free(r->peers[i].told.vrfs);
		free(r->peers[i].told.again);
	}
}

static bool is_on(const struct conf_port *p, const struct ip_addr *a)
{
	for (unsigned i = 0; i < p->n_addresses; i++) {
		struct ip_prefix link = p->addresses[i];

		ip_prefix_mask(&link);
		if (ip_prefix_contains(&link, a))
			return true;
	}
	return false;
}

static bool is_on_such_a_port(const struct conf *c, const struct ip_addr *a)
{
	for (unsigned i = 0; i < c->n_ports; i++)
		if (port_wants(&c->ports[i]) && is_on(&c->ports[i], a))
			return true;
	return false;
}

static bool *flags_new(unsigned n)
{
	bool *list = calloc(n ? n : 1, sizeof(*list));

	CHECK(list);
	return list;
}

void core_told_up(struct core_run *run, struct core_peer *p)
{
	const struct conf *c = run->r->conf;
	struct core_told *t = &p->told;

	if (!run->r->out.tell)
		return;
	t->on = !core_peer_in_vrf(p) && is_on_such_a_port(c, &p->addr);
	t->resumed = t->vrfs != NULL;
	if (t->on && !t->vrfs) {
		t->vrfs = flags_new(CORE_VRFS_MAX); /* those of the next configuration, too */
		t->again = flags_new(CORE_VRFS_MAX);
	}
	for (unsigned v = 0; v < c->n_vrfs && t->again; v++)
		t->again[v] = false;
}

void core_told_end(struct core_run *run, struct core_peer *p)
{
	struct core_told *t = &p->told;

	for (unsigned v = 0; v < run->r->conf->n_vrfs; v++)
		untell(run, p, v);
	free(t->vrfs);
	free(t->again);
	*t = (struct core_told){0};
}

/*
 * Its port wants to know from now on what it has heard already: of each VRF that exports it may have heard. What it has not, it is not told again
 * by the refresh that follows, and resumed() takes back.
 */
static void begin_late(struct core_run *run, struct core_peer *p)
{
	struct router *r = run->r;

	core_told_up(run, p);
	for (unsigned v = 0; v < r->vrfs.n; v++) {
		if (r->vrfs.list[v].label_state != VRF_LABEL_INSTALLED)
			continue;
		p->told.vrfs[v] = true;
		effect_fib(run->fx, &(struct fib_msg){.type = FIB_LABEL_TELL,
					    .label = r->vrfs.list[v].label,
					    .peer = (uint16_t)p->index});
	}
	p->told.resumed = true;
	(void)out_set_refresh(&r->out, p->index, WIRE_VPNV4);
}

void core_told_reload(struct core_run *run)
{
	struct router *r = run->r;

	core_told_init(r);
	for (unsigned i = 0; i < r->conf->n_peers && r->out.tell; i++) {
		struct core_peer *p = &r->peers[i];
		bool on = !core_peer_in_vrf(p) && is_on_such_a_port(r->conf, &p->addr);

		if (p->source != RIB_SOURCE_NONE && on && !p->told.on)
			begin_late(run, p);
		else if (!on && p->told.vrfs)
			core_told_end(run, p);
	}
}

/* It is up to date: what it was told by the session before, and not by this one, it has no more. */
static void resumed(struct core_run *run, struct core_peer *p)
{
	for (unsigned v = 0; v < run->r->conf->n_vrfs; v++)
		if (!p->told.again[v])
			untell(run, p, v);
	p->told.resumed = false;
}

static bool exports_nothing(const struct router *r, unsigned vrf)
{
	return rib_source_paths(rib_source_get(r->store, r->vrfs.list[vrf].export_source)) == 0;
}

static void peer_step(struct core_run *run, struct core_peer *p, bool idle)
{
	struct router *r = run->r;

	if (p->source == RIB_SOURCE_NONE) {
		if (p->restart.phase == CORE_RESTART_NONE)
			core_told_end(run, p);
		return;
	}
	/* until its memberships are known (RFC 4684) it has heard nothing yet */
	if (!idle || p->rtc.until_ms != TIMERQ_NEVER || !out_set_is_settled(&r->out, p->index))
		return;
	if (p->told.resumed)
		resumed(run, p);
	for (unsigned v = 0; v < r->conf->n_vrfs; v++)
		if (p->told.vrfs[v] && exports_nothing(r, v))
			untell(run, p, v);
}

void core_told_step(struct core_run *run, bool idle)
{
	struct router *r = run->r;

	if (!r->out.tell)
		return;
	idle = idle && core_defer_tells(r) && !rib_change_pending(r->store) &&
	       !out_set_holds(&r->out);
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->peers[i].told.vrfs)
			peer_step(run, &r->peers[i], idle);
}

void core_told_release(struct core_run *run, unsigned vrf)
{
	for (unsigned i = 0; i < run->r->conf->n_peers; i++)
		untell(run, &run->r->peers[i], vrf);
}

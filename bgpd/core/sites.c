#include "bgpd/core/sites.h"

#include <stdlib.h>

#include "bgpd/core/feed.h"
#include "lib/check.h"
#include "lib/log.h"

static bool *flags_new(unsigned n)
{
	bool *list = calloc(n ? n : 1, sizeof(*list));

	CHECK(list);
	return list;
}

void core_sites_begin(struct router *r, unsigned vrf)
{
	struct core_site *s = &r->sites[vrf];

	s->conf = &r->conf->vrfs[vrf];
	s->static_active = flags_new(s->conf->n_statics);
}

void core_sites_end(struct router *r, unsigned vrf)
{
	struct core_site *s = &r->sites[vrf];

	free(s->connected);
	free(s->imports);
	free(s->static_active);
	*s = (struct core_site){.conf = s->conf};
}

void core_sites_init(struct router *r)
{
	r->sites = calloc(CORE_VRFS_MAX, sizeof(*r->sites));
	CHECK(r->sites);
	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		core_sites_begin(r, i);
}

void core_sites_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		core_sites_end(r, i);
	free(r->sites);
}

static struct ip_prefix *connected_find(struct core_site *s, const struct ip_prefix *p)
{
	for (unsigned i = 0; i < s->n_connected; i++)
		if (ip_prefix_equal(&s->connected[i], p))
			return &s->connected[i];
	return NULL;
}

static void connected_add(struct core_site *s, const struct ip_prefix *p)
{
	if (s->n_connected == s->cap_connected) {
		s->cap_connected = s->cap_connected ? s->cap_connected * 2 : 4;
		s->connected = realloc(s->connected, s->cap_connected * sizeof(*s->connected));
	}
	CHECK(s->connected);
	s->connected[s->n_connected++] = *p;
}

static bool gateway_is_connected(const struct core_site *s, const struct ip_addr *gateway)
{
	for (unsigned i = 0; i < s->n_connected; i++)
		if (ip_prefix_contains(&s->connected[i], gateway))
			return true;
	return false;
}

static void refresh_statics(struct core_run *run, unsigned vrf)
{
	struct core_site *s = &run->r->sites[vrf];
	struct vrfs *vs = &run->r->vrfs;

	for (unsigned i = 0; i < s->conf->n_statics; i++) {
		const struct conf_static *c = &s->conf->statics[i];
		bool active = gateway_is_connected(s, &c->next_hop);

		if (active == s->static_active[i])
			continue;
		s->static_active[i] = active;
		if (active)
			vrf_local_add(vs, &vs->list[vrf], RIB_STATIC, &c->prefix, c->next_hop);
		else
			vrf_local_del(vs, &vs->list[vrf], RIB_STATIC, &c->prefix);
	}
}

static void refresh_subnets(struct router *r, unsigned vrf)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->peers[i].conf->vrf == (int)vrf)
			core_feed_subnet(r, &r->peers[i]);
}

static void note_connected(struct core_run *run, const struct core_site *s, const struct fib_msg *m)
{
	char text[IP_PREFIX_STRLEN];

	effect_note(run->fx, LOG_INFO_, m->up ? "connected_up" : "connected_down",
		"vrf=%s prefix=%s", s->conf->name, ip_prefix_print(&m->prefix, text));
}

/* Two ports of a VRF may be on one prefix: the route is there from the first to the last. */
static void connected_up(struct core_run *run, struct core_site *s, const struct fib_msg *m)
{
	struct vrfs *vs = &run->r->vrfs;
	bool first = !connected_find(s, &m->prefix);

	connected_add(s, &m->prefix);
	if (!first)
		return;
	note_connected(run, s, m);
	vrf_local_add(
		vs, &vs->list[m->vrf], RIB_CONNECTED, &m->prefix, (struct ip_addr){.af = IP_NONE});
}

static void connected_down(struct core_run *run, struct core_site *s, const struct fib_msg *m)
{
	struct vrfs *vs = &run->r->vrfs;
	struct ip_prefix *at = connected_find(s, &m->prefix);

	if (!at)
		return;
	*at = s->connected[--s->n_connected];
	if (connected_find(s, &m->prefix))
		return;
	note_connected(run, s, m);
	vrf_local_del(vs, &vs->list[m->vrf], RIB_CONNECTED, &m->prefix);
}

void core_sites_connected(struct core_run *run, const struct fib_msg *m)
{
	struct router *r = run->r;
	struct core_site *s;

	/* IPv6 links of a VRF are mplsfwd's to report and not ours to route yet */
	if (m->vrf >= r->conf->n_vrfs || r->stopping || m->prefix.addr.af != IP_V4 ||
		conf_vrf_is_gone(&r->conf->vrfs[m->vrf]))
		return;
	s = &r->sites[m->vrf];
	if (m->up)
		connected_up(run, s, m);
	else
		connected_down(run, s, m);
	refresh_statics(run, m->vrf);
	refresh_subnets(r, m->vrf);
}

void core_sites_leave(struct core_run *run, unsigned vrf)
{
	struct vrfs *vs = &run->r->vrfs;
	struct core_site *s = &run->r->sites[vrf];

	for (unsigned i = 0; i < s->n_connected; i++)
		vrf_local_del(vs, &vs->list[vrf], RIB_CONNECTED, &s->connected[i]);
	s->n_connected = 0;
	refresh_statics(run, vrf);
}

void core_sites_stop(struct core_run *run)
{
	for (unsigned v = 0; v < run->r->conf->n_vrfs; v++)
		if (!conf_vrf_is_gone(&run->r->conf->vrfs[v]))
			core_sites_leave(run, v);
}

/* The same routes, redistributed or not. */
static void connected_again(struct core_run *run, unsigned vrf)
{
	const struct core_site *s = &run->r->sites[vrf];
	struct vrfs *vs = &run->r->vrfs;

	for (unsigned i = 0; i < s->n_connected; i++)
		vrf_local_add(vs, &vs->list[vrf], RIB_CONNECTED, &s->connected[i],
			(struct ip_addr){.af = IP_NONE});
}

/* Whether the route is to stand in the table now: perhaps with another gateway. */
static bool static_stays(const struct core_site *s, const struct ip_prefix *prefix)
{
	for (unsigned i = 0; i < s->conf->n_statics; i++)
		if (ip_prefix_equal(&s->conf->statics[i].prefix, prefix))
			return gateway_is_connected(s, &s->conf->statics[i].next_hop);
	return false;
}

void core_sites_reload(struct core_run *run, unsigned vrf, const struct conf_vrf *was)
{
	struct core_site *s = &run->r->sites[vrf];
	struct vrf *v = &run->r->vrfs.list[vrf];
	bool *active = s->static_active;

	s->conf = &run->r->conf->vrfs[vrf];
	s->static_active = flags_new(s->conf->n_statics);
	v->conf.redistribute_connected = s->conf->redistribute & CONF_REDIST_CONNECTED;
	v->conf.redistribute_static = s->conf->redistribute & CONF_REDIST_STATIC;
	for (unsigned i = 0; i < was->n_statics; i++)
		if (active[i] && !static_stays(s, &was->statics[i].prefix))
			vrf_local_del(&run->r->vrfs, v, RIB_STATIC, &was->statics[i].prefix);
	free(active);
	if (run->r->stopping)
		return;
	refresh_statics(run, vrf); /* what is there already changes nothing */
	if (was->redistribute != s->conf->redistribute)
		connected_again(run, vrf);
}

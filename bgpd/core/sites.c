#include "bgpd/core/sites.h"

#include <stdlib.h>

#include "bgpd/core/feed.h"
#include "lib/check.h"
#include "lib/log.h"

void core_sites_init(struct router *r)
{
	unsigned n = r->conf->n_vrfs;

	r->sites = calloc(n ? n : 1, sizeof(*r->sites));
	CHECK(r->sites);
	for (unsigned i = 0; i < n; i++) {
		struct core_site *s = &r->sites[i];

		s->conf = &r->conf->vrfs[i];
		s->static_active =
			calloc(s->conf->n_statics ? s->conf->n_statics : 1, sizeof(bool));
		CHECK(s->static_active);
	}
}

void core_sites_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		free(r->sites[i].connected);
		free(r->sites[i].imports);
		free(r->sites[i].static_active);
	}
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
	if (m->vrf >= r->conf->n_vrfs || r->stopping || m->prefix.addr.af != IP_V4)
		return;
	s = &r->sites[m->vrf];
	if (m->up)
		connected_up(run, s, m);
	else
		connected_down(run, s, m);
	refresh_statics(run, m->vrf);
	refresh_subnets(r, m->vrf);
}

void core_sites_stop(struct core_run *run)
{
	struct vrfs *vs = &run->r->vrfs;

	for (unsigned v = 0; v < run->r->conf->n_vrfs; v++) {
		struct core_site *s = &run->r->sites[v];

		for (unsigned i = 0; i < s->n_connected; i++)
			vrf_local_del(vs, &vs->list[v], RIB_CONNECTED, &s->connected[i]);
		s->n_connected = 0;
		refresh_statics(run, v);
	}
}

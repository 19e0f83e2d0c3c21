#include "bgpd/core/places.h"

#include "bgpd/core/limit.h"
#include "bgpd/core/restart.h"
#include "bgpd/core/session.h"
#include "lib/log.h"

static bool is_in(const struct core_peer *p, uint16_t vrf)
{
	return vrf == (p->conf->vrf == CONF_VRF_NONE ? FIB_VRF_CORE : (uint16_t)p->conf->vrf);
}

static struct core_peer *find_own(struct router *r, uint16_t vrf, const struct ip_addr *remote)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (!r->peers[i].conf->dynamic && is_in(&r->peers[i], vrf) &&
			ip_addr_equal(&r->peers[i].conf->addr, remote))
			return &r->peers[i];
	return NULL;
}

/* The first place of the longest range around remote. */
static struct core_peer *find_range(struct router *r, uint16_t vrf, const struct ip_addr *remote)
{
	struct core_peer *found = NULL;

	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (!p->conf->dynamic || p->conf->slot != 0 || !is_in(p, vrf) ||
			!ip_prefix_contains(&p->conf->range, remote))
			continue;
		if (!found || p->conf->range.len > found->conf->range.len)
			found = p;
	}
	return found;
}

/* How willingly a place is given to remote: 0 not at all. */
static unsigned fitness(const struct core_peer *p, const struct ip_addr *remote)
{
	if (p->addr.af != IP_NONE)
		return ip_addr_equal(&p->addr, remote) ? 5 : 0;
	if (!p->fsm.started)
		return 0;
	if (ip_addr_equal(&p->was, remote))
		return 4;
	if (p->was.af == IP_NONE)
		return 3;
	return p->fsm.idle_hold ? 1 : 2;
}

static struct core_peer *choose(
	struct router *r, struct core_peer *first, const struct ip_addr *remote)
{
	struct core_peer *end = r->peers + r->conf->n_peers, *best = first;
	unsigned best_fit = 0;

	for (struct core_peer *p = first;
		p < end && p->conf->dynamic && (p == first || p->conf->slot); p++) {
		unsigned fit = fitness(p, remote);

		if (fit > best_fit || (fit && fit == best_fit && p->left_ms < best->left_ms)) {
			best = p;
			best_fit = fit;
		}
	}
	return best_fit ? best : NULL;
}

/* A place that somebody else had: nothing of him is left. */
static void take(struct core_run *run, struct core_peer *p, const struct ip_addr *remote)
{
	if (!ip_addr_equal(&p->was, remote)) {
		struct fsm_conf conf = p->fsm.conf;

		fsm_peer_init(&p->fsm, &conf, p->fsm.rng);
		p->count = (struct core_counters){0};
		core_limit_init(&p->limit);
		core_session_start(run, p);
	}
	p->addr = p->was = *remote;
	p->name = ip_addr_print(remote, p->name_text);
}

struct core_peer *core_place_get(
	struct core_run *run, uint16_t vrf, const struct ip_addr *remote, const char **why)
{
	struct core_peer *p = find_own(run->r, vrf, remote), *range;

	if (!p) {
		range = find_range(run->r, vrf, remote);
		p = range ? choose(run->r, range, remote) : NULL;
		*why = range ? "every place of the range is taken" : "not a configured peer";
		if (range && !p)
			range->range_full++;
		if (range && !p && (range->range_full & (range->range_full - 1)))
			*why = NULL;
	}
	if (!p)
		return NULL;
	*why = "the peer has a connection already";
	if (p->conn[FSM_INBOUND] != CORE_CONN_NONE && !core_restart_yield(p))
		return NULL;
	if (p->conf->dynamic && p->addr.af == IP_NONE)
		take(run, p, remote);
	return p;
}

void core_place_put(struct core_run *run, struct core_peer *p)
{
	if (!p->conf->dynamic || p->addr.af == IP_NONE || p->limit.stopped)
		return;
	for (unsigned s = 0; s < FSM_SLOTS; s++)
		if (p->conn[s] != CORE_CONN_NONE)
			return;
	p->addr = (struct ip_addr){0};
	p->as = p->conf->as;
	p->left_ms = run->now_ms;
}

#include "bgpd/core/reload.h"

#include <stdlib.h>

#include "bgpd/core/bmp_locrib.h"
#include "bgpd/core/feed.h"
#include "bgpd/core/guards.h"
#include "bgpd/core/import.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/policy.h"
#include "bgpd/core/remotes.h"
#include "bgpd/core/retain.h"
#include "bgpd/core/session.h"
#include "bgpd/core/sources.h"
#include "bgpd/core/told.h"
#include "bgpd/core/vrfs.h"
#include "bgpd/wire/notify.h"
#include "lib/log.h"

static void sessions_end(struct core_run *run, const uint8_t *fates)
{
	for (unsigned i = 0; i < run->r->conf->n_peers; i++) {
		struct core_peer *p = &run->r->peers[i];

		if (fates[i] == CONF_FATE_GONE && !conf_peer_is_gone(p->conf))
			core_session_stop(run, p, WIRE_CEASE_PEER_DECONFIGURED, NULL);
		else if (fates[i] == CONF_FATE_RESET)
			core_session_stop(run, p, WIRE_CEASE_CONFIG_CHANGE, NULL);
	}
}

/* In the same place, with nothing of who was there but what was ordered. A socket that was asked for is not meant for him. */
static void peer_renew(struct core_run *run, unsigned i)
{
	struct router *r = run->r;
	struct core_peer *p = &r->peers[i];
	bool admin_down = p->admin_down;
	uint32_t life = p->life;

	timerq_del(&r->timers, &p->timer);
	core_told_end(run, p);
	core_policy_fini(p);
	core_session_init(p, r->conf, i, r->seed + life + 1);
	p->life = life + 1;
	p->admin_down = admin_down;
}

static void peer_begin(struct core_run *run, struct core_peer *p)
{
	if (run->r->started && !run->r->stopping && !p->admin_down && !conf_peer_is_gone(p->conf))
		core_session_start(run, p);
}

/* What rests on names and lists of the configuration has them from the next one. */
static void peer_keep(struct router *r, struct core_peer *p, const struct conf *before)
{
	const struct conf_peer *c = &r->conf->peers[p->index];

	if (p->name == before->peers[p->index].name)
		p->name = c->name;
	p->conf = c;
}

/*
 * What the neighbour sent is looked at anew: from what is here, or, where that is not all, by asking for it (RFC 2918). A VRF has no chains.
 * A chain that rejected nothing, or kept what it rejected, has left nothing out.
 */
static void import_changed(
	struct core_run *run, struct core_peer *p, const struct conf_peer *before)
{
	if (core_peer_in_vrf(p))
		return;
	core_import_again(run->r, 0);
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (before->import_chain.n && !core_import_keeps(before))
			core_session_ask(run, p, f);
}

static void policy_changed(
	struct core_run *run, struct core_peer *p, const struct conf_peer *before)
{
	if (p->conf->graceful_shutdown != before->graceful_shutdown)
		p->graceful_shutdown = p->conf->graceful_shutdown;
	if (p->source == RIB_SOURCE_NONE)
		return;
	import_changed(run, p, before);
	p->view_changed = true;
	run->r->views_changed = true;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (p->fsm.ctx.families & WIRE_FAMILY_BIT(f))
			core_limit_check(run, p, f);
}

/* --- chains of update groups --- */

static bool is_of(const struct conf *c, const struct pol_chain *chain)
{
	const char *at = (const char *)chain, *begin = (const char *)c->peers;

	return at >= begin && at < begin + c->n_peers * sizeof(*c->peers);
}

/* The same chain as the next configuration has it: that of a member that nothing has changed for. */
static const struct pol_chain *chain_again(
	const struct router *r, const struct out_group *g, const uint8_t *fates)
{
	for (unsigned i = 0; i < g->n_members; i++) {
		uint32_t peer = g->members[i].peer;

		if (peer < r->conf->n_peers && fates[peer] == CONF_FATE_SAME)
			return &r->conf->peers[peer].export_chain;
	}
	return g->view.chain; /* all of them are about to leave it */
}

static void chains_keep(struct router *r, const uint8_t *fates)
{
	for (unsigned t = 0; t < r->out.n_tables; t++)
		for (struct out_group *g = r->out.by_table[t]; g; g = g->next)
			if (g->view.chain)
				g->view.chain = chain_again(r, g, fates);
}

static bool has_old_chain(const struct router *r)
{
	for (unsigned t = 0; t < r->out.n_tables; t++)
		for (const struct out_group *g = r->out.by_table[t]; g; g = g->next)
			if (g->view.chain && !is_of(r->conf, g->view.chain))
				return true;
	return false;
}

/* --- the whole --- */

static bool reflects(const struct conf *c)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		if (c->peers[i].reflector_client)
			return true;
	return false;
}

/* RFC 4456 8: whether routes of internal neighbours are told to others is no matter of those others' own settings. */
static void reflection_reload(struct core_run *run, const struct conf *before)
{
	struct router *r = run->r;

	core_retain_reload(run);
	if (reflects(before) == reflects(r->conf))
		return;
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		r->peers[i].view_changed |= r->peers[i].source != RIB_SOURCE_NONE;
	r->views_changed = true;
}

/* A Loc-RIB with one family more is another one to a station. */
static void tables_reload(struct core_run *run)
{
	if (!core_feed_tables(run->r))
		return;
	core_bmp_loc_rib_end(run, 0);
	core_bmp_loc_rib_begin(run, 0);
}

static void peers_reload(struct core_run *run, const struct conf *before, const uint8_t *fates)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		if (fates[i] <= CONF_FATE_POLICY)
			peer_keep(r, &r->peers[i], before);
		else if (fates[i] == CONF_FATE_NEW)
			core_session_init(&r->peers[i], r->conf, i, r->seed);
		else
			peer_renew(run, i);
	}
}

static void peers_go_on(struct core_run *run, const struct conf *before, const uint8_t *fates)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (p->source != RIB_SOURCE_NONE) {
			core_policy_learn(r, p, core_feed_local(p));
			core_feed_subnet(r, p);
		}
		if (fates[i] == CONF_FATE_POLICY)
			policy_changed(run, p, &before->peers[i]);
		else if (fates[i] != CONF_FATE_SAME)
			peer_begin(run, p);
	}
}

static unsigned count(const uint8_t *fates, unsigned n, enum conf_fate fate)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++)
		found += fates[i] == fate;
	return found;
}

void core_reload(struct core_run *run, const struct conf *next, const struct conf_change *change)
{
	struct router *r = run->r;
	const struct conf *before = r->conf;
	const uint8_t *fates = change->fates;

	core_remotes_leave(run, change->remotes);
	sessions_end(run, fates);
	core_vrfs_leave(run, change->vrfs);
	r->conf = next;
	core_remotes_keep(r);
	chains_keep(r, fates);
	peers_reload(run, before, fates);
	core_vrfs_reload(run, before, change->vrfs);
	tables_reload(run);
	core_guards_reload(run, before, change);
	core_sources_reload(run);
	peers_go_on(run, before, fates);
	core_remotes_reload(run, change->remotes);
	reflection_reload(run, before);
	core_told_reload(run);
	effect_note(run->fx, LOG_INFO_, "reloaded",
		"same=%u policy=%u reset=%u gone=%u new=%u vrfs_changed=%u vrfs_gone=%u "
		"vrfs_new=%u",
		count(fates, next->n_peers, CONF_FATE_SAME),
		count(fates, next->n_peers, CONF_FATE_POLICY),
		count(fates, next->n_peers, CONF_FATE_RESET),
		count(fates, next->n_peers, CONF_FATE_GONE),
		count(fates, next->n_peers, CONF_FATE_NEW),
		count(change->vrfs, next->n_vrfs, CONF_FATE_POLICY),
		count(change->vrfs, next->n_vrfs, CONF_FATE_GONE),
		count(change->vrfs, next->n_vrfs, CONF_FATE_NEW));
}

bool core_reload_is_busy(const struct router *r)
{
	return r->views_changed || r->again.judges || r->again.asked || r->n_vrfs_leaving ||
	       has_old_chain(r);
}

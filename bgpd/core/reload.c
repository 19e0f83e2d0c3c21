#include "bgpd/core/reload.h"

#include <stdlib.h>

#include "bgpd/core/feed.h"
#include "bgpd/core/import.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/policy.h"
#include "bgpd/core/remotes.h"
#include "bgpd/core/session.h"
#include "bgpd/core/told.h"
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

static void vrfs_keep(struct router *r, const struct conf *before)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		const struct conf_vrf *was = &before->vrfs[i], *now = &r->conf->vrfs[i];
		struct vrf_conf *v = &r->vrfs.list[i].conf;

		r->sites[i].conf = now;
		v->name = now->name;
		if (v->import.rts == was->import_rts)
			v->import.rts = now->import_rts;
		v->export.rts = now->export_rts;
	}
}

/* What the neighbour sent is looked at anew: from what is here, or, where that is not all, by asking for it (RFC 2918). */
static void import_changed(struct core_run *run, struct core_peer *p, bool kept)
{
	core_import_again(run->r, 0);
	if (!kept || !core_import_keeps(p))
		for (unsigned f = 0; f < WIRE_FAMILIES; f++)
			core_session_ask(run, p, f);
}

static void policy_changed(
	struct core_run *run, struct core_peer *p, const struct conf_peer *before)
{
	bool kept = before->import_chain.n > 0 && before->keep_rejected;

	if (p->conf->graceful_shutdown != before->graceful_shutdown)
		p->graceful_shutdown = p->conf->graceful_shutdown;
	if (p->source == RIB_SOURCE_NONE)
		return;
	import_changed(run, p, kept);
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

void core_reload(struct core_run *run, const struct conf *next, const struct conf_change *change)
{
	struct router *r = run->r;
	const uint8_t *fates = change->fates;
	const struct conf *before = r->conf;
	unsigned counts[CONF_FATE_NEW + 1] = {0};

	sessions_end(run, fates);
	r->conf = next;
	vrfs_keep(r, before);
	core_remotes_keep(r);
	chains_keep(r, fates);
	for (unsigned i = 0; i < next->n_peers; i++) {
		counts[fates[i]]++;
		if (fates[i] <= CONF_FATE_POLICY)
			peer_keep(r, &r->peers[i], before);
		else if (fates[i] == CONF_FATE_NEW)
			core_session_init(&r->peers[i], next, i, r->seed);
		else
			peer_renew(run, i);
	}
	for (unsigned i = 0; i < next->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (p->source != RIB_SOURCE_NONE)
			core_policy_learn(r, p, core_feed_local(p));
		if (fates[i] == CONF_FATE_POLICY)
			policy_changed(run, p, &before->peers[i]);
		else if (fates[i] != CONF_FATE_SAME)
			peer_begin(run, p);
	}
	effect_note(run->fx, LOG_INFO_, "reloaded", "same=%u policy=%u reset=%u gone=%u new=%u",
		counts[CONF_FATE_SAME], counts[CONF_FATE_POLICY], counts[CONF_FATE_RESET],
		counts[CONF_FATE_GONE], counts[CONF_FATE_NEW]);
}

bool core_reload_is_busy(const struct router *r)
{
	return r->views_changed || r->again.judges || r->again.asked || has_old_chain(r);
}

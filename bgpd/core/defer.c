#include "bgpd/core/defer.h"

#include "bgpd/core/nexthops.h"
#include "bgpd/core/restart.h"
#include "bgpd/core/session.h"
#include "bgpd/fsm/nego.h"
#include "bgpd/wire/notify.h"
#include "lib/log.h"

/* RT membership is not waited for: it does not decide how anything is forwarded. */
#define FORWARDED (WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4))

#define TELL_MAX_MS 10000 /* next hops that nobody answers for are not waited for longer */

/* The run before may have lost one to a reload. */
static bool has_vrf(const struct router *r, uint16_t vrf)
{
	return vrf < r->vrfs.n && !conf_vrf_is_gone(&r->conf->vrfs[vrf]);
}

void core_defer_kept(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;
	const struct fib_msg *m = &ev->fib;

	if (r->started)
		return;
	r->defer.kept = true;
	if (m->label)
		vrf_label_keep(&r->vrfs, has_vrf(r, m->vrf) ? &r->vrfs.list[m->vrf] : NULL,
			m->label, run->now_ms);
}

static void offer_all(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		core_restart_offer(&r->peers[i], r->defer.kept, r->defer.phase != CORE_DEFER_OFF);
}

void core_defer_start(struct core_run *run)
{
	struct router *r = run->r;
	struct core_defer *d = &r->defer;
	uint32_t back_s = 0, stale_s = 0;
	unsigned n = 0;

	d->until_ms = TIMERQ_NEVER;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct conf_restart *c = &r->peers[i].conf->restart;

		if (!c->restarter || r->peers[i].conf->dynamic)
			continue;
		n++;
		back_s = c->time_s > back_s ? c->time_s : back_s;
		stale_s = c->stale_s > stale_s ? c->stale_s : stale_s;
	}
	if (!d->kept || !n)
		return;
	d->phase = CORE_DEFER_WAIT;
	d->back_by_ms = run->now_ms + back_s * 1000ull;
	d->until_ms = run->now_ms + stale_s * 1000ull;
	effect_note(run->fx, LOG_INFO_, "restarting", "neighbors=%u back_s=%u wait_s=%u", n, back_s,
		stale_s);
	offer_all(r);
}

static bool is_waited_for(const struct core_run *run, const struct core_peer *p)
{
	const struct wire_restart *theirs = &p->fsm.open.restart;

	if (!p->conf->restart.restarter || p->conf->dynamic)
		return false;
	if (p->source == RIB_SOURCE_NONE)
		return run->now_ms < run->r->defer.back_by_ms;
	return theirs->sent && !theirs->restarting && (p->fsm.ctx.families & FORWARDED & ~p->eor);
}

static bool all_have_spoken(const struct core_run *run)
{
	if (run->now_ms >= run->r->defer.until_ms)
		return true;
	for (unsigned i = 0; i < run->r->conf->n_peers; i++)
		if (is_waited_for(run, &run->r->peers[i]))
			return false;
	return true;
}

static bool all_is_decided(const struct core_run *run)
{
	struct router *r = run->r;

	if (run->now_ms >= r->defer.until_ms)
		return true;
	for (unsigned i = 0; i < r->vrfs.n; i++)
		if (r->vrfs.list[i].label_state == VRF_LABEL_PENDING)
			return false;
	return !rib_store_has_work(r->store) && !vrfs_work(&r->vrfs, &(unsigned){0}) &&
	       core_nexthops_are_answered(r);
}

bool core_defer_step(struct core_run *run)
{
	struct core_defer *d = &run->r->defer;
	enum core_defer_phase before = d->phase;

	if (d->phase == CORE_DEFER_WAIT && all_have_spoken(run)) {
		effect_note(run->fx, LOG_INFO_, "restart_deciding", "timed_out=%s",
			run->now_ms >= d->until_ms ? "true" : "false");
		d->phase = CORE_DEFER_TELL;
		d->until_ms = run->now_ms + TELL_MAX_MS;
	} else if (d->phase == CORE_DEFER_TELL && all_is_decided(run)) {
		d->phase = CORE_DEFER_OFF;
		d->until_ms = TIMERQ_NEVER;
		offer_all(run->r);
	}
	return d->phase != before;
}

bool core_defer_decides(const struct router *r)
{
	return r->defer.phase != CORE_DEFER_WAIT;
}

bool core_defer_tells(const struct router *r)
{
	return r->defer.phase == CORE_DEFER_OFF;
}

uint64_t core_defer_deadline(const struct router *r)
{
	const struct core_defer *d = &r->defer;

	if (d->phase == CORE_DEFER_OFF)
		return TIMERQ_NEVER;
	return d->phase == CORE_DEFER_WAIT && d->back_by_ms < d->until_ms ? d->back_by_ms
									  : d->until_ms;
}

static bool will_wait_for_us(const struct core_peer *p)
{
	return p->conf->restart.restarter &&
	       fsm_nego_keeps(&p->fsm.conf, &p->fsm.open, FSM_LOSS_TCP);
}

void core_defer_leave(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;

	(void)ev;
	if (r->stopping)
		return;
	r->stopping = r->leaving = r->done = true;
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		core_session_stop(run, &r->peers[i],
			will_wait_for_us(&r->peers[i]) ? FSM_STOP_SILENT
						       : WIRE_CEASE_ADMIN_SHUTDOWN,
			"ravelin restarts");
	effect_done(run->fx);
}

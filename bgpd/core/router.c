#include "bgpd/core/router.h"

#include <stdlib.h>

#include "bgpd/core/admin.h"
#include "bgpd/core/bmp.h"
#include "bgpd/core/defer.h"
#include "bgpd/core/feed.h"
#include "bgpd/core/fibin.h"
#include "bgpd/core/fibplan.h"
#include "bgpd/core/guards.h"
#include "bgpd/core/import.h"
#include "bgpd/core/interval.h"
#include "bgpd/core/labels.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/longlived.h"
#include "bgpd/core/nexthops.h"
#include "bgpd/core/policy.h"
#include "bgpd/core/reload.h"
#include "bgpd/core/remotes.h"
#include "bgpd/core/retain.h"
#include "bgpd/core/rtc.h"
#include "bgpd/core/session.h"
#include "bgpd/core/sites.h"
#include "bgpd/core/sources.h"
#include "bgpd/core/state.h"
#include "bgpd/core/told.h"
#include "bgpd/core/vrfs.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/log.h"

#define MESSAGE_ARENA_OCTETS                                                                       \
	(512 * 1024) /* what the longest message makes: a widened path, lists, their copies */
#define STATS_EVERY_MS	   2000
#define SYNC_AFTER_MS	   10000 /* what a crashed run left goes at the latest then */
#define INTAKE_CHANGES_MAX 16384 /* what waits for its decision while peers go on talking */
#define INTAKE_FIB_MAX	   4096 /* messages to mplsfwd that the shell has not asked for (router_work) */

static void peers_make(struct router *r, uint64_t seed)
{
	const struct conf *c = r->conf;

	/* room for those that a reload brings: memory that nobody touches costs none */
	r->peers = calloc(CORE_PEERS_MAX, sizeof(*r->peers));
	CHECK(r->peers);
	for (unsigned i = 0; i < c->n_peers; i++)
		core_session_init(&r->peers[i], c, i, seed);
}

struct router *router_new(const struct conf *conf, uint64_t seed)
{
	struct router *r = calloc(1, sizeof(*r));

	CHECK(r);
	r->conf = conf;
	r->seed = seed;
	r->store = rib_store_new(seed);
	core_vrfs_init(r);
	peers_make(r, seed);
	core_retain_init(r);
	(void)core_feed_tables(r);
	core_sites_init(r);
	core_sources_init(r);
	out_set_init(&r->out, r->store);
	core_told_init(r);
	core_remotes_init(r);
	r->ports = calloc(CORE_PORTS_MAX, sizeof(*r->ports));
	CHECK(r->ports);
	core_guards_init(r);
	arena_init(&r->arena, MESSAGE_ARENA_OCTETS);
	arena_init(&r->edits, MESSAGE_ARENA_OCTETS);
	timerq_init(&r->timers);
	r->stats_at_ms = r->sync_at_ms = r->refill_at_ms = TIMERQ_NEVER;
	return r;
}

void router_free(struct router *r)
{
	core_remotes_fini(r);
	out_set_fini(&r->out);
	vrfs_fini(&r->vrfs);
	rib_store_free(r->store);
	core_rtc_fini(r);
	core_told_fini(r);
	core_sources_fini(r);
	core_sites_fini(r);
	core_nexthops_fini(r);
	timerq_fini(&r->timers);
	arena_fini(&r->arena);
	arena_fini(&r->edits);
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		core_policy_fini(&r->peers[i]);
	core_guards_fini(r);
	free(r->ports);
	free(r->peers);
	free(r);
}

/* What router_work has to do and could have done by now needs no timer: the shell calls it anyway, when it can. */
static uint64_t in_future(const struct core_run *run, uint64_t at_ms)
{
	return at_ms > run->now_ms ? at_ms : TIMERQ_NEVER;
}

static void arm_chores(struct core_run *run)
{
	struct router *r = run->r;
	uint64_t label = in_future(run, core_labels_deadline(r));
	uint64_t sync = in_future(run, r->sync_at_ms), at = r->stats_at_ms;
	uint64_t refill = in_future(run, r->refill_at_ms);
	uint64_t defer = in_future(run, core_defer_deadline(r));
	uint64_t interval = in_future(run, core_interval_deadline(r));
	uint64_t remotes = core_remotes_deadline(r);

	if (label < at)
		at = label;
	if (sync < at)
		at = sync;
	if (refill < at)
		at = refill;
	if (defer < at)
		at = defer;
	if (interval < at)
		at = interval;
	if (remotes < at)
		at = remotes;
	if (at == TIMERQ_NEVER)
		timerq_del(&r->timers, &r->chores);
	else
		timerq_add(&r->timers, &r->chores, at);
}

static void on_start(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;

	if (r->stopping)
		return;
	core_defer_start(run);
	r->started = true;
	r->wall_us = ev->wall_us ? ev->wall_us - run->now_ms * 1000 : 0;
	r->stats_at_ms = run->now_ms;
	r->sync_at_ms = r->synced ? TIMERQ_NEVER : run->now_ms + SYNC_AFTER_MS;
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		core_session_start(run, &r->peers[i]);
	core_remotes_start(run);
}

static void on_stop(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;

	(void)ev;
	if (r->stopping)
		return;
	r->stopping = true;
	r->stats_at_ms = r->sync_at_ms = TIMERQ_NEVER;
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		core_session_stop(run, &r->peers[i], WIRE_CEASE_ADMIN_SHUTDOWN, "ravelin stops");
	core_remotes_stop(run);
	core_sites_stop(run);
	core_labels_stop(run);
}

/* A protected peer without a session: the kernel's counters say whether it is the key (core/fibin). */
static bool waits_for_a_key(const struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->conf->peers[i].password_len && !r->conf->peers[i].slot &&
			r->peers[i].source == RIB_SOURCE_NONE)
			return true;
	return false;
}

static void chores(struct core_run *run)
{
	struct router *r = run->r;

	if (r->stats_at_ms <= run->now_ms) {
		r->stats_at_ms = run->now_ms + STATS_EVERY_MS;
		if (waits_for_a_key(r))
			effect_fib(run->fx,
				&(struct fib_msg){.type = FIB_STATS_GET, .seq = ++r->fib_seq});
	}
	core_remotes_tick(run);
	/* labels and FIB_SYNC: router_work looks at the time itself */
}

static void on_timer(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;
	struct timer *t;

	(void)ev;
	while ((t = timerq_pop(&r->timers, run->now_ms)) != NULL) {
		if (t == &r->chores)
			chores(run);
		else
			core_session_timer(run, CONTAINER_OF(t, struct core_peer, timer));
	}
}

static void emit(void *arg, uint32_t peer, struct out_block *block)
{
	struct core_run *run = arg;
	enum fsm_slot slot;
	struct core_peer *p;

	if (peer >= CORE_PEERS_MAX) {
		core_bmp_emit(run, peer, block);
		return;
	}
	p = &run->r->peers[peer];
	if (!core_session_slot(p, &slot))
		return;
	core_session_send(run, p, slot, block);
	core_interval_told(run, p);
}

/* In the order of the design: other tables, the kernel, the neighbours. */
static void change_consume(struct core_run *run, const struct rib_change *c)
{
	struct router *r = run->r;
	bool in_vrf =
		c->table->vrf != RIB_VRF_CORE; /* the others are none of the kernel's business */

	if (r->watch && !c->same)
		r->watch(r->watch_arg, r, c);
	if (c->table->watched)
		core_sources_change(run, c);
	if (!c->same)
		vrfs_change(&r->vrfs, c);
	if (!c->same && in_vrf)
		core_fibplan_change(run, c);
	if (c->was || c->now)
		out_set_change(&r->out, c, emit, run);
}

static void consume_changes(struct core_run *run, unsigned *budget)
{
	struct router *r = run->r;
	struct rib_change c;

	while (*budget && rib_change_next(r->store, budget, &c)) {
		change_consume(run, &c);
		rib_change_done(r->store, &c);
	}
}

/*
 * Peers that announce faster than the shell calls router_work make no long queue: what they changed is decided while it
 * is still in the processor's caches, and what waits takes no memory. The kernel's part is left to the shell's pace.
 */
static void on_recv(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;

	core_session_recv(run, ev);
	if (r->store->changes.n <= INTAKE_CHANGES_MAX || r->fib_ahead > INTAKE_FIB_MAX ||
		!core_defer_tells(r))
		return;
	consume_changes(run, &(unsigned){INTAKE_CHANGES_MAX});
	out_set_now(&r->out, run->now_ms);
	out_set_work(&r->out, &(unsigned){0}, emit, run);
}

void router_tap(struct router *r, const struct router_tap *tap)
{
	r->tap = tap ? *tap : (struct router_tap){0};
}

void router_watch(struct router *r, router_watch_fn *fn, void *arg)
{
	r->watch = fn;
	r->watch_arg = arg;
}

typedef void event_handler(struct core_run *run, const struct event *ev);

void router_step(struct router *r, const struct event *ev, uint64_t now_ms, struct effects *fx)
{
	static event_handler *const handlers[] = {
		[EV_START] = on_start,
		[EV_STOP] = on_stop,
		[EV_ACCEPT] = core_session_accept,
		[EV_CONNECTED] = core_session_connected,
		[EV_CONN_FAILED] = core_session_closed,
		[EV_CONN_CLOSED] = core_session_closed,
		[EV_RECV] = on_recv,
		[EV_TIMER] = on_timer,
		[EV_FIB] = core_fibin_step,
		[EV_CONN_FULL] = core_session_flow,
		[EV_CONN_DRAINED] = core_session_flow,
		[EV_CONN_STALLED] = core_session_flow,
		[EV_CONN_PROGRESS] = core_session_flow,
		[EV_ADMIN] = core_admin_step,
		[EV_LEAVE] = core_defer_leave,
		[EV_REMOTE_UP] = core_remotes_step,
		[EV_REMOTE_DOWN] = core_remotes_step,
		[EV_REMOTE_RECV] = core_remotes_step,
		[EV_REMOTE_FULL] = core_remotes_step,
		[EV_REMOTE_DRAINED] = core_remotes_step,
	};
	struct core_run run = {.r = r, .now_ms = now_ms, .fx = fx};

	CHECK(ev->kind < ARRAY_LEN(handlers));
	handlers[ev->kind](&run, ev);
	core_bmp_flush(&run);
	arm_chores(&run);
}

static void say_sync(struct core_run *run)
{
	struct router *r = run->r;

	if (!r->started || r->synced || r->stopping || !core_defer_tells(r))
		return;
	/* a VPN route is wanted only when its next hop is known: until then the old run's must not be swept */
	if (run->now_ms < r->sync_at_ms &&
		!(core_feed_is_settled(r) && core_nexthops_are_answered(r)))
		return;
	r->synced = true;
	r->sync_at_ms = TIMERQ_NEVER;
	effect_fib(run->fx, &(struct fib_msg){.type = FIB_SYNC});
}

static void say_bye(struct core_run *run)
{
	struct router *r = run->r;

	if (!r->stopping || r->done || !core_labels_are_gone(r))
		return;
	r->done = true;
	effect_fib(run->fx, &(struct fib_msg){.type = FIB_BYE});
	effect_done(run->fx);
}

bool router_work(struct router *r, unsigned budget, uint64_t now_ms, struct effects *fx)
{
	struct core_run run = {.r = r, .now_ms = now_ms, .fx = fx};
	/* neighbours that wait for a whole table get their share however much else changes */
	unsigned share = budget / 4;
	bool left, walks = false;

	if (r->leaving)
		return false;
	r->fib_ahead = 0;
	budget -= share;
	(void)core_defer_step(&run);
	left = rib_store_work(r->store, &budget);
	core_bmp_flush(&run);
	if (core_defer_decides(r)) {
		consume_changes(&run, &budget);
		vrfs_work(&r->vrfs, &budget);
		core_retain_work(r, &budget);
		walks = core_sources_work(r, &budget);
		(void)core_longlived_work(r, &budget);
	}
	budget += share;
	core_rtc_step(&run);
	out_set_now(&r->out, now_ms);
	if (core_defer_tells(r))
		left = out_set_work(&r->out, &budget, emit, &run);
	if (core_interval_step(&run))
		left |= out_set_work(&r->out, &(unsigned){0}, emit, &run);
	core_labels_step(&run);
	core_nexthops_step(&run);
	core_limit_vrfs(&run);
	if (core_defer_decides(r))
		left = left || walks || r->retain.on || r->longlived ||
		       rib_store_has_work(r->store) || vrfs_work(&r->vrfs, &(unsigned){0});
	if (!left)
		left = core_admin_work(&run);
	left = core_import_work(&run, &budget) || left;
	core_bmp_flush(&run);
	left = core_remotes_work(&run, &budget) || left;
	left = core_defer_step(&run) || left;
	core_told_step(&run, !left);
	core_vrfs_step(&run);
	if (!left) {
		say_sync(&run);
		say_bye(&run);
	}
	arm_chores(&run);
	return left;
}

void router_vrf_import(struct router *r, uint16_t vrf, const uint64_t *rts, unsigned n,
	uint64_t now_ms, struct effects *fx)
{
	struct core_run run = {.r = r, .now_ms = now_ms, .fx = fx};

	if (core_retain_set(r, vrf, rts, n))
		core_retain_grow(&run);
	arm_chores(&run);
}

bool router_reload(struct router *r, const struct conf *next, const struct conf_change *change,
	uint64_t now_ms, struct effects *fx)
{
	struct core_run run = {.r = r, .now_ms = now_ms, .fx = fx};

	if (router_is_reloading(r))
		return false;
	core_reload(&run, next, change);
	arm_chores(&run);
	return true;
}

bool router_is_reloading(const struct router *r)
{
	return core_reload_is_busy(r);
}

uint64_t router_deadline(const struct router *r)
{
	return timerq_next(&r->timers);
}

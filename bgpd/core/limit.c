#include "bgpd/core/limit.h"

#include "bgpd/core/feed.h"
#include "bgpd/core/session.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/log.h"
#include "vrf/limit.h"

enum level { LEVEL_BELOW, LEVEL_NEAR, LEVEL_OVER };

static bool worth_a_line(uint64_t n) /* 1, 2, 4, 8 ... */
{
	return n && (n & (n - 1)) == 0;
}

static uint32_t count_of(const struct router *r, const struct core_peer *p)
{
	return p->source == RIB_SOURCE_NONE ? 0
					    : rib_source_paths(rib_source_get(r->store, p->source));
}

static struct vrf *vrf_of(const struct router *r, const struct core_peer *p)
{
	return core_peer_in_vrf(p) ? &r->vrfs.list[p->conf->vrf] : NULL;
}

static bool has_room(const struct router *r, const struct core_peer *p, unsigned n)
{
	const struct conf_limit *l = &p->conf->max_prefix;
	const struct vrf *v = vrf_of(r, p);

	if (l->action == CONF_LIMIT_DROP && (uint64_t)count_of(r, p) + n > l->max)
		return false;
	return !v || vrf_limit_has_room(v, n);
}

void core_limit_init(struct core_limit *l)
{
	*l = (struct core_limit){.restart_at_ms = TIMERQ_NEVER, .refresh_at_ms = TIMERQ_NEVER};
}

bool core_limit_is_near(const struct router *r, const struct core_peer *p, unsigned n)
{
	return !has_room(r, p, n);
}

bool core_limit_admit(struct core_run *run, struct core_peer *p, const struct rib_table *t,
	const struct wire_nlri *n, uint16_t source)
{
	struct rib_route route = {.source = source, .id = n->path_id};

	if (has_room(run->r, p, 1) || rib_table_has(t, n, &route))
		return true;
	p->limit.missing = true;
	if (worth_a_line(++p->limit.left_out))
		effect_note(run->fx, LOG_WARN_, "routes_left_out",
			"peer=%s why=\"above the limit\" total=%llu", p->name,
			(unsigned long long)p->limit.left_out);
	return false;
}

/* So much room that the answer to a refresh will not end at the limit again at once. */
static bool is_eased(const struct router *r, const struct core_peer *p)
{
	const struct conf_limit *l = &p->conf->max_prefix;
	const struct vrf *v = vrf_of(r, p);
	uint32_t spare = l->max / 10 ? l->max / 10 : 1;

	if (l->action == CONF_LIMIT_DROP && (uint64_t)count_of(r, p) + spare > l->max)
		return false;
	return !v || vrf_limit_is_eased(v);
}

static void plan_refresh(struct core_run *run, struct core_peer *p)
{
	struct core_limit *l = &p->limit;

	if (!l->missing || l->refresh_at_ms != TIMERQ_NEVER || !p->fsm.ctx.refresh ||
		!is_eased(run->r, p))
		return;
	l->refresh_at_ms = run->now_ms + CORE_LIMIT_REFRESH_MS;
	core_session_arm(run, p);
}

static enum level level_of(const struct core_peer *p, uint32_t n)
{
	const struct conf_limit *l = &p->conf->max_prefix;

	if (n > l->max || (l->action == CONF_LIMIT_DROP && n == l->max && p->limit.missing))
		return LEVEL_OVER;
	if (l->warn_percent && n * 100ull >= (uint64_t)l->max * l->warn_percent)
		return LEVEL_NEAR;
	return LEVEL_BELOW;
}

static const char *action_name(enum conf_limit_action action)
{
	static const char *const names[] = {[CONF_LIMIT_NONE] = "none",
		[CONF_LIMIT_WARN] = "warn",
		[CONF_LIMIT_DROP] = "drop",
		[CONF_LIMIT_STOP] = "stop",
		[CONF_LIMIT_RESTART] = "restart"};

	return names[action];
}

static void say_level(struct core_run *run, struct core_peer *p, uint32_t n)
{
	enum level before = p->limit.level, now = level_of(p, n);
	uint64_t *times = now == LEVEL_OVER ? &p->limit.times_over : &p->limit.times_near;

	p->limit.level = (uint8_t)now;
	if (now <= before || !worth_a_line(++*times))
		return;
	effect_note(run->fx, now == LEVEL_OVER ? LOG_ERROR_ : LOG_WARN_,
		now == LEVEL_OVER ? "max_prefix" : "max_prefix_near",
		"peer=%s max=%u prefixes=%u action=%s times=%llu", p->name, p->conf->max_prefix.max,
		n, action_name(p->conf->max_prefix.action), (unsigned long long)*times);
}

static void stop(struct core_run *run, struct core_peer *p, enum wire_family f)
{
	const struct conf_limit *l = &p->conf->max_prefix;
	uint8_t data[7];
	struct wbuf w = wbuf_of(data, sizeof(data));

	wbuf_put_u16(&w, wire_family_get(f)->afi);
	wbuf_put_u8(&w, wire_family_get(f)->safi);
	wbuf_put_u32(&w, l->max);
	p->limit.stopped = true; /* first: a dynamic neighbour's place stays taken */
	core_session_input(run, p,
		&(struct fsm_input){.kind = FSM_IN_STOP,
			.subcode = WIRE_CEASE_MAX_PREFIX,
			.data = data,
			.data_len = (uint8_t)w.len});
	if (l->action == CONF_LIMIT_RESTART)
		p->limit.restart_at_ms = run->now_ms + l->restart_s * 1000ull;
	core_session_arm(run, p);
}

void core_limit_check(struct core_run *run, struct core_peer *p, enum wire_family f)
{
	const struct conf_limit *l = &p->conf->max_prefix;
	uint32_t n = count_of(run->r, p);

	plan_refresh(run, p);
	if (!l->max || l->action == CONF_LIMIT_NONE)
		return;
	say_level(run, p, n);
	if (n > l->max && (l->action == CONF_LIMIT_STOP || l->action == CONF_LIMIT_RESTART))
		stop(run, p, f);
}

static void check_vrf(struct core_run *run, struct core_site *s, struct vrf *v)
{
	uint64_t n = v->table->n_paths;
	bool over = n > v->conf.max_routes || v->left_out != s->left_out;

	if (over && !s->over && worth_a_line(++s->times_over))
		effect_note(run->fx, LOG_ERROR_, "vrf_max_routes",
			"vrf=%s max=%u routes=%llu left_out=%llu", v->conf.name, v->conf.max_routes,
			(unsigned long long)n, (unsigned long long)v->left_out);
	s->over = over || (s->over && n >= v->conf.max_routes);
	s->left_out = v->left_out;
	if (!v->missing || !vrf_limit_is_eased(v))
		return;
	if (run->now_ms < s->refill_at_ms) {
		if (s->refill_at_ms < run->r->refill_at_ms)
			run->r->refill_at_ms = s->refill_at_ms;
		return;
	}
	s->refill_at_ms = run->now_ms + CORE_LIMIT_REFRESH_MS;
	vrf_limit_refill(v);
}

void core_limit_vrf_again(struct core_run *run, unsigned vrf)
{
	struct router *r = run->r;
	struct core_site *s = &r->sites[vrf];

	s->over = false;
	s->refill_at_ms = 0;
	if (r->vrfs.list[vrf].missing)
		vrf_limit_refill(&r->vrfs.list[vrf]);
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->peers[i].conf->vrf == (int)vrf)
			plan_refresh(run, &r->peers[i]);
}

void core_limit_vrfs(struct core_run *run)
{
	struct router *r = run->r;
	bool eased = false;

	r->refill_at_ms = TIMERQ_NEVER;
	for (unsigned i = 0; i < r->vrfs.n; i++) {
		struct vrf *v = &r->vrfs.list[i];

		if (!v->conf.max_routes)
			continue;
		check_vrf(run, &r->sites[i], v);
		eased |= vrf_limit_is_eased(v);
	}
	for (unsigned i = 0; eased && i < r->conf->n_peers; i++)
		if (core_peer_in_vrf(&r->peers[i]))
			plan_refresh(run, &r->peers[i]);
}

void core_limit_down(struct core_peer *p)
{
	p->limit.missing = false;
	p->limit.level = LEVEL_BELOW;
	p->limit.refresh_at_ms = TIMERQ_NEVER;
}

static void refresh(struct core_run *run, struct core_peer *p)
{
	p->limit.refresh_at_ms = TIMERQ_NEVER;
	if (p->source == RIB_SOURCE_NONE || !is_eased(run->r, p))
		return; /* the next withdrawal plans it anew */
	p->limit.missing = false;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (p->fsm.ctx.families & WIRE_FAMILY_BIT(f))
			core_session_ask(run, p, f);
}

void core_limit_timer(struct core_run *run, struct core_peer *p)
{
	struct core_limit *l = &p->limit;

	if (l->refresh_at_ms <= run->now_ms)
		refresh(run, p);
	if (l->restart_at_ms > run->now_ms)
		return;
	core_limit_reset(p);
	core_session_start(run, p);
}

uint64_t core_limit_deadline(const struct core_peer *p)
{
	const struct core_limit *l = &p->limit;

	return l->refresh_at_ms < l->restart_at_ms ? l->refresh_at_ms : l->restart_at_ms;
}

void core_limit_reset(struct core_peer *p)
{
	p->limit.stopped = false;
	p->limit.restart_at_ms = TIMERQ_NEVER;
}

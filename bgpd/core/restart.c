#include "bgpd/core/restart.h"

#include "bgpd/core/longlived.h"
#include "bgpd/fsm/nego.h"
#include "bgpd/rib/stale.h"
#include "lib/check.h"
#include "lib/log.h"

/* RT membership is no route that is forwarded by. */
#define FORWARDED (WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4))

static void say_preserved(struct wire_restart *o)
{
	o->preserved = o->families;
	o->ll_preserved = o->ll_families & o->families;
}

void core_restart_offer(struct core_peer *p, bool kept, bool restarting)
{
	const struct conf_restart *c = &p->conf->restart;
	struct wire_restart *o = &p->fsm.conf.restart;

	*o = (struct wire_restart){.sent = c->helper || c->restarter};
	if (!o->sent)
		return;
	o->notification = true;
	o->long_lived = c->long_lived_s > 0;
	if (o->long_lived)
		o->ll_families = p->conf->families & FORWARDED;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		o->ll_stale_s[f] = c->long_lived_s;
	if (!c->restarter)
		return;
	o->restarting = restarting;
	o->time_s = c->time_s;
	o->families = p->conf->families & FORWARDED;
	if (kept || p->fsm.established_count)
		say_preserved(o);
}

static void enter(
	struct core_run *run, struct core_peer *p, enum core_restart_phase phase, uint64_t in_ms)
{
	p->restart.phase = phase;
	p->restart.at_ms = phase == CORE_RESTART_NONE ? TIMERQ_NEVER : run->now_ms + in_ms;
}

static void leave(struct core_run *run, struct core_peer *p)
{
	p->restart.source = RIB_SOURCE_NONE;
	p->restart.families = 0;
	p->restart.walk.on = false;
	enter(run, p, CORE_RESTART_NONE, 0);
}

bool core_restart_lost(struct core_run *run, struct core_peer *p)
{
	const struct wire_restart *theirs = &p->fsm.open.restart;
	uint32_t restart = theirs->time_s ? theirs->families & p->fsm.ctx.families : 0;
	uint32_t keep = restart | core_longlived_families(p);
	uint16_t source = p->source;

	/* a place of a range (dynamic) is somebody else's next */
	if (!p->conf->restart.helper || p->conf->dynamic || !keep ||
		!fsm_nego_keeps(&p->fsm.conf, &p->fsm.open, p->fsm.loss) ||
		!rib_stale_begin(run->r->store, source, keep)) {
		leave(run, p);
		return false;
	}
	p->restart.source = source;
	p->restart.families = keep;
	p->restart.count++;
	p->restart.walk.on = false;
	enter(run, p, CORE_RESTART_WAIT, restart ? theirs->time_s * 1000ull : 0);
	effect_note(run->fx, LOG_WARN_, "restart_wait", "peer=%s routes=%u restart_s=%u", p->name,
		core_restart_stale(run->r, p), theirs->time_s);
	return true;
}

bool core_restart_yield(struct core_peer *p)
{
	if (p->conn[FSM_OUTBOUND] != CORE_CONN_NONE || !fsm_peer_yield(&p->fsm))
		return false;
	p->conn[FSM_OUTBOUND] = p->conn[FSM_INBOUND];
	p->local[FSM_OUTBOUND] = p->local[FSM_INBOUND];
	p->conn[FSM_INBOUND] = CORE_CONN_NONE;
	return true;
}

static bool is_the_same(const struct rib_source *was, const struct rib_source *now)
{
	return was->ebgp == now->ebgp && was->as == now->as && was->router_id == now->router_id &&
	       was->track == now->track && ip_addr_equal(&was->addr, &now->addr);
}

uint16_t core_restart_resume(
	struct core_run *run, struct core_peer *p, const struct rib_source *now)
{
	const struct wire_restart *theirs = &p->fsm.open.restart;
	struct wire_restart *ours = &p->fsm.conf.restart;
	struct core_restart *s = &p->restart;
	uint16_t source = s->source;
	uint32_t kept = s->families & p->fsm.ctx.families &
			((theirs->families & theirs->preserved) |
				(theirs->ll_families & theirs->ll_preserved));

	say_preserved(ours); /* if this session is lost, what we forward by is not */
	if (s->phase == CORE_RESTART_NONE)
		return RIB_SOURCE_NONE;
	if (!theirs->sent || !is_the_same(rib_source_get(run->r->store, source), now)) {
		core_restart_drop(run, p);
		return RIB_SOURCE_NONE;
	}
	rib_stale_end(run->r->store, source, ~kept);
	effect_note(run->fx, LOG_INFO_, "restart_resumed", "peer=%s stale=%u forwarding=\"%s\"",
		p->name, core_restart_stale(run->r, p),
		kept == s->families ? "kept"
		: kept		    ? "kept of some families"
				    : "lost");
	s->families = kept;
	if (kept)
		enter(run, p, CORE_RESTART_RESUMED, p->conf->restart.stale_s * 1000ull);
	else
		leave(run, p);
	return source;
}

void core_restart_eor(struct core_run *run, struct core_peer *p, enum wire_family f)
{
	struct core_restart *s = &p->restart;

	if (s->phase != CORE_RESTART_RESUMED || !(s->families & WIRE_FAMILY_BIT(f)))
		return;
	s->families &= ~WIRE_FAMILY_BIT(f);
	rib_stale_end(run->r->store, s->source, WIRE_FAMILY_BIT(f));
	if (s->families)
		return;
	effect_note(run->fx, LOG_INFO_, "restart_done", "peer=%s", p->name);
	leave(run, p);
}

void core_restart_drop(struct core_run *run, struct core_peer *p)
{
	struct core_restart *s = &p->restart;

	if (s->phase == CORE_RESTART_NONE)
		return;
	effect_note(run->fx, LOG_WARN_, "restart_failed", "peer=%s phase=%s stale=%u", p->name,
		core_restart_phase_name(s->phase), core_restart_stale(run->r, p));
	if (s->phase == CORE_RESTART_RESUMED)
		rib_stale_end(run->r->store, s->source, s->families);
	else
		rib_source_down(run->r->store, s->source);
	leave(run, p);
}

/* The Restart Time is over: what both sides have agreed to keep for long becomes the last resort. */
static bool go_long(struct core_run *run, struct core_peer *p)
{
	struct core_restart *s = &p->restart;
	uint32_t longer = s->families & core_longlived_families(p);

	if (!longer)
		return false;
	rib_stale_end(run->r->store, s->source, ~longer);
	s->families = longer;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		s->long_until_ms[f] = longer & WIRE_FAMILY_BIT(f)
					      ? run->now_ms + core_longlived_s(p, f) * 1000ull
					      : TIMERQ_NEVER;
	effect_note(run->fx, LOG_WARN_, "restart_long_lived", "peer=%s stale=%u", p->name,
		core_restart_stale(run->r, p));
	s->phase = CORE_RESTART_LONG;
	core_longlived_begin(run->r, p);
	return true;
}

/* The families whose time is over go; with the last one everything. */
static void long_step(struct core_run *run, struct core_peer *p)
{
	struct core_restart *s = &p->restart;
	uint32_t over = 0;

	s->at_ms = TIMERQ_NEVER;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (s->long_until_ms[f] <= run->now_ms) {
			over |= WIRE_FAMILY_BIT(f);
			s->long_until_ms[f] = TIMERQ_NEVER;
		} else if (s->long_until_ms[f] < s->at_ms) {
			s->at_ms = s->long_until_ms[f];
		}
	}
	s->families &= ~over;
	if (s->families)
		rib_stale_end(run->r->store, s->source, over);
	else
		core_restart_drop(run, p);
}

void core_restart_timer(struct core_run *run, struct core_peer *p)
{
	struct core_restart *s = &p->restart;

	if (s->at_ms > run->now_ms)
		return;
	if (s->phase == CORE_RESTART_LONG || (s->phase == CORE_RESTART_WAIT && go_long(run, p)))
		long_step(run, p);
	else
		core_restart_drop(run, p);
}

uint64_t core_restart_deadline(const struct core_peer *p)
{
	return p->restart.at_ms;
}

uint32_t core_restart_stale(const struct router *r, const struct core_peer *p)
{
	uint32_t n = 0;

	if (p->restart.phase == CORE_RESTART_NONE)
		return 0;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		n += rib_source_get(r->store, p->restart.source)->stale[f];
	return n;
}

const char *core_restart_phase_name(enum core_restart_phase phase)
{
	static const char *const names[] = {[CORE_RESTART_NONE] = "",
		[CORE_RESTART_WAIT] = "waiting",
		[CORE_RESTART_LONG] = "long-lived",
		[CORE_RESTART_RESUMED] = "resumed"};

	return names[phase];
}

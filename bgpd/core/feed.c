#include "bgpd/core/interval.h"
#include "bgpd/core/feed.h"

#include "bgpd/core/blackhole.h"
#include "bgpd/core/bmp.h"
#include "bgpd/core/import.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/policy.h"
#include "bgpd/core/restart.h"
#include "bgpd/core/retain.h"
#include "bgpd/core/rtc.h"
#include "bgpd/core/session.h"
#include "bgpd/core/told.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "lib/log.h"

struct rib_table *core_feed_table(
	const struct router *r, const struct core_peer *p, enum wire_family f)
{
	if (core_peer_in_vrf(p))
		return f == WIRE_IPV4_UNICAST ? r->vrfs.list[p->conf->vrf].table : NULL;
	if (f == WIRE_RT_CONSTRAINT)
		return r->rtc.table;
	return f == WIRE_VPNV4 ? r->vrfs.vpn : r->core_ipv4;
}

bool core_feed_tables(struct router *r)
{
	const struct conf *c = r->conf;
	uint32_t families = 0;

	for (unsigned i = 0; i < c->n_peers; i++)
		families |= c->peers[i].vrf == CONF_VRF_NONE ? c->peers[i].families : 0;
	bool ipv4 = families & WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) && !r->core_ipv4;
	bool rtc = families & WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT) && !r->rtc.table;

	if (ipv4)
		r->core_ipv4 = rib_table_new(r->store, WIRE_IPV4_UNICAST, RIB_VRF_CORE);
	if (rtc)
		core_rtc_begin(r);
	return ipv4 || rtc;
}

/* A stranger decides how often these happen: the log hears of the 1st, 2nd, 4th, 8th ... */
static bool worth_a_line(uint64_t before, uint64_t after)
{
	return after != before && (before == 0 || (after ^ before) > before);
}

void core_feed_subnet(struct router *r, struct core_peer *p)
{
	const struct core_site *site;

	/* as long as no link is known, a CE may name nobody but itself as next hop */
	p->policy.subnet = (struct ip_prefix){p->addr, ip_af_bits(p->addr.af)};
	if (!core_peer_in_vrf(p)) {
		p->policy.subnet = (struct ip_prefix){0};
		return;
	}
	site = &r->sites[p->conf->vrf];
	for (unsigned i = 0; i < site->n_connected; i++)
		if (ip_prefix_contains(&site->connected[i], &p->addr))
			p->policy.subnet = site->connected[i];
}

struct ip_addr core_feed_local(const struct core_peer *p)
{
	return p->local[p->fsm.conn[FSM_OUTBOUND].state == FSM_ESTABLISHED ? FSM_OUTBOUND
									   : FSM_INBOUND];
}

static struct out_view peer_view(
	const struct router *r, const struct core_peer *p, enum wire_family f)
{
	struct pol_receiver to = core_policy_receiver(r, p, f, core_feed_local(p));
	struct out_view v = out_view_of(f, &p->fsm.ctx, &to);

	if (p->fsm.ctx.add_path_tx & WIRE_FAMILY_BIT(f))
		v.add_path = p->conf->add_path_send;
	if (core_policy_exports(p, f))
		out_view_set_chain(&v, &p->conf->export_chain, p->as, &p->addr);
	return v;
}

void core_feed_join(struct router *r, struct core_peer *p, enum wire_family f)
{
	struct rib_table *t = core_feed_table(r, p, f);

	if (!t || !(p->fsm.ctx.families & WIRE_FAMILY_BIT(f)) || !core_rtc_joins(p, f))
		return;
	struct out_view v = peer_view(r, p, f);
	out_set_join(&r->out, t, &v, p->index, p->source);
	core_rtc_joined(r, p, f);
}

void core_feed_view(struct router *r, struct core_peer *p)
{
	if (p->source == RIB_SOURCE_NONE)
		return;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		struct out_view v = peer_view(r, p, f);
		out_set_view(&r->out, &v, p->index);
	}
}

void core_feed_up(struct core_run *run, struct core_peer *p)
{
	struct router *r = run->r;
	uint16_t vrf = core_peer_in_vrf(p) ? (uint16_t)p->conf->vrf : RIB_VRF_CORE;
	struct rib_source source = {
		.kind = RIB_PEER,
		.vrf = vrf,
		.origin = vrf,
		.peer = p->index,
		.ebgp = p->fsm.ctx.ebgp,
		.reflector_client = p->conf->reflector_client,
		.track = !core_peer_in_vrf(p),
		.as = p->as,
		.router_id = p->fsm.open.id,
		.addr = p->addr,
	};

	p->eor = p->refreshing = 0;
	p->view_changed = false;
	p->source = core_restart_resume(run, p, &source);
	if (p->source == RIB_SOURCE_NONE)
		p->source = rib_source_add(r->store, &source);
	core_told_up(run, p);
	core_policy_learn(r, p, core_feed_local(p));
	core_feed_subnet(r, p);
	core_policy_note(run, p);
	core_rtc_up(run, p);
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		core_feed_join(r, p, f);
}

void core_feed_down(struct core_run *run, struct core_peer *p)
{
	out_set_leave(&run->r->out, p->index);
	core_interval_down(p);
	if (p->source != RIB_SOURCE_NONE && !core_restart_lost(run, p))
		rib_source_down(run->r->store, p->source);
	p->source = RIB_SOURCE_NONE;
	p->eor = 0;
	core_rtc_down(p);
}

#define FEED_BATCH 32 /* prefixes of an UPDATE that go into a table together */

struct feed { /* one UPDATE */
	struct core_run *run;
	struct core_peer *p;
	struct wire_update u;
};

/* The next prefixes of a list, as many as fit into n; 0 at its end. */
static unsigned next_nlris(
	struct rbuf *r, const struct wire_nlris *l, bool withdrawn, struct wire_nlri n[FEED_BATCH])
{
	struct wire_fault fault;
	struct wire_nlri_form form = {
		.family = l->family, .withdrawn = withdrawn, .add_path = l->add_path};
	unsigned got = 0;

	while (got < FEED_BATCH && rbuf_left(r) && wire_nlri_get(r, &form, &n[got], &fault))
		got++;
	return got;
}

static void withdraw(struct feed *f, const struct wire_nlris *l, bool was_reach)
{
	struct rib_table *t = l->count ? core_feed_table(f->run->r, f->p, l->family) : NULL;
	struct rib_route route = {.source = f->p->source};
	struct rbuf r = rbuf_of(l->octets.p, l->octets.len);
	struct wire_nlri list[FEED_BATCH];
	unsigned n;

	if (!t)
		return;
	/* an announced NLRI carries a real label stack: it is read as one even if it is now taken back */
	while ((n = next_nlris(&r, l, !was_reach, list)) > 0)
		rib_table_del_many(t, list, n, &route);
}

/* In order: of a prefix that stands in a message twice, the last counts. */
static void announce_some(struct feed *f, struct rib_table *t, const struct wire_nlri *list,
	unsigned n, const struct rib_route *route)
{
	unsigned done = 0;
	bool near = core_limit_is_near(f->run->r, f->p, n);

	for (unsigned i = 0; i < n; i++) {
		if (pol_guard_nlri(&f->p->policy, t->family, &list[i], &f->p->count.policy) ==
			POL_ACCEPT) {
			if (!near)
				continue;
			if (core_limit_admit(f->run, f->p, t, &list[i], route->source))
				rib_table_add_many(t, &list[i], 1, route);
			done = i + 1;
			continue;
		}
		rib_table_add_many(t, list + done, i - done, route);
		rib_table_del_many(t, &list[i], 1, route);
		done = i + 1;
	}
	rib_table_add_many(t, list + done, n - done, route);
}

/* The attributes as they go into the table, one reference; NULL if the guard refuses them. */
static struct rib_attrset *guarded(
	struct feed *f, enum wire_family family, struct wire_attrs attrs, bool blackhole)
{
	struct router *r = f->run->r;
	const struct pol_peer *p = &f->p->policy;
	struct pol_counts *c = &f->p->count.policy;
	enum pol_verdict v = blackhole ? pol_guard_blackhole(p, family, &attrs, &r->arena, c)
				       : pol_guard_attrs(p, family, &attrs, &r->arena, c);

	if (family ==
		WIRE_RT_CONSTRAINT) /* nothing is forwarded there; who is told of it hears our address */
		attrs.next_hop = (struct ip_addr){0};
	return v == POL_ACCEPT ? rib_store_get_attrs(r->store, &attrs) : NULL;
}

/* What the import chain has made of routes of one message that are next to each other. */
struct judged {
	struct rib_attrset *attrs; /* one reference; NULL: rejected */
	uint16_t reason;
};

static struct judged judge(
	struct feed *f, enum wire_family family, const struct wire_nlri *n, struct rib_attrset *set)
{
	struct judged j = {0};

	j.attrs = core_import_judge(f->run->r, f->p, family, n, set, &j.reason);
	return j;
}

static void judged_release(struct feed *f, const struct judged *j)
{
	if (j->attrs)
		rib_store_unref_attrs(f->run->r->store, j->attrs);
}

static void announce_as(struct feed *f, struct rib_table *t, struct wire_nlri *list, unsigned n,
	struct rib_attrset *set, const struct judged *j)
{
	struct rib_route route = {.source = f->p->source, .attrs = j->attrs};

	if (j->attrs) {
		announce_some(f, t, list, n, &route);
		return;
	}
	f->p->count.policy.refused[POL_BY_POLICY] += n;
	if (!core_import_keeps(f->p->conf)) {
		rib_table_del_many(t, list, n, &route);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		list[i].label = j->reason;
	route.attrs = set;
	route.flags = RIB_PATH_REJECTED;
	announce_some(f, t, list, n, &route);
}

/* One by one through the neighbour's import chain, and together into the table as far as it says the same of them. */
static void announce_judged(struct feed *f, struct rib_table *t, struct wire_nlri *list, unsigned n,
	struct rib_attrset *set)
{
	struct judged now = judge(f, t->family, &list[0], set);
	unsigned begin = 0;

	for (unsigned i = 1; i < n; i++) {
		struct judged next = judge(f, t->family, &list[i], set);

		if (next.attrs != now.attrs || (!now.attrs && next.reason != now.reason)) {
			announce_as(f, t, list + begin, i - begin, set, &now);
			begin = i;
		}
		judged_release(f, &now);
		now = next;
	}
	announce_as(f, t, list + begin, n - begin, set, &now);
	judged_release(f, &now);
}

/*
 * An UPDATE that asks for blackholes: what its neighbour may not ask that for is an ordinary route, if it can be one. Blackholes do not
 * go through the import chain: who may ask for them where has been decided, and they are longer than any policy lets pass.
 */
static void announce_holes(struct feed *f, struct rib_table *t, struct wire_nlri *list, unsigned n,
	const struct rib_route *plain, struct rib_attrset *hole)
{
	for (unsigned i = 0; i < n; i++) {
		struct rib_route route = *plain;

		if (f->p->policy.allow & POL_ALLOW_BLACKHOLES ||
			core_blackhole_check(t, &list[i], route.source)) {
			route.attrs = hole;
			route.flags = RIB_PATH_BLACKHOLE;
			f->p->count.policy.blackholes++;
		} else if (plain->attrs && core_import_is_on(f->p, t->family)) {
			announce_judged(f, t, &list[i], 1, plain->attrs);
			continue;
		}
		if (route.attrs)
			announce_some(f, t, &list[i], 1, &route);
		else
			rib_table_del_many(t, &list[i], 1, &route);
	}
}

static void announce_all(struct feed *f, struct rib_table *t, const struct wire_nlris *l,
	struct rib_attrset *plain, struct rib_attrset *hole)
{
	struct rbuf octets = rbuf_of(l->octets.p, l->octets.len);
	struct rib_route route = {.attrs = plain, .source = f->p->source};
	bool is_judged = plain && core_import_is_on(f->p, t->family);
	bool alike = is_judged && !hole && core_import_is_alike(f->p);
	struct wire_nlri list[FEED_BATCH];
	struct judged all = {0};
	unsigned n, done = 0;

	for (; (n = next_nlris(&octets, l, false, list)) > 0; done += n) {
		if (alike && done == 0)
			all = judge(f, t->family, &list[0], plain);
		if (hole)
			announce_holes(f, t, list, n, &route, hole);
		else if (alike)
			announce_as(f, t, list, n, plain, &all);
		else if (is_judged)
			announce_judged(f, t, list, n, plain);
		else
			announce_some(f, t, list, n, &route);
	}
	judged_release(f, &all);
}

static void announce(struct feed *f, const struct wire_nlris *l, struct ip_addr next_hop)
{
	struct rib_store *st = f->run->r->store;
	struct rib_table *t = l->count ? core_feed_table(f->run->r, f->p, l->family) : NULL;
	struct wire_attrs attrs = f->u.attrs;
	struct rib_attrset *plain, *hole = NULL;

	if (!t)
		return;
	if (f->u.fault.action == WIRE_WITHDRAW) {
		withdraw(f, l, true);
		return;
	}
	if (!core_retain_takes(f->run->r, t, &attrs)) {
		f->p->count.policy.not_retained += l->count;
		withdraw(f, l, true);
		return;
	}
	attrs.next_hop = next_hop;
	if (pol_guard_asks_blackhole(&f->p->policy, &attrs))
		hole = guarded(f, l->family, attrs, true);
	plain = guarded(f, l->family, attrs, false);
	if (plain || hole)
		announce_all(f, t, l, plain, hole);
	else
		withdraw(f, l, true);
	if (plain)
		rib_store_unref_attrs(st, plain);
	if (hole)
		rib_store_unref_attrs(st, hole);
}

static uint64_t refused(const struct pol_counts *c)
{
	uint64_t n = 0;

	for (unsigned v = POL_ACCEPT + 1; v < POL_VERDICTS; v++)
		n += c->refused[v];
	return n;
}

/* More paths to a prefix than one neighbour may have: left out like what is above a limit. */
static void note_crowded(struct feed *f, uint64_t before)
{
	struct core_peer *p = f->p;
	uint64_t n = rib_source_get(f->run->r->store, p->source)->crowded;

	p->limit.left_out += n - before;
	if (worth_a_line(before, n))
		effect_note(f->run->fx, LOG_WARN_, "paths_left_out",
			"peer=%s why=\"more than %u to one prefix\" total=%llu", p->name,
			RIB_PATHS_OF_SOURCE_MAX, (unsigned long long)n);
}

static void apply(struct feed *f)
{
	struct core_peer *p = f->p;
	struct pol_counts before = p->count.policy;
	const struct pol_counts *after = &p->count.policy;
	uint64_t crowded = rib_source_get(f->run->r->store, p->source)->crowded;

	for (unsigned i = 0; i < ARRAY_LEN(f->u.unreach); i++)
		withdraw(f, &f->u.unreach[i], false);
	announce(f, &f->u.reach[0], f->u.attrs.next_hop);
	announce(f, &f->u.reach[1], f->u.mp_next_hop);
	note_crowded(f, crowded);
	if (worth_a_line(before.steering_stripped, after->steering_stripped))
		effect_note(f->run->fx, LOG_WARN_, "ce_steering_stripped", "peer=%s total=%llu",
			p->name, (unsigned long long)after->steering_stripped);
	if (worth_a_line(before.rts_stripped, after->rts_stripped))
		effect_note(f->run->fx, LOG_WARN_, "ce_rts_stripped", "peer=%s total=%llu", p->name,
			(unsigned long long)after->rts_stripped);
	if (worth_a_line(refused(&before), refused(after)))
		effect_note(f->run->fx, LOG_WARN_, "routes_refused", "peer=%s total=%llu", p->name,
			(unsigned long long)refused(after));
}

static void note_fault(struct feed *f)
{
	struct core_counters *c = &f->p->count;
	const struct wire_fault *fault = &f->u.fault;
	bool withdraw_it = fault->action == WIRE_WITHDRAW;
	uint64_t *n = withdraw_it ? &c->treated_as_withdraw : &c->attrs_discarded;

	++*n;
	if (worth_a_line(*n - 1, *n))
		effect_note(f->run->fx, LOG_WARN_,
			withdraw_it ? "treat_as_withdraw" : "attribute_discarded",
			"peer=%s attr=%u why=\"%s\" total=%llu", f->p->name, fault->attr,
			fault->why ? fault->why : "", (unsigned long long)*n);
}

void core_feed_update(
	struct core_run *run, struct core_peer *p, enum fsm_slot slot, const struct wire_msg *msg)
{
	struct feed f = {.run = run, .p = p};
	enum wire_action action;

	arena_reset(&run->r->arena);
	action = wire_update_get(msg->body, msg->body_len, &p->fsm.ctx, &run->r->arena, &f.u);
	if (action == WIRE_RESET) {
		core_session_input(run, p,
			&(struct fsm_input){
				.kind = FSM_IN_FAULT, .slot = slot, .fault = &f.u.fault});
		return;
	}
	if (action != WIRE_OK)
		note_fault(&f);
	core_bmp_update(run, p, msg, &f.u);
	apply(&f);
	core_bmp_updated(run, p, &f.u);
	if (f.u.eor) {
		p->eor |= WIRE_FAMILY_BIT(f.u.eor_family);
		core_restart_eor(run, p, f.u.eor_family);
	}
	core_rtc_heard(run->r, p, &f.u);
	core_limit_check(run, p, f.u.reach[1].count ? f.u.reach[1].family : WIRE_IPV4_UNICAST);
}

/*
 * RFC 7313 4.2: between BoRR and EoRR the peer says all of the family again; what it has not is gone. Not before the
 * End-of-RIB of a peer that knows restarts: what it says until then may be stale for that reason.
 */
static void hear_refresh(
	struct core_run *run, struct core_peer *p, enum wire_family f, enum wire_refresh subtype)
{
	struct rib_store *st = run->r->store;
	uint32_t bit = WIRE_FAMILY_BIT(f);

	if (!p->fsm.ctx.enhanced_refresh || !(p->fsm.ctx.families & bit) ||
		(p->fsm.open.restart.sent && !(p->eor & bit)))
		return;
	if (subtype == WIRE_REFRESH_BORR) {
		if (rib_stale_begin_family(st, p->source, f))
			p->refreshing |= bit;
		return;
	}
	if (!(p->refreshing & bit))
		return;
	p->refreshing &= ~bit;
	uint32_t n = rib_source_get(st, p->source)->stale[f];
	if (n)
		effect_note(run->fx, LOG_WARN_, "refresh_swept", "peer=%s family=%s stale=%u",
			p->name, wire_family_get(f)->name, n);
	rib_stale_end(st, p->source, bit);
	core_rtc_swept(run->r, p, f);
}

void core_feed_refresh(struct core_run *run, struct core_peer *p, const struct wire_msg *msg)
{
	enum wire_refresh subtype;
	enum wire_family f;

	if (!wire_refresh_get(msg->body, msg->body_len, &f, &subtype) || f == WIRE_FAMILIES)
		return;
	if (subtype != WIRE_REFRESH_REQUEST)
		hear_refresh(run, p, f, subtype);
	else if (f != WIRE_RT_CONSTRAINT || !core_rtc_refresh(run, p))
		(void)out_set_refresh(&run->r->out, p->index, f);
}

bool core_feed_is_settled(const struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct core_peer *p = &r->peers[i];

		if (p->addr.af == IP_NONE)
			continue; /* a place that nobody has */
		if (p->source == RIB_SOURCE_NONE || (p->fsm.ctx.families & ~p->eor))
			return false;
	}
	return true;
}

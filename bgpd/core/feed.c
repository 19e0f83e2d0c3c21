#include "bgpd/core/feed.h"

#include "bgpd/core/limit.h"
#include "bgpd/core/session.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "lib/log.h"

/* The table that family f of this peer feeds and is fed from; NULL if there is none. */
static struct rib_table *peer_table(
	const struct router *r, const struct core_peer *p, enum wire_family f)
{
	if (core_peer_in_vrf(p))
		return f == WIRE_IPV4_UNICAST ? r->vrfs.list[p->conf->vrf].table : NULL;
	return f == WIRE_VPNV4 ? r->vrfs.vpn : r->core_ipv4;
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

static struct ip_addr local_addr(const struct core_peer *p)
{
	return p->local[p->fsm.conn[FSM_OUTBOUND].state == FSM_ESTABLISHED ? FSM_OUTBOUND
									   : FSM_INBOUND];
}

static void learn_policy(struct router *r, struct core_peer *p)
{
	p->policy = (struct pol_peer){
		.local_as = r->conf->as,
		.peer_as = p->as,
		.local_id = r->conf->id,
		.local = local_addr(p),
		.addr = p->addr,
		.in_vrf = core_peer_in_vrf(p),
		.keep_ce_rts = p->conf->keep_ce_rts,
	};
	core_feed_subnet(r, p);
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
		.track = !core_peer_in_vrf(p),
		.as = p->as,
		.router_id = p->fsm.open.id,
		.addr = p->addr,
	};

	p->eor = 0;
	p->source = rib_source_add(r->store, &source);
	learn_policy(r, p);
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		struct rib_table *t = peer_table(r, p, f);

		if (!t || !(p->fsm.ctx.families & WIRE_FAMILY_BIT(f)))
			continue;
		struct out_view v = out_view_of(f, vrf, &p->fsm.ctx, local_addr(p));

		out_set_join(&r->out, t, &v, p->index, p->source);
	}
}

void core_feed_down(struct core_run *run, struct core_peer *p)
{
	out_set_leave(&run->r->out, p->index);
	if (p->source != RIB_SOURCE_NONE)
		rib_source_down(run->r->store, p->source);
	p->source = RIB_SOURCE_NONE;
	p->eor = 0;
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
	struct rib_table *t = l->count ? peer_table(f->run->r, f->p, l->family) : NULL;
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
		if (pol_guard_nlri(t->family, &list[i], &f->p->count.policy) == POL_ACCEPT) {
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

static void announce(struct feed *f, const struct wire_nlris *l, struct ip_addr next_hop)
{
	struct router *r = f->run->r;
	struct core_peer *p = f->p;
	struct rib_table *t = l->count ? peer_table(r, p, l->family) : NULL;
	struct rbuf octets = rbuf_of(l->octets.p, l->octets.len);
	struct wire_attrs attrs = f->u.attrs;
	struct wire_nlri list[FEED_BATCH];
	unsigned n;

	if (!t)
		return;
	attrs.next_hop = next_hop;
	if (f->u.fault.action == WIRE_WITHDRAW ||
		pol_guard_attrs(&p->policy, &attrs, &r->arena, &p->count.policy) != POL_ACCEPT) {
		withdraw(f, l, true);
		return;
	}
	struct rib_route route = {
		.attrs = rib_store_get_attrs(r->store, &attrs), .source = p->source};

	while ((n = next_nlris(&octets, l, false, list)) > 0)
		announce_some(f, t, list, n, &route);
	rib_store_unref_attrs(r->store, route.attrs);
}

static uint64_t refused(const struct pol_counts *c)
{
	uint64_t n = 0;

	for (unsigned v = POL_ACCEPT + 1; v < POL_VERDICTS; v++)
		n += c->refused[v];
	return n;
}

static void apply(struct feed *f)
{
	struct core_peer *p = f->p;
	struct pol_counts before = p->count.policy;
	const struct pol_counts *after = &p->count.policy;

	for (unsigned i = 0; i < ARRAY_LEN(f->u.unreach); i++)
		withdraw(f, &f->u.unreach[i], false);
	announce(f, &f->u.reach[0], f->u.attrs.next_hop);
	announce(f, &f->u.reach[1], f->u.mp_next_hop);
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
	if (f.u.eor)
		p->eor |= WIRE_FAMILY_BIT(f.u.eor_family);
	apply(&f);
	core_limit_check(run, p, f.u.reach[1].count ? f.u.reach[1].family : WIRE_IPV4_UNICAST);
}

void core_feed_refresh(struct core_run *run, struct core_peer *p, const struct wire_msg *msg)
{
	enum wire_refresh subtype;
	enum wire_family f;

	if (wire_refresh_get(msg->body, msg->body_len, &f, &subtype) && f < WIRE_FAMILIES &&
		subtype == WIRE_REFRESH_REQUEST)
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

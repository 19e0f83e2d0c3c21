#include "bgpd/core/rtc.h"

#include <stdlib.h>

#include "bgpd/core/defer.h"
#include "bgpd/core/feed.h"
#include "bgpd/core/session.h"
#include "bgpd/rib/stale.h"
#include "bgpd/wire/msg.h"
#include "lib/check.h"

#define RT_BITS	       64
#define AS_BITS	       32
#define MEMBERSHIP_MAX 128 /* octets of the UPDATE with the default */

/* --- what we say --- */

static struct wire_nlri membership(const struct router *r, uint64_t rt)
{
	return (struct wire_nlri){.label = WIRE_LABEL_NONE,
		.rd = rt,
		.prefix = {.addr = ip_addr_v4(r->conf->as), .len = AS_BITS + RT_BITS}};
}

static const struct wire_nlri everything = {
	.label = WIRE_LABEL_NONE, .prefix = {.addr = {.af = IP_V4}}};

static struct wire_attrs own_attrs(struct ip_addr next_hop)
{
	return (struct wire_attrs){.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					      WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					      WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF),
		.origin = WIRE_ORIGIN_IGP,
		.local_pref = 100,
		.next_hop = next_hop};
}

static int u64_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The import targets of all VRFs, ascending, each once, in memory for the caller to free. */
static uint64_t *imports_list(const struct router *r, unsigned *n)
{
	const struct vrf_rtindex *x = &r->vrfs.imports; /* ascending by target */
	uint64_t *list = malloc((x->n ? x->n : 1) * sizeof(*list));

	CHECK(list != NULL);
	*n = 0;
	for (size_t i = 0; i < x->n; i++)
		if (i == 0 || x->rows[i].rt != x->rows[i - 1].rt)
			list[(*n)++] = x->rows[i].rt;
	return list;
}

static bool list_has(const uint64_t *list, unsigned n, uint64_t rt)
{
	return n && bsearch(&rt, list, n, sizeof(*list), u64_order);
}

static void originate(struct router *r, const struct wire_nlri *n)
{
	struct wire_attrs a = own_attrs((struct ip_addr){0});
	struct rib_route route = {.source = r->rtc.own, .label = WIRE_LABEL_NONE};

	route.attrs = rib_store_get_attrs(r->store, &a);
	(void)rib_table_add(r->rtc.table, n, &route);
	rib_store_unref_attrs(r->store, route.attrs);
}

void core_rtc_imports(struct router *r)
{
	struct core_rtc *c = &r->rtc;
	unsigned n;

	if (!c->table)
		return;
	uint64_t *rts = imports_list(r, &n);
	for (unsigned i = 0; i < c->n_rts; i++)
		if (!list_has(rts, n, c->rts[i])) {
			struct wire_nlri gone = membership(r, c->rts[i]);
			(void)rib_table_del(c->table, &gone, &(struct rib_route){.source = c->own});
		}
	for (unsigned i = 0; i < n; i++)
		if (!list_has(c->rts, c->n_rts, rts[i])) {
			struct wire_nlri new = membership(r, rts[i]);
			originate(r, &new);
		}
	free(c->rts);
	c->rts = rts;
	c->n_rts = n;
}

void core_rtc_begin(struct router *r)
{
	r->rtc.table = rib_table_new(r->store, WIRE_RT_CONSTRAINT, RIB_VRF_CORE);
	r->rtc.own = rib_source_add(
		r->store, &(struct rib_source){
				  .kind = RIB_STATIC, .vrf = RIB_VRF_CORE, .origin = RIB_VRF_CORE});
	core_rtc_imports(r);
	if (r->conf->retain == CONF_RETAIN_ALL)
		originate(r, &everything);
}

void core_rtc_fini(struct router *r)
{
	free(r->rtc.rts);
}

static void send(struct core_run *run, struct core_peer *p, const struct wbuf *w, uint32_t messages)
{
	enum fsm_slot slot;

	CHECK(wbuf_ok(w) && w->len > 0);
	if (!core_session_slot(p, &slot))
		return;
	struct out_block *b = out_block_new(w->base, w->len);
	b->messages = messages;
	core_session_send(run, p, slot, b);
	out_block_unref(b);
}

static void say_everything(struct core_run *run, struct core_peer *p)
{
	uint8_t octets[MEMBERSHIP_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = own_attrs(core_feed_local(p));

	(void)wire_update_put_reach(&w, &p->fsm.ctx, WIRE_RT_CONSTRAINT, &a, &everything, 1);
	wire_update_put_eor(&w, WIRE_RT_CONSTRAINT);
	send(run, p, &w, 2);
}

/* While nobody is told anything (core/defer): who is waited for has to know what to send (RFC 4684 6). */
static void say_own(struct core_run *run, struct core_peer *p)
{
	const struct core_rtc *c = &run->r->rtc;
	struct wire_attrs a = own_attrs(core_feed_local(p));
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w;

	for (unsigned i = 0; i < c->n_rts; i++) {
		struct wire_nlri n = membership(run->r, c->rts[i]);

		w = wbuf_of(octets, sizeof(octets));
		(void)wire_update_put_reach(&w, &p->fsm.ctx, WIRE_RT_CONSTRAINT, &a, &n, 1);
		send(run, p, &w, 1);
	}
	w = wbuf_of(octets, sizeof(octets));
	wire_update_put_eor(&w, WIRE_RT_CONSTRAINT);
	send(run, p, &w, 1);
}

/* --- what they say --- */

static bool speaks(const struct core_peer *p)
{
	return p->source != RIB_SOURCE_NONE && !core_peer_in_vrf(p) &&
	       p->fsm.ctx.families & WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT);
}

static int want_order(const void *a, const void *b)
{
	const struct out_rt *x = a, *y = b;

	if (x->rt != y->rt)
		return x->rt < y->rt ? -1 : 1;
	return x->bits - y->bits;
}

static bool want_covers(const struct out_rt *x, const struct out_rt *y)
{
	return x->bits <= y->bits && (x->bits == 0 || (x->rt ^ y->rt) >> (RT_BITS - x->bits) == 0);
}

/* What a membership's prefix asks for; the AS that it comes from does not matter (RFC 4684 4). */
static struct out_rt want_of(const struct wire_nlri *n)
{
	uint8_t bits = n->prefix.len > AS_BITS ? (uint8_t)(n->prefix.len - AS_BITS) : 0;

	return (struct out_rt){.rt = n->rd, .bits = bits};
}

static bool dest_has(const struct rib_table *t, uint32_t dest, uint16_t source)
{
	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p))
		if (p->source == source && !(p->flags & RIB_PATH_GONE) &&
			!rib_stale_goes(rib_source_get(t->store, source), t->family, p->flags))
			return true;
	return false;
}

unsigned core_rtc_wants(const struct rib_table *t, uint16_t source, struct out_rt **out)
{
	size_t cap = rib_source_get(t->store, source)->paths[WIRE_RT_CONSTRAINT] + 1u;
	struct out_rt *list = malloc(cap * sizeof(*list));
	unsigned n = 0, kept = 0;

	CHECK(list != NULL);
	for (uint32_t d = rib_table_next(t, 0); d && n < cap; d = rib_table_next(t, d)) {
		struct wire_nlri nlri;

		if (!dest_has(t, d, source))
			continue;
		rib_dest_nlri(t, d, &nlri);
		list[n++] = want_of(&nlri);
	}
	qsort(list, n, sizeof(*list), want_order);
	for (unsigned i = 0; i < n; i++) /* what covers others comes before them */
		if (kept == 0 || !want_covers(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	*out = list;
	return kept;
}

/* --- what follows from it --- */

static void wants_apply(struct core_run *run, struct core_peer *p)
{
	struct out_rt *list;
	unsigned n = core_rtc_wants(run->r->rtc.table, p->source, &list);

	out_set_filter(&run->r->out, p->index, &(struct out_rtfilter){.list = list, .n = n});
	free(list);
}

static void wait_end(struct core_run *run, struct core_peer *p)
{
	p->rtc.until_ms = TIMERQ_NEVER;
	core_feed_join(run->r, p, WIRE_VPNV4);
	wants_apply(run, p);
}

void core_rtc_swept(struct router *r, struct core_peer *p, enum wire_family f)
{
	if (f == WIRE_RT_CONSTRAINT)
		p->rtc.dirty = r->rtc.dirty = true;
}

void core_rtc_joined(struct router *r, struct core_peer *p, enum wire_family f)
{
	if (f == WIRE_VPNV4 && speaks(p))
		p->rtc.dirty = r->rtc.dirty = true;
}

void core_rtc_up(struct core_run *run, struct core_peer *p)
{
	p->rtc = (struct core_rtc_peer){.until_ms = TIMERQ_NEVER};
	if (!speaks(p))
		return;
	if (p->fsm.ctx.families & WIRE_FAMILY_BIT(WIRE_VPNV4)) {
		p->rtc.until_ms = run->now_ms + CORE_RTC_WAIT_MS;
		core_session_arm(run, p);
	}
	if (p->conf->reflector_client)
		say_everything(run, p);
	else if (!core_defer_tells(run->r))
		say_own(run, p);
}

void core_rtc_down(struct core_peer *p)
{
	p->rtc = (struct core_rtc_peer){.until_ms = TIMERQ_NEVER};
}

bool core_rtc_joins(const struct core_peer *p, enum wire_family f)
{
	if (!speaks(p))
		return true;
	if (f == WIRE_RT_CONSTRAINT)
		return !p->conf->reflector_client;
	return f != WIRE_VPNV4 || p->rtc.until_ms == TIMERQ_NEVER;
}

static bool is_about_memberships(const struct wire_nlris *l)
{
	return l->family == WIRE_RT_CONSTRAINT && l->count > 0;
}

void core_rtc_heard(struct router *r, struct core_peer *p, const struct wire_update *u)
{
	bool eor = u->eor && u->eor_family == WIRE_RT_CONSTRAINT;

	if (!speaks(p))
		return;
	if (eor && p->rtc.until_ms != TIMERQ_NEVER)
		p->rtc.heard = true;
	if (!eor && !is_about_memberships(&u->reach[1]) && !is_about_memberships(&u->unreach[1]))
		return;
	p->rtc.dirty = true;
	r->rtc.dirty = true;
}

bool core_rtc_refresh(struct core_run *run, struct core_peer *p)
{
	if (!speaks(p) || !p->conf->reflector_client)
		return false;
	say_everything(run, p);
	return true;
}

void core_rtc_step(struct core_run *run)
{
	struct router *r = run->r;

	if (!r->rtc.dirty)
		return;
	r->rtc.dirty = false;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (!p->rtc.dirty || !speaks(p))
			continue;
		if (p->rtc.heard) {
			p->rtc.heard = false;
			wait_end(run, p);
			core_session_arm(run, p);
		} else if (p->rtc.until_ms == TIMERQ_NEVER) {
			wants_apply(run, p);
		}
		p->rtc.dirty = false;
	}
}

void core_rtc_timer(struct core_run *run, struct core_peer *p)
{
	if (p->rtc.until_ms <= run->now_ms && speaks(p))
		wait_end(run, p);
}

uint64_t core_rtc_deadline(const struct core_peer *p)
{
	return p->rtc.until_ms;
}

#include "bgpd/core/bmp_routes.h"

#include "bgpd/core/bmp_send.h"
#include "bgpd/core/feed.h"
#include "bgpd/rib/stale.h"
#include "lib/check.h"

enum policy { PRE, POST, POLICIES };

static const unsigned wanted_bit[POLICIES] = {
	[PRE] = CONF_BMP_PRE_POLICY, [POST] = CONF_BMP_POST_POLICY};

static unsigned variant_of(const struct wire_ctx *ctx, enum wire_family f)
{
	return (ctx->add_path_rx & WIRE_FAMILY_BIT(f) ? CORE_BMP_PATH_ID : 0u) |
	       (ctx->msg_max > WIRE_MSG_MAX ? CORE_BMP_LONG : 0u);
}

void core_bmp_packs_init(struct core_bmp *b, struct core_bmp_packs *packs)
{
	for (unsigned policy = 0; policy < POLICIES; policy++)
		for (unsigned f = 0; f < WIRE_FAMILIES; f++)
			for (unsigned v = 0; v < CORE_BMP_VARIANTS; v++)
				out_pack_init(&packs->list[policy][f][v], &b->views[f][v]);
	packs->any = false;
}

void core_bmp_packs_fini(struct rib_store *st, struct core_bmp_packs *packs)
{
	for (unsigned policy = 0; policy < POLICIES; policy++)
		for (unsigned f = 0; f < WIRE_FAMILIES; f++)
			for (unsigned v = 0; v < CORE_BMP_VARIANTS; v++)
				out_pack_fini(&packs->list[policy][f][v], st);
	packs->any = false;
}

/* Whose session this is the source of; NULL: of none that stands. */
static const struct core_peer *peer_of(const struct router *r, uint16_t source)
{
	const struct rib_source *s = rib_source_get(r->store, source);

	if (s->kind != RIB_PEER || s->peer >= r->conf->n_peers)
		return NULL;
	return r->peers[s->peer].source == source ? &r->peers[s->peer] : NULL;
}

/* --- packs to stations --- */

struct flush {
	struct core_run *run;
	struct core_bmp_station *only; /* NULL: all that want it */
	enum policy policy;
};

static void send_to(struct core_run *run, struct core_bmp_station *only, enum policy policy,
	struct out_block *block)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; i < b->n_stations; i++) {
		struct core_bmp_station *s = &b->stations[i];

		if ((!only || s == only) && s->conf->routes & wanted_bit[policy])
			core_bmp_send(run, s, block);
	}
}

static void send_updates(const struct flush *f, const struct core_peer *p, bool as2,
	const uint8_t *updates, size_t len)
{
	struct bmp_peer head = core_bmp_peer_head(f->run, p, f->policy == POST, as2);
	struct out_block *block = core_bmp_wrap(&head, updates, len);

	send_to(f->run, f->only, f->policy, block);
	out_block_unref(block);
}

static void flushed(void *arg, struct out_to to, struct out_block *block)
{
	const struct flush *f = arg;
	const struct core_peer *p = peer_of(f->run->r, to.who);

	if (p)
		send_updates(f, p, false, block->data, block->len);
}

static void packs_flush(
	struct core_run *run, struct core_bmp_packs *packs, struct core_bmp_station *only)
{
	struct router *r = run->r;

	if (!packs->any)
		return;
	packs->any = false;
	for (unsigned policy = 0; policy < POLICIES; policy++)
		for (unsigned f = 0; f < WIRE_FAMILIES; f++)
			for (unsigned v = 0; v < CORE_BMP_VARIANTS; v++)
				out_pack_flush(&packs->list[policy][f][v], r->store, r->out.encoder,
					flushed,
					&(struct flush){
						.run = run, .only = only, .policy = policy});
}

void core_bmp_flush(struct core_run *run)
{
	if (run->r->bmp)
		packs_flush(run, &run->r->bmp->packs, NULL);
}

/* attrs NULL: withdrawn. In a pack `to.who` is whose route it is: what is of one neighbour comes out together. */
static void pack_add(const struct router *r, struct core_bmp_packs *packs, enum policy policy,
	const struct core_peer *p, enum wire_family f, const struct out_route *route)
{
	struct out_route mine = *route;

	mine.to = (struct out_to){.scope = OUT_EXCEPT, .who = p->source};
	mine.source = mine.attrs ? p->source : RIB_SOURCE_NONE;
	packs->any = true;
	out_pack_add(&packs->list[policy][f][variant_of(&p->fsm.ctx, f)], r->store, &mine);
}

/* --- what changes in tables --- */

/*
 * Before policy the UPDATE itself is told. Only what goes because the neighbour did not say it again (End-of-RIB, EoRR) has
 * none.
 */
static void path_changed(void *arg, const struct rib_table *t, uint32_t dest,
	const struct rib_path *path, bool there)
{
	struct router *r = arg;
	struct core_bmp *b = r->bmp;
	const struct core_peer *p = peer_of(r, path->source);
	bool taken = there && !(path->flags & RIB_PATH_REJECTED);
	const struct out_route route = {.attrs = taken ? path->attrs : NULL,
		.key = rib_dest_get(t, dest)->key,
		.label = path->label,
		.path_id = path->id};

	if (!p)
		return;
	if (b->wanted & CONF_BMP_POST_POLICY)
		pack_add(r, &b->packs, POST, p, t->family, &route);
	if (!there && b->wanted & CONF_BMP_PRE_POLICY && rib_stale_path(t, path))
		pack_add(r, &b->packs, PRE, p, t->family, &route);
}

void core_bmp_follow(struct router *r)
{
	struct core_bmp *b = r->bmp;

	b->wanted = 0;
	for (unsigned i = 0; i < b->n_stations; i++)
		if (b->stations[i].phase == CORE_BMP_UP)
			b->wanted |= b->stations[i].conf->routes;
	r->store->follow = (struct rib_follow){0};
	if (b->wanted & (CONF_BMP_PRE_POLICY | CONF_BMP_POST_POLICY))
		r->store->follow = (struct rib_follow){.fn = path_changed, .arg = r};
}

/* --- UPDATEs --- */

static void nlris_add(const struct router *r, const struct core_peer *p, const struct wire_nlris *l,
	struct rib_attrset *attrs, bool withdrawn)
{
	const struct wire_nlri_form form = {
		.family = l->family, .withdrawn = withdrawn, .add_path = l->add_path};
	struct rbuf octets = rbuf_of(l->octets.p, l->octets.len);
	uint64_t key[RIB_KEY_WORDS_MAX];
	struct wire_fault fault;
	struct wire_nlri n;

	while (l->count && rbuf_left(&octets) && wire_nlri_get(&octets, &form, &n, &fault)) {
		rib_key_put(l->family, &n, key);
		pack_add(r, &r->bmp->packs, PRE, p, l->family,
			&(struct out_route){.attrs = attrs,
				.key = key,
				.label = n.label,
				.path_id = n.path_id});
	}
}

/* A malformed one as it is understood (RFC 7606 2): a station need not be as careful as this router. */
static void update_as_understood(
	struct core_run *run, const struct core_peer *p, const struct wire_update *u)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < ARRAY_LEN(u->unreach); i++)
		nlris_add(r, p, &u->unreach[i], NULL, true);
	for (unsigned i = 0; i < ARRAY_LEN(u->reach); i++) {
		struct wire_attrs attrs = u->attrs;
		struct rib_attrset *set = NULL;

		attrs.next_hop = i ? u->mp_next_hop : u->attrs.next_hop;
		if (u->fault.action != WIRE_WITHDRAW)
			set = rib_store_get_attrs(r->store, &attrs);
		nlris_add(r, p, &u->reach[i], set, false);
		if (set)
			rib_store_unref_attrs(r->store, set);
	}
	core_bmp_flush(run);
}

void core_bmp_update(struct core_run *run, const struct core_peer *p, const struct wire_msg *msg,
	const struct wire_update *u)
{
	struct core_bmp *b = run->r->bmp;

	if (!b || !(b->wanted & CONF_BMP_PRE_POLICY))
		return;
	if (u->fault.action != WIRE_OK) {
		update_as_understood(run, p, u);
		return;
	}
	struct wbuf w = wbuf_of(b->update, sizeof(b->update));
	size_t begin = wire_msg_begin(&w, WIRE_UPDATE);

	wbuf_put(&w, msg->body, msg->body_len);
	wire_msg_end(&w, begin);
	CHECK(wbuf_ok(&w));
	send_updates(&(struct flush){.run = run, .policy = PRE}, p, !p->fsm.ctx.as4, w.base, w.len);
}

static void send_eor(struct core_run *run, struct core_bmp_station *only, enum policy policy,
	const struct core_peer *p, enum wire_family f)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, f);
	CHECK(wbuf_ok(&w));
	send_updates(&(struct flush){.run = run, .only = only, .policy = policy}, p, false, w.base,
		w.len);
}

void core_bmp_updated(struct core_run *run, const struct core_peer *p, const struct wire_update *u)
{
	if (!run->r->bmp)
		return;
	core_bmp_flush(run);
	if (u->eor && run->r->bmp->wanted & CONF_BMP_POST_POLICY && p->source != RIB_SOURCE_NONE)
		send_eor(run, NULL, POST, p, u->eor_family);
}

/* --- the walk --- */

void core_bmp_walk_begin(struct core_bmp_station *s)
{
	s->walk = (struct core_bmp_walk){.on = true};
	if (!(s->conf->routes & (CONF_BMP_PRE_POLICY | CONF_BMP_POST_POLICY)))
		s->walk.on = false;
}

static void show_path(const struct router *r, struct core_bmp_station *s, const struct rib_table *t,
	const uint64_t *key, const struct rib_path *path)
{
	const struct core_peer *p = peer_of(r, path->source);
	struct out_route route = {.attrs = rib_attrset_received(path->attrs),
		.key = key,
		.label = path->label,
		.path_id = path->id};

	if (!p || path->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED) || rib_stale_path(t, path))
		return;
	if (s->conf->routes & CONF_BMP_PRE_POLICY)
		pack_add(r, &s->packs, PRE, p, t->family, &route);
	route.attrs = path->attrs;
	if (s->conf->routes & CONF_BMP_POST_POLICY && !(path->flags & RIB_PATH_REJECTED))
		pack_add(r, &s->packs, POST, p, t->family, &route);
}

static unsigned show_dest(const struct router *r, struct core_bmp_station *s,
	const struct rib_table *t, uint32_t dest)
{
	const uint64_t *key = rib_dest_get(t, dest)->key;
	unsigned n = 0;

	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p), n++)
		show_path(r, s, t, key, p);
	return n;
}

/* Of sessions that are younger than the station's, End-of-RIB is told when it comes. */
static void walk_end(struct core_run *run, struct core_bmp_station *s)
{
	const struct router *r = run->r;

	s->walk.on = false;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct core_peer *p = &r->peers[i];

		if (p->source == RIB_SOURCE_NONE || p->fsm.since_ms > s->since_ms)
			continue;
		for (unsigned f = 0; f < WIRE_FAMILIES; f++)
			for (unsigned policy = 0; policy < POLICIES; policy++)
				if (p->fsm.ctx.families & WIRE_FAMILY_BIT(f))
					send_eor(run, s, policy, p, f);
	}
}

/* What is packed goes out at the end of each slice: between slices the same may change, and is then told at once. */
bool core_bmp_walk(struct core_run *run, struct core_bmp_station *s, unsigned *budget)
{
	const struct rib_store *st = run->r->store;

	while (*budget > 0 && s->walk.table < st->n_tables) {
		const struct rib_table *t = st->tables[s->walk.table];
		uint32_t next = t ? rib_table_next(t, s->walk.dest) : 0;
		unsigned cost = 1;

		s->walk.dest = next;
		if (next)
			cost += show_dest(run->r, s, t, next);
		else
			s->walk.table++;
		*budget -= cost < *budget ? cost : *budget;
	}
	packs_flush(run, &s->packs, s);
	if (s->walk.table == st->n_tables)
		walk_end(run, s);
	return s->walk.on;
}

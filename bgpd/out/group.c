#include "bgpd/out/group.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/out/member.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"

#define BITS_MIN    1024
#define HELD_MAX    64	/* slices */
#define BUSY_OCTETS 512 /* of prefixes, in one slice */

/* What of a path's flags a view may look at. */
#define TOLD_FLAGS (RIB_PATH_IMPORTED | RIB_PATH_LEAKED | RIB_PATH_PRIVATE)

/* --- one bit a destination --- */

static bool bit_get(const uint64_t *bits, uint32_t n_bits, uint32_t i)
{
	return i < n_bits && bits[i / 64] >> (i % 64) & 1;
}

static void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static void bit_clear(uint64_t *bits, uint32_t i)
{
	bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static uint64_t *bits_resize(uint64_t *bits, uint32_t from, uint32_t to)
{
	bits = realloc(bits, to / 8);
	CHECK(bits != NULL);
	memset((uint8_t *)bits + from / 8, 0, (to - from) / 8);
	return bits;
}

static void bits_hold(struct out_group *g, uint32_t dest)
{
	uint32_t n = g->n_bits ? g->n_bits : BITS_MIN;

	while (n <= dest)
		n *= 2;
	if (n == g->n_bits)
		return;
	g->advertised = bits_resize(g->advertised, g->n_bits, n);
	g->packed = bits_resize(g->packed, g->n_bits, n);
	g->n_bits = n;
}

/* --- emitting --- */

struct group_emit {
	const struct out_group *g;
	bool dumping_only;
	out_emit_fn *emit;
	void *arg;
};

static void group_emit(void *arg, struct out_to to, struct out_block *block)
{
	const struct group_emit *e = arg;

	for (uint32_t i = 0; i < e->g->n_members; i++) {
		const struct out_member *m = &e->g->members[i];
		bool is_source = to.who != RIB_SOURCE_NONE && m->source == to.who;
		if (is_source == (to.scope == OUT_ONLY) && (m->dumping || !e->dumping_only))
			e->emit(e->arg, m->peer, block);
	}
}

static void dump_flush(struct out_group *g, struct out_set *s, out_emit_fn *emit, void *arg)
{
	struct group_emit e = {.g = g, .dumping_only = true, .emit = emit, .arg = arg};

	out_pack_flush(&g->dump, s->store, s->encoder, group_emit, &e);
}

/* What the walk has shown is older than what changed since: it goes first. */
static void changes_flush(struct out_group *g, struct out_set *s, out_emit_fn *emit, void *arg)
{
	struct group_emit e = {.g = g, .emit = emit, .arg = arg};

	dump_flush(g, s, emit, arg);
	out_pack_flush(&g->pack, s->store, s->encoder, group_emit, &e);
	for (uint32_t i = 0; i < g->n_packed; i++)
		bit_clear(g->packed, g->packed_list[i]);
	g->n_packed = 0;
	g->held = g->held_octets = 0;
}

/* --- changes --- */

static void told_set(struct out_group *g, struct rib_store *st, const struct rib_path *p)
{
	struct rib_attrset *was = g->told.attrs;

	g->told = (struct out_told){.attrs = rib_attrset_ref(p->attrs),
		.source = p->source,
		.flags = p->flags & TOLD_FLAGS,
		.labelled = p->label != WIRE_LABEL_NONE,
		.yes = out_view_check(&g->view, st, p)};
	if (was)
		rib_store_unref_attrs(st, was);
}

/* Whether receivers are told this path. */
static bool is_told(struct out_group *g, struct rib_store *st, const struct rib_path *p)
{
	const struct out_told *t = &g->told;

	if (!p)
		return false;
	if (t->attrs != p->attrs || t->source != p->source || t->flags != (p->flags & TOLD_FLAGS) ||
		t->labelled != (p->label != WIRE_LABEL_NONE))
		told_set(g, st, p);
	return t->yes;
}

static void own_add(struct out_group *g, uint16_t source, int by)
{
	struct out_member *m = out_member_of_source(g, source);

	if (m)
		m->own += (uint32_t)by;
}

static void packed_note(struct out_group *g, uint32_t dest)
{
	if (g->n_packed == g->cap_packed) {
		g->cap_packed = g->cap_packed ? g->cap_packed * 2 : 256;
		g->packed_list = realloc(g->packed_list, g->cap_packed * sizeof(*g->packed_list));
		CHECK(g->packed_list != NULL);
	}
	g->packed_list[g->n_packed++] = dest;
	bit_set(g->packed, dest);
}

/* Whom a path from source must not go to: a member of the group, or nobody. */
static struct out_to all_but(struct out_group *g, uint16_t source)
{
	return (struct out_to){.scope = OUT_EXCEPT,
		.who = out_member_of_source(g, source) ? source : RIB_SOURCE_NONE};
}

static void change_announce(
	struct out_group *g, struct rib_store *st, const struct rib_change *c, bool was_advertised)
{
	const struct rib_dest *d = rib_dest_get(c->table, c->dest);
	const struct rib_path *now = c->now;
	struct out_route r = {.key = d->key, .label = WIRE_LABEL_NONE, .source = RIB_SOURCE_NONE};

	if (was_advertised && c->was->source != now->source &&
		out_member_of_source(g, now->source)) {
		r.to = (struct out_to){.scope = OUT_ONLY, .who = now->source};
		out_pack_add(&g->pack, st, &r);
	}
	r = (struct out_route){.attrs = now->attrs,
		.source = now->source,
		.to = all_but(g, now->source),
		.key = d->key,
		.label = now->label};
	out_pack_add(&g->pack, st, &r);
	if (!was_advertised) {
		bit_set(g->advertised, c->dest);
		g->n_advertised++;
	}
	own_add(g, now->source, 1);
}

static void change_withdraw(struct out_group *g, struct rib_store *st, const struct rib_change *c)
{
	struct out_route r = {.source = RIB_SOURCE_NONE,
		.to = all_but(g, c->was->source),
		.key = rib_dest_get(c->table, c->dest)->key,
		.label = WIRE_LABEL_NONE};

	out_pack_add(&g->pack, st, &r);
	bit_clear(g->advertised, c->dest);
	g->n_advertised--;
}

/* Whether receivers would be told what they know already. */
static bool change_is_invisible(struct out_group *g, struct out_set *s, const struct rib_change *c)
{
	struct out_pair *k = &g->pair;

	if (c->was->source != c->now->source || c->was->label != c->now->label)
		return false;
	if (k->was == c->was->attrs && k->now == c->now->attrs && k->source == c->now->source)
		return k->same;
	struct out_pair old = *k;
	*k = (struct out_pair){.was = rib_attrset_ref(c->was->attrs),
		.now = rib_attrset_ref(c->now->attrs),
		.source = c->now->source};
	k->same = out_encode_is_same(s->encoder, &g->view, k->source, k->was, k->now);
	if (old.was) {
		rib_store_unref_attrs(s->store, old.was);
		rib_store_unref_attrs(s->store, old.now);
	}
	return k->same;
}

static void group_change(struct out_group *g, struct out_set *s, const struct rib_change *c,
	out_emit_fn *emit, void *arg)
{
	bits_hold(g, c->dest);
	bool was_advertised = bit_get(g->advertised, g->n_bits, c->dest);
	bool now = is_told(g, s->store, c->now);

	if (!now && !was_advertised)
		return;
	if (now && was_advertised && change_is_invisible(g, s, c))
		return;
	if (bit_get(g->packed, g->n_bits, c->dest))
		changes_flush(g, s, emit, arg);
	if (was_advertised)
		own_add(g, c->was->source, -1);
	if (now)
		change_announce(g, s->store, c, was_advertised);
	else
		change_withdraw(g, s->store, c);
	packed_note(g, c->dest);
	if (out_pack_is_full(&g->pack))
		changes_flush(g, s, emit, arg);
}

void out_set_change(struct out_set *s, const struct rib_change *c, out_emit_fn *emit, void *arg)
{
	if (c->table->id >= s->n_tables)
		return;
	for (struct out_group *g = s->by_table[c->table->id]; g; g = g->next)
		group_change(g, s, c, emit, arg);
}

/* --- the walk for new members and ROUTE-REFRESH --- */

static void walk_show(struct out_group *g, struct rib_store *st, uint32_t dest)
{
	const struct rib_path *best = rib_dest_best(g->table, dest);

	if (!is_told(g, st, best))
		return;
	struct out_route r = {.attrs = best->attrs,
		.source = best->source,
		.to = all_but(g, best->source),
		.key = rib_dest_get(g->table, dest)->key,
		.label = best->label};
	out_pack_add(&g->dump, st, &r);
	bits_hold(g, dest);
	if (bit_get(g->advertised, g->n_bits, dest))
		return;
	bit_set(g->advertised, dest); /* the first walk of a new group */
	g->n_advertised++;
	own_add(g, best->source, 1);
}

static void eor_send(
	const struct out_group *g, const struct out_member *m, out_emit_fn *emit, void *arg)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, g->view.family);
	struct out_block *block = out_block_new(octets, w.len);
	emit(arg, m->peer, block);
	out_block_unref(block);
}

static bool member_is_done(const struct out_member *m, uint32_t next)
{
	if (!m->dumping)
		return false;
	if (next)
		return m->wrapped && next > m->dump_from;
	return m->wrapped || m->dump_from == 0;
}

/* The walk is about to show `next` (0: it is at the end of the table). Lets go whoever has seen everything. */
static void walk_turn(
	struct out_group *g, struct out_set *s, uint32_t next, out_emit_fn *emit, void *arg)
{
	dump_flush(g, s, emit, arg);
	g->stop_at = UINT32_MAX;
	for (uint32_t i = 0; i < g->n_members; i++) {
		struct out_member *m = &g->members[i];
		if (member_is_done(m, next)) {
			m->dumping = false;
			g->n_dumping--;
			if (m->eor)
				eor_send(g, m, emit, arg);
			m->eor = false;
		} else if (m->dumping && next == 0) {
			m->wrapped = true;
		}
		if (m->dumping && m->wrapped && m->dump_from < g->stop_at)
			g->stop_at = m->dump_from;
	}
}

static void group_walk(
	struct out_group *g, struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg)
{
	for (; g->n_dumping > 0 && *budget > 0; --*budget) {
		uint32_t next = rib_table_next(g->table, g->walk);
		if (next == 0 || next > g->stop_at)
			walk_turn(g, s, next, emit, arg);
		g->walk = next;
		if (next && g->n_dumping > 0)
			walk_show(g, s->store, next);
		if (out_pack_is_full(&g->dump))
			dump_flush(g, s, emit, arg);
	}
	if (g->n_dumping == 0)
		g->walk = 0;
}

/*
 * More changes are waiting, or so many came that there will be more when the sockets have been looked at once more: what is
 * collected may become a whole block.
 */
static bool group_waits(struct out_group *g, const struct out_set *s)
{
	bool grows = g->pack.n_octets > g->held_octets + BUSY_OCTETS;

	g->held_octets = g->pack.n_octets;
	return (grows || rib_change_pending(s->store)) && ++g->held < HELD_MAX;
}

static void group_work(
	struct out_group *g, struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg)
{
	if (!out_pack_is_empty(&g->pack) && !group_waits(g, s))
		changes_flush(g, s, emit, arg);
	group_walk(g, s, budget, emit, arg);
}

bool out_set_work(struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg)
{
	bool left = false;

	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			group_work(g, s, budget, emit, arg);
			left |= g->n_dumping > 0 || !out_pack_is_empty(&g->pack);
		}
	}
	return left;
}

bool out_set_holds(const struct out_set *s)
{
	for (uint32_t i = 0; i < s->n_tables; i++)
		for (const struct out_group *g = s->by_table[i]; g; g = g->next)
			if (!out_pack_is_empty(&g->pack))
				return true;
	return false;
}

#include "bgpd/out/group.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/out/member.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"

#define BITS_MIN 1024

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

static void group_emit(void *arg, enum out_scope scope, uint16_t source, struct out_block *block)
{
	const struct group_emit *e = arg;

	for (uint32_t i = 0; i < e->g->n_members; i++) {
		const struct out_member *m = &e->g->members[i];
		bool is_source = m->source == source;
		if (is_source == (scope == OUT_ONLY) && (m->dumping || !e->dumping_only))
			e->emit(e->arg, m->peer, block);
	}
}

static void changes_flush(struct out_group *g, struct rib_store *st, out_emit_fn *emit, void *arg)
{
	struct group_emit e = {.g = g, .emit = emit, .arg = arg};

	out_pack_flush(&g->pack, st, group_emit, &e);
	for (uint32_t i = 0; i < g->n_packed; i++)
		bit_clear(g->packed, g->packed_list[i]);
	g->n_packed = 0;
}

static void dump_flush(struct out_group *g, struct rib_store *st, out_emit_fn *emit, void *arg)
{
	struct group_emit e = {.g = g, .dumping_only = true, .emit = emit, .arg = arg};

	out_pack_flush(&g->dump, st, group_emit, &e);
}

/* --- changes --- */

/* What the view makes of a path, borrowed from the memo; NULL if receivers are not told it. */
static struct rib_attrset *group_view(
	struct out_group *g, struct rib_store *st, const struct rib_path *p)
{
	if (!p || !out_view_check(&g->view, st, p))
		return NULL;
	struct rib_attrset *to = rib_memo_find(&g->memo, p->attrs);
	if (to)
		return to;
	to = out_view_attrs(&g->view, st, p->attrs);
	return to ? rib_memo_add(&g->memo, st, p->attrs, to) : NULL;
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

static void change_announce(struct out_group *g, const struct rib_change *c,
	struct rib_attrset *attrs, bool was_advertised)
{
	const struct rib_dest *d = rib_dest_get(c->table, c->dest);
	uint16_t source = c->now->source;

	if (was_advertised && c->was->source != source && out_member_of_source(g, source))
		out_pack_add(&g->pack, NULL, OUT_ONLY, source, d->key, WIRE_LABEL_NONE);
	out_pack_add(&g->pack, attrs, OUT_EXCEPT, source, d->key, c->now->label);
	if (!was_advertised) {
		bit_set(g->advertised, c->dest);
		g->n_advertised++;
	}
	own_add(g, source, 1);
}

static void change_withdraw(struct out_group *g, const struct rib_change *c)
{
	const struct rib_dest *d = rib_dest_get(c->table, c->dest);

	out_pack_add(&g->pack, NULL, OUT_EXCEPT, c->was->source, d->key, WIRE_LABEL_NONE);
	bit_clear(g->advertised, c->dest);
	g->n_advertised--;
}

/* Whether receivers would be told what they know already. */
static bool change_is_invisible(struct out_group *g, struct rib_store *st,
	const struct rib_change *c, const struct rib_attrset *now)
{
	return c->was->source == c->now->source && c->was->label == c->now->label &&
	       group_view(g, st, c->was) == now;
}

static void group_change(struct out_group *g, struct rib_store *st, const struct rib_change *c,
	out_emit_fn *emit, void *arg)
{
	bits_hold(g, c->dest);
	bool was_advertised = bit_get(g->advertised, g->n_bits, c->dest);
	struct rib_attrset *now = group_view(g, st, c->now);

	if (!now && !was_advertised)
		return;
	if (now)
		rib_attrset_ref(now); /* looking at the old one may push it out of the memo */
	if (!now || !was_advertised || !change_is_invisible(g, st, c, now)) {
		if (bit_get(g->packed, g->n_bits, c->dest))
			changes_flush(g, st, emit, arg);
		if (was_advertised)
			own_add(g, c->was->source, -1);
		if (now)
			change_announce(g, c, now, was_advertised);
		else
			change_withdraw(g, c);
		packed_note(g, c->dest);
	}
	if (now)
		rib_store_unref_attrs(st, now);
}

void out_set_change(struct out_set *s, const struct rib_change *c, out_emit_fn *emit, void *arg)
{
	if (c->table->id >= s->n_tables)
		return;
	for (struct out_group *g = s->by_table[c->table->id]; g; g = g->next)
		group_change(g, s->store, c, emit, arg);
}

/* --- the walk for new members and ROUTE-REFRESH --- */

static void walk_show(struct out_group *g, struct rib_store *st, uint32_t dest)
{
	const struct rib_path *best = rib_dest_best(g->table, dest);
	struct rib_attrset *attrs = group_view(g, st, best);

	if (!attrs)
		return;
	out_pack_add(&g->dump, attrs, OUT_EXCEPT, best->source, rib_dest_get(g->table, dest)->key,
		best->label);
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
	struct out_group *g, struct rib_store *st, uint32_t next, out_emit_fn *emit, void *arg)
{
	dump_flush(g, st, emit, arg);
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
	struct out_group *g, struct rib_store *st, unsigned *budget, out_emit_fn *emit, void *arg)
{
	for (; g->n_dumping > 0 && *budget > 0; --*budget) {
		uint32_t next = rib_table_next(g->table, g->walk);
		if (next == 0 || next > g->stop_at)
			walk_turn(g, st, next, emit, arg);
		g->walk = next;
		if (next && g->n_dumping > 0)
			walk_show(g, st, next);
	}
	if (g->n_dumping > 0)
		dump_flush(g, st, emit, arg);
	else
		g->walk = 0;
}

static bool group_has_work(const struct out_group *g)
{
	return g->n_dumping > 0 || g->pack.n_buckets > 0;
}

bool out_set_work(struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg)
{
	bool left = false;

	for (uint32_t i = 0; i < s->n_tables; i++) {
		for (struct out_group *g = s->by_table[i]; g; g = g->next) {
			changes_flush(g, s->store, emit, arg);
			group_walk(g, s->store, budget, emit, arg);
			left |= group_has_work(g);
		}
	}
	return left;
}

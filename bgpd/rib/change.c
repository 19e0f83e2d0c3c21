#include "bgpd/rib/change.h"

#include <stdlib.h>

#include "bgpd/rib/best.h"
#include "bgpd/rib/store.h"
#include "lib/check.h"

#define CHANGE_CHUNK_ENTRIES 1022 /* makes a chunk of 8 KiB */

#define CHANGE_AHEAD 16 /* changes whose memory is under way at once */

struct change_entry {
	uint32_t dest;
	uint16_t table;
};

struct rib_change_chunk {
	struct rib_change_chunk *next;
	uint32_t n;
	struct change_entry entries[CHANGE_CHUNK_ENTRIES];
};

static struct rib_change_chunk *chunk_new(struct rib_changes *q)
{
	struct rib_change_chunk *c = q->spare;

	q->spare = NULL;
	if (!c) {
		c = malloc(sizeof(*c));
		CHECK(c != NULL);
		q->octets += sizeof(*c);
	}
	c->next = NULL;
	c->n = 0;
	return c;
}

static void chunk_free(struct rib_changes *q, struct rib_change_chunk *c)
{
	if (!q->spare) {
		q->spare = c;
		return;
	}
	q->octets -= sizeof(*c);
	free(c);
}

static void changes_grow(struct rib_changes *q)
{
	struct rib_change_chunk *c = chunk_new(q);

	if (q->tail)
		q->tail->next = c;
	else
		q->head = c;
	q->tail = c;
}

void rib_change_push(struct rib_table *t, uint32_t dest)
{
	struct rib_changes *q = &t->store->changes;

	if (!q->tail || q->tail->n == CHANGE_CHUNK_ENTRIES)
		changes_grow(q);
	q->tail->entries[q->tail->n++] = (struct change_entry){.dest = dest, .table = t->id};
	if (++q->n > q->peak)
		q->peak = q->n;
}

static void changes_drop_head(struct rib_changes *q)
{
	struct rib_change_chunk *c = q->head;

	q->head = c->next;
	q->head_at = 0;
	if (!q->head)
		q->tail = NULL;
	chunk_free(q, c);
}

static struct change_entry changes_pop(struct rib_changes *q)
{
	struct change_entry e = q->head->entries[q->head_at++];

	if (q->head_at == q->head->n)
		changes_drop_head(q);
	return e;
}

/*
 * What the decisions and the ends of the next changes will read is asked for before they begin: for all of them what the
 * entry names, then for all of them what that names, and so on, so that a step costs one access to memory and not n.
 */
static void changes_make_ready(struct rib_store *st)
{
	const struct rib_path *p[RIB_CHANGES_READY];
	struct rib_changes *q = &st->changes;
	uint32_t n = 0;

	while (q->head && n < RIB_CHANGES_READY) {
		struct change_entry e = changes_pop(q);
		struct rib_table *t = st->tables[e.table];
		if (!t) {
			q->n--;
			continue;
		}
		struct rib_dest *d = rib_dest_get(t, e.dest);
		__builtin_prefetch(d, 1);
		q->ready[n++] =
			(struct rib_change_ready){.dest = d, .id = e.dest, .table = e.table};
	}
	for (uint32_t i = 0; i < n; i++) {
		p[i] = rib_path_get(st->tables[q->ready[i].table], q->ready[i].dest->paths);
		__builtin_prefetch(p[i], 1);
	}
	for (uint32_t i = 0; i < n; i++)
		if (p[i]) {
			__builtin_prefetch(p[i]->attrs, 1);
			__builtin_prefetch(p[i]->attrs->data, 1);
		}
	for (uint32_t i = 0; i < n; i++)
		if (p[i] &&
			p[i]->flags &
				RIB_PATH_GONE) { /* and with the last one the destination goes */
			const struct rib_table *t = st->tables[q->ready[i].table];
			rib_attrset_prefetch(&st->attrsets, p[i]->attrs);
			rib_slots_prefetch(&t->slots, rib_key_hash(t, q->ready[i].dest->key));
		}
	q->n_ready = n;
	q->ready_at = 0;
}

void rib_changes_fini(struct rib_changes *q)
{
	while (q->head)
		changes_drop_head(q);
	free(q->spare);
	*q = (struct rib_changes){0};
}

bool rib_change_pending(const struct rib_store *st)
{
	return st->changes.n > 0;
}

/* Makes `now` first in the list: what consumers know as best is found without a search. */
static void best_move(
	struct rib_table *t, struct rib_dest *d, struct rib_path *was, struct rib_path *now)
{
	if (was)
		was->flags &= (uint16_t)~RIB_PATH_BEST;
	if (!now)
		return;
	now->flags |= RIB_PATH_BEST;
	rib_path_first(t, d, now);
}

static bool dest_decide(
	struct rib_table *t, uint32_t dest, struct rib_dest *d, struct rib_change *out)
{
	struct rib_path *first = rib_path_get(t, d->paths), *was = first;
	enum rib_step step;
	struct rib_path *now = rib_best_among(t, first, &step);

	if (was && !(was->flags & RIB_PATH_BEST))
		was = NULL;
	d->flags &= (uint8_t)~RIB_DEST_QUEUED;
	d->step = (uint8_t)step;
	if (was == now && !(now && t->report_all) && !t->watched) {
		if (!d->paths)
			rib_dest_del(t, dest);
		return false;
	}
	best_move(t, d, was, now);
	*out = (struct rib_change){
		.table = t, .dest = dest, .was = was, .now = now, .same = was == now};
	return true;
}

bool rib_change_next(struct rib_store *st, unsigned *budget, struct rib_change *out)
{
	struct rib_changes *q = &st->changes;

	while (*budget > 0 && q->n > 0) {
		if (q->ready_at == q->n_ready) {
			changes_make_ready(st);
			continue;
		}
		const struct rib_change_ready *c = &q->ready[q->ready_at++];
		struct rib_table *t = st->tables[c->table];
		q->n--;
		--*budget;
		if (t && dest_decide(t, c->id, c->dest, out))
			return true;
	}
	return false;
}

void rib_change_done(struct rib_store *st, struct rib_change *c)
{
	struct rib_dest *d = rib_dest_get(c->table, c->dest);

	if (c->was && c->was->flags & RIB_PATH_GONE)
		rib_path_del(c->table, d, (struct rib_path *)c->was);
	if (!d->paths && !(d->flags & RIB_DEST_QUEUED))
		rib_dest_del(c->table, c->dest);
}

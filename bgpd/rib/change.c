#include "bgpd/rib/change.h"

#include <stdlib.h>

#include "bgpd/rib/best.h"
#include "bgpd/rib/store.h"
#include "lib/check.h"

#define CHANGE_CHUNK_ENTRIES 1022 /* makes a chunk of 8 KiB */

struct change_entry {
	uint32_t dest;
	uint16_t table;
};

struct rib_change_chunk {
	struct rib_change_chunk *next;
	uint32_t n;
	struct change_entry entries[CHANGE_CHUNK_ENTRIES];
};

static void changes_grow(struct rib_changes *q)
{
	struct rib_change_chunk *c = malloc(sizeof(*c));

	CHECK(c != NULL);
	c->next = NULL;
	c->n = 0;
	if (q->tail)
		q->tail->next = c;
	else
		q->head = c;
	q->tail = c;
	q->octets += sizeof(*c);
}

void rib_change_add(struct rib_table *t, uint32_t dest)
{
	struct rib_changes *q = &t->store->changes;
	struct rib_dest *d = rib_dest_get(t, dest);

	if (d->flags & RIB_DEST_QUEUED)
		return;
	d->flags |= RIB_DEST_QUEUED;
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
	q->octets -= sizeof(*c);
	free(c);
}

static struct change_entry changes_pop(struct rib_changes *q)
{
	struct change_entry e = q->head->entries[q->head_at++];

	if (q->head_at == q->head->n)
		changes_drop_head(q);
	q->n--;
	return e;
}

void rib_changes_fini(struct rib_changes *q)
{
	while (q->head)
		changes_drop_head(q);
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

static bool dest_decide(struct rib_table *t, uint32_t dest, struct rib_change *out)
{
	struct rib_dest *d = rib_dest_get(t, dest);
	struct rib_path *was = rib_dest_best(t, dest);
	enum rib_step step;
	struct rib_path *now = rib_best_find(t, dest, &step);

	d->flags &= (uint8_t)~RIB_DEST_QUEUED;
	d->step = (uint8_t)step;
	if (was == now) {
		if (!d->paths)
			rib_dest_del(t, dest);
		return false;
	}
	best_move(t, d, was, now);
	*out = (struct rib_change){.table = t, .dest = dest, .was = was, .now = now};
	return true;
}

bool rib_change_next(struct rib_store *st, unsigned *budget, struct rib_change *out)
{
	while (st->changes.n > 0 && *budget > 0) {
		struct change_entry e = changes_pop(&st->changes);
		struct rib_table *t = st->tables[e.table];
		--*budget;
		if (t && dest_decide(t, e.dest, out))
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
	*c = (struct rib_change){0};
}

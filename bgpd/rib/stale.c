#include "bgpd/rib/stale.h"

#include "bgpd/rib/store.h"
#include "lib/check.h"

static void epoch_begin(struct rib_source *s, enum wire_family f)
{
	s->epoch[f] = (uint16_t)((s->epoch[f] + RIB_EPOCH_ONE) & RIB_PATH_EPOCH);
}

bool rib_stale_begin(struct rib_store *st, uint16_t source, uint32_t keep)
{
	struct rib_source *s = &st->sources[source];
	bool sweep = false;

	CHECK(s->used && !s->down);
	if (st->sweeps[source].on)
		return false;
	s->kept = keep;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		epoch_begin(s, f);
		sweep |= s->stale[f] > 0 || (s->paths[f] > 0 && !(keep & WIRE_FAMILY_BIT(f)));
		s->stale[f] = s->paths[f];
	}
	if (sweep)
		rib_source_sweep(st, source);
	return true;
}

bool rib_stale_begin_family(struct rib_store *st, uint16_t source, enum wire_family f)
{
	struct rib_source *s = &st->sources[source];
	bool sweep = s->stale[f] > 0;

	CHECK(s->used && !s->down);
	if (st->sweeps[source].on)
		return false;
	epoch_begin(s, f);
	s->kept |= WIRE_FAMILY_BIT(f);
	s->stale[f] = s->paths[f];
	if (sweep)
		rib_source_sweep(st, source);
	return true;
}

void rib_stale_end(struct rib_store *st, uint16_t source, uint32_t families)
{
	struct rib_source *s = &st->sources[source];
	bool sweep = false;

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		sweep |= (s->kept & families & WIRE_FAMILY_BIT(f)) && s->stale[f] > 0;
	s->kept &= ~families;
	if (sweep)
		rib_source_sweep(st, source);
}

bool rib_stale_path(const struct rib_table *t, const struct rib_path *p)
{
	return !(p->flags & RIB_PATH_IMPORTED) &&
	       rib_stale_age(rib_source_get(t->store, p->source), t->family, p->flags);
}

bool rib_stale_refresh(struct rib_table *t, struct rib_path *p)
{
	struct rib_source *s = &t->store->sources[p->source];

	if (!rib_stale_age(s, t->family, p->flags))
		return false;
	if (!(p->flags & RIB_PATH_IMPORTED))
		s->stale[t->family]--;
	p->flags = (uint16_t)((p->flags & ~RIB_PATH_EPOCH) | s->epoch[t->family]);
	return true;
}

void rib_stale_amend(struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r)
{
	struct rib_source *s = &t->store->sources[r->source];

	(void)rib_table_add(t, n, r);
	for (struct rib_path *p = rib_dest_paths(t, rib_table_find(t, n)); p;
		p = rib_path_next(t, p)) {
		if (p->source != r->source || p->id != r->id ||
			p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED))
			continue;
		p->flags = (uint16_t)((p->flags & ~RIB_PATH_EPOCH) |
				      ((s->epoch[t->family] - RIB_EPOCH_ONE) & RIB_PATH_EPOCH));
		s->stale[t->family]++;
		return;
	}
}

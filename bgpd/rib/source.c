#include "bgpd/rib/source.h"

#include <stdlib.h>

#include "bgpd/rib/store.h"
#include "lib/check.h"

static uint16_t source_slot(struct rib_store *st)
{
	for (uint32_t i = 0; i < st->n_sources; i++)
		if (!st->sources[i].used)
			return (uint16_t)i;
	CHECK(st->n_sources < RIB_SOURCE_NONE);
	if (st->n_sources == st->cap_sources) {
		st->cap_sources = st->cap_sources ? st->cap_sources * 2 : 16;
		st->sources = realloc(st->sources, st->cap_sources * sizeof(*st->sources));
		st->sweeps = realloc(st->sweeps, st->cap_sources * sizeof(*st->sweeps));
		CHECK(st->sources != NULL && st->sweeps != NULL);
	}
	return (uint16_t)st->n_sources++;
}

uint16_t rib_source_add(struct rib_store *st, const struct rib_source *s)
{
	uint16_t id = source_slot(st);
	struct rib_source *own = &st->sources[id];

	*own = *s;
	own->used = true;
	own->down = false;
	own->refs = 0;
	own->kept = 0;
	own->crowded = 0;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		own->paths[f] = own->stale[f] = own->epoch[f] = 0;
	st->sweeps[id] = (struct rib_job){0};
	return id;
}

const struct rib_source *rib_source_get(const struct rib_store *st, uint16_t id)
{
	CHECK(id < st->n_sources && st->sources[id].used);
	return &st->sources[id];
}

uint32_t rib_source_paths(const struct rib_source *s)
{
	uint32_t n = 0;

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		n += s->paths[f];
	return n;
}

void rib_source_ref(struct rib_store *st, uint16_t id)
{
	st->sources[id].refs++;
}

void rib_source_unref(struct rib_store *st, uint16_t id)
{
	struct rib_source *s = &st->sources[id];

	CHECK(s->refs > 0);
	if (--s->refs == 0 && s->down && !st->sweeps[id].on)
		s->used = false;
}

void rib_source_down(struct rib_store *st, uint16_t id)
{
	struct rib_source *s = &st->sources[id];

	CHECK(s->used && !s->down);
	s->down = true;
	if (rib_source_paths(s) > 0)
		rib_source_sweep(st, id);
	else if (s->refs == 0 && !st->sweeps[id].on)
		s->used = false;
}

void rib_source_sweep(struct rib_store *st, uint16_t id)
{
	if (!st->sweeps[id].on)
		st->n_sweeping++;
	st->sweeps[id] = (struct rib_job){.on = true};
}

const char *rib_source_kind_name(enum rib_source_kind k)
{
	static const char *const names[] = {[RIB_CONNECTED] = "connected",
		[RIB_STATIC] = "static",
		[RIB_PEER] = "peer",
		[RIB_VRF_EXPORT] = "export"};

	return names[k];
}

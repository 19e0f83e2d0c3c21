#include "bgpd/out/lane.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

struct out_lane *out_lane_new(enum out_phase phase, uint32_t id)
{
	struct out_lane *l = calloc(1, sizeof(*l));

	CHECK(l != NULL);
	l->phase = phase;
	l->then = OUT_LOG;
	l->stop_at = UINT32_MAX;
	l->id = id;
	return l;
}

void out_lane_free(struct out_lane *l)
{
	out_bits_fini(&l->missed);
	out_bits_fini(&l->has);
	free(l->log);
	free(l);
}

void out_lane_log(struct out_lane *l, const struct rib_table *t, const uint64_t *key)
{
	if (l->n_log == l->cap_log) {
		l->cap_log = l->cap_log ? l->cap_log * 2 : 64;
		l->log = realloc(l->log, (size_t)l->cap_log * t->words * sizeof(*l->log));
		CHECK(l->log != NULL);
	}
	memcpy(l->log + (size_t)l->n_log++ * t->words, key, t->words * sizeof(*key));
}

void out_lane_note(struct out_lane *l, const struct rib_table *t, uint32_t dest, bool withdrawn)
{
	l->noted = true;
	if (!withdrawn) {
		out_bits_set(&l->missed, dest);
		return;
	}
	if (out_bits_get(&l->has, dest))
		out_lane_log(l, t, rib_dest_get(t, dest)->key);
	out_bits_clear(&l->has, dest);
	out_bits_clear(&l->missed, dest);
}

void out_lane_add(struct out_lane *to, const struct out_lane *from, const struct rib_table *t)
{
	out_bits_add(&to->missed, &from->missed);
	out_bits_add(&to->has, &from->has);
	for (uint32_t i = from->log_at; i < from->n_log; i++)
		out_lane_log(to, t, from->log + (size_t)i * t->words);
}

#include "bgpd/out/filter.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"

static uint64_t rt_mask(uint8_t bits)
{
	return bits ? UINT64_MAX << (64 - bits) : 0;
}

static bool rt_covers(const struct out_rt *a, uint64_t rt)
{
	return ((a->rt ^ rt) & rt_mask(a->bits)) == 0;
}

/* Shorter ones first where they begin equal: what is inside another stands behind it. */
static int rt_cmp(const void *a, const void *b)
{
	const struct out_rt *x = a, *y = b;

	if (x->rt != y->rt)
		return x->rt < y->rt ? -1 : 1;
	return (x->bits > y->bits) - (x->bits < y->bits);
}

static struct out_filter *filter_new(const struct out_rtfilter *from)
{
	struct out_filter *f = malloc(sizeof(*f) + from->n * sizeof(f->list[0]));

	CHECK(f != NULL);
	*f = (struct out_filter){.refs = 1};
	for (uint32_t i = 0; i < from->n; i++) {
		uint8_t bits = from->list[i].bits < 64 ? from->list[i].bits : 64;
		f->list[i] = (struct out_rt){.rt = from->list[i].rt & rt_mask(bits), .bits = bits};
	}
	qsort(f->list, from->n, sizeof(f->list[0]), rt_cmp);
	for (uint32_t i = 0; i < from->n; i++)
		if (f->n == 0 || !rt_covers(&f->list[f->n - 1], f->list[i].rt))
			f->list[f->n++] = f->list[i];
	return f;
}

static bool filter_is(const struct out_filter *a, const struct out_filter *b)
{
	uint32_t i = 0;

	while (a->n == b->n && i < a->n && rt_cmp(&a->list[i], &b->list[i]) == 0)
		i++;
	return a->n == b->n && i == a->n;
}

struct out_filter *out_filter_get(struct out_filter **all, const struct out_rtfilter *from)
{
	if (!from)
		return NULL;
	struct out_filter *f = filter_new(from);
	for (struct out_filter *k = *all; k; k = k->next) {
		if (!filter_is(k, f))
			continue;
		free(f);
		k->refs++;
		return k;
	}
	f->next = *all;
	*all = f;
	return f;
}

void out_filter_unref(struct out_filter **all, struct out_filter *f)
{
	if (!f || --f->refs > 0)
		return;
	while (*all != f)
		all = &(*all)->next;
	*all = f->next;
	free(f);
}

/* None is inside another, so only the last that does not begin behind rt can cover it. */
static bool filter_has(const struct out_filter *f, uint64_t rt)
{
	uint32_t low = 0, high = f->n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (f->list[mid].rt <= rt)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && rt_covers(&f->list[low - 1], rt);
}

bool out_filter_wants(const struct out_filter *f, const struct rib_attrset *attrs)
{
	if (!f || (f->n > 0 && f->list[0].bits == 0))
		return true;
	struct wire_span ext = rib_attrset_list(attrs, RIB_LIST_EXT_COMMUNITIES);
	for (unsigned i = 0; i < ext.len / 8u; i++) {
		uint64_t rt = wire_extcomm_at(ext, i);
		if (wire_rt_is(rt) && filter_has(f, rt))
			return true;
	}
	return false;
}

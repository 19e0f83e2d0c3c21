#include "vrf/rtindex.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/comm.h"
#include "lib/check.h"

void vrf_rtindex_init(struct vrf_rtindex *x)
{
	*x = (struct vrf_rtindex){0};
}

void vrf_rtindex_fini(struct vrf_rtindex *x)
{
	free(x->rows);
	vrf_rtindex_init(x);
}

/* The first row that is not before (rt, vrf). */
static size_t row_at(const struct vrf_rtindex *x, uint64_t rt, uint16_t vrf)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct vrf_rtindex_row *r = &x->rows[mid];
		if (r->rt < rt || (r->rt == rt && r->vrf < vrf))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void row_add(struct vrf_rtindex *x, uint64_t rt, uint16_t vrf)
{
	size_t at = row_at(x, rt, vrf);

	if (at < x->n && x->rows[at].rt == rt && x->rows[at].vrf == vrf)
		return;
	if (x->n == x->cap) {
		x->cap = x->cap ? x->cap * 2 : 16;
		x->rows = realloc(x->rows, x->cap * sizeof(*x->rows));
		CHECK(x->rows != NULL);
	}
	memmove(&x->rows[at + 1], &x->rows[at], (x->n - at) * sizeof(*x->rows));
	x->rows[at] = (struct vrf_rtindex_row){.rt = rt, .vrf = vrf};
	x->n++;
}

void vrf_rtindex_add(struct vrf_rtindex *x, uint16_t vrf, const struct vrf_rtset *import)
{
	for (unsigned i = 0; i < import->n; i++)
		row_add(x, import->rts[i], vrf);
}

void vrf_rtindex_del(struct vrf_rtindex *x, uint16_t vrf)
{
	size_t kept = 0;

	for (size_t i = 0; i < x->n; i++)
		if (x->rows[i].vrf != vrf)
			x->rows[kept++] = x->rows[i];
	x->n = kept;
}

bool vrf_rtindex_has(const struct vrf_rtindex *x, uint64_t rt)
{
	size_t at = row_at(x, rt, 0);

	return at < x->n && x->rows[at].rt == rt;
}

bool vrf_rtindex_takes(const struct vrf_rtindex *x, struct wire_span ext)
{
	for (unsigned i = 0; i < wire_extcomm_count(ext); i++)
		if (vrf_rtindex_has(x, wire_extcomm_at(ext, i)))
			return true;
	return false;
}

/* Into the ascending list, unless it is there. */
static unsigned list_add(uint16_t *list, unsigned n, unsigned cap, uint16_t vrf)
{
	unsigned at = n;

	while (at > 0 && list[at - 1] >= vrf)
		at--;
	if (at < n && list[at] == vrf)
		return n;
	CHECK(n < cap);
	memmove(&list[at + 1], &list[at], (n - at) * sizeof(*list));
	list[at] = vrf;
	return n + 1;
}

unsigned vrf_rtindex_find(
	const struct vrf_rtindex *x, struct wire_span ext, uint16_t *out, unsigned cap)
{
	unsigned n = 0;

	for (unsigned i = 0; i < wire_extcomm_count(ext); i++) {
		uint64_t rt = wire_extcomm_at(ext, i);
		for (size_t at = row_at(x, rt, 0); at < x->n && x->rows[at].rt == rt; at++)
			n = list_add(out, n, cap, x->rows[at].vrf);
	}
	return n;
}

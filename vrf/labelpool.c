#include "vrf/labelpool.h"

#include <stdlib.h>

#include "bgpd/wire/nlri.h"
#include "lib/check.h"

#define LABEL_FIRST_FREE 16 /* RFC 3032 2.1: 0-15 are reserved */
#define LABEL_END	 (1u << 20)

void vrf_labelpool_init(struct vrf_labelpool *p, uint32_t min, uint32_t max, uint64_t quarantine_ms)
{
	CHECK(min >= LABEL_FIRST_FREE && min <= max && max < LABEL_END);
	*p = (struct vrf_labelpool){
		.min = min, .max = max, .next = min, .quarantine_ms = quarantine_ms};
}

void vrf_labelpool_fini(struct vrf_labelpool *p)
{
	free(p->rest);
	free(p->held);
	p->rest = NULL;
	p->held = NULL;
	p->held_n = 0;
	p->rest_n = p->rest_cap = p->rest_head = 0;
}

static bool is_held(const struct vrf_labelpool *p, uint32_t label)
{
	for (size_t i = 0; i < p->held_n; i++)
		if (p->held[i] == label)
			return true;
	return false;
}

bool vrf_labelpool_hold(struct vrf_labelpool *p, uint32_t label)
{
	if (label < p->next || label > p->max || is_held(p, label))
		return false;
	p->held = realloc(p->held, (p->held_n + 1) * sizeof(*p->held));
	CHECK(p->held != NULL);
	p->held[p->held_n++] = label;
	p->used++;
	return true;
}

uint32_t vrf_labelpool_get(struct vrf_labelpool *p, uint64_t now_ms)
{
	while (p->next <= p->max && is_held(p, p->next))
		p->next++;
	if (p->next <= p->max) {
		p->used++;
		return p->next++;
	}
	if (p->rest_n == 0 || p->rest[p->rest_head].free_at_ms > now_ms)
		return WIRE_LABEL_NONE;
	uint32_t label = p->rest[p->rest_head].label;
	p->rest_head = (p->rest_head + 1) % p->rest_cap;
	p->rest_n--;
	p->used++;
	return label;
}

static void rest_grow(struct vrf_labelpool *p)
{
	size_t cap = p->rest_cap ? p->rest_cap * 2 : 16;
	struct vrf_labelpool_rest *rest = calloc(cap, sizeof(*rest));

	CHECK(rest != NULL);
	for (size_t i = 0; i < p->rest_n; i++)
		rest[i] = p->rest[(p->rest_head + i) % p->rest_cap];
	free(p->rest);
	p->rest = rest;
	p->rest_cap = cap;
	p->rest_head = 0;
}

void vrf_labelpool_put(struct vrf_labelpool *p, uint32_t label, uint64_t now_ms)
{
	CHECK(p->used > 0 && label >= p->min && label <= p->max);
	if (p->rest_n == p->rest_cap)
		rest_grow(p);
	p->rest[(p->rest_head + p->rest_n) % p->rest_cap] = (struct vrf_labelpool_rest){
		.label = label, .free_at_ms = now_ms + p->quarantine_ms};
	p->rest_n++;
	p->used--;
}

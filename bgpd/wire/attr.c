#include "bgpd/wire/attr_table.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/as4.h"
#include "lib/rbuf.h"

#define LARGE_OCTETS 12 /* RFC 8092 3 */

/* --- readers: the walk has checked flags and length --- */

static void attr_mark(struct wire_decode *d, enum wire_attr_code code)
{
	d->up->attrs.present |= WIRE_ATTR_BIT(code);
}

static uint32_t attr_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static const char *get_origin(struct wire_decode *d, struct wire_span v)
{
	if (v.p[0] > WIRE_ORIGIN_INCOMPLETE)
		return "ORIGIN is undefined";
	d->up->attrs.origin = v.p[0];
	attr_mark(d, WIRE_ATTR_ORIGIN);
	return NULL;
}

/* A 2-octet path stays as it came until AS4_PATH, wherever that stands, has been seen too. */
static const char *get_as_path(struct wire_decode *d, struct wire_span v)
{
	const char *why = wire_aspath_check(v, d->ctx->as4 ? 4 : 2, !d->ctx->ebgp);

	if (!why) {
		d->up->attrs.as_path = v;
		attr_mark(d, WIRE_ATTR_AS_PATH);
	}
	return why;
}

static const char *get_as4_path(struct wire_decode *d, struct wire_span v)
{
	const char *why = wire_aspath_check(v, 4, true);

	if (!why)
		d->as4_path = v;
	return why;
}

static const char *get_next_hop(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.next_hop = ip_addr_v4(attr_u32(v.p));
	attr_mark(d, WIRE_ATTR_NEXT_HOP);
	return NULL;
}

static const char *get_med(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.med = attr_u32(v.p);
	attr_mark(d, WIRE_ATTR_MED);
	return NULL;
}

static const char *get_local_pref(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.local_pref = attr_u32(v.p);
	attr_mark(d, WIRE_ATTR_LOCAL_PREF);
	return NULL;
}

static const char *get_atomic_aggregate(struct wire_decode *d, struct wire_span v)
{
	attr_mark(d, WIRE_ATTR_ATOMIC_AGGREGATE);
	return NULL;
}

static const char *get_aggregator(struct wire_decode *d, struct wire_span v)
{
	struct rbuf r = rbuf_of(v.p, v.len);
	uint32_t as = d->ctx->as4 ? rbuf_get_u32(&r) : rbuf_get_u16(&r);
	uint32_t id = rbuf_get_u32(&r);

	if (!rbuf_ok(&r) || rbuf_left(&r) > 0)
		return "AGGREGATOR has the other width of AS number";
	if (as == 0)
		return "AGGREGATOR is AS 0 (RFC 7607 2)";
	d->up->attrs.aggregator_as = as;
	d->up->attrs.aggregator_id = id;
	attr_mark(d, WIRE_ATTR_AGGREGATOR);
	return NULL;
}

static const char *get_as4_aggregator(struct wire_decode *d, struct wire_span v)
{
	if (attr_u32(v.p) == 0)
		return "AS4_AGGREGATOR is AS 0 (RFC 7607 2)";
	d->as4_aggregator = true;
	d->as4_aggregator_as = attr_u32(v.p);
	d->as4_aggregator_id = attr_u32(v.p + 4);
	return NULL;
}

static const char *get_communities(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.communities = v;
	attr_mark(d, WIRE_ATTR_COMMUNITIES);
	return NULL;
}

static const char *get_originator_id(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.originator_id = attr_u32(v.p);
	attr_mark(d, WIRE_ATTR_ORIGINATOR_ID);
	return NULL;
}

static const char *get_cluster_list(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.cluster_list = v;
	attr_mark(d, WIRE_ATTR_CLUSTER_LIST);
	return NULL;
}

static const char *get_ext_communities(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.ext_communities = v;
	attr_mark(d, WIRE_ATTR_EXT_COMMUNITIES);
	return NULL;
}

static int large_order(const void *a, const void *b)
{
	return memcmp(a, b, LARGE_OCTETS);
}

/* RFC 8092 3: of equal ones one is kept; their order says nothing. False if the arena is full. */
static bool large_unique(struct wire_span *v, struct arena *arena)
{
	uint8_t *list = v->len > LARGE_OCTETS ? arena_copy(arena, v->p, v->len) : NULL;
	uint16_t kept = LARGE_OCTETS;

	if (!list)
		return v->len <= LARGE_OCTETS;
	qsort(list, v->len / LARGE_OCTETS, LARGE_OCTETS, large_order);
	for (uint32_t at = LARGE_OCTETS; at < v->len; at += LARGE_OCTETS)
		if (memcmp(list + at, list + kept - LARGE_OCTETS, LARGE_OCTETS) != 0) {
			memmove(list + kept, list + at, LARGE_OCTETS);
			kept += LARGE_OCTETS;
		}
	if (kept < v->len)
		*v = (struct wire_span){.p = list, .len = kept};
	return true;
}

static const char *get_large_communities(struct wire_decode *d, struct wire_span v)
{
	if (!large_unique(&v, d->arena))
		return "LARGE_COMMUNITIES do not fit in the message's memory";
	d->up->attrs.large_communities = v;
	attr_mark(d, WIRE_ATTR_LARGE_COMMUNITIES);
	return NULL;
}

static const char *get_otc(struct wire_decode *d, struct wire_span v)
{
	d->up->attrs.otc = attr_u32(v.p);
	attr_mark(d, WIRE_ATTR_OTC);
	return NULL;
}

/* --- writers: value only --- */

static bool put_origin(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u8(w, a->origin);
	return true;
}

static bool put_as_path(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	if (ctx->as4)
		wbuf_put(w, a->as_path.p, a->as_path.len);
	else
		wire_aspath_put_narrow(w, a->as_path);
	return true;
}

static bool put_as4_path(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	size_t begin = w->len;

	if (!wire_aspath_is_wide(a->as_path))
		return false;
	wire_aspath_put_as4(w, a->as_path);
	return w->bad || w->len > begin; /* nothing but confederations: there is nothing to send */
}

static bool put_next_hop(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u32(w, ip_addr_get_v4(&a->next_hop));
	return true;
}

static bool put_med(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u32(w, a->med);
	return true;
}

static bool put_local_pref(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u32(w, a->local_pref);
	return true;
}

static bool put_atomic_aggregate(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	return true;
}

static bool put_aggregator(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	if (ctx->as4)
		wbuf_put_u32(w, a->aggregator_as);
	else
		wbuf_put_u16(w, (uint16_t)(a->aggregator_as > UINT16_MAX ? WIRE_AS_TRANS
									 : a->aggregator_as));
	wbuf_put_u32(w, a->aggregator_id);
	return true;
}

static bool put_as4_aggregator(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	if (a->aggregator_as <= UINT16_MAX)
		return false;
	wbuf_put_u32(w, a->aggregator_as);
	wbuf_put_u32(w, a->aggregator_id);
	return true;
}

static bool put_span(struct wbuf *w, struct wire_span s)
{
	wbuf_put(w, s.p, s.len);
	return s.len > 0; /* an empty list is a syntax error (RFC 7606 4) */
}

static bool put_communities(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	return put_span(w, a->communities);
}

static bool put_originator_id(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u32(w, a->originator_id);
	return true;
}

static bool put_cluster_list(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	return put_span(w, a->cluster_list);
}

static bool put_ext_communities(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	return put_span(w, a->ext_communities);
}

static bool put_large_communities(
	struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	return put_span(w, a->large_communities);
}

static bool put_otc(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a)
{
	wbuf_put_u32(w, a->otc);
	return true;
}

/* --- the table --- */

#define WELL_KNOWN	    WIRE_FLAG_TRANSITIVE
#define OPTIONAL	    WIRE_FLAG_OPTIONAL
#define OPTIONAL_TRANSITIVE (WIRE_FLAG_OPTIONAL | WIRE_FLAG_TRANSITIVE)
#define ANY		    UINT16_MAX

/* clang-format off */
static const struct wire_attr_desc attr_table[WIRE_ATTR_TABLE_END] = {
	/* code                         name, flags, least, most, unit, on error, subcode, internal, as2, written if, get, put */
	[WIRE_ATTR_ORIGIN] = {"ORIGIN", WELL_KNOWN, 1, 1, 1, WIRE_WITHDRAW, WIRE_UPDATE_ORIGIN,
		false, false, WIRE_ATTR_ORIGIN, get_origin, put_origin},
	[WIRE_ATTR_AS_PATH] = {"AS_PATH", WELL_KNOWN, 0, ANY, 1, WIRE_WITHDRAW, WIRE_UPDATE_AS_PATH,
		false, false, WIRE_ATTR_AS_PATH, get_as_path, put_as_path},
	[WIRE_ATTR_NEXT_HOP] = {"NEXT_HOP", WELL_KNOWN, 4, 4, 1, WIRE_WITHDRAW, WIRE_UPDATE_NEXT_HOP,
		false, false, WIRE_ATTR_NEXT_HOP, get_next_hop, put_next_hop},
	[WIRE_ATTR_MED] = {"MULTI_EXIT_DISC", OPTIONAL, 4, 4, 1, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_MED, get_med, put_med},
	[WIRE_ATTR_LOCAL_PREF] = {"LOCAL_PREF", WELL_KNOWN, 4, 4, 1, WIRE_WITHDRAW, WIRE_UPDATE_LENGTH,
		true, false, WIRE_ATTR_LOCAL_PREF, get_local_pref, put_local_pref},
	[WIRE_ATTR_ATOMIC_AGGREGATE] = {"ATOMIC_AGGREGATE", WELL_KNOWN, 0, 0, 1, WIRE_ATTR_DISCARD, WIRE_UPDATE_LENGTH,
		false, false, WIRE_ATTR_ATOMIC_AGGREGATE, get_atomic_aggregate, put_atomic_aggregate},
	[WIRE_ATTR_AGGREGATOR] = {"AGGREGATOR", OPTIONAL_TRANSITIVE, 6, 8, 2, WIRE_ATTR_DISCARD, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_AGGREGATOR, get_aggregator, put_aggregator},
	[WIRE_ATTR_COMMUNITIES] = {"COMMUNITIES", OPTIONAL_TRANSITIVE, 4, ANY, 4, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_COMMUNITIES, get_communities, put_communities},
	[WIRE_ATTR_ORIGINATOR_ID] = {"ORIGINATOR_ID", OPTIONAL, 4, 4, 1, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		true, false, WIRE_ATTR_ORIGINATOR_ID, get_originator_id, put_originator_id},
	[WIRE_ATTR_CLUSTER_LIST] = {"CLUSTER_LIST", OPTIONAL, 4, ANY, 4, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		true, false, WIRE_ATTR_CLUSTER_LIST, get_cluster_list, put_cluster_list},
	/* 5 and 3: RFC 7606 5.3. Written by update.c, since they carry NLRI. */
	[WIRE_ATTR_MP_REACH] = {"MP_REACH_NLRI", OPTIONAL, 5, ANY, 1, WIRE_RESET, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_MP_REACH, wire_mp_reach_get, NULL},
	[WIRE_ATTR_MP_UNREACH] = {"MP_UNREACH_NLRI", OPTIONAL, 3, ANY, 1, WIRE_RESET, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_MP_UNREACH, wire_mp_unreach_get, NULL},
	[WIRE_ATTR_EXT_COMMUNITIES] = {"EXTENDED_COMMUNITIES", OPTIONAL_TRANSITIVE, 8, ANY, 8, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_EXT_COMMUNITIES, get_ext_communities, put_ext_communities},
	/* Malformed ones are left out: RFC 6793 6. */
	[WIRE_ATTR_AS4_PATH] = {"AS4_PATH", OPTIONAL_TRANSITIVE, 6, ANY, 2, WIRE_ATTR_DISCARD, WIRE_UPDATE_OPTIONAL,
		false, true, WIRE_ATTR_AS_PATH, get_as4_path, put_as4_path},
	[WIRE_ATTR_AS4_AGGREGATOR] = {"AS4_AGGREGATOR", OPTIONAL_TRANSITIVE, 8, 8, 1, WIRE_ATTR_DISCARD, WIRE_UPDATE_OPTIONAL,
		false, true, WIRE_ATTR_AGGREGATOR, get_as4_aggregator, put_as4_aggregator},
	/* RFC 8092 5 */
	[WIRE_ATTR_LARGE_COMMUNITIES] = {"LARGE_COMMUNITIES", OPTIONAL_TRANSITIVE, 12, ANY, 12, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_LARGE_COMMUNITIES, get_large_communities, put_large_communities},
	/* RFC 9234 5 */
	[WIRE_ATTR_OTC] = {"ONLY_TO_CUSTOMER", OPTIONAL_TRANSITIVE, 4, 4, 1, WIRE_WITHDRAW, WIRE_UPDATE_OPTIONAL,
		false, false, WIRE_ATTR_OTC, get_otc, put_otc},
};
/* clang-format on */

const struct wire_attr_desc *wire_attr_find(uint8_t code)
{
	if (code >= WIRE_ATTR_TABLE_END || !attr_table[code].name)
		return NULL;
	return &attr_table[code];
}

#include "bgpd/out/pack.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"

#define ITEM_END      UINT32_MAX
#define BUCKET_NONE   UINT32_MAX
#define INDEX_CAP_MIN 64
#define BLOCK_OCTETS  32768 /* a block is sent when less than one message is left of this */
#define NLRI_CHUNK                                                                                 \
	1024 /* more than fit into a message of 4096 octets (RFC 4271 4.1) but for the shortest */

struct pack_sink { /* a block under construction, and for whom */
	out_pack_fn *fn;
	void *arg;
	enum out_scope scope;
	uint16_t source;
	struct wbuf w;
	uint8_t octets[BLOCK_OCTETS];
};

void out_pack_init(struct out_pack *p, enum wire_family f, const struct wire_ctx *ctx)
{
	*p = (struct out_pack){.family = f, .ctx = *ctx};
	CHECK(ctx->msg_max <= BLOCK_OCTETS / 2);
}

static void pack_clear(struct out_pack *p, struct rib_store *st)
{
	for (uint32_t i = 0; i < p->n_buckets; i++)
		if (p->buckets[i].attrs)
			rib_store_unref_attrs(st, p->buckets[i].attrs);
	p->n_buckets = p->n_items = 0;
	for (uint32_t i = 0; i < p->cap_index; i++)
		p->index[i] = BUCKET_NONE;
}

static void pack_free(struct out_pack *p)
{
	free(p->items);
	free(p->buckets);
	free(p->index);
	p->items = NULL;
	p->buckets = NULL;
	p->index = NULL;
	p->cap_items = p->cap_buckets = p->cap_index = 0;
}

void out_pack_fini(struct out_pack *p, struct rib_store *st)
{
	pack_clear(p, st);
	pack_free(p);
}

/* --- buckets --- */

static uint32_t bucket_hash(const struct rib_attrset *attrs, enum out_scope scope, uint16_t source)
{
	uint32_t h = attrs ? attrs->hash : 0; /* keyed already: a peer cannot choose collisions */

	return h ^ (source * 2654435761u + (uint32_t)scope);
}

static bool bucket_is(const struct out_bucket *b, const struct rib_attrset *attrs,
	enum out_scope scope, uint16_t source)
{
	return b->attrs == attrs && b->scope == scope && b->source == source;
}

static uint32_t index_slot(const struct out_pack *p, const struct rib_attrset *attrs,
	enum out_scope scope, uint16_t source)
{
	uint32_t i = bucket_hash(attrs, scope, source) & (p->cap_index - 1);

	while (p->index[i] != BUCKET_NONE &&
		!bucket_is(&p->buckets[p->index[i]], attrs, scope, source))
		i = (i + 1) & (p->cap_index - 1);
	return i;
}

static void index_grow(struct out_pack *p)
{
	p->cap_index = p->cap_index ? p->cap_index * 2 : INDEX_CAP_MIN;
	p->index = realloc(p->index, p->cap_index * sizeof(*p->index));
	CHECK(p->index != NULL);
	for (uint32_t i = 0; i < p->cap_index; i++)
		p->index[i] = BUCKET_NONE;
	for (uint32_t b = 0; b < p->n_buckets; b++) {
		const struct out_bucket *k = &p->buckets[b];
		p->index[index_slot(p, k->attrs, k->scope, k->source)] = b;
	}
}

static uint32_t bucket_find_or_add(
	struct out_pack *p, struct rib_attrset *attrs, enum out_scope scope, uint16_t source)
{
	if (p->n_buckets + 1 > p->cap_index / 2)
		index_grow(p);
	uint32_t i = index_slot(p, attrs, scope, source);
	if (p->index[i] != BUCKET_NONE)
		return p->index[i];
	if (p->n_buckets == p->cap_buckets) {
		p->cap_buckets = p->cap_buckets ? p->cap_buckets * 2 : 16;
		p->buckets = realloc(p->buckets, p->cap_buckets * sizeof(*p->buckets));
		CHECK(p->buckets != NULL);
	}
	p->buckets[p->n_buckets] = (struct out_bucket){
		.attrs = attrs ? rib_attrset_ref(attrs) : NULL,
		.scope = scope,
		.source = source,
		.head = ITEM_END,
		.tail = ITEM_END,
	};
	p->index[i] = p->n_buckets;
	return p->n_buckets++;
}

void out_pack_add(struct out_pack *p, struct rib_attrset *attrs, enum out_scope scope,
	uint16_t source, const uint64_t *key, uint32_t label)
{
	uint32_t bucket = bucket_find_or_add(p, attrs, scope, source);
	struct out_bucket *b = &p->buckets[bucket];

	if (p->n_items == p->cap_items) {
		p->cap_items = p->cap_items ? p->cap_items * 2 : 64;
		p->items = realloc(p->items, p->cap_items * sizeof(*p->items));
		CHECK(p->items != NULL);
	}
	struct out_item *it = &p->items[p->n_items];
	*it = (struct out_item){.label = label, .next = ITEM_END};
	memcpy(it->key, key, sizeof(*key) * (wire_family_get(p->family)->rd_octets ? 2 : 1));
	if (b->tail == ITEM_END)
		b->head = p->n_items;
	else
		p->items[b->tail].next = p->n_items;
	b->tail = p->n_items++;
}

/* --- encoding --- */

static void sink_send(struct pack_sink *s)
{
	if (s->w.len == 0)
		return;
	struct out_block *block = out_block_new(s->octets, s->w.len);
	s->fn(s->arg, s->scope, s->source, block);
	out_block_unref(block);
	s->w = wbuf_of(s->octets, sizeof(s->octets));
}

static void sink_aim(struct pack_sink *s, const struct out_bucket *b)
{
	if (s->scope == b->scope && s->source == b->source)
		return;
	sink_send(s);
	s->scope = b->scope;
	s->source = b->source;
}

/* The next prefixes of a bucket as the codec wants them; *item moves on. */
static size_t items_read(
	const struct out_pack *p, uint32_t *item, struct wire_nlri *out, size_t cap)
{
	size_t n = 0;

	for (; n < cap && *item != ITEM_END; n++) {
		const struct out_item *it = &p->items[*item];
		rib_key_get(p->family, it->key, &out[n]);
		out[n].label = it->label;
		*item = it->next;
	}
	return n;
}

static size_t message_put(struct out_pack *p, struct pack_sink *s, const struct wire_attrs *a,
	const struct wire_nlri *nlri, size_t n)
{
	if (wbuf_left(&s->w) < p->ctx.msg_max)
		sink_send(s);
	size_t done = a ? wire_update_put_reach(&s->w, &p->ctx, p->family, a, nlri, n)
			: wire_update_put_unreach(&s->w, &p->ctx, p->family, nlri, n);
	if (done)
		p->messages++;
	return done;
}

/*
 * Attributes so long that not even one prefix fits: nobody can be told the route (RFC 4271 9.2 says to leave it out),
 * so it is withdrawn, lest an older form of it stays with the peers.
 */
static void too_long_put(struct out_pack *p, struct pack_sink *s, const struct wire_nlri *n)
{
	p->too_long++;
	message_put(p, s, NULL, n, 1);
}

static void bucket_put(struct out_pack *p, struct pack_sink *s, const struct out_bucket *b)
{
	struct wire_nlri nlri[NLRI_CHUNK];
	struct wire_attrs attrs;
	uint32_t item = b->head;
	size_t have = 0;

	if (b->attrs)
		rib_attrset_view(b->attrs, &attrs);
	sink_aim(s, b);
	for (;;) {
		have += items_read(p, &item, nlri + have, NLRI_CHUNK - have);
		if (have == 0)
			return;
		size_t done = message_put(p, s, b->attrs ? &attrs : NULL, nlri, have);
		if (done == 0) {
			CHECK(b->attrs != NULL);
			too_long_put(p, s, &nlri[0]);
			done = 1;
		}
		memmove(nlri, nlri + done, (have - done) * sizeof(*nlri));
		have -= done;
	}
}

void out_pack_flush(struct out_pack *p, struct rib_store *st, out_pack_fn *fn, void *arg)
{
	if (p->n_buckets == 0)
		return;
	struct pack_sink *s = malloc(sizeof(*s));
	CHECK(s != NULL);
	s->fn = fn;
	s->arg = arg;
	s->scope = OUT_EXCEPT;
	s->source = RIB_SOURCE_NONE;
	s->w = wbuf_of(s->octets, sizeof(s->octets));
	for (int announce = 0; announce <= 1; announce++)
		for (uint32_t i = 0; i < p->n_buckets; i++)
			if ((p->buckets[i].attrs != NULL) == announce)
				bucket_put(p, s, &p->buckets[i]);
	sink_send(s);
	free(s);
	pack_clear(p, st);
}

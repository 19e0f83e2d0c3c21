#include "bgpd/out/pack.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "lib/check.h"

#define RUN_END	       UINT32_MAX
#define BUCKET_NONE    UINT32_MAX
#define INDEX_CAP_MIN  64
#define FULL_OCTETS    (OUT_BLOCK_OCTETS - 8192) /* that the guess below is wrong by less */
#define BUCKET_OCTETS  110			 /* header and attributes of a message, guessed */
#define PATH_ID_OCTETS 4			 /* RFC 7911 3 */
#define HEAD_OCTETS    64 /* of a message, attributes not included, at most */

struct pack_sink { /* a block under construction, and for whom */
	const struct out_pack *pack;
	out_pack_fn *fn;
	void *arg;
	struct out_to to;
	struct out_block *block;
	uint64_t before; /* messages of the pack when it was begun */
	struct wbuf w;
};

void out_pack_init(struct out_pack *p, const struct out_view *v)
{
	*p = (struct out_pack){.view = v,
		.family = wire_family_get(v->family),
		.add_path = v->ctx.add_path_tx & WIRE_FAMILY_BIT(v->family)};
	CHECK(v->ctx.msg_max <= OUT_BLOCK_OCTETS - 1);
}

void out_pack_drop(struct out_pack *p, struct rib_store *st)
{
	for (uint32_t i = 0; i < p->n_buckets; i++) {
		struct out_bucket *b = &p->buckets[i];
		if (b->attrs)
			rib_store_unref_attrs(st, b->attrs);
		if (b->source != RIB_SOURCE_NONE)
			rib_source_unref(st, b->source);
	}
	for (uint32_t i = 0; i < p->n_exports; i++)
		out_bits_clear(&p->is_export, p->exports[i]);
	p->n_buckets = p->n_runs = p->n_octets = p->n_exports = 0;
	p->mixed = false;
	for (uint32_t i = 0; i < p->cap_index; i++)
		p->index[i] = BUCKET_NONE;
}

void out_pack_fini(struct out_pack *p, struct rib_store *st)
{
	out_pack_drop(p, st);
	free(p->octets);
	free(p->runs);
	free(p->buckets);
	free(p->index);
	free(p->exports);
	out_bits_fini(&p->is_export);
	*p = (struct out_pack){0};
}

bool out_pack_is_full(const struct out_pack *p)
{
	return p->n_octets + p->n_buckets * BUCKET_OCTETS >= FULL_OCTETS;
}

/* --- buckets --- */

static uint32_t bucket_hash(const struct out_route *r)
{
	uint32_t h =
		r->attrs ? r->attrs->hash : 0; /* keyed already: a peer cannot choose collisions */

	return h ^ ((r->to.who ^ (uint32_t)r->source << 16) * 2654435761u + (uint32_t)r->to.scope);
}

static bool to_is(struct out_to a, struct out_to b)
{
	return a.scope == b.scope && a.who == b.who;
}

static bool bucket_is(
	const struct out_pack *p, const struct out_bucket *b, const struct out_route *r)
{
	return b->attrs == r->attrs && to_is(b->to, r->to) &&
	       (b->source == r->source || !p->view->depends_on_source);
}

static void index_put(struct out_pack *p, uint32_t bucket, uint32_t hash)
{
	uint32_t i = hash & (p->cap_index - 1);

	while (p->index[i] != BUCKET_NONE)
		i = (i + 1) & (p->cap_index - 1);
	p->index[i] = bucket;
}

static uint32_t route_hash(const struct out_pack *p, const struct out_route *r)
{
	struct out_route plain = *r;

	if (!p->view->depends_on_source)
		plain.source = 0;
	return bucket_hash(&plain);
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
		index_put(p, b,
			route_hash(
				p, &(struct out_route){
					   .attrs = k->attrs, .source = k->source, .to = k->to}));
	}
}

static uint32_t bucket_add(struct out_pack *p, struct rib_store *st, const struct out_route *r)
{
	if (p->n_buckets == p->cap_buckets) {
		p->cap_buckets = p->cap_buckets ? p->cap_buckets * 2 : 16;
		p->buckets = realloc(p->buckets, p->cap_buckets * sizeof(*p->buckets));
		CHECK(p->buckets != NULL);
	}
	p->buckets[p->n_buckets] = (struct out_bucket){
		.attrs = r->attrs ? rib_attrset_ref(r->attrs) : NULL,
		.source = r->source,
		.to = r->to,
		.first = RUN_END,
		.last = RUN_END,
	};
	if (r->source != RIB_SOURCE_NONE)
		rib_source_ref(st, r->source);
	p->mixed |= !to_is(r->to, p->buckets[0].to);
	return p->n_buckets++;
}

/* Neighbouring prefixes mostly share their attributes: the newest bucket is looked at first. */
static struct out_bucket *bucket_find_or_add(
	struct out_pack *p, struct rib_store *st, const struct out_route *r)
{
	if (p->n_buckets > 0 && bucket_is(p, &p->buckets[p->n_buckets - 1], r))
		return &p->buckets[p->n_buckets - 1];
	if (p->n_buckets + 1 > p->cap_index / 2)
		index_grow(p);
	uint32_t hash = route_hash(p, r), i = hash & (p->cap_index - 1);
	for (; p->index[i] != BUCKET_NONE; i = (i + 1) & (p->cap_index - 1))
		if (bucket_is(p, &p->buckets[p->index[i]], r))
			return &p->buckets[p->index[i]];
	p->index[i] = bucket_add(p, st, r);
	return &p->buckets[p->n_buckets - 1];
}

/* --- prefixes --- */

/* Room for one more NLRI, and the octets that a writer may touch behind it. */
static uint8_t *octets_hold(struct out_pack *p)
{
	if (p->n_octets + PATH_ID_OCTETS + WIRE_NLRI_MAX > p->cap_octets) {
		p->cap_octets = p->cap_octets ? p->cap_octets * 2 : 1024;
		p->octets = realloc(p->octets, p->cap_octets);
		CHECK(p->octets != NULL);
	}
	return p->octets + p->n_octets;
}

/* What is not announced every second goes the long way. */
static unsigned nlri_put_any(const struct out_pack *p, uint8_t *out, const struct out_route *r)
{
	const struct wire_nlri_form form = {.family = p->view->family, .withdrawn = !r->attrs};
	struct wbuf w = wbuf_of(out, WIRE_NLRI_MAX);
	struct wire_nlri n;

	rib_key_get(form.family, r->key, &n);
	n.label = r->label;
	wire_nlri_put(&w, &form, &n);
	CHECK(wbuf_ok(&w));
	return (unsigned)w.len;
}

static unsigned nlri_put(const struct out_pack *p, uint8_t *out, const struct out_route *r)
{
	uint32_t label = r->attrs ? r->label : WIRE_LABEL_NONE;
	unsigned id = 0;

	if (p->add_path) {
		wire_put_u32(out, r->path_id);
		id = PATH_ID_OCTETS;
	}
	if (p->view->family == WIRE_IPV4_UNICAST)
		return id + wire_nlri_put_v4(out + id, p->family, 0, r->key[0], label);
	if (p->view->family == WIRE_VPNV4)
		return id + wire_nlri_put_v4(out + id, p->family, r->key[0], r->key[1], label);
	return id + nlri_put_any(p, out + id, r);
}

static void run_add(struct out_pack *p, struct out_bucket *b, uint32_t len)
{
	struct out_run *last = b->last == RUN_END ? NULL : &p->runs[b->last];

	b->octets += len;
	if (last && last->at + last->len == p->n_octets) {
		last->len += len;
		return;
	}
	if (p->n_runs == p->cap_runs) {
		p->cap_runs = p->cap_runs ? p->cap_runs * 2 : 64;
		p->runs = realloc(p->runs, p->cap_runs * sizeof(*p->runs));
	}
	CHECK(p->runs != NULL);
	p->runs[p->n_runs] = (struct out_run){.at = p->n_octets, .len = len, .next = RUN_END};
	if (b->last == RUN_END)
		b->first = p->n_runs;
	else
		p->runs[b->last].next = p->n_runs;
	b->last = p->n_runs++;
}

/* Not by bucket: two VRFs may export equal attributes. An export's source is there as long as the router. */
static void export_note(struct out_pack *p, const struct rib_store *st, uint16_t source)
{
	if (out_bits_get(&p->is_export, source) ||
		rib_source_get(st, source)->kind != RIB_VRF_EXPORT)
		return;
	out_bits_set(&p->is_export, source);
	if (p->n_exports == p->cap_exports) {
		p->cap_exports = p->cap_exports ? p->cap_exports * 2 : 16;
		p->exports = realloc(p->exports, p->cap_exports * sizeof(*p->exports));
		CHECK(p->exports != NULL);
	}
	p->exports[p->n_exports++] = source;
}

void out_pack_add(struct out_pack *p, struct rib_store *st, const struct out_route *r)
{
	struct out_bucket *b = bucket_find_or_add(p, st, r);

	if (p->listed && r->attrs)
		export_note(p, st, r->source);
	uint32_t len = nlri_put(p, octets_hold(p), r);

	run_add(p, b, len);
	p->n_octets += len;
}

/* --- encoding --- */

static void sink_send(struct pack_sink *s)
{
	if (s->w.len > 0) {
		s->block = out_block_trim(s->block, s->w.len);
		s->block->messages = (uint32_t)(s->pack->messages - s->before);
		s->fn(s->arg, s->to, s->block);
		out_block_unref(s->block);
		s->block = NULL;
		s->w = (struct wbuf){0};
	}
}

/* Makes room for a message with that much in it. */
static void sink_hold(struct pack_sink *s, size_t octets)
{
	size_t max = s->pack->view->ctx.msg_max;
	size_t need = octets + HEAD_OCTETS < max ? octets + HEAD_OCTETS : max;

	if (wbuf_left(&s->w) >= need)
		return;
	sink_send(s);
	if (!s->block)
		s->block = out_block_alloc(OUT_BLOCK_OCTETS);
	s->before = s->pack->messages;
	s->w = wbuf_of(s->block->data, OUT_BLOCK_OCTETS);
}

static void sink_aim(struct pack_sink *s, struct out_to to)
{
	if (to_is(s->to, to))
		return;
	sink_send(s);
	s->to = to;
}

static uint32_t nlri_octets(const struct out_pack *p, const uint8_t *nlri)
{
	unsigned id = p->add_path ? PATH_ID_OCTETS : 0;

	return id + 1 + (nlri[id] + 7u) / 8;
}

/* Octets at the front of a run that are whole prefixes and fit. */
static uint32_t run_fitting(const struct out_pack *p, const uint8_t *run, uint32_t len, size_t room)
{
	uint32_t n = 0;

	if (len <= room)
		return len;
	while (n + nlri_octets(p, run + n) <= room)
		n += nlri_octets(p, run + n);
	return n;
}

struct pack_cursor { /* where in a bucket's prefixes */
	uint32_t run, at, left;
};

/* A station takes long messages where attributes are long; others are kept as short as most collectors know them (RFC 4271 4.1). */
static void keep_short(struct wire_update_out *u)
{
	size_t used = u->w->len - u->begin + (u->mp && u->reach ? u->reach->attrs.len : 0);
	size_t room = used < WIRE_MSG_MAX ? WIRE_MSG_MAX - used : 0;

	if (room < WIRE_NLRI_MAX + PATH_ID_OCTETS)
		room = WIRE_NLRI_MAX + PATH_ID_OCTETS;
	if (u->room > room)
		u->room = room;
}

static bool message_put(struct out_pack *p, struct pack_sink *s, const struct wire_reach *reach,
	struct pack_cursor *c)
{
	struct wire_update_out u;
	uint32_t left = c->left;

	sink_hold(s, left + (reach ? reach->attrs.len : 0));
	if (!wire_update_begin(&u, &s->w, &p->view->ctx, p->view->family, reach))
		return false;
	if (p->view->to.monitor)
		keep_short(&u);
	while (c->run != RUN_END) {
		const struct out_run *r = &p->runs[c->run];
		const uint8_t *from = p->octets + r->at + c->at;
		uint32_t n = run_fitting(p, from, r->len - c->at, u.room);

		wire_update_add(&u, from, n);
		c->at += n;
		c->left -= n;
		if (c->at < r->len)
			break;
		c->run = r->next;
		c->at = 0;
	}
	if (c->left == left) {
		s->w.len = u.begin;
		return false;
	}
	wire_update_end(&u);
	p->messages++;
	return true;
}

/*
 * Attributes so long that not even one prefix fits: nobody can be told the route (RFC 4271 9.2 says to leave it out),
 * so it is withdrawn, lest an older form of it stays with the peers.
 */
static void withdraw_rest(struct out_pack *p, struct pack_sink *s, struct pack_cursor *c)
{
	p->too_long++;
	for (struct pack_cursor k = *c; p->family->labelled && k.run != RUN_END;
		k = (struct pack_cursor){.run = p->runs[k.run].next}) {
		uint8_t *at = p->octets + p->runs[k.run].at + k.at;
		uint8_t *end = p->octets + p->runs[k.run].at + p->runs[k.run].len;
		for (; at < end; at += nlri_octets(p, at)) {
			uint8_t *label = at + (p->add_path ? PATH_ID_OCTETS : 0) + 1;
			label[0] = (uint8_t)(WIRE_LABEL_WITHDRAW >> 16);
			label[1] = label[2] = 0;
		}
	}
	while (c->left > 0)
		CHECK(message_put(p, s, NULL, c));
}

static void bucket_put(
	struct out_pack *p, struct pack_sink *s, struct out_encoder *e, const struct out_bucket *b)
{
	struct pack_cursor c = {.run = b->first, .left = b->octets};
	struct wire_reach reach;
	bool good = true;

	sink_aim(s, b->to);
	if (b->attrs)
		good = out_encode(e, p->view, b->source, b->attrs, &reach);
	while (good && c.left > 0)
		good = message_put(p, s, b->attrs ? &reach : NULL, &c);
	if (!good)
		withdraw_rest(p, s, &c);
}

/* Withdrawals first; then what goes to the same receivers together, in order of arrival. */
static int order_cmp(const void *a, const void *b, void *pack)
{
	const struct out_pack *p = pack;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct out_bucket *x = &p->buckets[i], *y = &p->buckets[k];

	if (!x->attrs != !y->attrs)
		return x->attrs ? 1 : -1;
	if (x->to.scope != y->to.scope)
		return x->to.scope < y->to.scope ? -1 : 1;
	if (x->to.who != y->to.who)
		return x->to.who < y->to.who ? -1 : 1;
	return i < k ? -1 : 1;
}

static void pack_put_mixed(struct out_pack *p, struct pack_sink *s, struct out_encoder *e)
{
	uint32_t *order = malloc(p->n_buckets * sizeof(*order));

	CHECK(order != NULL);
	for (uint32_t i = 0; i < p->n_buckets; i++)
		order[i] = i;
	qsort_r(order, p->n_buckets, sizeof(*order), order_cmp, p);
	for (uint32_t i = 0; i < p->n_buckets; i++)
		bucket_put(p, s, e, &p->buckets[order[i]]);
	free(order);
}

static void pack_put_plain(struct out_pack *p, struct pack_sink *s, struct out_encoder *e)
{
	for (int announce = 0; announce <= 1; announce++)
		for (uint32_t i = 0; i < p->n_buckets; i++)
			if ((p->buckets[i].attrs != NULL) == announce)
				bucket_put(p, s, e, &p->buckets[i]);
}

void out_pack_flush(
	struct out_pack *p, struct rib_store *st, struct out_encoder *e, out_pack_fn *fn, void *arg)
{
	if (out_pack_is_empty(p))
		return;
	struct pack_sink s = {.pack = p, .fn = fn, .arg = arg, .to = p->buckets[0].to};
	if (p->mixed)
		pack_put_mixed(p, &s, e);
	else
		pack_put_plain(p, &s, e);
	sink_send(&s);
	if (s.block)
		out_block_unref(s.block);
	out_pack_drop(p, st);
}

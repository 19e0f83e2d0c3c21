#include "bgpd/mgmt/stream.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/order.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/mgmt/vitals.h"
#include "lib/check.h"

struct mgmt_stream {
	const struct router *r;
	const struct conf *conf; /* as it was when the answer was begun */
	const struct mgmt_parts *parts;
	unsigned part, end; /* those to show */
	bool begun;	    /* "begin" is out */
	bool inside;	    /* the head of the part is out */
	bool listed;	    /* so is a route of it */
	struct mgmt_order order;
	int64_t peer; /* only what came from it; -1: from anybody */
	bool one;     /* only what leads to `prefix`, in any order */
	struct ip_prefix prefix;
	uint32_t walk; /* with `one` */
	struct mgmt_vitals vitals;
	void *own; /* of parts->octets */
	char *text;
	size_t len, cap;
};

struct mgmt_stream *mgmt_stream_new(
	const struct mgmt_ask *q, const struct mgmt_parts *parts, unsigned first, unsigned end)
{
	struct mgmt_stream *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->r = q->r;
	s->conf = q->r->conf;
	s->parts = parts;
	s->part = first;
	s->end = end;
	s->peer = q->neighbor ? (int64_t)q->neighbor->index : -1;
	s->one = q->prefix != NULL;
	if (s->one)
		s->prefix = *q->prefix;
	if (parts->octets)
		s->own = parts->octets->new (q);
	return s;
}

void mgmt_stream_set_vitals(struct mgmt_stream *s, const struct mgmt_vitals *v)
{
	s->vitals = *v;
}

const char *mgmt_stream_type(const struct mgmt_stream *s)
{
	return s->parts->octets ? s->parts->octets->type : NULL;
}

void mgmt_stream_free(struct mgmt_stream *s)
{
	if (!s)
		return;
	if (s->parts->octets)
		s->parts->octets->free(s->own);
	mgmt_order_fini(&s->order);
	free(s->text);
	free(s);
}

static int stream_add(const char *text, size_t len, void *arg)
{
	struct mgmt_stream *s = arg;

	while (s->len + len > s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4096;
		s->text = realloc(s->text, s->cap);
		CHECK(s->text != NULL);
	}
	if (len)
		memcpy(s->text + s->len, text, len);
	s->len += len;
	return 0;
}

void mgmt_stream_add(struct mgmt_stream *s, const void *octets, size_t len)
{
	(void)stream_add(octets, len, s);
}

static void stream_say(struct mgmt_stream *s, const char *text)
{
	(void)stream_add(text, strlen(text), s);
}

static void stream_dump(struct mgmt_stream *s, json_t *value)
{
	CHECK(json_dump_callback(value, stream_add, s, JSON_COMPACT) == 0);
	json_decref(value);
}

/* All that is JSON's own is left out of octets. */
static void stream_frame(struct mgmt_stream *s, const char *text)
{
	if (!s->parts->octets)
		stream_say(s, text);
}

static void stream_begin_part(struct mgmt_stream *s)
{
	s->inside = true;
	s->listed = false;
	if (s->parts->octets)
		return;
	json_t *head = s->parts->head(s->r, s->part);
	bool is_bare = json_object_size(head) == 0;

	stream_dump(s, head);
	s->len--; /* its closing brace: the routes are its last member */
	stream_say(s, is_bare ? "\"" : ",\"");
	stream_say(s, s->parts->list ? s->parts->list : "routes");
	stream_say(s, "\":[");
}

static void stream_pass_over(struct mgmt_stream *s)
{
	while (s->part < s->end && s->parts->is_gone && s->parts->is_gone(s->r, s->part))
		s->part++;
}

static void stream_end_part(struct mgmt_stream *s)
{
	s->part++;
	stream_pass_over(s);
	stream_frame(s, s->part < s->end ? "]}," : "]}");
	mgmt_order_fini(&s->order);
	s->walk = 0;
	s->inside = false;
}

static bool stream_shows(const struct mgmt_stream *s, const struct rib_path *p)
{
	const struct rib_source *from = rib_source_get(s->r->store, p->source);

	if (p->flags & RIB_PATH_GONE)
		return false;
	return s->peer < 0 || (from->kind == RIB_PEER && from->peer == s->peer);
}

/* Takes it over; NULL: none. */
static void stream_list(struct mgmt_stream *s, json_t *route)
{
	if (!route)
		return;
	if (s->listed)
		stream_say(s, ",");
	s->listed = true;
	stream_dump(s, route);
}

static void stream_dest(struct mgmt_stream *s, const struct rib_table *t, uint32_t dest)
{
	if (s->parts->octets) {
		s->parts->octets->dest(s->own, s, t, dest);
		return;
	}
	if (s->parts->dest) {
		json_t *list = s->parts->dest(s->r, t, dest, &s->r->peers[s->peer]);
		for (size_t i = 0; i < json_array_size(list); i++)
			stream_list(s, json_incref(json_array_get(list, i)));
		json_decref(list);
		return;
	}
	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p))
		stream_list(s, stream_shows(s, p) ? s->parts->route(s->r, t, dest, p) : NULL);
}

/* The next destination with the prefix that was asked for: one look at each, and no order, as it is of a few RDs. */
static enum mgmt_order_step stream_find(
	struct mgmt_stream *s, const struct rib_table *t, unsigned *budget, uint32_t *dest)
{
	struct wire_nlri n;

	for (; *budget > 0; --*budget) {
		for (unsigned i = 0; i < MGMT_ORDER_UNIT; i++) {
			s->walk = rib_table_next(t, s->walk);
			if (!s->walk)
				return MGMT_ORDER_END;
			rib_dest_nlri(t, s->walk, &n);
			*dest = s->walk;
			if (ip_prefix_equal(&n.prefix, &s->prefix))
				return MGMT_ORDER_DEST;
		}
	}
	return MGMT_ORDER_BUSY;
}

static enum mgmt_order_step stream_next(
	struct mgmt_stream *s, const struct rib_table *t, unsigned *budget, uint32_t *dest)
{
	return s->one ? stream_find(s, t, budget, dest)
		      : mgmt_order_next(&s->order, t, budget, dest);
}

/* Octets without routes have one part. */
static void stream_own(struct mgmt_stream *s, unsigned *budget)
{
	if (!s->parts->octets->step(s->own, s, budget))
		s->part++;
}

static void stream_routes(struct mgmt_stream *s, unsigned *budget)
{
	const struct rib_table *t = s->parts->table(s->r, s->part);
	unsigned cost = 1 + s->r->vrfs.n / 16; /* where a route was imported is looked up in each */
	enum mgmt_order_step step = MGMT_ORDER_END;
	uint32_t dest;

	if (s->parts->octets)
		cost = 1;
	while (t && (step = stream_next(s, t, budget, &dest)) == MGMT_ORDER_DEST) {
		stream_dest(s, t, dest);
		*budget -= *budget < cost - 1 ? *budget : cost - 1;
	}
	if (step == MGMT_ORDER_END)
		stream_end_part(s);
}

bool mgmt_stream_step(struct mgmt_stream *s, unsigned budget, const char **text, size_t *len)
{
	s->len = 0;
	if (!s->begun && s->parts->octets)
		s->parts->octets->begin(s->own, s, &s->vitals);
	else if (!s->begun)
		stream_say(s, s->parts->begin);
	if (!s->begun)
		stream_pass_over(s);
	s->begun = true;
	while (s->part < s->end && budget > 0 && s->r->conf == s->conf) {
		if (s->parts->octets && s->parts->octets->step) {
			stream_own(s, &budget);
			continue;
		}
		if (!s->inside) {
			stream_begin_part(s);
			budget--;
		}
		stream_routes(s, &budget);
	}
	bool more = s->part < s->end && s->r->conf == s->conf;
	if (!more && !s->parts->octets) {
		stream_say(s, s->parts->end);
		stream_say(s, "\n");
	}
	*text = s->text;
	*len = s->len;
	return more;
}

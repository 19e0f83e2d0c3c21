/*
 * /v1/mrt/rib: what the core's tables hold, as TABLE_DUMP_V2 (RFC 6396 4.3): every path that is not on its way out and that no import
 * policy rejected, the best or not.
 *
 * Peer 0 of the index is this router itself. The others are the sessions as they stood when the answer was begun: a path of a session
 * that began later is left out, whatever number it has. When a path came nobody knows: its time is that at which the session was
 * established, so not after it; our own have the time of the dump.
 */
#include <stdlib.h>

#include "bgpd/mgmt/show.h"
#include "bgpd/mgmt/vitals.h"
#include "bgpd/mrt/record.h"
#include "lib/check.h"

#define MRT_TYPE     "application/octet-stream"
#define MRT_ROOM_MIN 65536u
#define MRT_PEER_MAX 32u /* octets of a peer in its index, and more */

struct mrt_source { /* of a session: which peer of the index */
	uint16_t source;
	uint32_t since_s;
};

struct mrt_dump {
	const struct router *r;
	uint64_t now_ms;
	uint32_t wall_s, sequence;
	struct mrt_peer *peers;	    /* [0]: ourselves */
	struct mrt_source *sources; /* as peers */
	unsigned n;
	uint16_t *index; /* by source: its peer, plus 1; 0: none */
	unsigned n_index;
	uint8_t *room;
	size_t cap;
};

/* Seconds ago, as of the router's clock, for which session of a neighbour. */
static uint32_t mrt_age(const struct mrt_dump *d, const struct rib_source *s, uint16_t id)
{
	const struct core_peer *p = &d->r->peers[s->peer];

	if (p->source != id || d->now_ms < p->fsm.since_ms)
		return 0;
	return (uint32_t)((d->now_ms - p->fsm.since_ms) / 1000);
}

static void *mrt_new(const struct mgmt_ask *q)
{
	const struct rib_store *st = q->r->store;
	struct mrt_dump *d = calloc(1, sizeof(*d));

	CHECK(d != NULL);
	d->r = q->r;
	d->now_ms = q->now_ms;
	d->n_index = st->n_sources;
	d->peers = calloc(st->n_sources + 1u, sizeof(*d->peers));
	d->sources = calloc(st->n_sources + 1u, sizeof(*d->sources));
	d->index = calloc(st->n_sources + 1u, sizeof(*d->index));
	CHECK(d->peers != NULL && d->sources != NULL && d->index != NULL);
	d->peers[d->n++] = (struct mrt_peer){.id = q->r->conf->id, .as = q->r->conf->as};
	for (unsigned i = 0; i < st->n_sources && d->n < UINT16_MAX; i++) {
		const struct rib_source *s = &st->sources[i];

		if (!s->used || s->down || s->vrf != RIB_VRF_CORE)
			continue;
		if (s->kind != RIB_PEER) {
			d->index[i] = 1;
			continue;
		}
		d->peers[d->n] =
			(struct mrt_peer){.id = s->router_id, .as = s->as, .addr = s->addr};
		d->sources[d->n].since_s = mrt_age(d, s, (uint16_t)i);
		d->index[i] = (uint16_t)++d->n;
	}
	return d;
}

static void mrt_free(void *own)
{
	struct mrt_dump *d = own;

	free(d->peers);
	free(d->sources);
	free(d->index);
	free(d->room);
	free(d);
}

static void mrt_grow(struct mrt_dump *d, size_t octets)
{
	if (octets <= d->cap)
		return;
	free(d->room);
	d->room = malloc(octets);
	CHECK(d->room != NULL);
	d->cap = octets;
}

static void mrt_begin(void *own, struct mgmt_stream *s, const struct mgmt_vitals *v)
{
	struct mrt_dump *d = own;

	d->wall_s = v->wall_s;
	mrt_grow(d, MRT_ROOM_MIN + (size_t)d->n * MRT_PEER_MAX);
	struct wbuf w = wbuf_of(d->room, d->cap);
	mrt_put_peers(&w, d->wall_s, d->r->conf->id, "", d->peers, d->n);
	CHECK(wbuf_ok(&w));
	mgmt_stream_add(s, d->room, w.len);
}

/* False: it is not to be shown. */
static bool mrt_entry(const struct mrt_dump *d, const struct rib_path *p, struct mrt_rib_entry *e)
{
	unsigned peer = p->source < d->n_index ? d->index[p->source] : 0;

	if (peer == 0 || p->flags & (RIB_PATH_GONE | RIB_PATH_REJECTED))
		return false;
	peer--;
	const struct rib_source *s = rib_source_get(d->r->store, p->source);
	const struct mrt_peer *was = &d->peers[peer];
	if (s->down || (peer > 0 && (s->as != was->as || s->router_id != was->id ||
					    !ip_addr_equal(&s->addr, &was->addr))))
		return false;
	*e = (struct mrt_rib_entry){.peer = (uint16_t)peer,
		.originated_s = d->wall_s - d->sources[peer].since_s,
		.path_id = p->id};
	return true;
}

static bool mrt_add_path(const struct mrt_dump *d, const struct rib_table *t, uint32_t dest)
{
	struct mrt_rib_entry e;

	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p))
		if (mrt_entry(d, p, &e) && e.path_id)
			return true;
	return false;
}

/* One record for all paths; of VPN routes one a path, as the label is the record's. */
static void mrt_put_dest(const struct mrt_dump *d, struct wbuf *w, const struct rib_table *t,
	uint32_t dest, uint32_t *sequence)
{
	bool plain = t->family == WIRE_IPV4_UNICAST, open = false;
	struct mrt_rib_entry e;
	struct wire_attrs attrs;
	struct wire_nlri n;
	struct mrt_rib rib;

	rib_dest_nlri(t, dest, &n);
	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		if (!mrt_entry(d, p, &e))
			continue;
		if (!open) {
			n.label = p->label;
			mrt_rib_begin(&rib, w, d->wall_s, *sequence, t->family, &n,
				plain && mrt_add_path(d, t, dest));
		}
		rib_attrset_view(p->attrs, &attrs);
		e.attrs = &attrs;
		(void)mrt_rib_add(&rib, &e);
		open = plain;
		if (!open)
			*sequence += mrt_rib_end(&rib);
	}
	if (open)
		*sequence += mrt_rib_end(&rib);
}

static void mrt_dest(void *own, struct mgmt_stream *s, const struct rib_table *t, uint32_t dest)
{
	struct mrt_dump *d = own;

	for (;;) {
		struct wbuf w = wbuf_of(d->room, d->cap);
		uint32_t sequence = d->sequence;

		mrt_put_dest(d, &w, t, dest, &sequence);
		if (wbuf_ok(&w)) {
			d->sequence = sequence;
			mgmt_stream_add(s, d->room, w.len);
			return;
		}
		mrt_grow(d, d->cap * 2);
	}
}

static const struct rib_table *mrt_table(const struct router *r, unsigned part)
{
	return part == 0 ? r->core_ipv4 : r->vrfs.vpn;
}

struct mgmt_stream *mgmt_stream_mrt(const struct mgmt_ask *q)
{
	static const struct mgmt_octets octets = {MRT_TYPE, mrt_new, mrt_free, mrt_begin, mrt_dest};
	static const struct mgmt_parts parts = {.table = mrt_table, .octets = &octets};

	return mgmt_stream_new(q, &parts, 0, 2);
}

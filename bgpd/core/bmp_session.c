#include "bgpd/core/bmp_session.h"

#include <stdlib.h>

#include "bgpd/core/bmp_locrib.h"
#include "bgpd/core/bmp_send.h"
#include "bgpd/core/feed.h"
#include "lib/check.h"

#define BGP_PORT	 179
#define HEAD_OCTETS	 128 /* of a message around OPENs and NOTIFICATIONs, at most */
#define EVENT_MANUALSTOP 2   /* RFC 4271 8.1.2 */

enum down_reason { /* RFC 7854 4.9 */
	DOWN_LOCAL_NOTIFICATION = 1,
	DOWN_LOCAL_EVENT = 2,
	DOWN_REMOTE_NOTIFICATION = 3,
	DOWN_REMOTE = 4,
};

enum stat_type { /* RFC 7854 4.8 */
	STAT_REJECTED = 0,
	STAT_CLUSTER_LOOP = 3,
	STAT_AS_LOOP = 4,
	STAT_ORIGINATOR = 5,
	STAT_ADJ_RIB_IN = 7,
	STAT_ADJ_RIB_IN_FAMILY = 9,
	STAT_TREATED_AS_WITHDRAW = 11,
};
#define STATS_MAX (6 + WIRE_FAMILIES)

static void keep(struct out_block **at, struct out_block *block)
{
	if (*at)
		out_block_unref(*at);
	*at = block;
}

void core_bmp_sessions_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_bmp_session *s = &r->bmp->sessions[i];

		for (unsigned slot = 0; slot < FSM_SLOTS; slot++) {
			keep(&s->sent[slot], NULL);
			keep(&s->received[slot], NULL);
		}
		keep(&s->up_sent, NULL);
		keep(&s->up_received, NULL);
		keep(&s->notification, NULL);
	}
}

static void notification_keep(struct core_bmp_session *s, struct out_block *block, bool received)
{
	keep(&s->notification, block);
	s->notification_received = received;
}

void core_bmp_sent(struct router *r, const struct core_peer *p, enum fsm_slot slot,
	const uint8_t *message, size_t len)
{
	struct core_bmp_session *s = r->bmp ? &r->bmp->sessions[p->index] : NULL;
	uint8_t type = message[WIRE_HEADER_LEN - 1];

	if (!s || (type != WIRE_OPEN && type != WIRE_NOTIFICATION))
		return;
	if (type == WIRE_OPEN)
		keep(&s->sent[slot], out_block_new(message, len));
	else
		notification_keep(s, out_block_new(message, len), false);
}

void core_bmp_received(
	struct router *r, const struct core_peer *p, enum fsm_slot slot, const struct wire_msg *msg)
{
	struct core_bmp_session *s = r->bmp ? &r->bmp->sessions[p->index] : NULL;
	struct wbuf w;
	size_t begin;

	if (!s || (msg->type != WIRE_OPEN && msg->type != WIRE_NOTIFICATION))
		return;
	w = wbuf_of(r->bmp->update, sizeof(r->bmp->update));
	begin = wire_msg_begin(&w, msg->type);
	wbuf_put(&w, msg->body, msg->body_len);
	wire_msg_end(&w, begin);
	CHECK(wbuf_ok(&w));
	if (msg->type == WIRE_OPEN)
		keep(&s->received[slot], out_block_new(w.base, w.len));
	else
		notification_keep(s, out_block_new(w.base, w.len), true);
}

void core_bmp_say_up(struct core_run *run, struct core_bmp_station *s, const struct core_peer *p)
{
	const struct core_bmp_session *k = &run->r->bmp->sessions[p->index];
	struct bmp_peer head = core_bmp_peer_head(run, p, false, false);
	struct ip_addr local = core_feed_local(p);

	if (!k->up_sent || !k->up_received)
		return;
	size_t cap = HEAD_OCTETS + k->up_sent->len + k->up_received->len;
	struct out_block *block = out_block_alloc(cap);
	struct wbuf w = wbuf_of(block->data, cap);

	CHECK(bmp_put_peer_up(&w, &head, &local, k->local_port, k->remote_port, k->up_sent->data,
		k->up_sent->len, k->up_received->data, k->up_received->len, NULL));
	block = out_block_trim(block, w.len);
	core_bmp_send(run, s, block);
	out_block_unref(block);
}

void core_bmp_peer_up(struct core_run *run, const struct core_peer *p)
{
	struct core_bmp *b = run->r->bmp;

	if (!b)
		return;
	struct core_bmp_session *k = &b->sessions[p->index];
	enum fsm_slot slot =
		p->fsm.conn[FSM_OUTBOUND].state == FSM_ESTABLISHED ? FSM_OUTBOUND : FSM_INBOUND;

	keep(&k->up_sent, k->sent[slot]);
	keep(&k->up_received, k->received[slot]);
	keep(&k->notification, NULL);
	k->sent[slot] = k->received[slot] = NULL;
	k->local_port = slot == FSM_INBOUND ? BGP_PORT : 0;
	k->remote_port = slot == FSM_OUTBOUND ? BGP_PORT : 0;
	for (unsigned i = 0; i < b->n_stations; i++)
		core_bmp_say_up(run, &b->stations[i], p);
}

static void say_down(struct core_run *run, const struct core_peer *p, struct core_bmp_station *s)
{
	const struct core_bmp_session *k = &run->r->bmp->sessions[p->index];
	struct bmp_peer head = core_bmp_peer_head(run, p, false, false);
	const uint8_t event[2] = {0, EVENT_MANUALSTOP};
	size_t cap = HEAD_OCTETS + (k->notification ? k->notification->len : sizeof(event));
	struct out_block *block = out_block_alloc(cap);
	struct wbuf w = wbuf_of(block->data, cap);
	bool good;

	if (k->notification)
		good = bmp_put_peer_down(&w, &head,
			k->notification_received ? DOWN_REMOTE_NOTIFICATION
						 : DOWN_LOCAL_NOTIFICATION,
			k->notification->data, k->notification->len);
	else if (p->fsm.loss == FSM_LOSS_HARD) /* stopped without a word (FSM_STOP_SILENT) */
		good = bmp_put_peer_down(&w, &head, DOWN_LOCAL_EVENT, event, sizeof(event));
	else
		good = bmp_put_peer_down(&w, &head, DOWN_REMOTE, NULL, 0);
	CHECK(good);
	block = out_block_trim(block, w.len);
	core_bmp_send(run, s, block);
	out_block_unref(block);
}

void core_bmp_peer_down(struct core_run *run, const struct core_peer *p)
{
	struct core_bmp *b = run->r->bmp;

	if (!b)
		return;
	core_bmp_flush(run);
	for (unsigned i = 0; i < b->n_stations; i++)
		say_down(run, p, &b->stations[i]);
	keep(&b->sessions[p->index].up_sent, NULL);
	keep(&b->sessions[p->index].up_received, NULL);
}

static unsigned peer_stats(
	const struct router *r, const struct core_peer *p, struct bmp_stat out[STATS_MAX])
{
	const uint64_t *refused = p->count.policy.refused;
	const struct rib_source *source = rib_source_get(r->store, p->source);
	const struct bmp_stat fixed[] = {
		{.type = STAT_REJECTED, .value = refused[POL_BY_POLICY] + refused[POL_NO_POLICY]},
		{.type = STAT_CLUSTER_LOOP, .value = refused[POL_CLUSTER]},
		{.type = STAT_AS_LOOP, .value = refused[POL_AS_LOOP]},
		{.type = STAT_ORIGINATOR, .value = refused[POL_ORIGINATOR]},
		{.type = STAT_ADJ_RIB_IN, .gauge = true, .value = rib_source_paths(source)},
		{.type = STAT_TREATED_AS_WITHDRAW, .value = p->count.treated_as_withdraw},
	};
	unsigned n = ARRAY_LEN(fixed);

	memcpy(out, fixed, sizeof(fixed));
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (p->fsm.ctx.families & WIRE_FAMILY_BIT(f))
			out[n++] = (struct bmp_stat){.type = STAT_ADJ_RIB_IN_FAMILY,
				.gauge = true,
				.value = source->paths[f],
				.afi = wire_family_get(f)->afi,
				.safi = wire_family_get(f)->safi};
	return n;
}

void core_bmp_say_statistics(struct core_run *run, struct core_bmp_station *s)
{
	struct router *r = run->r;
	struct bmp_stat list[STATS_MAX];
	uint8_t octets[512];

	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct core_peer *p = &r->peers[i];
		struct wbuf w = wbuf_of(octets, sizeof(octets));

		if (p->source == RIB_SOURCE_NONE)
			continue;
		struct bmp_peer head = core_bmp_peer_head(run, p, false, false);
		CHECK(bmp_put_statistics(&w, &head, list, peer_stats(r, p, list)));
		core_bmp_send_octets(run, s, &w);
	}
	core_bmp_loc_rib_statistics(run, s);
}

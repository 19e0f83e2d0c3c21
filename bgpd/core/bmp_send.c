#include "bgpd/core/bmp_send.h"

#include <stdlib.h>

#include "bgpd/core/feed.h"
#include "lib/check.h"

#define DRAIN_OCTETS                                                                               \
	(1u << 20) /* in one call: what the connection says of itself comes in between */

static uint64_t wall_us(const struct core_run *run)
{
	return run->r->wall_us ? run->r->wall_us + run->now_ms * 1000 : 0;
}

struct bmp_peer core_bmp_peer_head(
	const struct core_run *run, const struct core_peer *p, bool post, bool as2)
{
	bool in_vrf = core_peer_in_vrf(p);

	return (struct bmp_peer){.type = in_vrf ? BMP_PEER_RD : BMP_PEER_GLOBAL,
		.post_policy = post,
		.as2 = as2,
		.distinguisher = in_vrf ? run->r->conf->vrfs[p->conf->vrf].rd : 0,
		.addr = p->addr,
		.as = p->as,
		.id = p->fsm.open.id,
		.time_us = wall_us(run)};
}

struct bmp_peer core_bmp_loc_rib_head(const struct core_run *run, unsigned k)
{
	const struct conf *c = run->r->conf;
	const struct conf_vrf *v = k ? &c->vrfs[k - 1] : NULL;

	return (struct bmp_peer){.type = BMP_PEER_LOC_RIB,
		.distinguisher = v ? v->rd : 0,
		.as = c->as,
		.id = v && v->id ? v->id : c->id,
		.time_us = wall_us(run)};
}

static void queue_add(struct core_bmp_station *s, struct out_block *block)
{
	if (s->queue_octets + block->len > CORE_BMP_QUEUE_OCTETS) {
		s->overrun =
			true; /* core_bmp_work closes it: here somebody may be walking a list of receivers */
		return;
	}
	if (s->queue_n == s->queue_cap && s->queue_at > 0) {
		memmove(s->queue, s->queue + s->queue_at,
			(s->queue_n - s->queue_at) * sizeof(struct out_block *));
		s->queue_n -= s->queue_at;
		s->queue_at = 0;
	}
	if (s->queue_n == s->queue_cap) {
		s->queue_cap = s->queue_cap ? s->queue_cap * 2 : 64;
		s->queue = realloc(s->queue, s->queue_cap * sizeof(struct out_block *));
		CHECK(s->queue != NULL);
	}
	s->queue[s->queue_n++] = out_block_ref(block);
	s->queue_octets += block->len;
	if (s->queue_octets > s->queue_peak)
		s->queue_peak = s->queue_octets;
}

static uint32_t message_len(const uint8_t *message)
{
	return (uint32_t)message[1] << 24 | (uint32_t)message[2] << 16 | (uint32_t)message[3] << 8 |
	       message[4];
}

static void send_now(struct core_run *run, struct core_bmp_station *s, struct out_block *block)
{
	effect_remote_send(run->fx, s->remote, block);
	s->octets += block->len;
	for (uint32_t at = 0; at < block->len; at += message_len(block->data + at))
		s->messages++;
}

void core_bmp_send(struct core_run *run, struct core_bmp_station *s, struct out_block *block)
{
	if (s->phase != CORE_BMP_UP || s->overrun)
		return;
	if (s->full || s->queue_at < s->queue_n)
		queue_add(s, block);
	else
		send_now(run, s, block);
}

void core_bmp_send_octets(struct core_run *run, struct core_bmp_station *s, const struct wbuf *w)
{
	CHECK(wbuf_ok(w));
	struct out_block *block = out_block_new(w->base, w->len);

	core_bmp_send(run, s, block);
	out_block_unref(block);
}

bool core_bmp_drain(struct core_run *run, struct core_bmp_station *s)
{
	size_t sent = 0;

	while (!s->full && s->queue_at < s->queue_n && sent < DRAIN_OCTETS) {
		struct out_block *block = s->queue[s->queue_at++];

		sent += block->len;
		s->queue_octets -= block->len;
		send_now(run, s, block);
		out_block_unref(block);
	}
	if (s->queue_at < s->queue_n)
		return !s->full;
	core_bmp_queue_drop(s);
	return false;
}

void core_bmp_queue_drop(struct core_bmp_station *s)
{
	while (s->queue_at < s->queue_n)
		out_block_unref(s->queue[s->queue_at++]);
	free(s->queue);
	s->queue = NULL;
	s->queue_at = s->queue_n = s->queue_cap = 0;
	s->queue_octets = 0;
}

static size_t update_len(const uint8_t *message)
{
	return (size_t)message[16] << 8 | message[17];
}

struct out_block *core_bmp_wrap(const struct bmp_peer *head, const uint8_t *updates, size_t len)
{
	size_t n = 0;

	for (size_t at = 0; at < len; at += update_len(updates + at))
		n++;
	struct out_block *block = out_block_alloc(len + n * CORE_BMP_HEAD_OCTETS);
	struct wbuf w = wbuf_of(block->data, len + n * CORE_BMP_HEAD_OCTETS);

	for (size_t at = 0; at < len; at += update_len(updates + at))
		CHECK(bmp_put_monitoring(&w, head, updates + at, update_len(updates + at)));
	return out_block_trim(block, w.len);
}

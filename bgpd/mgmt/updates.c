#include "bgpd/mgmt/updates.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/core/state.h"
#include "bgpd/mgmt/place.h"
#include "bgpd/mrt/record.h"
#include "bgpd/wire/msg.h"
#include "lib/check.h"
#include "lib/rbuf.h"

#define UPDATES_PIECE  65536u /* octets that a reader is given at once */
#define UPDATES_HEAD   64u    /* of a record around its message, at most */
#define UPDATES_RECORD (UPDATES_HEAD + WIRE_MSG_MAX_EXTENDED)

struct mgmt_updates {
	struct router *r;
	uint64_t wall_us;
	bool news;
	void *readers[UPDATES_READERS_MAX]; /* each a mgmt_update_reader, or NULL */
	uint8_t record[UPDATES_RECORD];	    /* under construction */
};

struct mgmt_update_reader {
	struct mgmt_updates *updates;
	const struct core_peer *peer; /* NULL: all */
	bool sent, over;
	uint8_t *octets; /* from `at` on they wait; before that they were taken */
	size_t at, len, cap;
	size_t given; /* in the last piece, from `at` on: taken when the next one is asked for */
};

static void reader_add(struct mgmt_update_reader *reader, const uint8_t *record, size_t len)
{
	if (reader->over)
		return;
	if (reader->len - reader->at + len > UPDATES_OCTETS_MAX) {
		reader->over = true;
		return;
	}
	if (reader->len + len > reader->cap) {
		reader->cap = (reader->len + len) * 2;
		reader->octets = realloc(reader->octets, reader->cap);
		CHECK(reader->octets != NULL);
	}
	memcpy(reader->octets + reader->len, record, len);
	reader->len += len;
}

static void updates_tell(
	struct mgmt_updates *u, const struct core_peer *p, bool sent, const struct wbuf *w)
{
	CHECK(wbuf_ok(w));
	for (unsigned i = 0; i < UPDATES_READERS_MAX; i++) {
		struct mgmt_update_reader *reader = u->readers[i];

		if (!reader || (reader->peer && reader->peer != p) || (sent && !reader->sent))
			continue;
		reader_add(reader, w->base, w->len);
		u->news = true;
	}
}

static struct mrt_session session_of(
	const struct mgmt_updates *u, const struct core_peer *p, struct ip_addr local)
{
	struct mrt_session s = {
		.peer_as = p->as, .local_as = u->r->conf->as, .peer = p->addr, .local = local};

	if (s.local.af != s.peer.af) /* not known yet: the record has addresses of one family */
		s.local = (struct ip_addr){.af = s.peer.af};
	return s;
}

/* The family that an UPDATE is about: that of its MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760 3, 4), else IPv4. */
static enum wire_family update_family(const uint8_t *octets, size_t len)
{
	struct rbuf r = rbuf_of(octets + WIRE_HEADER_LEN, len - WIRE_HEADER_LEN), attrs;

	(void)rbuf_get(&r, rbuf_get_u16(&r)); /* withdrawn */
	attrs = rbuf_sub(&r, rbuf_get_u16(&r));
	while (rbuf_left(&attrs) && rbuf_ok(&attrs)) {
		uint8_t flags = rbuf_get_u8(&attrs), code = rbuf_get_u8(&attrs);
		size_t n = flags & 0x10 ? rbuf_get_u16(&attrs) : rbuf_get_u8(&attrs);
		struct rbuf value = rbuf_sub(&attrs, n);

		if (code == WIRE_ATTR_MP_REACH || code == WIRE_ATTR_MP_UNREACH) {
			uint16_t afi = rbuf_get_u16(&value);

			return wire_family_find(afi, rbuf_get_u8(&value));
		}
	}
	return WIRE_IPV4_UNICAST;
}

/* One message. How its AS_PATH and its NLRI are to be read stands in no message, so the record says it. */
static void updates_message(struct mgmt_updates *u, const struct core_peer *p, unsigned slot,
	bool sent, const uint8_t *octets, size_t len)
{
	const struct wire_ctx *ctx = &p->fsm.conn[slot].ctx;
	uint32_t ids = sent ? ctx->add_path_tx : ctx->add_path_rx;
	struct mrt_session s = session_of(u, p, p->local[slot]);
	struct wbuf w = wbuf_of(u->record, sizeof(u->record));

	if (octets[WIRE_HEADER_LEN - 1] == WIRE_UPDATE) {
		enum wire_family f = ids ? update_family(octets, len) : WIRE_FAMILIES;

		s.narrow = !ctx->as4;
		s.add_path = f < WIRE_FAMILIES && ids & WIRE_FAMILY_BIT(f);
	}
	mrt_put_message(&w, u->wall_us, &s, sent, octets, len);
	updates_tell(u, p, sent, &w);
}

static void updates_hear(void *arg, const struct core_peer *p, unsigned slot, bool sent,
	const uint8_t *octets, size_t len)
{
	while (len >= WIRE_HEADER_LEN) {
		size_t n = (size_t)octets[16] << 8 | octets[17];

		CHECK(n >= WIRE_HEADER_LEN && n <= len);
		updates_message(arg, p, slot, sent, octets, n);
		octets += n;
		len -= n;
	}
}

/* RFC 6396 4.4.1 counts states from 1, in the order of RFC 4271 8.2.2. */
static void updates_state(void *arg, const struct core_peer *p, unsigned from, unsigned to)
{
	struct mgmt_updates *u = arg;
	unsigned slot = p->fsm.conn[FSM_OUTBOUND].state >= p->fsm.conn[FSM_INBOUND].state
				? FSM_OUTBOUND
				: FSM_INBOUND;
	struct mrt_session s = session_of(u, p, p->local[slot]);
	struct wbuf w = wbuf_of(u->record, sizeof(u->record));

	mrt_put_state(&w, u->wall_us, &s, (uint16_t)(from + 1), (uint16_t)(to + 1));
	updates_tell(u, p, false, &w);
}

static void updates_listen(struct mgmt_updates *u)
{
	const struct router_tap tap = {updates_hear, updates_state, u};

	router_tap(u->r, mgmt_updates_wanted(u) ? &tap : NULL);
}

struct mgmt_updates *mgmt_updates_new(struct router *r)
{
	struct mgmt_updates *u = calloc(1, sizeof(*u));

	CHECK(u != NULL);
	u->r = r;
	return u;
}

void mgmt_updates_free(struct mgmt_updates *u)
{
	router_tap(u->r, NULL);
	free(u);
}

bool mgmt_updates_wanted(const struct mgmt_updates *u)
{
	for (unsigned i = 0; i < UPDATES_READERS_MAX; i++)
		if (u->readers[i])
			return true;
	return false;
}

void mgmt_updates_set_time(struct mgmt_updates *u, uint64_t wall_us)
{
	u->wall_us = wall_us;
}

bool mgmt_updates_news(struct mgmt_updates *u)
{
	bool news = u->news;

	u->news = false;
	return news;
}

struct mgmt_update_reader *mgmt_update_reader_new(
	struct mgmt_updates *u, const struct core_peer *peer, bool sent)
{
	void **place = mgmt_place(u->readers, UPDATES_READERS_MAX, NULL);

	if (!place)
		return NULL;
	struct mgmt_update_reader *reader = calloc(1, sizeof(*reader));
	CHECK(reader != NULL);
	*reader = (struct mgmt_update_reader){.updates = u, .peer = peer, .sent = sent};
	*place = reader;
	updates_listen(u);
	return reader;
}

void mgmt_update_reader_free(struct mgmt_update_reader *reader)
{
	struct mgmt_updates *u = reader->updates;

	*mgmt_place(u->readers, UPDATES_READERS_MAX, reader) = NULL;
	updates_listen(u);
	free(reader->octets);
	free(reader);
}

/* What was taken goes, when it is more than what waits: so each octet is moved once at most. */
static void reader_trim(struct mgmt_update_reader *reader)
{
	reader->at += reader->given;
	reader->given = 0;
	if (reader->at == reader->len) {
		free(reader->octets);
		reader->octets = NULL;
		reader->at = reader->len = reader->cap = 0;
	} else if (reader->at > reader->len / 2) {
		reader->len -= reader->at;
		memmove(reader->octets, reader->octets + reader->at, reader->len);
		reader->at = 0;
	}
}

bool mgmt_update_reader_next(struct mgmt_update_reader *reader, const char **octets, size_t *len)
{
	reader_trim(reader);
	size_t wait = reader->len - reader->at;

	reader->given = wait < UPDATES_PIECE ? wait : UPDATES_PIECE;
	*octets = reader->octets ? (const char *)reader->octets + reader->at : NULL;
	*len = reader->given;
	return !reader->over || reader->given < wait;
}

size_t mgmt_update_reader_waiting(const struct mgmt_update_reader *reader)
{
	return reader->len - reader->at;
}

const char *mgmt_update_reader_name(const struct mgmt_update_reader *reader)
{
	return reader->peer ? reader->peer->name : "all";
}

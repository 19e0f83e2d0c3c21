#include "tests/support/bmp_reader.h"

#include <string.h>

#include "bgpd/fsm/nego.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "lib/check.h"
#include "lib/rbuf.h"

struct head {
	uint8_t type, flags;
	uint64_t rd;
	uint32_t addr, as, id;
	uint64_t time_us;
};

void reader_init(struct reader *r)
{
	*r = (struct reader){0};
	arena_init(&r->arena, 1 << 19);
}

void reader_fini(struct reader *r)
{
	arena_fini(&r->arena);
}

void reader_begin(struct reader *r)
{
	memset(r->peers, 0, sizeof(r->peers));
}

static uint64_t get(struct rbuf *b, unsigned octets)
{
	uint64_t v = 0;

	CHECK(rbuf_left(b) >= octets);
	for (const uint8_t *p = rbuf_get(b, octets); octets; octets--)
		v = v << 8 | *p++;
	return v;
}

static struct head get_head(struct rbuf *b)
{
	struct head h = {.type = (uint8_t)get(b, 1), .flags = (uint8_t)get(b, 1)};

	h.rd = get(b, 8);
	CHECK(get(b, 8) == 0 && get(b, 4) == 0); /* IPv4 alone here */
	h.addr = (uint32_t)get(b, 4);
	h.as = (uint32_t)get(b, 4);
	h.id = (uint32_t)get(b, 4);
	h.time_us = get(b, 4) * 1000000;
	h.time_us += get(b, 4);
	return h;
}

struct reader_peer *reader_find(struct reader *r, uint64_t rd, uint32_t addr)
{
	for (unsigned i = 0; i < READER_PEERS; i++)
		if (r->peers[i].used && r->peers[i].rd == rd && r->peers[i].addr == addr)
			return &r->peers[i];
	return NULL;
}

static struct reader_peer *find_or_add(struct reader *r, const struct head *h)
{
	struct reader_peer *p = reader_find(r, h->rd, h->addr);

	for (unsigned i = 0; i < READER_PEERS && !p; i++)
		if (!r->peers[i].used)
			p = &r->peers[i];
	CHECK(p && (!p->used || p->type == h->type));
	p->used = true;
	p->type = h->type;
	p->rd = h->rd;
	p->addr = h->addr;
	p->as = h->as;
	p->id = h->id;
	p->time_us = h->time_us;
	return p;
}

static struct wire_open get_open(struct rbuf *b)
{
	struct wire_fault fault;
	struct wire_open open;
	struct wire_msg msg;
	int n = wire_msg_split(b->p, rbuf_left(b), WIRE_MSG_MAX, &msg, &fault);

	CHECK(n > 0 && msg.type == WIRE_OPEN);
	CHECK(wire_open_get(msg.body, msg.body_len, &open, &fault));
	(void)rbuf_get(b, (size_t)n);
	return open;
}

static void peer_up(struct reader *r, struct rbuf *b)
{
	struct head h = get_head(b);
	struct reader_peer *p = find_or_add(r, &h);
	struct wire_open sent, received;

	CHECK(!p->up);
	p->up = true;
	p->ups++;
	memset(p->has, 0, sizeof(p->has));
	(void)get(b, 16);
	p->local_port = (uint16_t)get(b, 2);
	p->remote_port = (uint16_t)get(b, 2);
	sent = get_open(b);
	received = get_open(b);
	CHECK(received.as == h.as && received.id == h.id);
	p->ctx = (struct wire_ctx){.as4 = sent.as4 && received.as4,
		.ebgp = sent.as != received.as,
		.families = sent.families & received.families,
		.add_path_rx = sent.add_path_receive & received.add_path_send,
		.extended_next_hop = sent.extended_next_hop & received.extended_next_hop,
		.msg_max = sent.extended_message && received.extended_message
				   ? WIRE_MSG_MAX_EXTENDED
				   : WIRE_MSG_MAX,
		.local_as = sent.as,
		.peer_as = received.as};
	CHECK((h.type == BMP_PEER_LOC_RIB) == (rbuf_left(b) > 0));
	if (!rbuf_left(b))
		return;
	CHECK(get(b, 2) == 3);
	size_t len = get(b, 2);
	CHECK(len < sizeof(p->table) && rbuf_left(b) == len);
	memcpy(p->table, rbuf_get(b, len), len);
}

static void peer_down(struct reader *r, struct rbuf *b)
{
	struct head h = get_head(b);
	struct reader_peer *p = reader_find(r, h.rd, h.addr);
	struct wire_notify n = {0};
	struct wire_fault fault;
	struct wire_msg msg;

	CHECK(p && p->up);
	p->up = false;
	p->downs++;
	memset(p->has, 0, sizeof(p->has));
	p->down_reason = (uint8_t)get(b, 1);
	if (p->down_reason == 1 || p->down_reason == 3) {
		int len = wire_msg_split(b->p, rbuf_left(b), WIRE_MSG_MAX, &msg, &fault);

		CHECK(len > 0 && (size_t)len == rbuf_left(b) && msg.type == WIRE_NOTIFICATION);
		CHECK(wire_notify_get(msg.body, msg.body_len, &n));
	}
	p->notified[0] = n.code;
	p->notified[1] = n.subcode;
}

static void nlris(struct reader_peer *p, enum reader_view v, const struct wire_nlris *l,
	const struct wire_attrs *attrs)
{
	const struct wire_nlri_form form = {
		.family = l->family, .withdrawn = !attrs, .add_path = l->add_path};
	struct rbuf b = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;

	while (l->count && rbuf_left(&b)) {
		CHECK(wire_nlri_get(&b, &form, &n, &fault));
		uint32_t addr = ip_addr_get_v4(&n.prefix.addr), x = addr >> 8 & 0xff;

		if (n.prefix.len != 24 || addr >> 16 != 0x0a00 || x >= BARE_PREFIXES)
			continue;
		if (l->add_path) {
			uint64_t bit = UINT64_C(1) << n.path_id % 64;

			p->ids[v] = attrs ? p->ids[v] | bit : p->ids[v] & ~bit;
			p->paths[v] = (unsigned)__builtin_popcountll(p->ids[v]);
			continue;
		}
		p->has[v][x] = attrs != NULL;
		p->label[v][x] = n.label;
		p->first_as[v][x] = 0;
		p->med[v][x] = attrs ? attrs->med : 0;
		p->local_pref[v][x] = attrs && wire_attrs_has(attrs, WIRE_ATTR_LOCAL_PREF);
		if (attrs && attrs->as_path.len >= 6)
			for (unsigned i = 2; i < 6; i++)
				p->first_as[v][x] = p->first_as[v][x] << 8 | attrs->as_path.p[i];
	}
}

static void monitoring(struct reader *r, struct rbuf *b)
{
	struct head h = get_head(b);
	struct reader_peer *p = reader_find(r, h.rd, h.addr);
	enum reader_view v = h.type == BMP_PEER_LOC_RIB ? READER_LOC
			     : h.flags & 0x40		? READER_POST
							: READER_PRE;
	struct wire_fault fault;
	struct wire_update u;
	struct wire_msg msg;
	int n;

	CHECK(p && p->up && h.type == p->type && !(h.flags & 0x80));
	struct wire_ctx ctx = p->ctx;

	ctx.as4 = !(h.flags & 0x20);
	n = wire_msg_split(b->p, rbuf_left(b), p->ctx.msg_max, &msg, &fault);
	CHECK(n > 0 && (size_t)n == rbuf_left(b) && msg.type == WIRE_UPDATE);
	arena_reset(&r->arena);
	ctx.ebgp = false; /* from a table, attributes stand as in iBGP: LOCAL_PREF and all */
	CHECK(wire_update_get(msg.body, msg.body_len, &ctx, &r->arena, &u) == WIRE_OK);
	r->long_updates += n > WIRE_MSG_MAX;
	p->eors[v] += u.eor;
	for (unsigned i = 0; i < 2; i++) {
		nlris(p, v, &u.unreach[i], NULL);
		nlris(p, v, &u.reach[i], &u.attrs);
	}
}

static void statistics(struct reader *r, struct rbuf *b)
{
	struct head h = get_head(b);
	struct reader_peer *p = reader_find(r, h.rd, h.addr);
	uint64_t n = get(b, 4);

	CHECK(p && p->up);
	for (; n; n--) {
		unsigned type = (unsigned)get(b, 2), len = (unsigned)get(b, 2);

		CHECK(type < READER_STATS && (len == 4 || len == 8 || len == 11));
		if (len == 11)
			(void)get(b, 3);
		p->stats[type] = get(b, len == 11 ? 8 : len);
	}
	CHECK(rbuf_left(b) == 0);
}

static void initiation(struct reader *r, struct rbuf *b)
{
	r->initiations++;
	while (rbuf_left(b)) {
		uint64_t type = get(b, 2);
		size_t len = get(b, 2);
		const uint8_t *p = rbuf_get(b, len);

		CHECK(p && len < sizeof(r->name));
		if (type == 2)
			memcpy(r->name, p, len);
	}
}

static void message(struct reader *r, uint8_t type, struct rbuf *b)
{
	r->messages++;
	if (type == BMP_INITIATION)
		initiation(r, b);
	else if (type == BMP_PEER_UP)
		peer_up(r, b);
	else if (type == BMP_PEER_DOWN)
		peer_down(r, b);
	else if (type == BMP_ROUTE_MONITORING)
		monitoring(r, b);
	else if (type == BMP_STATISTICS)
		statistics(r, b);
	else
		r->terminations++;
	CHECK(type <= BMP_TERMINATION);
}

void reader_take(struct reader *r, const uint8_t *octets, size_t len)
{
	struct rbuf all = rbuf_of(octets, len);

	while (rbuf_left(&all)) {
		CHECK(get(&all, 1) == 3);
		uint64_t n = get(&all, 4);
		uint8_t type = (uint8_t)get(&all, 1);

		CHECK(n >= 6 && n - 6 <= rbuf_left(&all));
		struct rbuf body = rbuf_of(rbuf_get(&all, n - 6), n - 6);
		message(r, type, &body);
	}
}

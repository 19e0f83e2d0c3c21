/*
 * Writes a capture with one of every message and attribute that the codec can emit, for tests/interop/dissect.sh.
 *
 *   emit FILE            prints how many messages it wrote
 *   emit FILE broken N   only one message, broken in the Nth way: the dissector must complain
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "tests/support/gen.h"
#include "tests/support/pcap.h"

#define NLRI_MAX 3000

struct emit {
	struct pcap pcap;
	struct gen gen;
	struct arena arena;
	uint8_t octets[WIRE_MSG_MAX];
};

static void emit_sent(struct emit *e, unsigned side, const struct wbuf *w)
{
	CHECK(wbuf_ok(w) && w->len > 0);
	pcap_send(&e->pcap, side, w->base, w->len);
}

static struct wbuf emit_buf(struct emit *e)
{
	return wbuf_of(e->octets, sizeof(e->octets));
}

static void emit_connection(struct emit *e, struct wire_open o)
{
	pcap_connect(&e->pcap);
	for (unsigned side = 0; side < 2; side++) {
		struct wbuf w = emit_buf(e);
		wire_open_put(&w, &o);
		emit_sent(e, side, &w);
		o.id++;
	}
	struct wbuf w = emit_buf(e);
	wire_keepalive_put(&w);
	emit_sent(e, 0, &w);
}

/* A connection whose OPENs agree on what ctx says. */
static void emit_session(struct emit *e, const struct wire_ctx *ctx, bool refresh)
{
	emit_connection(e, (struct wire_open){.as = ctx->as4 ? 4200000000 : 65000,
				   .hold_s = 90,
				   .id = 0x0aff0001,
				   .families = ctx->families,
				   .as4 = ctx->as4,
				   .refresh = refresh,
				   .enhanced_refresh = refresh,
				   .extended_next_hop = ctx->extended_next_hop,
				   .add_path_receive = ctx->add_path_tx,
				   .add_path_send = ctx->add_path_tx,
				   .role = WIRE_ROLE_NONE});
}

/* Roles, restarts, ADD-PATH each way: what no other message depends on. */
static void emit_capabilities(struct emit *e)
{
	for (unsigned i = 0; i < 32; i++) {
		struct wire_open o = {.as = 4200000000,
			.hold_s = 90,
			.id = 0x0aff0001,
			.families = 7,
			.as4 = true,
			.add_path_receive = i & 7,
			.add_path_send = i >> 2,
			.extended_next_hop = i & 3,
			.extended_message = i & 1,
			.enhanced_refresh = i & 2,
			.role = i < 5 ? (uint8_t)i : WIRE_ROLE_NONE};

		o.restart = (struct wire_restart){.sent = i & 4,
			.restarting = i & 8,
			.notification = i & 16,
			.time_s = (uint16_t)(120 * i),
			.families = i & 7,
			.preserved = i & 5,
			.long_lived = i & 8,
			.ll_families = i >> 2,
			.ll_preserved = i >> 2 & 2,
			.ll_stale_s = {86400, 0xffffff, 0}};
		emit_connection(e, o);
	}
}

static void emit_opens(struct emit *e)
{
	for (unsigned i = 0; i < 16; i++) {
		/* tshark 4.0 knows no path identifiers in front of VPN prefixes, and no extended messages */
		struct wire_ctx ctx = {.as4 = i & 1, .families = i >> 2};
		emit_session(e, &ctx, i & 2);
	}
}

static void emit_notification(struct emit *e, uint8_t code, uint8_t subcode, const char *data)
{
	const struct wire_ctx ctx = {.as4 = true, .families = 3};
	struct wbuf w = emit_buf(e);

	emit_session(e, &ctx, true);
	w.len = 0;
	wire_notify_put(&w, code, subcode, data, strlen(data));
	emit_sent(e, 1, &w);
}

static void emit_notifications(struct emit *e)
{
	static const struct {
		uint8_t code, last;
	} codes[] = {{WIRE_ERR_HEADER, 3}, {WIRE_ERR_OPEN, 7}, {WIRE_ERR_UPDATE, 11},
		{WIRE_ERR_FSM, 3}, {WIRE_ERR_CEASE, 10}, {WIRE_ERR_REFRESH, 1}};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		for (uint8_t s = 1; s <= codes[i].last; s++)
			emit_notification(e, codes[i].code, s, "");
	emit_notification(e, WIRE_ERR_HOLD_TIMER, 0, "");
	emit_notification(e, WIRE_ERR_SEND_HOLD_TIMER, 0, "");
	emit_notification(e, WIRE_ERR_OPEN, 11, "");
	emit_notification(e, WIRE_ERR_CEASE, WIRE_CEASE_HARD_RESET, "\x06\x02\x03off");
	emit_notification(e, WIRE_ERR_UPDATE, 2, "\x40\x63\x01\x01");
	emit_notification(e, WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_SHUTDOWN, "\x0bmaintenance");
	emit_notification(e, WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_RESET, "\x06sch\xc3\xb6n");
}

/*
 * Any address at any length from 8: shorter ones are full of zero octets, which tshark, without the OPEN's word, takes
 * for path identifiers (RFC 7911). RDs of the three types that it knows.
 */
static void emit_nlri(struct emit *e, enum wire_family f, struct wire_nlri *out)
{
	gen_nlri(&e->gen, f, out);
	out->path_id = 1 + gen_below(&e->gen, 9);
	if (f == WIRE_RT_CONSTRAINT) { /* whole ones: tshark 4.0 knows no part of a target */
		out->prefix.len = 96;
		out->rd = (uint64_t)2 << 48 | (uint64_t)65000 << 32 | gen_u32(&e->gen);
		return;
	}
	out->prefix.len = (uint8_t)(8 + gen_below(&e->gen, 25));
	out->prefix.addr = ip_addr_v4(gen_u32(&e->gen) | 0x01010101);
	ip_prefix_mask(&out->prefix);
	out->rd = (uint64_t)gen_below(&e->gen, 3) << 48 | gen_u32(&e->gen);
}

static void emit_reach(struct emit *e, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_attrs *a, size_t n)
{
	static struct wire_nlri nlri[NLRI_MAX];
	struct wbuf w = emit_buf(e);

	CHECK(n <= NLRI_MAX);
	for (size_t i = 0; i < n; i++)
		emit_nlri(e, f, &nlri[i]);
	CHECK(wire_update_put_reach(&w, ctx, f, a, nlri, n) > 0);
	emit_sent(e, 0, &w);
	w = emit_buf(e);
	CHECK(wire_update_put_unreach(&w, ctx, f, nlri, n) > 0);
	emit_sent(e, 0, &w);
}

/* Random octets would be dissected as route types that we never send. */
static void emit_sane_lists(struct wire_attrs *a)
{
	static const uint8_t comm[] = {0xff, 0xff, 0xff, 0x01, 0xfd, 0xe8, 0, 7};
	static const uint8_t ext[] = {0, 2, 0xfd, 0xe8, 0, 0, 0, 101, 1, 2, 192, 0, 2, 1, 0, 5, 2,
		2, 0, 1, 0x11, 0x70, 0, 1, 0, 3, 0xfd, 0xe8, 0, 0, 0, 1};

	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		a->communities = (struct wire_span){comm, sizeof(comm)};
	if (wire_attrs_has(a, WIRE_ATTR_EXT_COMMUNITIES))
		a->ext_communities = (struct wire_span){ext, sizeof(ext)};
}

/* Random attributes with this one among them; false if the session does not carry it. */
static bool emit_gen(
	struct emit *e, const struct wire_ctx *ctx, uint8_t code, struct wire_attrs *out)
{
	for (unsigned i = 0; i < 64; i++) {
		arena_reset(&e->arena);
		gen_attrs(&e->gen, ctx, &e->arena, out);
		out->unknown.len = 0;
		emit_sane_lists(out);
		if (wire_attrs_has(out, code))
			return true;
	}
	return false;
}

/* Each optional attribute alone, an unknown one, random sets, then as many NLRI as fit. */
static void emit_updates(struct emit *e, const struct wire_ctx *ctx, enum wire_family f)
{
	static const uint8_t alone[] = {4, 5, 6, 7, 8, 9, 10, 16, 32, 35};
	static const uint8_t unknown[] = {0xe0, 200, 2, 0xaa, 0xbb};
	const uint64_t mandatory = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
				   WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
				   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	struct wire_attrs a;

	for (size_t i = 0; i < sizeof(alone); i++) {
		if (!emit_gen(e, ctx, alone[i], &a))
			continue;
		a.present &= mandatory | WIRE_ATTR_BIT(alone[i]);
		emit_reach(e, ctx, f, &a, 1);
	}
	for (unsigned i = 0; i < 40; i++) {
		emit_gen(e, ctx, WIRE_ATTR_ORIGIN, &a);
		if (i % 4 == 3 && ctx->extended_next_hop & WIRE_FAMILY_BIT(f)) {
			a.next_hop = gen_next_hop_v6(&e->gen);
			a.next_hop.o[0] = 0x20;
		}
		emit_reach(e, ctx, f, &a, 1 + i);
	}
	a.unknown = (struct wire_span){unknown, sizeof(unknown)};
	emit_reach(e, ctx, f, &a, 1);
	emit_reach(e, ctx, f, &a, NLRI_MAX);
}

static void emit_sessions(struct emit *e)
{
	for (unsigned i = 0; i < 16; i++) {
		/* tshark 4.0 knows no path identifiers in front of VPN prefixes, and no extended messages */
		struct wire_ctx ctx = {.as4 = i & 1,
			.ebgp = i & 2,
			.families = 7,
			.add_path_tx = i & 4 ? WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) : 0,
			.extended_next_hop = i & 8 ? 3 : 0,
			.msg_max = WIRE_MSG_MAX};

		emit_session(e, &ctx, true);
		for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
			struct wbuf w = emit_buf(e);

			emit_updates(e, &ctx, f);
			wire_update_put_eor(&w, f);
			emit_sent(e, 0, &w);
			for (unsigned kind = 0; kind <= WIRE_REFRESH_EORR; kind++) {
				w = emit_buf(e);
				wire_refresh_put(&w, f, kind);
				emit_sent(e, 1, &w);
			}
		}
	}
}

/* One good message of each kind with one octet made wrong. */
static bool emit_broken(struct emit *e, unsigned way)
{
	const struct wire_ctx ctx = {.as4 = true, .families = 3, .msg_max = WIRE_MSG_MAX};
	struct wbuf w = emit_buf(e);
	struct wire_attrs a;
	struct wire_nlri n = {.prefix = {.addr = ip_addr_v4(0x0a000000), .len = 8}, .label = 16};

	emit_session(e, &ctx, true);
	w.len = 0;
	emit_gen(e, &ctx, WIRE_ATTR_MED, &a);
	wire_update_put_reach(&w, &ctx, way == 1 ? WIRE_VPNV4 : WIRE_IPV4_UNICAST, &a, &n, 1);
	switch (way) {
	case 0: /* the prefix's length */
		w.base[w.len - 2] = 33;
		break;
	case 1: /* the length of MP_REACH_NLRI */
		w.base[WIRE_HEADER_LEN + 7]++;
		break;
	case 2: /* ORIGIN's value */
		w.base[WIRE_HEADER_LEN + 6] = 200;
		break;
	default:
		return false;
	}
	emit_sent(e, 0, &w);
	return true;
}

int main(int argc, char **argv)
{
	struct emit e = {.gen = {.state = 179}};
	FILE *out = argc >= 2 ? fopen(argv[1], "wb") : NULL;

	if (!out) {
		fprintf(stderr, "usage: emit FILE [broken N]\n");
		return 2;
	}
	bool ok = true;
	pcap_begin(&e.pcap, out);
	arena_init(&e.arena, 1 << 20);
	if (argc == 4) {
		ok = emit_broken(&e, (unsigned)atoi(argv[3]));
	} else {
		emit_opens(&e);
		emit_capabilities(&e);
		emit_notifications(&e);
		emit_sessions(&e);
	}
	arena_fini(&e.arena);
	printf("%u\n", e.pcap.messages);
	return fclose(out) == 0 && ok ? 0 : 2;
}

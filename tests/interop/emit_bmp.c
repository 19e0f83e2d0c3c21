/*
 * Writes a capture with one of every BMP message that the router can send, for tests/interop/dissect.sh (tshark: -d tcp.port==179,bmp).
 *
 *   emit_bmp FILE          prints how many messages it wrote
 *   emit_bmp FILE broken   the same, and one with an octet made wrong
 */
#include <stdio.h>
#include <string.h>

#include "bgpd/bmp/msg.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "tests/support/pcap.h"

struct emit {
	struct pcap pcap;
	uint8_t octets[WIRE_MSG_MAX * 2];
	uint8_t inner[WIRE_MSG_MAX];
};

static struct wbuf begin(struct emit *e)
{
	return wbuf_of(e->octets, sizeof(e->octets));
}

static void emit(struct emit *e, const struct wbuf *w)
{
	CHECK(wbuf_ok(w) && w->len > 0);
	pcap_send(&e->pcap, 0, w->base, w->len);
}

static struct wbuf update_of(struct emit *e, enum wire_family f, bool as4, bool withdrawn)
{
	static const uint8_t path[] = {2, 2, 0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xea};
	const struct wire_ctx ctx = {
		.as4 = as4, .families = WIRE_FAMILY_BIT(f), .msg_max = WIRE_MSG_MAX};
	const struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
						WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
						WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF),
		.next_hop = ip_addr_v4(0x0a000002),
		.local_pref = 100,
		.as_path = {path, sizeof(path)}};
	const struct wire_nlri n = {
		.prefix = {ip_addr_v4(0x0a010000), 16}, .rd = 0x0000fde800000001, .label = 80};
	struct wbuf u = wbuf_of(e->inner, sizeof(e->inner));

	if (withdrawn)
		CHECK(wire_update_put_unreach(&u, &ctx, f, &n, 1) == 1);
	else
		CHECK(wire_update_put_reach(&u, &ctx, f, &a, &n, 1) == 1);
	return u;
}

static void emit_monitoring(struct emit *e, struct bmp_peer p)
{
	for (unsigned f = WIRE_IPV4_UNICAST; f <= WIRE_VPNV4; f++)
		for (unsigned i = 0; i < 4; i++) {
			bool loc_rib = p.type == BMP_PEER_LOC_RIB;
			struct wbuf u, w = begin(e);

			p.post_policy = i & 1 && !loc_rib;
			p.as2 = !loc_rib && !p.post_policy && f == WIRE_IPV4_UNICAST;
			u = update_of(e, f, !p.as2, i & 2);
			CHECK(bmp_put_monitoring(&w, &p, u.base, u.len));
			emit(e, &w);
		}
	struct wbuf u = wbuf_of(e->inner, sizeof(e->inner)), w = begin(e);

	wire_update_put_eor(&u, WIRE_VPNV4);
	CHECK(bmp_put_monitoring(&w, &p, u.base, u.len));
	emit(e, &w);
}

/* Without a name behind the OPENs: tshark 4.0 knows none and takes it for a message. */
static void emit_up(struct emit *e, const struct bmp_peer *p)
{
	struct wire_open open = {.as = p->as,
		.hold_s = 90,
		.id = p->id,
		.mp = true,
		.families = 3,
		.as4 = true,
		.role = WIRE_ROLE_NONE};
	struct ip_addr local =
		p->type == BMP_PEER_LOC_RIB ? (struct ip_addr){0} : ip_addr_v4(0x0a000001);
	struct wbuf o = wbuf_of(e->inner, sizeof(e->inner)), w = begin(e);

	if (p->addr.af == IP_V6)
		CHECK(ip_addr_parse("2001:db8::1", &local));
	wire_open_put(&o, &open);
	CHECK(bmp_put_peer_up(&w, p, &local, 179, 40000, o.base, o.len, o.base, o.len, NULL));
	emit(e, &w);
}

static void emit_down(struct emit *e, const struct bmp_peer *p)
{
	static const uint8_t event[] = {0, 2};
	struct wbuf n = wbuf_of(e->inner, sizeof(e->inner));

	wire_notify_put(&n, WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_SHUTDOWN, NULL, 0);
	for (uint8_t reason = 1; reason <= 4; reason++) {
		struct wbuf w = begin(e);
		bool notified = reason == 1 || reason == 3;

		CHECK(bmp_put_peer_down(&w, p, reason, notified ? n.base : event,
			notified      ? n.len
			: reason == 2 ? sizeof(event)
				      : 0));
		emit(e, &w);
	}
}

static void emit_statistics(struct emit *e, const struct bmp_peer *p)
{
	static const struct bmp_stat list[] = {{.type = 0, .value = 1}, {.type = 3, .value = 2},
		{.type = 4, .value = 3}, {.type = 5, .value = 4}, {.type = 11, .value = 5},
		{.type = 7, .gauge = true, .value = UINT64_C(5000000000)},
		{.type = 8, .gauge = true, .value = 7},
		{.type = 9, .gauge = true, .value = 8, .afi = 1, .safi = 128},
		{.type = 10, .gauge = true, .value = 9, .afi = 1, .safi = 1}};
	struct wbuf w = begin(e);

	CHECK(bmp_put_statistics(&w, p, list, ARRAY_LEN(list)));
	emit(e, &w);
}

static void emit_peer(struct emit *e, const struct bmp_peer *p)
{
	emit_up(e, p);
	emit_monitoring(e, *p);
	emit_statistics(e, p);
	emit_down(e, p);
}

static void emit_all(struct emit *e)
{
	struct bmp_peer p = {.addr = ip_addr_v4(0x0a000002),
		.as = 4200000002,
		.id = 0xc0000201,
		.time_us = UINT64_C(1700000000000007)};
	struct wbuf w = begin(e);

	CHECK(bmp_put_initiation(&w, "Ravelin", "pe1"));
	emit(e, &w);
	emit_peer(e, &p);
	CHECK(ip_addr_parse("2001:db8::2", &p.addr));
	emit_peer(e, &p);
	p.type = BMP_PEER_RD;
	p.distinguisher = 0x0000fde800000001;
	p.addr = ip_addr_v4(0xc0a80002);
	emit_peer(e, &p);
	p.type = BMP_PEER_LOC_RIB;
	p.addr = (struct ip_addr){0};
	emit_peer(e, &p);
	w = begin(e);
	CHECK(bmp_put_termination(&w, 0));
	emit(e, &w);
}

/* The length of a withdrawn prefix. */
static void emit_broken(struct emit *e)
{
	struct bmp_peer p = {.addr = ip_addr_v4(0x0a000002), .as = 65001, .id = 1};
	struct wbuf u = update_of(e, WIRE_IPV4_UNICAST, true, true), w = begin(e);

	u.base[WIRE_HEADER_LEN + 2] = 200;
	CHECK(bmp_put_monitoring(&w, &p, u.base, u.len));
	emit(e, &w);
}

int main(int argc, char **argv)
{
	static struct emit e;
	FILE *out = argc >= 2 ? fopen(argv[1], "wb") : NULL;

	if (!out) {
		fprintf(stderr, "usage: emit_bmp FILE [broken]\n");
		return 2;
	}
	pcap_begin(&e.pcap, out);
	pcap_connect(&e.pcap);
	emit_all(&e);
	if (argc == 3)
		emit_broken(&e);
	printf("%u\n", e.pcap.messages);
	return fclose(out) == 0 ? 0 : 2;
}

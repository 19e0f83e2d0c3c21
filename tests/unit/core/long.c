/* Extended messages (RFC 8654) through a whole router: taken in and sent where agreed, refused where not. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/msg.h"
#include "tests/support/bare.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65101, password: x, import: "
	"accept-all,\n"
	"     export: accept-all, passive: true, hold-time: 0, families: [ipv4-unicast], name: "
	"from}\n"
	"  - {address: 10.255.0.4, local-address: 10.255.0.1, as: 65102, password: x, import: "
	"accept-all,\n"
	"     export: accept-all, passive: true, hold-time: 0, families: [ipv4-unicast], name: "
	"to}\n";

enum { FROM, TO };

#define LONG_PATH 12000 /* octets: a message three times as long as RFC 4271 4.1 allows */

/* 10.0.1.0/24 with 65101 and then some AS again and again. */
static size_t long_update(uint8_t *octets, size_t cap)
{
	static uint8_t path[LONG_PATH + 2048];
	struct wire_ctx ctx = {.as4 = true, .ebgp = true, .families = 1, .msg_max = 65535};
	struct wbuf w = wbuf_of(octets, cap), p = wbuf_of(path, sizeof(path));
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0x0aff0003)};
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000100), 24}};

	while (p.len < LONG_PATH) {
		wbuf_put_u8(&p, WIRE_AS_SEQUENCE);
		wbuf_put_u8(&p, 250);
		for (unsigned i = 0; i < 250; i++)
			wbuf_put_u32(&p, p.len < 10 && i == 0 ? 65101 : 64600 + i);
	}
	a.as_path = (struct wire_span){path, (uint16_t)p.len};
	cr_assert_eq(wire_update_put_reach(&w, &ctx, WIRE_IPV4_UNICAST, &a, &n, 1), 1);
	cr_assert_gt(w.len, 3 * WIRE_MSG_MAX - 1000);
	return w.len;
}

static void begin(struct bare *b, bool from_extended, bool to_extended)
{
	bare_init(b, yaml, 1);
	b->extended = from_extended;
	bare_up(b, FROM);
	b->extended = to_extended;
	bare_up(b, TO);
}

static void say_long(struct bare *b, bool in_pieces)
{
	static uint8_t octets[65536];
	size_t len = long_update(octets, sizeof(octets)), at = 0, step = in_pieces ? 1000 : len;

	for (size_t to = step; at < len && b->conn[FROM]; to = to + step < len ? to + step : len) {
		struct event ev = {.kind = EV_RECV,
			.vrf = FIB_VRF_CORE,
			.conn = b->conn[FROM],
			.data = octets + at,
			.len = to - at};
		at += bare_recv(b, &ev);
		if (to == len)
			break;
	}
}

Test(core_long, between_neighbours_that_agreed)
{
	for (unsigned pieces = 0; pieces < 2; pieces++) {
		struct bare b;

		begin(&b, true, true);
		cr_assert_eq(b.router->peers[FROM].fsm.ctx.msg_max, 65535);
		say_long(&b, pieces);
		cr_expect_neq(b.conn[FROM], 0u);
		cr_expect(b.told[TO][1], "and on to the other");
		bare_fini(&b);
	}
}

/* RFC 8654 4: who has not agreed is not sent it, and keeps its session. */
Test(core_long, what_is_too_long_for_a_neighbour_is_not_told)
{
	struct bare b;

	begin(&b, true, false);
	say_long(&b, false);
	cr_expect_eq(rib_table_count(b.router->core_ipv4), 1u);
	cr_expect_not(b.told[TO][1]);
	cr_expect_neq(b.conn[TO], 0u);
	bare_fini(&b);
}

Test(core_long, not_agreed_is_a_bad_length)
{
	struct bare b;

	begin(&b, false, true);
	say_long(&b, false);
	cr_expect_eq(b.conn[FROM], 0u);
	cr_expect(b.notified[FROM][0] == 1 && b.notified[FROM][1] == 2);
	cr_expect_neq(b.conn[TO], 0u);
	bare_fini(&b);
}

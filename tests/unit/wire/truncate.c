/* Every truncation of good messages: nothing is read past the end, and the outcome is the one an RFC names. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/update.h"

static const struct wire_ctx ctx = {.as4 = true, .families = 3, .msg_max = 4096};

static struct wbuf good_open(uint8_t *buf, size_t cap)
{
	struct wbuf w = wbuf_of(buf, cap);
	struct wire_open o = {.as = 4200000000,
		.hold_s = 90,
		.id = 0x0aff0001,
		.families = 3,
		.as4 = true,
		.refresh = true,
		.role = WIRE_ROLE_NONE};

	wire_open_put(&w, &o);
	return w;
}

static void good_attrs(struct wire_attrs *a)
{
	static const uint8_t path[] = {2, 2, 0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xea};
	static const uint8_t rt[] = {0, 2, 0xfd, 0xe8, 0, 0, 0, 1};

	*a = (struct wire_attrs){
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_MED) | WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.next_hop = ip_addr_v4(0xc0000201),
		.med = 7,
		.as_path = {path, sizeof(path)},
		.ext_communities = {rt, sizeof(rt)}};
}

static struct wbuf good_update(uint8_t *buf, size_t cap, enum wire_family f)
{
	struct wbuf w = wbuf_of(buf, cap);
	struct wire_attrs a;
	struct wire_nlri n[3] = {
		{.label = 100, .rd = 1}, {.label = 101, .rd = 1}, {.label = 102, .rd = 1}};

	good_attrs(&a);
	ip_prefix_parse("10.1.0.0/16", &n[0].prefix, NULL);
	ip_prefix_parse("192.0.2.0/24", &n[1].prefix, NULL);
	ip_prefix_parse("198.51.100.1/32", &n[2].prefix, NULL);
	cr_assert_eq(wire_update_put_reach(&w, &ctx, f, &a, n, 3), 3);
	return w;
}

/* The first len octets in memory of exactly that size, so that a sanitizer sees a read past the end. */
static uint8_t *cut(const uint8_t *octets, size_t len)
{
	uint8_t *p = malloc(len ? len : 1);

	memcpy(p, octets, len);
	return p;
}

static enum wire_action update_get(const uint8_t *body, size_t len, struct wire_update *up)
{
	uint8_t *p = cut(body, len);
	struct arena arena;

	arena_init(&arena, 65536);
	enum wire_action action = wire_update_get(p, len, &ctx, &arena, up);
	arena_fini(&arena);
	free(p);
	return action;
}

Test(truncate, a_stream_that_ends_early_waits_for_more)
{
	uint8_t buf[3][4096];
	struct wbuf w[] = {good_open(buf[0], 4096), good_update(buf[1], 4096, WIRE_IPV4_UNICAST),
		good_update(buf[2], 4096, WIRE_VPNV4)};
	struct wire_msg m;
	struct wire_fault f;

	for (unsigned i = 0; i < 3; i++) {
		for (size_t len = 0; len < w[i].len; len++) {
			uint8_t *p = cut(w[i].base, len);
			cr_expect_eq(
				wire_msg_split(p, len, 4096, &m, &f), 0, "%u cut to %zu", i, len);
			free(p);
		}
		cr_expect_eq(wire_msg_split(w[i].base, w[i].len, 4096, &m, &f), (int)w[i].len);
	}
}

/* With a header that says so: 1/2 below the type's least, else on to the body. */
Test(truncate, a_header_too_short_for_its_type_is_a_bad_length)
{
	static const struct {
		enum wire_msg_type type;
		unsigned least;
	} types[] = {
		{WIRE_OPEN, 29}, {WIRE_UPDATE, 23}, {WIRE_NOTIFICATION, 21}, {WIRE_REFRESH, 23}};
	uint8_t buf[64];
	struct wire_msg m;

	for (unsigned i = 0; i < 4; i++)
		for (unsigned len = 19; len < types[i].least; len++) {
			struct wbuf w = wbuf_of(buf, len);
			struct wire_fault f;

			size_t begin = wire_msg_begin(&w, types[i].type);
			memset(wbuf_take(&w, len - 19), 0, len - 19);
			wire_msg_end(&w, begin);
			cr_expect_eq(wire_msg_split(buf, len, 4096, &m, &f), -1);
			cr_expect(f.action == WIRE_RESET && f.code == 1 && f.subcode == 2);
			cr_expect(f.data_len == 2 && f.data[0] == 0 && f.data[1] == len);
		}
}

Test(truncate, open_cut_anywhere_is_refused)
{
	uint8_t buf[4096];
	struct wbuf w = good_open(buf, sizeof(buf));
	const uint8_t *body = buf + WIRE_HEADER_LEN;
	size_t len = w.len - WIRE_HEADER_LEN;
	struct wire_open o;
	struct wire_fault f;

	cr_assert(wire_open_get(body, len, &o, &f));
	for (size_t n = 0; n < len; n++) {
		uint8_t *p = cut(body, n);
		cr_expect_not(wire_open_get(p, n, &o, &f), "%zu", n);
		cr_expect_eq(f.action, WIRE_RESET);
		cr_expect(n < 10 ? f.code == 1 && f.subcode == 2 : f.code == 2 && f.subcode == 0,
			"%zu: %u/%u", n, f.code, f.subcode);
		free(p);
	}
}

/* RFC 9072 2: the extended form where the other has no room, and nowhere else. */
Test(truncate, open_parameters_of_any_length)
{
	static const size_t lens[] = {0, 2, 252, 253, 254, 255, 256, 300, 1000};
	uint8_t capas[1000] = {0}, buf[2048];
	struct wire_open o;
	struct wire_fault f;

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct wbuf w = wbuf_of(buf, sizeof(buf)), c = wbuf_of(capas, lens[i]);
		bool odd = lens[i] % 2;

		while (c.len + 2 <= c.cap) { /* unknown ones, the first with an octet if need be */
			wbuf_put_u8(&c, 200);
			wbuf_put_u8(&c, odd && c.len == 1);
			if (odd && c.len == 2)
				wbuf_put_u8(&c, 0);
		}
		wbuf_put(&w, "\x04\xfd\xe8\x00\x5a\x0a\xff\x00\x01", 9);
		wire_open_put_params(&w, (struct wire_span){capas, (uint16_t)lens[i]});
		cr_assert(wbuf_ok(&w) && c.len == lens[i]);
		cr_expect_eq(w.len, 10 + lens[i] + (lens[i] > 253 ? 6 : lens[i] ? 2 : 0));
		cr_expect(wire_open_get(buf, w.len, &o, &f), "%zu: %s", lens[i], f.why);
		cr_expect_eq(o.unknown_caps, lens[i] / 2 > 255 ? 255 : lens[i] / 2);
	}
}

/* The same with opt_len made to fit: whole parameters only, or the cut one is malformed. */
Test(truncate, open_parameters_cut_anywhere)
{
	uint8_t buf[4096];
	struct wbuf w = good_open(buf, sizeof(buf));
	size_t len = w.len - WIRE_HEADER_LEN;
	struct wire_open o;
	struct wire_fault f;

	for (size_t n = 10; n < len; n++) {
		uint8_t *p = cut(buf + WIRE_HEADER_LEN, n);
		p[9] = (uint8_t)(n - 10);
		bool ok = wire_open_get(p, n, &o, &f);
		/* without the capability, the AS number is the one of the fixed part */
		cr_expect_eq(ok, n == 10, "%zu", n);
		cr_expect(ok ? o.as == 23456 : f.code == 2 && f.subcode == 0, "%zu", n);
		free(p);
	}
}

/* Cut in the list of NLRI a message is shorter or 3/10; cut before, its lengths contradict: 3/1. */
Test(truncate, update_cut_anywhere)
{
	uint8_t buf[4096];
	struct wbuf w = good_update(buf, sizeof(buf), WIRE_IPV4_UNICAST);
	const uint8_t *body = buf + WIRE_HEADER_LEN;
	size_t len = w.len - WIRE_HEADER_LEN, attrs_end = 4u + body[3];
	size_t boundary[] = {attrs_end, attrs_end + 3, attrs_end + 7};
	struct wire_update up;

	for (size_t n = 0; n < len; n++) {
		enum wire_action a = update_get(body, n, &up);
		bool whole = n == boundary[0] || n == boundary[1] || n == boundary[2];

		if (whole)
			cr_expect_eq(a, WIRE_OK, "%zu: %s", n, up.fault.why);
		else
			cr_expect(a == WIRE_RESET && up.fault.code == 3 &&
					  up.fault.subcode == (n < attrs_end ? 1 : 10),
				"%zu: %d %u/%u", n, a, up.fault.code, up.fault.subcode);
	}
	cr_assert_eq(update_get(body, len, &up), WIRE_OK);
}

/* The attributes cut, Total Attribute Length made to fit, the NLRI behind them: RFC 7606 4 says withdraw. */
Test(truncate, update_attributes_cut_anywhere)
{
	uint8_t buf[4096], body[4096];
	struct wbuf w = good_update(buf, sizeof(buf), WIRE_IPV4_UNICAST);
	const uint8_t *from = buf + WIRE_HEADER_LEN;
	size_t len = w.len - WIRE_HEADER_LEN, attrs = from[3], nlri = len - 4 - attrs;
	struct wire_update up;
	unsigned ok = 0;

	for (size_t n = 0; n < attrs; n++) {
		memcpy(body, from, 4 + n);
		memcpy(body + 4 + n, from + 4 + attrs, nlri);
		body[3] = (uint8_t)n;
		enum wire_action a = update_get(body, 4 + n + nlri, &up);

		ok += a ==
		      WIRE_OK; /* after NEXT_HOP and after MED: a good message with less in it */
		cr_expect(a == WIRE_OK || a == WIRE_WITHDRAW, "%zu: %d %s", n, a, up.fault.why);
		cr_expect_eq(up.reach[0].count, 3, "%zu", n);
	}
	cr_assert_eq(ok, 2);
}

/* MP_REACH_NLRI comes first: cut within, the NLRI are lost and so is the session; behind, the routes. */
Test(truncate, vpn_update_attributes_cut_anywhere)
{
	uint8_t buf[4096], body[4096];
	const uint8_t *from = buf + WIRE_HEADER_LEN;
	struct wire_update up;

	good_update(buf, sizeof(buf), WIRE_VPNV4);
	size_t attrs = (size_t)from[2] << 8 | from[3], mp = 4u + from[7];
	cr_assert_eq(from[5], WIRE_ATTR_MP_REACH);
	for (size_t n = 0; n < attrs; n++) {
		memcpy(body, from, 4 + n);
		body[3] = (uint8_t)n;
		enum wire_action a = update_get(body, 4 + n, &up);

		if (n == 0)
			cr_expect(a == WIRE_OK && up.eor);
		else if (n < mp)
			cr_expect(a == WIRE_RESET && up.fault.code == 3, "%zu: %d", n, a);
		else
			cr_expect(a == WIRE_OK || a == WIRE_WITHDRAW, "%zu: %d", n, a);
		if (n >= mp)
			cr_expect_eq(up.reach[1].count, 3);
	}
}

/* Two octets are enough; a text that does not fill its length is no text. */
Test(truncate, notification_cut_anywhere)
{
	static const uint8_t body[] = {
		6, 2, 11, 'm', 'a', 'i', 'n', 't', 'e', 'n', 'a', 'n', 'c', 'e'};
	char text[WIRE_SHUTDOWN_TEXT_MAX + 1];
	struct wire_notify n;

	for (size_t len = 0; len <= sizeof(body); len++) {
		uint8_t *p = cut(body, len);
		cr_expect_eq(wire_notify_get(p, len, &n), len >= 2, "%zu", len);
		cr_expect_eq(wire_notify_text(&n, text), len == sizeof(body), "%zu", len);
		cr_expect_eq(n.data_len, len >= 2 ? len - 2 : 0);
		free(p);
	}
	cr_assert_str_eq(text, "maintenance");
}

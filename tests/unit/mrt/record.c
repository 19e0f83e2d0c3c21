/* MRT records against octets that were worked out by hand from RFC 6396 and RFC 8050. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/mrt/record.h"

#define NOW 0x5f000001u

static void record_is(const struct wbuf *w, const uint8_t *want, size_t len)
{
	cr_assert(wbuf_ok(w));
	cr_assert_eq(w->len, len, "%zu octets, not %zu", w->len, len);
	for (size_t i = 0; i < len; i++)
		cr_assert_eq(
			w->base[i], want[i], "octet %zu: %02x, not %02x", i, w->base[i], want[i]);
}
#define IS(w, ...)                                                                                 \
	record_is(&(w), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static struct ip_addr record_v6(void)
{
	struct ip_addr a;

	cr_assert(ip_addr_parse("2001:db8::2", &a));
	return a;
}

/* RFC 6396 4.3.1: two peers, one over IPv6, and ourselves. */
Test(mrt, peer_index_table)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	const struct mrt_peer peers[] = {{.id = 0x0a000001, .as = 65000},
		{.id = 0x0a000003, .as = 65003, .addr = ip_addr_v4(0x0a000003)},
		{.id = 0x0a000004, .as = 4200000000, .addr = record_v6()}};

	mrt_put_peers(&w, NOW, 0x0a000001, "ab", peers, 3);
	IS(w, 0x5f, 0, 0, 1, 0, 13, 0, 1, 0, 0, 0, 61,	       /* 4 + 2 + 2 + 2 + 13 + 13 + 25 */
		10, 0, 0, 1, 0, 2, 'a', 'b', 0, 3,	       /* collector, view, how many */
		2, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xfd, 0xe8,  /* ourselves */
		2, 10, 0, 0, 3, 10, 0, 0, 3, 0, 0, 0xfd, 0xeb, /* IPv4, 4-octet AS */
		3, 10, 0, 0, 4, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xfa, 0x56,
		0xea, 0x00);
}

static const uint8_t record_path[] = {2, 2, 0, 0, 0xfd, 0xeb, 0, 1, 0, 0};

static struct wire_attrs record_attrs(void)
{
	return (struct wire_attrs){.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					      WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					      WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF),
		.next_hop = ip_addr_v4(0x0a000003),
		.local_pref = 100,
		.as_path = {record_path, sizeof(record_path)}};
}

static struct wire_nlri record_nlri(const char *prefix)
{
	struct wire_nlri n = {.label = WIRE_LABEL_NONE};

	cr_assert(ip_prefix_parse(prefix, &n.prefix, NULL));
	return n;
}

#define ORIGIN_AND_PATH 0x40, 1, 1, 0, 0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xeb, 0, 1, 0, 0
#define NEXT_HOP	0x40, 3, 4, 10, 0, 0, 3
#define LOCAL_PREF	0x40, 5, 4, 0, 0, 0, 100

/* RFC 6396 4.3.2, 4.3.4: LOCAL_PREF is told although it is nobody's session. */
Test(mrt, rib_ipv4_unicast)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = record_attrs();
	struct wire_nlri n = record_nlri("203.0.112.0/22");
	struct mrt_rib rib;

	mrt_rib_begin(&rib, &w, NOW, 7, WIRE_IPV4_UNICAST, &n, false);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0, &a}));
	a.present &= ~WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){2, 0x5e000001, 0, &a}));
	cr_assert(mrt_rib_end(&rib));
	IS(w, 0x5f, 0, 0, 1, 0, 13, 0, 2, 0, 0, 0, 81, /* 4 + 4 + 2 + 8 + 31 + 8 + 24 */
		0, 0, 0, 7, 22, 203, 0, 112, 0, 2,     /* sequence, prefix, entries */
		0, 1, 0x5e, 0, 0, 0, 0, 31, ORIGIN_AND_PATH, NEXT_HOP, LOCAL_PREF, /* peer 1 */
		0, 2, 0x5e, 0, 0, 1, 0, 24, ORIGIN_AND_PATH, NEXT_HOP);
}

/* RFC 8050 4.1: the path identifier stands before the attributes' length. */
Test(mrt, rib_ipv4_unicast_addpath)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = record_attrs();
	struct wire_nlri n = record_nlri("0.0.0.0/0");
	struct mrt_rib rib;

	mrt_rib_begin(&rib, &w, NOW, 8, WIRE_IPV4_UNICAST, &n, true);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0x01020304, &a}));
	cr_assert(mrt_rib_end(&rib));
	IS(w, 0x5f, 0, 0, 1, 0, 13, 0, 8, 0, 0, 0, 50, 0, 0, 0, 8, 0, 0,
		1, /* 4 + 1 + 2 + 12 + 31 */
		0, 1, 0x5e, 0, 0, 0, 1, 2, 3, 4, 0, 31, ORIGIN_AND_PATH, NEXT_HOP, LOCAL_PREF);
}

/* RFC 6396 4.3.3 and 4.3.4: family and NLRI in the head, of MP_REACH_NLRI the next hop alone (RFC 4364 4.3.2: with an RD of 0). */
Test(mrt, rib_generic_of_vpnv4)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = record_attrs();
	struct wire_nlri n = record_nlri("172.16.1.0/24");
	struct mrt_rib rib;

	n.rd = UINT64_C(0x0000fde80000000b);
	n.label = 80;
	mrt_rib_begin(&rib, &w, NOW, 9, WIRE_VPNV4, &n, false);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0, &a}));
	cr_assert(mrt_rib_end(&rib));
	IS(w, 0x5f, 0, 0, 1, 0, 13, 0, 6, 0, 0, 0, 72, /* 4 + 3 + 15 + 2 + 8 + 40 */
		0, 0, 0, 9, 0, 1, 128,		       /* sequence, AFI, SAFI */
		112, 0, 5, 1, 0, 0, 0xfd, 0xe8, 0, 0, 0, 11, 172, 16, 1, 0, 1, 0, 1, 0x5e, 0, 0, 0,
		0, 40, 0x80, 14, 13, 12, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 3, ORIGIN_AND_PATH,
		LOCAL_PREF);
}

/* RFC 8950: an IPv6 next hop of IPv4 unicast is in the short MP_REACH_NLRI, and there is no NEXT_HOP. */
Test(mrt, rib_with_an_ipv6_next_hop)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = record_attrs();
	struct wire_nlri n = record_nlri("203.0.113.0/24");
	struct mrt_rib rib;

	a.next_hop = record_v6();
	mrt_rib_begin(&rib, &w, NOW, 7, WIRE_IPV4_UNICAST, &n, false);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0, &a}));
	cr_assert(mrt_rib_end(&rib));
	IS(w, 0x5f, 0, 0, 1, 0, 13, 0, 2, 0, 0, 0, 62, 0, 0, 0, 7, 24, 203, 0, 113, 0, 1, 0, 1,
		0x5e, 0, 0, 0, 0, 44, 0x80, 14, 17, 16, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 2, ORIGIN_AND_PATH, LOCAL_PREF);
}

Test(mrt, a_rib_record_without_entries_is_none)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_nlri n = record_nlri("203.0.113.0/24");
	struct mrt_rib rib;

	mrt_rib_begin(&rib, &w, NOW, 7, WIRE_IPV4_UNICAST, &n, false);
	cr_assert_not(mrt_rib_end(&rib));
	cr_assert(wbuf_ok(&w) && w.len == 0);
}

Test(mrt, attributes_that_an_entry_cannot_say_are_left_out)
{
	static uint8_t octets[300000], many[65532], more[65532];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = record_attrs(), large = a;
	struct wire_nlri n = record_nlri("203.0.113.0/24");
	struct mrt_rib rib;

	large.present |=
		WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES) | WIRE_ATTR_BIT(WIRE_ATTR_LARGE_COMMUNITIES);
	large.communities = (struct wire_span){many, sizeof(many)};
	large.large_communities = (struct wire_span){more, sizeof(more)};
	mrt_rib_begin(&rib, &w, NOW, 7, WIRE_IPV4_UNICAST, &n, false);
	cr_assert(mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0, &a}));
	size_t before = w.len;
	cr_assert_not(mrt_rib_add(&rib, &(struct mrt_rib_entry){2, 0x5e000000, 0, &large}));
	cr_assert(wbuf_ok(&w) && w.len == before);
	cr_assert(mrt_rib_end(&rib));
	cr_assert_eq(octets[21], 1);
}

/* Every room that is too small is noticed, and nothing is written past it. */
Test(mrt, no_room)
{
	uint8_t octets[256];
	struct wire_attrs a = record_attrs();
	struct wire_nlri n = record_nlri("203.0.112.0/22");

	for (size_t cap = 0; cap <= 61; cap++) {
		struct wbuf w = wbuf_of(octets, cap);
		struct mrt_rib rib;

		memset(octets, 0xee, sizeof(octets));
		mrt_rib_begin(&rib, &w, NOW, 7, WIRE_IPV4_UNICAST, &n, false);
		(void)mrt_rib_add(&rib, &(struct mrt_rib_entry){1, 0x5e000000, 0, &a});
		(void)mrt_rib_end(&rib);
		cr_assert_eq(wbuf_ok(&w), cap == 61, "%zu", cap);
		cr_assert_eq(octets[cap], 0xee, "%zu", cap);
	}
}

static struct mrt_session record_session(void)
{
	return (struct mrt_session){.peer_as = 65003,
		.local_as = 65000,
		.peer = ip_addr_v4(0x0a000003),
		.local = ip_addr_v4(0x0a000001)};
}

#define WHO 0, 0, 0xfd, 0xeb, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 10, 0, 0, 3, 10, 0, 0, 1
#define KEEPALIVE                                                                                  \
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,  \
		0xff, 0, 19, 4

/* RFC 6396 3 (the microseconds count in the length), 4.4.3; RFC 8050 3 and 4. */
Test(mrt, messages)
{
	static const struct {
		bool add_path, sent;
		uint8_t subtype;
	} rows[] = {{false, false, 4}, {false, true, 7}, {true, false, 9}, {true, true, 11}};
	static const uint8_t keepalive[] = {KEEPALIVE};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t octets[256];
		struct wbuf w = wbuf_of(octets, sizeof(octets));
		struct mrt_session s = record_session();

		s.add_path = rows[i].add_path;
		mrt_put_message(&w, UINT64_C(1593835521000258), &s, rows[i].sent, keepalive,
			sizeof(keepalive));
		IS(w, 0x5f, 0, 0, 1, 0, 17, 0, rows[i].subtype, 0, 0, 0, 43, 0, 0, 1, 2, WHO,
			KEEPALIVE);
	}
}

/* RFC 6396 4.4.2: of a session without four-octet AS numbers, whose AS_PATHs have two octets each. */
Test(mrt, messages_of_two_octet_sessions)
{
	static const uint8_t subtypes[2][2] = {{1, 6}, {8, 10}}, keepalive[] = {KEEPALIVE};

	for (unsigned i = 0; i < 4; i++) {
		uint8_t octets[256];
		struct wbuf w = wbuf_of(octets, sizeof(octets));
		struct mrt_session s = record_session();

		s.narrow = true;
		s.add_path = i / 2;
		s.local_as = 4200000000;
		mrt_put_message(
			&w, UINT64_C(1593835521000258), &s, i % 2, keepalive, sizeof(keepalive));
		IS(w, 0x5f, 0, 0, 1, 0, 17, 0, subtypes[i / 2][i % 2], 0, 0, 0, 39, 0, 0, 1, 2,
			0xfd, 0xeb, 0x5b, 0xa0, 0, 0, 0, 1, 10, 0, 0, 3, 10, 0, 0, 1, KEEPALIVE);
	}
}

/* RFC 6396 4.4.4 */
Test(mrt, state_change)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct mrt_session s = record_session();

	mrt_put_state(&w, UINT64_C(1593835521000258), &s, 5, 6);
	IS(w, 0x5f, 0, 0, 1, 0, 17, 0, 5, 0, 0, 0, 28, 0, 0, 1, 2, WHO, 0, 5, 0, 6);
}

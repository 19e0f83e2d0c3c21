/* Each message octet for octet, as RFC 7854 and RFC 9069 draw it. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/bmp/msg.h"
#include "lib/check.h"

static uint8_t octets[4096];

static struct wbuf empty(void)
{
	memset(octets, 0xee, sizeof(octets));
	return wbuf_of(octets, sizeof(octets));
}

static void same(const struct wbuf *w, const uint8_t *want, size_t len, const char *what)
{
	cr_assert(wbuf_ok(w));
	cr_assert_eq(w->len, len, "%s: %zu octets, not %zu", what, w->len, len);
	for (size_t i = 0; i < len; i++)
		cr_assert_eq(w->base[i], want[i], "%s: octet %zu is %02x, not %02x", what, i,
			w->base[i], want[i]);
}
#define SAME(w, want, what) same(w, want, sizeof(want), what)

/* type 1, flags, distinguisher, 10.0.0.2, AS 65001, 192.0.2.1, 2 s and 7 us since 1970 */
#define PEER(type, flags)                                                                          \
	type, flags, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0,   \
		2, 0, 0, 0xfd, 0xe9, 192, 0, 2, 1, 0, 0, 0, 2, 0, 0, 0, 7

static struct bmp_peer peer(void)
{
	return (struct bmp_peer){.type = BMP_PEER_RD,
		.distinguisher = 0x0000fde800000001,
		.addr = ip_addr_v4(0x0a000002),
		.as = 65001,
		.id = 0xc0000201,
		.time_us = 2000007};
}

Test(msg, initiation_has_description_and_name)
{
	static const uint8_t want[] = {
		3, 0, 0, 0, 19, 4, 0, 1, 0, 3, 'r', ' ', '1', 0, 2, 0, 2, 'p', 'e'};
	struct wbuf w = empty();

	cr_assert(bmp_put_initiation(&w, "r 1", "pe"));
	SAME(&w, want, "initiation");
}

Test(msg, termination_has_its_reason)
{
	static const uint8_t want[] = {3, 0, 0, 0, 12, 5, 0, 1, 0, 2, 0, 1};
	struct wbuf w = empty();

	cr_assert(bmp_put_termination(&w, 1));
	SAME(&w, want, "termination");
}

Test(msg, peer_up_has_both_opens)
{
	static const uint8_t want[] = {3, 0, 0, 0, 73, 3, PEER(1, 0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 10, 0, 0, 1, 0, 179, 0x9c, 0x40, 's', 'e', 'n', 'g', 't'};
	struct bmp_peer p = peer();
	struct ip_addr local = ip_addr_v4(0x0a000001);
	struct wbuf w = empty();

	cr_assert(bmp_put_peer_up(&w, &p, &local, 179, 40000, (const uint8_t *)"sen", 3,
		(const uint8_t *)"gt", 2, NULL));
	SAME(&w, want, "peer up");
}

Test(msg, peer_up_of_a_loc_rib_has_its_name)
{
	static const uint8_t want[] = {3, 0, 0, 0, 74, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd, 0xe8, 10, 0, 0, 9, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 2, 'v',
		'1'};
	struct bmp_peer p = {.type = BMP_PEER_LOC_RIB, .as = 65000, .id = 0x0a000009};
	struct ip_addr none = {0};
	struct wbuf w = empty();

	cr_assert(bmp_put_peer_up(&w, &p, &none, 0, 0, NULL, 0, NULL, 0, "v1"));
	SAME(&w, want, "peer up");
}

Test(msg, peer_down_has_reason_and_data)
{
	static const uint8_t want[] = {3, 0, 0, 0, 51, 2, PEER(1, 0), 2, 0, 2};
	struct bmp_peer p = peer();
	struct wbuf w = empty();

	cr_assert(bmp_put_peer_down(&w, &p, 2, (const uint8_t[]){0, 2}, 2));
	SAME(&w, want, "peer down");
}

Test(msg, monitoring_says_what_its_update_is)
{
	static const uint8_t want[] = {3, 0, 0, 0, 51, 0, PEER(1, 0x40), 'u', 'p', 'd'};
	static const uint8_t as2[] = {3, 0, 0, 0, 51, 0, PEER(1, 0x20), 'u', 'p', 'd'};
	struct bmp_peer p = peer();
	struct wbuf w = empty();

	p.post_policy = true;
	cr_assert(bmp_put_monitoring(&w, &p, (const uint8_t *)"upd", 3));
	SAME(&w, want, "post-policy");
	p.post_policy = false;
	p.as2 = true;
	w = empty();
	cr_assert(bmp_put_monitoring(&w, &p, (const uint8_t *)"upd", 3));
	SAME(&w, as2, "two-octet AS numbers");
}

Test(msg, an_ipv6_neighbour_has_its_flag_and_all_of_its_address)
{
	struct bmp_peer p = peer();
	struct wbuf w = empty();

	cr_assert(ip_addr_parse("2001:db8::7", &p.addr));
	cr_assert(bmp_put_monitoring(&w, &p, NULL, 0));
	cr_assert_eq(octets[7], 0x80);
	cr_assert_eq(octets[16], 0x20);
	cr_assert_eq(octets[31], 7);
}

/* RFC 7854 4.8: counters have four octets, gauges eight, of a family with AFI and SAFI in front. */
Test(msg, statistics_have_the_length_of_their_type)
{
	static const uint8_t want[] = {3, 0, 0, 0, 87, 1, PEER(1, 0), 0, 0, 0, 3, 0, 4, 0, 4, 0, 0,
		0, 5, 0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 9, 0, 11, 0, 1, 128, 0, 0, 0, 0, 0, 0,
		0, 6};
	const struct bmp_stat list[] = {{.type = 4, .value = 5},
		{.type = 7, .gauge = true, .value = 0x100000002},
		{.type = 9, .gauge = true, .value = 6, .afi = 1, .safi = 128}};
	struct bmp_peer p = peer();
	struct wbuf w = empty();

	cr_assert(bmp_put_statistics(&w, &p, list, ARRAY_LEN(list)));
	SAME(&w, want, "statistics");
}

Test(msg, without_room_nothing_is_written)
{
	struct bmp_peer p = peer();

	for (size_t cap = 0; cap < 51; cap++) {
		struct wbuf w = wbuf_of(octets, cap);

		cr_assert_not(bmp_put_monitoring(&w, &p, (const uint8_t *)"upd", 3));
		cr_assert(wbuf_ok(&w) && w.len == 0, "cap %zu", cap);
	}
}

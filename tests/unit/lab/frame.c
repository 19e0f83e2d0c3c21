/* The attackers' frames, against octets worked out by hand and sums taken from outside. */
#include <criterion/criterion.h>
#include <string.h>

#include "lab/attacks/frame.h"

static const uint8_t to[6] = {2, 0, 0, 0, 0, 1}, from[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t nonce[16] = "0123456789abcdef";

/* RFC 1071 3, the plainest way: everything, its checksum included, adds up to all ones. */
static uint32_t summed(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

static struct frame_ip plain(uint8_t protocol)
{
	return (struct frame_ip){.src = "10.1.2.3", .dst = "192.168.4.5", .protocol = protocol};
}

/* Two tags of which the first is IEEE 802.1ad's, label 100001 with S and TTL 7, IPv4, UDP with one octet of data. */
Test(frame, octets)
{
	static const uint8_t want[60] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 0, /* tags */
		0x88, 0x47, 0x18, 0x6a, 0x1b, 7, /* 100001 = 0x186a1, TC 5, S */
		0x45, 3, 0, 29, 0x12, 0x34, 0x20, 1, 64, 17, 0x77, 0xe7, 10, 1, 2, 3, 192, 168, 4,
		5,					  /* the rest adds up to 0x8818 */
		0x0f, 0xa0, 0, 7, 0, 9, 0x0e, 0x84, 0x11, /* pseudo header and rest: 0xf17b */
	};
	struct frame_ip ip = plain(17);
	struct frame f;

	ip.tos = 3;
	ip.id = 0x1234;
	ip.fragment = 0x2001;
	frame_begin(&f, to, from);
	frame_tag(&f, 0x88a8, 5);
	frame_tag(&f, 0x8100, 0);
	frame_label(&f, 100001, 5, true, 7);
	frame_ip(&f, &ip);
	frame_udp(&f, 4000, 7);
	frame_octets(&f, "\x11", 1);
	frame_end(&f);
	cr_assert_eq(f.len, sizeof want);
	cr_expect_arr_eq(f.octets, want, sizeof want);
}

Test(frame, arp)
{
	static const uint8_t want[60] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4,
		0, 2, 2, 0, 0, 0, 0, 2, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 2};
	struct frame f;

	frame_begin(&f, to, from);
	frame_arp(&f, 2, from, "10.0.0.1", to, "10.0.0.2");
	frame_end(&f);
	cr_assert_eq(f.len, sizeof want);
	cr_expect_arr_eq(f.octets, want, sizeof want);
}

/* The EtherType that was asked for stays, and nothing inside writes over it. */
Test(frame, typed)
{
	struct frame_ip ip = plain(4);
	struct frame f;

	frame_begin(&f, to, from);
	frame_type(&f, 0x8848);
	frame_label(&f, 3, 0, false, 1);
	frame_label(&f, 4, 0, true, 2);
	frame_ip(&f, &ip);
	frame_ip(&f, &ip);
	frame_end(&f);
	cr_expect_arr_eq(f.octets + 12, "\x88\x48\0\0\x30\x01\0\0\x41\x02\x45", 11);
	cr_expect_arr_eq(f.octets + 22 + 2, "\0\x28", 2, "outer length");
	cr_expect_arr_eq(f.octets + 42 + 2, "\0\x14", 2, "inner length");
	frame_begin(&f, to, from);
	frame_octets(&f, "ab", 2);
	frame_label(&f, 3, 0, true, 1);
	cr_expect_arr_eq(f.octets + 12, "\0\0ab\0\0\x31\1", 8);
}

/* Lengths of data that are even, odd and none; a length that fills up to all zeros' sum would show as well. */
Test(frame, sums)
{
	for (unsigned n = 0; n < 70; n++)
		for (unsigned kind = 0; kind < 3; kind++) {
			static const uint8_t protocol[] = {17, 6, 1};
			struct frame_ip ip = plain(protocol[kind]);
			struct frame f;
			uint32_t pseudo;
			size_t len, at = 14 + 20 + 8;

			ip.n_options = 8;
			memcpy(ip.options, "\x94\4\0\0\1\1\1\0", 8);
			frame_begin(&f, to, from);
			frame_ip(&f, &ip);
			if (kind == 0)
				frame_udp(&f, 4000, 65535);
			else if (kind == 1)
				frame_tcp(&f, 1, 179, 0x01020304, 0xfffefdfc, 0x12, to, 5);
			else
				frame_icmp(&f, 8, 0, 0x00070001);
			for (unsigned i = 0; i < n; i++)
				frame_octets(&f, &(uint8_t){(uint8_t)(251 * i + 37)}, 1);
			len = f.len - at;
			frame_end(&f);
			cr_expect_eq(f.octets[14], 0x47);
			cr_expect_eq(f.octets[16] << 8 | f.octets[17], len + 28);
			cr_expect_eq(summed(0, f.octets + 14, 28), 0xffff);
			pseudo = kind == 2 ? 0
					   : summed((uint32_t)(protocol[kind] + len),
						     f.octets + 14 + 12, 8);
			cr_expect_eq(
				summed(pseudo, f.octets + at, len), 0xffff, "%u of %u", n, kind);
			cr_expect_neq(f.octets[at + 6] << 8 | f.octets[at + 7], 0);
		}
}

Test(frame, tcp_options)
{
	struct frame_ip ip = plain(6);
	struct frame f;

	frame_begin(&f, to, from);
	frame_ip(&f, &ip);
	frame_tcp(&f, 1, 179, 0, 0, 2, to, 5);
	cr_expect_eq(f.len, 14 + 20 + 28);
	cr_expect_eq(f.octets[34 + 12], 0x70, "seven words");
	cr_expect_arr_eq(f.octets + 34 + 20, "\2\0\0\0\0\0\0\0", 8);
}

/* RFC 8200 8.1, RFC 4443 2.3: the pseudo header is of 40 octets and counts for ICMPv6. */
Test(frame, version_6)
{
	struct frame f;
	uint8_t pseudo[8] = {0, 0, 0, 26, 0, 0, 0, 58};

	frame_begin(&f, to, from);
	frame_ip6(&f, "fe80::1", "ff02::1", 58, 255);
	frame_icmp(&f, 134, 0, 0x40000708);
	frame_nonce(&f, nonce, 0x0102);
	frame_end(&f);
	cr_expect_eq(f.len, 14 + 40 + 26);
	cr_expect_arr_eq(f.octets + 12, "\x86\xdd\x60\0\0\0\0\x1a\x3a\xff\xfe\x80", 12);
	cr_expect_arr_eq(f.octets + 14 + 40 + 8, nonce, 16);
	cr_expect_arr_eq(f.octets + 14 + 40 + 24, "\1\2", 2);
	cr_expect_eq(summed(summed(summed(0, pseudo, 8), f.octets + 14 + 8, 32), f.octets + 54, 26),
		0xffff);
}

/* Lies have to be asked for, and are then told. */
Test(frame, lies)
{
	struct frame_ip ip = plain(17);
	struct frame f;

	ip.version = 5;
	ip.ihl = 15;
	ip.total = 9000;
	ip.ttl_zero = true;
	ip.bad_sum = true;
	frame_begin(&f, to, from);
	frame_ip(&f, &ip);
	frame_udp(&f, 1, 2);
	frame_udp_unsummed(&f);
	frame_end(&f);
	cr_expect_eq(f.octets[14], 0x5f);
	cr_expect_eq(f.octets[16] << 8 | f.octets[17], 9000);
	cr_expect_eq(f.octets[14 + 8], 0);
	cr_expect_neq(summed(0, f.octets + 14, 20), 0xffff);
	cr_expect_arr_eq(f.octets + 34, "\0\1\0\2\0\x08\0\0", 8);
	cr_expect_eq(f.len, 60);
}

/* A tunnel: each layer has the lengths and sums of what is inside it, and the outer covers the inner's. */
Test(frame, nested)
{
	struct frame_ip outer = plain(47), inner = plain(17);
	struct frame f;

	frame_begin(&f, to, from);
	frame_ip(&f, &outer);
	frame_gre(&f, 0x8847);
	frame_label(&f, 17, 0, true, 64);
	frame_ip(&f, &inner);
	frame_udp(&f, 3, 4);
	frame_nonce(&f, nonce, 1);
	frame_end(&f);
	cr_expect_arr_eq(f.octets + 34, "\0\0\x88\x47\0\x01\x11\x40\x45", 9);
	cr_expect_eq(f.octets[17], 20 + 4 + 4 + 20 + 8 + 18);
	cr_expect_eq(f.octets[42 + 3], 20 + 8 + 18);
	cr_expect_eq(summed(0, f.octets + 14, 20), 0xffff);
	cr_expect_eq(summed(0, f.octets + 42, 20), 0xffff);
	cr_expect_eq(summed(summed(17 + 26, f.octets + 42 + 12, 8), f.octets + 62, 26), 0xffff);
}

/* The lab's own frames: what it makes is what it understands, and no truncation of it is understood as more. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lab/packet.h"

static const uint8_t nonce[LAB_NONCE_LEN] = "0123456789abcdef";

static struct lab_spoof spoof(void)
{
	struct lab_spoof s = {.labelled = true,
		.to = {2, 0, 0, 0, 0, 1},
		.from = {2, 0, 0, 0, 0, 2},
		.label = 100001,
		.seq = 7,
		.nonce = nonce};

	cr_assert(ip_addr_parse("172.16.66.66", &s.src) && ip_addr_parse("172.16.1.1", &s.dst));
	return s;
}

/* RFC 3032 2.1: label 20 bits, traffic class 3, bottom of stack 1, TTL 8. */
Test(packet, labelled_octets)
{
	static const uint8_t want[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x47, 0x18, 0x6a,
		0x11, 0x40, /* 100001, S, 64 */
		0x45, 0, 0, 44, 0, 0, 0, 0, 64, 1};
	struct lab_spoof s = spoof();
	uint8_t frame[LAB_PACKET_MAX];

	cr_expect_eq(lab_packet_spoof(frame, &s), 14 + 4 + 20 + 8 + 16);
	cr_expect_arr_eq(frame, want, sizeof want);
}

/* Tags with VID 0 go between the addresses and what was the type; nothing else moves. */
Test(packet, tagged_octets)
{
	static const uint8_t tags[] = {0x81, 0, 0, 0, 0x81, 0, 0, 0};
	struct lab_spoof s = spoof();
	uint8_t bare[LAB_PACKET_MAX], frame[LAB_PACKET_MAX];
	size_t len = lab_packet_spoof(bare, &s);

	s.tags = 2;
	cr_assert_eq(lab_packet_spoof(frame, &s), len + sizeof tags);
	cr_expect_arr_eq(frame, bare, 12);
	cr_expect_arr_eq(frame + 12, tags, sizeof tags);
	cr_expect_arr_eq(frame + 12 + sizeof tags, bare + 12, len - 12);
}

static uint32_t sum_of(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

/* RFC 9293 3.1: with the pseudo header, and its checksum in place, all ones. */
Test(packet, syn)
{
	struct lab_spoof s = spoof();
	uint8_t frame[LAB_PACKET_MAX], *tcp = frame + 14 + 20;
	struct lab_packet p;
	uint32_t sum;

	s.labelled = false;
	s.syn = true;
	cr_assert_eq(lab_packet_spoof(frame, &s), 14 + 20 + 20);
	cr_assert(lab_packet_parse(frame, 54, &p));
	cr_expect_eq(p.protocol, 6);
	cr_expect_eq(p.ttl, 255);
	cr_expect_eq(p.tcp_flags, 2);
	cr_expect_eq(tcp[2] << 8 | tcp[3], 179);
	cr_expect_eq(sum_of(tcp + 4, 4), sum_of(nonce, 4) + 7);
	sum = sum_of(frame + 14 + 12, 8) + 6 + 20 + sum_of(tcp, 20);
	cr_expect_eq((sum & 0xffff) + (sum >> 16), 0xffff);
}

Test(packet, what_is_made_is_understood)
{
	struct lab_spoof s = spoof();
	struct lab_packet p;
	uint8_t frame[LAB_PACKET_MAX];
	size_t len = lab_packet_spoof(frame, &s);
	char text[128];

	cr_assert(lab_packet_parse(frame, len, &p));
	cr_expect_eq(p.n_labels, 1);
	cr_expect_eq(p.label[0], 100001);
	cr_expect_eq(p.label_ttl[0], 64);
	cr_expect_eq(p.icmp_seq, 7);
	cr_assert_not_null(p.nonce);
	cr_expect_arr_eq(p.nonce, nonce, sizeof nonce);
	lab_packet_print(&p, text, sizeof text);
	cr_expect_str_eq(text, "label 100001 (ttl 64) | 172.16.66.66 > 172.16.1.1 echo request 7");
}

/* Each prefix of a frame, in a block of exactly that size: a read past it is an error under the sanitizers. */
Test(packet, truncations)
{
	struct lab_spoof s = spoof();
	uint8_t frame[LAB_PACKET_MAX];
	size_t len = lab_packet_spoof(frame, &s);

	for (size_t n = 0; n < len; n++) {
		uint8_t *cut = malloc(n ? n : 1);
		struct lab_packet p;

		cr_assert_not_null(cut);
		memcpy(cut, frame, n);
		if (lab_packet_parse(cut, n, &p))
			cr_expect_null(p.nonce, "%zu octets", n);
		else
			cr_expect_lt(n, 14 + 4 + 20u, "%zu octets", n);
		free(cut);
	}
}

Test(packet, stacks)
{
	uint8_t frame[LAB_PACKET_MAX] = {0};
	struct lab_packet p;
	size_t at = 14;

	frame[12] = 0x88;
	frame[13] = 0x47;
	for (int i = 0; i < LAB_LABELS_SEEN + 1; i++, at += 4)
		frame[at + 1] = i + 1; /* no bottom of stack anywhere */
	cr_expect_not(lab_packet_parse(frame, at, &p), "more labels than can be");
	frame[14 + 4 + 2] |= 1;
	frame[14 + 8] = 0x45;
	cr_assert(lab_packet_parse(frame, 14 + 8 + 20, &p));
	cr_expect_eq(p.n_labels, 2);
	cr_expect_eq(p.label[0], 1 << 4);
	cr_expect_eq(p.label[1], 2 << 4);
}

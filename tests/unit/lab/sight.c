/* Which frames are worth keeping, in every form, and cut at every octet. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lab/attacks/frame.h"
#include "lab/attacks/sight.h"
#include "lab/attacks/sight_worth.h"

static const uint8_t to[6] = {2, 0, 0, 0, 0, 1}, from[6] = {2, 0, 0, 0, 0, 2};

static struct frame f;

static void ip(uint8_t protocol)
{
	frame_ip(&f, &(struct frame_ip){.src = "10.0.0.1",
			     .dst = "10.0.0.2",
			     .protocol = protocol,
			     .n_options = 4});
}

/* Each in the open, behind two tags, and under two labels. */
static void begin(unsigned how)
{
	frame_begin(&f, to, from);
	if (how == 1) {
		frame_tag(&f, 0x88a8, 7);
		frame_tag(&f, 0x8100, 9);
	}
	if (how == 2) {
		frame_label(&f, 16003, 0, false, 64);
		frame_label(&f, 17, 0, true, 64);
	}
}

Test(sight, worth)
{
	for (unsigned how = 0; how < 3; how++) {
		begin(how);
		ip(6);
		frame_tcp(&f, 40000, 179, 1, 0, 2, NULL, 0);
		frame_end(&f);
		cr_expect(attack_sight_worth(f.octets, f.len), "BGP, %u", how);
		cr_expect_not(attack_sight_error(f.octets, f.len));
		begin(how);
		ip(6);
		frame_tcp(&f, 179, 40000, 1, 0, 2, NULL, 0);
		frame_end(&f);
		cr_expect(attack_sight_worth(f.octets, f.len), "BGP back, %u", how);
		begin(how);
		ip(6);
		frame_tcp(&f, 40000, 22, 1, 0, 2, NULL, 0);
		frame_end(&f);
		cr_expect_not(attack_sight_worth(f.octets, f.len), "SSH, %u", how);
		begin(how);
		ip(17);
		frame_udp(&f, 179, 179);
		frame_end(&f);
		cr_expect_not(attack_sight_worth(f.octets, f.len), "UDP 179, %u", how);
		begin(how);
		ip(17);
		frame_udp(&f, 68, 67);
		frame_end(&f);
		cr_expect(attack_sight_worth(f.octets, f.len), "DHCP, %u", how);
		begin(how);
		frame_ip6(&f, "fe80::1", "fe80::2", 58, 255);
		frame_icmp(&f, 135, 0, 0);
		frame_end(&f);
		cr_expect(attack_sight_worth(f.octets, f.len), "neighbour discovery, %u", how);
		cr_expect_not(attack_sight_error(f.octets, f.len));
	}
}

Test(sight, errors)
{
	for (unsigned type = 0; type < 256; type++) {
		bool four = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;

		for (unsigned how = 0; how < 3; how++) {
			begin(how);
			ip(1);
			frame_icmp(&f, type, 0, 0);
			frame_end(&f);
			cr_expect(attack_sight_worth(f.octets, f.len));
			cr_expect_eq(attack_sight_error(f.octets, f.len), four, "%u", type);
			begin(how);
			frame_ip6(&f, "fe80::1", "fe80::2", 58, 255);
			frame_icmp(&f, type, 0, 0);
			frame_end(&f);
			cr_expect_eq(attack_sight_error(f.octets, f.len), type < 128, "%u", type);
		}
	}
}

Test(sight, arp_and_others)
{
	frame_begin(&f, to, from);
	frame_tag(&f, 0x8100, 20);
	frame_arp(&f, 1, from, "10.0.0.1", to, "10.0.0.2");
	frame_end(&f);
	cr_expect(attack_sight_worth(f.octets, f.len));
	frame_begin(&f, to, from);
	frame_type(&f, 0x88cc);
	frame_end(&f);
	cr_expect_not(attack_sight_worth(f.octets, f.len), "LLDP");
}

/* Nothing behind the end is read (the sanitizers see it), and what is cut before its ports is not worth it. */
Test(sight, cut)
{
	for (unsigned how = 0; how < 3; how++) {
		begin(how);
		ip(6);
		frame_tcp(&f, 40000, 179, 1, 0, 2, NULL, 0);
		for (size_t n = 0; n <= f.len; n++) {
			uint8_t *cut = malloc(n ? n : 1);

			memcpy(cut, f.octets, n);
			cr_expect_eq(attack_sight_worth(cut, n), n >= f.len - 16, "%zu", n);
			cr_expect_not(attack_sight_error(cut, n));
			free(cut);
		}
	}
}

Test(sight, nonce)
{
	static const uint8_t nonce[LAB_NONCE_LEN] = "0123456789abcdef";
	struct attack_sight s = {0};
	uint16_t seq = 0;

	for (unsigned at = 0; at + 18 <= ATTACK_SNAP; at += 7) {
		memset(s.octets, '0', sizeof s.octets);
		memcpy(s.octets + at, nonce, sizeof nonce);
		s.octets[at + 16] = 1;
		s.octets[at + 17] = 2;
		s.len = at + 18;
		cr_expect(attack_sight_nonce(&s, nonce, &seq));
		cr_expect_eq(seq, 258);
		s.len--;
		cr_expect_not(attack_sight_nonce(&s, nonce, &seq), "its number is cut");
	}
	s.len = 0;
	cr_expect_not(attack_sight_nonce(&s, nonce, &seq));
}

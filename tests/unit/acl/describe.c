/* Samples in words. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "acl/describe.h"

/* Hexadecimal, blanks between; the MAC addresses are put in front. In memory of just its size. */
static char *describe(const char *hex, char out[ACL_DESCRIBE_MAX])
{
	uint8_t octets[256] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
	size_t n = 12;

	for (const char *p = hex; *p; p += *p == ' ' ? 1 : 2)
		if (*p != ' ')
			octets[n++] = (uint8_t)strtoul((char[]){p[0], p[1], 0}, NULL, 16);
	uint8_t *copy = malloc(n);
	memcpy(copy, octets, n);
	char *text = acl_describe(copy, n, out);
	free(copy);
	return text;
}

#define IP(proto) "4500 0030 0000 0000 40 " proto " 0000 01020304 05060708 "

Test(describe, says_what_there_is)
{
	static const struct {
		const char *hex, *text;
	} rows[] = {
		{"8847 186a1140 " IP("11"),
			"8847 label 100001 ttl 64 | IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 17 ..."},
		{"8847 00011010 186a1140 " IP("11") "0035 1388 0008 0000",
			"8847 label 17 ttl 16 label 100001 ttl 64 | "
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 17 port 53 > 5000"},
		{"8100 0000 88a8 0005 8847 186a1140 00",
			"8100 vlan 0 | 88a8 vlan 5 | 8847 label 100001 ttl 64 | no IP (00)"},
		{"0800 " IP("06") "0035 00b3 00000000 00000000 5002 0000 0000 0000",
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 6 port 53 > 179 syn"},
		{"0800 " IP("01") "0800", "IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 1 type 8 code 0"},
		{"0800 4500 0030 0000 2001 40 11 0000 01020304 05060708 0035 1388 0008 0000",
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 17 fragment 8"},
		{"0800 4600 0030 0000 0000 40 01 0000 01020304 05060708 07040400 0300",
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 1 options type 3 code 0"},
		{"0800 4100 0030 0000 0000 40 01 0000 01020304 05060708 0300",
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 1 bad header length"},
		{"0800 " IP("2f") "2000 8847 00000007 186a1140 " IP("3b"),
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 47 | 8847 label 100001 ttl 64 | "
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 59"},
		{"0800 " IP("11") "1388 19eb 0008 0000 186a1140 " IP("3b"),
			"IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 17 port 5000 > 6635 label 100001 ttl "
			"64 | IPv4 1.2.3.4 > 5.6.7.8 ttl 64 proto 59"},
		{"0806 0001 0800 0604 0001 020000000009 0a000001 000000000000 0a000002",
			"ARP operation 1 10.0.0.1 (02:00:00:00:00:09) > 10.0.0.2"},
		{"86dd 60000000 0004 3a ff fe800000000000000000000000000001 "
		 "ff020000000000000000000000000001 8600 0000",
			"IPv6 fe80::1 > ff02::1 hops 255 next 58 type 134 code 0"},
		{"88cc 0207", "ethertype 88cc"},
		{"0800", "..."},
		{"0800 45", "IPv4 ..."},
		{"8847 186a11", "8847 ..."},
		{"", "..."},
	};
	char out[ACL_DESCRIBE_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_str_eq(describe(rows[i].hex, out), rows[i].text, "%s", rows[i].hex);
}

Test(describe, walks_no_further_than_its_limits)
{
	static const uint8_t tag[] = {0x81, 0, 0, 1}, label[] = {0, 1, 0, 64};
	/* MPLS-in-IP, in itself */
	static const uint8_t tunnel[] = {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 137, 0, 0, 1, 2, 3, 4, 5,
		6, 7, 8, 0x18, 0x6a, 0x11, 0x40};
	const struct {
		const uint8_t *unit;
		size_t len;
		uint16_t type;
	} rows[] = {{tag, sizeof(tag), 0x8100}, {label, sizeof(label), 0x8847},
		{tunnel, sizeof(tunnel), 0x0800}};
	char out[ACL_DESCRIBE_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t octets[4096] = {
			[12] = (uint8_t)(rows[i].type >> 8), [13] = (uint8_t)rows[i].type};
		size_t n = rows[i].type == 0x8100 ? 12 : 14;

		for (; n + rows[i].len <= sizeof(octets); n += rows[i].len)
			memcpy(octets + n, rows[i].unit, rows[i].len);
		char *text = acl_describe(octets, n, out);
		cr_expect(strlen(text) > 3 && !strcmp(text + strlen(text) - 3, "..."), "%s", text);
	}
}

Test(describe, every_cut_is_survived_and_said_in_printable_letters)
{
	static const uint8_t whole[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 7, 0x88,
		0x47, 0x18, 0x6a, 0x11, 0x40, 0x46, 0, 0, 60, 0, 0, 0, 0, 64, 47, 0, 0, 1, 2, 3, 4,
		5, 6, 7, 8, 1, 1, 1, 1, 0xb0, 0, 0x86, 0xdd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x60, 0, 0, 0, 0, 0, 6, 9};
	char out[ACL_DESCRIBE_MAX];

	for (size_t n = 0; n <= sizeof(whole); n++) {
		uint8_t *copy = malloc(n ? n : 1);
		memcpy(copy, whole, n);
		for (const char *p = acl_describe(copy, n, out); *p; p++)
			cr_assert(*p >= ' ' && *p < 0x7f);
		free(copy);
	}
}

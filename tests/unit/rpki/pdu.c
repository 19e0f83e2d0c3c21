/* Every PDU type (RFC 6810, 8210, 8210bis 5): as it must be, one octet more, one less, cut anywhere, in each version. */
#include "bgpd/rpki/pdu.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/unit/rpki/say.h"

static const uint32_t providers[] = {10, 20, 30};

/* One of each type that a version has; false: it has not. */
static bool say_type(struct say *s, uint8_t version, uint8_t type)
{
	*s = (struct say){0};
	switch (type) {
	case RPKI_SERIAL_NOTIFY:
		say_notify(s, version, 7, 8);
		return true;
	case RPKI_SERIAL_QUERY:
		say_head(s, version, type, 7, 12);
		say_u32(s, 8);
		return true;
	case RPKI_RESET_QUERY:
	case RPKI_CACHE_RESPONSE:
	case RPKI_CACHE_RESET:
		say_head(s, version, type, 7, 8);
		return true;
	case RPKI_IPV4_PREFIX:
		say_roa(s, version, 1, 3, 64500);
		return true;
	case RPKI_IPV6_PREFIX:
		say_roa6(s, version, 1, 3, 64500);
		return true;
	case RPKI_END_OF_DATA:
		say_end(s, version, 7, 8, 300, 60, 7200);
		return true;
	case RPKI_ROUTER_KEY:
		say_head(s, version, type, 0x100, 36);
		for (unsigned i = 0; i < 7; i++)
			say_u32(s, i);
		return version > 0;
	case RPKI_ERROR_REPORT:
		say_error(s, version, 2, "no data");
		return true;
	case RPKI_ASPA:
		say_aspa(s, 1, 64500, providers, 3);
		s->octets[0] = version;
		return version > 1;
	default:
		say_head(s, version, type, 0, 8);
		return false;
	}
}

Test(pdu, every_type_in_every_version)
{
	struct rpki_pdu p;
	struct say s;

	for (uint8_t version = 0; version <= 2; version++)
		for (unsigned type = 0; type < 256; type++) {
			bool is = say_type(&s, version, (uint8_t)type);
			int want = is ? (int)s.len : -1 - RPKI_ERROR_TYPE;

			cr_expect(eq(int, rpki_pdu_get(s.octets, s.len, &p), want), "%u/%u",
				version, type);
			/* what follows is not touched */
			cr_expect(eq(int, rpki_pdu_get(s.octets, s.len + 9, &p), want));
			for (size_t cut = 0; is && cut < s.len; cut++)
				cr_expect(eq(int, rpki_pdu_get(s.octets, cut, &p), 0), "%u/%u/%zu",
					version, type, cut);
		}
	say_type(&s, 3, RPKI_CACHE_RESPONSE);
	cr_expect(eq(int, rpki_pdu_get(s.octets, s.len, &p), -1 - RPKI_ERROR_VERSION));
}

/* Types that may have any length say in it how much there is: a router key is not read, an ASPA is a row of fours. */
static bool may_be_longer(uint8_t type, int by)
{
	return type == RPKI_ROUTER_KEY || (type == RPKI_ASPA && by % 4 == 0);
}

Test(pdu, every_length_off_by_some)
{
	struct rpki_pdu p;
	struct say s;

	for (uint8_t version = 0; version <= 2; version++)
		for (uint8_t type = 0; type <= RPKI_ASPA; type++)
			for (int by = -8; by <= 8; by++) {
				if (!say_type(&s, version, type) || by == 0 ||
					may_be_longer(type, by))
					continue;
				s.octets[7] = (uint8_t)(s.octets[7] + by);
				cr_expect(eq(int, rpki_pdu_get(s.octets, s.len + 8, &p),
						  -1 - RPKI_ERROR_CORRUPT),
					"%u/%u by %d", version, type, by);
			}
}

/* Lengths that nobody has: nothing is waited for. */
Test(pdu, absurd_lengths)
{
	static const uint32_t lengths[] = {0, 1, 7, 65537, 0x7fffffff, 0x80000000, 0xffffffff};
	struct rpki_pdu p;

	for (uint8_t type = 0; type <= RPKI_ASPA; type++)
		for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
			struct say s;

			if (!say_type(&s, 2, type))
				continue;
			s.len = 4;
			say_u32(&s, lengths[i]);
			cr_expect(eq(int, rpki_pdu_get(s.octets, 8, &p), -1 - RPKI_ERROR_CORRUPT));
		}
}

Test(pdu, prefixes)
{
	struct say s = {0};
	struct rpki_pdu p;
	static const struct {
		uint8_t len, max;
		bool good;
	} four[] = {{24, 24, true}, {24, 32, true}, {0, 0, true}, {32, 32, true}, {24, 23, false},
		{33, 33, false}, {24, 33, false}, {0, 255, false}};

	say_roa(&s, 1, 1, 3, 64500);
	for (unsigned i = 0; i < sizeof four / sizeof *four; i++) {
		s.octets[9] = four[i].len;
		s.octets[10] = four[i].max;
		cr_expect(eq(int, rpki_pdu_get(s.octets, s.len, &p),
			four[i].good ? 20 : -1 - RPKI_ERROR_CORRUPT));
	}
	s = (struct say){0};
	say_roa6(&s, 1, 0, 3, 64500);
	cr_assert(eq(int, rpki_pdu_get(s.octets, s.len, &p), 32));
	cr_expect(not(p.announce));
	cr_expect(p.roa.prefix.addr.af == IP_V6 && p.roa.prefix.len == 48 && p.roa.max_len == 64 &&
		  p.roa.as == 64500);
	s.octets[9] = s.octets[10] = 129;
	cr_expect(eq(int, rpki_pdu_get(s.octets, s.len, &p), -1 - RPKI_ERROR_CORRUPT));
}

/* Inside an error report: lengths that do not fit into it. */
Test(pdu, error_reports)
{
	struct rpki_pdu p;
	struct say s = {0};

	say_error(&s, 1, 6, "text");
	cr_assert(eq(int, rpki_pdu_get(s.octets, s.len, &p), 20));
	cr_expect(p.error == 6 && p.text_len == 4 && !memcmp(p.text, "text", 4));
	for (unsigned at = 8; at < 16; at++) {
		struct say bad = s;

		bad.octets[at] ^= 0xff;
		cr_expect(eq(int, rpki_pdu_get(bad.octets, bad.len, &p), -1 - RPKI_ERROR_CORRUPT),
			"%u", at);
	}
}

Test(pdu, aspas_of_today_and_of_draft_10)
{
	struct rpki_pdu p;
	struct say s = {0};

	say_aspa(&s, 1, 64500, providers, 3);
	cr_assert(eq(int, rpki_pdu_get(s.octets, s.len, &p), 24));
	cr_expect(p.announce && p.customer == 64500 && p.n_providers == 3 &&
		  p.providers == s.octets + 12);
	s = (struct say){0};
	say_aspa(&s, 0, 64500, NULL, 0);
	cr_assert(eq(int, rpki_pdu_get(s.octets, s.len, &p), 12));
	cr_expect(p.n_providers == 0 && !p.announce && p.customer == 64500);
	for (unsigned six = 0; six < 2; six++)
		for (unsigned announce = 0; announce < 2; announce++) {
			s = (struct say){0};
			say_head(&s, 2, RPKI_ASPA, 0, 24);
			say_u32(&s, announce << 24 | six << 16 | 2);
			say_u32(&s, 64500);
			say_u32(&s, 10);
			say_u32(&s, 20);
			cr_assert(eq(int, rpki_pdu_get(s.octets, s.len, &p), 24));
			cr_expect(p.announce == announce && p.ipv6 == six && p.customer == 64500 &&
				  p.n_providers == 2 * announce);
			s.octets[11] = 3; /* providers, it says */
			cr_expect(eq(
				int, rpki_pdu_get(s.octets, s.len, &p), -1 - RPKI_ERROR_CORRUPT));
		}
}

Test(pdu, what_is_said_can_be_read)
{
	uint8_t out[64], fault[8] = {1, 2, 3};
	const struct rpki_pdu query = {.version = 2,
				      .type = RPKI_SERIAL_QUERY,
				      .session = 7,
				      .serial = 9},
			      reset = {.version = 1, .type = RPKI_RESET_QUERY},
			      error = {.version = 1,
				      .type = RPKI_ERROR_REPORT,
				      .error = RPKI_ERROR_DUPLICATE,
				      .text = "twice",
				      .text_len = 5};
	struct rpki_pdu p;

	cr_expect(eq(sz, rpki_pdu_put(out, sizeof out, &query, NULL, 0), 12));
	cr_expect(eq(int, rpki_pdu_get(out, 12, &p), 12));
	cr_expect(p.session == 7 && p.serial == 9 && p.version == 2);
	cr_expect(eq(sz, rpki_pdu_put(out, sizeof out, &reset, NULL, 0), 8));
	cr_expect(eq(sz, rpki_pdu_put(out, sizeof out, &error, fault, 8), 29));
	cr_expect(eq(int, rpki_pdu_get(out, 29, &p), 29));
	cr_expect(p.error == RPKI_ERROR_DUPLICATE && p.text_len == 5);
	for (size_t cap = 0; cap < 29; cap++)
		cr_expect(eq(sz, rpki_pdu_put(out, cap, &error, fault, 8), 0));
}

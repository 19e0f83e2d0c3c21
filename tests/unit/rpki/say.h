/* PDUs as a cache says them, put together by hand: what is tested does not write its own questions. */
#ifndef TESTS_UNIT_RPKI_SAY_H
#define TESTS_UNIT_RPKI_SAY_H

#include <stdint.h>
#include <string.h>

struct say { /* grows */
	uint8_t octets[4096];
	size_t len;
};

static inline void say_u32(struct say *s, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		s->octets[s->len++] = (uint8_t)(v >> (24 - 8 * i));
}

static inline void say_head(
	struct say *s, uint8_t version, uint8_t type, uint16_t session, uint32_t length)
{
	s->octets[s->len++] = version;
	s->octets[s->len++] = type;
	s->octets[s->len++] = (uint8_t)(session >> 8);
	s->octets[s->len++] = (uint8_t)session;
	say_u32(s, length);
}

static inline void say_notify(struct say *s, uint8_t version, uint16_t session, uint32_t serial)
{
	say_head(s, version, 0, session, 12);
	say_u32(s, serial);
}

static inline void say_response(struct say *s, uint8_t version, uint16_t session)
{
	say_head(s, version, 3, session, 8);
}

/* 10.0.x.0/24, longest 24 */
static inline void say_roa(struct say *s, uint8_t version, int announce, uint8_t x, uint32_t as)
{
	say_head(s, version, 4, 0, 20);
	say_u32(s, (uint32_t)(announce ? 1u << 24 : 0) | 24u << 16 | 24u << 8);
	say_u32(s, 0x0a000000u | (uint32_t)x << 8);
	say_u32(s, as);
}

/* 2001:db8:x::/48, longest 64 */
static inline void say_roa6(struct say *s, uint8_t version, int announce, uint16_t x, uint32_t as)
{
	say_head(s, version, 6, 0, 32);
	say_u32(s, (uint32_t)(announce ? 1u << 24 : 0) | 48u << 16 | 64u << 8);
	say_u32(s, 0x20010db8);
	say_u32(s, (uint32_t)x << 16);
	say_u32(s, 0);
	say_u32(s, 0);
	say_u32(s, as);
}

static inline void say_aspa(
	struct say *s, int announce, uint32_t customer, const uint32_t *providers, unsigned n)
{
	say_head(s, 2, 11, announce ? 0x100 : 0, 12 + 4 * n);
	say_u32(s, customer);
	for (unsigned i = 0; i < n; i++)
		say_u32(s, providers[i]);
}

static inline void say_end(struct say *s, uint8_t version, uint16_t session, uint32_t serial,
	uint32_t refresh, uint32_t retry, uint32_t expire)
{
	say_head(s, version, 7, session, version ? 24 : 12);
	say_u32(s, serial);
	if (!version)
		return;
	say_u32(s, refresh);
	say_u32(s, retry);
	say_u32(s, expire);
}

static inline void say_error(struct say *s, uint8_t version, uint16_t code, const char *text)
{
	say_head(s, version, 10, code, (uint32_t)(16 + strlen(text)));
	say_u32(s, 0);
	say_u32(s, (uint32_t)strlen(text));
	memcpy(s->octets + s->len, text, strlen(text));
	s->len += strlen(text);
}

#endif

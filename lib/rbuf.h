/*
 * Bounded big-endian read cursor.
 *
 * The first read past the end marks the cursor bad; from then on every read returns 0 (or NULL) and moves
 * nothing, so a decoder goes straight through and asks rbuf_ok() once at its end. Borrows the octets.
 */
#ifndef LIB_RBUF_H
#define LIB_RBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rbuf {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

static inline struct rbuf rbuf_of(const void *octets, size_t len)
{
	const uint8_t *p = octets;
	return (struct rbuf){.p = p, .end = p ? p + len : p};
}

static inline bool rbuf_ok(const struct rbuf *r)
{
	return !r->bad;
}

static inline size_t rbuf_left(const struct rbuf *r)
{
	return (size_t)(r->end - r->p);
}

/* Takes n octets and returns where they stand; NULL (and a bad cursor) if there are fewer. */
static inline const uint8_t *rbuf_get(struct rbuf *r, size_t n)
{
	if (r->bad || rbuf_left(r) < n) {
		r->bad = true;
		return NULL;
	}
	const uint8_t *at = r->p;
	r->p += n;
	return at;
}

static inline uint8_t rbuf_get_u8(struct rbuf *r)
{
	const uint8_t *p = rbuf_get(r, 1);
	return p ? p[0] : 0;
}

static inline uint16_t rbuf_get_u16(struct rbuf *r)
{
	const uint8_t *p = rbuf_get(r, 2);
	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t rbuf_get_u24(struct rbuf *r)
{
	const uint8_t *p = rbuf_get(r, 3);
	return p ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t rbuf_get_u32(struct rbuf *r)
{
	const uint8_t *p = rbuf_get(r, 4);
	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint64_t rbuf_get_u64(struct rbuf *r)
{
	uint64_t hi = rbuf_get_u32(r);
	return hi << 32 | rbuf_get_u32(r);
}

/* A cursor over the next n octets, which r skips. Bad, and empty, if there are fewer. */
static inline struct rbuf rbuf_sub(struct rbuf *r, size_t n)
{
	const uint8_t *p = rbuf_get(r, n);
	struct rbuf sub = rbuf_of(p, p ? n : 0);
	sub.bad = r->bad;
	return sub;
}

#endif

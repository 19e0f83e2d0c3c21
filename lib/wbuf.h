/*
 * Bounded big-endian write cursor over memory that the caller owns.
 *
 * A write that does not fit marks the cursor bad and writes nothing; ask wbuf_ok() once at the end.
 */
#ifndef LIB_WBUF_H
#define LIB_WBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wbuf {
	uint8_t *base;
	size_t len; /* octets written */
	size_t cap;
	bool bad;
};

static inline struct wbuf wbuf_of(void *octets, size_t cap)
{
	return (struct wbuf){.base = octets, .cap = cap};
}

static inline bool wbuf_ok(const struct wbuf *w)
{
	return !w->bad;
}

static inline size_t wbuf_left(const struct wbuf *w)
{
	return w->cap - w->len;
}

/* Makes room for n octets and returns where they go; NULL (and a bad cursor) if they do not fit. */
static inline uint8_t *wbuf_take(struct wbuf *w, size_t n)
{
	if (w->bad || wbuf_left(w) < n) {
		w->bad = true;
		return NULL;
	}
	uint8_t *at = w->base + w->len;
	w->len += n;
	return at;
}

static inline void wbuf_put(struct wbuf *w, const void *octets, size_t n)
{
	uint8_t *p = wbuf_take(w, n);
	if (p && n)
		memcpy(p, octets, n);
}

static inline void wbuf_put_u8(struct wbuf *w, uint8_t v)
{
	uint8_t *p = wbuf_take(w, 1);
	if (p)
		p[0] = v;
}

static inline void wbuf_put_u16(struct wbuf *w, uint16_t v)
{
	uint8_t *p = wbuf_take(w, 2);
	if (p) {
		p[0] = (uint8_t)(v >> 8);
		p[1] = (uint8_t)v;
	}
}

static inline void wbuf_put_u24(struct wbuf *w, uint32_t v)
{
	wbuf_put_u8(w, (uint8_t)(v >> 16));
	wbuf_put_u16(w, (uint16_t)v);
}

static inline void wbuf_put_u32(struct wbuf *w, uint32_t v)
{
	wbuf_put_u16(w, (uint16_t)(v >> 16));
	wbuf_put_u16(w, (uint16_t)v);
}

static inline void wbuf_put_u64(struct wbuf *w, uint64_t v)
{
	wbuf_put_u32(w, (uint32_t)(v >> 32));
	wbuf_put_u32(w, (uint32_t)v);
}

/* Leaves two octets for a length and returns their offset; wbuf_fill_u16 writes how much followed. */
static inline size_t wbuf_mark_u16(struct wbuf *w)
{
	size_t at = w->len;
	wbuf_put_u16(w, 0);
	return at;
}

static inline void wbuf_fill_u16(struct wbuf *w, size_t at)
{
	size_t n = w->len - at - 2;
	if (w->bad || n > 0xffff) {
		w->bad = true;
		return;
	}
	w->base[at] = (uint8_t)(n >> 8);
	w->base[at + 1] = (uint8_t)n;
}

static inline size_t wbuf_mark_u8(struct wbuf *w)
{
	size_t at = w->len;
	wbuf_put_u8(w, 0);
	return at;
}

static inline void wbuf_fill_u8(struct wbuf *w, size_t at)
{
	size_t n = w->len - at - 1;
	if (w->bad || n > 0xff) {
		w->bad = true;
		return;
	}
	w->base[at] = (uint8_t)n;
}

#endif

#include "bgpd/wire/as4.h"

#include <string.h>

#define SEG_HEAD 2
#define SEG_MAX	 255

static bool seg_is_confed(uint8_t type)
{
	return type == WIRE_AS_CONFED_SEQUENCE || type == WIRE_AS_CONFED_SET;
}

static bool as_is_zero(const uint8_t *p, unsigned width)
{
	return width == 2 ? (p[0] | p[1]) == 0 : (p[0] | p[1] | p[2] | p[3]) == 0;
}

const char *wire_aspath_check(struct wire_span path, unsigned width, bool confed_ok)
{
	const uint8_t *p = path.p;
	size_t left = path.len;

	while (left > 0) {
		if (left < SEG_HEAD)
			return "AS_PATH has an octet left over";
		if (p[0] < WIRE_AS_SET || p[0] > WIRE_AS_CONFED_SET)
			return "AS_PATH has a segment of unknown type";
		if (!confed_ok && seg_is_confed(p[0]))
			return "AS_PATH has a confederation segment (RFC 5065 5)";
		if (p[1] == 0)
			return "AS_PATH has an empty segment";
		size_t len = SEG_HEAD + (size_t)p[1] * width;
		if (len > left)
			return "AS_PATH has a segment that overruns it";
		for (size_t i = SEG_HEAD; i < len; i += width)
			if (as_is_zero(p + i, width))
				return "AS_PATH contains AS 0 (RFC 7607 2)";
		p += len;
		left -= len;
	}
	return NULL;
}

/* AS numbers that a path counts, confederations left out (RFC 4271 9.1.2.2 a, RFC 5065 5.3). */
static unsigned path_length(struct wire_span path, unsigned width)
{
	unsigned n = 0;

	for (const uint8_t *s = path.p; s != wire_span_end(path); s += SEG_HEAD + width * s[1])
		n += s[0] == WIRE_AS_SEQUENCE ? s[1] : s[0] == WIRE_AS_SET ? 1 : 0;
	return n;
}

/* A path under construction, 4-octet; last is the offset of the newest segment. */
struct path_build {
	struct wbuf w;
	size_t last;
};

/* Adds n numbers of width octets; sequences that meet become one, so that merging twice changes nothing. */
static void build_add(
	struct path_build *b, uint8_t type, const uint8_t *as, unsigned n, unsigned width)
{
	struct wbuf *w = &b->w;
	uint8_t *head = w->base + b->last;

	if (w->len > 0 && type == WIRE_AS_SEQUENCE && head[0] == type && head[1] + n <= SEG_MAX) {
		head[1] = (uint8_t)(head[1] + n);
	} else {
		b->last = w->len;
		wbuf_put_u8(w, type);
		wbuf_put_u8(w, (uint8_t)n);
	}
	for (unsigned i = 0; i < n; i++, as += width) {
		if (width == 2)
			wbuf_put_u16(w, 0);
		wbuf_put(w, as, width);
	}
}

static void build_add_leading(struct path_build *b, struct wire_span path2, unsigned need)
{
	bool front = true;

	for (const uint8_t *s = path2.p; s != wire_span_end(path2); s += SEG_HEAD + 2 * s[1]) {
		unsigned n = s[1];

		if (seg_is_confed(s[0])) {
			if (front)
				build_add(b, s[0], s + SEG_HEAD, n, 2);
			continue;
		}
		front = false;
		if (need == 0)
			break;
		if (s[0] == WIRE_AS_SEQUENCE && n > need)
			n = need;
		build_add(b, s[0], s + SEG_HEAD, n, 2);
		need -= s[0] == WIRE_AS_SEQUENCE ? n : 1;
	}
}

bool wire_aspath_merge(struct wire_span path2, struct wire_span as4_path, struct arena *arena,
	struct wire_span *out)
{
	unsigned have = path_length(path2, 2), wide = path_length(as4_path, 4);
	size_t cap = 2 * (size_t)path2.len + as4_path.len;
	struct path_build b = {0};

	*out = (struct wire_span){0};
	if (cap == 0)
		return true;
	b.w = wbuf_of(arena_alloc(arena, cap), cap);
	if (!b.w.base)
		return false;
	if (wide == 0 || wide > have) {
		/* none, or one that cannot belong to this path: RFC 6793 4.2.3 ignores it */
		for (const uint8_t *s = path2.p; s != wire_span_end(path2);
			s += SEG_HEAD + 2 * s[1])
			build_add(&b, s[0], s + SEG_HEAD, s[1], 2);
	} else {
		build_add_leading(&b, path2, have - wide);
		for (const uint8_t *s = as4_path.p; s != wire_span_end(as4_path);
			s += SEG_HEAD + 4 * s[1])
			if (!seg_is_confed(s[0]))
				build_add(&b, s[0], s + SEG_HEAD, s[1], 4);
	}
	if (!wbuf_ok(&b.w) || b.w.len > UINT16_MAX)
		return false;
	*out = (struct wire_span){.p = b.w.base, .len = (uint16_t)b.w.len};
	return true;
}

void wire_aspath_put_narrow(struct wbuf *w, struct wire_span path)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s)) {
		wbuf_put(w, s.as - SEG_HEAD, SEG_HEAD);
		for (unsigned i = 0; i < s.n; i++) {
			uint32_t as = wire_segment_as(&s, i);

			wbuf_put_u16(w, as > UINT16_MAX ? WIRE_AS_TRANS : (uint16_t)as);
		}
	}
}

void wire_aspath_put_as4(struct wbuf *w, struct wire_span path)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s))
		if (!seg_is_confed(s.type))
			wbuf_put(w, s.as - SEG_HEAD, SEG_HEAD + 4 * (size_t)s.n);
}

bool wire_aspath_is_wide(struct wire_span path)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s))
		for (unsigned i = 0; i < s.n; i++)
			if (wire_segment_as(&s, i) > UINT16_MAX)
				return true;
	return false;
}

#include "bgpd/wire/aspath.h"

#include <string.h>

#include "lib/text.h"

#define SEG_HEAD 2
#define SEG_MAX	 255

static uint32_t seg_as(const uint8_t *seg, unsigned i)
{
	const uint8_t *p = seg + SEG_HEAD + 4 * i;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static const uint8_t *seg_next(const uint8_t *seg)
{
	return seg + SEG_HEAD + 4 * seg[1];
}

unsigned wire_aspath_length(struct wire_span path)
{
	unsigned n = 0;

	for (const uint8_t *s = path.p; s != wire_span_end(path); s = seg_next(s))
		n += s[0] == WIRE_AS_SEQUENCE ? s[1] : s[0] == WIRE_AS_SET ? 1 : 0;
	return n;
}

uint32_t wire_aspath_first(struct wire_span path)
{
	if (path.len == 0 || path.p[0] != WIRE_AS_SEQUENCE)
		return 0;
	return seg_as(path.p, 0);
}

uint32_t wire_aspath_origin(struct wire_span path)
{
	const uint8_t *last = NULL;

	for (const uint8_t *s = path.p; s != wire_span_end(path); s = seg_next(s))
		last = s;
	return last && last[0] == WIRE_AS_SEQUENCE ? seg_as(last, last[1] - 1u) : 0;
}

bool wire_aspath_contains(struct wire_span path, uint32_t as)
{
	for (const uint8_t *s = path.p; s != wire_span_end(path); s = seg_next(s))
		for (unsigned i = 0; i < s[1]; i++)
			if (seg_as(s, i) == as)
				return true;
	return false;
}

unsigned wire_aspath_count(struct wire_span path, uint32_t as)
{
	unsigned n = 0;

	for (const uint8_t *s = path.p; s != wire_span_end(path); s = seg_next(s))
		for (unsigned i = 0; i < s[1]; i++)
			n += seg_as(s, i) == as;
	return n;
}

bool wire_aspath_has_set(struct wire_span path)
{
	for (const uint8_t *s = path.p; s != wire_span_end(path); s = seg_next(s))
		if (s[0] == WIRE_AS_SET || s[0] == WIRE_AS_CONFED_SET)
			return true;
	return false;
}

static uint8_t *seg_put(uint8_t *p, uint32_t as, unsigned n)
{
	for (unsigned i = 0; i < n; i++, p += 4) {
		p[0] = (uint8_t)(as >> 24);
		p[1] = (uint8_t)(as >> 16);
		p[2] = (uint8_t)(as >> 8);
		p[3] = (uint8_t)as;
	}
	return p;
}

struct wire_span wire_aspath_replace(
	struct wire_span path, uint32_t from, uint32_t to, struct arena *arena)
{
	uint8_t *out;

	if (!wire_aspath_contains(path, from))
		return path;
	out = arena_copy(arena, path.p, path.len);
	if (!out)
		return (struct wire_span){0};
	path.p = out;
	for (uint8_t *s = out; s != out + path.len; s += SEG_HEAD + 4 * s[1])
		for (unsigned i = 0; i < s[1]; i++)
			if (seg_as(s, i) == from)
				seg_put(s + SEG_HEAD + 4 * i, to, 1);
	return path;
}

/*
 * RFC 4271 5.1.2 a: into the leading sequence, or a new one if the path begins otherwise or the segment would
 * pass 255 (the overflow then stands in front as a segment of its own).
 */
struct wire_span wire_aspath_prepend(
	struct wire_span path, uint32_t as, unsigned n, struct arena *arena)
{
	const struct wire_span none = {0};
	bool seq = path.len > 0 && path.p[0] == WIRE_AS_SEQUENCE;
	unsigned room = seq ? SEG_MAX - path.p[1] : 0;
	unsigned join = n < room ? n : room;
	unsigned rest = n - join;
	size_t len = path.len + 4 * (size_t)n + SEG_HEAD * (((size_t)rest + SEG_MAX - 1) / SEG_MAX);
	uint8_t *out = len > UINT16_MAX ? NULL : arena_alloc(arena, len);

	if (!out)
		return none;
	uint8_t *p = out;
	while (rest > 0) {
		unsigned k = rest % SEG_MAX ? rest % SEG_MAX : SEG_MAX;
		*p++ = WIRE_AS_SEQUENCE;
		*p++ = (uint8_t)k;
		p = seg_put(p, as, k);
		rest -= k;
	}
	const uint8_t *from = path.p;
	if (join > 0) {
		*p++ = WIRE_AS_SEQUENCE;
		*p++ = (uint8_t)(path.p[1] + join);
		p = seg_put(p, as, join);
		from += SEG_HEAD;
	}
	if (from != wire_span_end(path))
		memcpy(p, from, (size_t)(wire_span_end(path) - from));
	return (struct wire_span){.p = out, .len = (uint16_t)len};
}

char *wire_aspath_print(struct wire_span path, char *out, size_t cap)
{
	static const char *const fence[][2] = {[WIRE_AS_SET] = {"{", "}"},
		[WIRE_AS_SEQUENCE] = {"", ""},
		[WIRE_AS_CONFED_SEQUENCE] = {"(", ")"},
		[WIRE_AS_CONFED_SET] = {"[", "]"}};
	struct text t = text_of(out, cap);

	for (const uint8_t *s = path.p; s != wire_span_end(path) && !t.full; s = seg_next(s)) {
		text_add(&t, "%s%s", s == path.p ? "" : " ", fence[s[0]][0]);
		for (unsigned i = 0; i < s[1] && !t.full; i++)
			text_add(&t, "%s%u", i ? " " : "", seg_as(s, i));
		text_add(&t, "%s", fence[s[0]][1]);
	}
	if (t.full && cap >= 4)
		memcpy(out + cap - 4, "...", 4);
	return out;
}

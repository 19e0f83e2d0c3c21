#include "bgpd/wire/aspath.h"

#include <string.h>

#include "lib/text.h"

#define SEG_HEAD 2
#define SEG_MAX	 255

unsigned wire_aspath_length(struct wire_span path)
{
	struct wire_segment s;
	unsigned n = 0;

	while (wire_segment_next(&path, &s))
		n += s.type == WIRE_AS_SEQUENCE ? s.n : s.type == WIRE_AS_SET ? 1 : 0;
	return n;
}

uint32_t wire_aspath_first(struct wire_span path)
{
	struct wire_segment s;

	return wire_segment_next(&path, &s) && s.type == WIRE_AS_SEQUENCE ? wire_segment_as(&s, 0)
									  : 0;
}

uint32_t wire_aspath_origin(struct wire_span path)
{
	struct wire_segment s = {0};

	while (wire_segment_next(&path, &s))
		continue;
	return s.type == WIRE_AS_SEQUENCE ? wire_segment_as(&s, s.n - 1u) : 0;
}

bool wire_aspath_contains(struct wire_span path, uint32_t as)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s))
		for (unsigned i = 0; i < s.n; i++)
			if (wire_segment_as(&s, i) == as)
				return true;
	return false;
}

unsigned wire_aspath_count(struct wire_span path, uint32_t as)
{
	struct wire_segment s;
	unsigned n = 0;

	while (wire_segment_next(&path, &s))
		for (unsigned i = 0; i < s.n; i++)
			n += wire_segment_as(&s, i) == as;
	return n;
}

bool wire_aspath_has_set(struct wire_span path)
{
	struct wire_segment s;

	while (wire_segment_next(&path, &s))
		if (s.type == WIRE_AS_SET || s.type == WIRE_AS_CONFED_SET)
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
	struct wire_segment s;
	uint8_t *out;

	if (!wire_aspath_contains(path, from))
		return path;
	out = arena_copy(arena, path.p, path.len);
	if (!out)
		return (struct wire_span){0};
	path.p = out;
	for (struct wire_span rest = path; wire_segment_next(&rest, &s);)
		for (unsigned i = 0; i < s.n; i++)
			if (wire_segment_as(&s, i) == from)
				seg_put(out + (s.as - out) + 4 * (size_t)i, to, 1);
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
	struct wire_segment s;

	for (struct wire_span rest = path; !t.full && wire_segment_next(&rest, &s);) {
		text_add(&t, "%s%s", s.as == path.p + SEG_HEAD ? "" : " ", fence[s.type][0]);
		for (unsigned i = 0; i < s.n && !t.full; i++)
			text_add(&t, "%s%u", i ? " " : "", wire_segment_as(&s, i));
		text_add(&t, "%s", fence[s.type][1]);
	}
	if (t.full && cap >= 4)
		memcpy(out + cap - 4, "...", 4);
	return out;
}

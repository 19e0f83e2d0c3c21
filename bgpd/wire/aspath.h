/* AS_PATH (RFC 4271 5.1.2) in the 4-octet form of struct wire_attrs: type(1) count(1) count x AS(4). */
#ifndef BGPD_WIRE_ASPATH_H
#define BGPD_WIRE_ASPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "lib/arena.h"

#define WIRE_AS_TRANS 23456u /* RFC 6793 9 */

enum wire_seg {
	WIRE_AS_SET = 1,
	WIRE_AS_SEQUENCE = 2,
	WIRE_AS_CONFED_SEQUENCE = 3,
	WIRE_AS_CONFED_SET = 4
};

struct wire_segment {
	uint8_t type;	   /* enum wire_seg */
	uint8_t n;	   /* AS numbers */
	const uint8_t *as; /* on the wire: wire_segment_as() */
};

/*
 * A path's segments in order: takes the next one off *rest; false when there is none left. The path is one that wire_aspath_check() (or our own
 * making) has found whole.
 *
 *   struct wire_span rest = path;
 *   while (wire_segment_next(&rest, &s)) ...
 */
static inline bool wire_segment_next(struct wire_span *rest, struct wire_segment *s)
{
	uint16_t len;

	if (rest->len == 0)
		return false;
	*s = (struct wire_segment){.type = rest->p[0], .n = rest->p[1], .as = rest->p + 2};
	len = (uint16_t)(2 + 4 * s->n);
	rest->p += len;
	rest->len = (uint16_t)(rest->len - len);
	return true;
}

/* Number i of a segment, i < n. */
static inline uint32_t wire_segment_as(const struct wire_segment *s, unsigned i)
{
	const uint8_t *p = s->as + 4 * (size_t)i;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Length for the decision process: a set counts 1, confederation segments 0 (RFC 4271 9.1.2.2 a, RFC 5065 5.3). */
unsigned wire_aspath_length(struct wire_span path);

/* The neighbouring AS: first of the leading sequence, 0 if the path is empty or begins with a set. */
uint32_t wire_aspath_first(struct wire_span path);
uint32_t wire_aspath_origin(struct wire_span path); /* last AS; 0 if empty or a set */
bool wire_aspath_contains(struct wire_span path, uint32_t as);

unsigned wire_aspath_count(struct wire_span path, uint32_t as); /* how often it stands there */
bool wire_aspath_has_set(struct wire_span path); /* AS_SET or AS_CONFED_SET (RFC 9774 3) */

/* The path with every `from` made `to`: itself if there is none, else in the arena (len 0, p NULL if that is full). */
struct wire_span wire_aspath_replace(
	struct wire_span path, uint32_t from, uint32_t to, struct arena *arena);

/* A new path with as in front n times, in the arena; len 0 and p NULL if the arena is full. */
struct wire_span wire_aspath_prepend(
	struct wire_span path, uint32_t as, unsigned n, struct arena *arena);

/* "65000 65001 {1 2}"; cut with "..." if cap is too small. Returns out. */
char *wire_aspath_print(struct wire_span path, char *out, size_t cap);

#endif

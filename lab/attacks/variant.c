#include "lab/attacks/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define ATTRS_MAX     256
#define FLAG_EXTENDED 0x10

struct variant_attr {
	const uint8_t *p; /* its header */
	size_t len;	  /* with it */
};

struct variant_update {
	const struct vector *v;
	size_t begin, end; /* of the attributes; their length stands before */
	struct variant_attr attr[ATTRS_MAX];
	unsigned n, fault; /* fault: index of the one that is at fault */
};

static size_t attr_head(const uint8_t *p)
{
	return *p & FLAG_EXTENDED ? 4 : 3;
}

static size_t attr_len(const uint8_t *p)
{
	return *p & FLAG_EXTENDED ? (size_t)p[2] << 8 | p[3] : p[2];
}

/* Octets of the attribute here, header included; 0: it is not whole. */
static size_t attr_whole(const uint8_t *p, size_t left)
{
	size_t len = left >= 3 && left >= attr_head(p) ? attr_head(p) + attr_len(p) : 0;

	return len <= left ? len : 0;
}

/* The attributes one by one; false if they are not whole. */
static bool update_walk(struct variant_update *u)
{
	u->n = 0;
	for (size_t at = u->begin; at < u->end; at += u->attr[u->n++].len) {
		const uint8_t *p = u->v->octets + at;

		if (u->n == ATTRS_MAX || !attr_whole(p, u->end - at))
			return false;
		u->attr[u->n] = (struct variant_attr){p, attr_whole(p, u->end - at)};
	}
	return true;
}

static bool update_read(struct variant_update *u, const struct vector *v)
{
	const char *attr = strstr(v->expect, " attr ");
	unsigned type = attr ? (unsigned)atoi(attr + 6) : 0, found = 0;
	size_t withdrawn;

	u->v = v;
	if (!attr || strcmp(v->type, "update") != 0 || v->len < 4)
		return false;
	withdrawn = (size_t)v->octets[0] << 8 | v->octets[1];
	if (withdrawn + 4 > v->len)
		return false;
	u->begin = withdrawn + 4;
	u->end = u->begin + ((size_t)v->octets[u->begin - 2] << 8 | v->octets[u->begin - 1]);
	if (u->end > v->len || !update_walk(u))
		return false;
	for (unsigned i = 0; i < u->n; i++) {
		if (u->attr[i].p[1] != type)
			continue;
		u->fault = i;
		found++;
	}
	return found == 1;
}

static void put(struct vector *out, const uint8_t *p, size_t n)
{
	CHECK(out->len + n <= sizeof out->octets);
	memcpy(out->octets + out->len, p, n);
	out->len += n;
}

/* The other form of its length. */
static void put_other_length(struct vector *out, const struct variant_attr *a)
{
	size_t n = attr_len(a->p), head = attr_head(a->p);
	const uint8_t longer[] = {a->p[0] | FLAG_EXTENDED, a->p[1], (uint8_t)(n >> 8), (uint8_t)n},
		      shorter[] = {a->p[0] & ~FLAG_EXTENDED, a->p[1], (uint8_t)n};

	if (head == 3)
		put(out, longer, sizeof longer);
	else
		put(out, shorter, sizeof shorter);
	put(out, a->p + head, n);
}

/* v with its faulty attribute at this place among the others. */
static void update_write(
	const struct variant_update *u, struct vector *out, unsigned place, bool other_length)
{
	const struct variant_attr *fault = &u->attr[u->fault];
	size_t attrs;

	out->len = 0;
	put(out, u->v->octets, u->begin);
	for (unsigned i = 0, next = 0; i < u->n; i++) {
		if (i == place && other_length) {
			put_other_length(out, fault);
		} else if (i == place) {
			put(out, fault->p, fault->len);
		} else {
			next += next == u->fault;
			put(out, u->attr[next].p, u->attr[next].len);
			next++;
		}
	}
	attrs = out->len - u->begin;
	out->octets[u->begin - 2] = (uint8_t)(attrs >> 8);
	out->octets[u->begin - 1] = (uint8_t)attrs;
	put(out, u->v->octets + u->end, u->v->len - u->end);
}

static unsigned variant_place(
	const struct variant_update *u, const char *name, unsigned place, vector_fn *fn, void *arg)
{
	bool other_length = !strcmp(name, "length");
	struct vector *out;

	if ((place == u->fault) != other_length)
		return 0;
	out = malloc(sizeof *out);
	CHECK(out);
	*out = *u->v;
	snprintf(out->name, sizeof out->name, "%.380s@%s", u->v->name, name);
	update_write(u, out, place, other_length);
	fn(out, arg);
	free(out);
	return 1;
}

unsigned vector_variants(const struct vector *v, vector_fn *fn, void *arg)
{
	struct variant_update u;
	unsigned n;

	if (!update_read(&u, v))
		return 0;
	n = variant_place(&u, "first", 0, fn, arg);
	if (u.n > 2)
		n += variant_place(&u, "middle", u.n / 2, fn, arg);
	if (u.n > 1)
		n += variant_place(&u, "last", u.n - 1, fn, arg);
	if (attr_len(u.attr[u.fault].p) <= UINT8_MAX)
		n += variant_place(&u, "length", u.fault, fn, arg);
	return n;
}

/* A bit for each destination number of a table; what is past the end is clear. All zero is an empty one. */
#ifndef BGPD_OUT_BITS_H
#define BGPD_OUT_BITS_H

#include <stdbool.h>
#include <stdint.h>

struct out_bits {
	uint64_t *words;
	uint32_t n; /* bits, a multiple of 64 */
};

static inline bool out_bits_get(const struct out_bits *b, uint32_t i)
{
	return i < b->n && b->words[i / 64] >> (i % 64) & 1;
}

/* i: not past the end. */
static inline void out_bits_clear(struct out_bits *b, uint32_t i)
{
	if (i < b->n)
		b->words[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

/* So that bit i is not past the end. */
void out_bits_hold(struct out_bits *b, uint32_t i);

static inline void out_bits_set(struct out_bits *b, uint32_t i)
{
	if (i >= b->n)
		out_bits_hold(b, i);
	b->words[i / 64] |= UINT64_C(1) << (i % 64);
}

void out_bits_set_range(struct out_bits *b, uint32_t from, uint32_t to); /* to is not in it */
void out_bits_add(struct out_bits *b, const struct out_bits *from);	 /* union */
void out_bits_fini(struct out_bits *b);

/* The first set bit after i; 0 if there is none. */
uint32_t out_bits_next(const struct out_bits *b, uint32_t i);

#endif
